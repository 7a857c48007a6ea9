#include "Codec.h"

void codec_place(const float *samples, codec_row row, codec_placement at, float *colour, float *alpha) {
  int channels = alpha ? 4 : 3;
  ptrdiff_t target = at.origin + (ptrdiff_t)row.x * at.step_x + (ptrdiff_t)row.y * at.step_y;
  ptrdiff_t step = (ptrdiff_t)row.step * at.step_x;
  for (uint32_t i = 0; i < row.count; i++, target += step, samples += channels) {
    for (size_t c = 0; c < 3; c++) colour[c * at.plane + (size_t)target] = samples[c];
    if (alpha) alpha[target] = samples[3];
  }
}

// What old pixel `index` covers: `first` with the weight `near`, and the one after it with `far`.
typedef struct {
  uint32_t first;
  float near, far;
} share;

static inline share share_of(uint32_t index, double scale, uint32_t count) {
  double begin = index * scale, end = begin + scale;
  uint32_t first = (uint32_t)begin;
  // What rounding puts beyond the last pixel belongs to it.
  if (first + 1 >= count) return (share){count - 1, (float)fmax(0, fmin(end, count) - begin), 0};
  double border = first + 1.0;
  if (end <= border) return (share){first, (float)scale, 0};
  return (share){first, (float)(border - begin), (float)(end - border)};
}

void codec_reduce(const float *samples, codec_row row, const codec_reduction *reduction, codec_placement at,
                  float *colour, float *alpha) {
  int channels = alpha ? 4 : 3;
  float *strip = reduction->strip;
  memset(strip, 0, (size_t)reduction->width * channels * sizeof *strip);
  for (uint32_t i = 0; i < row.count; i++, samples += channels) {
    share x = share_of(row.x + i * row.step, reduction->scale_x, reduction->width);
    float opacity = alpha ? samples[3] : 1;
    float *target = strip + (size_t)x.first * channels;
    for (int c = 0; c < channels; c++) {
      float value = c < 3 ? samples[c] * opacity : opacity;
      target[c] += value * x.near;
      if (x.far > 0) target[channels + c] += value * x.far;
    }
  }
  share y = share_of(row.y, reduction->scale_y, reduction->height);
  for (int part = 0; part < 2; part++) {
    float weight = part == 0 ? y.near : y.far;
    if (!(weight > 0)) continue;
    ptrdiff_t target = at.origin + (ptrdiff_t)(y.first + part) * at.step_y;
    for (uint32_t x = 0; x < reduction->width; x++, target += at.step_x) {
      const float *source = strip + (size_t)x * channels;
      for (size_t c = 0; c < 3; c++) colour[c * at.plane + (size_t)target] += source[c] * weight;
      if (alpha) alpha[target] += source[3] * weight;
    }
  }
}
