#include "JXL.h"

static bool set_up(void *encoder, const codec_picture *picture, const codec_extras *extras) {
  jxl_info info;
  memset(&info, 0, sizeof info);
  jxl.init_info(&info);
  info.width = picture->width;
  info.height = picture->height;
  info.bits = (uint32_t)picture->bit_depth;
  info.uses_original_profile = 1;
  if (picture->alpha) {
    info.extra_channels = 1;
    info.alpha_bits = info.bits;
  }
  // Samples of 16 bits are beyond the level that files have without saying so.
  if (picture->bit_depth > 12 && jxl.set_level(encoder, 10)) return false;
  if (extras->text && (jxl.use_boxes(encoder) || jxl.use_container(encoder, 1))) return false;
  if (jxl.set_info(encoder, &info)) return false;
  if (extras->profile) return jxl.set_profile(encoder, extras->profile, extras->profile_count) == 0;
  jxl_colours colours;
  memset(&colours, 0, sizeof colours);
  jxl.set_srgb(&colours, 0);
  return jxl.set_colours(encoder, &colours) == 0;
}

// EXIF behind four bytes that say where it begins.
static bool add_exif(void *encoder, const codec_extras *extras) {
  uint8_t *box = calloc(1, extras->text_count + 4);
  if (!box) return false;
  memcpy(box + 4, extras->text, extras->text_count);
  int failed = jxl.add_box(encoder, "Exif", box, extras->text_count + 4, 0);
  free(box);
  return !failed;
}

static bool encode(void *encoder, const codec_picture *picture, const codec_extras *extras, void *pixels, size_t size,
                   codec_file *file) {
  jxl_format format = {picture->alpha ? 4 : 3, picture->bit_depth == 16 ? JXL_UINT16 : JXL_UINT8, 0, 0};
  if (!set_up(encoder, picture, extras)) return false;
  if (extras->text && !add_exif(encoder, extras)) return false;
  void *settings = jxl.settings(encoder, NULL);
  if (!settings || jxl.lossless(settings, 1) || jxl.add_frame(settings, &format, pixels, size)) return false;
  jxl.end(encoder);
  size_t capacity = 0;
  while (true) {
    if (!codec_reserve(file, &capacity, file->count + (1 << 16))) return false;
    uint8_t *next = file->bytes + file->count;
    size_t left = capacity - file->count;
    int status = jxl.output(encoder, &next, &left);
    file->count = (size_t)(next - file->bytes);
    if (status == 0) return true;
    if (status != 2) return false;
  }
}

bool codec_jxl_encode(const codec_picture *picture, const codec_extras *extras, codec_file *file, char *message) {
  *file = (codec_file){0};
  size_t stride = (size_t)picture->width * (picture->alpha ? 4 : 3) * (size_t)(picture->bit_depth / 8);
  uint8_t *pixels = malloc(stride * picture->height);
  void *encoder = jxl.encoder(NULL);
  bool is_done = false;
  if (pixels && encoder) {
    for (uint32_t y = 0; y < picture->height; y++) codec_levels(picture, y, picture->alpha, pixels + y * stride);
    is_done = encode(encoder, picture, extras, pixels, stride * picture->height, file);
  }
  if (encoder) jxl.encoder_destroy(encoder);
  free(pixels);
  if (!is_done) {
    codec_say(message, "libjxl could not encode it");
    free(file->bytes);
    *file = (codec_file){0};
  }
  return is_done;
}
