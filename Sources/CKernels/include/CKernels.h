// Loops that gain from CPU dispatch; everything else is Swift.
//
// There is a table for each kind of processor: its file defines the vectors, includes the families of loops and names
// each loop in its slot. A loop that serves both scalars takes its elements as `void *` and stands in one table for
// each of them; see `enum ckernels_scalar`.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The index of a table's instance for a scalar.
enum ckernels_scalar { CKERNELS_FLOAT, CKERNELS_DOUBLE };

// MARK: - Elements

typedef struct {
  double mean_keep, square_keep, keep, rate, root_correction, epsilon, lowest, highest;
} ckernels_adam;

// y = f(x) of `count` neighbours; `y` may be `x`.
typedef void (*ckernels_map)(const void *x, size_t count, void *y);

// z = f(x, y) of numbers that are x_step and y_step elements apart, each of which is 0 or 1. `z` may be `x` or `y` where
// the step of that is 1.
typedef void (*ckernels_pairs)(const void *x, size_t x_step, const void *y, size_t y_step, size_t count, void *z);

// `count` neighbours as one number.
typedef double (*ckernels_combine)(const void *x, size_t count);

// total[i] combined with x[i] of every row. Rows begin `step` elements apart.
typedef void (*ckernels_combine_rows)(const void *x, size_t rows, size_t step, size_t count, double *total);

// Functions of single elements and the loops of reductions. What a function makes of a number depends on the number and
// the processor alone. Its comment, where it is written, says by how much it may be wrong.
typedef struct {
  ckernels_pairs add, subtract, multiply, divide;
  ckernels_map negate, square;
  ckernels_map rectified;  // max(x, 0), NaN staying NaN.

  ckernels_map exp, exp2, expm1, log, log2, log10, log1p, cbrt;
  ckernels_map sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh;  // Angles in radians.
  ckernels_map erf, erfc, log_gamma, sigmoid;
  // atan2 takes the ordinate first; remainder has the sign of the divisor y.
  ckernels_pairs pow, hypot, atan2, remainder;
  // xⁿ.
  void (*power)(const void *x, int exponent, size_t count, void *y);
  ckernels_map floor, ceil, round, trunc, sqrt;  // round takes the even of two as near.

  ckernels_map logit, softplus, silu, gelu, gelu_by_tanh, mish;
  // x · f′(y).
  ckernels_pairs softplus_slope, silu_slope, gelu_slope, gelu_by_tanh_slope, mish_slope;
  // x where it is positive, else alpha · (eˣ − 1).
  void (*elu)(const void *x, double alpha, size_t count, void *y);
  void (*elu_slope)(const void *x, size_t x_step, const void *y, size_t y_step, double alpha, size_t count,
                    void *z);
  // eˣ⁻ʸ, 0 where x is −∞.
  ckernels_pairs exp_of_difference;

  // A step of Adam: the means m ← mean_keep · m + (1 − mean_keep) · g and, of g², v alike, then
  // x ← keep · x − rate · m / (√v / root_correction + epsilon), kept in lowest ... highest. The same bits on every
  // processor.
  void (*adam)(const ckernels_adam *step, const void *g, size_t count, void *x, void *mean, void *square);

  // Of no elements 0, −∞, ∞. Sums of eight elements are in their own type, the sums of those in `double`. Of numbers
  // among which there is NaN, the extremes are NaN.
  ckernels_combine sum, maximum, minimum;
  // total[i] becomes its sum with x[i] of every row, or the largest or smallest of them all.
  ckernels_combine_rows add_rows, raise_rows, lower_rows;

  // y[j][i] = x[i][j] for i, j < 16; strides are in elements.
  void (*transpose_square)(const void *x, size_t x_stride, void *y, size_t y_stride);
} ckernels_elements;

// MARK: - Lines

// Lines of an array that lies in memory as [outer, length, inner]: line o · inner + i is made of the `length`
// elements at [o, :, i]. A call does `count` of them from `first` on.
typedef struct {
  size_t length, inner, first, count;
} ckernels_line_range;

