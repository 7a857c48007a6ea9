// The kernels of one instruction set. The file that includes this defines LEVEL and LEVEL_NAME, the table's symbol
// and its name, and VECTOR_BYTES, and sets the target for all functions below.
#include "LineKernels.h"

#define SCALAR_LOOPS "LineLoops.h"
#include "EachScalar.h"

#define LOOPS(SUFFIX)                                                                                        \
  softmax_##SUFFIX, log_softmax_##SUFFIX, log_sum_exp_##SUFFIX, softmax_slope_##SUFFIX,                      \
      log_softmax_slope_##SUFFIX, standardize_##SUFFIX, standardize_slope_##SUFFIX

const ckernels_line_loops LEVEL = {LEVEL_NAME, LOOPS(f32), LOOPS(f64)};
