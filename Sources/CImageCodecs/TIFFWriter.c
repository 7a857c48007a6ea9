// TIFF of 8 or 16 bits without loss.
#include "TIFF.h"

typedef struct {
  codec_file *file;
  size_t capacity, position;
} tiff_sink;

static ptrdiff_t take(void *user, void *target, ptrdiff_t wanted) {
  tiff_sink *sink = user;
  size_t left = sink->position < sink->file->count ? sink->file->count - sink->position : 0;
  size_t size = (size_t)wanted < left ? (size_t)wanted : left;
  if (size) memcpy(target, sink->file->bytes + sink->position, size);
  sink->position += size;
  return (ptrdiff_t)size;
}

static ptrdiff_t put(void *user, void *bytes, ptrdiff_t count) {
  tiff_sink *sink = user;
  codec_file *file = sink->file;
  size_t end = sink->position + (size_t)count;
  if (!codec_reserve(file, &sink->capacity, end)) return -1;
  if (sink->position > file->count) memset(file->bytes + file->count, 0, sink->position - file->count);
  memcpy(file->bytes + sink->position, bytes, (size_t)count);
  sink->position = end;
  if (end > file->count) file->count = end;
  return count;
}

static uint64_t move(void *user, uint64_t offset, int whence) {
  tiff_sink *sink = user;
  if (whence == SEEK_CUR) offset += sink->position;
  if (whence == SEEK_END) offset += sink->file->count;
  sink->position = (size_t)offset;
  return offset;
}

static int leave(void *user) {
  (void)user;
  return 0;
}

static uint64_t size_of(void *user) { return ((tiff_sink *)user)->file->count; }

static int map(void *user, void **base, uint64_t *size) {
  (void)user, (void)base, (void)size;
  return 0;
}

static void unmap(void *user, void *base, uint64_t size) { (void)user, (void)base, (void)size; }

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
  *file = (codec_file){0};
  tiff_sink sink = {file, 0, 0};
  bool ignored = false;
  message[0] = 0;
  tiff_listen(message, &ignored);
  void *handle = tiff.open("picture", "w", &sink, take, put, move, leave, size_of, map, unmap);
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
    free(file->bytes);
    *file = (codec_file){0};
  }
  return is_done;
}
