// Loops over lines of one scalar type; see Processor.h and VectorMath.h.

// How to walk over what one call of a kernel's body works on: either one line along its elements, LANES at a time,
// whose lanes are joined at the end; or `used` neighbouring lines, a lane for each.
typedef struct {
  size_t steps, step, used;
  size_t tail;  // Elements after the last whole vector of a line.
  bool joined;
} NAME(walk);

INLINE NAME(wide) NAME(joined_sum)(NAME(wide) v, NAME(walk) w) {
  if (!w.joined) return v;
  double total = 0;
  for (size_t lane = 0; lane < LANES; lane++) total += v[lane];
  return total - (NAME(wide)){0};
}

// A function of a number for each line.
#define EACH_LINE(function, v, w)                                                                            \
  if (w.joined) {                                                                                            \
    v = function(v[0]) - (NAME(wide)){0};                                                                    \
  } else {                                                                                                   \
    for (size_t lane = 0; lane < w.used; lane++) v[lane] = function(v[lane]);                                \
  }

// Runs `body` for each vector of the walk, with `at` its place and `used` its lanes. What the body adds to `sum`
// and `sum2` goes to `total` and `total2` after at most 64 steps. Lanes beyond `used` hold what `load` put there.
#define EACH_STEP(body)                                                                                      \
  for (size_t begin = 0; begin < w.steps; begin += 64) {                                                     \
    NAME(vector) sum = {0}, sum2 = {0};                                                                      \
    size_t end = begin + 64 < w.steps ? begin + 64 : w.steps;                                                \
    for (size_t index = begin; index < end; index++) {                                                       \
      const size_t at = index * w.step, used = w.used;                                                       \
      body                                                                                                   \
    }                                                                                                        \
    total += NAME(widen)(sum);                                                                               \
    total2 += NAME(widen)(sum2);                                                                             \
  }                                                                                                          \
  if (w.tail) {                                                                                              \
    NAME(vector) sum = {0}, sum2 = {0};                                                                      \
    const size_t at = w.steps * w.step, used = w.tail;                                                       \
    body                                                                                                     \
    total += NAME(widen)(sum);                                                                               \
    total2 += NAME(widen)(sum2);                                                                             \
  }

#define TOTALS __attribute__((unused)) NAME(wide) total = {0}, total2 = {0}

// The larger of two numbers, the second where one is NaN: one instruction on most processors.
INLINE NAME(vector) NAME(larger_or_second)(NAME(vector) a, NAME(vector) b) { return NAME(choose)(a > b, a, b); }

// The largest element; NaN if there is one. Four maxima side by side, since each waits for the one before it.
INLINE NAME(vector) NAME(largest)(const TYPE *x, NAME(walk) w) {
  const NAME(vector) least = NAME(splat)(-INFINITY);
  NAME(vector) best[4] = {least, least, least, least};
  NAME(mask) missing = {0};
  size_t index = 0;
  for (; index + 4 <= w.steps; index += 4) {
    UNROLL for (size_t k = 0; k < 4; k++) {
      NAME(vector) v = NAME(load)(x + (index + k) * w.step, w.used, -INFINITY);
      best[k] = NAME(larger_or_second)(v, best[k]);
      missing |= v != v;
    }
  }
  for (; index < w.steps + (w.tail > 0); index++) {
    NAME(vector) v = NAME(load)(x + index * w.step, index < w.steps ? w.used : w.tail, -INFINITY);
    best[0] = NAME(larger_or_second)(v, best[0]);
    missing |= v != v;
  }
  NAME(vector) all = NAME(larger_or_second)(NAME(larger_or_second)(best[0], best[1]),
                                            NAME(larger_or_second)(best[2], best[3]));
  all = NAME(choose)(missing, NAME(splat)(NAN), all);
  if (!w.joined) return all;
  TYPE value = -INFINITY;
  for (size_t lane = 0; lane < LANES; lane++) {
    value = value > all[lane] || value != value ? value : all[lane];
  }
  return NAME(splat)(value);
}

INLINE void NAME(softmax_body)(const TYPE *x, TYPE *y, NAME(walk) w) {
  const NAME(vector) best = NAME(largest)(x, w);
  {
    TOTALS;
    EACH_STEP({
      NAME(vector) e = NAME(exp)(NAME(load)(x + at, used, -INFINITY) - best);
      NAME(store)(y + at, e, used);
      sum += e;
    })
    total = 1 / NAME(joined_sum)(total, w);
    const NAME(vector) scale = NAME(narrow)(total);
    EACH_STEP({ NAME(store)(y + at, NAME(load)(y + at, used, 0) * scale, used); })
  }
}

