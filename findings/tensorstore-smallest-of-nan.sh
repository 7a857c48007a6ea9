#!/usr/bin/env bash
# TensorStore: of pixels that are all NaN the smallest is infinite, and of two the median is what is not NaN, of three NaN.
#
# Expected: a pyramid made by the driver "downsample" shows NaN where there is nothing but NaN, as NumPy's min and nanmin
#           do, whatever the method; and one method either passes NaN by or hands it on.
# Found:    "min" and "max" pass NaN by, and where nothing is left they give what they began with: inf and -inf. So the
#           usual mark of a missing pixel becomes the brightest or the darkest of the picture above it. "mean" hands NaN
#           on. "median" does either: of 1 and NaN it is 1, of 1, NaN and 3 it is NaN.
# Versions: tensorstore 0.1.86, NumPy 2.4.6, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   min [2.0, 1.0, inf], NumPy's nanmin [2.0, 1.0, nan]
#   max [3.0, 1.0, -inf], NumPy's nanmax [3.0, 1.0, nan]
#   mean [2.5, nan, nan], NumPy's nanmean [2.5, 1.0, nan]
#   median of two [2.0, 1.0, nan], of 1, NaN and 3 [nan]
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tensorstore==0.1.86 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys
import warnings

import numpy as np
import tensorstore

warnings.simplefilter("ignore")


def smaller(pixels, factor, method):
    store = tensorstore.array(np.array(pixels, dtype=np.float32))
    return tensorstore.downsample(store, [factor], method).read().result().tolist()


pixels = [2, 3, 1, np.nan, np.nan, np.nan]
pairs = np.array(pixels).reshape(3, 2)
found = {method: smaller(pixels, 2, method) for method in ("min", "max", "mean", "median")}
for method in ("min", "max", "mean"):
    print(f"{method} {found[method]}, NumPy's nan{method} {getattr(np, 'nan' + method)(pairs, axis=1).tolist()}")
three = smaller([1, np.nan, 3], 3, "median")
print(f"median of two {found['median']}, of 1, NaN and 3 {three}")
as_then = (
    found["min"][2] == np.inf
    and found["max"][2] == -np.inf
    and np.isnan(found["mean"][1:]).all()
    and found["median"][:2] == [2, 1]
    and np.isnan(three[0])
)
sys.exit(0 if as_then else 1)
PYTHON
