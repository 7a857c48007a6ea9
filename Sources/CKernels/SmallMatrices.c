// Factors of matrices of a few rows, for which a call of LAPACK takes longer than the arithmetic. Matrices are those of
// LAPACK, in column-major order and without gaps.
#include "CKernels.h"

#include <math.h>

#define LARGEST CKERNELS_SMALL_ORDER

#define SMALL(type, suffix, magnitude, root)                                                                 \
  static int lu_##suffix(size_t n, type *a, int32_t *pivots) {                                               \
    int info = 0;                                                                                            \
    for (size_t j = 0; j < n; j++) {                                                                         \
      type *column = a + j * n;                                                                              \
      size_t best = j;                                                                                       \
      for (size_t i = j + 1; i < n; i++) {                                                                   \
        if (magnitude(column[i]) > magnitude(column[best])) best = i;                                        \
      }                                                                                                      \
      pivots[j] = (int32_t)best + 1;                                                                         \
      if (column[best] == 0) {                                                                               \
        if (!info) info = (int)j + 1;                                                                        \
        continue;                                                                                            \
      }                                                                                                      \
      if (best != j) {                                                                                       \
        for (size_t k = 0; k < n; k++) {                                                                     \
          const type held = a[j + k * n];                                                                    \
          a[j + k * n] = a[best + k * n];                                                                    \
          a[best + k * n] = held;                                                                            \
        }                                                                                                    \
      }                                                                                                      \
      for (size_t i = j + 1; i < n; i++) column[i] /= column[j];                                             \
      for (size_t k = j + 1; k < n; k++) {                                                                   \
        const type factor = a[j + k * n];                                                                    \
        for (size_t i = j + 1; i < n; i++) a[i + k * n] -= column[i] * factor;                               \
      }                                                                                                      \
    }                                                                                                        \
    return info;                                                                                             \
  }                                                                                                          \
                                                                                                             \
  static void inverse_##suffix(size_t n, type *a, const int32_t *pivots) {                                   \
    type result[LARGEST * LARGEST];                                                                          \
    for (size_t k = 0; k < n; k++) {                                                                         \
      type *x = result + k * n;                                                                              \
      for (size_t i = 0; i < n; i++) x[i] = i == k;                                                          \
      for (size_t i = 0; i < n; i++) {                                                                       \
        const size_t other = (size_t)pivots[i] - 1;                                                          \
        const type held = x[i];                                                                              \
        x[i] = x[other];                                                                                     \
        x[other] = held;                                                                                     \
      }                                                                                                      \
      for (size_t j = 0; j < n; j++) {                                                                       \
        for (size_t i = j + 1; i < n; i++) x[i] -= a[i + j * n] * x[j];                                      \
      }                                                                                                      \
      for (size_t j = n; j-- > 0;) {                                                                         \
        x[j] /= a[j + j * n];                                                                                \
        for (size_t i = 0; i < j; i++) x[i] -= a[i + j * n] * x[j];                                          \
      }                                                                                                      \
    }                                                                                                        \
    for (size_t i = 0; i < n * n; i++) a[i] = result[i];                                                     \
  }                                                                                                          \
                                                                                                             \
  static int cholesky_##suffix(size_t n, type *a) {                                                          \
    for (size_t j = 0; j < n; j++) {                                                                         \
      type *column = a + j * n;                                                                              \
      for (size_t i = 0; i <= j; i++) {                                                                      \
        const type *other = a + i * n;                                                                       \
        type sum = column[i];                                                                                \
        for (size_t k = 0; k < i; k++) sum -= other[k] * column[k];                                          \
        if (i < j) {                                                                                         \
          column[i] = sum / other[i];                                                                        \
        } else {                                                                                             \
          column[j] = sum;                                                                                   \
        }                                                                                                    \
      }                                                                                                      \
      if (!(column[j] > 0)) return (int)j + 1;                                                               \
      column[j] = root(column[j]);                                                                           \
    }                                                                                                        \
    return 0;                                                                                                \
  }

SMALL(float, f32, fabsf, sqrtf)
SMALL(double, f64, fabs, sqrt)

int ckernels_small_lu(enum ckernels_scalar scalar, size_t n, void *a, int32_t *pivots) {
  return scalar == CKERNELS_FLOAT ? lu_f32(n, a, pivots) : lu_f64(n, a, pivots);
}

void ckernels_small_inverse(enum ckernels_scalar scalar, size_t n, void *a, const int32_t *pivots) {
  if (scalar == CKERNELS_FLOAT) {
    inverse_f32(n, a, pivots);
  } else {
    inverse_f64(n, a, pivots);
  }
}

int ckernels_small_cholesky(enum ckernels_scalar scalar, size_t n, void *a) {
  return scalar == CKERNELS_FLOAT ? cholesky_f32(n, a) : cholesky_f64(n, a);
}
