// AVX2 and FMA: Winograd's product keeps 12 accumulators of 8 floats in 16 registers.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define PROCESSOR ckernels_x86_64_v3
#define PROCESSOR_NAME "x86-64-v3"
#define VECTOR_BYTES 32
#define WINOGRAD_LANES 8
#define WINOGRAD_VECTORS 2
#include "Processor.h"
#pragma clang attribute pop
#endif
