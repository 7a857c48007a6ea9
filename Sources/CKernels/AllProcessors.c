// What is compiled once, for all processors alike: the choice among their tables, and loops that wait for memory or are too
// short for vectors.
#include "CKernels.h"

#include <float.h>
#include <math.h>
#include <string.h>
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

// MARK: - The table of this machine

extern const ckernels ckernels_portable;

#if defined(__x86_64__)

extern const ckernels ckernels_x86_64_v3;
extern const ckernels ckernels_x86_64_v4;
extern const ckernels ckernels_x86_64_v4_bf16;

const ckernels *ckernels_for_processor(int index) {
  switch (index) {
    case 0: return &ckernels_portable;
    case 1: return __builtin_cpu_supports("x86-64-v3") ? &ckernels_x86_64_v3 : NULL;
    case 2: return __builtin_cpu_supports("x86-64-v4") ? &ckernels_x86_64_v4 : NULL;
    case 3:
      return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512bf16")
                 ? &ckernels_x86_64_v4_bf16
                 : NULL;
    default: return NULL;
  }
}

#else

const ckernels *ckernels_for_processor(int index) { return index == 0 ? &ckernels_portable : NULL; }

#endif

// MARK: - Elements at positions

// One walk over lines or along one: `count` elements of the rows, each with its position and the place that it counts from.
#define WALK(name, type, action, run)                                                                        \
  static void name(const ckernels_picks *t, type *row, ptrdiff_t row_step, type *picked,                     \
                   ptrdiff_t picked_step, ptrdiff_t line_step, const int64_t *positions,                     \
                   ptrdiff_t position_step, size_t count) {                                                  \
    (void)t;                                                                                                 \
    if (position_step == 0 && row_step == 1 && line_step == 1) {                                             \
      type *other = picked + *positions * picked_step;                                                       \
      run;                                                                                                   \
    } else if (position_step == 1 && row_step == 1) {                                                        \
      for (size_t i = 0; i < count; i++) {                                                                   \
        type *r = row + i, *p = picked + (ptrdiff_t)i * line_step + positions[i] * picked_step;              \
        action;                                                                                              \
      }                                                                                                      \
    } else {                                                                                                 \
      for (size_t i = 0; i < count; i++) {                                                                   \
        type *r = row + (ptrdiff_t)i * row_step;                                                             \
        type *p = picked + (ptrdiff_t)i * line_step + positions[(ptrdiff_t)i * position_step] * picked_step; \
        action;                                                                                              \
      }                                                                                                      \
    }                                                                                                        \
  }

