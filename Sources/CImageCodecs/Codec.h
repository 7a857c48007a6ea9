// What the readers and writers of this target share.
#ifndef CODEC_H
#define CODEC_H
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"

struct codec_reader {
  codec_progress (*next)(codec_reader *, codec_row *row, float *samples, char *message);
  void (*close)(codec_reader *);
};

static inline void codec_say(char *message, const char *text) {
  snprintf(message, CODEC_MESSAGE_SIZE, "%s", text);
}

// The integer in 0…maximum nearest to value * maximum. NaN fails the first comparison and becomes 0.
static inline unsigned codec_quantised(float value, unsigned maximum) {
  if (!(value > 0)) return 0;
  if (value >= 1) return maximum;
  return (unsigned)lrintf(value * (float)maximum);
}

// Row y of a picture as whole levels, interleaved: bytes, or 16-bit numbers of the machine's order.
static inline void codec_levels(const codec_picture *picture, uint32_t y, bool has_alpha, void *row) {
  size_t plane = (size_t)picture->width * picture->height, first = (size_t)y * picture->width;
  int channels = has_alpha ? 4 : 3;
  for (int c = 0; c < channels; c++) {
    const float *values = (c < 3 ? picture->colour + (size_t)c * plane : picture->alpha) + first;
    if (picture->bit_depth == 8) {
      for (uint32_t x = 0; x < picture->width; x++) {
        ((uint8_t *)row)[(size_t)x * channels + c] = (uint8_t)codec_quantised(values[x], 255);
      }
    } else {
      for (uint32_t x = 0; x < picture->width; x++) {
        ((uint16_t *)row)[(size_t)x * channels + c] = (uint16_t)codec_quantised(values[x], 65535);
      }
    }
  }
}

// Video's transfer functions (ITU-T H.273) in AVIF, HEIC and JPEG XL: there Chromium gives them sRGB's curve, as every
// program does that knows no numbers.
static inline int codec_still_transfer(int transfer) {
  bool is_video = transfer == 1 || transfer == 6 || transfer == 14 || transfer == 15;
  return is_video ? 13 : transfer;
}

// Lightness in 0…100 and the two differences of CIE L*a*b* under D50, as profiles have them, to sRGB, cut to 0…1.
void codec_lab_to_srgb(const float lab[3], float rgb[3]);

// Doubles the file's capacity until `needed` bytes fit; false when memory is out.
static inline bool codec_reserve(codec_file *file, size_t *capacity, size_t needed) {
  size_t grown = *capacity ? *capacity : 1 << 16;
  while (grown < needed) grown *= 2;
  if (grown == *capacity) return true;
  uint8_t *bytes = realloc(file->bytes, grown);
  if (!bytes) return false;
  file->bytes = bytes;
  *capacity = grown;
  return true;
}
#endif
