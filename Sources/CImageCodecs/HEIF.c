// libheif for HEIC and AVIF: a whole picture at once, turned as its boxes say.
#include "Library.h"

typedef struct {
  int code, subcode;
  const char *message;
} heif_error;

typedef struct {
  uint8_t version;
  int primaries, transfer, matrix;
  uint8_t is_full_range;
  float points[8];
} heif_nclx;

typedef struct {
  int version;
  heif_error (*write)(void *context, const void *bytes, size_t count, void *user);
} heif_writer;

enum { HEIF_RGB = 1, HEIF_MONOCHROME = 2, HEIF_WITHOUT_CHROMA = 0, HEIF_LUMA = 0, HEIF_ALPHA = 6 };
enum { HEIF_RGB8 = 10, HEIF_RGBA8 = 11, HEIF_RGB16_LE = 14, HEIF_RGBA16_LE = 15, HEIF_INTERLEAVED = 10 };
enum { HEIF_AV1 = 4 };

static struct {
  bool is_there;
  uint32_t (*version)(void);
  heif_error (*init)(void *);
  void *(*context)(void);
  void (*context_free)(void *);
  void (*context_limit)(void *, int);
  heif_error (*read)(void *, const void *, size_t, const void *);
  heif_error (*primary)(void *, void **);
  int (*width)(const void *), (*height)(const void *), (*has_alpha)(const void *), (*is_premultiplied)(const void *);
  int (*bits)(const void *);
  size_t (*profile_size)(const void *);
  heif_error (*profile)(const void *, void *);
  heif_error (*nclx)(const void *, heif_nclx **), (*image_nclx)(const void *, heif_nclx **);
  void (*nclx_free)(heif_nclx *);
  heif_nclx *(*nclx_alloc)(void);
  heif_error (*decode)(const void *, void **, int colours, int chroma, const void *);
  const uint8_t *(*plane)(const void *, int channel, int *stride);
  int (*image_width)(const void *, int), (*image_height)(const void *, int), (*image_bits)(const void *, int);
  void (*image_free)(const void *), (*handle_free)(const void *);
  heif_error (*encoder)(void *, int format, void **), (*quality)(void *, int);
  heif_error (*set_text)(void *, const char *name, const char *value);
  void (*encoder_free)(void *);
  heif_error (*image)(int, int, int colours, int chroma, void **), (*add_plane)(void *, int, int, int, int);
  uint8_t *(*own_plane)(void *, int, int *);
  heif_error (*set_nclx)(void *, const heif_nclx *), (*set_profile)(void *, const char *, const void *, size_t);
  heif_error (*encode)(void *, const void *, void *, const void *, void **);
  heif_error (*add_exif)(void *, const void *, const void *, int), (*write)(void *, heif_writer *, void *);
} heif;

static void heif_load(void) {
  const char *const names[] = {"libheif.so.1", "libheif.1.dylib", "libheif.dylib", NULL};
  void *handle = library_open(names);
  if (!handle) return;
  const library_symbol symbols[] = {
      {"heif_get_version_number", &heif.version},
      {"heif_context_alloc", &heif.context},
      {"heif_context_free", &heif.context_free},
      {"heif_context_set_maximum_image_size_limit", &heif.context_limit},
      {"heif_context_read_from_memory_without_copy", &heif.read},
      {"heif_context_get_primary_image_handle", &heif.primary},
      {"heif_image_handle_get_width", &heif.width},
      {"heif_image_handle_get_height", &heif.height},
      {"heif_image_handle_has_alpha_channel", &heif.has_alpha},
      {"heif_image_handle_is_premultiplied_alpha", &heif.is_premultiplied},
      {"heif_image_handle_get_luma_bits_per_pixel", &heif.bits},
      {"heif_image_handle_get_raw_color_profile_size", &heif.profile_size},
      {"heif_image_handle_get_raw_color_profile", &heif.profile},
      {"heif_image_handle_get_nclx_color_profile", &heif.nclx},
      {"heif_image_get_nclx_color_profile", &heif.image_nclx},
      {"heif_nclx_color_profile_free", &heif.nclx_free},
      {"heif_nclx_color_profile_alloc", &heif.nclx_alloc},
      {"heif_decode_image", &heif.decode},
      {"heif_image_get_plane_readonly", &heif.plane},
      {"heif_image_get_width", &heif.image_width},
      {"heif_image_get_height", &heif.image_height},
      {"heif_image_get_bits_per_pixel_range", &heif.image_bits},
      {"heif_image_release", &heif.image_free},
      {"heif_image_handle_release", &heif.handle_free},
      {"heif_context_get_encoder_for_format", &heif.encoder},
      {"heif_encoder_set_lossy_quality", &heif.quality},
      {"heif_encoder_set_parameter_string", &heif.set_text},
      {"heif_encoder_release", &heif.encoder_free},
      {"heif_image_create", &heif.image},
      {"heif_image_add_plane", &heif.add_plane},
      {"heif_image_get_plane", &heif.own_plane},
      {"heif_image_set_nclx_color_profile", &heif.set_nclx},
      {"heif_image_set_raw_color_profile", &heif.set_profile},
      {"heif_context_encode_image", &heif.encode},
      {"heif_context_add_exif_metadata", &heif.add_exif},
      {"heif_context_write", &heif.write},
  };
  heif.is_there = LIBRARY_BIND(handle, symbols);
  // From 1.13 on decoders can be plugins, which are looked for here.
  const library_symbol start[] = {{"heif_init", &heif.init}};
  if (heif.is_there && LIBRARY_BIND(handle, start)) heif.init(NULL);
}

