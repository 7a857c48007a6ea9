#include "HEIF.h"

// The headers of the codecs lie in the boxes meta, iprp and ipco.
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
      bool is_narrow = content[2] & 8, is_low = content[2] & 4;
      coding->is_av1 = true;
      coding->samples = fmax(coding->samples, content[2] & 0x10 ? 1 : is_low ? 1.5 : is_narrow ? 2 : 3);
    } else if (length > 16 && !memcmp(bytes + 4, "hvcC", 4)) {
      const double samples[] = {1, 1.5, 2, 3};
      coding->is_hevc = true;
      coding->samples = fmax(coding->samples, samples[content[16] & 3]);
    }
    if (size < 8) return;
    bytes += size;
    count -= (size_t)size;
  }
}

heif_coding heif_coding_of(const uint8_t *bytes, size_t count) {
  heif_coding coding = {false, false, 1};
  find_coding(bytes, count, 0, &coding);
  return coding;
}
