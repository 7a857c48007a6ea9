// Adam and the loops of reductions, of one scalar type; see Elements.h, which includes this.

// Nothing is fused: a training takes the same way at every level.
INLINE void NAME(adam_step)(const ckernels_adam *step, size_t used, const TYPE *g, TYPE *x, TYPE *mean,
                            TYPE *square) {
#pragma clang fp contract(off)
  const NAME(vector) slope = NAME(load)(g, used, 0);
  const NAME(vector) m =
      NAME(load)(mean, used, 0) * (TYPE)step->mean_keep + slope * (TYPE)(1 - step->mean_keep);
  const NAME(vector) v =
      NAME(load)(square, used, 0) * (TYPE)step->square_keep + slope * (TYPE)(1 - step->square_keep) * slope;
  const NAME(vector) size = NAME(sqrt)(v) / (TYPE)step->root_correction + (TYPE)step->epsilon;
  const NAME(vector) lowest = NAME(splat)(step->lowest), highest = NAME(splat)(step->highest);
  NAME(vector) y = NAME(load)(x, used, 0) * (TYPE)step->keep - m * (TYPE)step->rate / size;
  y = NAME(choose)(y < lowest, lowest, y);
  NAME(store)(x, NAME(choose)(y > highest, highest, y), used);
  NAME(store)(mean, m, used);
  NAME(store)(square, v, used);
}

static void NAME(adam)(const ckernels_adam *step, const void *gradient, size_t count, void *parameters,
                       void *mean, void *square) {
  const TYPE *g = gradient;
  TYPE *x = parameters, *m = mean, *v = square;
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) NAME(adam_step)(step, LANES, g + i, x + i, m + i, v + i);
  if (i < count) NAME(adam_step)(step, count - i, g + i, x + i, m + i, v + i);
}

// The last `rest` of at least LANES elements in the upper lanes, and `fill` in the others.
INLINE NAME(vector) NAME(load_last)(const TYPE *end, size_t rest, TYPE fill) {
  static const INTEGER ones[2 * LANES] = {[LANES... 2 * LANES - 1] = -1};
  NAME(mask) taken = *(const NAME(unaligned_mask) *)(ones + rest);
  return NAME(choose)(taken, *(const NAME(vector) *)(end - LANES), NAME(splat)(fill));
}

INLINE NAME(vector) NAME(added)(NAME(vector) a, NAME(vector) b) { return a + b; }

INLINE NAME(vector) NAME(larger)(NAME(vector) a, NAME(vector) b) {
  return NAME(choose)((NAME(mask))(a > b) | (NAME(mask))(a != a), a, b);
}

INLINE NAME(vector) NAME(smaller)(NAME(vector) a, NAME(vector) b) {
  return NAME(choose)((NAME(mask))(a < b) | (NAME(mask))(a != a), a, b);
}

// Eight vectors, `step` elements apart, two by two: sums of eight need no Double.
#define EIGHT(choice, x, step)                                                                               \
  NAME(choice)(NAME(choice)(NAME(choice)(AT(x, 0 * step), AT(x, 1 * step)),                                  \
                            NAME(choice)(AT(x, 2 * step), AT(x, 3 * step))),                                 \
               NAME(choice)(NAME(choice)(AT(x, 4 * step), AT(x, 5 * step)),                                  \
                            NAME(choice)(AT(x, 6 * step), AT(x, 7 * step))))
#define AT(x, place) NAME(load)((x) + (place), LANES, 0)

static double NAME(sum)(const void *from, size_t count) {
  const TYPE *x = from;
  NAME(wide) total = {0}, other = {0};
  size_t i = 0;
  for (; i + 16 * LANES <= count; i += 16 * LANES) {
    total += NAME(widen)(EIGHT(added, x + i, LANES));
    other += NAME(widen)(EIGHT(added, x + i + 8 * LANES, LANES));
  }
  for (; i + LANES <= count; i += LANES) total += NAME(widen)(AT(x, i));
  double sum = 0;
  if (i < count && count >= LANES) {
    other += NAME(widen)(NAME(load_last)(x + count, count - i, 0));
  } else {
    for (; i < count; i++) sum += x[i];
  }
  double lanes[LANES];
  *(NAME(unaligned_wide) *)lanes = total + other;
  for (size_t width = LANES / 2; width > 0; width /= 2) {
    for (size_t lane = 0; lane < width; lane++) lanes[lane] += lanes[lane + width];
  }
  return lanes[0] + sum;
}

