// AVX-512: Winograd's product keeps 24 accumulators of 16 floats in 32 registers, that of matrices 28. The compiler
// prefers half-width vectors at this level, and would need twice as many registers as there are, unless it is told the
// width. With AVX512-BF16 there are products of bf16 as well, and nothing else is different.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((__min_vector_width__(512))), apply_to = function)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define PROCESSOR ckernels_x86_64_v4
#define PROCESSOR_NAME "x86-64-v4"
#define VECTOR_BYTES 64
#define WINOGRAD_LANES 16
#define WINOGRAD_VECTORS 4
#define HAS_GEMM 1
#include "Processor.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,avx512bf16"))), apply_to = function)
#define WINOGRAD_IS_BF16 1
#include "Winograd.h"
const ckernels ckernels_x86_64_v4_bf16 = {
    .name = "x86-64-v4-bf16",
    COMMON_SLOTS,
    .winograd = {[CKERNELS_SINGLE] = &winograd, [CKERNELS_BF16] = &winograd_bf16},
};
#pragma clang attribute pop
#pragma clang attribute pop
#endif
