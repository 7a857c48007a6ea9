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

// In segments that are counted from 1 (ICC.1, annex B.4).
static void write_profile(j_compress_ptr codec, const uint8_t *profile, size_t count) {
  const size_t limit = 65519;
  size_t pieces = (count + limit - 1) / limit;
  if (pieces > 255) jpeg_fail((j_common_ptr)codec, "its colour profile is too long");
  for (size_t i = 0; i < pieces; i++) {
    const uint8_t head[] = {'I', 'C', 'C', '_', 'P', 'R', 'O',
                            'F', 'I', 'L', 'E', 0,   (uint8_t)(i + 1), (uint8_t)pieces};
    size_t start = i * limit, size = count - start < limit ? count - start : limit;
    jpeg_write_m_header(codec, JPEG_APP0 + 2, (unsigned)(sizeof head + size));
    for (size_t k = 0; k < sizeof head; k++) jpeg_write_m_byte(codec, head[k]);
    for (size_t k = 0; k < size; k++) jpeg_write_m_byte(codec, profile[start + k]);
  }
}

static bool encode(jpeg_writer *writer, const codec_picture *picture, int quality, const codec_extras *extras) {
  j_compress_ptr codec = &writer->codec;
  if (setjmp(writer->trouble.back)) return false;
  jpeg_create_compress(codec);
  codec->client_data = writer;
  writer->destination = (struct jpeg_destination_mgr){
      .init_destination = grow, .empty_output_buffer = extend, .term_destination = finish};
  codec->dest = &writer->destination;
  codec->image_width = picture->width;
  codec->image_height = picture->height;
  codec->input_components = 3;
  codec->in_color_space = JCS_RGB;
  jpeg_set_defaults(codec);
  jpeg_set_quality(codec, quality, TRUE);
  codec->comp_info[0].h_samp_factor = codec->comp_info[0].v_samp_factor = 1;
  codec->optimize_coding = TRUE;
  jpeg_start_compress(codec, TRUE);
  if (extras->profile) write_profile(codec, extras->profile, extras->profile_count);
  if (extras->text) write_comment(codec, extras->text, extras->text_count);

  writer->row = malloc((size_t)picture->width * 3);
  if (!writer->row) jpeg_fail((j_common_ptr)codec, "out of memory");
  for (uint32_t y = 0; y < picture->height; y++) {
    codec_levels(picture, y, false, writer->row);
    jpeg_write_scanlines(codec, &writer->row, 1);
  }
  jpeg_finish_compress(codec);
  return true;
}

bool codec_jpeg_encode(const codec_picture *picture, int quality, const codec_extras *extras, codec_file *file,
                       char *message) {
  *file = (codec_file){0};
  jpeg_writer writer = {.file = file};
  writer.codec.err = jpeg_trouble_start(&writer.trouble, message);
  codec_picture levels = *picture;
  levels.bit_depth = 8;
  bool is_done = encode(&writer, &levels, quality, extras);
  jpeg_destroy_compress(&writer.codec);
  free(writer.row);
  if (!is_done) {
    free(file->bytes);
    *file = (codec_file){0};
  }
  return is_done;
}
