#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define LEVEL ckernels_elements_x86_64_v3
#define LEVEL_NAME "x86-64-v3"
#define VECTOR_BYTES 32
#include "ElementLevel.h"
#pragma clang attribute pop
#endif
