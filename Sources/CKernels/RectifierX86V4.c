#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define LEVEL ckernels_rectifier_x86_64_v4
#define LEVEL_NAME "x86-64-v4"
#include "RectifierLevel.h"
#pragma clang attribute pop
#endif