// log Σe^(x − best).
INLINE NAME(wide) NAME(log_sum)(const TYPE *x, NAME(vector) best, NAME(walk) w) {
  TOTALS;
  EACH_STEP({ sum += NAME(exp)(NAME(load)(x + at, used, -INFINITY) - best); })
  total = NAME(joined_sum)(total, w);
  EACH_LINE(log, total, w)
  return total;
}

INLINE void NAME(log_softmax_body)(const TYPE *x, TYPE *y, NAME(walk) w) {
  const NAME(vector) best = NAME(largest)(x, w);
  const NAME(vector) rest = NAME(narrow)(NAME(log_sum)(x, best, w));
  TOTALS;
  EACH_STEP({ NAME(store)(y + at, (NAME(load)(x + at, used, 0) - best) - rest, used); })
}

INLINE void NAME(log_sum_exp_body)(const TYPE *x, TYPE *y, NAME(walk) w) {
  const NAME(vector) best = NAME(largest)(x, w);
  const NAME(mask) infinite = (best == NAME(splat)(INFINITY)) | (best == NAME(splat)(-INFINITY));
  // An infinite shift would give ∞ − ∞.
  const NAME(vector) shift = NAME(choose)(infinite, NAME(splat)(0), best);
  const NAME(vector) value = NAME(narrow)(NAME(widen)(shift) + NAME(log_sum)(x, shift, w));
  NAME(store)(y, NAME(choose)(infinite, best, value), w.joined ? 1 : w.used);
}

INLINE void NAME(softmax_slope_body)(const TYPE *g, const TYPE *y, TYPE *z, NAME(walk) w) {
  TOTALS;
  EACH_STEP({ sum += NAME(load)(g + at, used, 0) * NAME(load)(y + at, used, 0); })
  const NAME(vector) mean = NAME(narrow)(NAME(joined_sum)(total, w));
  EACH_STEP({
    NAME(store)(z + at, NAME(load)(y + at, used, 0) * (NAME(load)(g + at, used, 0) - mean), used);
  })
}

INLINE void NAME(log_softmax_slope_body)(const TYPE *g, const TYPE *y, TYPE *z, NAME(walk) w) {
  TOTALS;
  EACH_STEP({ sum += NAME(load)(g + at, used, 0); })
  const NAME(vector) whole = NAME(narrow)(NAME(joined_sum)(total, w));
  EACH_STEP({
    NAME(vector) share = NAME(exp)(NAME(load)(y + at, used, 0)) * whole;
    NAME(store)(z + at, NAME(load)(g + at, used, 0) - share, used);
  })
}

#define RECIPROCAL_ROOT(v) (1 / sqrt(v))

INLINE void NAME(standardize_body)(const TYPE *x, TYPE *y, TYPE *r, double epsilon, size_t length,
                                   NAME(walk) w) {
  NAME(vector) mean, rest;
  NAME(wide) root;
  {
    TOTALS;
    EACH_STEP({ sum += NAME(load)(x + at, used, 0); })
    mean = NAME(narrow)(NAME(joined_sum)(total, w) / (double)length);
  }
  {
    // The mean was rounded: what it lacks is the mean of the deviations from it.
    TOTALS;
    EACH_STEP({
      NAME(vector) deviation = NAME(load)(x + at, used, 0) - mean;
      if (used < LANES && w.joined) {
        for (size_t lane = used; lane < LANES; lane++) deviation[lane] = 0;
      }
      sum += deviation;
      sum2 += deviation * deviation;
    })
    total = NAME(joined_sum)(total, w) / (double)length;
    root = NAME(joined_sum)(total2, w) / (double)length - total * total;
    rest = NAME(narrow)(total);
  }
  root = root + epsilon;
  EACH_LINE(RECIPROCAL_ROOT, root, w)
  const NAME(vector) scale = NAME(narrow)(root);
  NAME(store)(r, scale, w.joined ? 1 : w.used);
  TOTALS;
  EACH_STEP({ NAME(store)(y + at, ((NAME(load)(x + at, used, 0) - mean) - rest) * scale, used); })
}

