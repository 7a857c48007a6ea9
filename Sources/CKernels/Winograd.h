// The loops of Winograd's convolution; see Processor.h, which says what WINOGRAD_LANES and WINOGRAD_VECTORS are.
// Nothing else differs between the processors.
//
// A file that includes this once more with WINOGRAD_IS_BF16, and with the target set to a processor that has AVX512-BF16, gets
// the loops with operands of the product in bf16, whose tiles and transforms are those of the first time. VDPBF16PS multiplies
// pairs: neighbours in depth are one word of 32 bits. A pair of a lies in memory as it is; for b two rows are interleaved,
// [depth / 2, columns, 2]. VCVTNEPS2BF16 rounds to nearest even and takes denormals for 0.

#define LANES WINOGRAD_LANES
#define VECTORS WINOGRAD_VECTORS
#define ROWS 6
#define PIECE (CKERNELS_DEPTH / 4)
#define LINE 16

#if !WINOGRAD_IS_BF16
typedef float vector __attribute__((vector_size(LANES * 4)));
typedef float unaligned_vector __attribute__((vector_size(LANES * 4), aligned(4)));
typedef int32_t lanes __attribute__((vector_size(LANES * 4)));
typedef bool lane_bits __attribute__((ext_vector_type(LANES)));

INLINE vector load(const float *p) { return *(const unaligned_vector *)p; }
INLINE void store(float *p, vector v) { *(unaligned_vector *)p = v; }

INLINE vector keep(vector v, lanes mask) { return (vector)((lanes)v & mask); }

INLINE lanes load_mask(const uint8_t *bits) {
  lane_bits b;
  memcpy(&b, bits, LANES / 8);
  return -__builtin_convertvector(b, lanes);
}

INLINE void store_mask(uint8_t *bits, lanes mask) {
  lane_bits b = __builtin_convertvector(mask, lane_bits);
  memcpy(bits, &b, LANES / 8);
}

static const float root2 = 1.41421356237309504880f;
static const float root_half = 0.70710678118654752440f;

// Transforms. The points come in pairs ±p, whose rows of the matrices differ in the signs of the odd powers only:
// what the two have in common is computed once.

// Bᵀ: 6 samples to the 6 points 0, √½, −√½, √2, −√2, ∞.
INLINE void to_points(const vector d[6], vector out[6]) {
  vector even_half = 2 * d[2] - d[4], odd_half = 2 * d[1] - d[3];
  vector even_two = d[4] - 0.5f * d[2], odd_two = d[3] - 0.5f * d[1];
  out[0] = (d[0] + d[4]) - 2.5f * d[2];
  out[1] = even_half + root_half * odd_half;
  out[2] = even_half - root_half * odd_half;
  out[3] = even_two + root2 * odd_two;
  out[4] = even_two - root2 * odd_two;
  out[5] = (d[1] + d[5]) - 2.5f * d[3];
}

// G: 3 taps to a pair of the 6 points: 0 and ∞, ±√½, ±√2. A filter that is turned round has the same bits at the inverse
// points.
INLINE void pair_of_points(vector a, vector b, vector c, size_t pair, vector *first, vector *second) {
#pragma clang fp contract(off)
  const float large = 0.47140452079103168f, small = 0.23570226039551584f, third = 1.0f / 3;
  if (pair == 0) {
    *first = a, *second = c;
  } else {
    vector odd = pair == 1 ? large * a + small * c : small * a + large * c, even = third * b;
    *first = odd + even, *second = even - odd;
  }
}

// Aᵀ: 6 points to 4 samples.
INLINE void from_points(const vector m[6], vector out[4]) {
  vector sum_half = m[1] + m[2], difference_half = m[1] - m[2];
  vector sum_two = m[3] + m[4], difference_two = m[3] - m[4];
  out[0] = m[0] + root2 * difference_half + root_half * difference_two;
  out[1] = sum_half + sum_two;
  out[2] = root_half * difference_half + root2 * difference_two;
  out[3] = m[5] + 0.5f * sum_half + 2 * sum_two;
}

