// JPEG XL: a whole picture at once, turned and in the colours that it says.
#include "JXL.h"

// The profile of the pixels as they come, and not that of the file.
#define TARGET_DATA 1

typedef int (*colours_old)(const void *, const jxl_format *, int, jxl_colours *);
typedef int (*colours_new)(const void *, int, jxl_colours *);
typedef int (*size_old)(const void *, const jxl_format *, int, size_t *);
typedef int (*size_new)(const void *, int, size_t *);
typedef int (*profile_old)(const void *, const jxl_format *, int, uint8_t *, size_t);
typedef int (*profile_new)(const void *, int, uint8_t *, size_t);

typedef struct {
  codec_reader base;
  void *decoder;
  jxl_format format;
  uint8_t *profile;
  uint8_t *pixels;
  float *black;          // of inks
  uint32_t black_index;  // among the extra channels
  uint32_t width, height, y;
  bool has_inks;
} jxl_reader;

// A space of points and a transfer function, where that is one of H.273's. In libjxl's profile of PQ 10,000 candelas a
// square metre are white, which leaves most pictures almost black.
static bool read_space(const jxl_colours *colours, codec_header *header) {
  int transfer = codec_still_transfer(colours->transfer);
  bool is_known = transfer == 8 || transfer == 13 || transfer == 16 || transfer == 17 || transfer == 18;
  if (!is_known || (colours->space != JXL_RGB && colours->space != JXL_GREY)) return false;
  header->transfer = transfer;
  header->primaries = CODEC_POINTS;
  // H.273's numbers are more exact; grey needs no more than one of them.
  bool is_d65 = colours->white == 1;
  if (colours->space == JXL_GREY || (is_d65 && colours->primaries == 1)) header->primaries = 1;
  if (is_d65 && colours->primaries == 9) header->primaries = 9;
  if (is_d65 && colours->primaries == 11) header->primaries = 12;
  for (int i = 0; i < 2; i++) {
    header->points[i] = colours->red[i];
    header->points[2 + i] = colours->green[i];
    header->points[4 + i] = colours->blue[i];
    header->points[6 + i] = colours->white_xy[i];
  }
  return true;
}

static void read_colours(jxl_reader *reader, codec_header *header) {
  jxl_colours colours;
  memset(&colours, 0, sizeof colours);
  const jxl_format *format = &reader->format;
  int failed = jxl.has_format ? ((colours_old)jxl.encoded)(reader->decoder, format, TARGET_DATA, &colours)
                              : ((colours_new)jxl.encoded)(reader->decoder, TARGET_DATA, &colours);
  // Two that need no profile: sRGB, and its grey.
  if (!failed && colours.transfer == 13 && colours.white == 1 && (colours.space == JXL_GREY || colours.primaries == 1)) {
    return;
  }
  if (!failed && read_space(&colours, header)) return;
  size_t count = 0;
  failed = jxl.has_format ? ((size_old)jxl.profile_size)(reader->decoder, format, TARGET_DATA, &count)
                          : ((size_new)jxl.profile_size)(reader->decoder, TARGET_DATA, &count);
  if (failed || count == 0 || count > 16 << 20 || !(reader->profile = malloc(count))) return;
  failed = jxl.has_format ? ((profile_old)jxl.profile)(reader->decoder, format, TARGET_DATA, reader->profile, count)
                          : ((profile_new)jxl.profile)(reader->decoder, TARGET_DATA, reader->profile, count);
  if (failed) return;
  header->profile = reader->profile;
  header->profile_count = count;
}

// Goes on to one of the events that were asked for; false where the file does not come to it.
static bool go_on(jxl_reader *reader, int event, char *message) {
  int status = jxl.process(reader->decoder);
  if (status == event) return true;
  codec_say(message, status == JXL_MORE_INPUT ? "the file ends too early" : "libjxl cannot decode it");
  return false;
}

static bool decode(jxl_reader *reader, char *message) {
  size_t size = 0;
  if (!go_on(reader, JXL_NEED_BUFFER, message)) return false;
  if (jxl.buffer_size(reader->decoder, &reader->format, &size) ||
      size != (size_t)reader->width * reader->height * reader->format.channels * sizeof(float)) {
    codec_say(message, "its pixels are not of the size that it declares");
    return false;
  }
  reader->pixels = malloc(size);
  if (!reader->pixels || jxl.buffer(reader->decoder, &reader->format, reader->pixels, size)) {
    codec_say(message, "out of memory");
    return false;
  }
  if (reader->has_inks) {
    const jxl_format one = {1, JXL_FLOAT, 0, 0};
    size_t pixels = (size_t)reader->width * reader->height;
    if (jxl.extra_size(reader->decoder, &one, &size, reader->black_index) || size != pixels * sizeof(float)) {
      codec_say(message, "its black is not of the size that it declares");
      return false;
    }
    reader->black = malloc(size);
    if (!reader->black || jxl.extra_buffer(reader->decoder, &one, reader->black, size, reader->black_index)) {
      codec_say(message, "out of memory");
      return false;
    }
  }
  return go_on(reader, JXL_FULL, message);
}

