#!/usr/bin/env bash
# Blosc2: one NaN anywhere, and argmax and argmin are 0.
#
# Expected: NumPy's: the place of the first NaN; or, as for nanargmax, that of the largest number. The maximum of the
#           same array is NaN in both.
# Found:    blosc2.NDArray.argmax and argmin give 0 as soon as a NaN is in the array, wherever it is: the place of a
#           number that is neither NaN nor the largest.
# Versions: blosc2 4.14.1, NumPy 2.4.6, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   [5.0, 1.0, 7.0]: argmax and argmin [2, 1], NumPy's [2, 1], maxima 7.0 and 7.0
#   [5.0, 1.0, nan, 7.0]: argmax and argmin [0, 0], NumPy's [2, 2], maxima nan and nan
#   [5.0, 7.0, 1.0, nan]: argmax and argmin [0, 0], NumPy's [3, 3], maxima nan and nan
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet blosc2==4.14.1 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import blosc2
import numpy as np

found = []
for values in ([5.0, 1.0, 7.0], [5.0, 1.0, float("nan"), 7.0], [5.0, 7.0, 1.0, float("nan")]):
    numbers = np.array(values)
    packed = blosc2.asarray(numbers)
    places = [int(packed.argmax()), int(packed.argmin())]
    theirs = [int(np.argmax(numbers)), int(np.argmin(numbers))]
    found.append((places, theirs))
    print(f"{values}: argmax and argmin {places}, NumPy's {theirs}, maxima {packed.max()} and {numbers.max()}")
sys.exit(0 if found == [([2, 1], [2, 1]), ([0, 0], [2, 2]), ([0, 0], [3, 3])] else 1)
PYTHON
