// Products of matrices of one scalar type, for AVX-512: 28 accumulators in 32 registers; see Processor.h.

// Its vectors have names of their own.
#undef SUFFIX
#define SUFFIX JOIN(gemm, SCALAR)

// A tile of the result has ROWS rows and VECTORS vectors of columns.
#define ROWS 14
#define VECTORS 2
// A panel of b is read for this much of the depth at once, and stays in the first-level cache meanwhile…
#define PIECE 128
// …for this many rows of a, which are packed in the second-level cache.
#define BLOCK 64

#define LOAD_FIRST(p, count) JOIN(load_first, SCALAR)(p, count, (NAME(vector)){0})
#define STORE_FIRST(p, v, count) JOIN(store_first, SCALAR)(p, v, count)
#if IS_FLOAT
#define LOWER_HALVES 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define UPPER_HALVES 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#else
#define LOWER_HALVES 0, 8, 1, 9, 2, 10, 3, 11
#define UPPER_HALVES 4, 12, 5, 13, 6, 14, 7, 15
#endif

INLINE size_t NAME(smaller)(size_t a, size_t b) { return a < b ? a : b; }

// The size of the next of `parts` parts of `rest`, which differ by 1 at most.
INLINE size_t NAME(share)(size_t rest, size_t parts) { return (rest + parts - 1) / parts; }

#define WIDTH (VECTORS * LANES)

typedef TYPE NAME(vector) __attribute__((vector_size(64)));
typedef TYPE NAME(unaligned) __attribute__((vector_size(64), aligned(sizeof(TYPE))));

INLINE NAME(vector) NAME(load)(const TYPE *p) { return *(const NAME(unaligned) *)p; }
INLINE void NAME(store)(TYPE *p, NAME(vector) v) { *(NAME(unaligned) *)p = v; }

// Packing.

// Dealing out the rows of the upper half among those of the lower, again and again, turns rows into columns.
INLINE void NAME(transpose)(NAME(vector) rows[LANES]) {
  UNROLL for (size_t step = 1; step < LANES; step *= 2) {
    NAME(vector) dealt[LANES];
    UNROLL for (size_t i = 0; i < LANES / 2; i++) {
      dealt[2 * i] = __builtin_shufflevector(rows[i], rows[i + LANES / 2], LOWER_HALVES);
      dealt[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + LANES / 2], UPPER_HALVES);
    }
    UNROLL for (size_t i = 0; i < LANES; i++) rows[i] = dealt[i];
  }
}

// target[k · target_step + i] = source[i · step + k · depth_step] for i < lanes; up to LANES it is arbitrary.
INLINE void NAME(pack_lanes)(size_t lanes, size_t depth, const TYPE *source, size_t step, size_t depth_step,
                             TYPE *target, size_t target_step) {
  if (step == 1) {
    for (size_t k = 0; k < depth; k++)
      NAME(store)(target + k * target_step, LOAD_FIRST(source + k * depth_step, lanes));
    return;
  }
  for (size_t k = 0; k < depth; k += LANES) {
    size_t length = NAME(smaller)(depth - k, LANES);
    NAME(vector) rows[LANES];
    UNROLL for (size_t i = 0; i < LANES; i++)
      rows[i] = LOAD_FIRST(source + NAME(smaller)(i, lanes - 1) * step + k, length);
    NAME(transpose)(rows);
    UNROLL for (size_t i = 0; i < LANES; i++)
      if (i < length) NAME(store)(target + (k + i) * target_step, rows[i]);
  }
}

// The last lanes first: where `width` is no multiple of LANES, they reach into the row below.
INLINE void NAME(pack_sides)(size_t sides, size_t depth, const TYPE *source, size_t step, size_t depth_step,
                             TYPE *target, size_t width) {
  for (size_t end = NAME(share)(sides, LANES) * LANES; end > 0; end -= LANES) {
    size_t first = end - LANES;
    NAME(pack_lanes)(NAME(smaller)(sides - first, LANES), depth, source + first * step, step, depth_step,
                     target + first, width);
  }
}

static void NAME(pack)(size_t columns, size_t depth, const void *source, size_t column_step, size_t depth_step,
                       void *panel) {
  NAME(pack_sides)(columns, depth, source, column_step, depth_step, panel, WIDTH);
}

// The product. A tile of `rows` × `vectors` accumulators lives in registers while depth runs; after inlining both
// are constants and all loops but that over depth are gone.

