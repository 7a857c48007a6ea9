// Elements at positions. The loops wait for memory, so they are compiled once for all processors.
#include "CKernels.h"

#include <string.h>

// One walk over lines or along one: `count` elements of the rows, each with its position and the place that it counts from.
#define WALK(name, type, action, run)                                                                        \
  static void name(type *row, ptrdiff_t row_step, type *picked, ptrdiff_t picked_step, ptrdiff_t line_step,  \
                   const int64_t *positions, ptrdiff_t position_step, size_t count) {                        \
    if (position_step == 0 && row_step == 1 && line_step == 1) {                                             \
      type *other = picked + *positions * picked_step;                                                       \
      run;                                                                                                   \
    } else if (position_step == 1 && row_step == 1) {                                                        \
      for (size_t i = 0; i < count; i++) {                                                                   \
        type *r = row + i, *p = picked + (ptrdiff_t)i * line_step + positions[i] * picked_step;              \
        action;                                                                                              \
      }                                                                                                      \
    } else {                                                                                                 \
      for (size_t i = 0; i < count; i++) {                                                                   \
        type *r = row + (ptrdiff_t)i * row_step;                                                             \
        type *p = picked + (ptrdiff_t)i * line_step + positions[(ptrdiff_t)i * position_step] * picked_step; \
        action;                                                                                              \
      }                                                                                                      \
    }                                                                                                        \
  }

#define WALKS(type)                                                                                          \
  WALK(read_##type, type, *r = *p, memcpy(row, other, count * sizeof(type)))                                 \
  WALK(write_##type, type, *p = *r, memcpy(other, row, count * sizeof(type)))
#define ADD(type) WALK(add_##type, type, *p += *r, for (size_t i = 0; i < count; i++) other[i] += row[i])

WALKS(uint8_t)
WALKS(uint16_t)
WALKS(uint32_t)
WALKS(uint64_t)
ADD(float)
ADD(double)

#define EACH(name, type)                                                                                     \
  if (t->runs_along_axis) {                                                                                  \
    for (size_t line = 0; line < t->lines; line++) {                                                         \
      name((type *)t->row + (ptrdiff_t)line * t->row_line, t->row_step,                                      \
           (type *)t->picked + (ptrdiff_t)line * t->picked_line, t->picked_step, 0,                          \
           t->positions + (ptrdiff_t)line * t->position_line, t->position_step, t->length);                  \
    }                                                                                                        \
  } else {                                                                                                   \
    for (size_t j = 0; j < t->length; j++) {                                                                 \
      name((type *)t->row + (ptrdiff_t)j * t->row_step, t->row_line, (type *)t->picked, t->picked_step,      \
           t->picked_line, t->positions + (ptrdiff_t)j * t->position_step, t->position_line, t->lines);      \
    }                                                                                                        \
  }                                                                                                          \
  return;

void ckernels_move(const ckernels_picks *t, enum ckernels_pick pick, size_t width) {
  switch (pick) {
    case CKERNELS_READ:
      switch (width) {
        case 1: EACH(read_uint8_t, uint8_t)
        case 2: EACH(read_uint16_t, uint16_t)
        case 4: EACH(read_uint32_t, uint32_t)
        default: EACH(read_uint64_t, uint64_t)
      }
    case CKERNELS_WRITE:
      switch (width) {
        case 1: EACH(write_uint8_t, uint8_t)
        case 2: EACH(write_uint16_t, uint16_t)
        case 4: EACH(write_uint32_t, uint32_t)
        default: EACH(write_uint64_t, uint64_t)
      }
    case CKERNELS_ADD_FLOAT: EACH(add_float, float)
    case CKERNELS_ADD_DOUBLE: EACH(add_double, double)
  }
}

size_t ckernels_count_true(const void *x, size_t count) {
  const uint8_t *bytes = x;
  size_t found = 0;
  for (size_t i = 0; i < count; i++) found += bytes[i] != 0;
  return found;
}

size_t ckernels_true_places(const void *x, size_t count, int64_t *places) {
  const uint8_t *bytes = x;
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    // No branch, which would be guessed wrong half of the time.
    places[found] = (int64_t)i;
    found += bytes[i] != 0;
  }
  return found;
}

bool ckernels_are_below(const void *x, size_t count, int64_t limit) {
  const uint64_t *numbers = x;
  // Below 0 is far above as an unsigned number.
  bool all = true;
  for (size_t i = 0; i < count; i++) all &= numbers[i] < (uint64_t)limit;
  return all;
}
