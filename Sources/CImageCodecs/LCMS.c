// LittleCMS 2 through the few functions that are needed, which have kept their form since its first version.
#include "Library.h"

typedef void *lcms_profile;

static struct {
  bool is_there;
  int (*version)(void);
  lcms_profile (*open)(const void *bytes, uint32_t count);
  lcms_profile (*srgb)(void);
  uint32_t (*space)(lcms_profile);
  void *(*transform)(lcms_profile from, uint32_t from_format, lcms_profile to, uint32_t to_format,
                     uint32_t intent, uint32_t flags);
  void (*run)(void *transform, const void *from, void *to, uint32_t count);
  void (*end)(void *transform);
  int (*close)(lcms_profile);
} lcms;

static void lcms_load(void) {
  const char *const names[] = {"liblcms2.so.2", "liblcms2.2.dylib", "liblcms2.dylib", NULL};
  void *handle = library_open(names);
  if (!handle) return;
  const library_symbol symbols[] = {
      {"cmsGetEncodedCMMversion", &lcms.version}, {"cmsOpenProfileFromMem", &lcms.open},
      {"cmsCreate_sRGBProfile", &lcms.srgb},      {"cmsGetColorSpace", &lcms.space},
      {"cmsCreateTransform", &lcms.transform},    {"cmsDoTransform", &lcms.run},
      {"cmsDeleteTransform", &lcms.end},          {"cmsCloseProfile", &lcms.close},
  };
  lcms.is_there = LIBRARY_BIND(handle, symbols);
}

bool lcms_is_there(char *version) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, lcms_load);
  if (lcms.is_there) snprintf(version, 32, "%d.%02d", lcms.version() / 1000, lcms.version() / 10 % 100);
  return lcms.is_there;
}

// Colours as 16-bit numbers: the kind of space, the channels and the bytes of each. Inks: 0 is none.
#define FORMAT(kind, channels) ((uint32_t)(kind) << 16 | (uint32_t)(channels) << 3 | 2)
#define FORMAT_GREY FORMAT(3, 1)
#define FORMAT_RGB FORMAT(4, 3)
#define FORMAT_CMYK FORMAT(6, 4)
// The kinds of space as profiles name them.
#define SPACE_GREY 0x47524159u
#define SPACE_RGB 0x52474220u
#define SPACE_CMYK 0x434D594Bu

#define PERCEPTUAL 0
// Tables are not resampled to coarser ones, and black goes to black whatever the profiles' versions.
#define FLAGS (0x0100 | 0x2000)
// Pixels that are converted at a time.
#define PIECE 1024

struct codec_transform {
  void *handle;
  int from, to;
};

codec_transform *codec_transform_open(const uint8_t *bytes, size_t count, int colours, bool is_to_srgb, char *message) {
  char version[32];
  if (!lcms_is_there(version) || count > UINT32_MAX) {
    codec_say(message, "LittleCMS is missing");
    return NULL;
  }
  lcms_profile profile = lcms.open(bytes, (uint32_t)count);
  lcms_profile srgb = lcms.srgb();
  codec_transform *transform = calloc(1, sizeof *transform);
  if (profile && srgb && transform) {
    uint32_t space = colours == 1 ? SPACE_GREY : colours == 4 ? SPACE_CMYK : SPACE_RGB;
    uint32_t format = colours == 1 ? FORMAT_GREY : colours == 4 ? FORMAT_CMYK : FORMAT_RGB;
    *transform = (codec_transform){NULL, is_to_srgb ? colours : 3, is_to_srgb ? 3 : colours};
    if (lcms.space(profile) == space) {
      transform->handle = is_to_srgb ? lcms.transform(profile, format, srgb, FORMAT_RGB, PERCEPTUAL, FLAGS)
                                     : lcms.transform(srgb, FORMAT_RGB, profile, format, PERCEPTUAL, FLAGS);
    }
  }
  if (profile) lcms.close(profile);
  if (srgb) lcms.close(srgb);
  if (transform && transform->handle) return transform;
  codec_say(message, "LittleCMS can make no use of it");
  free(transform);
  return NULL;
}

void codec_transform_run(codec_transform *transform, const float *from, float *to, size_t count) {
  uint16_t in[PIECE * 4], out[PIECE * 4];
  for (size_t start = 0; start < count; start += PIECE) {
    size_t piece = count - start < PIECE ? count - start : PIECE;
    size_t ins = piece * (size_t)transform->from, outs = piece * (size_t)transform->to;
    for (size_t i = 0; i < ins; i++) in[i] = (uint16_t)codec_quantised(from[i], 65535);
    lcms.run(transform->handle, in, out, (uint32_t)piece);
    for (size_t i = 0; i < outs; i++) to[i] = (float)out[i] / 65535.0f;
    from += ins;
    to += outs;
  }
}

void codec_transform_close(codec_transform *transform) {
  lcms.end(transform->handle);
  free(transform);
}
