#!/usr/bin/env bash
# NumPy × ml_dtypes: one NaN and a bfloat16 array is not sorted.
#
# Expected: NaN comes last, whatever the type of the numbers: numpy.sort documents that order, and keeps it for float16.
# Found:    the array is returned as it was, or sorted in pieces between the NaNs; argsort, unique and partition go by
#           the same order. The maximum is NaN as it should be. So it is with every type of ml_dtypes that keeps a NaN,
#           complex32 too. jax.numpy.sort puts NaN last, so the two differ on the same array.
# Versions: NumPy 2.4.6, ml_dtypes 0.6.0, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   float16: sorted [1.0, 1.0, 2.0, 3.0, nan] indices [2, 4, 3, 0, 1] unique [1.0, 2.0, 3.0, nan]
#   bfloat16: sorted [3.0, nan, 1.0, 1.0, 2.0] indices [0, 1, 2, 4, 3] unique [3.0, nan, 1.0, 2.0]
#   float8_e4m3fn: sorted [3.0, nan, 1.0, 1.0, 2.0] indices [0, 1, 2, 4, 3] unique [3.0, nan, 1.0, 2.0]
#   float8_e5m2: sorted [3.0, nan, 1.0, 1.0, 2.0] indices [0, 1, 2, 4, 3] unique [3.0, nan, 1.0, 2.0]
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

values = [3, np.nan, 1, 2, 1]
found = {}
for dtype in (np.float16, ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2):
    array = np.array(values, dtype=np.float32).astype(dtype)
    found[np.dtype(dtype).name] = [
        np.sort(array).astype(np.float32).tolist(),
        np.argsort(array, kind="stable").tolist(),
        np.unique(array).astype(np.float32).tolist(),
    ]
for name, (ordered, indices, unique) in found.items():
    print(f"{name}: sorted {ordered} indices {indices} unique {unique}")
right = str([[1, 1, 2, 3, np.nan], [2, 4, 3, 0, 1], [1, 2, 3, np.nan]])
isRight = {name: str([[v if v != v else int(v) for v in part] for part in parts]) == right
           for name, parts in found.items()}
unsorted = all(not np.all(np.diff([v for v in parts[0] if v == v]) >= 0)
               for name, parts in found.items() if name != "float16")
sys.exit(0 if isRight["float16"] and sum(isRight.values()) == 1 and unsorted else 1)
PYTHON
