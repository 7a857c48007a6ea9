#!/usr/bin/env bash
# POT: the Wasserstein distance of integer samples is 0.
#
# Expected: ot.wasserstein_1d of whole numbers, such as the levels of a picture's pixels, is what it is of the same
#           numbers as floats, and what ot.emd2_1d says: 8 for these.
# Found:    the uniform weights are made in the type of the samples, so that 1/n becomes 0 and every distance is 0, for
#           int64 and uint8. ot.max_sliced_wasserstein_distance and ot.sliced_wasserstein_distance are 0 in the same way
#           . No warning; other functions of POT that were tried (emd2_1d, the Bures distance) are right for integers.
# Versions: POT 0.9.7.post1, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   wasserstein_1d: of floats 8.0000, of integers 0.0000
#   emd2_1d: of floats 8.0000, of integers 8.0000
#   sliced: of floats 2.1386, of integers 0.0000
#   max_sliced: of floats 2.6499, of integers 0.0000
#   Bures: of floats 2.9631, of integers 2.9631
#   pixels 10, 20 and 200, 210: 0.0
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet POT==0.9.7.post1 numpy==2.4.6 scipy==1.17.1
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
import ot

u, v = np.array([0, 1, 5]), np.array([2, 3, 9])
us, vs = np.array([[0, 1], [5, 2], [3, 3]]), np.array([[2, 3], [9, 1], [4, 4]])
functions = {
    "wasserstein_1d": lambda dtype: ot.wasserstein_1d(u.astype(dtype), v.astype(dtype), p=2),
    "emd2_1d": lambda dtype: ot.emd2_1d(u.astype(dtype), v.astype(dtype)),
    "sliced": lambda dtype: ot.sliced_wasserstein_distance(us.astype(dtype), vs.astype(dtype), seed=0),
    "max_sliced": lambda dtype: ot.max_sliced_wasserstein_distance(us.astype(dtype), vs.astype(dtype), seed=0),
    "Bures": lambda dtype: ot.gaussian.empirical_bures_wasserstein_distance(us.astype(dtype), vs.astype(dtype)),
}
found = {}
for name, distance in functions.items():
    values = {dtype: float(distance(dtype)) for dtype in ("float64", "int64")}
    found[name] = "0" if values["int64"] == 0 and values["float64"] > 1 else (
        "equal" if abs(values["int64"] - values["float64"]) < 1e-9 else "other")
    print(f"{name}: of floats {values['float64']:.4f}, of integers {values['int64']:.4f}")
pixels = ot.wasserstein_1d(np.array([10, 20], dtype=np.uint8), np.array([200, 210], dtype=np.uint8))
print("pixels 10, 20 and 200, 210:", float(pixels))
sys.exit(0 if pixels == 0 and found == {
    "wasserstein_1d": "0", "emd2_1d": "equal", "sliced": "0", "max_sliced": "0", "Bures": "equal",
} else 1)
PYTHON