INLINE void NAME(standardize_slope_body)(const TYPE *g, const TYPE *y, const TYPE *r, TYPE *z, size_t length,
                                         NAME(walk) w) {
  NAME(vector) mean, slope;
  {
    TOTALS;
    EACH_STEP({
      NAME(vector) v = NAME(load)(g + at, used, 0);
      sum += v;
      sum2 += v * NAME(load)(y + at, used, 0);
    })
    mean = NAME(narrow)(NAME(joined_sum)(total, w) / (double)length);
    slope = NAME(narrow)(NAME(joined_sum)(total2, w) / (double)length);
  }
  const NAME(vector) scale = w.joined ? NAME(splat)(*r) : NAME(load)(r, w.used, 0);
  TOTALS;
  EACH_STEP({
    NAME(vector) v = NAME(load)(g + at, used, 0) - mean - NAME(load)(y + at, used, 0) * slope;
    NAME(store)(z + at, v * scale, used);
  })
}

// Calls `body` for the lines one after the other, or for LANES neighbours at once where lines are interleaved.
// `at` is the place of the first element and `line` the number of the first line. `w` is constant but for lengths
// in each of the three calls, which are compiled by themselves.
#define EACH_WALK(body)                                                                                      \
  if (lines.inner == 1) {                                                                                    \
    const NAME(walk) w = {lines.length / LANES, LANES, LANES, lines.length % LANES, true};                   \
    for (size_t line = lines.first; line < lines.first + lines.count; line++) {                              \
      const size_t place = line * lines.length;                                                              \
      body                                                                                                   \
    }                                                                                                        \
    return;                                                                                                  \
  }                                                                                                          \
  for (size_t line = lines.first, last = lines.first + lines.count; line < last;) {                          \
    const size_t outer = line / lines.inner, column = line % lines.inner;                                    \
    const size_t place = outer * lines.length * lines.inner + column;                                        \
    size_t width = lines.inner - column < last - line ? lines.inner - column : last - line;                  \
    if (width >= LANES) {                                                                                    \
      const NAME(walk) w = {lines.length, lines.inner, LANES, 0, false};                                     \
      body width = LANES;                                                                                    \
    } else {                                                                                                 \
      const NAME(walk) w = {lines.length, lines.inner, width, 0, false};                                     \
      body                                                                                                   \
    }                                                                                                        \
    line += width;                                                                                           \
  }

static void NAME(softmax)(const void *xs, void *ys, ckernels_line_range lines) {
  const TYPE *x = xs;
  TYPE *y = ys;
  EACH_WALK({ NAME(softmax_body)(x + place, y + place, w); })
}

static void NAME(log_softmax)(const void *xs, void *ys, ckernels_line_range lines) {
  const TYPE *x = xs;
  TYPE *y = ys;
  EACH_WALK({ NAME(log_softmax_body)(x + place, y + place, w); })
}

static void NAME(log_sum_exp)(const void *xs, void *ys, ckernels_line_range lines) {
  const TYPE *x = xs;
  TYPE *y = ys;
  EACH_WALK({ NAME(log_sum_exp_body)(x + place, y + line, w); })
}

static void NAME(softmax_slope)(const void *gs, const void *ys, void *zs, ckernels_line_range lines) {
  const TYPE *g = gs, *y = ys;
  TYPE *z = zs;
  EACH_WALK({ NAME(softmax_slope_body)(g + place, y + place, z + place, w); })
}

static void NAME(log_softmax_slope)(const void *gs, const void *ys, void *zs, ckernels_line_range lines) {
  const TYPE *g = gs, *y = ys;
  TYPE *z = zs;
  EACH_WALK({ NAME(log_softmax_slope_body)(g + place, y + place, z + place, w); })
}

static void NAME(standardize)(const void *xs, void *ys, void *rs, double epsilon, ckernels_line_range lines) {
  const TYPE *x = xs;
  TYPE *y = ys, *r = rs;
  EACH_WALK({ NAME(standardize_body)(x + place, y + place, r + line, epsilon, lines.length, w); })
}

static void NAME(standardize_slope)(const void *gs, const void *ys, const void *rs, void *zs,
                                    ckernels_line_range lines) {
  const TYPE *g = gs, *y = ys, *r = rs;
  TYPE *z = zs;
  EACH_WALK({ NAME(standardize_slope_body)(g + place, y + place, r + line, z + place, lines.length, w); })
}

static const ckernels_lines NAME(lines) = {
    .softmax = NAME(softmax),
    .log_softmax = NAME(log_softmax),
    .log_sum_exp = NAME(log_sum_exp),
    .softmax_slope = NAME(softmax_slope),
    .log_softmax_slope = NAME(log_softmax_slope),
    .standardize = NAME(standardize),
    .standardize_slope = NAME(standardize_slope),
};

#undef EACH_LINE
#undef EACH_STEP
#undef TOTALS
#undef RECIPROCAL_ROOT
#undef EACH_WALK
