// The loops of rectifiers and of 2×2 max-pooling, which turn comparisons into bits and bits into selections,
// compiled once per instruction set.
#ifndef CKERNELS_RECTIFIER_H
#define CKERNELS_RECTIFIER_H

#include <stddef.h>
#include <stdint.h>

#define CKERNELS_RECTIFIER_LOOPS(TYPE, SUFFIX)                                                                   \
  /* y = x > 0 ? x : 0, NaN staying NaN; bit i of bits is 0 where y was set to 0. Writes (count + 7) / 8 bytes. */ \
  void (*rectify_##SUFFIX)(const TYPE *x, size_t count, TYPE *y, uint8_t *bits);                                 \
  /* y = bit ? x : 0. */                                                                                         \
  void (*select_##SUFFIX)(const TYPE *x, const uint8_t *bits, size_t count, TYPE *y);                            \
  /* The largest of each 2×2 window of two rows of pixels of `channels` (a multiple of 16) numbers; the first */ \
  /* of equals, NaN above all. right and lower, unless NULL, receive a bit for each: where it came from. */      \
  void (*pool_##SUFFIX)(const TYPE *top, const TYPE *bottom, size_t channels, size_t windows, TYPE *y,           \
                        uint8_t *right, uint8_t *lower);                                                         \
  /* The reverse: x at the place that the bits name, 0 at the other three. */                                    \
  void (*unpool_##SUFFIX)(const TYPE *x, const uint8_t *right, const uint8_t *lower, size_t channels,            \
                          size_t windows, TYPE *top, TYPE *bottom);

typedef struct {
  const char *name;
  CKERNELS_RECTIFIER_LOOPS(float, f32)
  CKERNELS_RECTIFIER_LOOPS(double, f64)
} ckernels_rectifier;

// Instruction sets from the plainest up; 0 always exists. NULL where this machine lacks the level, or beyond the
// last one.
const ckernels_rectifier *ckernels_rectifier_level(int level);

#endif
