// AVX2 and FMA: 12 accumulators of 8 floats in 16 registers.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define LEVEL ckernels_winograd_x86_64_v3
#define LEVEL_NAME "x86-64-v3"
#define LANES 8
#define VECTORS 2
#include "WinogradLevel.h"
#pragma clang attribute pop
#endif
