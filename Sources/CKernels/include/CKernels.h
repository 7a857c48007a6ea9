// Loops that gain from CPU dispatch; everything else is Swift.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "ElementKernels.h"
#include "GemmKernels.h"
#include "LineKernels.h"
#include "RectifierKernels.h"
#include "WinogradKernels.h"

// Tells the processor that this thread only waits for another.
static inline void ckernels_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#endif