// Inks come as the light that they leave.
static void spread_inks(const jxl_reader *reader, uint32_t y, float *samples) {
  uint32_t channels = reader->format.channels;
  const float *pixel = (const float *)(void *)reader->pixels + (size_t)y * reader->width * channels;
  const float *black = reader->black + (size_t)y * reader->width;
  for (uint32_t x = 0; x < reader->width; x++, pixel += channels) {
    for (int c = 0; c < 4; c++) {
      float light = c < 3 ? pixel[c] : black[x];
      *samples++ = light > 0 ? 1 - fminf(light, 1) : 1;
    }
    if (channels == 4) *samples++ = pixel[3] > 0 ? fminf(pixel[3], 1) : 0;
  }
}

static codec_progress jxl_next(codec_reader *base, codec_row *row, float *samples, char *message) {
  jxl_reader *reader = (jxl_reader *)base;
  if (!reader->pixels && !decode(reader, message)) return CODEC_FAILED;
  if (reader->y == reader->height) return CODEC_END;
  *row = (codec_row){reader->y++, 0, 1, reader->width};
  if (reader->has_inks) {
    spread_inks(reader, row->y, samples);
    return CODEC_ROW;
  }
  size_t count = (size_t)reader->width * reader->format.channels;
  const float *pixel = (const float *)(void *)reader->pixels + row->y * count;
  for (size_t i = 0; i < count; i++) samples[i] = pixel[i] > 0 ? fminf(pixel[i], 1) : 0;
  return CODEC_ROW;
}

static void jxl_close(codec_reader *base) {
  jxl_reader *reader = (jxl_reader *)base;
  if (reader->decoder) jxl.destroy(reader->decoder);
  free(reader->profile);
  free(reader->pixels);
  free(reader->black);
  free(reader);
}

// Looks for the channel of black that makes inks of the three colours.
static void find_black(jxl_reader *reader, const jxl_info *info) {
  for (uint32_t i = 0; i < info->extra_channels && info->colours == 3; i++) {
    jxl_extra extra;
    memset(&extra, 0, sizeof extra);
    if (jxl.extra(reader->decoder, i, &extra) || extra.kind != JXL_BLACK) continue;
    reader->black_index = i;
    reader->has_inks = true;
    return;
  }
}

// Our pixels, and what libjxl 0.7 was measured to hold beside them: much more where alpha goes with lossy colours.
static double decoding_bytes(const jxl_reader *reader, const jxl_info *info) {
  double each = 4.0 * (reader->format.channels + reader->has_inks) + 20 + 4.0 * info->extra_channels;
  if (info->extra_channels && !info->uses_original_profile) each += 31;
  return each * info->width * info->height;
}

static bool jxl_open(jxl_reader *reader, const uint8_t *bytes, size_t count, codec_header *header, char *message) {
  reader->decoder = jxl.create(NULL);
  if (!reader->decoder || jxl.subscribe(reader->decoder, JXL_BASIC_INFO | JXL_COLOURS | JXL_FULL) ||
      jxl.input(reader->decoder, bytes, count)) {
    codec_say(message, "libjxl could not be started");
    return false;
  }
  jxl.close_input(reader->decoder);
  jxl_info info;
  memset(&info, 0, sizeof info);
  if (!go_on(reader, JXL_BASIC_INFO, message) || jxl.info(reader->decoder, &info)) return false;
  // The size is of the picture as it is turned, which the decoder does: EXIF's word does not count.
  header->width = reader->width = info.width;
  header->height = reader->height = info.height;
  header->orientation = 1;
  find_black(reader, &info);
  header->colours = info.colours == 1 ? 1 : reader->has_inks ? 4 : 3;
  header->has_alpha = info.alpha_bits > 0;
  header->is_premultiplied = info.alpha_bits > 0 && info.alpha_premultiplied;
  reader->format = (jxl_format){(info.colours == 1 ? 1 : 3) + (header->has_alpha ? 1 : 0), JXL_FLOAT, 0, 0};
  header->decoding_bytes = decoding_bytes(reader, &info);
  if (!go_on(reader, JXL_COLOURS, message)) return false;
  read_colours(reader, header);
  return true;
}

codec_reader *codec_jxl_open(const uint8_t *bytes, size_t count, codec_header *header, char *message) {
  *header = (codec_header){0};
  char version[32];
  codec_say(message, "libjxl cannot read it");
  jxl_reader *reader = jxl_is_there(version) ? calloc(1, sizeof *reader) : NULL;
  if (!reader) return NULL;
  reader->base = (codec_reader){jxl_next, jxl_close};
  if (jxl_open(reader, bytes, count, header, message)) return &reader->base;
  jxl_close(&reader->base);
  return NULL;
}
