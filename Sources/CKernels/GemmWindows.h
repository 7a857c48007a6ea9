// Products with the windows of a convolution, which are read where they lie: no matrix of them is made. Part of Gemm.h.

typedef struct {
  const TYPE *picture;
  ptrdiff_t top, left;
} NAME(place);

// Where the windows of `count` pixels from `first` on are, before the taps' offsets.
static void NAME(locate)(const ckernels_windows *w, size_t first, size_t count, NAME(place) *places) {
  const size_t size = w->height * w->width * w->pixel_step;
  const size_t picture = first / (w->rows * w->columns), pixel = first % (w->rows * w->columns);
  size_t row = pixel / w->columns, column = pixel % w->columns;
  const TYPE *source = (const TYPE *)w->source + picture * size;
  for (size_t i = 0; i < count; i++) {
    places[i] = (NAME(place)){source, (ptrdiff_t)(row * w->row_scale), (ptrdiff_t)(column * w->column_scale)};
    if (++column < w->columns) continue;
    column = 0;
    if (++row < w->rows) continue;
    row = 0;
    source += size;
  }
}

// The source's pixels under one tap of each window.
INLINE void NAME(look)(const ckernels_windows *w, size_t tap, const NAME(place) *places, size_t count,
                       const TYPE **pixels) {
  const ptrdiff_t row_offset = w->row_offsets[tap / w->column_taps];
  const ptrdiff_t column_offset = w->column_offsets[tap % w->column_taps];
  for (size_t i = 0; i < count; i++) {
    // Below 0 is far above as an unsigned number.
    const size_t y = (size_t)(places[i].top + row_offset), x = (size_t)(places[i].left + column_offset);
    const bool is_inside = y < w->height && x < w->width;
    pixels[i] = is_inside ? places[i].picture + (y * w->width + x) * w->pixel_step : (const TYPE *)w->zeros;
  }
}

// target[k · ROWS + i] = rows[i][k] for i < sides, k < depth.
INLINE void NAME(pack_rows)(size_t sides, size_t depth, const TYPE *const *rows, size_t offset, TYPE *target) {
  for (size_t end = NAME(share)(sides, LANES) * LANES; end > 0; end -= LANES) {
    const size_t first = end - LANES, lanes = NAME(smaller)(sides - first, LANES);
    for (size_t k = 0; k < depth; k += LANES) {
      const size_t length = NAME(smaller)(depth - k, LANES);
      NAME(vector) block[LANES];
      UNROLL for (size_t i = 0; i < LANES; i++)
        block[i] = LOAD_FIRST(rows[first + NAME(smaller)(i, lanes - 1)] + offset + k, length);
      NAME(transpose)(block);
      UNROLL for (size_t i = 0; i < LANES; i++)
        if (i < length) NAME(store)(target + (k + i) * ROWS + first, block[i]);
    }
  }
}

// target[k · ROWS + i] = rows[k][i] for i < sides, k < depth.
INLINE void NAME(pack_columns)(size_t sides, size_t depth, const TYPE *const *rows, size_t offset, TYPE *target) {
  for (size_t end = NAME(share)(sides, LANES) * LANES; end > 0; end -= LANES) {
    const size_t first = end - LANES, lanes = NAME(smaller)(sides - first, LANES);
    for (size_t k = 0; k < depth; k++)
      NAME(store)(target + k * ROWS + first, LOAD_FIRST(rows[k] + offset + first, lanes));
  }
}

static void NAME(multiply_windows)(const ckernels_windows *w, size_t first, size_t pixels, size_t channels,
                                   size_t columns, const void *panels, size_t panel_step, bool adds, void *result,
                                   size_t target_step) {
  __attribute__((aligned(64))) TYPE packed[PACKED];
  NAME(place) places[BLOCK];
  const size_t depth = w->row_taps * w->column_taps * channels;
  // What is read of the panels at once serves all blocks of pixels.
  size_t start = 0;
  for (size_t pieces = NAME(share)(depth, PIECE); pieces > 0; pieces--) {
    const size_t length = NAME(share)(depth - start, pieces), stop = start + length;
    size_t pixel = 0;
    for (size_t blocks = NAME(share)(pixels, BLOCK); blocks > 0; blocks--) {
      const size_t height = NAME(share)(pixels - pixel, blocks);
      NAME(locate)(w, first + pixel, height, places);
      TYPE *tile = packed;
      size_t row = 0;
      for (size_t tiles = NAME(share)(height, ROWS); tiles > 0; tiles--) {
        const size_t sides = NAME(share)(height - row, tiles);
        for (size_t k = start, run; k < stop; k += run) {
          const size_t tap = k / channels, channel = k % channels;
          const TYPE *rows[ROWS];
          run = NAME(smaller)(channels - channel, stop - k);
          NAME(look)(w, tap, places + row, sides, rows);
          NAME(pack_rows)(sides, run, rows, channel, tile + (k - start) * ROWS);
        }
        tile += ROWS * length;
        row += sides;
      }
      NAME(multiply_packed)(height, columns, length, packed, (const TYPE *)panels + start * WIDTH, panel_step,
                            adds || start > 0, (TYPE *)result + pixel * target_step, target_step);
      pixel += height;
    }
    start = stop;
  }
}