#define EXTREME(name, choice, comparison, identity)                                                          \
  static double NAME(name)(const void *from, size_t count) {                                                 \
    const TYPE *x = from;                                                                                    \
    NAME(vector) best = NAME(splat)(identity), other = best;                                                 \
    size_t i = 0;                                                                                            \
    for (; i + 16 * LANES <= count; i += 16 * LANES) {                                                       \
      best = NAME(choice)(best, EIGHT(choice, x + i, LANES));                                                \
      other = NAME(choice)(other, EIGHT(choice, x + i + 8 * LANES, LANES));                                  \
    }                                                                                                        \
    for (; i + LANES <= count; i += LANES) best = NAME(choice)(best, AT(x, i));                              \
    if (i < count && count >= LANES) {                                                                       \
      other = NAME(choice)(other, NAME(load_last)(x + count, count - i, identity));                          \
      i = count;                                                                                             \
    }                                                                                                        \
    best = NAME(choice)(best, other);                                                                        \
    TYPE value = identity;                                                                                   \
    for (size_t lane = 0; lane < LANES; lane++) {                                                            \
      value = value comparison best[lane] || value != value ? value : best[lane];                            \
    }                                                                                                        \
    for (; i < count; i++) value = value comparison x[i] || value != value ? value : x[i];                   \
    return value;                                                                                            \
  }

EXTREME(maximum, larger, >, -INFINITY)
EXTREME(minimum, smaller, <, INFINITY)

// Eight rows are combined with one another before they meet the totals, which are twice as wide.
#define ROWS(name, choice, expression)                                                                       \
  INLINE void NAME(name##_piece)(NAME(vector) v, size_t width, double *total) {                              \
    TYPE part[LANES];                                                                                        \
    NAME(store)(part, v, LANES);                                                                             \
    for (size_t i = 0; i < width; i++) {                                                                     \
      const double a = total[i], b = part[i];                                                                \
      total[i] = expression;                                                                                 \
    }                                                                                                        \
  }                                                                                                          \
                                                                                                             \
  static void NAME(name)(const void *from, size_t rows, size_t step, size_t count, double *total) {          \
    const TYPE *x = from;                                                                                    \
    size_t row = 0;                                                                                          \
    for (; row + 8 <= rows; row += 8) {                                                                      \
      const TYPE *first = x + row * step;                                                                    \
      size_t i = 0;                                                                                          \
      for (; i + LANES <= count; i += LANES) {                                                               \
        NAME(name##_piece)(EIGHT(choice, first + i, step), LANES, total + i);                                \
      }                                                                                                      \
      for (; i < count; i++) {                                                                               \
        NAME(vector) column[8];                                                                              \
        for (size_t k = 0; k < 8; k++) column[k] = NAME(splat)(first[k * step + i]);                         \
        for (size_t half = 1; half < 8; half *= 2) {                                                         \
          for (size_t k = 0; k < 8; k += 2 * half) column[k] = NAME(choice)(column[k], column[k + half]);    \
        }                                                                                                    \
        NAME(name##_piece)(column[0], 1, total + i);                                                         \
      }                                                                                                      \
    }                                                                                                        \
    for (; row < rows; row++) {                                                                              \
      size_t i = 0;                                                                                          \
      for (; i + LANES <= count; i += LANES) NAME(name##_piece)(AT(x, row * step + i), LANES, total + i);    \
      for (; i < count; i++) NAME(name##_piece)(NAME(splat)(x[row * step + i]), 1, total + i);               \
    }                                                                                                        \
  }

ROWS(add_rows, added, a + b)
ROWS(raise_rows, larger, a > b || a != a ? a : b)
ROWS(lower_rows, smaller, a < b || a != a ? a : b)

#undef EIGHT
#undef AT
#undef EXTREME
#undef ROWS
