// The product of matrices, for processors whose vectors a BLAS may leave half empty: one that does not know the
// processor, or is told to take it for another, falls back to vectors of 32 bytes.
//
// pack      A panel of b, at most `width` columns, as the product reads it: row after row without gaps, `width`
//           elements each. An element's place in `source` is column · column_step + k · depth_step, where one of the
//           steps is 1. What is beyond the columns is arbitrary.
// multiply  c = a · b, or c + a · b if `adds`. b is packed, the panels `panel_step` elements apart, and `target`'s
//           rows are `target_step` elements apart; a's element is at row · row_step + k · depth_step, where one of the
//           steps is 1. Each element of c is summed in an order that depends on `depth` alone.
#ifndef CKERNELS_GEMM_H
#define CKERNELS_GEMM_H

#include <stdbool.h>
#include <stddef.h>

#define CKERNELS_GEMM_LOOPS(TYPE, SUFFIX)                                                                    \
  size_t width_##SUFFIX;                                                                                     \
  void (*pack_##SUFFIX)(size_t columns, size_t depth, const TYPE *source, size_t column_step,                \
                        size_t depth_step, TYPE *panel);                                                     \
  void (*multiply_##SUFFIX)(size_t rows, size_t columns, size_t depth, const TYPE *a, size_t row_step,       \
                            size_t depth_step, const TYPE *panels, size_t panel_step, bool adds,             \
                            TYPE *target, size_t target_step);

typedef struct {
  CKERNELS_GEMM_LOOPS(float, f32)
  CKERNELS_GEMM_LOOPS(double, f64)
} ckernels_gemm;

#undef CKERNELS_GEMM_LOOPS

// NULL where BLAS does as well: on machines without vectors of 64 bytes.
const ckernels_gemm *ckernels_gemm_best(void);

#endif
