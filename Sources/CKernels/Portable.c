// Any machine: two vectors of 16 bytes make one of Winograd's, and its product keeps 24 accumulators of 4 floats where
// there are 32 registers, 12 where there are 16.
#define PROCESSOR ckernels_portable
#define PROCESSOR_NAME "portable"
#define VECTOR_BYTES 16
#define WINOGRAD_LANES 8
#if defined(__x86_64__)
#define WINOGRAD_VECTORS 1
#else
#define WINOGRAD_VECTORS 2
#endif
#include "Processor.h"
