// TIFF of 8 or 16 bits without loss.
#include "TIFF.h"

static void describe(void *file, const codec_picture *picture, const codec_extras *extras, const char *text) {
  int samples = picture->alpha ? 4 : 3;
  size_t row = (size_t)picture->width * (size_t)samples * (size_t)(picture->bit_depth / 8);
  uint32_t rows = row < 1 << 18 ? (uint32_t)((1 << 18) / row) : 1;
  tiff.set(file, TAG_WIDTH, picture->width);
  tiff.set(file, TAG_HEIGHT, picture->height);
  tiff.set(file, TAG_BITS, picture->bit_depth);
  tiff.set(file, TAG_SAMPLES, samples);
  tiff.set(file, TAG_PHOTOMETRIC, 2);
  tiff.set(file, TAG_PLANES, 1);
  tiff.set(file, TAG_ORIENTATION, 1);
  tiff.set(file, TAG_COMPRESSION, tiff.can_pack(DEFLATE) ? DEFLATE : LZW);
  tiff.set(file, TAG_PREDICTOR, 2);
  tiff.set(file, TAG_ROWS_PER_STRIP, rows);
  if (picture->alpha) {
    const uint16_t straight = 2;
    tiff.set(file, TAG_EXTRA_SAMPLES, 1, &straight);
  }
  if (extras->profile) tiff.set(file, TAG_PROFILE, (uint32_t)extras->profile_count, extras->profile);
  if (text) tiff.set(file, TAG_DESCRIPTION, text);
}

static bool write_rows(void *file, const codec_picture *picture) {
  uint8_t *row = malloc((size_t)picture->width * 4 * (size_t)(picture->bit_depth / 8));
  bool is_right = row != NULL;
  for (uint32_t y = 0; is_right && y < picture->height; y++) {
    codec_levels(picture, y, picture->alpha, row);
    is_right = tiff.write_row(file, row, y, 0) >= 0;
  }
  free(row);
  return is_right;
}

bool codec_tiff_encode(const codec_picture *picture, const codec_extras *extras, codec_file *file, char *message) {
  tiff_memory memory = {.is_written = true};
  bool ignored = false;
  message[0] = 0;
  tiff_listen(message, &ignored);
  void *handle = tiff_open_memory(&memory);
  char *text = extras->text ? malloc(extras->text_count + 1) : NULL;
  if (text) {
    memcpy(text, extras->text, extras->text_count);
    text[extras->text_count] = 0;
  }
  bool is_done = false;
  if (handle) {
    describe(handle, picture, extras, text);
    is_done = write_rows(handle, picture);
    // The directory is written at the end.
    tiff.close(handle);
    is_done = is_done && !message[0];
  }
  tiff_listen(NULL, NULL);
  free(text);
  if (!is_done) {
    if (!message[0]) codec_say(message, "libtiff could not encode it");
    free(memory.file.bytes);
    memory.file = (codec_file){0};
  }
  *file = memory.file;
  return is_done;
}
