// TIFF row by row: strips and tiles, samples of 1 to 64 bits, together or in planes. What has no plain samples (YCbCr
// that is not JPEG's) is left to libtiff's own reader of 8 bits.
#include "TIFF.h"

enum { ASSOCIATED = 1, UNASSOCIATED = 2 };  // alpha, by what TAG_EXTRA_SAMPLES has
enum { WHITE_IS_ZERO = 0, BLACK_IS_ZERO = 1, RGB = 2, PALETTE = 3, INKS = 5, YCBCR = 6, LAB = 8, ICC_LAB = 9 };
#define LARGEST_PIECE (1 << 28)  // bytes of a tile, or of a strip of one plane
#define MOST_SAMPLES 64

typedef struct {
  codec_reader base;
  tiff_memory memory;
  void *file;
  uint32_t width, height, y;
  uint16_t bits, samples, format, photometric;
  int colours, alpha;      // `alpha` is the sample's place in a pixel
  bool has_alpha, has_planes, is_tiled, is_rgba, is_lab, is_cut;
  uint32_t tile_width, tile_height;
  const uint16_t *map[3];  // of a palette
  float map_largest;       // of its levels
  uint8_t *piece;          // a row, a strip of each plane, or a row of tiles
  size_t piece_size;
  int64_t loaded;          // the first row that `piece` holds, or the strip being read; −1 for none
  float *row;              // a row's samples in the file's order
  uint32_t *rgba;
} tiff_reader;

// MARK: Rows

static bool is_sound(const tiff_reader *reader, uint32_t piece, char *message) {
  if (tiff_piece_is_sound(reader->file, piece, &reader->memory)) return true;
  codec_say(message, "a packed strip or tile does not have the checksum that it ends with");
  return false;
}

static bool load(tiff_reader *reader, char *message) {
  uint16_t planes = reader->has_planes ? reader->samples : 1;
  if (reader->is_tiled) {
    uint32_t first = reader->y / reader->tile_height * reader->tile_height;
    if (reader->loaded == (int64_t)first) return true;
    uint8_t *target = reader->piece;
    size_t size = (size_t)tiff.tile_size(reader->file);
    for (uint16_t plane = 0; plane < planes; plane++) {
      for (uint32_t x = 0; x < reader->width; x += reader->tile_width, target += size) {
        if (!is_sound(reader, tiff.tile_of(reader->file, x, first, 0, plane), message)) return false;
        if (tiff.read_tile(reader->file, target, x, first, 0, plane) < 0) return false;
      }
    }
    reader->loaded = first;
  } else if (reader->has_planes) {
    uint32_t rows = reader->height;
    tiff.get_or_default(reader->file, TAG_ROWS_PER_STRIP, &rows);
    uint32_t first = rows ? reader->y / rows * rows : 0;
    if (reader->loaded == (int64_t)first) return true;
    size_t size = reader->piece_size / planes;
    for (uint16_t plane = 0; plane < planes; plane++) {
      uint32_t strip = tiff.strip_of(reader->file, first, plane);
      if (!is_sound(reader, strip, message)) return false;
      memset(reader->piece + plane * size, 0, size);
      if (tiff.read_strip(reader->file, strip, reader->piece + plane * size, (ptrdiff_t)size) < 0) return false;
    }
    reader->loaded = first;
  } else {
    uint32_t strip = tiff.strip_of(reader->file, reader->y, 0);
    if (reader->loaded != (int64_t)strip && !is_sound(reader, strip, message)) return false;
    reader->loaded = strip;
    return tiff.read_row(reader->file, reader->piece, reader->y, 0) >= 0;
  }
  return true;
}

// The samples of row y: of each pixel together, or of each plane.
static void spread(tiff_reader *reader) {
  uint16_t planes = reader->has_planes ? reader->samples : 1;
  size_t together = reader->has_planes ? 1 : reader->samples;
  if (reader->is_tiled) {
    size_t row_size = (size_t)tiff.tile_row_size(reader->file), size = (size_t)tiff.tile_size(reader->file);
    const uint8_t *tile = reader->piece + (size_t)(reader->y - reader->loaded) * row_size;
    for (uint16_t plane = 0; plane < planes; plane++) {
      for (uint32_t x = 0; x < reader->width; x += reader->tile_width, tile += size) {
        uint32_t left = reader->width - x;
        size_t count = (left < reader->tile_width ? left : reader->tile_width) * together;
        float *target = reader->row + (size_t)plane * reader->width + x * together;
        tiff_unpack(reader->bits, reader->format, tile, count, target);
      }
    }
  } else if (reader->has_planes) {
    size_t row_size = (size_t)tiff.row_size(reader->file), size = reader->piece_size / planes;
    for (uint16_t plane = 0; plane < planes; plane++) {
      const uint8_t *bytes = reader->piece + plane * size + (size_t)(reader->y - reader->loaded) * row_size;
      tiff_unpack(reader->bits, reader->format, bytes, reader->width, reader->row + (size_t)plane * reader->width);
    }
  } else {
    tiff_unpack(reader->bits, reader->format, reader->piece, (size_t)reader->width * reader->samples, reader->row);
  }
}

