#include "Codec.h"

codec_progress codec_next(codec_reader *reader, codec_row *row, float *samples, char *message) {
  return reader->next(reader, row, samples, message);
}

void codec_close(codec_reader *reader) { reader->close(reader); }
