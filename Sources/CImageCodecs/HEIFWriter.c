#include "HEIF.h"

typedef struct {
  codec_file *file;
  size_t capacity;
} heif_sink;

static heif_error append(void *context, const void *bytes, size_t count, void *user) {
  (void)context;
  heif_sink *sink = user;
  // 6 is "memory allocation error", and libheif asks for a text in any case.
  if (!codec_reserve(sink->file, &sink->capacity, sink->file->count + count)) {
    return (heif_error){6, 0, "out of memory"};
  }
  memcpy(sink->file->bytes + sink->file->count, bytes, count);
  sink->file->count += count;
  return (heif_error){0, 0, "Success"};
}

static heif_error set_colours(void *image, const codec_extras *extras) {
  if (extras->profile) return heif.set_profile(image, "prof", extras->profile, extras->profile_count);
  heif_nclx *nclx = heif.nclx_alloc();
  if (!nclx) return (heif_error){6, 0, "out of memory"};
  nclx->primaries = 1;
  nclx->transfer = 13;
  nclx->matrix = 6;
  nclx->is_full_range = 1;
  heif_error error = heif.set_nclx(image, nclx);
  heif.nclx_free(nclx);
  return error;
}

static bool encode(const codec_picture *picture, int quality, const codec_extras *extras, codec_file *file,
                   void **context, void **encoder, void **image, void **handle, char *message) {
  int width = (int)picture->width, height = (int)picture->height;
  int chroma = picture->alpha ? HEIF_RGBA8 : HEIF_RGB8;
  *context = heif.context();
  if (!*context) return false;
  // From 1.13 on encoders can be packages of their own, without which libheif's words say nothing of them.
  if (heif.encoder(*context, HEIF_AV1, encoder).code) {
    codec_say(message, "libheif has no encoder for AV1; install one: apt-get install libheif-plugin-aomenc");
    return false;
  }
  if (heif_fails(heif.quality(*encoder, quality), message) ||
      heif_fails(heif.set_text(*encoder, "chroma", "444"), message) ||
      heif_fails(heif.image(width, height, HEIF_RGB, chroma, image), message) ||
      heif_fails(heif.add_plane(*image, HEIF_INTERLEAVED, width, height, 8), message)) {
    return false;
  }
  int stride = 0;
  uint8_t *pixels = heif.own_plane(*image, HEIF_INTERLEAVED, &stride);
  codec_picture levels = *picture;
  levels.bit_depth = 8;
  for (uint32_t y = 0; pixels && y < picture->height; y++) {
    codec_levels(&levels, y, picture->alpha, pixels + (size_t)y * (size_t)stride);
  }
  heif_sink sink = {file, 0};
  heif_writer writer = {1, append};
  return pixels && !heif_fails(set_colours(*image, extras), message) &&
         !heif_fails(heif.encode(*context, *image, *encoder, NULL, handle), message) &&
         (!extras->text ||
          !heif_fails(heif.add_exif(*context, *handle, extras->text, (int)extras->text_count), message)) &&
         !heif_fails(heif.write(*context, &writer, &sink), message);
}

bool codec_avif_encode(const codec_picture *picture, int quality, const codec_extras *extras, codec_file *file,
                       char *message) {
  *file = (codec_file){0};
  void *context = NULL, *encoder = NULL, *image = NULL, *handle = NULL;
  codec_say(message, "libheif could not encode it");
  bool is_done = encode(picture, quality, extras, file, &context, &encoder, &image, &handle, message);
  if (handle) heif.handle_free(handle);
  if (image) heif.image_free(image);
  if (encoder) heif.encoder_free(encoder);
  if (context) heif.context_free(context);
  if (!is_done) {
    free(file->bytes);
    *file = (codec_file){0};
  }
  return is_done;
}
