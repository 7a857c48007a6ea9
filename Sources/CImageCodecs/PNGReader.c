#include <png.h>
#include <setjmp.h>

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
  int channels;
  bool is_wide;       // 16 bits a sample, big-endian
  int palette_count;  // 0 where pixels are not indices
  uint8_t palette[256][4];
  uint8_t *row;
  int pass;    // of an interlaced file
  uint32_t y;  // the next row of the pass
  char *message;
} png_reader;

static void png_failed(png_structp png, png_const_charp text) {
  png_reader *reader = png_get_error_ptr(png);
  codec_say(reader->message, text);
  png_longjmp(png, 1);
}

// Damage to pixels is never a mere warning: their checksums are set to fail, and missing data fails by itself. What is
// left (surplus data after the last row, a damaged text or suggested palette) harms no pixel.
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

static void convert_row(const png_reader *reader, uint32_t count, float *samples) {
  const uint8_t *row = reader->row;
  size_t numbers = (size_t)count * (size_t)reader->channels;
  if (reader->is_wide) {
    for (size_t i = 0; i < numbers; i++) samples[i] = (float)(row[2 * i] << 8 | row[2 * i + 1]) / 65535.0f;
  } else {
    for (size_t i = 0; i < numbers; i++) samples[i] = (float)row[i] / 255.0f;
  }
}

// An interlaced file comes as its seven small pictures one after the other, so that no second copy of the whole
// picture is needed. Finds the place of the next row; false after the last one.
static bool find_row(png_reader *reader, codec_row *row) {
  if (png_get_interlace_type(reader->png, reader->info) == PNG_INTERLACE_NONE) {
    *row = (codec_row){reader->y++, 0, 1, reader->width};
    return row->y < reader->height;
  }
  for (; reader->pass < PNG_INTERLACE_ADAM7_PASSES; reader->pass++, reader->y = 0) {
    uint32_t columns = PNG_PASS_COLS(reader->width, reader->pass);
    if (columns == 0 || reader->y >= PNG_PASS_ROWS(reader->height, reader->pass)) continue;
    uint32_t y = PNG_PASS_START_ROW(reader->pass) + (reader->y++ << PNG_PASS_ROW_SHIFT(reader->pass));
    *row = (codec_row){y, PNG_PASS_START_COL(reader->pass), 1u << PNG_PASS_COL_SHIFT(reader->pass), columns};
    return true;
  }
  return false;
}

static codec_progress png_next(codec_reader *base, codec_row *row, float *samples, char *message) {
  png_reader *reader = (png_reader *)base;
  reader->message = message;
  if (setjmp(png_jmpbuf(reader->png))) return CODEC_FAILED;
  if (!reader->row) reader->row = malloc((size_t)reader->width * reader->channels * (reader->is_wide ? 2 : 1));
  if (!reader->row) png_error(reader->png, "out of memory");
  if (!find_row(reader, row)) {
    png_read_end(reader->png, NULL);
    return CODEC_END;
  }
  png_read_row(reader->png, reader->row, NULL);
  if (reader->palette_count > 0) look_up_palette(reader, row->count);
  convert_row(reader, row->count, samples);
  return CODEC_ROW;
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
  // tRNS, which is ancillary and changes pixels, has been checked before.
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
#ifdef PNG_MAXIMUM_INFLATE_WINDOW
  // Some packers of PNGs declare a smaller window than they use.
  png_set_option(png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
#endif
  // A negative count skips every chunk that does not describe pixels (all but IHDR, PLTE, tRNS, IDAT, IEND).
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(png, reader->info);
  header->width = reader->width = png_get_image_width(png, reader->info);
  header->height = reader->height = png_get_image_height(png, reader->info);
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
  header->colours = reader->channels < 3 ? 1 : 3;
  return true;
}

codec_reader *codec_png_open(const uint8_t *bytes, size_t count, codec_header *header, char *message) {
  *header = (codec_header){0};
  png_reader *reader = calloc(1, sizeof *reader);
  if (!reader) {
    codec_say(message, "out of memory");
    return NULL;
  }
  reader->base = (codec_reader){png_next, png_close};
  reader->bytes = bytes;
  reader->count = count;
  reader->message = message;
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, png_failed, png_warned);
  if (reader->png && read_header(reader, header)) return &reader->base;
  if (!reader->png) codec_say(message, "libpng could not be started");
  png_close(&reader->base);
  return NULL;
}
