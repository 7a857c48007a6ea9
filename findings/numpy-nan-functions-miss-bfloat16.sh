#!/usr/bin/env bash
# NumPy × ml_dtypes: the functions that pass NaN by do not, for bfloat16.
#
# Expected: nan_to_num replaces NaN, nanmean and nansum leave it out, as they do for float16; or an error, if the type
#           is not one they know.
# Found:    nan_to_num returns the array as it was, nansum and nanmean are NaN, and assert_array_equal finds that NaN
#           and NaN differ; nanmax is right. So it is with float8_e4m3fn. NumPy takes a type from outside for one that
#           has no NaN.
# Versions: NumPy 2.4.6, ml_dtypes 0.6.0, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   float16: nan_to_num 0.0, nansum 4.0, nanmean 2.0, nanmax 3.0, equal to its copy: True
#   bfloat16: nan_to_num nan, nansum nan, nanmean nan, nanmax 3.0, equal to its copy: False
#   float8_e4m3fn: nan_to_num nan, nansum nan, nanmean nan, nanmax 3.0, equal to its copy: False
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


def same(left, right):
    try:
        np.testing.assert_array_equal(left, right)
    except AssertionError:
        return False
    return True


found = {}
for dtype in (np.float16, ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn):
    numbers = np.array([3, np.nan, 1], dtype=dtype)
    found[dtype] = [float(np.nan_to_num(numbers)[1]), float(np.nansum(numbers)), float(np.nanmean(numbers)),
                    float(np.nanmax(numbers)), same(numbers, numbers.copy())]
    print(f"{np.dtype(dtype).name}: nan_to_num {found[dtype][0]}, nansum {found[dtype][1]}, "
          f"nanmean {found[dtype][2]}, nanmax {found[dtype][3]}, equal to its copy: {found[dtype][4]}")
missed = "[nan, nan, nan, 3.0, False]"
sys.exit(0 if [str(each) for each in found.values()] == ["[0.0, 4.0, 2.0, 3.0, True]", missed, missed] else 1)
PYTHON
