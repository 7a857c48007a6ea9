// The routines of BLAS and LAPACK that the library calls, from OpenBLAS's CBLAS and LAPACKE: a declaration each.
//
// A routine for real numbers has two names, with an s for float and a d for double. Here it has one, which is told the
// scalar and takes addresses of either; factors such as alpha come as double. Matrices of BLAS are in row-major order,
// those of LAPACK in column-major order, and LAPACK's routines are the ones that are given their workspace. A port to
// another library (Accelerate, MKL) replaces this file, and the two that call it: Tensor/LinearAlgebra/Bindings.
#ifndef COPENBLAS_SHIM_H
#define COPENBLAS_SHIM_H
#include <cblas.h>
#include <lapacke.h>
#include <stdbool.h>

#define BLAS(name, parameters, arguments)      \
  static inline void copenblas_##name parameters { \
    if (is_double) {                           \
      cblas_d##name arguments;                 \
    } else {                                   \
      cblas_s##name arguments;                 \
    }                                          \
  }

#define LAPACK(name, parameters, arguments)                                                    \
  static inline lapack_int copenblas_##name parameters {                                       \
    return is_double ? LAPACKE_d##name##_work arguments : LAPACKE_s##name##_work arguments;    \
  }

// clang-format off
BLAS(gemm, (bool is_double, CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k, double alpha,
      const void *a, blasint lda, const void *b, blasint ldb, double beta, void *c, blasint ldc),
     (CblasRowMajor, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc))
BLAS(gemv, (bool is_double, CBLAS_TRANSPOSE ta, blasint m, blasint n, double alpha, const void *a, blasint lda,
      const void *x, blasint incx, double beta, void *y, blasint incy),
     (CblasRowMajor, ta, m, n, alpha, a, lda, x, incx, beta, y, incy))
BLAS(syrk, (bool is_double, CBLAS_UPLO uplo, CBLAS_TRANSPOSE ta, blasint n, blasint k, double alpha, const void *a,
      blasint lda, double beta, void *c, blasint ldc),
     (CblasRowMajor, uplo, ta, n, k, alpha, a, lda, beta, c, ldc))
BLAS(trsm, (bool is_double, CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_TRANSPOSE ta, blasint m, blasint n, const void *a,
      blasint lda, void *b, blasint ldb),
     (CblasRowMajor, side, uplo, ta, CblasNonUnit, m, n, 1, a, lda, b, ldb))

LAPACK(potrf, (bool is_double, char uplo, lapack_int n, void *a, lapack_int lda),
       (LAPACK_COL_MAJOR, uplo, n, a, lda))
LAPACK(getrf, (bool is_double, lapack_int m, lapack_int n, void *a, lapack_int lda, lapack_int *ipiv),
       (LAPACK_COL_MAJOR, m, n, a, lda, ipiv))
LAPACK(getrs, (bool is_double, char trans, lapack_int n, lapack_int nrhs, const void *a, lapack_int lda,
        const lapack_int *ipiv, void *b, lapack_int ldb),
       (LAPACK_COL_MAJOR, trans, n, nrhs, a, lda, ipiv, b, ldb))
LAPACK(getri, (bool is_double, lapack_int n, void *a, lapack_int lda, const lapack_int *ipiv, void *work,
        lapack_int lwork),
       (LAPACK_COL_MAJOR, n, a, lda, ipiv, work, lwork))
LAPACK(geqrt, (bool is_double, lapack_int m, lapack_int n, lapack_int nb, void *a, lapack_int lda, void *t,
        lapack_int ldt, void *work),
       (LAPACK_COL_MAJOR, m, n, nb, a, lda, t, ldt, work))
LAPACK(larft, (bool is_double, char direct, char storev, lapack_int n, lapack_int k, const void *v, lapack_int ldv,
        const void *tau, void *t, lapack_int ldt),
       (LAPACK_COL_MAJOR, direct, storev, n, k, v, ldv, tau, t, ldt))
