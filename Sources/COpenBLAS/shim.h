// CBLAS and LAPACKE as OpenBLAS ships them, and the two OpenBLAS calls that set its threads.
#ifndef COPENBLAS_SHIM_H
#define COPENBLAS_SHIM_H
#include <cblas.h>
#include <lapacke.h>
#endif
