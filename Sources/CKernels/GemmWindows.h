// Products with the windows of a convolution, which are read where they lie: no matrix of them is made. Part of Gemm.h.

// Elements that follow one another in what is read: where they begin, beside the tile's own place, their rows of the panel and
// how many there are.
typedef struct {
  ptrdiff_t offset;
  size_t panel_row, length;
  size_t row_tap, column_tap;  // which of the window's taps they are under
} NAME(run);

// One step of a tile: sum[i] += a's element i · a row of the panel. `a` and its multiples of the step are kept as five
// addresses, each with what one and two steps further is: more than that has no registers.
#define STEP(i) (*(const TYPE *)(base[(i) / 3] + (i) % 3 * step))

// A tile of the result, of `rows` × `vectors` accumulators. Row i reads what is `step` bytes after row i − 1.
INLINE void NAME(multiply_runs)(size_t rows, size_t vectors, const NAME(run) *runs, size_t run_count, const TYPE *a,
                                size_t step, size_t depth_step, const TYPE *panel, bool adds, const TYPE *bias,
                                TYPE *target, size_t target_step, size_t columns) {
  NAME(vector) sum[ROWS][VECTORS];
  UNROLL for (size_t i = 0; i < rows; i++)
    UNROLL for (size_t j = 0; j < vectors; j++) {
      __builtin_prefetch(target + i * target_step + j * LANES, 1);
      sum[i][j] = (NAME(vector)){0};
    }
  for (size_t r = 0; r < run_count; r++) {
    const char *base[(ROWS + 2) / 3];
    base[0] = (const char *)(a + runs[r].offset);
    UNROLL for (size_t i = 1; i < (rows + 2) / 3; i++) {
      base[i] = base[i - 1] + 3 * step;
      // The compiler would make one address for each row of it, which do not fit into the registers.
      __asm__("" : "+r"(base[i]));
    }
    const TYPE *row = panel + runs[r].panel_row * WIDTH;
    for (size_t k = runs[r].length; k > 0; k--, row += WIDTH) {
      NAME(vector) b[VECTORS];
      UNROLL for (size_t j = 0; j < vectors; j++) b[j] = NAME(load)(row + j * LANES);
      // Where rows are neighbours, the next tile reads what lies beside this one.
      if (step == sizeof(TYPE)) __builtin_prefetch(base[0] + 64, 0, 3);
      UNROLL for (size_t i = 0; i < rows; i++)
        UNROLL for (size_t j = 0; j < vectors; j++) sum[i][j] += STEP(i) * b[j];
      UNROLL for (size_t i = 0; i < (rows + 2) / 3; i++) base[i] += depth_step;
    }
  }
  const size_t last = columns - (vectors - 1) * LANES;
  UNROLL for (size_t j = 0; j < vectors; j++) {
    const bool is_whole = j + 1 < vectors || last == LANES;
    const NAME(vector) shift =
        !bias ? (NAME(vector)){0} : is_whole ? NAME(load)(bias + j * LANES) : LOAD_FIRST(bias + j * LANES, last);
    UNROLL for (size_t i = 0; i < rows; i++) {
      TYPE *place = target + i * target_step + j * LANES;
      if (bias) sum[i][j] += shift;
      if (is_whole)
        NAME(store)(place, adds ? NAME(load)(place) + sum[i][j] : sum[i][j]);
      else
        STORE_FIRST(place, adds ? LOAD_FIRST(place, last) + sum[i][j] : sum[i][j], last);
    }
  }
}

#undef STEP

#define EACH_HEIGHT(height, tile)                                                                            \
  switch (height) {                                                                                          \
    tile(1) tile(2) tile(3) tile(4) tile(5) tile(6) tile(7)                                                  \
    tile(8) tile(9) tile(10) tile(11) tile(12) tile(13) tile(14)                                             \
  }
