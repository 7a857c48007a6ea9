// Convolutions in which each channel has a filter of its own, of one scalar type; see Processor.h. A product of matrices
// would have one column. Vectors run over channels, which lie side by side in every pixel.

// Pixels whose sums are in registers together.
#define PIXELS 6

// `count` neighbouring pixels, whose taps from `begin` to before `end` are on the source, in the channels from c on: the bias
// and the sum over these taps and the rows of them that are on the source. The first pixel's first tap is at `left`.
INLINE void NAME(convolve_channels)(const ckernels_window_row *r, const TYPE *filter, const TYPE *bias, ptrdiff_t left,
                                    size_t count, size_t begin, size_t end, size_t c, size_t used, TYPE *y,
                                    size_t y_step) {
  const size_t step = r->scale * r->channels;
  const NAME(vector) shift = bias ? NAME(load)(bias + c, used, 0) : NAME(splat)(0);
  NAME(vector) sum[PIXELS];
  UNROLL for (size_t k = 0; k < count; k++) sum[k] = shift;
  for (size_t v = 0; v < r->row_taps; v++) {
    const TYPE *row = r->rows[v];
    if (!row) continue;
    const TYPE *taps = filter + v * r->column_taps * r->channels + c;
    for (size_t u = begin; u < end; u++) {
      const TYPE *pixel = row + (left + r->offsets[u]) * (ptrdiff_t)r->channels + c;
      const NAME(vector) tap = NAME(load)(taps + u * r->channels, used, 0);
      UNROLL for (size_t k = 0; k < count; k++) sum[k] += tap * NAME(load)(pixel + k * step, used, 0);
    }
  }
  UNROLL for (size_t k = 0; k < count; k++) NAME(store)(y + k * y_step + c, sum[k], used);
}

static void NAME(convolve)(ckernels_window_row r, const void *filter, const void *bias, void *ys, size_t y_step) {
  const size_t whole = r.channels - r.channels % LANES, rest = r.channels % LANES;
  // The last vector of channels begins before the end of the one before it; what both compute is the same.
  const size_t last = rest && whole ? r.channels - LANES : 0;
  const ptrdiff_t scale = (ptrdiff_t)r.scale, width = (ptrdiff_t)r.width;
  for (size_t x = 0; x < r.count;) {
    TYPE *y = (TYPE *)ys + x * y_step;
    const ptrdiff_t left = (ptrdiff_t)x * scale;
    size_t begin = 0, end = r.column_taps;
    while (begin < end && left + r.offsets[begin] < 0) begin++;
    while (end > begin && left + r.offsets[end - 1] >= width) end--;
    // A filter's tap that is read serves several pixels, where all their taps are on the source.
    const bool is_inside = end - begin == r.column_taps && end > 0 && x + PIXELS <= r.count &&
                           left + (PIXELS - 1) * scale + r.offsets[end - 1] < width;
    // A number of lanes that is known makes a loop of whole vectors.
#define CHANNELS(count, c, used) NAME(convolve_channels)(&r, filter, bias, left, count, begin, end, c, used, y, y_step)
    if (is_inside) {
      for (size_t c = 0; c < whole; c += LANES) CHANNELS(PIXELS, c, LANES);
      if (last) CHANNELS(PIXELS, last, LANES);
      else if (rest) CHANNELS(PIXELS, 0, rest);
    } else {
      for (size_t c = 0; c < whole; c += LANES) CHANNELS(1, c, LANES);
      if (last) CHANNELS(1, last, LANES);
      else if (rest) CHANNELS(1, 0, rest);
    }
#undef CHANNELS
    x += is_inside ? PIXELS : 1;
  }
}

// Σ over `count` pixels of a · b. Four sums side by side, since each waits for the one before it.
INLINE NAME(wide) NAME(pixel_products)(const TYPE *a, size_t a_step, const TYPE *b, size_t b_step, size_t count,
                                       size_t used) {
  NAME(wide) total = {0};
  // Short runs in the elements' type.
  for (size_t begin = 0; begin < count; begin += 256) {
    const size_t end = begin + 256 < count ? begin + 256 : count;
    NAME(vector) sum[4] = {{0}};
    size_t x = begin;
    for (; x + 4 <= end; x += 4) {
      UNROLL for (size_t k = 0; k < 4; k++) {
        sum[k] += NAME(load)(a + (x + k) * a_step, used, 0) * NAME(load)(b + (x + k) * b_step, used, 0);
      }
    }
    for (; x < end; x++) sum[0] += NAME(load)(a + x * a_step, used, 0) * NAME(load)(b + x * b_step, used, 0);
    total += NAME(widen)((sum[0] + sum[1]) + (sum[2] + sum[3]));
  }
  return total;
}

static void NAME(filter_slope)(ckernels_window_row r, const void *gs, size_t first, size_t count, double *sums) {
  const ptrdiff_t scale = (ptrdiff_t)r.scale, width = (ptrdiff_t)r.width;
  for (size_t tap = 0; tap < r.row_taps * r.column_taps; tap++) {
    const TYPE *row = r.rows[tap / r.column_taps];
    const ptrdiff_t offset = r.offsets[tap % r.column_taps];
    if (!row || offset >= width) continue;
    // The pixels whose tap is on the source.
    const size_t begin = offset < 0 ? (size_t)((scale - 1 - offset) / scale) : 0;
    const size_t last = (size_t)((width - 1 - offset) / scale) + 1, end = last < r.count ? last : r.count;
    if (begin >= end) continue;
    const TYPE *g = (const TYPE *)gs + begin * r.channels + first;
    const TYPE *x = row + ((ptrdiff_t)begin * scale + offset) * (ptrdiff_t)r.channels + first;
    for (size_t c = 0; c < count; c += LANES) {
      const size_t used = count - c < LANES ? count - c : LANES, step = r.scale * r.channels;
      NAME(wide) total;
      if (used == LANES) {
        total = NAME(pixel_products)(g + c, r.channels, x + c, step, end - begin, LANES);
      } else {
        total = NAME(pixel_products)(g + c, r.channels, x + c, step, end - begin, used);
      }
      for (size_t lane = 0; lane < used; lane++) sums[tap * count + c + lane] += total[lane];
    }
  }
}

#undef PIXELS

static const ckernels_depthwise NAME(depthwise) = {
    .convolve = NAME(convolve),
    .filter_slope = NAME(filter_slope),
};
