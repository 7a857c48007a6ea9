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
#define PIECE 64
#define LINE 16

#if !WINOGRAD_IS_BF16
typedef float vector __attribute__((vector_size(LANES * 4)));
typedef float unaligned_vector __attribute__((vector_size(LANES * 4), aligned(4)));
typedef int32_t lanes __attribute__((vector_size(LANES * 4)));
typedef bool lane_bits __attribute__((ext_vector_type(LANES)));
typedef float vector4 __attribute__((vector_size(16)));
typedef float unaligned_vector4 __attribute__((vector_size(16), aligned(4)));

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
#endif

// The product, for one form of the operands. They are read as words of 32 bits: a float, or two numbers of bf16 that are
// neighbours in depth.
//
// A tile of `rows` × `vectors` accumulators lives in registers while depth runs; after inlining both are constants and
// all loops but that over depth are gone.

// FORM(name) is the name of a function of this form, and ADD_PRODUCT is sum + a · b, of a vector, a word and a vector of words.
#if !WINOGRAD_IS_BF16
#define FORM(name) name
#define ADD_PRODUCT(sum, a, b) ((sum) + (a) * (b))
#else
#define FORM(name) name##_bf16
#define ADD_PRODUCT(sum, a, b) \
  ((vector)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)_mm512_set1_ps(a), (__m512bh)(b)))
#endif

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
                                 const float *b, float *c, size_t c_stride, const float *upcoming,
                                 size_t upcoming_stride) {
  for (size_t start = 0; start < depth; start += PIECE) {
    size_t length = depth - start < PIECE ? depth - start : PIECE;
    const float *a_piece = a + start, *b_piece = b + start * columns;
    const float *fetch = upcoming + start / PIECE * upcoming_stride, *fetch_end = fetch + length * columns;
    size_t column = 0;
    for (; column + VECTORS * LANES <= columns; column += VECTORS * LANES)
      fetch = FORM(multiply_columns)(VECTORS, rows, length, a_piece, a_stride, b_piece + column, columns,
                                     start > 0, c + column, c_stride, fetch, fetch_end);
    for (; column < columns; column += LANES)
      fetch = FORM(multiply_columns)(1, rows, length, a_piece, a_stride, b_piece + column, columns, start > 0,
                                     c + column, c_stride, fetch, fetch_end);
  }
}

#undef FORM
#undef ADD_PRODUCT

#if !WINOGRAD_IS_BF16
static void multiply(size_t rows, size_t depth, size_t columns, const void *a, size_t a_stride, const void *b,
                     float *c, size_t c_stride, const void *upcoming, size_t upcoming_stride) {
  multiply_words(rows, depth, columns, a, a_stride, b, c, c_stride, upcoming, upcoming_stride);
}

INLINE void transpose_4x4(const float *source, size_t source_stride, float *target, size_t target_stride) {
  vector4 r0 = *(const unaligned_vector4 *)source;
  vector4 r1 = *(const unaligned_vector4 *)(source + source_stride);
  vector4 r2 = *(const unaligned_vector4 *)(source + 2 * source_stride);
  vector4 r3 = *(const unaligned_vector4 *)(source + 3 * source_stride);
  vector4 low01 = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), high01 = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
  vector4 low23 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5), high23 = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
  *(unaligned_vector4 *)target = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
  *(unaligned_vector4 *)(target + target_stride) = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
  *(unaligned_vector4 *)(target + 2 * target_stride) = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
  *(unaligned_vector4 *)(target + 3 * target_stride) = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

static void transpose(const void *from, size_t source_stride, size_t rows, size_t padded_rows, size_t columns,
                      void *to, size_t target_stride) {
  const float *source = from;
  float *target = to;
  size_t whole_rows = rows - rows % 4;
  // Filters come from main memory, which is quick for those who read it in order. Squares of four rows do not, and take
  // 1.7 times as long as when each line has been read beforehand.
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j += 64 / sizeof(float))
      (void)*(const volatile float *)(source + i * source_stride + j);
  for (size_t i = 0; i < whole_rows; i += 4)
    for (size_t j = 0; j < columns; j += 4)
      transpose_4x4(source + i * source_stride + j, source_stride, target + j * target_stride + i, target_stride);
  for (size_t j = 0; j < columns; j++)
    for (size_t i = whole_rows; i < padded_rows; i++)
      target[j * target_stride + i] = i < rows ? source[i * source_stride + j] : 0;
}

