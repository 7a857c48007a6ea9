#include "JPEG.h"

#include <jerror.h>

// Every scan of a progressive file costs a pass over the whole picture, and a few bytes can declare one.
// Encoders write about ten.
#define SCAN_LIMIT 100

typedef struct {
  codec_reader base;
  struct jpeg_decompress_struct codec;
  struct jpeg_progress_mgr progress;
  jpeg_trouble trouble;
  uint8_t *row;
  bool is_started;
  bool ends_early;     // the end mark is missing, and libjpeg has made one up
  unsigned seen;       // components that a scan was of, as bits
} jpeg_reader;

// libjpeg fills what is missing with grey and calls it a warning. Only what leaves the pixels whole passes: stray
// bytes around the coded data, colour information that we do not use, a version or a scan's numbers that baseline has no
// use for, and a missing end mark, which some cameras never write. Where coded bits are missing, another warning follows,
// except in arithmetic coding.
static bool is_harmless(jpeg_reader *reader) {
  j_decompress_ptr decoder = &reader->codec;
  switch (decoder->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
      return decoder->input_scan_number == 0 || decoder->err->msg_parm.i[1] == JPEG_EOI;
    case JWRN_ADOBE_XFORM:
    case JWRN_BOGUS_ICC:
    case JWRN_JFIF_MAJOR:
    case JWRN_NOT_SEQUENTIAL:
      return true;
    case JWRN_JPEG_EOF:
      reader->ends_early = true;
      return decoder->input_scan_number > 0 && !decoder->arith_code;
    default:
      return false;
  }
}

static void warned(j_common_ptr codec, int level) {
  if (level < 0 && !is_harmless(codec->client_data)) codec->err->error_exit(codec);
}

static void watch_scans(j_common_ptr codec) {
  jpeg_reader *reader = codec->client_data;
  j_decompress_ptr decoder = &reader->codec;
  if (decoder->input_scan_number > SCAN_LIMIT) jpeg_fail(codec, "it has too many scans");
  for (int i = 0; i < decoder->comps_in_scan; i++) {
    reader->seen |= 1u << (decoder->cur_comp_info[i]->component_index & 31);
  }
}

// Of a file of several scans that breaks off between two of them no bit is missing where libjpeg looks for one.
static void check_scans(jpeg_reader *reader) {
  j_decompress_ptr codec = &reader->codec;
  if (!reader->ends_early || !jpeg_has_multiple_scans(codec)) return;
  bool is_whole = true;
  for (int c = 0; c < codec->num_components; c++) {
    if (!codec->progressive_mode) is_whole = is_whole && reader->seen >> c & 1;
    for (int k = 0; codec->progressive_mode && codec->coef_bits && k < DCTSIZE2; k++) {
      is_whole = is_whole && codec->coef_bits[c][k] == 0;
    }
  }
  if (!is_whole) jpeg_fail((j_common_ptr)codec, "the file ends before its last scan");
}

// Inks are always stored inverted, 255 for none, whether Adobe's marker says so or is missing: so every viewer has it.
static void convert_row(const jpeg_reader *reader, float *samples) {
  size_t count = (size_t)reader->codec.output_width * reader->codec.output_components;
  bool is_ink = reader->codec.output_components == 4;
  for (size_t i = 0; i < count; i++) {
    samples[i] = (float)(is_ink ? 255 - reader->row[i] : reader->row[i]) / 255.0f;
  }
}

static void start(jpeg_reader *reader) {
  j_decompress_ptr codec = &reader->codec;
  reader->is_started = true;
  jpeg_start_decompress(codec);
  check_scans(reader);
  reader->row = malloc((size_t)codec->output_width * codec->output_components);
  if (!reader->row) jpeg_fail((j_common_ptr)codec, "out of memory");
}

static codec_progress jpeg_next(codec_reader *base, codec_row *row, float *samples, char *message) {
  jpeg_reader *reader = (jpeg_reader *)base;
  j_decompress_ptr codec = &reader->codec;
  reader->trouble.message = message;
  if (setjmp(reader->trouble.back)) return CODEC_FAILED;
  if (!reader->is_started) start(reader);
  if (codec->output_scanline == codec->output_height) {
    jpeg_finish_decompress(codec);
    return CODEC_END;
  }
  *row = (codec_row){codec->output_scanline, 0, 1, codec->output_width};
  if (jpeg_read_scanlines(codec, &reader->row, 1) != 1) jpeg_fail((j_common_ptr)codec, "a row is missing");
  convert_row(reader, samples);
  return CODEC_ROW;
}

