// CBLAS and LAPACKE as OpenBLAS ships them, the two OpenBLAS calls that set its threads, and a routine of LAPACK
// that LAPACKE leaves out.
#ifndef COPENBLAS_SHIM_H
#define COPENBLAS_SHIM_H
#include <cblas.h>
#include <lapacke.h>

#define COPENBLAS_LAED1(name, NAME, scalar)                                                                    \
  void LAPACK_GLOBAL(name, NAME)(                                                                              \
      const lapack_int *n, scalar *d, scalar *q, const lapack_int *ldq, lapack_int *indxq, scalar *rho,        \
      const lapack_int *cutpnt, scalar *work, lapack_int *iwork, lapack_int *info);                            \
  /* Eigenvalues and vectors of a tridiagonal matrix from those of the two parts that it was torn into. */     \
  static inline lapack_int copenblas_##name(                                                                   \
      lapack_int n, scalar *d, scalar *q, lapack_int ldq, lapack_int *indxq, scalar rho, lapack_int cutpnt,    \
      scalar *work, lapack_int *iwork) {                                                                       \
    lapack_int info = 0;                                                                                       \
    LAPACK_GLOBAL(name, NAME)(&n, d, q, &ldq, indxq, &rho, &cutpnt, work, iwork, &info);                       \
    return info;                                                                                               \
  }

COPENBLAS_LAED1(slaed1, SLAED1, float)
COPENBLAS_LAED1(dlaed1, DLAED1, double)

#undef COPENBLAS_LAED1
#endif
