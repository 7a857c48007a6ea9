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
} jpeg_reader;

// libjpeg fills what is missing with grey and calls it a warning. Only what leaves the pixels whole passes:
// stray bytes around the coded data, and colour information that we do not use.
static bool is_harmless(j_common_ptr codec) {
  j_decompress_ptr decoder = (j_decompress_ptr)codec;
  switch (codec->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
      return decoder->input_scan_number == 0 || codec->err->msg_parm.i[1] == JPEG_EOI;
    case JWRN_ADOBE_XFORM:
    case JWRN_BOGUS_ICC:
      return true;
    default:
      return false;
  }
}

static void warned(j_common_ptr codec, int level) {
  if (level < 0 && !is_harmless(codec)) codec->err->error_exit(codec);
}

static void watch_scans(j_common_ptr codec) {
  if (((j_decompress_ptr)codec)->input_scan_number > SCAN_LIMIT) jpeg_fail(codec, "it has too many scans");
}

// Adobe writes inks inverted (255 is none), which makes the product of ink and black the colour itself.
static void place_inks(const uint8_t *inks, bool is_inverted, float *colour, size_t plane) {
  float white = is_inverted ? 0 : 255;
  float black = (float)inks[3] - white;
  for (int c = 0; c < 3; c++) colour[(size_t)c * plane] = ((float)inks[c] - white) * black / 65025.0f;
}

static void place_row(const jpeg_reader *reader, ptrdiff_t origin, ptrdiff_t step, float *colour) {
  int channels = reader->codec.output_components;
  bool is_inverted = reader->codec.saw_Adobe_marker;
  size_t plane = (size_t)reader->codec.output_width * reader->codec.output_height;
  for (uint32_t x = 0; x < reader->codec.output_width; x++) {
    const uint8_t *pixel = reader->row + (size_t)x * channels;
    float *target = colour + (origin + (ptrdiff_t)x * step);
    if (channels == 4) {
      place_inks(pixel, is_inverted, target, plane);
    } else {
      for (int c = 0; c < 3; c++) target[(size_t)c * plane] = (float)pixel[channels == 3 ? c : 0] / 255.0f;
    }
  }
}

static bool jpeg_read(codec_reader *base, codec_placement at, float *colour, float *alpha, char *message) {
  (void)alpha;
  jpeg_reader *reader = (jpeg_reader *)base;
  j_decompress_ptr codec = &reader->codec;
  reader->trouble.message = message;
  if (setjmp(reader->trouble.back)) return false;
  jpeg_start_decompress(codec);
  reader->row = malloc((size_t)codec->output_width * codec->output_components);
  if (!reader->row) jpeg_fail((j_common_ptr)codec, "out of memory");
  while (codec->output_scanline < codec->output_height) {
    ptrdiff_t y = codec->output_scanline;
    if (jpeg_read_scanlines(codec, &reader->row, 1) != 1) jpeg_fail((j_common_ptr)codec, "a row is missing");
    place_row(reader, at.origin + y * at.step_y, at.step_x, colour);
  }
  jpeg_finish_decompress(codec);
  return true;
}

static void jpeg_close(codec_reader *base) {
  jpeg_reader *reader = (jpeg_reader *)base;
  jpeg_destroy_decompress(&reader->codec);
  free(reader->row);
  free(reader);
}

static bool read_header(jpeg_reader *reader, const uint8_t *bytes, size_t count) {
  j_decompress_ptr codec = &reader->codec;
  if (setjmp(reader->trouble.back)) return false;
  jpeg_create_decompress(codec);
  reader->progress.progress_monitor = watch_scans;
  codec->progress = &reader->progress;
  jpeg_mem_src(codec, bytes, count);
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

codec_reader *codec_jpeg_open(const uint8_t *bytes, size_t count, codec_header *header, char *message) {
  *header = (codec_header){0};
  jpeg_reader *reader = calloc(1, sizeof *reader);
  if (!reader) {
    codec_say(message, "out of memory");
    return NULL;
  }
  reader->base = (codec_reader){jpeg_read, jpeg_close};
  reader->codec.err = jpeg_trouble_start(&reader->trouble, message);
  reader->trouble.base.emit_message = warned;
  bool is_open = read_header(reader, bytes, count);
  header->width = reader->codec.image_width;
  header->height = reader->codec.image_height;
  if (is_open) return &reader->base;
  jpeg_close(&reader->base);
  return NULL;
}