// A tile of `height` rows and `some` columns, by what TILE_OF is where it stands.
#define WIDE_TILE(height) case height: TILE_OF(2, height); break;
#define NARROW_TILE(height) case height: TILE_OF(1, height); break;
#define MULTIPLY(height, some)                                                                               \
  if (some > LANES) {                                                                                        \
    EACH_HEIGHT(height, WIDE_TILE)                                                                           \
  } else {                                                                                                   \
    EACH_HEIGHT(height, NARROW_TILE)                                                                         \
  }

// How a patch's windows are read: at `origin` those of its first pixel, with the steps from pixel to pixel. A row of taps is
// row_unit further for each row of the source below the first, where all of these are there (is_dense), or for each row of
// taps; a column of taps tap_column_step for each column of the source. All in elements.
typedef struct {
  const TYPE *origin;
  size_t picture_step, row_step, column_step;
  size_t row_unit, tap_column_step;
  bool is_dense;
} NAME(view);

// The rows and columns of the source that a patch's windows reach over.
INLINE size_t NAME(reach)(size_t count, size_t scale, const ptrdiff_t *offsets, size_t taps) {
  return (count - 1) * scale + (size_t)(offsets[taps - 1] - offsets[0]) + 1;
}

// Pixels a power of two apart would push each other out of the first-level cache.
INLINE size_t NAME(padded_pixel)(const ckernels_windows *w, size_t channels) {
  const size_t step = (channels + LANES - 1) / LANES * LANES;
  return step * sizeof(TYPE) * w->column_scale % 1024 == 0 ? step + LANES : step;
}

static bool NAME(needs_copy)(const ckernels_windows *w, const ckernels_patch *p) {
  if (w->column_scale * w->column_step * sizeof(TYPE) % 2048 == 0 && p->columns > 1) return true;
  const ptrdiff_t top = (ptrdiff_t)(p->row * w->row_scale) + w->row_offsets[0];
  const ptrdiff_t left = (ptrdiff_t)(p->column * w->column_scale) + w->column_offsets[0];
  const size_t height = NAME(reach)(p->rows, w->row_scale, w->row_offsets, w->row_taps);
  const size_t width = NAME(reach)(p->columns, w->column_scale, w->column_offsets, w->column_taps);
  return top < 0 || left < 0 || (size_t)top + height > w->height || (size_t)left + width > w->width;
}

INLINE bool NAME(is_dense)(const ckernels_windows *w, const ckernels_patch *p) {
  return NAME(reach)(p->rows, w->row_scale, w->row_offsets, w->row_taps) <= p->rows * w->row_taps;
}

static size_t NAME(patch_elements)(const ckernels_windows *w, const ckernels_patch *p, size_t channels) {
  if (!NAME(needs_copy)(w, p)) return 0;
  const size_t height = NAME(is_dense)(w, p) ? NAME(reach)(p->rows, w->row_scale, w->row_offsets, w->row_taps)
                                             : p->rows * w->row_taps;
  const size_t width = NAME(reach)(p->columns, w->column_scale, w->column_offsets, w->column_taps);
  return p->pictures * height * width * NAME(padded_pixel)(w, channels);
}

// Copies a row of the source's pixels, with zeros beside it, or zeros alone.
static void NAME(copy_pixels)(const ckernels_windows *w, const TYPE *picture, ptrdiff_t y, ptrdiff_t left, size_t width,
                              size_t channels, size_t pixel, TYPE *target) {
  const bool is_inside = y >= 0 && (size_t)y < w->height;
  for (size_t x = 0; x < width; x++, target += pixel) {
    const size_t column = (size_t)(left + (ptrdiff_t)x);
    if (is_inside && column < w->width) {
      const TYPE *source = picture + (size_t)y * w->row_step + column * w->column_step;
      size_t c = 0;
      for (; c + LANES <= channels; c += LANES) NAME(store)(target + c, NAME(load)(source + c));
      if (c < channels) NAME(store)(target + c, LOAD_FIRST(source + c, channels - c));
    } else {
      for (size_t c = 0; c < channels; c += LANES) NAME(store)(target + c, (NAME(vector)){0});
    }
  }
}

