#include "Codec.h"

static float curve_value(const float *curve, float value) {
  if (!(value > 0)) return curve[0];
  if (value >= 1) return curve[CODEC_CURVE_COUNT - 1];
  float place = value * (CODEC_CURVE_COUNT - 1);
  int index = (int)place;
  float rest = place - (float)index;
  return index + 1 < CODEC_CURVE_COUNT ? curve[index] + (curve[index + 1] - curve[index]) * rest : curve[index];
}

// Where a curve has a value, in 0…1.
static float curve_place(const float *curve, float value) {
  const int last = CODEC_CURVE_COUNT - 1;
  // One that falls is looked through from its end.
  bool falls = curve[0] > curve[last];
  const float *first = falls ? curve + last : curve;
  ptrdiff_t step = falls ? -1 : 1;
  if (!(value > first[0])) return falls;
  if (value >= first[last * step]) return !falls;
  int low = 0, high = last;  // first[low · step] < value <= first[high · step]
  while (high - low > 1) {
    int middle = (low + high) / 2;
    if (first[middle * step] < value) low = middle; else high = middle;
  }
  float from = first[low * step], rise = first[high * step] - from;
  float place = ((float)low + (rise > 0 ? (value - from) / rise : 0)) / (float)last;
  return falls ? 1 - place : place;
}

// IEC 61966-2-1.
static float srgb_encoded(float linear) {
  if (!(linear > 0)) return 0;
  if (linear >= 1) return 1;
  return linear <= 0.0031308f ? 12.92f * linear : 1.055f * powf(linear, 1 / 2.4f) - 0.055f;
}

static float srgb_decoded(float value) {
  if (!(value > 0)) return 0;
  if (value >= 1) return 1;
  return value <= 0.04045f ? value / 12.92f : powf((value + 0.055f) / 1.055f, 2.4f);
}

static inline void multiply(const float *matrix, const float *from, float *to) {
  for (int r = 0; r < 3; r++) {
    to[r] = matrix[3 * r] * from[0] + matrix[3 * r + 1] * from[1] + matrix[3 * r + 2] * from[2];
  }
}

void codec_to_srgb(const codec_shaper *shaper, float *pixels, size_t count, int channels) {
  for (size_t i = 0; i < count; i++, pixels += channels) {
    float linear[3], mixed[3];
    for (int c = 0; c < 3; c++) linear[c] = curve_value(shaper->curves[c], pixels[c]);
    multiply(shaper->matrix, linear, mixed);
    for (int c = 0; c < 3; c++) pixels[c] = srgb_encoded(mixed[c]);
  }
}

void codec_from_srgb(const codec_shaper *shaper, float *pixels, size_t count, int channels) {
  for (size_t i = 0; i < count; i++, pixels += channels) {
    float linear[3], mixed[3];
    for (int c = 0; c < 3; c++) linear[c] = srgb_decoded(pixels[c]);
    multiply(shaper->matrix, linear, mixed);
    for (int c = 0; c < 3; c++) pixels[c] = curve_place(shaper->curves[c], mixed[c]);
  }
}

// The inverse of the curve of CIE 15, times a channel of the light D50.
static float lab_light(float root, float white) {
  return white * (root > 6 / 29.0f ? root * root * root : (root - 4 / 29.0f) * (108 / 841.0f));
}

void codec_lab_to_srgb(const float lab[3], float rgb[3]) {
  // From XYZ under D50, to which sRGB's white is adapted by Bradford's method.
  static const float matrix[9] = {3.13418636f,  -1.61720896f, -0.49069406f, -0.97874850f, 1.91613010f,
                                  0.03343340f, 0.07196393f,  -0.22899387f, 1.40575373f};
  float middle = (lab[0] + 16) / 116, mixed[3];
  float xyz[3] = {lab_light(middle + lab[1] / 500, 0.9642f), lab_light(middle, 1),
                  lab_light(middle - lab[2] / 200, 0.8249f)};
  multiply(matrix, xyz, mixed);
  for (int c = 0; c < 3; c++) rgb[c] = srgb_encoded(mixed[c]);
}