INLINE void NAME(multiply_tile)(size_t rows, size_t vectors, size_t depth, const TYPE *a, const TYPE *panel,
                                bool adds, TYPE *target, size_t target_step, size_t columns) {
  NAME(vector) sum[ROWS][VECTORS];
  UNROLL for (size_t i = 0; i < rows; i++)
    UNROLL for (size_t j = 0; j < vectors; j++) {
      __builtin_prefetch(target + i * target_step + j * LANES, 1);
      sum[i][j] = (NAME(vector)){0};
    }
  for (size_t k = 0; k < depth; k++) {
    NAME(vector) row[VECTORS];
    UNROLL for (size_t j = 0; j < vectors; j++) row[j] = NAME(load)(panel + k * WIDTH + j * LANES);
    UNROLL for (size_t i = 0; i < rows; i++)
      UNROLL for (size_t j = 0; j < vectors; j++) sum[i][j] += a[k * ROWS + i] * row[j];
  }
  size_t last = columns - (vectors - 1) * LANES;
  UNROLL for (size_t i = 0; i < rows; i++)
    UNROLL for (size_t j = 0; j < vectors; j++) {
      TYPE *place = target + i * target_step + j * LANES;
      if (j + 1 < vectors || last == LANES)
        NAME(store)(place, adds ? NAME(load)(place) + sum[i][j] : sum[i][j]);
      else
        STORE_FIRST(place, adds ? LOAD_FIRST(place, last) + sum[i][j] : sum[i][j], last);
    }
}

INLINE void NAME(multiply_tiles)(size_t vectors, size_t rows, size_t depth, const TYPE *a, const TYPE *panel,
                                 bool adds, TYPE *target, size_t target_step, size_t columns) {
  for (size_t tiles = NAME(share)(rows, ROWS); tiles > 0; tiles--) {
    size_t height = NAME(share)(rows, tiles);
#define TILE(height)                                                                                         \
  case height:                                                                                               \
    NAME(multiply_tile)(height, vectors, depth, a, panel, adds, target, target_step, columns);               \
    break;
    switch (height) {
      TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) TILE(7)
      TILE(8) TILE(9) TILE(10) TILE(11) TILE(12) TILE(13) TILE(14)
    }
#undef TILE
    a += ROWS * depth;
    target += height * target_step;
    rows -= height;
  }
}

// A few rows that are packed, tile after tile, times all panels.
static void NAME(multiply_packed)(size_t rows, size_t columns, size_t depth, const TYPE *packed,
                                  const TYPE *panels, size_t panel_step, bool adds, TYPE *target,
                                  size_t target_step) {
  for (size_t column = 0; column < columns; column += WIDTH, panels += panel_step) {
    size_t width = NAME(smaller)(columns - column, WIDTH);
    if (width > LANES)
      NAME(multiply_tiles)(2, rows, depth, packed, panels, adds, target + column, target_step, width);
    else
      NAME(multiply_tiles)(1, rows, depth, packed, panels, adds, target + column, target_step, width);
  }
}

// A vector that is packed may reach beyond the last tile.
#define PACKED (((BLOCK + ROWS - 1) / ROWS * ROWS) * PIECE + LANES)

static void NAME(multiply_block)(size_t rows, size_t columns, size_t depth, const TYPE *a, size_t row_step,
                                 size_t depth_step, const TYPE *panels, size_t panel_step, bool adds,
                                 TYPE *target, size_t target_step) {
  __attribute__((aligned(64))) TYPE packed[PACKED];
  TYPE *tile = packed;
  for (size_t rest = rows, tiles = NAME(share)(rows, ROWS); tiles > 0; tiles--) {
    size_t height = NAME(share)(rest, tiles);
    NAME(pack_sides)(height, depth, a + (rows - rest) * row_step, row_step, depth_step, tile, ROWS);
    tile += ROWS * depth;
    rest -= height;
  }
  NAME(multiply_packed)(rows, columns, depth, packed, panels, panel_step, adds, target, target_step);
}

static void NAME(multiply)(size_t rows, size_t columns, size_t depth, const void *left, size_t row_step,
                           size_t depth_step, const void *packed, size_t panel_step, bool adds, void *result,
                           size_t target_step) {
  const TYPE *a = left, *panels = packed;
  TYPE *target = result;
  for (size_t blocks = NAME(share)(rows, BLOCK); blocks > 0; blocks--) {
    size_t height = NAME(share)(rows, blocks);
    for (size_t rest = depth, pieces = NAME(share)(depth, PIECE); pieces > 0; pieces--) {
      size_t length = NAME(share)(rest, pieces), start = depth - rest;
      NAME(multiply_block)(height, columns, length, a + start * depth_step, row_step, depth_step,
                           panels + start * WIDTH, panel_step, adds || start > 0, target, target_step);
      rest -= length;
    }
    a += height * row_step;
    target += height * target_step;
    rows -= height;
  }
}

#include "GemmWindows.h"

static const ckernels_gemm JOIN(gemm, SCALAR) = {
    .width = WIDTH,
    .pack = NAME(pack),
    .multiply = NAME(multiply),
    .pack_filter = NAME(pack_filter),
    .multiply_windows = NAME(multiply_windows),
    .patch_elements = NAME(patch_elements),
    .filter_slope = NAME(filter_slope),
    .turn_taps = NAME(turn_taps),
};

#undef ROWS
#undef VECTORS
#undef PIECE
#undef BLOCK
#undef PACKED
#undef LOAD_FIRST
#undef STORE_FIRST
#undef LOWER_HALVES
#undef UPPER_HALVES
#undef WIDTH
#undef SUFFIX
#define SUFFIX SCALAR