// A: 4 samples to the 6 points, the transpose of `from_points`.
INLINE void samples_to_points(const vector y[4], vector out[6]) {
  vector even_half = y[1] + 0.5f * y[3], odd_half = root2 * y[0] + root_half * y[2];
  vector even_two = y[1] + 2 * y[3], odd_two = root_half * y[0] + root2 * y[2];
  out[0] = y[0];
  out[1] = even_half + odd_half;
  out[2] = even_half - odd_half;
  out[3] = even_two + odd_two;
  out[4] = even_two - odd_two;
  out[5] = y[3];
}

// Gᵀ: 6 points to the 3 taps.
INLINE void points_to_taps(const vector u[6], vector out[3]) {
  const float third = 1.0f / 3;
  vector difference_half = third * (u[1] - u[2]), difference_two = third * (u[3] - u[4]);
  out[0] = u[0] + root2 * difference_half + root_half * difference_two;
  out[1] = third * ((u[1] + u[2]) + (u[3] + u[4]));
  out[2] = u[5] + root_half * difference_half + root2 * difference_two;
}

// The first half of a patch's transform, along its columns.
INLINE void transform_columns(const float *const pixels[36], const uint8_t *const *bits, size_t channel,
                              vector half[6][6]) {
  UNROLL for (int x = 0; x < 6; x++) {
    vector column[6], points[6];
    UNROLL for (int y = 0; y < 6; y++) {
      column[y] = load(pixels[6 * y + x] + channel);
      if (bits) column[y] = keep(column[y], load_mask(bits[6 * y + x] + channel / 8));
    }
    to_points(column, points);
    UNROLL for (int y = 0; y < 6; y++) half[y][x] = points[y];
  }
}

INLINE void transform_patch(const float *const pixels[36], const uint8_t *const *bits, size_t channel,
                            float *planes, size_t plane_stride) {
  vector half[6][6];
  transform_columns(pixels, bits, channel, half);
  UNROLL for (int y = 0; y < 6; y++) {
    vector points[6];
    to_points(half[y], points);
    UNROLL for (int x = 0; x < 6; x++) store(planes + (6 * y + x) * plane_stride + channel, points[x]);
  }
}

// Asks for the four columns of pixels that the patch to the right has beyond this one's. Its 36 pixels lie in six
// rows far apart, which the processor does not foresee.
INLINE void fetch_next_patch(const float *const pixels[36], size_t channels) {
  for (int y = 0; y < 6; y++) {
    const float *next = pixels[6 * y + 5] + channels;
    for (size_t i = 0; i < 4 * channels; i += LINE) __builtin_prefetch(next + i, 0, 2);
  }
}

static void transform_input(const float *const pixels[36], const uint8_t *const *bits, size_t channels,
                            void *planes, size_t plane_stride) {
  fetch_next_patch(pixels, channels);
  if (bits) {
    for (size_t c = 0; c < channels; c += LANES) transform_patch(pixels, bits, c, planes, plane_stride);
  } else {
    for (size_t c = 0; c < channels; c += LANES) transform_patch(pixels, NULL, c, planes, plane_stride);
  }
}

// The rows in which the filters that are fetched are ahead of those that are transformed.
#define ROWS_AHEAD 4

// GgGᵀ of the filters of one row, at the pair of points down and all points across: the rows of both points.
INLINE void transform_taps(const float *taps, size_t width, size_t pair, vector out[2][6]) {
  // A row's taps lie side by side, a line of each is read at a time, and the processor does not foresee that.
  UNROLL for (size_t tap = 0; tap < 9; tap++)
    if (pair > 0 || tap / 3 != 1) __builtin_prefetch(taps + (9 * ROWS_AHEAD + tap) * width, 0, 3);
  vector half[2][3];
  UNROLL for (int x = 0; x < 3; x++)
    pair_of_points(load(taps + x * width), load(taps + (3 + x) * width), load(taps + (6 + x) * width), pair,
                   &half[0][x], &half[1][x]);
  UNROLL for (int i = 0; i < 2; i++) {
    const vector *g = half[i];
    pair_of_points(g[0], g[1], g[2], 0, &out[i][0], &out[i][5]);
    pair_of_points(g[0], g[1], g[2], 1, &out[i][1], &out[i][2]);
    pair_of_points(g[0], g[1], g[2], 2, &out[i][3], &out[i][4]);
  }
}