// What a patch's windows see, in `scratch` where it cannot be read as it lies.
static NAME(view) NAME(look)(const ckernels_windows *w, const ckernels_patch *p, size_t channels, TYPE *scratch) {
  const TYPE *picture = (const TYPE *)w->source + p->picture * w->picture_step;
  const ptrdiff_t top = (ptrdiff_t)(p->row * w->row_scale), left = (ptrdiff_t)(p->column * w->column_scale);
  if (!NAME(needs_copy)(w, p)) {
    return (NAME(view)){
        .origin = picture + (top + w->row_offsets[0]) * (ptrdiff_t)w->row_step +
                  (left + w->column_offsets[0]) * (ptrdiff_t)w->column_step,
        .picture_step = w->picture_step, .row_step = w->row_scale * w->row_step, .column_step = w->column_scale * w->column_step,
        .row_unit = w->row_step, .tap_column_step = w->column_step, .is_dense = true,
    };
  }
  const size_t pixel = NAME(padded_pixel)(w, channels);
  const size_t width = NAME(reach)(p->columns, w->column_scale, w->column_offsets, w->column_taps);
  const ptrdiff_t first = left + w->column_offsets[0];
  NAME(view) view = {
      .origin = scratch, .column_step = w->column_scale * pixel, .tap_column_step = pixel,
      .is_dense = NAME(is_dense)(w, p),
  };
  const size_t height = view.is_dense ? NAME(reach)(p->rows, w->row_scale, w->row_offsets, w->row_taps) : 0;
  view.row_step = (view.is_dense ? w->row_scale : 1) * width * pixel;
  view.row_unit = (view.is_dense ? 1 : p->rows) * width * pixel;
  TYPE *target = scratch;
  for (size_t i = 0; i < p->pictures; i++, picture += w->picture_step) {
    for (size_t y = 0; y < height; y++, target += width * pixel)
      NAME(copy_pixels)(w, picture, top + w->row_offsets[0] + (ptrdiff_t)y, first, width, channels, pixel, target);
    for (size_t tap = 0; tap < w->row_taps && !view.is_dense; tap++) {
      for (size_t row = 0; row < p->rows; row++, target += width * pixel) {
        const ptrdiff_t y = top + (ptrdiff_t)(row * w->row_scale) + w->row_offsets[tap];
        NAME(copy_pixels)(w, picture, y, first, width, channels, pixel, target);
      }
    }
    if (i == 0) view.picture_step = (size_t)(target - scratch);
  }
  return view;
}

// The rows of a patch's matrix from `start` to before `stop`, as runs. A run is of one tap.
INLINE size_t NAME(cut)(const ckernels_windows *w, const NAME(view) *view, size_t channels, size_t start, size_t stop,
                        NAME(run) *runs) {
  size_t count = 0;
  for (size_t k = start; k < stop; count++) {
    const size_t tap = k / channels, channel = k % channels;
    const size_t length = NAME(smaller)(channels - channel, stop - k);
    const size_t v = tap / w->column_taps, u = tap % w->column_taps;
    const size_t row = view->is_dense ? (size_t)(w->row_offsets[v] - w->row_offsets[0]) : v;
    const size_t column = (size_t)(w->column_offsets[u] - w->column_offsets[0]);
    runs[count] = (NAME(run)){
        .offset = (ptrdiff_t)(row * view->row_unit + column * view->tap_column_step + channel),
        .panel_row = k - start, .length = length, .row_tap = v, .column_tap = u};
    k += length;
  }
  return count;
}

// The windows, from the first to before the last, in which a tap is on the source.
typedef struct {
  ptrdiff_t from, to;
} NAME(range);

