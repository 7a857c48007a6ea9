#include "GemmKernels.h"

#if defined(__x86_64__)

extern const ckernels_gemm ckernels_gemm_x86_64_v4;

const ckernels_gemm *ckernels_gemm_best(void) {
  return __builtin_cpu_supports("x86-64-v4") ? &ckernels_gemm_x86_64_v4 : NULL;
}

#else

const ckernels_gemm *ckernels_gemm_best(void) { return NULL; }

#endif
