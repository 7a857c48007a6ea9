// The four loops of the 3×3 convolution that take nearly all of its time, compiled once per instruction set.
//
// Channels come in groups of 16 floats everywhere, so that no loop has a remainder: the caller pads. A "plane" is
// one of the 36 frequencies of a tile; plane f of a buffer begins at f × plane_stride.
#ifndef CKERNELS_WINOGRAD_H
#define CKERNELS_WINOGRAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const char *name;

  // BᵀdB of one 6×6 patch, for `channels` (a multiple of 16) channels: pixels[6·y + x] points to a pixel's
  // channels, and row f of the result goes to planes + f × plane_stride.
  // bits, unless NULL, points beside each pixel to one bit a channel; where it is 0 the channel counts as 0.
  // Meanwhile it fetches what follows the patch's rows, for the patch to the right.
  void (*transform_input)(const float *const pixels[36], const uint8_t *const *bits, size_t channels,
                          float *planes, size_t plane_stride);

  // c = a · b, where a is rows × depth with rows a_stride apart, b is depth × columns without gaps, and c's rows
  // are c_stride apart; columns is a multiple of 16. Each element is summed in the order of depth, whatever the
  // other sizes are. Meanwhile it fetches, into the second-level cache, what is to be read next: for every 64 of
  // depth as many floats as they have in b, upcoming_stride apart. Nothing is wrong but slow if that is not read.
  void (*multiply)(size_t rows, size_t depth, size_t columns, const float *a, size_t a_stride, const float *b,
                   float *c, size_t c_stride, const float *upcoming, size_t upcoming_stride);

  // AᵀmA of one tile, for `channels` (a multiple of 16) channels, + bias (unless NULL), and the positive part of
  // that if `relu`, written to the 4×4 pixels[4·y + x]. bits, unless NULL, receives beside each pixel one bit a
  // channel: 0 where relu gave 0. If `streams`, every pixel is aligned to 64 bytes and is written past the caches.
  void (*transform_output)(const float *planes, size_t plane_stride, size_t channels, const float *bias, bool relu,
                           bool streams, float *const pixels[16], uint8_t *const *bits);

  // target[j][i] = source[i][j] for i < rows, j < columns (a multiple of 4), and 0 for rows ≤ i < padded_rows (a
  // multiple of 4).
  void (*transpose)(const float *source, size_t source_stride, size_t rows, size_t padded_rows, size_t columns,
                    float *target, size_t target_stride);
} ckernels_winograd;

// Instruction sets from the plainest up; 0 always exists. NULL where this machine lacks the level, or beyond the
// last one.
const ckernels_winograd *ckernels_winograd_level(int level);

#endif
