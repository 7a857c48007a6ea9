// What the readers and writers of this target share.
#ifndef CODEC_H
#define CODEC_H
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "CImageCodecs.h"

struct codec_reader {
  bool (*read)(codec_reader *, codec_placement, float *colour, float *alpha, char *message);
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
