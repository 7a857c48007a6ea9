// The loops of functions that only `float` has of its own: for `double` the C library's are good enough. Where it is
// cheap they are computed in double and rounded once. See Elements.h, which includes this.
//
// The polynomials in double are minimax to 2⁻³³ of the result or better.

typedef int64_t wide_mask_f32 __attribute__((vector_size(LANES * 8)));

// 1.5 · 2⁵²: adding it leaves the nearest whole number in the low bits.
#define WIDE_ROUNDER 6755399441055744.0

INLINE wide_f32 choose_wide(wide_mask_f32 m, wide_f32 a, wide_f32 b) {
  return (wide_f32)(((wide_mask_f32)a & m) | ((wide_mask_f32)b & ~m));
}

INLINE vector_f32 sign_of(vector_f32 x) { return (vector_f32)((mask_f32)x & (mask_f32)splat_f32(-0.0f)); }
INLINE vector_f32 magnitude(vector_f32 x) { return (vector_f32)((mask_f32)x ^ (mask_f32)sign_of(x)); }
INLINE vector_f32 with_sign_of(vector_f32 x, vector_f32 size) {
  return (vector_f32)((mask_f32)magnitude(size) | (mask_f32)sign_of(x));
}
INLINE bool is_everywhere(mask_f32 m) { return __builtin_reduce_and(m) != 0; }

// A step of 0 repeats the first number.
INLINE vector_f32 load_steps(const float *p, size_t step, size_t i, size_t used) {
  return step == 0 ? splat_f32(*p) : load_f32(p + i, used, 1);
}

#define FLOAT_PAIRS(function)                                                                                \
  static void function##_all(const void *first, size_t x_step, const void *second, size_t y_step,            \
                             size_t count, void *to) {                                                       \
    const float *x = first, *y = second;                                                                     \
    float *z = to;                                                                                           \
    size_t i = 0;                                                                                            \
    for (; i + LANES <= count; i += LANES) {                                                                 \
      store_f32(z + i, function##_f32(load_steps(x, x_step, i, LANES), load_steps(y, y_step, i, LANES)),     \
                LANES);                                                                                      \
    }                                                                                                        \
    if (i < count) {                                                                                         \
      store_f32(z + i,                                                                                       \
                function##_f32(load_steps(x, x_step, i, count - i), load_steps(y, y_step, i, count - i)),    \
                count - i);                                                                                  \
    }                                                                                                        \
  }

// MARK: - Powers

INLINE vector_f32 power_f32(vector_f32 x, int exponent) {
  wide_f32 square = widen_f32(x), product = (wide_f32){0} + 1;
  for (unsigned rest = exponent < 0 ? -exponent : exponent; rest > 0; rest >>= 1) {
    if (rest & 1) product *= square;
    square *= square;
  }
  return narrow_f32(exponent < 0 ? 1 / product : product);
}

static void power_all(const void *from, int exponent, size_t count, void *to) {
  const float *x = from;
  float *y = to;
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    store_f32(y + i, power_f32(load_f32(x + i, LANES, 0), exponent), LANES);
  }
  if (i < count) store_f32(y + i, power_f32(load_f32(x + i, count - i, 0), exponent), count - i);
}

// MARK: - Angles

static const double sine_series[] = {2.7171489588511922e-6, -1.98391779369137941e-4, 8.3333286887532679e-3,
                                     -0.166666666304315947, 0.999999999995448074};
static const double cosine_series[] = {-2.71679399574471445e-7, 2.47988436731729065e-5, -1.38888799315339766e-3,
                                       0.0416666665336365741,   -0.499999999992708772,  0.999999999999934318};
// atan(x) / x for |x| ≤ 1, in x².
static const double angle_series[] = {
    -6.84793374374305321e-4, 4.85093898548942651e-3, -0.0161116936990022326, 0.0342096261265254125,
    -0.0542791218182565626,  0.0724571900372448198,  -0.0898023928739514865, 0.110932412815559035,
    -0.142839807588554393,   0.199999120511386671,   -0.333333315712007477,  0.999999999941237228};

#define WIDE_POLYNOMIAL(series, x) wide_polynomial(series, sizeof(series) / sizeof(double), x)

INLINE wide_f32 wide_polynomial(const double *series, size_t count, wide_f32 x) {
  wide_f32 p = (wide_f32){0} + series[0];
  UNROLL for (size_t i = 1; i < count; i++) p = p * x + series[i];
  return p;
}

// Up to here whole multiples of π/2 are taken off exactly enough: 20 bits times the 33 of its upper part fit a double.
#define LARGEST_ANGLE 1048576.0f