INLINE NAME(range) NAME(on_source)(size_t size, size_t scale, ptrdiff_t offset) {
  const ptrdiff_t length = (ptrdiff_t)size, step = (ptrdiff_t)scale;
  return (NAME(range)){offset < 0 ? (step - 1 - offset) / step : 0, offset < length ? (length - 1 - offset) / step + 1 : 0};
}

// The columns of a patch that some of the runs see something in; the others see zeros beside the source alone.
static NAME(range) NAME(seen_columns)(const ckernels_windows *w, const ckernels_patch *p, const NAME(run) *runs,
                                      size_t run_count) {
  const ptrdiff_t first = (ptrdiff_t)p->column, count = (ptrdiff_t)p->columns;
  NAME(range) seen = {count, 0};
  for (size_t r = 0; r < run_count; r++) {
    const NAME(range) on = NAME(on_source)(w->width, w->column_scale, w->column_offsets[runs[r].column_tap]);
    if (on.from - first < seen.from) seen.from = on.from - first;
    if (on.to - first > seen.to) seen.to = on.to - first;
  }
  return (NAME(range)){seen.from > 0 ? seen.from : 0, seen.to < count ? seen.to : count};
}

// The runs, from the first to before the last, that see something in a row of windows: taps come from the top.
INLINE NAME(range) NAME(seeing_runs)(const ckernels_windows *w, size_t row, const NAME(run) *runs, size_t run_count) {
  const ptrdiff_t y = (ptrdiff_t)(row * w->row_scale), height = (ptrdiff_t)w->height;
  ptrdiff_t from = 0, to = (ptrdiff_t)run_count;
  while (from < to && y + w->row_offsets[runs[from].row_tap] < 0) from++;
  while (to > from && y + w->row_offsets[runs[to - 1].row_tap] >= height) to--;
  return (NAME(range)){from, to};
}

static void NAME(multiply_windows)(const ckernels_windows *w, const ckernels_patch *p, size_t channels, size_t columns,
                                   const void *packed, size_t panel_step, const void *bias, void *result,
                                   size_t picture_step, size_t row_step, size_t column_step, void *scratch) {
  NAME(run) runs[PIECE];
  const size_t depth = w->row_taps * w->column_taps * channels;
  const NAME(view) view = NAME(look)(w, p, channels, scratch);
  const TYPE *panels = packed;
  // What is not copied is read here for the first time, from as many pixels as a tile has at once, which the processor does not
  // foresee unless they overlap.
  const bool fetches = !scratch && w->column_step >= channels;
  for (size_t column = 0; column < columns; column += WIDTH, panels += panel_step) {
    const size_t some = NAME(smaller)(columns - column, WIDTH);
    size_t start = 0;
    // What is read of the panel at once serves all of the patch.
    for (size_t pieces = NAME(share)(depth, PIECE); pieces > 0; pieces--) {
      const size_t stop = start + NAME(share)(depth - start, pieces);
      const size_t run_count = NAME(cut)(w, &view, channels, start, stop, runs);
      const TYPE *next = panels + stop * WIDTH;
      const size_t fetch = NAME(share)(PIECE * WIDTH * sizeof(TYPE), p->pictures * p->rows * NAME(share)(p->columns, ROWS));
      const TYPE *shift = bias && start == 0 ? (const TYPE *)bias + column : NULL;
      // Zeros beside the source are three in ten of what windows on a picture of four pixels a side see. They add nothing, but
      // the first piece puts something everywhere.
      const NAME(range) whole = {0, (ptrdiff_t)p->columns};
      const NAME(range) seen = start > 0 ? NAME(seen_columns)(w, p, runs, run_count) : whole;
      for (size_t line = 0; line < p->pictures * p->rows && seen.from < seen.to; line++) {
        const size_t picture = line / p->rows, y = line % p->rows;
        const NAME(range) seeing = NAME(seeing_runs)(w, p->row + y, runs, run_count);
        if (start > 0 && seeing.from == seeing.to) continue;
        const NAME(run) *seeing_runs = runs + seeing.from;
        const size_t seeing_count = (size_t)(seeing.to - seeing.from), end = (size_t)seen.to;
        size_t x = (size_t)seen.from;
        for (size_t tiles = NAME(share)(end - x, ROWS); tiles > 0; tiles--) {
          const size_t height = NAME(share)(end - x, tiles);
          const TYPE *a =
              view.origin + picture * view.picture_step + y * view.row_step + x * view.column_step;
          TYPE *target =
              (TYPE *)result + picture * picture_step + y * row_step + x * column_step + column;
          // Of the tile after the next.
          for (size_t i = 0; i < height && column == 0 && fetches; i++)
            for (size_t r = 0; r < run_count; r++)
              for (size_t k = 0; k < runs[r].length; k += LANES)
                __builtin_prefetch(a + (i + 2 * ROWS) * view.column_step + runs[r].offset + k, 0, 2);
          // A share of the panel's next piece.
          for (size_t i = 0; i < fetch; i += 64) __builtin_prefetch((const char *)next + i, 0, 2);
          next = (const TYPE *)((const char *)next + fetch);
#define TILE_OF(vectors, height)                                                                             \
  NAME(multiply_runs)(height, vectors, seeing_runs, seeing_count, a, view.column_step * sizeof(TYPE),          \
                      sizeof(TYPE),                                                                            \
                      panels + start * WIDTH, start > 0, shift, target, column_step, some)
          MULTIPLY(height, some)
          x += height;
        }
      }
      start = stop;
    }
  }
}
#undef TILE_OF

