// libwebp through its simple functions, which take and give whole pictures of 8 bits.
#include "Library.h"

static struct {
  bool is_there, can_write;
  int (*version)(void);
  int (*info)(const uint8_t *bytes, size_t count, int *width, int *height);
  uint8_t *(*decode)(const uint8_t *bytes, size_t count, uint8_t *pixels, size_t size, int stride);
  size_t (*encode_rgb)(const uint8_t *pixels, int width, int height, int stride, uint8_t **file);
  size_t (*encode_rgba)(const uint8_t *pixels, int width, int height, int stride, uint8_t **file);
  void (*free)(void *);
} webp;

static void webp_load(void) {
  const char *const names[] = {"libwebp.so.7", "libwebp.so.6", "libwebp.7.dylib", "libwebp.dylib", NULL};
  void *handle = library_open(names);
  if (!handle) return;
  const library_symbol symbols[] = {
      {"WebPGetDecoderVersion", &webp.version},     {"WebPGetInfo", &webp.info},
      {"WebPDecodeRGBAInto", &webp.decode},         {"WebPEncodeLosslessRGB", &webp.encode_rgb},
      {"WebPEncodeLosslessRGBA", &webp.encode_rgba}, {"WebPFree", &webp.free},
  };
  webp.is_there = LIBRARY_BIND(handle, symbols);
}

bool webp_is_there(char *version) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, webp_load);
  if (webp.is_there) {
    int number = webp.version();
    snprintf(version, 32, "%d.%d.%d", number >> 16, number >> 8 & 255, number & 255);
  }
  return webp.is_there;
}

typedef struct {
  codec_reader base;
  const uint8_t *bytes;
  size_t count;
  uint32_t width, height, y;
  uint8_t *pixels;
} webp_reader;

static codec_progress webp_next(codec_reader *base, codec_row *row, float *samples, char *message) {
  webp_reader *reader = (webp_reader *)base;
  size_t stride = (size_t)reader->width * 4;
  if (!reader->pixels) {
    reader->pixels = malloc(stride * reader->height);
    if (!reader->pixels) {
      codec_say(message, "out of memory");
      return CODEC_FAILED;
    }
    if (!webp.decode(reader->bytes, reader->count, reader->pixels, stride * reader->height, (int)stride)) {
      codec_say(message, "libwebp cannot decode it");
      return CODEC_FAILED;
    }
  }
  if (reader->y == reader->height) return CODEC_END;
  *row = (codec_row){reader->y++, 0, 1, reader->width};
  const uint8_t *pixel = reader->pixels + row->y * stride;
  for (size_t i = 0; i < stride; i++) samples[i] = (float)pixel[i] / 255.0f;
  return CODEC_ROW;
}

static void webp_close(codec_reader *base) {
  free(((webp_reader *)base)->pixels);
  free(base);
}

// Our pixels, and what libwebp was measured to hold beside them: as many again where colours are without loss, which the
// first chunk says in a simple file alone.
static double decoding_bytes(const uint8_t *bytes, size_t count, double pixels) {
  bool is_lossy = count > 16 && !memcmp(bytes + 12, "VP8 ", 4);
  return (is_lossy ? 4.0 : 9.0) * pixels;
}

codec_reader *codec_webp_open(const uint8_t *bytes, size_t count, codec_header *header, char *message) {
  *header = (codec_header){0};
  char version[32];
  int width = 0, height = 0;
  webp_reader *reader = webp_is_there(version) ? calloc(1, sizeof *reader) : NULL;
  if (!reader || !webp.info(bytes, count, &width, &height) || width <= 0 || height <= 0) {
    codec_say(message, reader ? "its header is no WebP's" : "libwebp could not be started");
    free(reader);
    return NULL;
  }
  *reader = (webp_reader){{webp_next, webp_close}, bytes, count, (uint32_t)width, (uint32_t)height, 0, NULL};
  header->width = reader->width;
  header->height = reader->height;
  header->colours = 3;
  header->has_alpha = true;
  header->decoding_bytes = decoding_bytes(bytes, count, (double)width * height);
  return &reader->base;
}

bool codec_webp_encode(const codec_picture *picture, codec_file *file, char *message) {
  *file = (codec_file){0};
  if (picture->width > 16383 || picture->height > 16383) {
    codec_say(message, "a side has at most 16383 pixels");
    return false;
  }
  codec_picture levels = *picture;
  levels.bit_depth = 8;
  size_t stride = (size_t)picture->width * (picture->alpha ? 4 : 3);
  uint8_t *pixels = malloc(stride * picture->height), *made = NULL;
  size_t count = 0;
  if (pixels) {
    for (uint32_t y = 0; y < picture->height; y++) codec_levels(&levels, y, picture->alpha, pixels + y * stride);
    count = (picture->alpha ? webp.encode_rgba : webp.encode_rgb)(pixels, (int)picture->width, (int)picture->height,
                                                                 (int)stride, &made);
  }
  // What the library has allocated only it may release.
  if (count) file->bytes = malloc(count);
  if (file->bytes) {
    memcpy(file->bytes, made, count);
    file->count = count;
  } else {
    codec_say(message, "libwebp could not encode it");
  }
  if (made) webp.free(made);
  free(pixels);
  return file->bytes != NULL;
}
