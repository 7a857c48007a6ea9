#!/usr/bin/env bash
# NumPy × ml_dtypes: the mean of three sevens is 1, in int4.
#
# Expected: NumPy takes means of integers in double precision, and sums of small ones in 64 bits: of three sevens 7.0
#           and 21, as for int8. Only a sum that was asked for in int4 would wrap round.
# Found:    sums and means are taken in int4 itself: the sum of three sevens is 5, their mean 1, an int4, and no
#           warning is given. So it is with int2 and uint4, which quantised weights are kept in.
# Versions: NumPy 2.4.6, ml_dtypes 0.6.0, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   three of 7 in int8: sum 21, mean 7.0 (float64)
#   three of 7 in int4: sum 5, mean 1 (int4)
#   three of 15 in uint4: sum 13, mean 4 (uint4)
#   three of 1 in int2: sum -1, mean 0 (int2)
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet numpy==2.4.6 ml_dtypes==0.6.0
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import ml_dtypes
import numpy as np

found = {}
for dtype, value in ((np.int8, 7), (ml_dtypes.int4, 7), (ml_dtypes.uint4, 15), (ml_dtypes.int2, 1)):
    numbers = np.full(3, value, dtype=dtype)
    name = np.dtype(dtype).name
    found[name] = (int(numbers.sum()), float(numbers.mean()))
    print(f"three of {value} in {name}: sum {numbers.sum()}, mean {numbers.mean()} ({numbers.mean().dtype})")
wanted = {"int8": (21, 7.0), "int4": (5, 1.0), "uint4": (13, 4.0), "int2": (-1, 0.0)}
sys.exit(0 if found == wanted else 1)
PYTHON
