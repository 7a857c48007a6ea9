// The kernels of one instruction set. The file that includes this defines LEVEL and LEVEL_NAME, the table's symbol
// and its name, and sets the target for all functions below.
#include <stdbool.h>
#include <string.h>

#include "RectifierKernels.h"

// The functions that pass vectors are all inlined: how such arguments travel between files is no concern.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 16
#define INLINE static inline __attribute__((always_inline))
#define JOINED(a, b) a##_##b
#define JOIN(a, b) JOINED(a, b)
#define NAME(name) JOIN(name, SUFFIX)

typedef bool lane_bits __attribute__((ext_vector_type(LANES)));

#define TYPE float
#define INTEGER int32_t
#define SUFFIX f32
#include "RectifierLoops.h"
#undef TYPE
#undef INTEGER
#undef SUFFIX

#define TYPE double
#define INTEGER int64_t
#define SUFFIX f64
#include "RectifierLoops.h"

const ckernels_rectifier LEVEL = {
    LEVEL_NAME,  rectify_f32, select_f32, pool_f32,    unpool_f32,  average_f32, spread_f32,
    rectify_f64, select_f64,  pool_f64,   unpool_f64,  average_f64, spread_f64,
};
