#!/usr/bin/env bash
# SciPy: one large number makes zeros of all that follows it in uniform_filter.
#
# Expected: the mean over 3 neighbours depends on 3 numbers, as correlate1d with equal weights and gaussian_filter1d of
#           the same radius do. A mark for "no data" such as 1e20, or an infinity, spoils what is next to it.
# Found:    uniform_filter1d, and uniform_filter with it, carries one sum along the row, adds what comes in and takes
#           away what goes out. 1e20 swallows the rest of the sum and does not give it back: to the end of the row the
#           mean of ones is 0, and after an infinity it is NaN. All before it is right. Of a picture, the rest of three
#           rows and three columns is wrong. No warning.
# Versions: SciPy 1.17.1, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then (3 places before the number, at it, 2, 50 and 99 after it):
#   1e+20, uniform_filter1d: 1, 3.33333e+19, 0, 0, 0
#   1e+20, correlate1d: 1, 3.33333e+19, 1, 1, 1
#   1e+20, gaussian_filter1d: 1, 4.51863e+19, 1, 1, 1
#   inf, uniform_filter1d: 1, inf, nan, nan, nan
#   inf, correlate1d: 1, inf, 1, 1, 1
#   inf, gaussian_filter1d: 1, inf, 1, 1, 1
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet scipy==1.17.1 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
from scipy.ndimage import correlate1d, gaussian_filter1d, uniform_filter1d

found = {}
for value in (1e20, np.inf):
    row = np.ones(120)
    row[10] = value
    for name, blurred in (("uniform_filter1d", uniform_filter1d(row, 3)),
                          ("correlate1d", correlate1d(row, np.ones(3) / 3)),
                          ("gaussian_filter1d", gaussian_filter1d(row, 1, radius=1))):
        found[name, value] = [round(float(x), 6) for x in blurred[[7, 10, 12, 60, 109]]]
        print(f"{value:g}, {name}: " + ", ".join(f"{x:g}" for x in found[name, value]))
after = {name: values[3:] for name, values in found.items()}
sys.exit(0 if after["uniform_filter1d", 1e20] == [0, 0] and np.isnan(after["uniform_filter1d", np.inf]).all()
         and all(after[name, value] == [1, 1] for name, value in found if name != "uniform_filter1d") else 1)
PYTHON
