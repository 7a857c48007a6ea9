// For any machine: 24 accumulators of 4 floats where there are 32 registers, 12 where there are 16.
#define LEVEL ckernels_winograd_portable
#define LEVEL_NAME "portable"
#define LANES 8
#if defined(__x86_64__)
#define VECTORS 1
#else
#define VECTORS 2
#endif
#include "WinogradLevel.h"
