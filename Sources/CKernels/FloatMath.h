// Functions of vectors of `float`, under the names that Elements.h, which includes this, has for those of `double`. Where
// it is cheap they are computed in double and rounded once.
//
// The polynomials in double are minimax to 2⁻³³ of the result or better.

typedef int64_t wide_mask_f32 __attribute__((vector_size(LANES * 8)));

// 1.5 · 2⁵²: adding it leaves the nearest whole number in the low bits.
#define WIDE_ROUNDER 6755399441055744.0

INLINE wide_f32 choose_wide(wide_mask_f32 m, wide_f32 a, wide_f32 b) {
  return (wide_f32)(((wide_mask_f32)a & m) | ((wide_mask_f32)b & ~m));
}

// MARK: - Powers

// xⁿ by multiplications in double, rounded once: as exact as the C library's pow.
// Error: 0.500001 ulp over all numbers, for |n| ≤ 64.
INLINE vector_f32 power_f32(vector_f32 x, int exponent) {
  wide_f32 square = widen_f32(x), product = (wide_f32){0} + 1;
  for (unsigned rest = exponent < 0 ? -exponent : exponent; rest > 0; rest >>= 1) {
    if (rest & 1) product *= square;
    square *= square;
  }
  return narrow_f32(exponent < 0 ? 1 / product : product);
}

// MARK: - Logarithms

// (log(1 + m) − m + m²/2) / m³ for 1 + m between √½ and √2.
static const float log_series_f32[] = {7.0376836292e-2f,  -1.1514610310e-1f, 1.1676998740e-1f,
                                       -1.2420140846e-1f, 1.4249322787e-1f,  -1.6668057665e-1f,
                                       2.0000714765e-1f,  -2.4999993993e-1f, 3.3333331174e-1f};

// log(m · 2ᵉ) = log m + e · log 2 with m between √½ and √2.
// Error: 0.85 ulp over all numbers.
INLINE vector_f32 log_f32(vector_f32 x) {
  const int32_t root_half = 0x3F3504F3;
  const mask_f32 is_subnormal = x < 0x1p-126f;
  const mask_f32 bits = (mask_f32)choose_f32(is_subnormal, x * 0x1p23f, x) - root_half;
  const vector_f32 e =
      __builtin_convertvector(bits >> 23, vector_f32) - choose_f32(is_subnormal, splat_f32(23), splat_f32(0));
  const vector_f32 m = (vector_f32)((bits & 0x7FFFFF) + root_half) - 1, square = m * m;
  const vector_f32 correction = SERIES(log_series, m) * m * square - e * 2.12194440e-4f - 0.5f * square;
  const vector_f32 edge =
      choose_f32(x == 0, splat_f32(-INFINITY), choose_f32(x > 0, splat_f32(INFINITY), splat_f32(NAN)));
  const mask_f32 is_plain = (x > 0) & (x < splat_f32(INFINITY));
  return choose_f32(is_plain, (m + correction) + e * 0.693359375f, edge);
}

// log(1 + x), corrected by what rounding took from 1 + x.
// Error: 1.6 ulp over all numbers.
INLINE vector_f32 log1p_f32(vector_f32 x) {
  const vector_f32 u = 1 + x;
  const mask_f32 is_plain = (u > 0) & (u < splat_f32(INFINITY));
  const vector_f32 lost = choose_f32(is_plain, ((u - 1) - x) / u, splat_f32(0));
  return with_sign_of_f32(x, log_f32(u) - lost);
}

// MARK: - The exponential's difference

// eˣ − 1 = 2ⁿ · (eʳ − 1) + (2ⁿ − 1), with n and r as in exp.
// Error: 1.6 ulp over all numbers.
INLINE vector_f32 expm1_f32(vector_f32 x) {
  // Beyond these bounds the result is −1 or ∞. A NaN passes both comparisons.
  vector_f32 bounded = choose_f32(x < splat_f32(-18), splat_f32(-18), x);
  bounded = choose_f32(bounded > splat_f32(89), splat_f32(89), bounded);
  mask_f32 exponent;
  const vector_f32 difference = reduced_exp_f32(bounded, &exponent);
  // 2ⁿ in two factors, since 2¹²⁸ is no float; for n = 0 the two ones cancel without a rounding.
  const mask_f32 half = exponent >> 1;
  const vector_f32 first = power_of_two_f32(half);
  const vector_f32 result =
      (difference * first + (first - power_of_two_f32(half - exponent))) * power_of_two_f32(exponent - half);
  return with_sign_of_f32(x, result);
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
    const mask_f32 is_small = magnitude_f32(x) < splat_f32(LARGEST_ANGLE);                                       \
    if (!is_everywhere_f32(is_small)) {                                                                          \
      for (size_t lane = 0; lane < LANES; lane++) {                                                    \
        y[lane] = is_small[lane] ? y[lane] : library(x[lane]);                                               \
      }                                                                                                      \
    }                                                                                                        \
    return y;                                                                                                \
  }

