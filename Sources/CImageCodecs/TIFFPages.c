#include "TIFF.h"

#define MOST_PAGES 64  // that are looked through for a picture of the full size

// A sensor's colours, each pixel through one filter, or the numbers behind the filters.
enum { MOSAIC = 32803, LINEAR_RAW = 34892 };
// Bits of a page's kind: a smaller version of another, or what shows through of it.
enum { REDUCED = 1, MASK = 4 };

static bool is_raw(void *file) {
  uint8_t *version = NULL;
  uint16_t photometric = 0;
  if (tiff.get(file, TAG_DNG_VERSION, &version)) return true;
  return tiff.get(file, TAG_PHOTOMETRIC, &photometric) && (photometric == MOSAIC || photometric == LINEAR_RAW);
}

// Leaves the page.
static bool has_raw_part(void *file) {
  uint16_t count = 0;
  uint64_t *offsets = NULL, kept[16];
  if (!tiff.get(file, TAG_PARTS, &count, &offsets) || !offsets) return false;
  size_t most = count < 16 ? count : 16;
  memcpy(kept, offsets, most * sizeof *kept);
  for (size_t i = 0; i < most; i++) {
    if (tiff.set_part(file, kept[i]) && is_raw(file)) return true;
  }
  return false;
}

static bool is_whole(void *file) {
  uint32_t kind = 0;
  tiff.get(file, TAG_SUBFILE, &kind);
  return (kind & (REDUCED | MASK)) == 0;
}

const char *tiff_choose_page(void *file) {
  const char *const raw = "it is a camera's raw picture";
  uint32_t page = 0, chosen = 0;
  do {
    if (is_raw(file)) return raw;
    if (is_whole(file)) {
      chosen = page;
      break;
    }
    // A camera's preview has the raw picture beneath it.
    if (has_raw_part(file)) return raw;
  } while (++page < MOST_PAGES && tiff.set_page(file, page));
  return page == 0 || tiff.set_page(file, chosen) ? NULL : "its first page cannot be read";
}
