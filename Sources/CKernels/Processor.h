// All families of loops for one kind of processor, and the table that names them. The file that includes this sets the
// target of all functions below and defines
//   PROCESSOR, PROCESSOR_NAME  the table's symbol and its name
//   VECTOR_BYTES               the size of a vector
//   WINOGRAD_LANES             floats in a vector of Winograd's loops: 8 or 16
//   WINOGRAD_VECTORS           vectors of a row of the register tile of Winograd's product, which has 6 rows
//   HAS_GEMM                   1 where there are products of matrices: with AVX-512
#include "CKernels.h"

// The functions that pass vectors are all inlined: how such arguments travel between files is no concern.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline, unused))
#define UNROLL _Pragma("clang loop unroll(full)")
#define JOINED(a, b) a##_##b
#define JOIN(a, b) JOINED(a, b)
// What exists once for each scalar.
#define NAME(name) JOIN(name, SUFFIX)

#include "EachScalar.h"
#include "Winograd.h"

#define BOTH(table) {[CKERNELS_FLOAT] = &table##_f32, [CKERNELS_DOUBLE] = &table##_f64}

#if HAS_GEMM
#define GEMM BOTH(gemm)
#else
#define GEMM {NULL, NULL}
#endif

// The table's slots, but its name and Winograd's loops.
#define COMMON_SLOTS                                                                                     \
  .elements = BOTH(elements), .lines = BOTH(lines), .depthwise = BOTH(depthwise),                            \
  .rectifiers = BOTH(rectifiers), .fourier = BOTH(fourier), .gemm = GEMM, .normal = normal_floats

const ckernels PROCESSOR = {
    .name = PROCESSOR_NAME,
    COMMON_SLOTS,
    .winograd = {[CKERNELS_SINGLE] = &winograd},
};
