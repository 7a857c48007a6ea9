// A C shim over libpng and libjpeg: setjmp/longjmp never crosses a Swift frame.
#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H
#include <stddef.h>
#include <stdint.h>
#endif
