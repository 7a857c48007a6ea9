// libjxl: a whole picture at once, turned and in the colours that it says.
#include "Library.h"

typedef struct {
  uint32_t channels;
  int type, endianness;
  size_t align;
} jxl_format;

enum { JXL_UINT8 = 2, JXL_UINT16 = 3, JXL_FLOAT = 0 };
enum { JXL_MORE_INPUT = 2, JXL_NEED_BUFFER = 5, JXL_BASIC_INFO = 0x40, JXL_COLOURS = 0x100, JXL_FULL = 0x1000 };

// The library fills its own size, which may be more than what is known of it here.
typedef struct {
  int has_container;
  uint32_t width, height, bits, exponent_bits;
  float intensity_target, min_nits;
  int relative;
  float linear_below;
  int uses_original_profile, has_preview, has_animation, orientation;
  uint32_t colours, extra_channels, alpha_bits, alpha_exponent_bits;
  int alpha_premultiplied;
  uint8_t rest[1024];
} jxl_info;

// As with jxl_info.
typedef struct {
  int kind;
  uint8_t rest[1024];
} jxl_extra;
enum { JXL_BLACK = 4 };
enum { JXL_RGB = 0, JXL_GREY = 1 };

typedef struct {
  int space, white;
  double white_xy[2];
  int primaries;
  double red[2], green[2], blue[2];
  int transfer;
  double gamma;
  int intent;
  uint8_t rest[256];
} jxl_colours;

static struct {
  bool is_there, has_format;  // up to 0.8 functions about profiles take a format
  uint32_t (*version)(void);
  void *(*create)(const void *);
  void (*destroy)(void *);
  int (*subscribe)(void *, int), (*input)(void *, const uint8_t *, size_t), (*process)(void *);
  void (*close_input)(void *);
  int (*info)(const void *, jxl_info *);
  void *encoded, *profile_size, *profile;  // whose form depends on the version
  int (*buffer_size)(const void *, const jxl_format *, size_t *), (*buffer)(void *, const jxl_format *, void *, size_t);
  int (*extra)(const void *, size_t index, jxl_extra *);
  int (*extra_size)(const void *, const jxl_format *, size_t *, uint32_t index);
  int (*extra_buffer)(void *, const jxl_format *, void *, size_t, uint32_t index);
  void *(*encoder)(const void *);
  void (*encoder_destroy)(void *), (*init_info)(jxl_info *), (*set_srgb)(jxl_colours *, int), (*end)(void *);
  int (*set_info)(void *, const jxl_info *), (*set_colours)(void *, const jxl_colours *);
  int (*set_profile)(void *, const uint8_t *, size_t), (*use_boxes)(void *), (*use_container)(void *, int);
  int (*add_box)(void *, const char *, const uint8_t *, size_t, int), (*set_level)(void *, int);
  void *(*settings)(void *, const void *);
  int (*lossless)(void *, int), (*add_frame)(const void *, const jxl_format *, const void *, size_t);
  int (*output)(void *, uint8_t **, size_t *);
} jxl;

static void jxl_load(void) {
  const char *const names[] = {"libjxl.so.0.12", "libjxl.so.0.11", "libjxl.so.0.10", "libjxl.so.0.9", "libjxl.so.0.8",
                               "libjxl.so.0.7", "libjxl.0.12.dylib", "libjxl.0.11.dylib", "libjxl.0.10.dylib",
                               "libjxl.dylib", NULL};
  void *handle = library_open(names);
  if (!handle) return;
  const library_symbol symbols[] = {
      {"JxlDecoderVersion", &jxl.version},
      {"JxlDecoderCreate", &jxl.create},
      {"JxlDecoderDestroy", &jxl.destroy},
      {"JxlDecoderSubscribeEvents", &jxl.subscribe},
      {"JxlDecoderSetInput", &jxl.input},
      {"JxlDecoderCloseInput", &jxl.close_input},
      {"JxlDecoderProcessInput", &jxl.process},
      {"JxlDecoderGetBasicInfo", &jxl.info},
      {"JxlDecoderGetColorAsEncodedProfile", &jxl.encoded},
      {"JxlDecoderGetICCProfileSize", &jxl.profile_size},
      {"JxlDecoderGetColorAsICCProfile", &jxl.profile},
      {"JxlDecoderImageOutBufferSize", &jxl.buffer_size},
      {"JxlDecoderSetImageOutBuffer", &jxl.buffer},
      {"JxlDecoderGetExtraChannelInfo", &jxl.extra},
      {"JxlDecoderExtraChannelBufferSize", &jxl.extra_size},
      {"JxlDecoderSetExtraChannelBuffer", &jxl.extra_buffer},
      {"JxlEncoderCreate", &jxl.encoder},
      {"JxlEncoderDestroy", &jxl.encoder_destroy},
      {"JxlEncoderInitBasicInfo", &jxl.init_info},
      {"JxlColorEncodingSetToSRGB", &jxl.set_srgb},
      {"JxlEncoderCloseInput", &jxl.end},
      {"JxlEncoderSetBasicInfo", &jxl.set_info},
      {"JxlEncoderSetColorEncoding", &jxl.set_colours},
      {"JxlEncoderSetICCProfile", &jxl.set_profile},
      {"JxlEncoderUseBoxes", &jxl.use_boxes},
      {"JxlEncoderUseContainer", &jxl.use_container},
      {"JxlEncoderAddBox", &jxl.add_box},
      {"JxlEncoderSetCodestreamLevel", &jxl.set_level},
      {"JxlEncoderFrameSettingsCreate", &jxl.settings},
      {"JxlEncoderSetFrameLossless", &jxl.lossless},
      {"JxlEncoderAddImageFrame", &jxl.add_frame},
      {"JxlEncoderProcessOutput", &jxl.output},
  };
  jxl.is_there = LIBRARY_BIND(handle, symbols);
  jxl.has_format = jxl.is_there && jxl.version() < 9000;
}

bool jxl_is_there(char *version) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, jxl_load);
  if (jxl.is_there) {
    uint32_t number = jxl.version();
    snprintf(version, 32, "%u.%u.%u", number / 1000000, number / 1000 % 1000, number % 1000);
  }
  return jxl.is_there;
}

// MARK: Reading

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

// MARK: Writing

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