static inline float cut(float value) { return value > 0 ? fminf(value, 1) : 0; }

// Lab's whole numbers: lightness from nothing, and differences with a sign, in ICC's way with 128 added.
static void convert_lab(const tiff_reader *reader, const float *values, size_t plane, float *rgb) {
  float lab[3] = {values[0], values[plane], values[2 * plane]};
  if (reader->format != FLOATING) {
    int all = (1 << reader->bits) - 1, half = 1 << (reader->bits - 1);
    float largest = (float)(reader->format == SIGNED ? half - 1 : all), step = (float)(1 << (reader->bits - 8));
    // What sign the file gives the bits of a sample does not matter.
    int whole[3];
    for (int c = 0; c < 3; c++) whole[c] = (int)lrintf(lab[c] * largest) & all;
    bool is_icc = reader->photometric == ICC_LAB;
    lab[0] = (float)whole[0] * 100 / (is_icc ? 255 * step : (float)all);
    for (int c = 1; c < 3; c++) lab[c] = (float)(is_icc ? whole[c] - half : (whole[c] ^ half) - half) / step;
  }
  codec_lab_to_srgb(lab, rgb);
}

static bool arrange(const tiff_reader *reader, float *samples, char *message) {
  size_t pixel = reader->has_planes ? 1 : reader->samples, plane = reader->has_planes ? reader->width : 1;
  int stored = reader->photometric == PALETTE ? 1 : reader->colours;
  for (uint32_t x = 0; x < reader->width; x++) {
    const float *from = reader->row + x * pixel;
    if (reader->photometric == PALETTE) {
      long index = lrintf(from[0] * (float)((1 << reader->bits) - 1));
      if (index < 0 || index >= 1 << reader->bits) {
        codec_say(message, "a pixel's colour is not in the palette");
        return false;
      }
      for (int c = 0; c < 3; c++) *samples++ = fminf((float)reader->map[c][index] / reader->map_largest, 1);
    } else if (reader->is_lab) {
      convert_lab(reader, from, plane, samples);
      samples += 3;
    } else {
      for (int c = 0; c < stored; c++) {
        float value = cut(from[(size_t)c * plane]);
        *samples++ = reader->photometric == WHITE_IS_ZERO ? 1 - value : value;
      }
    }
    if (reader->has_alpha) *samples++ = cut(from[(size_t)reader->alpha * plane]);
  }
  return true;
}

static codec_progress next_rgba(tiff_reader *reader, codec_row *row, float *samples) {
  const uint32_t *pixel = reader->rgba + (size_t)row->y * reader->width;
  for (uint32_t x = 0; x < reader->width; x++) {
    for (int c = 0; c < 4; c++) *samples++ = (float)(pixel[x] >> (8 * c) & 255) / 255.0f;
  }
  return CODEC_ROW;
}

// The bytes that are decoded together; 0 where they are too many.
static size_t piece_size(const tiff_reader *reader) {
  size_t planes = reader->has_planes ? reader->samples : 1;
  ptrdiff_t size = reader->is_tiled     ? tiff.tile_size(reader->file)
                   : reader->has_planes ? tiff.strip_size(reader->file)
                                        : tiff.row_size(reader->file);
  if (size <= 0 || size > LARGEST_PIECE) return 0;
  size_t across = reader->is_tiled ? (reader->width + (size_t)reader->tile_width - 1) / reader->tile_width : 1;
  return across * planes > (size_t)LARGEST_PIECE * 4 / (size_t)size ? 0 : (size_t)size * across * planes;
}

