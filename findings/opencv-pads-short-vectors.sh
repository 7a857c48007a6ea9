#!/usr/bin/env bash
# OpenCV 5 × NumPy: the sum of two vectors of three numbers has four.
#
# Expected: cv2.add of two arrays of one size has that size and, as the documentation says of it, "the same size and
#           number of channels as the input array(s)". OpenCV 5 has arrays of one dimension, so a vector of n gives a
#           vector of n.
# Found:    up to four numbers are taken for a colour: the result is a column of four, filled with zeros, and of
#           float64, whatever the type of the two; divide fills with NaN. From five numbers on the result is the vector
#           that one expects. cv2.max is right at every length.
# Versions: opencv-python-headless 5.0.0.93, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   1: add [2.0, 0.0, 0.0, 0.0] (4, 1) float64, max (1,) float32
#   2: add [2.0, 4.0, 0.0, 0.0] (4, 1) float64, max (2,) float32
#   3: add [2.0, 4.0, 6.0, 0.0] (4, 1) float64, max (3,) float32
#   4: add [2.0, 4.0, 6.0, 8.0] (4, 1) float64, max (4,) float32
#   5: add [2.0, 4.0, 6.0, 8.0, 10.0] (5,) float32, max (5,) float32
#   6: add [2.0, 4.0, 6.0, 8.0, 10.0, 12.0] (6,) float32, max (6,) float32
#   divide: [2.0, 2.0, 2.0, nan]
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet opencv-python-headless==5.0.0.93 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import cv2
import numpy as np

found = {}
for count in range(1, 7):
    vector = np.arange(1, count + 1, dtype=np.float32)
    total, greatest = cv2.add(vector, vector), cv2.max(vector, vector)
    found[count] = (total.shape, str(total.dtype), greatest.shape)
    print(f"{count}: add {total.ravel().tolist()} {total.shape} {total.dtype}, max {greatest.shape} {greatest.dtype}")
quotient = cv2.divide(np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0])).ravel().tolist()
print("divide:", quotient)
expected = {count: ((4, 1), "float64", (count,)) for count in range(1, 5)}
expected |= {count: ((count,), "float32", (count,)) for count in (5, 6)}
sys.exit(0 if found == expected and quotient[:3] == [2, 2, 2] and np.isnan(quotient[3]) else 1)
PYTHON
