// Functions of vectors of `double`, under the names that FloatMath.h has for those of `float`, where functions of both
// scalars are made of them: the C library's, one number at a time. See Elements.h, which includes one of the two.

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
