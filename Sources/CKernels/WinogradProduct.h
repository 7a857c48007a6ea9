// The product, for one form of the operands. They are read as words of 32 bits: a float, or two numbers of bf16 that are
// neighbours in depth. The file that includes this defines
//   FORM(name)               the names of the form's functions
//   ADD_PRODUCT(sum, a, b)   sum + a · b, of a vector, a word and a vector of words
//
// A tile of `rows` × `vectors` accumulators lives in registers while depth runs; after inlining both are constants and
// all loops but that over depth are gone.

INLINE void FORM(multiply_tile)(size_t rows, size_t vectors, size_t depth, const float *a, size_t a_stride,
                                const float *b, size_t b_stride, bool adds, float *c, size_t c_stride,
                                const float *upcoming) {
  vector sum[ROWS][VECTORS];
  UNROLL for (size_t i = 0; i < rows; i++)
    UNROLL for (size_t j = 0; j < vectors; j++) sum[i][j] = (vector){0};
  for (size_t k = 0; k < depth; k++) {
    __builtin_prefetch(upcoming + k * LINE, 0, 2);
    vector row[VECTORS];
    UNROLL for (size_t j = 0; j < vectors; j++) row[j] = load(b + k * b_stride + j * LANES);
    UNROLL for (size_t i = 0; i < rows; i++)
      UNROLL for (size_t j = 0; j < vectors; j++)
        sum[i][j] = ADD_PRODUCT(sum[i][j], a[i * a_stride + k], row[j]);
  }
  UNROLL for (size_t i = 0; i < rows; i++)
    UNROLL for (size_t j = 0; j < vectors; j++) {
      float *place = c + i * c_stride + j * LANES;
      store(place, adds ? load(place) + sum[i][j] : sum[i][j]);
    }
}

// Returns how far `upcoming` has been fetched.
INLINE const float *FORM(multiply_columns)(size_t vectors, size_t rows, size_t depth, const float *a,
                                           size_t a_stride, const float *b, size_t b_stride, bool adds, float *c,
                                           size_t c_stride, const float *upcoming, const float *upcoming_end) {
#define TILE(count) \
  FORM(multiply_tile)(count, vectors, depth, a, a_stride, b, b_stride, adds, c, c_stride, upcoming)
  for (; rows >= ROWS; rows -= ROWS, a += ROWS * a_stride, c += ROWS * c_stride) {
    TILE(ROWS);
    // Once all is fetched, what is fetched in its place is in the nearest cache already.
    upcoming = upcoming + depth * LINE < upcoming_end ? upcoming + depth * LINE : b;
  }
  switch (rows) {
    case 5: TILE(5); break;
    case 4: TILE(4); break;
    case 3: TILE(3); break;
    case 2: TILE(2); break;
    case 1: TILE(1); break;
    default: break;
  }
#undef TILE
  return upcoming;
}

// Depth is cut into pieces whose sums are added: b's piece stays in the first-level cache for all rows, and rounding
// errors grow with the length of a piece and the number of pieces, not with their product.
static void FORM(multiply_words)(size_t rows, size_t depth, size_t columns, const float *a, size_t a_stride,
                                 const float *b, float *c, size_t c_stride, const float *upcoming,
                                 size_t upcoming_stride) {
  for (size_t start = 0; start < depth; start += PIECE) {
    size_t length = depth - start < PIECE ? depth - start : PIECE;
    const float *a_piece = a + start, *b_piece = b + start * columns;
    const float *fetch = upcoming + start / PIECE * upcoming_stride, *fetch_end = fetch + length * columns;
    size_t column = 0;
    for (; column + VECTORS * LANES <= columns; column += VECTORS * LANES)
      fetch = FORM(multiply_columns)(VECTORS, rows, length, a_piece, a_stride, b_piece + column, columns,
                                     start > 0, c + column, c_stride, fetch, fetch_end);
    for (; column < columns; column += LANES)
      fetch = FORM(multiply_columns)(1, rows, length, a_piece, a_stride, b_piece + column, columns, start > 0,
                                     c + column, c_stride, fetch, fetch_end);
  }
}

#undef FORM
#undef ADD_PRODUCT