// The pixels from `first` to before `end`, which begin the panel, whose tap is on the source, as runs along its rows.
INLINE size_t NAME(cut_pixels)(const ckernels_windows *w, size_t v, size_t u, size_t first, size_t end,
                               NAME(run) *runs) {
  size_t count = 0;
  const ptrdiff_t scale = (ptrdiff_t)w->column_scale, offset = w->column_offsets[u];
  const ptrdiff_t columns = (ptrdiff_t)w->columns;
  const NAME(range) on = NAME(on_source)(w->width, w->column_scale, offset);
  for (size_t pixel = first; pixel < end;) {
    const size_t line = pixel / w->columns;
    const ptrdiff_t x = (ptrdiff_t)(pixel % w->columns);
    const size_t length = NAME(smaller)((size_t)(columns - x), end - pixel);
    const size_t picture = line / w->rows;
    const size_t y = (size_t)((ptrdiff_t)(line % w->rows * w->row_scale) + w->row_offsets[v]);
    const ptrdiff_t from = x > on.from ? x : on.from, end_x = x + (ptrdiff_t)length, to = end_x < on.to ? end_x : on.to;
    if (y < w->height && from < to) {
      runs[count++] = (NAME(run)){
          .offset = (ptrdiff_t)(picture * w->picture_step + y * w->row_step) +
                    (from * scale + offset) * (ptrdiff_t)w->column_step,
          .panel_row = pixel - first + (size_t)(from - x), .length = (size_t)(to - from)};
    }
    pixel += length;
  }
  return count;
}

static void NAME(filter_slope)(const ckernels_windows *w, size_t tap, size_t first, size_t pixels, size_t channels,
                               size_t columns, const void *packed, size_t panel_step, void *result,
                               size_t sums_step) {
  NAME(run) runs[PIECE];
  const size_t depth_step = w->column_scale * w->column_step * sizeof(TYPE);
  size_t start = 0;
  for (size_t pieces = NAME(share)(pixels, PIECE); pieces > 0; pieces--) {
    const size_t stop = start + NAME(share)(pixels - start, pieces);
    const size_t run_count =
        NAME(cut_pixels)(w, tap / w->column_taps, tap % w->column_taps, first + start, first + stop, runs);
    const TYPE *panels = (const TYPE *)packed + start * WIDTH;
    for (size_t column = 0; column < columns; column += WIDTH, panels += panel_step) {
      const size_t some = NAME(smaller)(columns - column, WIDTH);
      size_t channel = 0;
      for (size_t tiles = NAME(share)(channels, ROWS); tiles > 0; tiles--) {
        const size_t height = NAME(share)(channels - channel, tiles);
        const TYPE *a = (const TYPE *)w->source + channel;
        TYPE *target = (TYPE *)result + channel * sums_step + column;
#define TILE_OF(vectors, height)                                                                             \
  NAME(multiply_runs)(height, vectors, runs, run_count, a, sizeof(TYPE), depth_step, panels, true, NULL,       \
                      target, sums_step, some)
        MULTIPLY(height, some)
        channel += height;
      }
    }
    start = stop;
  }
}
#undef TILE_OF
#undef MULTIPLY
#undef NARROW_TILE
#undef WIDE_TILE
#undef EACH_HEIGHT

