// All families of loops for one kind of processor, and the table that names them. The file that includes this sets the
// target of all functions below and defines
//   PROCESSOR, PROCESSOR_NAME  the table's symbol and its name
//   VECTOR_BYTES               the size of a vector
//   WINOGRAD_LANES             floats in a vector of Winograd's loops: 8 or 16
//   WINOGRAD_VECTORS           vectors of a row of the register tile of Winograd's product, which has 6 rows
//   HAS_GEMM                   1 where there are products of matrices: with AVX-512
#include "CKernels.h"

#include <math.h>
#include <string.h>

// The functions that pass vectors are all inlined: how such arguments travel between files is no concern.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline, unused))
#define UNROLL _Pragma("clang loop unroll(full)")
#define JOINED(a, b) a##_##b
#define JOIN(a, b) JOINED(a, b)
// What exists once for each scalar.
#define NAME(name) JOIN(name, SUFFIX)

// MARK: - The families that serve both scalars
//
// Each is included once for `float` and once for `double`, each time after the vectors of that type; what a family
// defines for itself it undefines. The polynomials are Moshier's (Cephes), but for the exponential of doubles.

#define TYPE float
#define IS_FLOAT 1
#define INTEGER int32_t
#define SCALAR f32
#define SUFFIX SCALAR
#define LANES (VECTOR_BYTES / 4)
#define EXP_LOWEST -104.0f
#define EXP_HIGHEST 89.0f
#define LOG2_E 1.44269504f
#define LN2_UPPER 0.693359375f
#define LN2_LOWER -2.12194440e-4f
// 1.5 · 2²³: adding it leaves the nearest whole number in the low bits.
#define ROUNDER 12582912.0f
#define EXPONENT_BIAS 127
#define FRACTION_BITS 23
// (eʳ − 1 − r) / r² for |r| ≤ log(2) / 2.
static const float exp_series_f32[] = {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f,
                                       4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f};
// tanh x = x + x³ · above(x²) / below(x²) for |x| < 0.625.
static const float tanh_above_f32[] = {-5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f,
                                       1.33314422036e-1f, -3.33332819422e-1f};
static const float tanh_below_f32[] = {1};
#include "VectorMath.h"
#include "Elements.h"
#include "Lines.h"
#include "Depthwise.h"
#include "Rectifiers.h"
#include "Fourier.h"
#if HAS_GEMM
#include "Gemm.h"
#endif
#undef TYPE
#undef IS_FLOAT
#undef INTEGER
#undef SCALAR
#undef SUFFIX
#undef LANES
#undef EXP_LOWEST
#undef EXP_HIGHEST
#undef LOG2_E
#undef LN2_UPPER
#undef LN2_LOWER
#undef ROUNDER
#undef EXPONENT_BIAS
#undef FRACTION_BITS

#define TYPE double
#define IS_FLOAT 0
#define INTEGER int64_t
#define SCALAR f64
#define SUFFIX SCALAR
#define LANES (VECTOR_BYTES / 8)
#define EXP_LOWEST -746.0
#define EXP_HIGHEST 710.0
#define LOG2_E 1.4426950408889634074
#define LN2_UPPER 6.93145751953125e-1
#define LN2_LOWER 1.42860682030941723212e-6
// 1.5 · 2⁵².
#define ROUNDER 6755399441055744.0
#define EXPONENT_BIAS 1023
#define FRACTION_BITS 52
// Taylor's series: the first term left out is below 2⁻⁵⁷.
static const double exp_series_f64[] = {
    1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
    1.0 / 5040,       1.0 / 720,       1.0 / 120,      1.0 / 24,      1.0 / 6,      1.0 / 2};
static const double tanh_above_f64[] = {-9.64399179425052238628e-1, -9.92877231001918586564e1,
                                        -1.61468768441708447952e3};
static const double tanh_below_f64[] = {1, 1.12811678491632931402e2, 2.23548839060100448583e3,
                                        4.84406305325125486048e3};
#include "VectorMath.h"
#include "Elements.h"
#include "Lines.h"
#include "Depthwise.h"
#include "Rectifiers.h"
#include "Fourier.h"
#if HAS_GEMM
#include "Gemm.h"
#endif
#undef TYPE
#undef IS_FLOAT
#undef INTEGER
#undef SCALAR
#undef SUFFIX
#undef LANES
#undef EXP_LOWEST
#undef EXP_HIGHEST
#undef LOG2_E
#undef LN2_UPPER
#undef LN2_LOWER
#undef ROUNDER
#undef EXPONENT_BIAS
#undef FRACTION_BITS

// MARK: - The table

#include "Winograd.h"

#define BOTH(table) {[CKERNELS_FLOAT] = &table##_f32, [CKERNELS_DOUBLE] = &table##_f64}

#if HAS_GEMM
#define GEMM BOTH(gemm)
#else
#define GEMM {NULL, NULL}
#endif

// The table's slots, but its name and Winograd's loops.
#define COMMON_SLOTS                                                                                     \
  .elements = BOTH(elements), .lines = BOTH(lines), .depthwise = BOTH(depthwise),                            \
  .rectifiers = BOTH(rectifiers), .fourier = BOTH(fourier), .gemm = GEMM, .normal = normal_floats

const ckernels PROCESSOR = {
    .name = PROCESSOR_NAME,
    COMMON_SLOTS,
    .winograd = {[CKERNELS_SINGLE] = &winograd},
};
