// Normal numbers from Philox4x32-10 by the method of Box and Muller, many blocks at once. Philox.swift,
// PortableMath.swift and Draw.swift say what is computed; here it is the same to the bit, so nothing may be fused or
// reordered. See Elements.h, which includes this after FloatMath.h.

typedef uint64_t words __attribute__((vector_size(LANES * 8)));

#define LOW_WORD 0xFFFFFFFFu

// Four words of 32 bits, each in 64, of the blocks whose numbers are in `index`.
INLINE void philox(words index, uint64_t seed, uint64_t stream, words block[4]) {
  words a = index & LOW_WORD, b = index >> 32;
  words c = (words){0} + (stream & LOW_WORD), d = (words){0} + (stream >> 32);
  uint32_t k = (uint32_t)seed, l = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    const words first = (a & LOW_WORD) * 0xD2511F53u, second = (c & LOW_WORD) * 0xCD9E8D57u;
    a = (second >> 32) ^ b ^ k;
    b = second & LOW_WORD;
    c = (first >> 32) ^ d ^ l;
    d = first & LOW_WORD;
    k += 0x9E3779B9u;
    l += 0xBB67AE85u;
  }
  block[0] = a, block[1] = b, block[2] = c, block[3] = d;
}

// Whole numbers below 2³² become the low bits of a double in [2⁵², 2⁵³).
INLINE wide_f32 wide_from_words(words w) { return (wide_f32)(w | 0x4330000000000000u) - 0x1p52; }

INLINE wide_f32 portable_log(wide_f32 x) {
#pragma clang fp contract(off)
  const words bits = (words)x;
  wide_f32 m = (wide_f32)((bits & 0xFFFFFFFFFFFFFu) | 0x3FF0000000000000u);
  const wide_mask_f32 is_large = m > 0x1.6a09e667f3bcdp0;
  wide_f32 scale = wide_from_words(bits >> 52) - 1023;
  scale = choose_wide(is_large, scale + 1, scale);
  m = choose_wide(is_large, m * 0.5, m);
  const wide_f32 s = (m - 1) / (m + 1), z = s * s;
  wide_f32 sum = z * (1 / 21.0);
  UNROLL for (int odd = 19; odd >= 3; odd -= 2) sum = z * (sum + 1.0 / odd);
  return scale * 0x1.62e42fee00000p-1 + (2 * s + (2 * s * sum + scale * 0x1.a39ef35793c76p-33));
}

INLINE void portable_cosine_and_sine(wide_f32 turn, wide_f32 *x, wide_f32 *y) {
#pragma clang fp contract(off)
  const wide_f32 shifted = turn * 4 + WIDE_ROUNDER, quarter = shifted - WIDE_ROUNDER;
  const wide_f32 angle = (turn - quarter * 0.25) * 6.28318530717958647692, z = -(angle * angle);
  wide_f32 sine = z * (1 / 272.0), cosine = z * (1 / 306.0);
  UNROLL for (int n = 14; n >= 4; n -= 2) sine = z * (1.0 / (n * (n + 1))) * (sine + 1);
  sine = angle + angle * (z * (1 / 6.0) * (sine + 1));
  UNROLL for (int n = 15; n >= 3; n -= 2) cosine = z * (1.0 / (n * (n + 1))) * (cosine + 1);
  cosine = 1 + z * 0.5 * (cosine + 1);
  const words quadrant = (words)shifted;
  const wide_mask_f32 is_odd = (wide_mask_f32)(quadrant & 1) != 0;
  *x = (wide_f32)((words)choose_wide(is_odd, sine, cosine) ^ (((quadrant + 1) & 2) << 62));
  *y = (wide_f32)((words)choose_wide(is_odd, cosine, sine) ^ ((quadrant & 2) << 62));
}

// The pair of numbers that two words give, the first in the lower half.
INLINE words normal_pair(words first, words second, double mean, double deviation) {
#pragma clang fp contract(off)
  const wide_f32 radius =
      __builtin_elementwise_sqrt(-2 * portable_log((wide_from_words(first) + 1) * 0x1p-32));
  wide_f32 x, y;
  portable_cosine_and_sine(wide_from_words(second) * 0x1p-32, &x, &y);
  const mask_f32 low = (mask_f32)narrow_f32(mean + deviation * (radius * x));
  const mask_f32 high = (mask_f32)narrow_f32(mean + deviation * (radius * y));
  return (__builtin_convertvector(low, words) & LOW_WORD) | (__builtin_convertvector(high, words) << 32);
}

static void normal_floats(uint64_t seed, uint64_t stream, uint64_t first, size_t blocks, double mean,
                       double deviation, float *y) {
  words lanes;
  for (size_t lane = 0; lane < LANES; lane++) lanes[lane] = lane;
  for (size_t i = 0; i < blocks; i += LANES) {
    words block[4], pairs[2];
    philox(lanes + (first + i), seed, stream, block);
    pairs[0] = normal_pair(block[0], block[1], mean, deviation);
    pairs[1] = normal_pair(block[2], block[3], mean, deviation);
    for (size_t lane = 0; lane < LANES && i + lane < blocks; lane++) {
      for (size_t half = 0; half < 2; half++) {
        const uint64_t pair = pairs[half][lane];
        memcpy(y + 4 * (i + lane) + 2 * half, &pair, 8);
      }
    }
  }
}

#undef LOW_WORD
#undef WIDE_ROUNDER