static void NAME(filter_slope)(const ckernels_windows *w, size_t tap, size_t first, size_t pixels, size_t channels,
                               size_t columns, const void *panels, size_t panel_step, void *sums,
                               size_t sums_step) {
  __attribute__((aligned(64))) TYPE packed[PACKED];
  NAME(place) places[PIECE];
  const TYPE *rows[PIECE];
  size_t start = 0;
  for (size_t pieces = NAME(share)(pixels, PIECE); pieces > 0; pieces--) {
    const size_t length = NAME(share)(pixels - start, pieces);
    NAME(locate)(w, first + start, length, places);
    NAME(look)(w, tap, places, length, rows);
    size_t channel = 0;
    for (size_t blocks = NAME(share)(channels, BLOCK); blocks > 0; blocks--) {
      const size_t height = NAME(share)(channels - channel, blocks);
      TYPE *tile = packed;
      size_t row = channel;
      for (size_t tiles = NAME(share)(height, ROWS); tiles > 0; tiles--) {
        const size_t sides = NAME(share)(channel + height - row, tiles);
        NAME(pack_columns)(sides, length, rows, row, tile);
        tile += ROWS * length;
        row += sides;
      }
      NAME(multiply_packed)(height, columns, length, packed, (const TYPE *)panels + start * WIDTH, panel_step, true,
                            (TYPE *)sums + channel * sums_step, sums_step);
      channel += height;
    }
    start += length;
  }
}

// Filters. What is read or written at large steps, which are powers of two as a rule, goes by way of a block in the
// first-level cache: lines so far apart would push each other out of it.

// Channels and taps of a block.
#define CHANNELS 8
#define TAPS 16

static void NAME(pack_filter)(size_t columns, size_t channels, size_t tap_count, const ptrdiff_t *taps,
                              const void *from, size_t column_step, size_t channel_step, void *to) {
  TYPE block[CHANNELS * TAPS][WIDTH];
  for (size_t first_tap = 0; first_tap < tap_count; first_tap += TAPS) {
    const size_t some_taps = NAME(smaller)(TAPS, tap_count - first_tap);
    for (size_t first = 0; first < channels; first += CHANNELS) {
      const size_t some = NAME(smaller)(CHANNELS, channels - first);
      const TYPE *filter = (const TYPE *)from + first * channel_step;
      // In the order in which the filter lies in memory.
      const bool by_columns = column_step > channel_step;
      const size_t outer = by_columns ? columns : some, inner = by_columns ? some : columns;
      for (size_t i = 0; i < outer; i++) {
        for (size_t j = 0; j < inner; j++) {
          const size_t column = by_columns ? i : j, channel = by_columns ? j : i;
          const TYPE *source = filter + column * column_step + channel * channel_step;
          for (size_t tap = 0; tap < some_taps; tap++)
            block[channel * TAPS + tap][column] = source[taps[first_tap + tap]];
        }
      }
      for (size_t tap = 0; tap < some_taps; tap++) {
        for (size_t channel = 0; channel < some; channel++) {
          TYPE *row = (TYPE *)to + ((first_tap + tap) * channels + first + channel) * WIDTH;
          memcpy(row, block[channel * TAPS + tap], sizeof block[0]);
        }
      }
    }
  }
}

static void NAME(turn_taps)(const void *from, size_t taps, size_t channels, size_t columns, size_t begin, size_t stop,
                            void *to) {
  TYPE block[LANES][CHANNELS * TAPS];
  for (size_t left = begin; left < stop; left += LANES) {
    const size_t lanes = NAME(smaller)(LANES, stop - left);
    for (size_t first = 0; first < channels; first += CHANNELS) {
      const size_t some = NAME(smaller)(CHANNELS, channels - first);
      for (size_t first_tap = 0; first_tap < taps; first_tap += TAPS) {
        const size_t some_taps = NAME(smaller)(TAPS, taps - first_tap);
        for (size_t tap = 0; tap < some_taps; tap++) {
          for (size_t channel = 0; channel < some; channel++) {
            const TYPE *source =
                (const TYPE *)from + ((first_tap + tap) * channels + first + channel) * columns + left;
            for (size_t lane = 0; lane < lanes; lane++) block[lane][channel * some_taps + tap] = source[lane];
          }
        }
        for (size_t lane = 0; lane < lanes; lane++) {
          TYPE *place = (TYPE *)to + ((left + lane) * channels + first) * taps + first_tap;
          if (some_taps == taps) {
            memcpy(place, block[lane], some * taps * sizeof(TYPE));
            continue;
          }
          for (size_t channel = 0; channel < some; channel++)
            memcpy(place + channel * taps, block[lane] + channel * some_taps, some_taps * sizeof(TYPE));
        }
      }
    }
  }
}

#undef CHANNELS
#undef TAPS