// Softmax, log-sum-exp and standardisation. What comes out for a line does not depend on which lines are done with
// it. Sums are taken in `double`, from short runs in the elements' type.
typedef struct {
  // y = eˣ / Σeˣ, and y = x − log Σeˣ.
  void (*softmax)(const void *x, void *y, ckernels_line_range lines);
  void (*log_softmax)(const void *x, void *y, ckernels_line_range lines);
  // y[line] = log Σeˣ; −∞ for no elements.
  void (*log_sum_exp)(const void *x, void *y, ckernels_line_range lines);
  // z = y · (g − Σg·y), what softmax's gradient g is pulled back to, and z = g − eʸ · Σg, the same for log_softmax.
  void (*softmax_slope)(const void *g, const void *y, void *z, ckernels_line_range lines);
  void (*log_softmax_slope)(const void *g, const void *y, void *z, ckernels_line_range lines);
  // y = (x − mean) · r with r[line] = 1 / √(variance + epsilon), the variance being the mean square.
  void (*standardize)(const void *x, void *y, void *r, double epsilon, ckernels_line_range lines);
  // z = r · (g − mean g − y · mean(g·y)), what standardize's gradient g is pulled back to.
  void (*standardize_slope)(const void *g, const void *y, const void *r, void *z, ckernels_line_range lines);
} ckernels_lines;

// MARK: - Depthwise convolution

// One row of pixels of a convolution in which each channel has a filter of its own. Pixels lie side by side, the channels
// of a pixel too.
typedef struct {
  // The rows of the source that the window's rows of taps fall on, each `width` pixels; NULL where that is outside.
  const void *const *rows;
  size_t row_taps;
  // Tap u of pixel x is at the source's pixel x · scale + offsets[u], outside of 0 ..< width on the padding; ascending.
  const ptrdiff_t *offsets;
  size_t column_taps;
  size_t scale, width;
  // The pixels of the row that is made, or whose gradient is given, and the channels of both.
  size_t count, channels;
} ckernels_window_row;

// What comes out for a channel does not depend on which rows are done, and sums of a row are taken in the order of taps.
typedef struct {
  // y = bias (unless NULL) + Σ over taps of filter · source, pixels of y being y_step elements apart; filter is
  // [row_taps, column_taps, channels].
  void (*convolve)(ckernels_window_row row, const void *filter, const void *bias, void *y, size_t y_step);
  // sums[tap, channel] += Σ over the row's pixels of g · source, for `count` channels from `first` on: [taps, count].
  void (*filter_slope)(ckernels_window_row row, const void *g, size_t first, size_t count, double *sums);
} ckernels_depthwise;

// MARK: - Rectifiers and pooling

// Rectifiers and 2×2 max-pooling, which turn comparisons into bits and bits into selections, and 2×2 average pooling.
// Pooling takes `windows` of two rows of pixels of `channels` (a multiple of 16) numbers.
typedef struct {
  // y = x > 0 ? x : 0, NaN staying NaN; bit i of bits is 0 where y was set to 0. Writes (count + 7) / 8 bytes.
  void (*rectify)(const void *x, size_t count, void *y, uint8_t *bits);
  // y = bit ? x : 0.
  void (*select)(const void *x, const uint8_t *bits, size_t count, void *y);
  // The largest of each window: the first of equals, NaN above all. right and lower, unless NULL, receive a bit for
  // each: where it came from.
  void (*pool)(const void *top, const void *bottom, size_t channels, size_t windows, void *y, uint8_t *right,
               uint8_t *lower);
  // The reverse: x at the place that the bits name, 0 at the other three.
  void (*unpool)(const void *x, const uint8_t *right, const uint8_t *lower, size_t channels, size_t windows,
                 void *top, void *bottom);
  // A quarter of the sum of each window, summed from the upper left to the lower right.
  void (*average)(const void *top, const void *bottom, size_t channels, size_t windows, void *y);
  // A quarter of x at all four places.
  void (*spread)(const void *x, size_t channels, size_t windows, void *top, void *bottom);
} ckernels_rectifiers;

// MARK: - Winograd's convolution

// The index of a table's instance for the precision of the product's operands.
enum ckernels_operand { CKERNELS_SINGLE, CKERNELS_BF16 };

// The bytes of a row of operands that a product sums in one go.
enum { CKERNELS_DEPTH = 256 };

