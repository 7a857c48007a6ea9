#include <png.h>
#include <setjmp.h>
#include <string.h>

#include "Codec.h"

typedef struct {
  png_structp png;
  png_infop info;
  codec_file *file;
  size_t capacity;
  uint8_t *row;
  char *message;
} png_writer;

static void png_failed(png_structp png, png_const_charp text) {
  png_writer *writer = png_get_error_ptr(png);
  codec_say(writer->message, text);
  png_longjmp(png, 1);
}

static void png_warned(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void png_append(png_structp png, png_bytep bytes, size_t count) {
  png_writer *writer = png_get_io_ptr(png);
  codec_file *file = writer->file;
  if (!codec_reserve(file, &writer->capacity, file->count + count)) png_error(png, "out of memory");
  memcpy(file->bytes + file->count, bytes, count);
  file->count += count;
}

static void png_flushed(png_structp png) { (void)png; }

static void pack_plane(uint8_t *row, const float *values, uint32_t width, int channel, int channels,
                       int bit_depth) {
  for (uint32_t x = 0; x < width; x++) {
    size_t index = (size_t)x * channels + channel;
    if (bit_depth == 8) {
      row[index] = (uint8_t)codec_quantised(values[x], 255);
    } else {
      unsigned value = codec_quantised(values[x], 65535);
      row[2 * index] = (uint8_t)(value >> 8);
      row[2 * index + 1] = (uint8_t)value;
    }
  }
}

static bool encode(png_writer *writer, const float *colour, const float *alpha, uint32_t width,
                   uint32_t height, int bit_depth, const codec_png_text *text) {
  png_structp png = writer->png;
  if (setjmp(png_jmpbuf(png))) return false;
  writer->info = png_create_info_struct(png);
  if (!writer->info) png_error(png, "out of memory");
  png_set_write_fn(png, writer, png_append, png_flushed);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(png, writer->info, width, height, bit_depth,
               alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (text) {
    png_text entry = {0};
    entry.compression = text->is_utf8 ? PNG_ITXT_COMPRESSION_NONE : PNG_TEXT_COMPRESSION_NONE;
    entry.key = (png_charp)text->keyword;
    entry.text = (png_charp)text->text;
    png_set_text(png, writer->info, &entry, 1);
  }
  png_write_info(png, writer->info);

  int channels = alpha ? 4 : 3;
  size_t plane = (size_t)width * height;
  writer->row = malloc((size_t)width * channels * (bit_depth / 8));
  if (!writer->row) png_error(png, "out of memory");
  for (uint32_t y = 0; y < height; y++) {
    size_t first = (size_t)y * width;
    for (int c = 0; c < 3; c++) {
      pack_plane(writer->row, colour + (size_t)c * plane + first, width, c, channels, bit_depth);
    }
    if (alpha) pack_plane(writer->row, alpha + first, width, 3, channels, bit_depth);
    png_write_row(png, writer->row);
  }
  png_write_end(png, writer->info);
  return true;
}

bool codec_png_encode(const float *colour, const float *alpha, uint32_t width, uint32_t height, int bit_depth,
                      const codec_png_text *text, codec_file *file, char *message) {
  *file = (codec_file){0};
  png_writer writer = {.file = file, .message = message};
  writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, png_failed, png_warned);
  if (!writer.png) {
    codec_say(message, "libpng could not be started");
    return false;
  }
  bool is_done = encode(&writer, colour, alpha, width, height, bit_depth, text);
  png_destroy_write_struct(&writer.png, &writer.info);
  free(writer.row);
  if (!is_done) {
    free(file->bytes);
    *file = (codec_file){0};
  }
  return is_done;
}
