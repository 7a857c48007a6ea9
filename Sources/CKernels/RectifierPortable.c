#define LEVEL ckernels_rectifier_portable
#define LEVEL_NAME "portable"
#include "RectifierLevel.h"