// The loops of the 3×3 convolution that take nearly all of its time, for one form of the operands of its products:
// transformed patches and filters. All else, the sums too, is in single precision.
//
// Channels come in groups of 16 everywhere, so that no loop has a remainder: the caller pads. A "plane" is one of the 36
// frequencies of a tile; plane f of a buffer begins at f × plane_stride. Strides are in elements.
typedef struct {
  // The bytes of an operand's element: 4, or 2 in bf16.
  size_t operand_bytes;

  // BᵀdB of one 6×6 patch, for `channels` (a multiple of 16) channels: pixels[6·y + x] points to a pixel's
  // channels, and row f of the result goes to planes + f × plane_stride, as operands.
  // bits, unless NULL, points beside each pixel to one bit a channel; where it is 0 the channel counts as 0.
  // Meanwhile it fetches what follows the patch's rows, for the patch to the right.
  void (*transform_input)(const float *const pixels[36], const uint8_t *const *bits, size_t channels,
                          void *planes, size_t plane_stride);

  // GgGᵀ of the 3×3 filters of `rows` channels, even in bf16, to `width` others, a multiple of 16, at a third of the
  // frequencies: those of rows 0 and 5 for pair 0, of 1 and 2 for pair 1, of 3 and 4 for pair 2, which share their
  // arithmetic. taps is [rows, 9, width], and each of the 12 gets a matrix of rows × width as multiply's b, matrix_stride
  // apart.
  void (*transform_filter)(const float *taps, size_t rows, size_t width, size_t pair, void *matrices,
                           size_t matrix_stride);

  // c = a · b, added to c if `adds`, where a is rows × depth with rows a_stride apart, b is depth × columns without
  // gaps, and c's rows are c_stride apart; columns is a multiple of 16. In bf16, depth is even, and b has each two rows
  // interleaved: [depth / 2, columns, 2]. Each element is summed in the order of depth, whatever the other sizes are, and
  // no bit changes if depth is cut, at a multiple of CKERNELS_DEPTH bytes. Meanwhile it fetches, into the second-level
  // cache, what is to be read next: for every CKERNELS_DEPTH bytes of depth as many as they have in b, upcoming_stride
  // times 4 bytes apart. Nothing is wrong but slow if that is not read.
  void (*multiply)(size_t rows, size_t depth, size_t columns, const void *a, size_t a_stride, const void *b,
                   bool adds, float *c, size_t c_stride, const void *upcoming, size_t upcoming_stride);

  // AᵀmA of one tile, for `channels` (a multiple of 16) channels, + bias (unless NULL), and the positive part of
  // that if `relu`, written to the 4×4 pixels[4·y + x]. bits, unless NULL, receives beside each pixel one bit a
  // channel: 0 where relu gave 0. If `streams`, every pixel is aligned to 64 bytes and is written past the caches:
  // other threads see it after this one's next atomic operation, such as taking a piece of work.
  void (*transform_output)(const float *planes, size_t plane_stride, size_t channels, const float *bias, bool relu,
                           bool streams, float *const pixels[16], uint8_t *const *bits);

  // The gradient with respect to the filter, in single precision for all operands: AdAᵀ of one 4×4 tile d of the output's
  // gradient, pixels[4·y + x], for `channels` (a multiple of 16) channels; row f of the result goes to planes +
  // f × plane_stride…
  void (*transform_slope)(const float *const pixels[16], size_t channels, float *planes, size_t plane_stride);
  // …and GᵀuG of each of `count` (a multiple of 16) numbers of 36 planes: tap 3·y + x goes to taps + (3·y + x) ×
  // tap_stride.
  void (*collect_taps)(const float *planes, size_t plane_stride, size_t count, float *taps, size_t tap_stride);
} ckernels_winograd;

// MARK: - Fourier transforms