static const ckernels_winograd winograd = {
    .operand_bytes = sizeof(float),
    .transform_input = transform_input,
    .multiply = multiply,
    .transform_output = transform_output,
    .transpose = transpose,
    .transform_slope = transform_slope,
    .collect_taps = collect_taps,
};
#else
static void multiply_bf16(size_t rows, size_t depth, size_t columns, const void *a, size_t a_stride,
                          const void *b, float *c, size_t c_stride, const void *upcoming,
                          size_t upcoming_stride) {
  multiply_words_bf16(rows, depth / 2, columns, a, a_stride / 2, b, c, c_stride, upcoming, upcoming_stride);
}

// A square of 8 × 8 units of 64 bits, each of which is a square of 2 × 2 numbers: [rows / 2, columns, 2] to
// [columns / 2, rows, 2]. Strides are in units.
typedef int64_t units __attribute__((vector_size(64)));
typedef int64_t unaligned_units __attribute__((vector_size(64), aligned(2), may_alias));

INLINE void transpose_square(const int64_t *source, size_t source_stride, int64_t *target, size_t target_stride) {
  units a[8], b[8];
  UNROLL for (int i = 0; i < 8; i++) a[i] = *(const unaligned_units *)(source + i * source_stride);
  UNROLL for (int i = 0; i < 8; i += 2) {
    b[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    b[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  UNROLL for (int i = 0; i < 8; i += 4) {
    UNROLL for (int j = 0; j < 2; j++) {
      a[i + j] = __builtin_shufflevector(b[i + j], b[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      a[i + j + 2] = __builtin_shufflevector(b[i + j], b[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  const __m512i middle = _mm512_broadcast_i32x4(_mm_set_epi8(15, 14, 11, 10, 13, 12, 9, 8, 7, 6, 3, 2, 5, 4, 1, 0));
  UNROLL for (int i = 0; i < 4; i++) {
    units low = __builtin_shufflevector(a[i], a[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    units high = __builtin_shufflevector(a[i], a[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    *(unaligned_units *)(target + i * target_stride) = (units)_mm512_shuffle_epi8((__m512i)low, middle);
    *(unaligned_units *)(target + (i + 4) * target_stride) = (units)_mm512_shuffle_epi8((__m512i)high, middle);
  }
}

static void transpose_bf16(const void *source, size_t source_stride, size_t rows, size_t padded_rows,
                           size_t columns, void *target, size_t target_stride) {
  (void)padded_rows;  // As many as there are rows.
  const int64_t *from = source;
  int64_t *to = target;
  for (size_t i = 0; i < rows / 2; i += 8)
    for (size_t j = 0; j < columns / 2; j += 8)
      transpose_square(from + i * (source_stride / 2) + j, source_stride / 2, to + j * (target_stride / 2) + i,
                       target_stride / 2);
}

static void pack_rows_bf16(const float *first, const float *second, size_t columns, void *target) {
  for (size_t j = 0; j < columns; j += LANES) {
    __m512i even = _mm512_cvtepu16_epi32(rounded(load(first + j)));
    __m512i odd = _mm512_cvtepu16_epi32(rounded(load(second + j)));
    _mm512_storeu_si512((uint16_t *)target + 2 * j, _mm512_or_si512(even, _mm512_slli_epi32(odd, 16)));
  }
}

static const ckernels_winograd winograd_bf16 = {
    .operand_bytes = 2,
    .transform_input = transform_input_bf16,
    .multiply = multiply_bf16,
    .transform_output = transform_output,
    .transpose = transpose_bf16,
    .transform_slope = transform_slope,
    .collect_taps = collect_taps,
    .pack_rows = pack_rows_bf16,
};
#endif

#undef LANES
#undef VECTORS
#undef ROWS
#undef PIECE
#undef LINE
