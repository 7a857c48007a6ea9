// Includes the families that serve both scalars, once for `float` and once for `double`, each time after the vectors of
// that type; see Processor.h. What a family defines for itself it undefines.
//
// The polynomials are Moshier's (Cephes), but for the exponential of doubles.
#include <math.h>
#include <string.h>

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
