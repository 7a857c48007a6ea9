// The kernels of one instruction set. The file that includes this defines LEVEL and LEVEL_NAME, the table's symbol
// and its name, and VECTOR_BYTES, and sets the target for all functions below.
#include "ElementKernels.h"

#define SCALAR_LOOPS "ElementLoops.h"
#include "EachScalar.h"

#define LOOPS(SUFFIX)                                                                                        \
  exp_all_##SUFFIX, tanh_all_##SUFFIX, sigmoid_all_##SUFFIX, floor_all_##SUFFIX, ceil_all_##SUFFIX,          \
      round_all_##SUFFIX, trunc_all_##SUFFIX, sqrt_all_##SUFFIX, sum_##SUFFIX,                               \
      maximum_##SUFFIX, minimum_##SUFFIX, add_rows_##SUFFIX, raise_rows_##SUFFIX, lower_rows_##SUFFIX

const ckernels_elements LEVEL = {LEVEL_NAME, LOOPS(f32), LOOPS(f64)};
