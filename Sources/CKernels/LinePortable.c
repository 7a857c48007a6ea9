#define LEVEL ckernels_lines_portable
#define LEVEL_NAME "portable"
#define VECTOR_BYTES 16
#include "LineLevel.h"
