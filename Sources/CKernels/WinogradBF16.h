// The loops of Winograd's convolution with operands of the product in bf16, for AVX512-BF16; it comes after Winograd.h,
// whose transforms and tiles these are too. The target must be set to a processor that has those instructions.
//
// VDPBF16PS multiplies pairs: neighbours in depth are one word of 32 bits. A pair of a lies in memory as it is; for b two
// rows are interleaved, [depth / 2, columns, 2]. VCVTNEPS2BF16 rounds to nearest even and takes denormals for 0.

#define LANES WINOGRAD_LANES
#define VECTORS WINOGRAD_VECTORS
#define ROWS 6
#define PIECE 64
#define LINE 16

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

// The product, of pairs.
#define FORM(name) name##_bf16
#define ADD_PRODUCT(sum, a, b) \
  ((vector)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)_mm512_set1_ps(a), (__m512bh)(b)))
#include "WinogradProduct.h"

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
    .pack_rows = pack_rows_bf16,
};

#undef LANES
#undef VECTORS
#undef ROWS
#undef PIECE
#undef LINE
