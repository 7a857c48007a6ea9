// Vectors of one scalar type and the functions of them; see Processor.h, which defines TYPE, INTEGER, SUFFIX, LANES
// and the constants.
//
// An error is the largest distance from the exact result, in units of its last place (ulp), on every processor.
// ElementBoundTests.swift measures it.

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

// The lanes up to `used`, which is fewer than there are; in the others of what is loaded stands `rest`.
#if VECTOR_BYTES < 64
INLINE NAME(vector) NAME(load_first)(const TYPE *p, size_t used, NAME(vector) rest) {
  for (size_t lane = 0; lane < used; lane++) rest[lane] = p[lane];
  return rest;
}
INLINE void NAME(store_first)(TYPE *p, NAME(vector) v, size_t used) {
  for (size_t lane = 0; lane < used; lane++) p[lane] = v[lane];
}
#else
INLINE unsigned NAME(first_lanes)(size_t used) { return (1u << used) - 1; }

#if IS_FLOAT
INLINE NAME(vector) NAME(load_first)(const TYPE *p, size_t used, NAME(vector) rest) {
  return (NAME(vector))_mm512_mask_loadu_ps((__m512)rest, (__mmask16)NAME(first_lanes)(used), p);
}
INLINE void NAME(store_first)(TYPE *p, NAME(vector) v, size_t used) {
  _mm512_mask_storeu_ps(p, (__mmask16)NAME(first_lanes)(used), (__m512)v);
}
#else
INLINE NAME(vector) NAME(load_first)(const TYPE *p, size_t used, NAME(vector) rest) {
  return (NAME(vector))_mm512_mask_loadu_pd((__m512d)rest, (__mmask8)NAME(first_lanes)(used), p);
}
INLINE void NAME(store_first)(TYPE *p, NAME(vector) v, size_t used) {
  _mm512_mask_storeu_pd(p, (__mmask8)NAME(first_lanes)(used), (__m512d)v);
}
#endif
#endif

// `rest` stands in for the lanes from `used` on.
INLINE NAME(vector) NAME(load)(const TYPE *p, size_t used, TYPE rest) {
  return used == LANES ? *(const NAME(vector) *)p : NAME(load_first)(p, used, NAME(splat)(rest));
}

INLINE void NAME(store)(TYPE *p, NAME(vector) v, size_t used) {
  if (used == LANES) {
    *(NAME(vector) *)p = v;
  } else {
    NAME(store_first)(p, v, used);
  }
}

INLINE NAME(vector) NAME(power_of_two)(NAME(mask) exponent) {
  return (NAME(vector))((exponent + EXPONENT_BIAS) << FRACTION_BITS);
}

INLINE NAME(vector) NAME(polynomial)(const TYPE *series, size_t count, NAME(vector) x) {
  NAME(vector) p = NAME(splat)(series[0]);
  UNROLL for (size_t i = 1; i < count; i++) p = p * x + series[i];
  return p;
}

#define SERIES(series, x) NAME(polynomial)(NAME(series), sizeof(NAME(series)) / sizeof(TYPE), x)

// MARK: - Signs

INLINE NAME(vector) NAME(sign_of)(NAME(vector) x) {
  return (NAME(vector))((NAME(mask))x & (NAME(mask))NAME(splat)(-(TYPE)0));
}

INLINE NAME(vector) NAME(magnitude)(NAME(vector) x) {
  return (NAME(vector))((NAME(mask))x ^ (NAME(mask))NAME(sign_of)(x));
}

INLINE NAME(vector) NAME(with_sign_of)(NAME(vector) x, NAME(vector) size) {
  return (NAME(vector))((NAME(mask))NAME(magnitude)(size) | (NAME(mask))NAME(sign_of)(x));
}

INLINE bool NAME(is_everywhere)(NAME(mask) m) { return __builtin_reduce_and(m) != 0; }

// MARK: - The exponential

// v · 2ⁿ for n that are whole. 2ⁿ comes in two factors, since it may lie beyond the normal numbers; AVX-512 has an
// instruction for it, which rounds to the same.
INLINE NAME(vector) NAME(times_power_of_two)(NAME(vector) v, NAME(mask) n) {
#if VECTOR_BYTES == 64 && IS_FLOAT
  return (NAME(vector))_mm512_scalef_ps((__m512)v, _mm512_cvtepi32_ps((__m512i)n));
#elif VECTOR_BYTES == 64
  return (NAME(vector))_mm512_scalef_pd((__m512d)v, _mm512_cvtepi64_pd((__m512i)n));
#else
  const NAME(mask) half = n >> 1;
  return v * NAME(power_of_two)(half) * NAME(power_of_two)(n - half);
#endif
}

// eʳ − 1 for |r| ≤ log(2) / 2.
INLINE NAME(vector) NAME(exp_difference)(NAME(vector) r) { return SERIES(exp_series, r) * (r * r) + r; }

// eʳ − 1 with r = x − n · log 2 and the whole number n = round(x / log 2), which comes into the low bits of a number if
// 1.5 · 2²³, or 1.5 · 2⁵², is added.
INLINE NAME(vector) NAME(reduced_exp)(NAME(vector) x, NAME(mask) *exponent) {
  const NAME(vector) shifted = x * LOG2_E + ROUNDER, n = shifted - ROUNDER;
  *exponent = (NAME(mask))shifted - (NAME(mask))NAME(splat)(ROUNDER);
  return NAME(exp_difference)((x - n * LN2_UPPER) - n * LN2_LOWER);
}

// eˣ = 2ⁿ · eʳ.
// Error: 1 ulp over all numbers.
INLINE NAME(vector) NAME(exp)(NAME(vector) x) {
  // Beyond these bounds the result is 0 or ∞. A NaN passes both comparisons.
  x = NAME(choose)(x < NAME(splat)(EXP_LOWEST), NAME(splat)(EXP_LOWEST), x);
  x = NAME(choose)(x > NAME(splat)(EXP_HIGHEST), NAME(splat)(EXP_HIGHEST), x);
  NAME(mask) exponent;
  const NAME(vector) difference = NAME(reduced_exp)(x, &exponent);
  return NAME(times_power_of_two)(difference + 1, exponent);
}

// MARK: - Made of it

// An odd function of small |x|, and 1 − 2 / (e²ˣ + 1) for the rest; the sign is that of x, also at −0.
// Error: 1.35 ulp, in double 1.2 ulp, over all numbers.
INLINE NAME(vector) NAME(tanh)(NAME(vector) x) {
  const NAME(vector) size = NAME(magnitude)(x), square = size * size;
  NAME(vector) p = SERIES(tanh_above, square);
  if (sizeof(NAME(tanh_below)) > sizeof(TYPE)) p = p / SERIES(tanh_below, square);
  const NAME(vector) small = p * square * size + size, large = 1 - 2 / (NAME(exp)(2 * size) + 1);
  return NAME(with_sign_of)(x, NAME(choose)(size < NAME(splat)(0.625), small, large));
}

// 1 / (1 + e⁻ˣ).
// Error: 2.5 ulp, in double 2 ulp, where the result and eˣ are normal numbers, from x = −88 or −708 on.
INLINE NAME(vector) NAME(sigmoid)(NAME(vector) x) { return 1 / (1 + NAME(exp)(-x)); }
