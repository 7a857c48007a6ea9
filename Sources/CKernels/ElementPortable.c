#define LEVEL ckernels_elements_portable
#define LEVEL_NAME "portable"
#define VECTOR_BYTES 16
#include "ElementLevel.h"