// A pass of Stockham's algorithm over a block of lines, whose element j of line l is at j · lines + l. With
// x[p, j, q] at q + span · (p + groups · j) and y[p, k, q] at q + span · (radix · p + k):
//
//     y[p, k] = e^(−2πi·pk / (radix · groups)) · Σ x[p, j] · e^(−2πi·jk / radix)
//
// The passes of a transform of n elements divide n among their radices, and `span` is the number of lines times the
// radices before. The real and the imaginary parts are exchanged for the inverse.
typedef struct {
  // 2, 3, 4, 5 or 7.
  size_t radix;
  size_t groups, span;
  // The factors e^… above, cos and sin of each, for each p those of k from 1 on.
  const void *turns;
  // cos and sin of 2πj / radix for j from 0 on; only odd radices read them.
  const void *roots;
} ckernels_fourier_pass;

typedef struct {
  // No element of `to` is one of the others.
  void (*pass)(const ckernels_fourier_pass *pass, const void *re, const void *im, void *to_re, void *to_im);
} ckernels_fourier;

// MARK: - Products of matrices

// The pixels that a convolution's windows see. Those of the result are counted over all pictures, `rows` times `columns`
// each; tap (v, u) of pixel (y, x) is at the source's (y · row_scale + row_offsets[v], x · column_scale +
// column_offsets[u]), outside of which everything is 0. Taps are counted by rows, and offsets ascend.
typedef struct {
  // Pictures of height × width pixels; steps are in elements.
  const void *source;
  size_t height, width, picture_step, row_step, column_step;
  size_t rows, columns;
  size_t row_scale, column_scale;
  size_t row_taps, column_taps;
  const ptrdiff_t *row_offsets, *column_offsets;
} ckernels_windows;

// The same part of some pictures of the result, one after the other.
typedef struct {
  size_t picture, row, column;
  size_t pictures, rows, columns;
} ckernels_patch;

// For processors whose vectors a BLAS may leave half empty: one that does not know the processor, or is told to take
// it for another, falls back to vectors of 32 bytes.
typedef struct {
  // The columns of a panel.
  size_t width;
  // A panel of b, at most `width` columns, as the product reads it: row after row without gaps, `width` elements
  // each. An element's place in `source` is column · column_step + k · depth_step, where one of the steps is 1. What
  // is beyond the columns is arbitrary.
  void (*pack)(size_t columns, size_t depth, const void *source, size_t column_step, size_t depth_step,
               void *panel);
  // c = a · b, or c + a · b if `adds`. b is packed, the panels `panel_step` elements apart, and `target`'s rows are
  // `target_step` elements apart; a's element is at row · row_step + k · depth_step, where one of the steps is 1.
  // Each element of c is summed in an order that depends on `depth` alone.
  void (*multiply)(size_t rows, size_t columns, size_t depth, const void *a, size_t row_step, size_t depth_step,
                   const void *panels, size_t panel_step, bool adds, void *target, size_t target_step);

  // A panel of a filter's matrix, whose rows are (tap, channel): row after row, as `pack` leaves them. An element's place
  // in `filter` is column · column_step + channel · channel_step + taps[tap].
  void (*pack_filter)(size_t columns, size_t channels, size_t tap_count, const ptrdiff_t *taps, const void *filter,
                      size_t column_step, size_t channel_step, void *panel);
  // c = a · b, plus `bias` in each row unless it is NULL, where a row of a is the `channels` elements under each tap of a pixel
  // of the patch, and b is packed as above. `target` is the result's first pixel in the patch, from which others are
  // picture_step, row_step and column_step elements apart. Each element is summed in an order that depends on `channels` and taps alone. `scratch` has as many
  // elements as patch_elements says; it may be NULL if that is 0.
  void (*multiply_windows)(const ckernels_windows *windows, const ckernels_patch *patch, size_t channels,
                           size_t columns, const void *panels, size_t panel_step, const void *bias, void *target,
                           size_t picture_step, size_t row_step, size_t column_step, void *scratch);
  size_t (*patch_elements)(const ckernels_windows *windows, const ckernels_patch *patch, size_t channels);
  // sums[channel, column] += Σ over the result's pixels first ..< first + pixels of the source's channel under the tap ·
  // g[pixel, column], where g is packed as `pack` does it. The order depends on `pixels` alone.
  void (*filter_slope)(const ckernels_windows *windows, size_t tap, size_t first, size_t pixels, size_t channels,
                       size_t columns, const void *panels, size_t panel_step, void *sums, size_t sums_step);
  // target[(column · channels + channel) · taps + tap] = sums[(tap · channels + channel) · columns + column] for the
  // columns from `first` to before `end`.
  void (*turn_taps)(const void *sums, size_t taps, size_t channels, size_t columns, size_t first, size_t end,
                    void *target);
} ckernels_gemm;

