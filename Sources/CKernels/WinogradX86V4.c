// AVX-512: 24 accumulators of 16 floats in 32 registers. The compiler prefers half-width vectors at this level,
// and would need twice as many registers as there are, unless it is told the width.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#pragma clang attribute push(__attribute__((__min_vector_width__(512))), apply_to = function)
#define LEVEL ckernels_winograd_x86_64_v4
#define LEVEL_NAME "x86-64-v4"
#define LANES 16
#define VECTORS 4
#include "WinogradLevel.h"
#pragma clang attribute pop
#pragma clang attribute pop
#endif
