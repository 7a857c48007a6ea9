#include "TIFF.h"

struct tiff_functions tiff;

static _Thread_local char *listener;
static _Thread_local bool *listener_is_cut;

void tiff_listen(char *message, bool *is_cut) {
  listener = message;
  listener_is_cut = is_cut;
}

static void failed(const char *module, const char *format, va_list values) {
  (void)module;
  // The first error is the cause.
  if (listener && !listener[0]) vsnprintf(listener, CODEC_MESSAGE_SIZE, format, values);
}

static void warned(const char *module, const char *format, va_list values) {
  bool is_coding = module && (strstr(module, "JPEGLib") || strstr(module, "Fax"));
  if (is_coding && listener_is_cut) {
    *listener_is_cut = true;
    failed(module, format, values);
  }
}

static void tiff_load(void) {
  const char *const names[] = {"libtiff.so.6", "libtiff.so.5", "libtiff.6.dylib", "libtiff.dylib", NULL};
  void *handle = library_open(names);
  if (!handle) return;
  tiff_handler (*set_errors)(tiff_handler), (*set_warnings)(tiff_handler);
  const library_symbol symbols[] = {
      {"TIFFGetVersion", &tiff.version},
      {"TIFFClientOpen", &tiff.open},
      {"TIFFClose", &tiff.close},
      {"TIFFGetField", &tiff.get},
      {"TIFFGetFieldDefaulted", &tiff.get_or_default},
      {"TIFFSetField", &tiff.set},
      {"TIFFSetDirectory", &tiff.set_page},
      {"TIFFSetSubDirectory", &tiff.set_part},
      {"TIFFIsTiled", &tiff.is_tiled},
      {"TIFFIsCODECConfigured", &tiff.can_pack},
      {"TIFFScanlineSize", &tiff.row_size},
      {"TIFFTileSize", &tiff.tile_size},
      {"TIFFTileRowSize", &tiff.tile_row_size},
      {"TIFFStripSize", &tiff.strip_size},
      {"TIFFComputeStrip", &tiff.strip_of},
      {"TIFFComputeTile", &tiff.tile_of},
      {"TIFFNumberOfStrips", &tiff.strip_count},
      {"TIFFNumberOfTiles", &tiff.tile_count},
      {"TIFFGetStrileOffset", &tiff.piece_start},
      {"TIFFGetStrileByteCount", &tiff.piece_count},
      {"TIFFReadScanline", &tiff.read_row},
      {"TIFFWriteScanline", &tiff.write_row},
      {"TIFFReadEncodedStrip", &tiff.read_strip},
      {"TIFFReadTile", &tiff.read_tile},
      {"TIFFReadRGBAImageOriented", &tiff.read_rgba},
      {"TIFFRGBAImageOK", &tiff.can_rgba},
      {"TIFFSetErrorHandler", &set_errors},
      {"TIFFSetWarningHandler", &set_warnings},
  };
  tiff.is_there = LIBRARY_BIND(handle, symbols);
  if (!tiff.is_there) return;
  set_errors(failed);
  set_warnings(warned);
}

bool tiff_is_there(char *version) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, tiff_load);
  // "LIBTIFF, Version 4.5.0" and a line of copyright.
  if (tiff.is_there) {
    const char *number = strpbrk(tiff.version(), "0123456789");
    snprintf(version, 32, "%.*s", number ? (int)strcspn(number, "\n ") : 0, number ? number : "");
  }
  return tiff.is_there;
}
