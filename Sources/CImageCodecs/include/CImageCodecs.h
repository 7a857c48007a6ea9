// A C shim over libpng and libjpeg: setjmp/longjmp never crosses a Swift frame.
//
// Both libraries leave through longjmp when a file is bad. Every function here catches that inside C and
// returns null or false with a sentence in `message`, a buffer of CODEC_MESSAGE_SIZE bytes that the caller
// lends. Pictures are planar 32-bit floats in 0…1: three colour planes (red, green, blue) one after the
// other, and one plane of alpha.
#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CODEC_MESSAGE_SIZE 256

// What a file declares; on failure, what was known of it by then (0 × 0 if nothing).
typedef struct {
  uint32_t width, height;  // as stored, before any EXIF orientation
  bool has_alpha;
} codec_header;

// Stored pixel (x, y) goes to element origin + x * step_x + y * step_y of each plane.
typedef struct {
  ptrdiff_t origin, step_x, step_y;
} codec_placement;

typedef struct codec_reader codec_reader;

// Reads the header alone; nothing that depends on the declared size is allocated. The bytes must outlive
// the reader. Null on failure.
codec_reader *codec_png_open(const uint8_t *bytes, size_t count, codec_header *header, char *message);
codec_reader *codec_jpeg_open(const uint8_t *bytes, size_t count, codec_header *header, char *message);

// Reads all pixels, once. `colour` has room for 3 planes of width * height; `alpha` for one, or is null if
// the header says that there is none. False if any part of the file is damaged or missing.
bool codec_read(codec_reader *reader, codec_placement placement, float *colour, float *alpha, char *message);
void codec_close(codec_reader *reader);

// An encoded file; the caller releases `bytes` by free().
typedef struct {
  uint8_t *bytes;
  size_t count;
} codec_file;

// A line of text in a PNG: Latin-1 in a tEXt chunk, or UTF-8 in an iTXt chunk. Null-terminated.
typedef struct {
  const char *keyword;
  const char *text;
  bool is_utf8;
} codec_png_text;

// Values are clamped to 0…1 and rounded to the nearest level; NaN becomes 0. `alpha` and `text` may be null;
// bit_depth is 8 or 16.
bool codec_png_encode(const float *colour, const float *alpha, uint32_t width, uint32_t height, int bit_depth,
                      const codec_png_text *text, codec_file *file, char *message);

// Baseline, without chroma subsampling, quality 1…100. `comment` may be null; it is split over several COM
// segments if it is longer than CODEC_JPEG_COMMENT_SIZE.
#define CODEC_JPEG_COMMENT_SIZE 65533
bool codec_jpeg_encode(const float *colour, uint32_t width, uint32_t height, int quality,
                       const uint8_t *comment, size_t comment_count, codec_file *file, char *message);
#endif
