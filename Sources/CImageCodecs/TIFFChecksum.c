// Whether packed pieces have the checksum that they end with. libtiff stops where it has as many bytes as it wants and does
// not look at what follows, so a piece with a wrong bit in it gives wrong pixels and no error.
#include <zlib.h>

#include "TIFF.h"

// Unpacks a stream to see whether it ends as it should, with the checksum of what it holds.
static bool is_sound(const uint8_t *bytes, uint64_t count, uint64_t wanted) {
  uint8_t discarded[1 << 15];
  z_stream stream = {0};
  if (inflateInit(&stream) != Z_OK) return true;
  int state = Z_OK;
  uint64_t unpacked = 0;
  // One that holds much more than is wanted, without an end perhaps, is not read to it.
  uint64_t most = 2 * wanted + sizeof discarded;
  while (state == Z_OK && unpacked < most) {
    if (stream.avail_in == 0 && count > 0) {
      uInt part = count < 1 << 30 ? (uInt)count : 1 << 30;
      stream.next_in = (Bytef *)(uintptr_t)bytes;
      stream.avail_in = part;
      bytes += part;
      count -= part;
    }
    stream.next_out = discarded;
    stream.avail_out = sizeof discarded;
    state = inflate(&stream, Z_NO_FLUSH);
    unpacked += sizeof discarded - stream.avail_out;
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END || unpacked >= most;
}

bool tiff_piece_is_sound(void *file, uint32_t piece, const tiff_memory *memory) {
  uint16_t compression = 1, order = 1;
  tiff.get_or_default(file, TAG_COMPRESSION, &compression);
  tiff.get_or_default(file, TAG_FILL_ORDER, &order);
  // With the bits of each byte the other way round it is no stream before libtiff has turned them.
  if ((compression != DEFLATE && compression != OLD_DEFLATE) || order != 1) return true;
  uint64_t start = tiff.piece_start(file, piece), size = tiff.piece_count(file, piece);
  size_t count = memory->file.count;
  if (start > count || size > count - start) return true;
  ptrdiff_t wanted = tiff.is_tiled(file) ? tiff.tile_size(file) : tiff.strip_size(file);
  return is_sound(memory->file.bytes + start, size, wanted > 0 ? (uint64_t)wanted : 0);
}
