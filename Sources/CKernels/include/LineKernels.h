// The loops of softmax, log-sum-exp and standardisation, compiled once per instruction set.
//
// They work on lines: of an array that lies in memory as [outer, length, inner], line o · inner + i is made of the
// `length` elements at [o, :, i]. Each call does `count` lines from `first` on. What comes out for a line does not
// depend on which lines are done with it. Sums are taken in Double, from short runs in TYPE.
//
// softmax            y = eˣ / Σeˣ.
// log_softmax        y = x − log Σeˣ.
// log_sum_exp        y[line] = log Σeˣ; −∞ for no elements.
// softmax_slope      z = y · (g − Σg·y), what softmax's gradient g is pulled back to.
// log_softmax_slope  z = g − eʸ · Σg, the same for log_softmax.
// standardize        y = (x − mean) · r with r[line] = 1 / √(variance + epsilon), the variance being the mean square.
// standardize_slope  z = r · (g − mean g − y · mean(g·y)), the same for standardize.
#ifndef CKERNELS_LINES_H
#define CKERNELS_LINES_H

#include <stddef.h>

typedef struct {
  size_t length, inner, first, count;
} ckernels_lines;

#define CKERNELS_LINE_LOOPS(TYPE, SUFFIX)                                                                     \
  void (*softmax_##SUFFIX)(const TYPE *x, TYPE *y, ckernels_lines lines);                                     \
  void (*log_softmax_##SUFFIX)(const TYPE *x, TYPE *y, ckernels_lines lines);                                 \
  void (*log_sum_exp_##SUFFIX)(const TYPE *x, TYPE *y, ckernels_lines lines);                                 \
  void (*softmax_slope_##SUFFIX)(const TYPE *g, const TYPE *y, TYPE *z, ckernels_lines lines);                \
  void (*log_softmax_slope_##SUFFIX)(const TYPE *g, const TYPE *y, TYPE *z, ckernels_lines lines);            \
  void (*standardize_##SUFFIX)(const TYPE *x, TYPE *y, TYPE *r, double epsilon, ckernels_lines lines);        \
  void (*standardize_slope_##SUFFIX)(const TYPE *g, const TYPE *y, const TYPE *r, TYPE *z, ckernels_lines lines);

typedef struct {
  const char *name;
  CKERNELS_LINE_LOOPS(float, f32)
  CKERNELS_LINE_LOOPS(double, f64)
} ckernels_line_loops;

#undef CKERNELS_LINE_LOOPS

// Instruction sets from the plainest up; 0 always exists. NULL where this machine lacks the level, or beyond the
// last one.
const ckernels_line_loops *ckernels_line_level(int level);

#endif
