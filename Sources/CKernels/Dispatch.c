#include "CKernels.h"

extern const ckernels ckernels_portable;

#if defined(__x86_64__)

extern const ckernels ckernels_x86_64_v3;
extern const ckernels ckernels_x86_64_v4;
extern const ckernels ckernels_x86_64_v4_bf16;

const ckernels *ckernels_for_processor(int index) {
  switch (index) {
    case 0: return &ckernels_portable;
    case 1: return __builtin_cpu_supports("x86-64-v3") ? &ckernels_x86_64_v3 : NULL;
    case 2: return __builtin_cpu_supports("x86-64-v4") ? &ckernels_x86_64_v4 : NULL;
    case 3:
      return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512bf16")
                 ? &ckernels_x86_64_v4_bf16
                 : NULL;
    default: return NULL;
  }
}

#else

const ckernels *ckernels_for_processor(int index) { return index == 0 ? &ckernels_portable : NULL; }

#endif
