// A pass of a fast Fourier transform of one scalar type; see Processor.h and VectorMath.h.

// The points of a butterfly: at most as many as the largest radix.
#define POINTS 7

// y = Σ x[j] · e^(−2πi·jk/radix) for an odd radix, in place; `roots` are cos and sin of 2πj/radix for j from 0 on.
INLINE void NAME(odd_butterfly)(const size_t radix, const TYPE *roots, NAME(vector) * a, NAME(vector) * b) {
  NAME(vector) sum_a[POINTS / 2], sum_b[POINTS / 2], gap_a[POINTS / 2], gap_b[POINTS / 2];
  const NAME(vector) a0 = a[0], b0 = b[0];
  UNROLL for (size_t j = 1; j <= radix / 2; j++) {
    sum_a[j - 1] = a[j] + a[radix - j], sum_b[j - 1] = b[j] + b[radix - j];
    gap_a[j - 1] = a[j] - a[radix - j], gap_b[j - 1] = b[j] - b[radix - j];
    a[0] += sum_a[j - 1], b[0] += sum_b[j - 1];
  }
  UNROLL for (size_t k = 1; k <= radix / 2; k++) {
    NAME(vector) even_a = a0, even_b = b0, odd_a = {0}, odd_b = {0};
    UNROLL for (size_t j = 1; j <= radix / 2; j++) {
      const TYPE *root = roots + 2 * (j * k % radix);
      even_a += root[0] * sum_a[j - 1], even_b += root[0] * sum_b[j - 1];
      odd_a += root[1] * gap_a[j - 1], odd_b += root[1] * gap_b[j - 1];
    }
    a[k] = even_a + odd_b, b[k] = even_b - odd_a;
    a[radix - k] = even_a - odd_b, b[radix - k] = even_b + odd_a;
  }
}

// One butterfly of `used` lines side by side. `turns` are the factors of all results but the first; NULL where all are 1.
INLINE void NAME(butterfly)(const size_t radix, const ckernels_fourier_pass *pass, const TYPE *turns,
                            const TYPE *re, const TYPE *im, TYPE *to_re, TYPE *to_im, const size_t used) {
  NAME(vector) a[POINTS], b[POINTS];
  const size_t step = pass->groups * pass->span;
  UNROLL for (size_t j = 0; j < radix; j++) {
    a[j] = NAME(load)(re + j * step, used, 0), b[j] = NAME(load)(im + j * step, used, 0);
  }
  if (radix == 2) {
    const NAME(vector) a0 = a[0], b0 = b[0];
    a[0] = a0 + a[1], b[0] = b0 + b[1];
    a[1] = a0 - a[1], b[1] = b0 - b[1];
  } else if (radix == 4) {
    const NAME(vector) sum_a = a[0] + a[2], sum_b = b[0] + b[2], gap_a = a[0] - a[2], gap_b = b[0] - b[2];
    const NAME(vector) sum_c = a[1] + a[3], sum_d = b[1] + b[3], gap_c = a[1] - a[3], gap_d = b[1] - b[3];
    a[0] = sum_a + sum_c, b[0] = sum_b + sum_d;
    a[1] = gap_a + gap_d, b[1] = gap_b - gap_c;
    a[2] = sum_a - sum_c, b[2] = sum_b - sum_d;
    a[3] = gap_a - gap_d, b[3] = gap_b + gap_c;
  } else {
    NAME(odd_butterfly)(radix, pass->roots, a, b);
  }
  NAME(store)(to_re, a[0], used), NAME(store)(to_im, b[0], used);
  UNROLL for (size_t k = 1; k < radix; k++) {
    NAME(vector) x = a[k], y = b[k];
    if (turns) {
      const TYPE c = turns[2 * k - 2], s = turns[2 * k - 1];
      x = a[k] * c - b[k] * s, y = a[k] * s + b[k] * c;
    }
    NAME(store)(to_re + k * pass->span, x, used), NAME(store)(to_im + k * pass->span, y, used);
  }
}

// The butterflies of one group, a vector of lines at a time and the rest one by one.
INLINE void NAME(fourier_group)(const size_t radix, const ckernels_fourier_pass *pass, const TYPE *turns,
                                const TYPE *re, const TYPE *im, TYPE *to_re, TYPE *to_im) {
  size_t q = 0;
  for (; q + LANES <= pass->span; q += LANES) {
    NAME(butterfly)(radix, pass, turns, re + q, im + q, to_re + q, to_im + q, LANES);
  }
  for (; q < pass->span; q++) {
    NAME(butterfly)(radix, pass, turns, re + q, im + q, to_re + q, to_im + q, 1);
  }
}

INLINE void NAME(fourier_groups)(const size_t radix, const ckernels_fourier_pass *pass, const TYPE *re,
                                 const TYPE *im, TYPE *to_re, TYPE *to_im) {
  for (size_t p = 0; p < pass->groups; p++) {
    const TYPE *turns = p == 0 ? NULL : (const TYPE *)pass->turns + 2 * (radix - 1) * p;
    const size_t from = p * pass->span, to = radix * from;
    NAME(fourier_group)(radix, pass, turns, re + from, im + from, to_re + to, to_im + to);
  }
}

static void NAME(fourier_pass)(const ckernels_fourier_pass *pass, const void *re, const void *im, void *to_re,
                               void *to_im) {
  switch (pass->radix) {
    case 2: NAME(fourier_groups)(2, pass, re, im, to_re, to_im); break;
    case 3: NAME(fourier_groups)(3, pass, re, im, to_re, to_im); break;
    case 4: NAME(fourier_groups)(4, pass, re, im, to_re, to_im); break;
    case 5: NAME(fourier_groups)(5, pass, re, im, to_re, to_im); break;
    case 7: NAME(fourier_groups)(7, pass, re, im, to_re, to_im); break;
  }
}

static const ckernels_fourier NAME(fourier) = {.pass = NAME(fourier_pass)};

#undef POINTS
