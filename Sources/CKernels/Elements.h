// Elementwise functions of one scalar type, see Processor.h, and their table. A function of vectors serves all of a row,
// the remainder too, so what it makes of a number does not depend on where the number lies.

#if IS_FLOAT
#include "FloatMath.h"
#include "Normal.h"
#else
// What FloatMath.h has for `float`, under the same names: the C library's functions, one number at a time.
#define BY_LANES(function)                                                                                   \
  INLINE vector_f64 function##_f64(vector_f64 x) {                                                           \
    for (size_t lane = 0; lane < LANES; lane++) x[lane] = function(x[lane]);                                 \
    return x;                                                                                                \
  }

BY_LANES(log)
BY_LANES(log1p)
BY_LANES(expm1)
BY_LANES(erfc)

// fmod has the sign of x.
INLINE double floored_remainder(double x, double y) {
  const double rest = fmod(x, y);
  return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

// The share of a normal distribution below x, and its density at x times √(2π).
INLINE vector_f64 normal_share_f64(vector_f64 x, vector_f64 *bell) {
  *bell = exp_f64(-0.5 * x * x);
  return 0.5 * erfc_f64(x * -0.70710678118654752440);
}

#undef BY_LANES
#endif

// MARK: - Loops

// Stores `expression` of each vector x of `from`.
#define FOR_EACH(expression)                                                                                 \
  const TYPE *const source = from;                                                                           \
  TYPE *const target = to;                                                                                   \
  size_t i = 0;                                                                                              \
  for (; i + LANES <= count; i += LANES) {                                                                   \
    const NAME(vector) x = NAME(load)(source + i, LANES, 0);                                                 \
    NAME(store)(target + i, expression, LANES);                                                              \
  }                                                                                                          \
  if (i < count) {                                                                                           \
    const NAME(vector) x = NAME(load)(source + i, count - i, 0);                                             \
    NAME(store)(target + i, expression, count - i);                                                          \
  }

#define MAP(function)                                                                                        \
  static void NAME(function##_all)(const void *from, size_t count, void *to) {                               \
    FOR_EACH(NAME(function)(x))                                                                              \
  }

// A step of 0 repeats the first number.
INLINE NAME(vector) NAME(load_steps)(const TYPE *p, size_t step, size_t i, size_t used) {
  return step == 0 ? NAME(splat)(*p) : NAME(load)(p + i, used, 1);
}

#define FOR_EACH_STEP(x_step, y_step, expression)                                                            \
  size_t i = 0;                                                                                              \
  for (; i + LANES <= count; i += LANES) {                                                                   \
    const NAME(vector) x = NAME(load_steps)(source, x_step, i, LANES);                                       \
    const NAME(vector) y = NAME(load_steps)(other, y_step, i, LANES);                                        \
    NAME(store)(target + i, expression, LANES);                                                              \
  }                                                                                                          \
  if (i < count) {                                                                                           \
    const NAME(vector) x = NAME(load_steps)(source, x_step, i, count - i);                                   \
    const NAME(vector) y = NAME(load_steps)(other, y_step, i, count - i);                                    \
    NAME(store)(target + i, expression, count - i);                                                          \
  }

// Stores `expression` of each pair of vectors x of `from` and y of `beside`. The usual steps are known to the compiler.
#define FOR_EACH_PAIR(expression)                                                                            \
  const TYPE *const source = from, *const other = beside;                                                    \
  TYPE *const target = to;                                                                                   \
  if (x_step == 1 && y_step == 1) {                                                                          \
    FOR_EACH_STEP(1, 1, expression)                                                                          \
  } else {                                                                                                   \
    FOR_EACH_STEP(x_step, y_step, expression)                                                                \
  }

#define PAIRS(function)                                                                                      \
  static void NAME(function##_all)(const void *from, size_t x_step, const void *beside, size_t y_step,       \
                                   size_t count, void *to) {                                                 \
    FOR_EACH_PAIR(NAME(function)(x, y))                                                                      \
  }

// The C library's function of each number: a loop without vectors.
#if IS_FLOAT
#define LIBRARY(function) function##f
#else
#define LIBRARY(function) function
#endif

#define LIBRARY_MAP(function)                                                                                \
  static void NAME(function##_all)(const void *from, size_t count, void *to) {                               \
    const TYPE *const x = from;                                                                              \
    TYPE *const y = to;                                                                                      \
    for (size_t i = 0; i < count; i++) y[i] = LIBRARY(function)(x[i]);                                       \
  }

#define LIBRARY_PAIRS(name, function)                                                                        \
  static void NAME(name##_all)(const void *from, size_t x_step, const void *beside, size_t y_step,           \
                               size_t count, void *to) {                                                     \
    const TYPE *const x = from, *const y = beside;                                                           \
    TYPE *const z = to;                                                                                      \
    for (size_t i = 0; i < count; i++) z[i] = function(x[i * x_step], y[i * y_step]);                        \
  }

// MARK: - Arithmetic

#define ARITHMETIC(name, expression)                                                                         \
  INLINE NAME(vector) NAME(name)(NAME(vector) x, NAME(vector) y) { return expression; }                      \
  PAIRS(name)

ARITHMETIC(add, x + y)
ARITHMETIC(subtract, x - y)
ARITHMETIC(multiply, x * y)
ARITHMETIC(divide, x / y)

INLINE NAME(vector) NAME(negate)(NAME(vector) x) { return -x; }
INLINE NAME(vector) NAME(square)(NAME(vector) x) { return x * x; }
// NaN stays NaN.
INLINE NAME(vector) NAME(rectified)(NAME(vector) x) { return NAME(choose)(x <= 0, NAME(splat)(0), x); }
MAP(negate)
MAP(square)
MAP(rectified)

// MARK: - Elementary functions

MAP(exp)
MAP(tanh)
MAP(sigmoid)
#if IS_FLOAT
MAP(log)
MAP(log1p)
MAP(expm1)
MAP(sin)
MAP(cos)
MAP(erf)
MAP(erfc)
PAIRS(atan2)
PAIRS(hypot)
PAIRS(remainder)

static void power_all_f32(const void *from, int exponent, size_t count, void *to) {
  FOR_EACH(power_f32(x, exponent))
}
#else
LIBRARY_MAP(log)
LIBRARY_MAP(log1p)
LIBRARY_MAP(expm1)
LIBRARY_MAP(sin)
LIBRARY_MAP(cos)
LIBRARY_MAP(erf)
LIBRARY_MAP(erfc)
LIBRARY_PAIRS(atan2, atan2)
LIBRARY_PAIRS(hypot, hypot)
LIBRARY_PAIRS(remainder, floored_remainder)

static void power_all_f64(const void *from, int exponent, size_t count, void *to) {
  const double *x = from;
  double *y = to;
  for (size_t i = 0; i < count; i++) y[i] = pow(x[i], exponent);
}
#endif

LIBRARY_MAP(exp2)
LIBRARY_MAP(log2)
LIBRARY_MAP(log10)
LIBRARY_MAP(cbrt)
LIBRARY_MAP(tan)
LIBRARY_MAP(asin)
LIBRARY_MAP(acos)
LIBRARY_MAP(atan)
LIBRARY_MAP(sinh)
LIBRARY_MAP(cosh)
LIBRARY_MAP(asinh)
LIBRARY_MAP(acosh)
LIBRARY_MAP(atanh)
LIBRARY_PAIRS(pow, LIBRARY(pow))

#if IS_FLOAT
MAP(log_gamma)
#else
// Plain lgamma writes the sign of Γ to a variable that all threads share.
static void log_gamma_all_f64(const void *from, size_t count, void *to) {
  const double *const x = from;
  double *const y = to;
  int sign;
  for (size_t i = 0; i < count; i++) y[i] = lgamma_r(x[i], &sign);
}
#endif

// MARK: - Rounding, which is exact

INLINE NAME(vector) NAME(floor)(NAME(vector) x) { return __builtin_elementwise_floor(x); }
INLINE NAME(vector) NAME(ceil)(NAME(vector) x) { return __builtin_elementwise_ceil(x); }
// To the even of two as near.
INLINE NAME(vector) NAME(round)(NAME(vector) x) { return __builtin_elementwise_rint(x); }
INLINE NAME(vector) NAME(trunc)(NAME(vector) x) { return __builtin_elementwise_trunc(x); }
INLINE NAME(vector) NAME(sqrt)(NAME(vector) x) { return __builtin_elementwise_sqrt(x); }

MAP(floor)
MAP(ceil)
MAP(round)
MAP(trunc)
MAP(sqrt)

// MARK: - Activations

// Errors of functions are in ulp, over x from −80 up (GELU from −12 and, by the hyperbolic tangent, −9): below, results
// vanish. Errors of slopes, which pass through 0, are in units of 1's last place, times the slope where that is above 1.

// log(x / (1 − x)). From ¼ on 2x − 1 and the smaller of x and 1 − x are exact, so that near ½, where the logarithm is
// that of a number near 1, the distance from 1 is rounded once.
// Error over all numbers: 2; in double 1.6.
INLINE NAME(vector) NAME(logit)(NAME(vector) x) {
  const NAME(vector) twice = 2 * x - 1, rest = 1 - x;
  const NAME(vector) near = NAME(log1p)(NAME(magnitude)(twice) / NAME(choose)(x < (TYPE)0.5, x, rest));
  return NAME(choose)(x < (TYPE)0.25, NAME(log)(x / rest), NAME(with_sign_of)(twice, near));
}

// log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|).
// Error: 2; in double 1.7. Slope: that of the sigmoid.
INLINE NAME(vector) NAME(softplus)(NAME(vector) x) {
  return NAME(choose)(x < 0, NAME(splat)(0), x) + NAME(log1p)(NAME(exp)(-NAME(magnitude)(x)));
}

INLINE NAME(vector) NAME(softplus_slope)(NAME(vector) g, NAME(vector) x) { return g * NAME(sigmoid)(x); }

// x · σ(x).
// Error: 2.5; in double 2. Slope: 9; in double 18.
INLINE NAME(vector) NAME(silu)(NAME(vector) x) { return x / (1 + NAME(exp)(-x)); }

INLINE NAME(vector) NAME(silu_slope)(NAME(vector) g, NAME(vector) x) {
  const NAME(vector) s = NAME(sigmoid)(x);
  return g * (s * (1 + x * (1 - s)));
}

// The rounding of x is multiplied by x².
// Error: 8 · max(1, x²); in double 2 · max(1, x²). Slope: 2; in double 1.2.
INLINE NAME(vector) NAME(gelu)(NAME(vector) x) {
  NAME(vector) bell;
  return x * NAME(normal_share)(x, &bell);
}

INLINE NAME(vector) NAME(gelu_slope)(NAME(vector) g, NAME(vector) x) {
  NAME(vector) bell;
  const NAME(vector) share = NAME(normal_share)(x, &bell);
  return g * (share + x * bell * (TYPE)0.39894228040143267794);
}

// √(8/π): half of 1 + tanh(u) is σ(2u), which keeps its digits where it is nearly 0.
#define GELU_SCALE (TYPE)1.59576912160573071176

// Error: 4 · max(1, x²); in double 3 · max(1, x²). Slope: 18; in double 45.
INLINE NAME(vector) NAME(gelu_by_tanh)(NAME(vector) x) {
  return x * NAME(sigmoid)(GELU_SCALE * x * (1 + (TYPE)0.044715 * x * x));
}

INLINE NAME(vector) NAME(gelu_by_tanh_slope)(NAME(vector) g, NAME(vector) x) {
  // Beyond these bounds the slope is 0 or 1 to the last digit, but x³ may be ∞.
  x = NAME(choose)(x < NAME(splat)(-1000), NAME(splat)(-1000), x);
  x = NAME(choose)(x > NAME(splat)(1000), NAME(splat)(1000), x);
  const NAME(vector) s = NAME(sigmoid)(GELU_SCALE * x * (1 + (TYPE)0.044715 * x * x));
  return g * (s * (1 + x * (1 - s) * (GELU_SCALE * (1 + (TYPE)0.134145 * x * x))));
}

// x · tanh(log(1 + eˣ)): with e = eˣ the hyperbolic tangent is n / (n + 2) for n = e · (e + 2), and 1 from x = 20 on.
// Error: 4; in double 3.5. Slope: 2; in double 1.5.
INLINE NAME(vector) NAME(mish)(NAME(vector) x) {
  const NAME(vector) e = NAME(exp)(NAME(choose)(x > 20, NAME(splat)(20), x)), n = e * (e + 2);
  return x * (n / (n + 2));
}

INLINE NAME(vector) NAME(mish_slope)(NAME(vector) g, NAME(vector) x) {
  const NAME(vector) e = NAME(exp)(NAME(choose)(x > 20, NAME(splat)(20), x)), n = e * (e + 2), t = n / (n + 2);
  // 1 − t² = 4 (n + 1) / (n + 2)².
  const NAME(vector) change = x * (e / (1 + e)) * (4 * (n + 1) / ((n + 2) * (n + 2)));
  return g * (t + NAME(choose)(x > 20, NAME(splat)(0), change));
}

// Error, for an alpha that is a power of 2: 1; in double 0.75. Slope: 1 ulp.
INLINE NAME(vector) NAME(elu)(NAME(vector) x, TYPE alpha) {
  // A library's function is slow where nobody wants its result.
  return NAME(choose)(x > 0, x, alpha * NAME(expm1)(NAME(choose)(x > 0, NAME(splat)(0), x)));
}

INLINE NAME(vector) NAME(elu_slope)(NAME(vector) g, NAME(vector) x, TYPE alpha) {
  return g * NAME(choose)(x > 0, NAME(splat)(1), alpha * NAME(exp)(x));
}

MAP(logit)
MAP(softplus)
MAP(silu)
MAP(gelu)
MAP(gelu_by_tanh)
MAP(mish)
PAIRS(softplus_slope)
PAIRS(silu_slope)
PAIRS(gelu_slope)
PAIRS(gelu_by_tanh_slope)
PAIRS(mish_slope)

static void NAME(elu_all)(const void *from, double alpha, size_t count, void *to) {
  FOR_EACH(NAME(elu)(x, alpha))
}

static void NAME(elu_slope_all)(const void *from, size_t x_step, const void *beside, size_t y_step, double alpha,
                                size_t count, void *to) {
  FOR_EACH_PAIR(NAME(elu_slope)(x, y, alpha))
}

// MARK: - Log-sum-exp

// eˣ⁻ʸ, also where both are −∞: a number of −∞ has no share.
// Error: 1 ulp, beside the rounding of x − y.
INLINE NAME(vector) NAME(exp_of_difference)(NAME(vector) x, NAME(vector) y) {
  return NAME(choose)(x == NAME(splat)(-INFINITY), NAME(splat)(0), NAME(exp)(x - y));
}

PAIRS(exp_of_difference)

#undef FOR_EACH
#undef MAP
#undef FOR_EACH_PAIR
#undef FOR_EACH_STEP
#undef PAIRS
#undef ARITHMETIC
#undef LIBRARY
#undef LIBRARY_MAP
#undef LIBRARY_PAIRS
#undef GELU_SCALE

#include "Reductions.h"

typedef TYPE NAME(four) __attribute__((vector_size(4 * sizeof(TYPE))));
typedef TYPE NAME(unaligned_four) __attribute__((vector_size(4 * sizeof(TYPE)), aligned(sizeof(TYPE))));

INLINE void NAME(transpose_4x4)(const TYPE *x, size_t x_stride, TYPE *y, size_t y_stride) {
  NAME(four) row[4];
  UNROLL for (int i = 0; i < 4; i++) row[i] = *(const NAME(unaligned_four) *)(x + i * x_stride);
  NAME(four) low01 = __builtin_shufflevector(row[0], row[1], 0, 4, 1, 5);
  NAME(four) low23 = __builtin_shufflevector(row[2], row[3], 0, 4, 1, 5);
  NAME(four) high01 = __builtin_shufflevector(row[0], row[1], 2, 6, 3, 7);
  NAME(four) high23 = __builtin_shufflevector(row[2], row[3], 2, 6, 3, 7);
  *(NAME(unaligned_four) *)y = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
  *(NAME(unaligned_four) *)(y + y_stride) = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
  *(NAME(unaligned_four) *)(y + 2 * y_stride) = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
  *(NAME(unaligned_four) *)(y + 3 * y_stride) = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

static void NAME(transpose_square)(const void *x, size_t x_stride, void *y, size_t y_stride) {
  const TYPE *source = x;
  // Main memory is quick for those who read it in order. Squares of four rows do not, and take 1.7 times as long as when
  // each line has been read beforehand.
  for (size_t i = 0; i < 16; i++)
    for (size_t j = 0; j < 16; j += 64 / sizeof(TYPE)) (void)*(const volatile TYPE *)(source + i * x_stride + j);
  for (size_t i = 0; i < 16; i += 4)
    for (size_t j = 0; j < 16; j += 4)
      NAME(transpose_4x4)(source + i * x_stride + j, x_stride, (TYPE *)y + j * y_stride + i, y_stride);
}

static const ckernels_elements NAME(elements) = {
    .add = NAME(add_all),
    .subtract = NAME(subtract_all),
    .multiply = NAME(multiply_all),
    .divide = NAME(divide_all),
    .negate = NAME(negate_all),
    .square = NAME(square_all),
    .rectified = NAME(rectified_all),

    .exp = NAME(exp_all),
    .exp2 = NAME(exp2_all),
    .expm1 = NAME(expm1_all),
    .log = NAME(log_all),
    .log2 = NAME(log2_all),
    .log10 = NAME(log10_all),
    .log1p = NAME(log1p_all),
    .cbrt = NAME(cbrt_all),
    .sin = NAME(sin_all),
    .cos = NAME(cos_all),
    .tan = NAME(tan_all),
    .asin = NAME(asin_all),
    .acos = NAME(acos_all),
    .atan = NAME(atan_all),
    .sinh = NAME(sinh_all),
    .cosh = NAME(cosh_all),
    .tanh = NAME(tanh_all),
    .asinh = NAME(asinh_all),
    .acosh = NAME(acosh_all),
    .atanh = NAME(atanh_all),
    .erf = NAME(erf_all),
    .erfc = NAME(erfc_all),
    .log_gamma = NAME(log_gamma_all),
    .sigmoid = NAME(sigmoid_all),
    .pow = NAME(pow_all),
    .hypot = NAME(hypot_all),
    .atan2 = NAME(atan2_all),
    .remainder = NAME(remainder_all),
    .power = NAME(power_all),

    .floor = NAME(floor_all),
    .ceil = NAME(ceil_all),
    .round = NAME(round_all),
    .trunc = NAME(trunc_all),
    .sqrt = NAME(sqrt_all),

    .logit = NAME(logit_all),
    .softplus = NAME(softplus_all),
    .silu = NAME(silu_all),
    .gelu = NAME(gelu_all),
    .gelu_by_tanh = NAME(gelu_by_tanh_all),
    .mish = NAME(mish_all),
    .elu = NAME(elu_all),
    .softplus_slope = NAME(softplus_slope_all),
    .silu_slope = NAME(silu_slope_all),
    .gelu_slope = NAME(gelu_slope_all),
    .gelu_by_tanh_slope = NAME(gelu_by_tanh_slope_all),
    .mish_slope = NAME(mish_slope_all),
    .elu_slope = NAME(elu_slope_all),
    .exp_of_difference = NAME(exp_of_difference_all),

    .adam = NAME(adam),
    .sum = NAME(sum),
    .maximum = NAME(maximum),
    .minimum = NAME(minimum),
    .add_rows = NAME(add_rows),
    .raise_rows = NAME(raise_rows),
    .lower_rows = NAME(lower_rows),
    .transpose_square = NAME(transpose_square),
};
