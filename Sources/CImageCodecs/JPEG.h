// libjpeg's error manager, with a way back to our own frame.
#ifndef JPEG_H
#define JPEG_H
#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "Codec.h"

typedef struct {
  struct jpeg_error_mgr base;  // first, so that libjpeg's pointer to it is also a pointer to this
  jmp_buf back;
  char *message;
} jpeg_trouble;

// Installs handlers that write libjpeg's sentence to `message` and jump to `back`. Warnings are dropped; the
// reader replaces that.
struct jpeg_error_mgr *jpeg_trouble_start(jpeg_trouble *trouble, char *message);

_Noreturn void jpeg_fail(j_common_ptr codec, const char *text);
#endif
