#include "ElementKernels.h"

extern const ckernels_elements ckernels_elements_portable;

#if defined(__x86_64__)

extern const ckernels_elements ckernels_elements_x86_64_v3;
extern const ckernels_elements ckernels_elements_x86_64_v4;

const ckernels_elements *ckernels_element_level(int level) {
  switch (level) {
    case 0: return &ckernels_elements_portable;
    case 1: return __builtin_cpu_supports("x86-64-v3") ? &ckernels_elements_x86_64_v3 : NULL;
    case 2: return __builtin_cpu_supports("x86-64-v4") ? &ckernels_elements_x86_64_v4 : NULL;
    default: return NULL;
  }
}

#else

const ckernels_elements *ckernels_element_level(int level) {
  return level == 0 ? &ckernels_elements_portable : NULL;
}

#endif