void codec_jpeg_scale(codec_reader *base, unsigned denominator, codec_header *header) {
  jpeg_reader *reader = (jpeg_reader *)base;
  char ignored[CODEC_MESSAGE_SIZE];
  reader->trouble.message = ignored;
  reader->codec.scale_num = 1;
  reader->codec.scale_denom = denominator;
  if (setjmp(reader->trouble.back)) return;
  jpeg_calc_output_dimensions(&reader->codec);
  header->width = reader->codec.output_width;
  header->height = reader->codec.output_height;
}

static void jpeg_close(codec_reader *base) {
  jpeg_reader *reader = (jpeg_reader *)base;
  jpeg_destroy_decompress(&reader->codec);
  free(reader->row);
  free(reader);
}

// Whether a marker may follow coded data: tables, another scan, what applications add.
static bool may_follow_scan(uint8_t code) {
  return code == 0xC4 || code == 0xCC || (code >= 0xDA && code <= 0xDD) || (code >= 0xE0 && code <= 0xEF) ||
         code == JPEG_COM;
}

// How many bytes belong to the picture: up to its end mark, or to what stands in its place where that is missing.
static size_t extent(const uint8_t *bytes, size_t count) {
  size_t at = 2;
  bool is_coded = false;
  while (at + 1 < count) {
    uint8_t code = bytes[at + 1];
    if (bytes[at] != 0xFF || code == 0xFF) {
      at++;
    } else if (is_coded && (code == 0 || (code >= JPEG_RST0 && code <= JPEG_RST0 + 7))) {
      at += 2;
    } else {
      size_t length = at + 3 < count ? (size_t)bytes[at + 2] << 8 | bytes[at + 3] : 0;
      bool is_whole = length >= 2 && length <= count - at - 2;
      if (!is_coded && !is_whole) return count;  // for libjpeg to judge
      if (is_coded && code == JPEG_EOI) return at + 2;
      if (is_coded && !(is_whole && may_follow_scan(code))) return at;
      if (code == 0xDA) is_coded = true;
      at += 2 + length;
    }
  }
  return count;
}

static bool read_header(jpeg_reader *reader, const uint8_t *bytes, size_t count) {
  j_decompress_ptr codec = &reader->codec;
  if (setjmp(reader->trouble.back)) return false;
  jpeg_create_decompress(codec);
  codec->client_data = reader;
  reader->progress.progress_monitor = watch_scans;
  codec->progress = &reader->progress;
  jpeg_mem_src(codec, bytes, extent(bytes, count));
  jpeg_read_header(codec, TRUE);
  switch (codec->jpeg_color_space) {
    case JCS_GRAYSCALE:
      codec->out_color_space = JCS_GRAYSCALE;
      break;
    case JCS_RGB:
    case JCS_YCbCr:
      codec->out_color_space = JCS_RGB;
      break;
    case JCS_CMYK:
    case JCS_YCCK:
      codec->out_color_space = JCS_CMYK;
      break;
    default:
      jpeg_fail((j_common_ptr)codec, "its colours are neither grey, RGB nor CMYK");
  }
  return true;
}

// Of a file of several scans libjpeg keeps all coefficients.
static double coefficient_bytes(j_decompress_ptr codec) {
  double blocks = 0;
  for (int c = 0; c < codec->num_components; c++) {
    blocks += (double)codec->comp_info[c].width_in_blocks * codec->comp_info[c].height_in_blocks;
  }
  return jpeg_has_multiple_scans(codec) ? blocks * (double)sizeof(JBLOCK) : 0;
}

codec_reader *codec_jpeg_open(const uint8_t *bytes, size_t count, codec_header *header, char *message) {
  *header = (codec_header){0};
  jpeg_reader *reader = calloc(1, sizeof *reader);
  if (!reader) {
    codec_say(message, "out of memory");
    return NULL;
  }
  reader->base = (codec_reader){jpeg_next, jpeg_close};
  reader->codec.err = jpeg_trouble_start(&reader->trouble, message);
  reader->trouble.base.emit_message = warned;
  bool is_open = read_header(reader, bytes, count);
  header->width = reader->codec.image_width;
  header->height = reader->codec.image_height;
  header->colours = reader->codec.out_color_space == JCS_CMYK ? 4 : reader->codec.out_color_space == JCS_RGB ? 3 : 1;
  if (is_open) {
    header->decoding_bytes = coefficient_bytes(&reader->codec);
    return &reader->base;
  }
  jpeg_close(&reader->base);
  return NULL;
}
