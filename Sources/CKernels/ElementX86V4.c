// The compiler prefers half-width vectors at this level unless it is told the width.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#pragma clang attribute push(__attribute__((__min_vector_width__(512))), apply_to = function)
#define LEVEL ckernels_elements_x86_64_v4
#define LEVEL_NAME "x86-64-v4"
#define VECTOR_BYTES 64
#include "ElementLevel.h"
#pragma clang attribute pop
#pragma clang attribute pop
#endif