// sin(x + quarters · π/2).
INLINE vector_f32 turned_sine(vector_f32 x, int quarters) {
  wide_f32 angle = widen_f32(x), shifted = angle * 0.63661977236758134308 + WIDE_ROUNDER;
  wide_f32 n = shifted - WIDE_ROUNDER;
  wide_f32 r = (angle - n * 1.57079632673412561417) - n * 6.07710050650619224932e-11, square = r * r;
  wide_mask_f32 quadrant = (wide_mask_f32)shifted + quarters;
  wide_f32 sine = r * WIDE_POLYNOMIAL(sine_series, square), cosine = WIDE_POLYNOMIAL(cosine_series, square);
  wide_mask_f32 result = (wide_mask_f32)choose_wide((quadrant & 1) != 0, cosine, sine);
  return narrow_f32((wide_f32)(result ^ ((quadrant & 2) << 62)));
}

#define SINE(name, quarters, library)                                                                        \
  INLINE vector_f32 name##_f32(vector_f32 x) {                                                               \
    vector_f32 y = turned_sine(x, quarters);                                                                 \
    const mask_f32 is_small = magnitude(x) < splat_f32(LARGEST_ANGLE);                                       \
    if (!is_everywhere(is_small)) {                                                                          \
      for (size_t lane = 0; lane < LANES; lane++) {                                                          \
        y[lane] = is_small[lane] ? y[lane] : library(x[lane]);                                               \
      }                                                                                                      \
    }                                                                                                        \
    return y;                                                                                                \
  }

SINE(sin, 0, sinf)
SINE(cos, 1, cosf)

MAP(sin)
MAP(cos)

INLINE vector_f32 atan2_f32(vector_f32 y, vector_f32 x) {
  const wide_f32 a = widen_f32(magnitude(x)), b = widen_f32(magnitude(y));
  const wide_mask_f32 is_steep = b > a;
  const wide_f32 small = choose_wide(is_steep, a, b), large = choose_wide(is_steep, b, a);
  wide_f32 slope = small / large;
  slope = choose_wide(small == large, (wide_f32){0} + 1, slope);
  slope = choose_wide(large == 0, (wide_f32){0}, slope);
  wide_f32 angle = slope * WIDE_POLYNOMIAL(angle_series, slope * slope);
  angle = choose_wide(is_steep, 1.57079632679489661923 - angle, angle);
  // The sign counts, also that of 0.
  const wide_mask_f32 is_left = (wide_mask_f32)widen_f32(x) < 0;
  angle = choose_wide(is_left, 3.14159265358979323846 - angle, angle);
  return choose_f32((x == x) & (y == y), with_sign_of(y, narrow_f32(angle)), x + y);
}

FLOAT_PAIRS(atan2)

// MARK: - Remainder

// x − y · ⌊x/y⌋. Quotients of less than 28 bits times the 24 of y are exact in double, and so is the difference.
INLINE vector_f32 remainder_f32(vector_f32 x, vector_f32 y) {
  const wide_f32 a = widen_f32(x), b = widen_f32(y), quotient = a / b;
  // Cut off towards 0 by what the nearest whole number is too large.
  wide_f32 n = (quotient + WIDE_ROUNDER) - WIDE_ROUNDER;
  wide_f32 difference = a - n * b;
  const wide_mask_f32 is_beyond = (difference != 0) & (((wide_mask_f32)difference ^ (wide_mask_f32)a) < 0);
  const wide_f32 step = (wide_f32)((wide_mask_f32)b ^ (((wide_mask_f32)b ^ (wide_mask_f32)a) & INT64_MIN));
  difference = choose_wide(is_beyond, difference + step, difference);
  vector_f32 rest = narrow_f32(difference);
  const mask_f32 is_plain =
      (magnitude(narrow_f32(quotient)) < splat_f32(0x1p28f)) & (magnitude(y) < splat_f32(INFINITY));
  if (!is_everywhere(is_plain)) {
    for (size_t lane = 0; lane < LANES; lane++) {
      rest[lane] = is_plain[lane] ? rest[lane] : fmodf(x[lane], y[lane]);
    }
  }
  rest = with_sign_of(x, rest);
  const mask_f32 is_other_sign = (rest != 0) & ((rest < 0) != (y < 0));
  return choose_f32(is_other_sign, rest + y, rest);
}

FLOAT_PAIRS(remainder)

// MARK: - The error function

