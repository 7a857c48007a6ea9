// The kernels of one instruction set. The file that includes this defines LEVEL and LEVEL_NAME, the table's symbol
// and its name, and VECTOR_BYTES, and sets the target for all functions below.
#include "ElementKernels.h"

#define SCALAR_LOOPS "ElementLoops.h"
#include "EachScalar.h"
#include "FloatLoops.h"
#include "NormalLoops.h"

#define LOOPS(SUFFIX)                                                                                        \
  exp_all_##SUFFIX, tanh_all_##SUFFIX, sigmoid_all_##SUFFIX, floor_all_##SUFFIX, ceil_all_##SUFFIX,          \
      round_all_##SUFFIX, trunc_all_##SUFFIX, sqrt_all_##SUFFIX, adam_##SUFFIX, sum_##SUFFIX,                \
      maximum_##SUFFIX, minimum_##SUFFIX, add_rows_##SUFFIX, raise_rows_##SUFFIX, lower_rows_##SUFFIX

#define FLOAT_LOOPS                                                                                          \
  sin_all, cos_all, erf_all, erfc_all, gelu_all, gelu_by_tanh_all, power_all, atan2_all, remainder_all,      \
      gelu_slope_all, gelu_by_tanh_slope_all, normal_all

const ckernels_elements LEVEL = {LEVEL_NAME, LOOPS(f32), LOOPS(f64), FLOAT_LOOPS};
