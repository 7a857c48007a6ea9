// A C shim over libpng, libjpeg and the libraries of other formats: setjmp/longjmp never crosses a Swift frame.
//
// libpng and libjpeg leave through longjmp when a file is bad. Every function here catches that inside C and returns
// null or a failure with a sentence in `message`, a buffer of CODEC_MESSAGE_SIZE bytes that the caller lends. The
// other libraries are looked for when they are first needed, and may be missing.
//
// Pixels come row by row as 32-bit floats. Pictures to write are planar, in 0…1: three colour planes (red, green,
// blue) one after the other, and one plane of alpha.
#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CODEC_MESSAGE_SIZE 256

// MARK: Reading

#define CODEC_POINTS 256

// What a file declares; on failure, what was known of it by then (0 × 0 if nothing).
typedef struct {
  uint32_t width, height;    // as the rows come, before any orientation
  int colours;               // 1: grey; 3: red, green, blue; 4: cyan, magenta, yellow, black
  bool has_alpha;
  bool is_premultiplied;     // colours are multiplied by alpha
  bool alpha_is_unsaid;      // the file has a sample more, and does not say that it is alpha
  int orientation;           // how to turn what comes, 1 … 8 as in EXIF; 0 where the file's EXIF says so
  const uint8_t *profile;    // an ICC profile, as long as the reader lives; null where the library tells none
  size_t profile_count;
  int primaries, transfer;   // colours by numbers (ITU-T H.273); 0 where there are none
  double points[8];          // where `primaries` is CODEC_POINTS: red, green, blue and white in the CIE's diagram
  double decoding_bytes;     // about what is taken at once to decode it, beside a row
} codec_header;

typedef struct codec_reader codec_reader;

// Reads the header alone; nothing that depends on the declared size is allocated, except by libraries that decode
// all at once, which do so with the first row. The bytes must outlive the reader. Null on failure.
codec_reader *codec_png_open(const uint8_t *bytes, size_t count, codec_header *header, char *message);
codec_reader *codec_jpeg_open(const uint8_t *bytes, size_t count, codec_header *header, char *message);
codec_reader *codec_webp_open(const uint8_t *bytes, size_t count, codec_header *header, char *message);
codec_reader *codec_tiff_open(const uint8_t *bytes, size_t count, codec_header *header, char *message);
codec_reader *codec_heif_open(const uint8_t *bytes, size_t count, codec_header *header, char *message);
codec_reader *codec_jxl_open(const uint8_t *bytes, size_t count, codec_header *header, char *message);

// Makes a JPEG come out smaller, 1 / `denominator` of its size (2, 4 or 8), rounded up; before its first row.
void codec_jpeg_scale(codec_reader *reader, unsigned denominator, codec_header *header);

// Where the pixels of a row lie: (x + i · step, y) for i < count.
typedef struct {
  uint32_t y, x, step, count;
} codec_row;

typedef enum { CODEC_FAILED, CODEC_ROW, CODEC_END } codec_progress;

// Decodes the next row in the file's order: `count` times `colours` floats in 0…1 and, where there is one, alpha. Inks
// are amounts: 0 is none. `samples` has room for a whole row. CODEC_END comes once, when every row has.
codec_progress codec_next(codec_reader *reader, codec_row *row, float *samples, char *message);
void codec_close(codec_reader *reader);

// MARK: Rows into pictures

// Stored pixel (x, y) goes to element origin + x * step_x + y * step_y of each plane of `plane` elements.
typedef struct {
  ptrdiff_t origin, step_x, step_y;
  size_t plane;
} codec_placement;

// Puts a row of red, green, blue and, if `alpha` is not null, alpha where it belongs.
void codec_place(const float *samples, codec_row row, codec_placement at, float *colour, float *alpha);

// A picture that becomes smaller while it is read: `scale_x` and `scale_y` are new pixels an old one, at most 1.
typedef struct {
  double scale_x, scale_y;
  uint32_t width, height;  // the new size
  float *strip;            // width * 4 floats to work in
} codec_reduction;

// Adds to each new pixel what a row covers of it. Colours are weighed by alpha, which is what they must be divided
// by at the end; planes begin as zeros.
void codec_reduce(const float *samples, codec_row row, const codec_reduction *reduction, codec_placement at,
                  float *colour, float *alpha);

// MARK: Colours

#define CODEC_CURVE_COUNT 65536

// A colour space that curves and a matrix describe. Curves have CODEC_CURVE_COUNT values for 0…1 and never turn.
typedef struct {
  const float *curves[3];
  float matrix[9];  // between its linear colours and sRGB's, row by row
} codec_shaper;

// `count` pixels of `channels` floats, of which the first three change, to sRGB, cut to 0…1; or back.
void codec_to_srgb(const codec_shaper *shaper, float *pixels, size_t count, int channels);
void codec_from_srgb(const codec_shaper *shaper, float *pixels, size_t count, int channels);

// LittleCMS, for profiles of any kind. Null with a sentence on failure.
typedef struct codec_transform codec_transform;
// From `colours` floats a pixel (inks are amounts) to three of sRGB, or from those to three of the profile.
codec_transform *codec_transform_open(const uint8_t *profile, size_t count, int colours, bool is_to_srgb,
                                      char *message);
void codec_transform_run(codec_transform *transform, const float *from, float *to, size_t count);
void codec_transform_close(codec_transform *transform);

// MARK: Libraries that may be missing

typedef enum { CODEC_LCMS, CODEC_WEBP, CODEC_TIFF, CODEC_HEIF, CODEC_JXL, CODEC_LIBRARY_COUNT } codec_library;

// Whether a library was found, with all that is needed of it; its version, of at most 31 characters.
bool codec_library_is_there(codec_library library);
void codec_library_version(codec_library library, char version[32]);

// MARK: Writing

// An encoded file; the caller releases `bytes` by free().
typedef struct {
  uint8_t *bytes;
  size_t count;
} codec_file;

// What is written beside the pixels: null or 0 where there is none.
typedef struct {
  const uint8_t *profile;  // an ICC profile; in a PNG without one the colours are said to be sRGB
  size_t profile_count;
  const uint8_t *text;     // of the settings, without a final null
  size_t text_count;
  bool is_utf8;            // else Latin-1
} codec_extras;

// Values are clamped to 0…1 and rounded to the nearest level; NaN becomes 0. `alpha` may be null. bit_depth is 8 or 16.
typedef struct {
  const float *colour, *alpha;
  uint32_t width, height;
  int bit_depth;
} codec_picture;

bool codec_png_encode(const codec_picture *picture, const char *keyword, const codec_extras *extras, codec_file *file,
                      char *message);
// Baseline, without chroma subsampling, quality 1…100, without alpha. The text becomes a comment, split over several
// COM segments if it is longer than CODEC_JPEG_COMMENT_SIZE.
#define CODEC_JPEG_COMMENT_SIZE 65533
bool codec_jpeg_encode(const codec_picture *picture, int quality, const codec_extras *extras, codec_file *file,
                       char *message);
// Deflate with prediction; the text becomes the description.
bool codec_tiff_encode(const codec_picture *picture, const codec_extras *extras, codec_file *file, char *message);
// The bare lossless stream in its RIFF wrapping, without extras.
bool codec_webp_encode(const codec_picture *picture, codec_file *file, char *message);
// Extras' text is an EXIF block here.
bool codec_avif_encode(const codec_picture *picture, int quality, const codec_extras *extras, codec_file *file,
                       char *message);
bool codec_jxl_encode(const codec_picture *picture, const codec_extras *extras, codec_file *file, char *message);
#endif
