// HEIC and AVIF: a whole picture at once, turned as its boxes say.
#include <sys/resource.h>

#include "HEIF.h"

typedef struct {
  codec_reader base;
  void *context, *handle, *image;
  uint8_t *profile;
  const uint8_t *pixels, *alpha;  // alpha is among `pixels` where there is colour
  int stride, alpha_stride;
  size_t step, alpha_step;  // numbers from one pixel to the next, of grey
  uint32_t width, height, y;
  int channels;
  bool is_wide, alpha_is_wide, is_monochrome, is_av1;
  float black, white, alpha_white;  // levels
} heif_reader;

static float largest_level(const heif_reader *reader, int channel) {
  int bits = heif.image_bits(reader->image, channel);
  return bits > 0 && bits <= 16 ? (float)((1 << bits) - 1) : 255.0f;
}

// Of luma that has video's range white is lower, and black higher; libheif does not stretch it where there is no chroma.
// Not so in HEIC: there files of libheif's own say that range and have the full one.
static void find_range(heif_reader *reader) {
  heif_nclx *nclx = NULL;
  if (!reader->is_av1) return;
  if ((heif.image_nclx(reader->image, &nclx).code || !nclx) && (heif.nclx(reader->handle, &nclx).code || !nclx)) return;
  if (!nclx->is_full_range) {
    float step = (reader->white + 1) / 256;
    reader->black = 16 * step;
    reader->white = 235 * step;
  }
  heif.nclx_free(nclx);
}

static bool has_size(const heif_reader *reader, int channel) {
  return heif.image_width(reader->image, channel) == (int)reader->width &&
         heif.image_height(reader->image, channel) == (int)reader->height;
}

// As planes of grey and alpha. libheif puts tiles together in red, green and blue, from which it knows no way back.
static bool decode_planes(heif_reader *reader) {
  bool has_alpha = reader->channels == 2;
  if (heif.decode(reader->handle, &reader->image, HEIF_MONOCHROME, HEIF_WITHOUT_CHROMA, NULL).code) return false;
  reader->pixels = heif.plane(reader->image, HEIF_LUMA, &reader->stride);
  reader->white = largest_level(reader, HEIF_LUMA);
  reader->is_wide = reader->white > 255;
  reader->step = reader->alpha_step = 1;
  bool is_right = reader->pixels && has_size(reader, HEIF_LUMA);
  if (has_alpha) {
    reader->alpha = heif.plane(reader->image, HEIF_ALPHA, &reader->alpha_stride);
    reader->alpha_white = largest_level(reader, HEIF_ALPHA);
    reader->alpha_is_wide = reader->alpha_white > 255;
    is_right = is_right && reader->alpha && has_size(reader, HEIF_ALPHA);
  }
  if (is_right) return true;
  heif.image_free(reader->image);
  reader->image = NULL;
  return false;
}

// As pixels of red, green, blue and alpha, of which grey takes the first and the last.
static bool decode_pixels(heif_reader *reader, char *message) {
  bool has_alpha = reader->channels % 2 == 0;
  int chroma = reader->is_wide ? (has_alpha ? HEIF_RGBA16_LE : HEIF_RGB16_LE) : (has_alpha ? HEIF_RGBA8 : HEIF_RGB8);
  if (heif_fails(heif.decode(reader->handle, &reader->image, HEIF_RGB, chroma, NULL), message)) return false;
  reader->pixels = heif.plane(reader->image, HEIF_INTERLEAVED, &reader->stride);
  reader->white = reader->alpha_white = largest_level(reader, HEIF_INTERLEAVED);
  if (!reader->pixels || !has_size(reader, HEIF_INTERLEAVED)) {
    codec_say(message, "its pixels are not of the size that it declares");
    return false;
  }
  reader->step = reader->alpha_step = has_alpha ? 4 : 3;
  reader->alpha_is_wide = reader->is_wide;
  reader->alpha_stride = reader->stride;
  if (has_alpha) reader->alpha = reader->pixels + (reader->is_wide ? 6 : 3);
  return true;
}

static bool decode(heif_reader *reader, char *message) {
  if (!(reader->is_monochrome && decode_planes(reader)) && !decode_pixels(reader, message)) return false;
  if (reader->is_monochrome) find_range(reader);
  return true;
}

// Number `index` of a row, in two bytes where 8 bits are too few. Planes are in the machine's order, which is little.
static inline float level(const uint8_t *row, size_t index, bool is_wide, float black, float white) {
  float value = is_wide ? (float)(row[2 * index] | row[2 * index + 1] << 8) : (float)row[index];
  return fmaxf(0, fminf((value - black) / (white - black), 1));
}

