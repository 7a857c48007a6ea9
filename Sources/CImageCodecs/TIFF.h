// libtiff's functions, looked up when they are first needed, and the numbers of its tags.
#ifndef TIFF_H
#define TIFF_H
#include <stdarg.h>

#include "Library.h"

enum {
  TAG_SUBFILE = 254, TAG_WIDTH = 256, TAG_HEIGHT = 257, TAG_BITS = 258, TAG_COMPRESSION = 259, TAG_PHOTOMETRIC = 262,
  TAG_FILL_ORDER = 266, TAG_DESCRIPTION = 270, TAG_ORIENTATION = 274, TAG_SAMPLES = 277, TAG_ROWS_PER_STRIP = 278,
  TAG_PLANES = 284, TAG_PREDICTOR = 317, TAG_COLOUR_MAP = 320, TAG_TILE_WIDTH = 322, TAG_TILE_HEIGHT = 323,
  TAG_PARTS = 330, TAG_INK_SET = 332, TAG_EXTRA_SAMPLES = 338, TAG_SAMPLE_FORMAT = 339, TAG_PROFILE = 34675,
  TAG_DNG_VERSION = 50706, TAG_JPEG_COLOURS = 65538,
};

enum { LZW = 5, DEFLATE = 8, OLD_DEFLATE = 32946 };  // of TAG_COMPRESSION

typedef ptrdiff_t (*tiff_transfer)(void *user, void *bytes, ptrdiff_t count);
typedef uint64_t (*tiff_seek)(void *user, uint64_t offset, int whence);
typedef int (*tiff_end)(void *user);
typedef uint64_t (*tiff_size)(void *user);
typedef int (*tiff_map)(void *user, void **base, uint64_t *size);
typedef void (*tiff_unmap)(void *user, void *base, uint64_t size);
typedef void (*tiff_handler)(const char *module, const char *format, va_list values);

struct tiff_functions {
  bool is_there;
  const char *(*version)(void);
  void *(*open)(const char *name, const char *mode, void *user, tiff_transfer, tiff_transfer, tiff_seek, tiff_end,
                tiff_size, tiff_map, tiff_unmap);
  void (*close)(void *);
  int (*get)(void *, uint32_t tag, ...), (*get_or_default)(void *, uint32_t tag, ...);
  int (*set)(void *, uint32_t tag, ...);
  int (*set_page)(void *, uint32_t page), (*set_part)(void *, uint64_t offset);
  int (*is_tiled)(void *), (*can_pack)(uint16_t);
  ptrdiff_t (*row_size)(void *), (*tile_size)(void *), (*tile_row_size)(void *), (*strip_size)(void *);
  uint32_t (*strip_of)(void *, uint32_t y, uint16_t plane);
  uint32_t (*tile_of)(void *, uint32_t x, uint32_t y, uint32_t z, uint16_t plane);
  uint32_t (*strip_count)(void *), (*tile_count)(void *);
  uint64_t (*piece_start)(void *, uint32_t piece), (*piece_count)(void *, uint32_t piece);
  int (*read_row)(void *, void *, uint32_t y, uint16_t plane), (*write_row)(void *, void *, uint32_t y, uint16_t plane);
  ptrdiff_t (*read_strip)(void *, uint32_t strip, void *, ptrdiff_t size);
  ptrdiff_t (*read_tile)(void *, void *, uint32_t x, uint32_t y, uint32_t z, uint16_t plane);
  int (*read_rgba)(void *, uint32_t width, uint32_t height, uint32_t *, int orientation, int stops);
  int (*can_rgba)(void *, char message[1024]);
};
extern struct tiff_functions tiff;

// Where libtiff's words go on this thread; `is_cut` is set where it fills in for coded data that is missing.
void tiff_listen(char *message, bool *is_cut);

// A file in memory, which is read, or written from nothing; it must last as long as its handle.
typedef struct {
  codec_file file;
  size_t capacity, position;
  bool is_written;
} tiff_memory;
// libtiff's handle, or null; `tiff.close` ends it and leaves the bytes.
void *tiff_open_memory(tiff_memory *memory);

// What kind of numbers samples are, as TAG_SAMPLE_FORMAT has it.
enum { UNSIGNED = 1, SIGNED = 2, FLOATING = 3 };
// Unpacks `count` samples, the first of which begins with a byte: in 0…1 where they are whole numbers.
void tiff_unpack(unsigned bits, int format, const uint8_t *bytes, size_t count, float *target);

// Whether a strip or tile has the checksum that it ends with; true for what has none.
bool tiff_piece_is_sound(void *file, uint32_t piece, const tiff_memory *memory);

// Goes to the first page that is no smaller version of another; to the first of all where every page says it is one.
// Null, or what is wrong.
const char *tiff_choose_page(void *file);
#endif
