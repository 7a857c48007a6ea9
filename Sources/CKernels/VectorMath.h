// Vectors of one scalar type and the functions of them; see EachScalar.h, which defines TYPE, INTEGER, SUFFIX, LANES
// and the constants.

typedef TYPE NAME(vector) __attribute__((vector_size(LANES * sizeof(TYPE)), aligned(sizeof(TYPE))));
typedef INTEGER NAME(mask) __attribute__((vector_size(LANES * sizeof(TYPE))));
typedef double NAME(wide) __attribute__((vector_size(LANES * 8)));
typedef INTEGER NAME(unaligned_mask) __attribute__((vector_size(LANES * sizeof(TYPE)), aligned(sizeof(TYPE))));
typedef double NAME(unaligned_wide) __attribute__((vector_size(LANES * 8), aligned(8)));

INLINE NAME(vector) NAME(splat)(TYPE value) { return value - (NAME(vector)){0}; }
INLINE NAME(vector) NAME(narrow)(NAME(wide) v) { return __builtin_convertvector(v, NAME(vector)); }
INLINE NAME(wide) NAME(widen)(NAME(vector) v) { return __builtin_convertvector(v, NAME(wide)); }

INLINE NAME(vector) NAME(choose)(NAME(mask) m, NAME(vector) a, NAME(vector) b) {
  return (NAME(vector))(((NAME(mask))a & m) | ((NAME(mask))b & ~m));
}

// `rest` stands in for the lanes from `used` on.
INLINE NAME(vector) NAME(load)(const TYPE *p, size_t used, TYPE rest) {
  if (used == LANES) return *(const NAME(vector) *)p;
  NAME(vector) v = NAME(splat)(rest);
  for (size_t lane = 0; lane < used; lane++) v[lane] = p[lane];
  return v;
}

INLINE void NAME(store)(TYPE *p, NAME(vector) v, size_t used) {
  if (used == LANES) {
    *(NAME(vector) *)p = v;
  } else {
    for (size_t lane = 0; lane < used; lane++) p[lane] = v[lane];
  }
}

INLINE NAME(vector) NAME(power_of_two)(NAME(mask) exponent) {
  return (NAME(vector))((exponent + EXPONENT_BIAS) << FRACTION_BITS);
}

#define COUNT(series) (sizeof(series) / sizeof(TYPE))

INLINE NAME(vector) NAME(polynomial)(const TYPE *series, size_t count, NAME(vector) x) {
  NAME(vector) p = NAME(splat)(series[0]);
  UNROLL for (size_t i = 1; i < count; i++) p = p * x + series[i];
  return p;
}

// eˣ = 2ⁿ · eʳ with n = round(x / log 2). 2ⁿ comes in two factors, since it may lie beyond the normal numbers.
INLINE NAME(vector) NAME(exp)(NAME(vector) x) {
  x = NAME(choose)(x < NAME(splat)(EXP_LOWEST), NAME(splat)(EXP_LOWEST), x);
  x = NAME(choose)(x > NAME(splat)(EXP_HIGHEST), NAME(splat)(EXP_HIGHEST), x);
  NAME(vector) shifted = x * LOG2_E + ROUNDER, n = shifted - ROUNDER;
  NAME(vector) r = (x - n * LN2_UPPER) - n * LN2_LOWER;
  NAME(vector) p = NAME(polynomial)(NAME(exp_series), COUNT(NAME(exp_series)), r);
  NAME(mask) exponent = (NAME(mask))shifted - (NAME(mask))NAME(splat)(ROUNDER), half = exponent >> 1;
  return (p * (r * r) + r + 1) * NAME(power_of_two)(half) * NAME(power_of_two)(exponent - half);
}

// An odd function of small |x|, and 1 − 2 / (e²ˣ + 1) for the rest; the sign is that of x, also at −0.
INLINE NAME(vector) NAME(tanh)(NAME(vector) x) {
  const NAME(mask) sign = (NAME(mask))x & (NAME(mask))NAME(splat)(-(TYPE)0);
  NAME(vector) size = (NAME(vector))((NAME(mask))x ^ sign), square = size * size;
  NAME(vector) p = NAME(polynomial)(NAME(tanh_above), COUNT(NAME(tanh_above)), square);
  if (COUNT(NAME(tanh_below)) > 1) p = p / NAME(polynomial)(NAME(tanh_below), COUNT(NAME(tanh_below)), square);
  NAME(vector) small = p * square * size + size, large = 1 - 2 / (NAME(exp)(2 * size) + 1);
  return (NAME(vector))((NAME(mask))NAME(choose)(size < NAME(splat)(0.625), small, large) | sign);
}

#undef COUNT
