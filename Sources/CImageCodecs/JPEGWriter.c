#include "JPEG.h"

typedef struct {
  struct jpeg_compress_struct codec;
  struct jpeg_destination_mgr destination;
  jpeg_trouble trouble;
  codec_file *file;
  size_t capacity;
  uint8_t *row;
} jpeg_writer;

static void grow(j_compress_ptr codec) {
  jpeg_writer *writer = codec->client_data;
  codec_file *file = writer->file;
  if (!codec_reserve(file, &writer->capacity, writer->capacity + 1)) {
    jpeg_fail((j_common_ptr)codec, "out of memory");
  }
  codec->dest->next_output_byte = file->bytes + file->count;
  codec->dest->free_in_buffer = writer->capacity - file->count;
}

// libjpeg calls this only when all of the buffer is full.
static boolean extend(j_compress_ptr codec) {
  jpeg_writer *writer = codec->client_data;
  writer->file->count = writer->capacity;
  grow(codec);
  return TRUE;
}

static void finish(j_compress_ptr codec) {
  jpeg_writer *writer = codec->client_data;
  writer->file->count = writer->capacity - codec->dest->free_in_buffer;
}

static void write_comment(j_compress_ptr codec, const uint8_t *comment, size_t count) {
  for (size_t start = 0; start < count; start += CODEC_JPEG_COMMENT_SIZE) {
    size_t left = count - start;
    size_t size = left < CODEC_JPEG_COMMENT_SIZE ? left : CODEC_JPEG_COMMENT_SIZE;
    jpeg_write_marker(codec, JPEG_COM, comment + start, (unsigned)size);
  }
}

static bool encode(jpeg_writer *writer, const float *colour, uint32_t width, uint32_t height, int quality,
                   const uint8_t *comment, size_t comment_count) {
  j_compress_ptr codec = &writer->codec;
  if (setjmp(writer->trouble.back)) return false;
  jpeg_create_compress(codec);
  codec->client_data = writer;
  writer->destination = (struct jpeg_destination_mgr){
      .init_destination = grow, .empty_output_buffer = extend, .term_destination = finish};
  codec->dest = &writer->destination;
  codec->image_width = width;
  codec->image_height = height;
  codec->input_components = 3;
  codec->in_color_space = JCS_RGB;
  jpeg_set_defaults(codec);
  jpeg_set_quality(codec, quality, TRUE);
  codec->comp_info[0].h_samp_factor = codec->comp_info[0].v_samp_factor = 1;
  codec->optimize_coding = TRUE;
  jpeg_start_compress(codec, TRUE);
  write_comment(codec, comment, comment_count);

  size_t plane = (size_t)width * height;
  writer->row = malloc((size_t)width * 3);
  if (!writer->row) jpeg_fail((j_common_ptr)codec, "out of memory");
  for (uint32_t y = 0; y < height; y++) {
    const float *first = colour + (size_t)y * width;
    for (uint32_t x = 0; x < width; x++) {
      for (size_t c = 0; c < 3; c++) {
        writer->row[(size_t)x * 3 + c] = (uint8_t)codec_quantised(first[c * plane + x], 255);
      }
    }
    jpeg_write_scanlines(codec, &writer->row, 1);
  }
  jpeg_finish_compress(codec);
  return true;
}

bool codec_jpeg_encode(const float *colour, uint32_t width, uint32_t height, int quality,
                       const uint8_t *comment, size_t comment_count, codec_file *file, char *message) {
  *file = (codec_file){0};
  jpeg_writer writer = {.file = file};
  writer.codec.err = jpeg_trouble_start(&writer.trouble, message);
  bool is_done = encode(&writer, colour, width, height, quality, comment, comment_count);
  jpeg_destroy_compress(&writer.codec);
  free(writer.row);
  if (!is_done) {
    free(file->bytes);
    *file = (codec_file){0};
  }
  return is_done;
}
