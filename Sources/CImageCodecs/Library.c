#include "Library.h"

void *library_open(const char *const *names) {
  for (; *names; names++) {
    void *handle = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
    if (handle) return handle;
#ifdef __APPLE__
    // Where Homebrew puts them, which the loader does not look through.
    const char *const folders[] = {"/opt/homebrew/lib/", "/usr/local/lib/"};
    for (int i = 0; i < 2; i++) {
      char path[256];
      snprintf(path, sizeof path, "%s%s", folders[i], *names);
      if ((handle = dlopen(path, RTLD_NOW | RTLD_LOCAL))) return handle;
    }
#endif
  }
  return NULL;
}

bool library_bind(void *handle, const library_symbol *symbols, size_t count) {
  for (size_t i = 0; i < count; i++) {
    void *function = dlsym(handle, symbols[i].name);
    if (!function) return false;
    memcpy(symbols[i].function, &function, sizeof function);
  }
  return true;
}

static bool look(codec_library library, char *version) {
  switch (library) {
    case CODEC_LCMS:
      return lcms_is_there(version);
    case CODEC_WEBP:
      return webp_is_there(version);
    case CODEC_TIFF:
      return tiff_is_there(version);
    case CODEC_HEIF:
      return heif_is_there(version);
    case CODEC_JXL:
      return jxl_is_there(version);
    default:
      return false;
  }
}

bool codec_library_is_there(codec_library library) {
  char version[32];
  return look(library, version);
}

void codec_library_version(codec_library library, char version[32]) {
  version[0] = 0;
  look(library, version);
}