static bool start(tiff_reader *reader, char *message) {
  if (reader->is_rgba) {
    uint32_t count = reader->is_tiled ? tiff.tile_count(reader->file) : tiff.strip_count(reader->file);
    for (uint32_t piece = 0; piece < count; piece++) {
      if (!is_sound(reader, piece, message)) return false;
    }
    uint16_t orientation = 1;
    tiff.get_or_default(reader->file, TAG_ORIENTATION, &orientation);
    reader->rgba = malloc((size_t)reader->width * reader->height * sizeof *reader->rgba);
    // Asked for the orientation that the file has, libtiff leaves the rows as they are.
    return reader->rgba &&
           tiff.read_rgba(reader->file, reader->width, reader->height, reader->rgba, orientation, 1) == 1;
  }
  reader->piece_size = piece_size(reader);
  if (!reader->piece_size) {
    codec_say(message, "its strips or tiles are too large");
    return false;
  }
  reader->piece = malloc(reader->piece_size);
  reader->row = malloc(((size_t)reader->width * reader->samples + 1) * sizeof *reader->row);
  reader->loaded = -1;
  return reader->piece && reader->row;
}

static codec_progress tiff_next(codec_reader *base, codec_row *row, float *samples, char *message) {
  tiff_reader *reader = (tiff_reader *)base;
  message[0] = 0;
  tiff_listen(message, &reader->is_cut);
  bool is_right = reader->piece || reader->rgba || start(reader, message);
  codec_progress progress = CODEC_FAILED;
  if (is_right && reader->y == reader->height) {
    progress = CODEC_END;
  } else if (is_right) {
    *row = (codec_row){reader->y, 0, 1, reader->width};
    if (reader->is_rgba) {
      progress = next_rgba(reader, row, samples);
    } else if (load(reader, message)) {
      spread(reader);
      if (arrange(reader, samples, message)) progress = CODEC_ROW;
    }
    reader->y++;
  }
  // Where coded data is missing libtiff goes on with what it has.
  if (reader->is_cut) progress = CODEC_FAILED;
  if (progress == CODEC_FAILED && !message[0]) codec_say(message, "libtiff cannot decode it");
  tiff_listen(NULL, NULL);
  return progress;
}

static void tiff_close(codec_reader *base) {
  tiff_reader *reader = (tiff_reader *)base;
  if (reader->file) tiff.close(reader->file);
  free(reader->piece);
  free(reader->row);
  free(reader->rgba);
  free(reader);
}

// MARK: Opening

// Some writers put levels of 8 bits into the palette's 16.
static float largest_level(const tiff_reader *reader) {
  for (int c = 0; c < 3; c++) {
    for (long i = 0; i < 1 << reader->bits; i++) {
      if (reader->map[c][i] > 255) return 65535.0f;
    }
  }
  return 255.0f;
}