INLINE void transform_rows(const float *taps, size_t rows, size_t width, size_t pair, float *matrices,
                           size_t matrix_stride) {
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < width; c += LANES) {
      vector points[2][6];
      transform_taps(taps + 9 * row * width + c, width, pair, points);
      UNROLL for (int i = 0; i < 12; i++)
        store(matrices + i * matrix_stride + row * width + c, points[i / 6][i % 6]);
    }
}

INLINE void transform_tile(const float *planes, size_t plane_stride, size_t channel, const float *bias, bool relu,
                           bool streams, float *const pixels[16], uint8_t *const *bits) {
  vector half[4][6];
  UNROLL for (int x = 0; x < 6; x++) {
    vector column[6], samples[4];
    UNROLL for (int y = 0; y < 6; y++) column[y] = load(planes + (6 * y + x) * plane_stride + channel);
    from_points(column, samples);
    UNROLL for (int y = 0; y < 4; y++) half[y][x] = samples[y];
  }
  vector shift = bias ? load(bias + channel) : (vector){0};
  UNROLL for (int y = 0; y < 4; y++) {
    vector samples[4];
    from_points(half[y], samples);
    UNROLL for (int x = 0; x < 4; x++) {
      vector sample = samples[x] + shift;
      if (relu) {
        // Not "greater than 0": a NaN stays one.
        lanes active = ~(lanes)(sample <= 0);
        sample = keep(sample, active);
        if (bits) store_mask(bits[4 * y + x] + channel / 8, active);
      }
      float *place = pixels[4 * y + x] + channel;
      if (streams)
        __builtin_nontemporal_store(sample, (vector *)place);
      else
        store(place, sample);
    }
  }
}

INLINE void transform_groups(const float *planes, size_t plane_stride, size_t channels, const float *bias,
                             bool relu, bool streams, float *const pixels[16], uint8_t *const *bits) {
  for (size_t c = 0; c < channels; c += LANES)
    transform_tile(planes, plane_stride, c, bias, relu, streams, pixels, bits);
}

static void transform_output(const float *planes, size_t plane_stride, size_t channels, const float *bias,
                             bool relu, bool streams, float *const pixels[16], uint8_t *const *bits) {
#define GROUPS(relu, streams, bits) \
  transform_groups(planes, plane_stride, channels, bias, relu, streams, pixels, bits)
  if (relu && bits) {
    if (streams) GROUPS(true, true, bits);
    else GROUPS(true, false, bits);
  } else if (relu) {
    if (streams) GROUPS(true, true, NULL);
    else GROUPS(true, false, NULL);
  } else {
    if (streams) GROUPS(false, true, NULL);
    else GROUPS(false, false, NULL);
  }
#undef GROUPS
}

// The gradient with respect to the filter.

static void transform_slope(const float *const pixels[16], size_t channels, float *planes, size_t plane_stride) {
  for (size_t c = 0; c < channels; c += LANES) {
    vector half[6][4];
    UNROLL for (int x = 0; x < 4; x++) {
      vector column[4], points[6];
      UNROLL for (int y = 0; y < 4; y++) column[y] = load(pixels[4 * y + x] + c);
      samples_to_points(column, points);
      UNROLL for (int y = 0; y < 6; y++) half[y][x] = points[y];
    }
    UNROLL for (int y = 0; y < 6; y++) {
      vector points[6];
      samples_to_points(half[y], points);
      UNROLL for (int x = 0; x < 6; x++) store(planes + (6 * y + x) * plane_stride + c, points[x]);
    }
  }
}

static void collect_taps(const float *planes, size_t plane_stride, size_t count, float *taps, size_t tap_stride) {
  for (size_t i = 0; i < count; i += LANES) {
    vector half[3][6];
    UNROLL for (int x = 0; x < 6; x++) {
      vector column[6], samples[3];
      UNROLL for (int y = 0; y < 6; y++) column[y] = load(planes + (6 * y + x) * plane_stride + i);
      points_to_taps(column, samples);
      UNROLL for (int y = 0; y < 3; y++) half[y][x] = samples[y];
    }
    UNROLL for (int y = 0; y < 3; y++) {
      vector samples[3];
      points_to_taps(half[y], samples);
      UNROLL for (int x = 0; x < 3; x++) store(taps + (3 * y + x) * tap_stride + i, samples[x]);
    }
  }
}
#else
INLINE __m256i rounded(vector v) { return (__m256i)_mm512_cvtneps_pbh((__m512)v); }

