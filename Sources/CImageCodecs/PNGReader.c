#include <png.h>
#include <setjmp.h>
#include <string.h>

#include "Codec.h"

// Deflate never expands a byte into more than this, so a PNG that declares more pixels than its bytes can
// hold is known to be cut or forged before anything is allocated.
#define DEFLATE_MAXIMUM_RATIO 1032

typedef struct {
  codec_reader base;
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  size_t count, position;
  uint32_t width, height;
  size_t plane;
  int channels;
  bool is_wide;       // 16 bits a sample, big-endian
  int palette_count;  // 0 where pixels are not indices
  uint8_t palette[256][4];
  uint8_t *row;
  char *message;
} png_reader;

static void png_failed(png_structp png, png_const_charp text) {
  png_reader *reader = png_get_error_ptr(png);
  codec_say(reader->message, text);
  png_longjmp(png, 1);
}

// Damage to pixels or to the file's end is never a mere warning: checksums are set to fail, and missing data
// fails by itself. What is left (surplus data after the last row, a bad suggested palette) harms no pixel.
static void png_warned(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void png_supply(png_structp png, png_bytep target, size_t count) {
  png_reader *reader = png_get_io_ptr(png);
  if (count > reader->count - reader->position) png_error(png, "the file ends too early");
  memcpy(target, reader->bytes + reader->position, count);
  reader->position += count;
}

// libpng itself would take an index past the palette for black.
static void look_up_palette(png_reader *reader, uint32_t count) {
  size_t channels = (size_t)reader->channels;
  for (uint32_t x = count; x-- > 0;) {
    uint8_t index = reader->row[x];
    if (index >= reader->palette_count) png_error(reader->png, "a pixel's colour is not in the palette");
    memcpy(reader->row + x * channels, reader->palette[index], channels);
  }
}

static inline float sample(const png_reader *reader, size_t index) {
  const uint8_t *row = reader->row;
  if (!reader->is_wide) return (float)row[index] / 255.0f;
  return (float)(row[2 * index] << 8 | row[2 * index + 1]) / 65535.0f;
}

static void place_row(const png_reader *reader, uint32_t count, ptrdiff_t origin, ptrdiff_t step,
                      float *colour, float *alpha) {
  int channels = reader->channels;
  int colours = channels >= 3 ? 3 : 1;
  for (uint32_t x = 0; x < count; x++) {
    size_t first = (size_t)x * (size_t)channels;
    ptrdiff_t target = origin + (ptrdiff_t)x * step;
    for (int c = 0; c < 3; c++) {
      colour[(size_t)c * reader->plane + (size_t)target] = sample(reader, first + (colours == 3 ? c : 0));
    }
    if (channels > colours) alpha[target] = sample(reader, first + colours);
  }
}

// An interlaced file is read as its seven small pictures, each row placed straight where it belongs, so that
// no second copy of the whole picture is needed.
static void place_passes(png_reader *reader, codec_placement at, float *colour, float *alpha) {
  bool is_interlaced = png_get_interlace_type(reader->png, reader->info) != PNG_INTERLACE_NONE;
  for (int pass = 0; pass < (is_interlaced ? PNG_INTERLACE_ADAM7_PASSES : 1); pass++) {
    uint32_t columns = reader->width, rows = reader->height;
    uint32_t x0 = 0, y0 = 0, dx = 1, dy = 1;
    if (is_interlaced) {
      columns = PNG_PASS_COLS(reader->width, pass);
      rows = PNG_PASS_ROWS(reader->height, pass);
      x0 = PNG_PASS_START_COL(pass);
      y0 = PNG_PASS_START_ROW(pass);
      dx = 1u << PNG_PASS_COL_SHIFT(pass);
      dy = 1u << PNG_PASS_ROW_SHIFT(pass);
    }
    if (columns == 0) continue;
    for (uint32_t y = 0; y < rows; y++) {
      png_read_row(reader->png, reader->row, NULL);
      if (reader->palette_count > 0) look_up_palette(reader, columns);
      ptrdiff_t origin = at.origin + x0 * at.step_x + (ptrdiff_t)(y0 + (size_t)y * dy) * at.step_y;
      place_row(reader, columns, origin, (ptrdiff_t)dx * at.step_x, colour, alpha);
    }
  }
}

static bool png_read(codec_reader *base, codec_placement at, float *colour, float *alpha, char *message) {
  png_reader *reader = (png_reader *)base;
  reader->message = message;
  if (setjmp(png_jmpbuf(reader->png))) return false;
  reader->row = malloc((size_t)reader->width * reader->channels * (reader->is_wide ? 2 : 1));
  if (!reader->row) png_error(reader->png, "out of memory");
  place_passes(reader, at, colour, alpha);
  png_read_end(reader->png, NULL);
  return true;
}

static void png_close(codec_reader *base) {
  png_reader *reader = (png_reader *)base;
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader->row);
  free(reader);
}

static void read_palette(png_reader *reader) {
  png_colorp colours = NULL;
  png_bytep opacities = NULL;
  int opacity_count = 0;
  png_get_PLTE(reader->png, reader->info, &colours, &reader->palette_count);
  png_get_tRNS(reader->png, reader->info, &opacities, &opacity_count, NULL);
  if (reader->palette_count == 0) png_error(reader->png, "the palette is missing");
  reader->channels = opacity_count > 0 ? 4 : 3;
  for (int i = 0; i < reader->palette_count; i++) {
    uint8_t entry[4] = {colours[i].red, colours[i].green, colours[i].blue,
                        i < opacity_count ? opacities[i] : 255};
    memcpy(reader->palette[i], entry, sizeof entry);
  }
}

static bool read_header(png_reader *reader, codec_header *header) {
  png_structp png = reader->png;
  if (setjmp(png_jmpbuf(png))) return false;
  reader->info = png_create_info_struct(png);
  if (!reader->info) png_error(png, "out of memory");
  png_set_read_fn(png, reader, png_supply);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  // A negative count skips every chunk that does not describe pixels (all but IHDR, PLTE, tRNS, IDAT, IEND).
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(png, reader->info);
  header->width = reader->width = png_get_image_width(png, reader->info);
  header->height = reader->height = png_get_image_height(png, reader->info);
  reader->plane = (size_t)reader->width * reader->height;
  size_t row_size = png_get_rowbytes(png, reader->info);
  if (reader->count < (double)row_size * reader->height / DEFLATE_MAXIMUM_RATIO) {
    png_error(png, "the file is too short for the size that it declares");
  }
  if (png_get_color_type(png, reader->info) == PNG_COLOR_TYPE_PALETTE) {
    png_set_packing(png);
    read_palette(reader);
  } else {
    png_set_expand(png);
  }
  png_read_update_info(png, reader->info);
  if (reader->palette_count == 0) reader->channels = png_get_channels(png, reader->info);
  reader->is_wide = png_get_bit_depth(png, reader->info) == 16;
  header->has_alpha = reader->channels == 2 || reader->channels == 4;
  return true;
}

codec_reader *codec_png_open(const uint8_t *bytes, size_t count, codec_header *header, char *message) {
  *header = (codec_header){0};
  png_reader *reader = calloc(1, sizeof *reader);
  if (!reader) {
    codec_say(message, "out of memory");
    return NULL;
  }
  reader->base = (codec_reader){png_read, png_close};
  reader->bytes = bytes;
  reader->count = count;
  reader->message = message;
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, png_failed, png_warned);
  if (reader->png && read_header(reader, header)) return &reader->base;
  if (!reader->png) codec_say(message, "libpng could not be started");
  png_close(&reader->base);
  return NULL;
}
