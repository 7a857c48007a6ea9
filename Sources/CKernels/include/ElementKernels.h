// Functions of single elements that are not vector instructions by themselves, and the loops of reductions, compiled
// once per instruction set.
//
// exp, tanh,      y = f(x). round takes the even one of two whole numbers as near.
// sigmoid, floor,
// ceil, round,
// trunc, sqrt
// adam            A step of Adam: the means m ← mean_keep · m + (1 − mean_keep) · g and, of g², v alike, then
//                 x ← keep · x − rate · m / (√v / root_correction + epsilon), kept in lowest ... highest. The same bits at
//                 every level.
// sum, maximum,   All elements as one number; of no elements 0, −∞, ∞. Sums of eight elements are in TYPE, their sums
// minimum         in Double. Of numbers among which there is NaN, the extremes are NaN.
// add_rows,       total[i] becomes its sum with x[i] of every row, or the largest or smallest of them all. Rows begin
// raise_rows,     `step` elements apart.
// lower_rows
//
// Only `float` has loops of these:
//
// sin, cos, erf,  y = f(x), angles in radians.
// erfc, gelu,
// gelu_by_tanh
// power           y = xⁿ, each element rounded once.
// atan2,          z = f(x, y) of numbers that are x_step and y_step elements apart, each of which is 0 or 1. atan2
// remainder,      takes the ordinate first; remainder has the sign of the divisor y; the slopes are x · f′(y).
// gelu_slope,
// gelu_by_tanh_slope
// normal          Four normal numbers of each of `blocks` blocks of Philox4x32-10 from `first` on, the same bits at
//                 every level.
#ifndef CKERNELS_ELEMENTS_H
#define CKERNELS_ELEMENTS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  double mean_keep, square_keep, keep, rate, root_correction, epsilon, lowest, highest;
} ckernels_adam;

#define CKERNELS_ELEMENT_LOOPS(TYPE, SUFFIX)                                                                 \
  void (*exp_##SUFFIX)(const TYPE *x, size_t count, TYPE *y);                                                \
  void (*tanh_##SUFFIX)(const TYPE *x, size_t count, TYPE *y);                                               \
  void (*sigmoid_##SUFFIX)(const TYPE *x, size_t count, TYPE *y);                                            \
  void (*floor_##SUFFIX)(const TYPE *x, size_t count, TYPE *y);                                              \
  void (*ceil_##SUFFIX)(const TYPE *x, size_t count, TYPE *y);                                               \
  void (*round_##SUFFIX)(const TYPE *x, size_t count, TYPE *y);                                              \
  void (*trunc_##SUFFIX)(const TYPE *x, size_t count, TYPE *y);                                              \
  void (*sqrt_##SUFFIX)(const TYPE *x, size_t count, TYPE *y);                                               \
  void (*adam_##SUFFIX)(const ckernels_adam *step, const TYPE *g, size_t count, TYPE *x, TYPE *mean,         \
                        TYPE *square);                                                                       \
  double (*sum_##SUFFIX)(const TYPE *x, size_t count);                                                       \
  double (*maximum_##SUFFIX)(const TYPE *x, size_t count);                                                   \
  double (*minimum_##SUFFIX)(const TYPE *x, size_t count);                                                   \
  void (*add_rows_##SUFFIX)(const TYPE *x, size_t rows, size_t step, size_t count, double *total);           \
  void (*raise_rows_##SUFFIX)(const TYPE *x, size_t rows, size_t step, size_t count, double *total);         \
  void (*lower_rows_##SUFFIX)(const TYPE *x, size_t rows, size_t step, size_t count, double *total);

typedef void ckernels_float_map(const float *x, size_t count, float *y);
typedef void ckernels_float_pairs(const float *x, size_t x_step, const float *y, size_t y_step, size_t count,
                                  float *z);

typedef struct {
  const char *name;
  CKERNELS_ELEMENT_LOOPS(float, f32)
  CKERNELS_ELEMENT_LOOPS(double, f64)
  ckernels_float_map *sin, *cos, *erf, *erfc, *gelu, *gelu_by_tanh;
  void (*power)(const float *x, int exponent, size_t count, float *y);
  ckernels_float_pairs *atan2, *remainder, *gelu_slope, *gelu_by_tanh_slope;
  void (*normal)(uint64_t seed, uint64_t stream, uint64_t first, size_t blocks, double mean, double deviation,
                 float *y);
} ckernels_elements;

#undef CKERNELS_ELEMENT_LOOPS

// Instruction sets from the plainest up; 0 always exists. NULL where this machine lacks the level, or beyond the
// last one.
const ckernels_elements *ckernels_element_level(int level);

#endif