// MARK: - Movement

// Lines side by side, and the positions that pick elements along them, in elements: along a line an element of the rows is
// row_step further and its position position_step; a position is picked_step elements of what is picked from. From line to
// line all three move by what ends in _line.
typedef struct {
  void *row, *picked;
  const int64_t *positions;
  ptrdiff_t row_step, picked_step, position_step;
  ptrdiff_t row_line, picked_line, position_line;
  size_t lines, length;
  // Whether one line is walked after the other, or all lines are, position by position.
  bool runs_along_axis;
  // The processor's sum of two rows, for what is added.
  ckernels_pairs add;
} ckernels_picks;

// What is done with a row's element and the picked one: the first is set, the second is, or the first is added to it.
enum ckernels_pick { CKERNELS_READ, CKERNELS_WRITE, CKERNELS_ADD_FLOAT, CKERNELS_ADD_DOUBLE };

// Elements have `width` bytes: 1, 2, 4 or 8. Of equal positions the last is written last; what is added at one position
// is added in the order of the rows.
void ckernels_move(const ckernels_picks *picks, enum ckernels_pick pick, size_t width);

// How many bytes are not 0.
size_t ckernels_count_true(const void *x, size_t count);

// The places of the bytes that are not 0, and how many there are. One more number than those is written.
size_t ckernels_true_places(const void *x, size_t count, int64_t *places);

// Whether all of the 64-bit integers are in 0 ..< limit.
bool ckernels_are_below(const void *x, size_t count, int64_t limit);

// Whether all of the numbers are finite.
bool ckernels_are_finite(enum ckernels_scalar scalar, const void *x, size_t count);

// MARK: - Small matrices

// The most rows of the matrices below, which are in column-major order without gaps. Results are those of LAPACK's
// routines, but for rounding.
#define CKERNELS_SMALL_ORDER 16

// getrf: L and U with P · A = L · U over `a`, and the rows that were exchanged, counted from 1. Returns the number of the
// first pivot that is 0, counted from 1, or 0.
int ckernels_small_lu(enum ckernels_scalar scalar, size_t n, void *a, int32_t *pivots);
// getri: the inverse over such factors.
void ckernels_small_inverse(enum ckernels_scalar scalar, size_t n, void *a, const int32_t *pivots);
// potrf: U with A = Uᵀ · U in the upper triangle; the rest is not touched. Returns the number of the first pivot that is
// not above 0, counted from 1, and leaves it in its place, or returns 0.
int ckernels_small_cholesky(enum ckernels_scalar scalar, size_t n, void *a);

// MARK: - The table

typedef struct {
  const char *name;
  const ckernels_elements *elements[2];
  const ckernels_lines *lines[2];
  const ckernels_depthwise *depthwise[2];
  const ckernels_rectifiers *rectifiers[2];
  const ckernels_fourier *fourier[2];
  // By the precision of the operands; NULL in bf16 where the processor has no products of such numbers.
  const ckernels_winograd *winograd[2];
  // NULL where BLAS does as well: without vectors of 64 bytes.
  const ckernels_gemm *gemm[2];
  // Four normal numbers of each of `blocks` blocks of Philox4x32-10 from `first` on, the same bits on every
  // processor.
  void (*normal)(uint64_t seed, uint64_t stream, uint64_t first, size_t blocks, double mean, double deviation,
                 float *y);
} ckernels;

// The tables of processors from the plainest up; 0 always exists. NULL where this machine cannot run one, or beyond
// the last one.
const ckernels *ckernels_for_processor(int index);

// Tells the processor that this thread only waits for another.
static inline void ckernels_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// MARK: - Memory

// Moves the memory of pages to other addresses that the process has reserved, without copying: what was at `from` is then at
// `to`, whose memory is given back, and `from` is left without any. `false`, and nothing done, where the system cannot.
bool ckernels_move_pages(void *from, size_t bytes, void *to);

#endif