// Error: 0.57 ulp over all numbers; 0.501 ulp below a million, beyond which they are the C library's.
SINE(sin, 0, sinf)
SINE(cos, 1, cosf)

// The angle of the point (x, y).
// Error: 0.502 ulp over all pairs.
INLINE vector_f32 atan2_f32(vector_f32 y, vector_f32 x) {
  const wide_f32 a = widen_f32(magnitude_f32(x)), b = widen_f32(magnitude_f32(y));
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
  return choose_f32((x == x) & (y == y), with_sign_of_f32(y, narrow_f32(angle)), x + y);
}

// √(x² + y²): the squares neither overflow nor vanish in double.
// Error: 0.501 ulp over all pairs.
INLINE vector_f32 hypot_f32(vector_f32 x, vector_f32 y) {
  const wide_f32 a = widen_f32(x), b = widen_f32(y);
  const mask_f32 is_infinite = (magnitude_f32(x) == splat_f32(INFINITY)) | (magnitude_f32(y) == splat_f32(INFINITY));
  const vector_f32 distance = narrow_f32(__builtin_elementwise_sqrt(a * a + b * b));
  return choose_f32(is_infinite, splat_f32(INFINITY), distance);
}

// MARK: - Remainder

// x − y · ⌊x/y⌋. Quotients of less than 28 bits times the 24 of y are exact in double, and so is the difference.
// Error: none but the rounding of rest + y.
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
      (magnitude_f32(narrow_f32(quotient)) < splat_f32(0x1p28f)) & (magnitude_f32(y) < splat_f32(INFINITY));
  if (!is_everywhere_f32(is_plain)) {
    for (size_t lane = 0; lane < LANES; lane++) {
      rest[lane] = is_plain[lane] ? rest[lane] : fmodf(x[lane], y[lane]);
    }
  }
  rest = with_sign_of_f32(x, rest);
  const mask_f32 is_other_sign = (rest != 0) & ((rest < 0) != (y < 0));
  return choose_f32(is_other_sign, rest + y, rest);
}

// MARK: - The error function

// erf(x) / x for |x| < 1 in x², to 2⁻²⁹ of itself.
static const float error_series_f32[] = {7.853860730634604e-5f,   -8.010193705558777e-4f, 5.188327748328447e-3f,
                                     -2.6853812858462334e-2f, 1.128358542919159e-1f,  -3.761262595653534e-1f,
                                     1.1283791065216064f};
// erfc(x) = e^(−x²) · t · P(t) for x ≥ 0 with t = 1 / (1 + x/2), where P is minimax to 2⁻²⁴ of itself.
static const float error_tail_series_f32[] = {-0.0591243543f, 0.284845859f, -0.487762243f,
                                          0.278712273f,   -0.0270714331f, 0.202876106f,
                                          0.243055761f,   0.282381922f, 0.282086045f};

// erfc(x) and e^(−x²) for x ≥ 0; beyond 10.25 both are 0. A NaN passes.
INLINE vector_f32 error_tail(vector_f32 x, vector_f32 *bell) {
  x = choose_f32(x > splat_f32(10.25f), splat_f32(10.25f), x);
  const vector_f32 t = 1 / (1 + 0.5f * x);
  // As exp, but x² would be rounded by more than the result may be. The square of x's upper twelve bits is exact, and
  // what is missing comes to what is left after multiples of log 2.
  const vector_f32 upper = (vector_f32)((mask_f32)x & ~0xFFF);
  const vector_f32 shifted = ROUNDER - x * x * LOG2_E, n = shifted - ROUNDER;
  const vector_f32 r = (-(upper * upper) - n * LN2_UPPER) - n * LN2_LOWER + (upper - x) * (upper + x);
  const mask_f32 exponent = (mask_f32)shifted - (mask_f32)splat_f32(ROUNDER);
  *bell = times_power_of_two_f32(exp_difference_f32(r) + 1, exponent);
  return SERIES(error_tail_series, t) * t * *bell;
}