bool heif_is_there(char *version) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, heif_load);
  if (heif.is_there) {
    uint32_t number = heif.version();
    snprintf(version, 32, "%u.%u.%u", number >> 24, number >> 16 & 255, number >> 8 & 255);
  }
  return heif.is_there;
}

// MARK: Reading

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

static bool heif_fails(heif_error error, char *message) {
  if (error.code) codec_say(message, error.message ? error.message : "libheif cannot read it");
  return error.code != 0;
}

typedef struct {
  bool is_av1, is_hevc, has_chroma;
} heif_coding;

// How the pictures of a file are coded, by the headers of the codecs, which lie in the boxes meta, iprp and ipco.
static void find_coding(const uint8_t *bytes, size_t count, int depth, heif_coding *coding) {
  const char *const folders[] = {"meta", "iprp", "ipco"};
  while (count >= 8) {
    uint64_t size = (uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 | bytes[3], header = 8;
    if (size == 1 && count >= 16) {
      size = 0;
      for (int i = 8; i < 16; i++) size = size << 8 | bytes[i];
      header = 16;
    }
    if (size == 0) size = count;
    // Of meta a version comes first.
    if (depth == 0) header += 4;
    if (size > count) return;
    const uint8_t *content = bytes + header;
    size_t length = size > header ? (size_t)(size - header) : 0;
    if (depth < 3) {
      if (length > 0 && !memcmp(bytes + 4, folders[depth], 4)) find_coding(content, length, depth + 1, coding);
    } else if (length > 2 && !memcmp(bytes + 4, "av1C", 4)) {
      coding->is_av1 = true;
      coding->has_chroma |= !(content[2] & 0x10);
    } else if (length > 16 && !memcmp(bytes + 4, "hvcC", 4)) {
      coding->is_hevc = true;
      coding->has_chroma |= (content[16] & 3) != 0;
    }
    if (size < 8) return;
    bytes += size;
    count -= (size_t)size;
  }
}

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

static bool heif_open(heif_reader *reader, const uint8_t *bytes, size_t count, codec_header *header, char *message) {
  reader->context = heif.context();
  if (!reader->context) return false;
  heif.context_limit(reader->context, 65535);
  if (heif_fails(heif.read(reader->context, bytes, count, NULL), message)) return false;
  if (heif_fails(heif.primary(reader->context, &reader->handle), message)) return false;
  int width = heif.width(reader->handle), height = heif.height(reader->handle);
  if (width <= 0 || height <= 0) return false;
  header->width = reader->width = (uint32_t)width;
  header->height = reader->height = (uint32_t)height;
  header->has_alpha = heif.has_alpha(reader->handle);
  header->is_premultiplied = heif.is_premultiplied(reader->handle);
  heif_coding coding = {false, false, false};
  find_coding(bytes, count, 0, &coding);
  // Without chroma, which thumbnails have where the picture has it, it stays grey: so a profile of grey is for it.
  reader->is_monochrome = (coding.is_av1 || coding.is_hevc) && !coding.has_chroma;
  reader->is_av1 = coding.is_av1;
  header->colours = reader->is_monochrome ? 1 : 3;
  // Only boxes of the container turn the picture, and libheif has done so; EXIF's word does not count.
  header->orientation = 1;
  reader->channels = header->colours + (header->has_alpha ? 1 : 0);
  reader->is_wide = heif.bits(reader->handle) > 8;
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

// MARK: Writing

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