INLINE void transform_patch_bf16(const float *const pixels[36], const uint8_t *const *bits, size_t channel,
                                 uint16_t *planes, size_t plane_stride) {
  vector half[6][6];
  transform_columns(pixels, bits, channel, half);
  UNROLL for (int y = 0; y < 6; y++) {
    vector points[6];
    to_points(half[y], points);
    UNROLL for (int x = 0; x < 6; x++)
      _mm256_storeu_si256((__m256i *)(planes + (6 * y + x) * plane_stride + channel), rounded(points[x]));
  }
}

static void transform_input_bf16(const float *const pixels[36], const uint8_t *const *bits, size_t channels,
                                 void *planes, size_t plane_stride) {
  fetch_next_patch(pixels, channels);
  if (bits) {
    for (size_t c = 0; c < channels; c += LANES) transform_patch_bf16(pixels, bits, c, planes, plane_stride);
  } else {
    for (size_t c = 0; c < channels; c += LANES) transform_patch_bf16(pixels, NULL, c, planes, plane_stride);
  }
}

INLINE void transform_rows_bf16(const float *taps, size_t rows, size_t width, size_t pair, uint16_t *matrices,
                                size_t matrix_stride) {
  for (size_t row = 0; row < rows; row += 2)
    for (size_t c = 0; c < width; c += LANES) {
      vector even[2][6], odd[2][6];
      transform_taps(taps + 9 * row * width + c, width, pair, even);
      transform_taps(taps + 9 * (row + 1) * width + c, width, pair, odd);
      UNROLL for (int i = 0; i < 12; i++) {
        __m512i low = _mm512_cvtepu16_epi32(rounded(even[i / 6][i % 6]));
        __m512i high = _mm512_cvtepu16_epi32(rounded(odd[i / 6][i % 6]));
        _mm512_storeu_si512(matrices + i * matrix_stride + row * width + 2 * c,
                            _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
      }
    }
}
#endif

// What follows is there for each form of the operands.
//
// FORM(name) is the name of a function of this form, and ADD_PRODUCT is sum + a · b, of a vector, a word and a vector of words.
#if !WINOGRAD_IS_BF16
#define FORM(name) name
#define ADD_PRODUCT(sum, a, b) ((sum) + (a) * (b))
#else
#define FORM(name) name##_bf16
#define ADD_PRODUCT(sum, a, b) \
  ((vector)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)_mm512_set1_ps(a), (__m512bh)(b)))
#endif

static void FORM(transform_filter)(const float *taps, size_t rows, size_t width, size_t pair, void *matrices,
                                   size_t matrix_stride) {
  switch (pair) {
    case 0: FORM(transform_rows)(taps, rows, width, 0, matrices, matrix_stride); break;
    case 1: FORM(transform_rows)(taps, rows, width, 1, matrices, matrix_stride); break;
    case 2: FORM(transform_rows)(taps, rows, width, 2, matrices, matrix_stride); break;
  }
}

// The product reads its operands as words of 32 bits: a float, or two numbers of bf16 that are neighbours in depth. A
// tile of `rows` × `vectors` accumulators lives in registers while depth runs; after inlining both are constants and all
// loops but that over depth are gone.

INLINE void FORM(multiply_tile)(size_t rows, size_t vectors, size_t depth, const float *a, size_t a_stride,
                                const float *b, size_t b_stride, bool adds, float *c, size_t c_stride,
                                const float *upcoming) {
  vector sum[ROWS][VECTORS];
  UNROLL for (size_t i = 0; i < rows; i++)
    UNROLL for (size_t j = 0; j < vectors; j++) sum[i][j] = (vector){0};
  for (size_t k = 0; k < depth; k++) {
    __builtin_prefetch(upcoming + k * LINE, 0, 2);
    vector row[VECTORS];
    UNROLL for (size_t j = 0; j < vectors; j++) row[j] = load(b + k * b_stride + j * LANES);
    UNROLL for (size_t i = 0; i < rows; i++)
      UNROLL for (size_t j = 0; j < vectors; j++)
        sum[i][j] = ADD_PRODUCT(sum[i][j], a[i * a_stride + k], row[j]);
  }
  UNROLL for (size_t i = 0; i < rows; i++)
    UNROLL for (size_t j = 0; j < vectors; j++) {
      float *place = c + i * c_stride + j * LANES;
      store(place, adds ? load(place) + sum[i][j] : sum[i][j]);
    }
}