static codec_progress heif_next(codec_reader *base, codec_row *row, float *samples, char *message) {
  heif_reader *reader = (heif_reader *)base;
  if (!reader->image && !decode(reader, message)) return CODEC_FAILED;
  if (reader->y == reader->height) return CODEC_END;
  *row = (codec_row){reader->y++, 0, 1, reader->width};
  const uint8_t *pixel = reader->pixels + (size_t)row->y * (size_t)reader->stride;
  if (reader->is_monochrome) {
    const uint8_t *alpha = reader->alpha ? reader->alpha + (size_t)row->y * (size_t)reader->alpha_stride : NULL;
    for (size_t x = 0; x < reader->width; x++) {
      *samples++ = level(pixel, x * reader->step, reader->is_wide, reader->black, reader->white);
      if (alpha) *samples++ = level(alpha, x * reader->alpha_step, reader->alpha_is_wide, 0, reader->alpha_white);
    }
    return CODEC_ROW;
  }
  size_t count = (size_t)reader->width * (size_t)reader->channels;
  for (size_t i = 0; i < count; i++) samples[i] = level(pixel, i, reader->is_wide, reader->black, reader->white);
  return CODEC_ROW;
}

static void heif_close(codec_reader *base) {
  heif_reader *reader = (heif_reader *)base;
  if (reader->image) heif.image_free(reader->image);
  if (reader->handle) heif.handle_free(reader->handle);
  if (reader->context) heif.context_free(reader->context);
  free(reader->profile);
  free(reader);
}

// A profile counts before numbers, as in browsers.
static void read_colours(heif_reader *reader, codec_header *header) {
  size_t count = heif.profile_size(reader->handle);
  if (count > 0 && count < 16 << 20 && (reader->profile = malloc(count)) &&
      heif.profile(reader->handle, reader->profile).code == 0) {
    header->profile = reader->profile;
    header->profile_count = count;
    return;
  }
  heif_nclx *nclx = NULL;
  if (heif.nclx(reader->handle, &nclx).code == 0 && nclx) {
    header->primaries = nclx->primaries;
    header->transfer = codec_still_transfer(nclx->transfer);
    heif.nclx_free(nclx);
  }
}

static bool has_limited_addresses(void) {
  struct rlimit addresses, data;
  return !getrlimit(RLIMIT_AS, &addresses) && !getrlimit(RLIMIT_DATA, &data) &&
         (addresses.rlim_cur != RLIM_INFINITY || data.rlim_cur != RLIM_INFINITY);
}

// What libheif 1.15 was measured to hold: frames as they are coded, their copies, and pixels, of which samples of more
// than 8 bits take two bytes in two forms.
static double decoding_bytes(const heif_reader *reader, double samples, bool has_alpha) {
  double each = 5.3 * samples + 0.5 + (has_alpha ? 2 : 0);
  if (reader->is_wide) each = samples > 1 ? 11 + 5.7 * samples + (has_alpha ? 7 : 0) : 10 + (has_alpha ? 10 : 0);
  return each * reader->width * reader->height;
}

static bool heif_open(heif_reader *reader, const uint8_t *bytes, size_t count, codec_header *header, char *message) {
  reader->context = heif.context();
  if (!reader->context) return false;
  heif.context_limit(reader->context, 65535);
  // Each thread reserves addresses, and where a tile's finds none libheif says that the picture cannot be read.
  if (heif.context_threads && has_limited_addresses()) heif.context_threads(reader->context, 0);
  if (heif_fails(heif.read(reader->context, bytes, count, NULL), message)) return false;
  if (heif_fails(heif.primary(reader->context, &reader->handle), message)) return false;
  int width = heif.width(reader->handle), height = heif.height(reader->handle);
  if (width <= 0 || height <= 0) return false;
  header->width = reader->width = (uint32_t)width;
  header->height = reader->height = (uint32_t)height;
  header->has_alpha = heif.has_alpha(reader->handle);
  header->is_premultiplied = heif.is_premultiplied(reader->handle);
  heif_coding coding = heif_coding_of(bytes, count);
  // Without chroma, which thumbnails have where the picture has it, it stays grey: so a profile of grey is for it.
  reader->is_monochrome = (coding.is_av1 || coding.is_hevc) && coding.samples <= 1;
  reader->is_av1 = coding.is_av1;
  header->colours = reader->is_monochrome ? 1 : 3;
  // Only boxes of the container turn the picture, and libheif has done so; EXIF's word does not count.
  header->orientation = 1;
  reader->channels = header->colours + (header->has_alpha ? 1 : 0);
  reader->is_wide = heif.bits(reader->handle) > 8;
  header->decoding_bytes = decoding_bytes(reader, coding.samples, header->has_alpha);
  read_colours(reader, header);
  return true;
}

codec_reader *codec_heif_open(const uint8_t *bytes, size_t count, codec_header *header, char *message) {
  *header = (codec_header){0};
  char version[32];
  codec_say(message, "libheif cannot read it");
  heif_reader *reader = heif_is_there(version) ? calloc(1, sizeof *reader) : NULL;
  if (!reader) return NULL;
  reader->base = (codec_reader){heif_next, heif_close};
  if (heif_open(reader, bytes, count, header, message)) return &reader->base;
  heif_close(&reader->base);
  return NULL;
}
