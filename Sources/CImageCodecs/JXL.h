// libjxl's functions, looked up when they are first needed, and what they take.
#ifndef JXL_H
#define JXL_H
#include "Library.h"

typedef struct {
  uint32_t channels;
  int type, endianness;
  size_t align;
} jxl_format;

enum { JXL_UINT8 = 2, JXL_UINT16 = 3, JXL_FLOAT = 0 };
enum { JXL_MORE_INPUT = 2, JXL_NEED_BUFFER = 5, JXL_BASIC_INFO = 0x40, JXL_COLOURS = 0x100, JXL_FULL = 0x1000 };

// The library fills its own size, which may be more than what is known of it here.
typedef struct {
  int has_container;
  uint32_t width, height, bits, exponent_bits;
  float intensity_target, min_nits;
  int relative;
  float linear_below;
  int uses_original_profile, has_preview, has_animation, orientation;
  uint32_t colours, extra_channels, alpha_bits, alpha_exponent_bits;
  int alpha_premultiplied;
  uint8_t rest[1024];
} jxl_info;

// As with jxl_info.
typedef struct {
  int kind;
  uint8_t rest[1024];
} jxl_extra;
enum { JXL_BLACK = 4 };
enum { JXL_RGB = 0, JXL_GREY = 1 };

typedef struct {
  int space, white;
  double white_xy[2];
  int primaries;
  double red[2], green[2], blue[2];
  int transfer;
  double gamma;
  int intent;
  uint8_t rest[256];
} jxl_colours;

struct jxl_functions {
  bool is_there, has_format;  // up to 0.8 functions about profiles take a format
  uint32_t (*version)(void);
  void *(*create)(const void *);
  void (*destroy)(void *);
  int (*subscribe)(void *, int), (*input)(void *, const uint8_t *, size_t), (*process)(void *);
  void (*close_input)(void *);
  int (*info)(const void *, jxl_info *);
  void *encoded, *profile_size, *profile;  // whose form depends on the version
  int (*buffer_size)(const void *, const jxl_format *, size_t *), (*buffer)(void *, const jxl_format *, void *, size_t);
  int (*extra)(const void *, size_t index, jxl_extra *);
  int (*extra_size)(const void *, const jxl_format *, size_t *, uint32_t index);
  int (*extra_buffer)(void *, const jxl_format *, void *, size_t, uint32_t index);
  void *(*encoder)(const void *);
  void (*encoder_destroy)(void *), (*init_info)(jxl_info *), (*set_srgb)(jxl_colours *, int), (*end)(void *);
  int (*set_info)(void *, const jxl_info *), (*set_colours)(void *, const jxl_colours *);
  int (*set_profile)(void *, const uint8_t *, size_t), (*use_boxes)(void *), (*use_container)(void *, int);
  int (*add_box)(void *, const char *, const uint8_t *, size_t, int), (*set_level)(void *, int);
  void *(*settings)(void *, const void *);
  int (*lossless)(void *, int), (*add_frame)(const void *, const jxl_format *, const void *, size_t);
  int (*output)(void *, uint8_t **, size_t *);
};
extern struct jxl_functions jxl;
#endif