// Returns how far `upcoming` has been fetched.
INLINE const float *FORM(multiply_columns)(size_t vectors, size_t rows, size_t depth, const float *a,
                                           size_t a_stride, const float *b, size_t b_stride, bool adds, float *c,
                                           size_t c_stride, const float *upcoming, const float *upcoming_end) {
#define TILE(count) \
  FORM(multiply_tile)(count, vectors, depth, a, a_stride, b, b_stride, adds, c, c_stride, upcoming)
  for (; rows >= ROWS; rows -= ROWS, a += ROWS * a_stride, c += ROWS * c_stride) {
    TILE(ROWS);
    // Once all is fetched, what is fetched in its place is in the nearest cache already.
    upcoming = upcoming + depth * LINE < upcoming_end ? upcoming + depth * LINE : b;
  }
  switch (rows) {
    case 5: TILE(5); break;
    case 4: TILE(4); break;
    case 3: TILE(3); break;
    case 2: TILE(2); break;
    case 1: TILE(1); break;
    default: break;
  }
#undef TILE
  return upcoming;
}

// Depth is cut into pieces whose sums are added: b's piece stays in the first-level cache for all rows, and rounding
// errors grow with the length of a piece and the number of pieces, not with their product.
static void FORM(multiply_words)(size_t rows, size_t depth, size_t columns, const float *a, size_t a_stride,
                                 const float *b, bool adds, float *c, size_t c_stride, const float *upcoming,
                                 size_t upcoming_stride) {
  for (size_t start = 0; start < depth; start += PIECE) {
    size_t length = depth - start < PIECE ? depth - start : PIECE;
    const float *a_piece = a + start, *b_piece = b + start * columns;
    const float *fetch = upcoming + start / PIECE * upcoming_stride, *fetch_end = fetch + length * columns;
    size_t column = 0;
    for (; column + VECTORS * LANES <= columns; column += VECTORS * LANES)
      fetch = FORM(multiply_columns)(VECTORS, rows, length, a_piece, a_stride, b_piece + column, columns,
                                     adds, c + column, c_stride, fetch, fetch_end);
    for (; column < columns; column += LANES)
      fetch = FORM(multiply_columns)(1, rows, length, a_piece, a_stride, b_piece + column, columns, adds,
                                     c + column, c_stride, fetch, fetch_end);
    adds = true;
  }
}

#undef FORM
#undef ADD_PRODUCT

#if !WINOGRAD_IS_BF16
static void multiply(size_t rows, size_t depth, size_t columns, const void *a, size_t a_stride, const void *b,
                     bool adds, float *c, size_t c_stride, const void *upcoming, size_t upcoming_stride) {
  multiply_words(rows, depth, columns, a, a_stride, b, adds, c, c_stride, upcoming, upcoming_stride);
}

static const ckernels_winograd winograd = {
    .operand_bytes = sizeof(float),
    .transform_input = transform_input,
    .multiply = multiply,
    .transform_output = transform_output,
    .transform_filter = transform_filter,
    .transform_slope = transform_slope,
    .collect_taps = collect_taps,
};
#else
static void multiply_bf16(size_t rows, size_t depth, size_t columns, const void *a, size_t a_stride,
                          const void *b, bool adds, float *c, size_t c_stride, const void *upcoming,
                          size_t upcoming_stride) {
  multiply_words_bf16(rows, depth / 2, columns, a, a_stride / 2, b, adds, c, c_stride, upcoming, upcoming_stride);
}

static const ckernels_winograd winograd_bf16 = {
    .operand_bytes = 2,
    .transform_input = transform_input_bf16,
    .multiply = multiply_bf16,
    .transform_output = transform_output,
    .transform_filter = transform_filter_bf16,
    .transform_slope = transform_slope,
    .collect_taps = collect_taps,
};
#endif

#undef LANES
#undef VECTORS
#undef ROWS
#undef ROWS_AHEAD
#undef PIECE
#undef LINE
