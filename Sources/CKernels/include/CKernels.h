// Loops that gain from CPU dispatch; everything else is Swift.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "ElementKernels.h"
#include "LineKernels.h"
#include "RectifierKernels.h"
#include "WinogradKernels.h"

#endif
