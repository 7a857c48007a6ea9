// AVX-512: 28 accumulators of 64 bytes in 32 registers. The compiler prefers half-width vectors at this level, and
// would need twice as many registers as there are, unless it is told the width.
#if defined(__x86_64__)
#include <immintrin.h>

#include "GemmKernels.h"

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#pragma clang attribute push(__attribute__((__min_vector_width__(512))), apply_to = function)

// The functions that pass vectors are all inlined: how such arguments travel between files is no concern.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define JOINED(a, b) a##_##b
#define JOIN(a, b) JOINED(a, b)
#define NAME(name) JOIN(name, SUFFIX)

// A tile of the result has ROWS rows and VECTORS vectors of columns.
#define ROWS 14
#define VECTORS 2
// A panel of b is read for this much of the depth at once, and stays in the first-level cache meanwhile…
#define PIECE 128
// …for this many rows of a, which are packed in the second-level cache.
#define BLOCK 64

INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// The size of the next of `parts` parts of `rest`, which differ by 1 at most.
INLINE size_t share(size_t rest, size_t parts) { return (rest + parts - 1) / parts; }

#define TYPE float
#define SUFFIX f32
#define LANES 16
#define MASK(count) (__mmask16)((1u << (count)) - 1)
#define LOAD_FIRST(p, count) (NAME(vector)) _mm512_maskz_loadu_ps(MASK(count), p)
#define STORE_FIRST(p, v, count) _mm512_mask_storeu_ps(p, MASK(count), (__m512)(v))
#define LOWER_HALVES 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define UPPER_HALVES 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#include "GemmLoops.h"
#undef TYPE
#undef SUFFIX
#undef LANES
#undef MASK
#undef LOAD_FIRST
#undef STORE_FIRST
#undef LOWER_HALVES
#undef UPPER_HALVES

#define TYPE double
#define SUFFIX f64
#define LANES 8
#define MASK(count) (__mmask8)((1u << (count)) - 1)
#define LOAD_FIRST(p, count) (NAME(vector)) _mm512_maskz_loadu_pd(MASK(count), p)
#define STORE_FIRST(p, v, count) _mm512_mask_storeu_pd(p, MASK(count), (__m512d)(v))
#define LOWER_HALVES 0, 8, 1, 9, 2, 10, 3, 11
#define UPPER_HALVES 4, 12, 5, 13, 6, 14, 7, 15
#include "GemmLoops.h"

const ckernels_gemm ckernels_gemm_x86_64_v4 = {
    width_f32, pack_f32, multiply_f32, width_f64, pack_f64, multiply_f64,
};

#pragma clang attribute pop
#pragma clang attribute pop
#endif
