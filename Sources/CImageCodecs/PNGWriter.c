#include <png.h>
#include <setjmp.h>

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

static void set_colours(png_writer *writer, const codec_extras *extras) {
  if (extras->profile) {
    png_set_iCCP(writer->png, writer->info, "ICC", PNG_COMPRESSION_TYPE_BASE, extras->profile,
                 (png_uint_32)extras->profile_count);
  } else {
    png_set_sRGB(writer->png, writer->info, PNG_sRGB_INTENT_PERCEPTUAL);
  }
}

static bool encode(png_writer *writer, const codec_picture *picture, const char *keyword, const char *text,
                   const codec_extras *extras) {
  png_structp png = writer->png;
  if (setjmp(png_jmpbuf(png))) return false;
  writer->info = png_create_info_struct(png);
  if (!writer->info) png_error(png, "out of memory");
  png_set_write_fn(png, writer, png_append, png_flushed);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(png, writer->info, picture->width, picture->height, picture->bit_depth,
               picture->alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  set_colours(writer, extras);
  if (text) {
    png_text entry = {0};
    entry.compression = extras->is_utf8 ? PNG_ITXT_COMPRESSION_NONE : PNG_TEXT_COMPRESSION_NONE;
    entry.key = (png_charp)keyword;
    entry.text = (png_charp)text;
    png_set_text(png, writer->info, &entry, 1);
  }
  png_write_info(png, writer->info);

  const uint16_t one = 1;
  if (picture->bit_depth == 16 && *(const uint8_t *)&one == 1) png_set_swap(png);
  writer->row = malloc((size_t)picture->width * (picture->alpha ? 4 : 3) * (picture->bit_depth / 8));
  if (!writer->row) png_error(png, "out of memory");
  for (uint32_t y = 0; y < picture->height; y++) {
    codec_levels(picture, y, picture->alpha != NULL, writer->row);
    png_write_row(png, writer->row);
  }
  png_write_end(png, writer->info);
  return true;
}

bool codec_png_encode(const codec_picture *picture, const char *keyword, const codec_extras *extras, codec_file *file,
                      char *message) {
  *file = (codec_file){0};
  png_writer writer = {.file = file, .message = message};
  writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, png_failed, png_warned);
  // libpng wants a null at the end.
  char *text = extras->text ? malloc(extras->text_count + 1) : NULL;
  if (text) {
    memcpy(text, extras->text, extras->text_count);
    text[extras->text_count] = 0;
  }
  bool is_done = false;
  if (!writer.png || (extras->text && !text)) {
    codec_say(message, "libpng could not be started");
  } else {
    is_done = encode(&writer, picture, keyword, text, extras);
  }
  png_destroy_write_struct(&writer.png, &writer.info);
  free(writer.row);
  free(text);
  if (!is_done) {
    free(file->bytes);
    *file = (codec_file){0};
  }
  return is_done;
}