LAPACK(syevd, (bool is_double, char jobz, char uplo, lapack_int n, void *a, lapack_int lda, void *w, void *work,
        lapack_int lwork, lapack_int *iwork, lapack_int liwork),
       (LAPACK_COL_MAJOR, jobz, uplo, n, a, lda, w, work, lwork, iwork, liwork))
LAPACK(sytrd, (bool is_double, char uplo, lapack_int n, void *a, lapack_int lda, void *d, void *e, void *tau,
        void *work, lapack_int lwork),
       (LAPACK_COL_MAJOR, uplo, n, a, lda, d, e, tau, work, lwork))
LAPACK(stedc, (bool is_double, char compz, lapack_int n, void *d, void *e, void *z, lapack_int ldz, void *work,
        lapack_int lwork, lapack_int *iwork, lapack_int liwork),
       (LAPACK_COL_MAJOR, compz, n, d, e, z, ldz, work, lwork, iwork, liwork))
LAPACK(gesdd, (bool is_double, char jobz, lapack_int m, lapack_int n, void *a, lapack_int lda, void *s, void *u,
        lapack_int ldu, void *vt, lapack_int ldvt, void *work, lapack_int lwork, lapack_int *iwork),
       (LAPACK_COL_MAJOR, jobz, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, iwork))
LAPACK(gebrd, (bool is_double, lapack_int m, lapack_int n, void *a, lapack_int lda, void *d, void *e, void *tauq,
        void *taup, void *work, lapack_int lwork),
       (LAPACK_COL_MAJOR, m, n, a, lda, d, e, tauq, taup, work, lwork))
LAPACK(geev, (bool is_double, char jobvl, char jobvr, lapack_int n, void *a, lapack_int lda, void *wr, void *wi,
        void *vl, lapack_int ldvl, void *vr, lapack_int ldvr, void *work, lapack_int lwork),
       (LAPACK_COL_MAJOR, jobvl, jobvr, n, a, lda, wr, wi, vl, ldvl, vr, ldvr, work, lwork))
LAPACK(bdsdc, (bool is_double, char uplo, lapack_int n, void *d, void *e, void *u, lapack_int ldu, void *vt,
        lapack_int ldvt, void *work, lapack_int *iwork),
       (LAPACK_COL_MAJOR, uplo, 'I', n, d, e, u, ldu, vt, ldvt, NULL, NULL, work, iwork))
// clang-format on

// laed1 makes of the eigenvalues and vectors of two tridiagonal matrices those of the matrix that was torn into them.
// It is the step inside of stedc, and not a part of LAPACK's documented interface: LAPACKE leaves it out, so that it is
// called by its Fortran name, with everything by address. Every LAPACK has it, since stedc is made of it.
#define LAED1(name, NAME, scalar)                                                                              \
  void LAPACK_GLOBAL(name, NAME)(                                                                              \
      const lapack_int *n, scalar *d, scalar *q, const lapack_int *ldq, lapack_int *indxq, const scalar *rho,  \
      const lapack_int *cutpnt, scalar *work, lapack_int *iwork, lapack_int *info);
LAED1(slaed1, SLAED1, float)
LAED1(dlaed1, DLAED1, double)

static inline lapack_int copenblas_laed1(
    bool is_double, lapack_int n, void *d, void *q, lapack_int ldq, lapack_int *indxq, const void *rho,
    lapack_int cutpnt, void *work, lapack_int *iwork) {
  lapack_int info = 0;
  if (is_double) {
    LAPACK_GLOBAL(dlaed1, DLAED1)(&n, d, q, &ldq, indxq, rho, &cutpnt, work, iwork, &info);
  } else {
    LAPACK_GLOBAL(slaed1, SLAED1)(&n, d, q, &ldq, indxq, rho, &cutpnt, work, iwork, &info);
  }
  return info;
}

#undef LAED1
#undef LAPACK
#undef BLAS
#endif