#define WALKS(type)                                                                                          \
  WALK(read_##type, type, *r = *p, memcpy(row, other, count * sizeof(type)))                                 \
  WALK(write_##type, type, *p = *r, memcpy(other, row, count * sizeof(type)))
// A call is not worth its while for a few elements.
#define ADD(type)                                                                                            \
  WALK(add_##type, type, *p += *r, if (count >= 32) t->add(other, 1, row, 1, count, other);                  \
       else for (size_t i = 0; i < count; i++) other[i] += row[i])

WALKS(uint8_t)
WALKS(uint16_t)
WALKS(uint32_t)
WALKS(uint64_t)
ADD(float)
ADD(double)

#define EACH(name, type)                                                                                     \
  if (t->runs_along_axis) {                                                                                  \
    for (size_t line = 0; line < t->lines; line++) {                                                         \
      name(t, (type *)t->row + (ptrdiff_t)line * t->row_line, t->row_step,                                      \
           (type *)t->picked + (ptrdiff_t)line * t->picked_line, t->picked_step, 0,                          \
           t->positions + (ptrdiff_t)line * t->position_line, t->position_step, t->length);                  \
    }                                                                                                        \
  } else {                                                                                                   \
    for (size_t j = 0; j < t->length; j++) {                                                                 \
      name(t, (type *)t->row + (ptrdiff_t)j * t->row_step, t->row_line, (type *)t->picked, t->picked_step,      \
           t->picked_line, t->positions + (ptrdiff_t)j * t->position_step, t->position_line, t->lines);      \
    }                                                                                                        \
  }                                                                                                          \
  return;

void ckernels_move(const ckernels_picks *t, enum ckernels_pick pick, size_t width) {
  switch (pick) {
    case CKERNELS_READ:
      switch (width) {
        case 1: EACH(read_uint8_t, uint8_t)
        case 2: EACH(read_uint16_t, uint16_t)
        case 4: EACH(read_uint32_t, uint32_t)
        default: EACH(read_uint64_t, uint64_t)
      }
    case CKERNELS_WRITE:
      switch (width) {
        case 1: EACH(write_uint8_t, uint8_t)
        case 2: EACH(write_uint16_t, uint16_t)
        case 4: EACH(write_uint32_t, uint32_t)
        default: EACH(write_uint64_t, uint64_t)
      }
    case CKERNELS_ADD_FLOAT: EACH(add_float, float)
    case CKERNELS_ADD_DOUBLE: EACH(add_double, double)
  }
}

size_t ckernels_count_true(const void *x, size_t count) {
  const uint8_t *bytes = x;
  size_t found = 0;
  for (size_t i = 0; i < count; i++) found += bytes[i] != 0;
  return found;
}

size_t ckernels_true_places(const void *x, size_t count, int64_t *places) {
  const uint8_t *bytes = x;
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    // No branch, which would be guessed wrong half of the time.
    places[found] = (int64_t)i;
    found += bytes[i] != 0;
  }
  return found;
}

bool ckernels_are_below(const void *x, size_t count, int64_t limit) {
  const uint64_t *numbers = x;
  // Below 0 is far above as an unsigned number.
  bool all = true;
  for (size_t i = 0; i < count; i++) all &= numbers[i] < (uint64_t)limit;
  return all;
}

bool ckernels_are_finite(enum ckernels_scalar scalar, const void *x, size_t count) {
  bool all = true;
  if (scalar == CKERNELS_FLOAT) {
    const float *numbers = x;
    for (size_t i = 0; i < count; i++) all &= fabsf(numbers[i]) <= FLT_MAX;
  } else {
    const double *numbers = x;
    for (size_t i = 0; i < count; i++) all &= fabs(numbers[i]) <= DBL_MAX;
  }
  return all;
}

// MARK: - Factors of matrices of a few rows

// A call of LAPACK would take longer than their arithmetic. Matrices are those of LAPACK, in column-major order and without
// gaps. The orders that come by the thousand are constants to the compiler, which leaves nothing of the loops.

#define LARGEST CKERNELS_SMALL_ORDER
#define ALWAYS_INLINE __attribute__((always_inline)) static inline

#define SMALL(type, suffix, magnitude, root)                                                                 \
  ALWAYS_INLINE int lu_##suffix(size_t n, type *a, int32_t *pivots) {                                        \
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
  ALWAYS_INLINE void inverse_##suffix(size_t n, type *a, const int32_t *pivots) {                            \
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
  ALWAYS_INLINE int cholesky_##suffix(size_t n, type *a) {                                                   \
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

#define BY_ORDER(function, ...)                                                                              \
  switch (n) {                                                                                               \
    case 2: return function(2, __VA_ARGS__);                                                                 \
    case 3: return function(3, __VA_ARGS__);                                                                 \
    case 4: return function(4, __VA_ARGS__);                                                                 \
    default: return function(n, __VA_ARGS__);                                                                \
  }

int ckernels_small_lu(enum ckernels_scalar scalar, size_t n, void *a, int32_t *pivots) {
  if (scalar == CKERNELS_FLOAT) BY_ORDER(lu_f32, a, pivots)
  BY_ORDER(lu_f64, a, pivots)
}

void ckernels_small_inverse(enum ckernels_scalar scalar, size_t n, void *a, const int32_t *pivots) {
  if (scalar == CKERNELS_FLOAT) BY_ORDER(inverse_f32, a, pivots)
  BY_ORDER(inverse_f64, a, pivots)
}

int ckernels_small_cholesky(enum ckernels_scalar scalar, size_t n, void *a) {
  if (scalar == CKERNELS_FLOAT) BY_ORDER(cholesky_f32, a)
  BY_ORDER(cholesky_f64, a)
}

// MARK: - Memory that goes to other addresses

#ifdef __linux__

// From <sys/mman.h> and <linux/mman.h>, which the oldest supported C library does not have in full.
enum { MAY_MOVE = 1, FIXED = 2, DO_NOT_UNMAP = 4 };

bool ckernels_move_pages(void *from, size_t bytes, void *to) {
  return syscall(SYS_mremap, from, bytes, bytes, MAY_MOVE | FIXED | DO_NOT_UNMAP, to) == (long)to;
}

#else

bool ckernels_move_pages(void *from, size_t bytes, void *to) {
  (void)from, (void)bytes, (void)to;
  return false;
}

#endif
