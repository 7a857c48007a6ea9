// Libraries that are looked for when they are first needed.
#ifndef LIBRARY_H
#define LIBRARY_H
#include <dlfcn.h>
#include <pthread.h>

#include "Codec.h"

// A function's name, and the pointer to it that is filled in.
typedef struct {
  const char *name;
  void *function;  // void (**)(…)
} library_symbol;

// Opens the first of `names`, a null-terminated list, that there is.
void *library_open(const char *const *names);
// Fills in all symbols; false if one is missing.
bool library_bind(void *handle, const library_symbol *symbols, size_t count);

#define LIBRARY_BIND(handle, symbols) library_bind(handle, symbols, sizeof symbols / sizeof *symbols)

// Each library's own, in its file: whether it is there, and its version.
bool lcms_is_there(char *version);
bool webp_is_there(char *version);
bool tiff_is_there(char *version);
bool heif_is_there(char *version);
bool jxl_is_there(char *version);
#endif