static const char *describe(tiff_reader *reader, codec_header *header) {
  void *file = reader->file;
  uint16_t compression = 1, planes = 1, extra_count = 0, ink_set = 1;
  uint16_t *extras = NULL;
  const char *trouble = tiff_choose_page(file);
  if (trouble) return trouble;
  if (!tiff.get(file, TAG_WIDTH, &reader->width) || !tiff.get(file, TAG_HEIGHT, &reader->height)) {
    return "it has no size";
  }
  header->width = reader->width;
  header->height = reader->height;
  if (!reader->width || !reader->height) return "its size is 0";
  tiff.get_or_default(file, TAG_BITS, &reader->bits);
  tiff.get_or_default(file, TAG_SAMPLES, &reader->samples);
  reader->format = UNSIGNED;
  tiff.get_or_default(file, TAG_SAMPLE_FORMAT, &reader->format);
  if (reader->format == 4) reader->format = UNSIGNED;  // not said
  tiff.get_or_default(file, TAG_COMPRESSION, &compression);
  tiff.get_or_default(file, TAG_PLANES, &planes);
  tiff.get_or_default(file, TAG_EXTRA_SAMPLES, &extra_count, &extras);
  if (!tiff.get(file, TAG_PHOTOMETRIC, &reader->photometric)) {
    // Three are red, green and blue; of four, black or alpha could be the last.
    bool is_alpha = extra_count > 0 && (extras[0] == ASSOCIATED || extras[0] == UNASSOCIATED);
    if (reader->samples > 4 || (reader->samples == 4 && !is_alpha)) return "it does not say what its samples are";
    reader->photometric = reader->samples >= 3 ? RGB : BLACK_IS_ZERO;
  }
  reader->has_planes = planes == 2 && reader->samples > 1;
  reader->is_tiled = tiff.is_tiled(file);
  if (reader->is_tiled && (!tiff.get(file, TAG_TILE_WIDTH, &reader->tile_width) ||
                           !tiff.get(file, TAG_TILE_HEIGHT, &reader->tile_height) || !reader->tile_width ||
                           !reader->tile_height)) {
    return "its tiles have no size";
  }
  if (reader->samples == 0 || reader->samples > MOST_SAMPLES) return "it has too many samples a pixel";
  if (reader->photometric == YCBCR && compression == 7) {
    tiff.set(file, TAG_JPEG_COLOURS, 1);
    reader->photometric = RGB;
  }
  switch (reader->photometric) {
    case WHITE_IS_ZERO:
    case BLACK_IS_ZERO:
      reader->colours = 1;
      break;
    case RGB:
      reader->colours = 3;
      break;
    case PALETTE:
      reader->colours = 3;
      if (reader->bits > 16 || reader->format != UNSIGNED ||
          !tiff.get(file, TAG_COLOUR_MAP, &reader->map[0], &reader->map[1], &reader->map[2])) {
        return "its palette is missing";
      }
      reader->map_largest = largest_level(reader);
      break;
    case INKS:
      tiff.get_or_default(file, TAG_INK_SET, &ink_set);
      if (ink_set != 1) return "its inks are not cyan, magenta, yellow and black";
      reader->colours = 4;
      break;
    case LAB:
    case ICC_LAB:
      if (reader->format != FLOATING && reader->bits != 8 && reader->bits != 16) {
        return "its samples are of a kind that is not read";
      }
      reader->is_lab = true;
      reader->colours = 3;
      break;
    default: {
      char reason[1024];
      // Those of a logarithm are of any brightness.
      if (reader->photometric > 10 || !tiff.can_rgba(file, reason)) return "its colours are of a kind that is not read";
      reader->is_rgba = true;
      reader->colours = 3;
      header->is_premultiplied = true;
    }
  }
  if (!reader->is_rgba) {
    unsigned bits = reader->bits;
    bool is_known = reader->format == FLOATING ? bits == 16 || bits == 32 || bits == 64
                    : reader->format == SIGNED ? bits == 8 || bits == 16 || bits == 32
                                               : reader->format == UNSIGNED && bits >= 1 &&
                                                     (bits <= 16 || bits == 32);
    if (!is_known) return "its samples are of a kind that is not read";
    int stored = reader->photometric == PALETTE ? 1 : reader->colours;
    if (reader->samples < stored) return "it has too few samples a pixel";
    // The first sample that is said to be alpha; one that is said to be nothing only where it is the only one.
    for (int i = 0; i < extra_count && stored + i < reader->samples && !reader->has_alpha; i++) {
      if (extras[i] != ASSOCIATED && extras[i] != UNASSOCIATED) continue;
      reader->has_alpha = true;
      reader->alpha = stored + i;
      header->is_premultiplied = extras[i] == ASSOCIATED;
    }
    if (reader->is_lab && header->is_premultiplied) return "its Lab colours are multiplied by alpha, which is not read";
    if (!reader->has_alpha && reader->samples == stored + 1) {
      reader->has_alpha = header->alpha_is_unsaid = true;
      reader->alpha = stored;
    }
  }
  header->has_alpha = reader->has_alpha || reader->is_rgba;
  header->colours = reader->colours;
  return NULL;
}

codec_reader *codec_tiff_open(const uint8_t *bytes, size_t count, codec_header *header, char *message) {
  *header = (codec_header){0};
  char version[32];
  message[0] = 0;
  tiff_reader *reader = tiff_is_there(version) ? calloc(1, sizeof *reader) : NULL;
  if (!reader) {
    codec_say(message, "libtiff could not be started");
    return NULL;
  }
  // libtiff changes no byte of a file that it reads.
  *reader = (tiff_reader){.base = {tiff_next, tiff_close}, .memory.file = {(uint8_t *)(uintptr_t)bytes, count}};
  bool ignored = false;
  tiff_listen(message, &ignored);
  reader->file = tiff_open_memory(&reader->memory);
  const char *trouble = reader->file ? describe(reader, header) : "libtiff cannot read it";
  tiff_listen(NULL, NULL);
  if (!trouble) {
    uint16_t orientation = 1;
    uint32_t size = 0;
    void *profile = NULL;
    tiff.get_or_default(reader->file, TAG_ORIENTATION, &orientation);
    header->decoding_bytes = reader->is_rgba ? 4.0 * reader->width * reader->height : (double)piece_size(reader);
    header->orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
    if (!reader->is_rgba && !reader->is_lab && tiff.get(reader->file, TAG_PROFILE, &size, &profile)) {
      header->profile = profile;
      header->profile_count = size;
    }
    return &reader->base;
  }
  if (!message[0] || reader->file) codec_say(message, trouble);
  tiff_close(&reader->base);
  return NULL;
}
