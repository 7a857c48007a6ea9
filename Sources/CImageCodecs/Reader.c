#include "Codec.h"

bool codec_read(codec_reader *reader, codec_placement placement, float *colour, float *alpha, char *message) {
  return reader->read(reader, placement, colour, alpha, message);
}

void codec_close(codec_reader *reader) { reader->close(reader); }