// Filters. Squares of columns and taps, which lie side by side in a filter, are turned in registers.

static void NAME(pack_filter)(size_t columns, size_t channels, size_t tap_count, const ptrdiff_t *taps,
                              const void *from, size_t column_step, size_t channel_step, void *to) {
  const TYPE *filter = from;
  if (tap_count == 1 && (column_step == 1 || channel_step == 1)) {
    NAME(pack_sides)(columns, channels, filter + taps[0], column_step, channel_step, to, WIDTH);
    return;
  }
  ptrdiff_t lowest = taps[0], highest = taps[0];
  for (size_t i = 1; i < tap_count; i++) {
    lowest = taps[i] < lowest ? taps[i] : lowest;
    highest = taps[i] > highest ? taps[i] : highest;
  }
  for (ptrdiff_t first = lowest; first <= highest; first += LANES) {
    const size_t length = NAME(smaller)((size_t)(highest - first) + 1, LANES);
    // Where the rows of these taps begin, for those that are wanted.
    TYPE *rows[LANES] = {0};
    for (size_t i = 0; i < tap_count; i++) {
      if (taps[i] >= first && taps[i] < first + LANES) rows[taps[i] - first] = (TYPE *)to + i * channels * WIDTH;
    }
    for (size_t channel = 0; channel < channels; channel++) {
      for (size_t column = 0; column < columns; column += LANES) {
        const TYPE *source = filter + column * column_step + channel * channel_step + first;
        const size_t lanes = NAME(smaller)(LANES, columns - column);
        NAME(vector) square[LANES];
        UNROLL for (size_t i = 0; i < LANES; i++)
          square[i] = LOAD_FIRST(source + NAME(smaller)(i, lanes - 1) * column_step, length);
        NAME(transpose)(square);
        UNROLL for (size_t i = 0; i < LANES; i++)
          if (rows[i]) NAME(store)(rows[i] + channel * WIDTH + column, square[i]);
      }
    }
  }
}

static void NAME(turn_taps)(const void *from, size_t taps, size_t channels, size_t columns, size_t begin, size_t stop,
                            void *to) {
  if (taps == 1) {
    taps = channels;
    channels = 1;
  }
  for (size_t left = begin; left < stop; left += LANES) {
    const size_t lanes = NAME(smaller)(LANES, stop - left);
    for (size_t channel = 0; channel < channels; channel++) {
      for (size_t first = 0; first < taps; first += LANES) {
        const size_t length = NAME(smaller)(LANES, taps - first);
        const TYPE *source = (const TYPE *)from + (first * channels + channel) * columns + left;
        TYPE *target = (TYPE *)to + (left * channels + channel) * taps + first;
        NAME(vector) square[LANES];
        UNROLL for (size_t i = 0; i < LANES; i++)
          square[i] = LOAD_FIRST(source + NAME(smaller)(i, length - 1) * channels * columns, lanes);
        NAME(transpose)(square);
        UNROLL for (size_t i = 0; i < LANES; i++)
          if (i < lanes) STORE_FIRST(target + i * channels * taps, square[i], length);
      }
    }
  }
}
