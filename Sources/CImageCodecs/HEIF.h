// libheif's functions, looked up when they are first needed, and what its reader and writer share.
#ifndef HEIF_H
#define HEIF_H
#include "Library.h"

typedef struct {
  int code, subcode;
  const char *message;
} heif_error;

typedef struct {
  uint8_t version;
  int primaries, transfer, matrix;
  uint8_t is_full_range;
  float points[8];
} heif_nclx;

typedef struct {
  int version;
  heif_error (*write)(void *context, const void *bytes, size_t count, void *user);
} heif_writer;

enum { HEIF_RGB = 1, HEIF_MONOCHROME = 2, HEIF_WITHOUT_CHROMA = 0, HEIF_LUMA = 0, HEIF_ALPHA = 6 };
enum { HEIF_RGB8 = 10, HEIF_RGBA8 = 11, HEIF_RGB16_LE = 14, HEIF_RGBA16_LE = 15, HEIF_INTERLEAVED = 10 };
enum { HEIF_AV1 = 4 };

struct heif_functions {
  bool is_there;
  uint32_t (*version)(void);
  heif_error (*init)(void *);
  void *(*context)(void);
  void (*context_free)(void *);
  void (*context_limit)(void *, int);
  void (*context_threads)(void *, int);  // null where the library has no such function
  heif_error (*read)(void *, const void *, size_t, const void *);
  heif_error (*primary)(void *, void **);
  int (*width)(const void *), (*height)(const void *), (*has_alpha)(const void *), (*is_premultiplied)(const void *);
  int (*bits)(const void *);
  size_t (*profile_size)(const void *);
  heif_error (*profile)(const void *, void *);
  heif_error (*nclx)(const void *, heif_nclx **), (*image_nclx)(const void *, heif_nclx **);
  void (*nclx_free)(heif_nclx *);
  heif_nclx *(*nclx_alloc)(void);
  heif_error (*decode)(const void *, void **, int colours, int chroma, const void *);
  const uint8_t *(*plane)(const void *, int channel, int *stride);
  int (*image_width)(const void *, int), (*image_height)(const void *, int), (*image_bits)(const void *, int);
  void (*image_free)(const void *), (*handle_free)(const void *);
  heif_error (*encoder)(void *, int format, void **), (*quality)(void *, int);
  heif_error (*set_text)(void *, const char *name, const char *value);
  void (*encoder_free)(void *);
  heif_error (*image)(int, int, int colours, int chroma, void **), (*add_plane)(void *, int, int, int, int);
  uint8_t *(*own_plane)(void *, int, int *);
  heif_error (*set_nclx)(void *, const heif_nclx *), (*set_profile)(void *, const char *, const void *, size_t);
  heif_error (*encode)(void *, const void *, void *, const void *, void **);
  heif_error (*add_exif)(void *, const void *, const void *, int), (*write)(void *, heif_writer *, void *);
};
extern struct heif_functions heif;

// Whether a call failed; then with libheif's words in `message`.
bool heif_fails(heif_error error, char *message);

typedef struct {
  bool is_av1, is_hevc;
  double samples;  // of a pixel, in all channels: 1 without chroma, to 3
} heif_coding;

// How the pictures of a file are coded, by the headers of the codecs.
heif_coding heif_coding_of(const uint8_t *bytes, size_t count);
#endif