// An odd polynomial of |x| < 1, and 1 − erfc|x| beyond.
// Error: 2.5 ulp over all numbers.
INLINE vector_f32 erf_f32(vector_f32 x) {
  vector_f32 bell;
  const vector_f32 size = magnitude_f32(x);
  const vector_f32 near = SERIES(error_series, size * size) * size, far = 1 - error_tail(size, &bell);
  return with_sign_of_f32(x, choose_f32(size < 1, near, far));
}

// 1 − erf(x), without the subtraction where x is large.
// Error: 5.5 ulp over all numbers.
INLINE vector_f32 erfc_f32(vector_f32 x) {
  vector_f32 bell;
  const vector_f32 size = magnitude_f32(x), tail = error_tail(size, &bell);
  const vector_f32 near = 1 - SERIES(error_series, size * size) * x;
  return choose_f32(size < 0.45f, near, choose_f32(x < 0, 2 - tail, tail));
}

// The share of a normal distribution below x, and its density at x times √(2π).
INLINE vector_f32 normal_share_f32(vector_f32 x, vector_f32 *bell) {
  const vector_f32 tail = 0.5f * error_tail(magnitude_f32(x) * 0.70710678118654752440f, bell);
  return choose_f32(x < 0, tail, 1 - tail);
}

// MARK: - The logarithm of Γ

// log x of normal numbers above 0.
INLINE wide_f32 wide_log(wide_f32 x) {
  // √½ ≤ m < √2.
  const wide_mask_f32 shifted = (wide_mask_f32)x - 0x3FE6A09E667F3BCD;
  const wide_f32 e = __builtin_convertvector(shifted >> 52, wide_f32);
  const wide_f32 m = (wide_f32)((shifted & 0xFFFFFFFFFFFFF) + 0x3FE6A09E667F3BCD);
  const wide_f32 s = (m - 1) / (m + 1), z = s * s;
  wide_f32 sum = (wide_f32){0} + 1 / 21.0;
  UNROLL for (int odd = 19; odd >= 3; odd -= 2) sum = sum * z + 1.0 / odd;
  return e * 0x1.62e42fee00000p-1 + (2 * s + (2 * s * (z * sum) + e * 0x1.a39ef35793c76p-33));
}

// (log Γ(x) − (x − ½) log x + x − log √(2π)) · x in 1/x², for x ≥ 8, to 2⁻⁵⁰ of log Γ(8): Stirling's series.
static const double gamma_series[] = {-691 / 360360.0, 1 / 1188.0, -1 / 1680.0, 1 / 1260.0, -1 / 360.0, 1 / 12.0};

// By Γ(x) = Γ(x + 8) / (x · (x + 1) ⋯ (x + 7)) below 8; the C library's for what is not above 0.
// Error: 1 ulp over all numbers above 0, 0.501 ulp but for the 100 next to 1 and to 2.
INLINE vector_f32 log_gamma_f32(vector_f32 x) {
  const mask_f32 is_plain = (x > 0) & (x < splat_f32(INFINITY));
  const wide_f32 a = widen_f32(choose_f32(is_plain, x, splat_f32(1)));
  const wide_mask_f32 is_small = a < 8;
  const wide_f32 t = a * (a + 7), product = choose_wide(is_small, t * (t + 6) * ((t + 10) * (t + 12)), (wide_f32){0} + 1);
  const wide_f32 b = choose_wide(is_small, a + 8, a), inverse = 1 / b;
  const wide_f32 rest = inverse * WIDE_POLYNOMIAL(gamma_series, inverse * inverse) - wide_log(product);
  vector_f32 y = narrow_f32((b - 0.5) * wide_log(b) - (b - 0.91893853320467274178) + rest);
  y = choose_f32((x == 1) | (x == 2), splat_f32(0), y);
  if (!is_everywhere_f32(is_plain)) {
    int sign;
    for (size_t lane = 0; lane < LANES; lane++) y[lane] = is_plain[lane] ? y[lane] : lgammaf_r(x[lane], &sign);
  }
  return y;
}

#undef WIDE_POLYNOMIAL
#undef LARGEST_ANGLE
#undef SINE
