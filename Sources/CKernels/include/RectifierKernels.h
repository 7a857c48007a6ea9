// The loops of rectifiers and of 2×2 max-pooling, which turn comparisons into bits and bits into selections, and those
// of 2×2 average pooling, compiled once per instruction set.
//
// rectify  y = x > 0 ? x : 0, NaN staying NaN; bit i of bits is 0 where y was set to 0. Writes (count + 7) / 8 bytes.
// select   y = bit ? x : 0.
// pool     The largest of each 2×2 window of two rows of pixels of `channels` (a multiple of 16) numbers: the first
//          of equals, NaN above all. right and lower, unless NULL, receive a bit for each: where it came from.
// unpool   The reverse: x at the place that the bits name, 0 at the other three.
// average  A quarter of the sum of each window, summed from the upper left to the lower right.
// spread   A quarter of x at all four places.
#ifndef CKERNELS_RECTIFIER_H
#define CKERNELS_RECTIFIER_H

#include <stddef.h>
#include <stdint.h>

#define CKERNELS_RECTIFIER_LOOPS(TYPE, SUFFIX)                                                            \
  void (*rectify_##SUFFIX)(const TYPE *x, size_t count, TYPE *y, uint8_t *bits);                          \
  void (*select_##SUFFIX)(const TYPE *x, const uint8_t *bits, size_t count, TYPE *y);                     \
  void (*pool_##SUFFIX)(const TYPE *top, const TYPE *bottom, size_t channels, size_t windows, TYPE *y,    \
                        uint8_t *right, uint8_t *lower);                                                  \
  void (*unpool_##SUFFIX)(const TYPE *x, const uint8_t *right, const uint8_t *lower, size_t channels,     \
                          size_t windows, TYPE *top, TYPE *bottom);                                       \
  void (*average_##SUFFIX)(const TYPE *top, const TYPE *bottom, size_t channels, size_t windows, TYPE *y); \
  void (*spread_##SUFFIX)(const TYPE *x, size_t channels, size_t windows, TYPE *top, TYPE *bottom);

typedef struct {
  const char *name;
  CKERNELS_RECTIFIER_LOOPS(float, f32)
  CKERNELS_RECTIFIER_LOOPS(double, f64)
} ckernels_rectifier;

#undef CKERNELS_RECTIFIER_LOOPS

// Instruction sets from the plainest up; 0 always exists. NULL where this machine lacks the level, or beyond the
// last one.
const ckernels_rectifier *ckernels_rectifier_level(int level);

#endif