// erf(x) / x for |x| < 1 in x², to 2⁻²⁹ of itself.
static const float error_series[] = {7.853860730634604e-5f,   -8.010193705558777e-4f, 5.188327748328447e-3f,
                                     -2.6853812858462334e-2f, 1.128358542919159e-1f,  -3.761262595653534e-1f,
                                     1.1283791065216064f};
// erfc(x) = e^(−x²) · t · P(t) for x ≥ 0 with t = 1 / (1 + x/2), where P is minimax to 2⁻²⁴ of itself.
static const float error_tail_series[] = {-0.0591243543f, 0.284845859f, -0.487762243f,
                                          0.278712273f,   -0.0270714331f, 0.202876106f,
                                          0.243055761f,   0.282381922f, 0.282086045f};

#define FLOAT_POLYNOMIAL(series, x) polynomial_f32(series, sizeof(series) / sizeof(float), x)

// erfc(x) and e^(−x²) for x ≥ 0; beyond 10.25 both are 0. A NaN passes.
INLINE vector_f32 error_tail(vector_f32 x, vector_f32 *bell) {
  x = choose_f32(x > splat_f32(10.25f), splat_f32(10.25f), x);
  const vector_f32 t = 1 / (1 + 0.5f * x);
  // As exp in VectorMath.h, but x² would be rounded by more than the result may be. The square of x's upper twelve
  // bits is exact, and what is missing comes to what is left after multiples of log 2.
  const vector_f32 upper = (vector_f32)((mask_f32)x & ~0xFFF);
  const vector_f32 rounder = splat_f32(0x1.8p23f), shifted = rounder - x * x * 1.44269504f;
  const vector_f32 n = shifted - rounder;
  const vector_f32 r = (-(upper * upper) - n * 0.693359375f) + n * 2.12194440e-4f + (upper - x) * (upper + x);
  const mask_f32 exponent = (mask_f32)shifted - (mask_f32)rounder, half = exponent >> 1;
  *bell = (FLOAT_POLYNOMIAL(exp_series_f32, r) * (r * r) + r + 1) * power_of_two_f32(half) *
          power_of_two_f32(exponent - half);
  return FLOAT_POLYNOMIAL(error_tail_series, t) * t * *bell;
}

INLINE vector_f32 erf_f32(vector_f32 x) {
  vector_f32 bell;
  const vector_f32 size = magnitude(x);
  const vector_f32 near = FLOAT_POLYNOMIAL(error_series, size * size) * size, far = 1 - error_tail(size, &bell);
  return with_sign_of(x, choose_f32(size < 1, near, far));
}

INLINE vector_f32 erfc_f32(vector_f32 x) {
  vector_f32 bell;
  const vector_f32 size = magnitude(x), tail = error_tail(size, &bell);
  const vector_f32 near = 1 - FLOAT_POLYNOMIAL(error_series, size * size) * x;
  return choose_f32(size < 0.45f, near, choose_f32(x < 0, 2 - tail, tail));
}

MAP(erf)
MAP(erfc)

// MARK: - GELU

// The share of a normal distribution below x, and its density at x times √(2π).
INLINE vector_f32 normal_share(vector_f32 x, vector_f32 *bell) {
  const vector_f32 tail = 0.5f * error_tail(magnitude(x) * 0.70710678118654752440f, bell);
  return choose_f32(x < 0, tail, 1 - tail);
}

INLINE vector_f32 gelu_f32(vector_f32 x) {
  vector_f32 bell;
  return x * normal_share(x, &bell);
}

INLINE vector_f32 gelu_slope_f32(vector_f32 g, vector_f32 x) {
  vector_f32 bell;
  const vector_f32 share = normal_share(x, &bell);
  return g * (share + x * bell * 0.39894228040143267794f);
}

// √(8/π).
#define GELU_SCALE 1.59576912160573071176f

INLINE vector_f32 gelu_by_tanh_f32(vector_f32 x) {
  return x * sigmoid_f32(GELU_SCALE * x * (1 + 0.044715f * x * x));
}

INLINE vector_f32 gelu_by_tanh_slope_f32(vector_f32 g, vector_f32 x) {
  const vector_f32 s = sigmoid_f32(GELU_SCALE * x * (1 + 0.044715f * x * x));
  return g * (s * (1 + x * (1 - s) * (GELU_SCALE * (1 + 0.134145f * x * x))));
}

MAP(gelu)
MAP(gelu_by_tanh)
FLOAT_PAIRS(gelu_slope)
FLOAT_PAIRS(gelu_by_tanh_slope)

#undef FLOAT_PAIRS
#undef WIDE_POLYNOMIAL
#undef LARGEST_ANGLE
#undef SINE
#undef FLOAT_POLYNOMIAL
#undef GELU_SCALE
