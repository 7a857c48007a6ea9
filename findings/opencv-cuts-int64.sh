#!/usr/bin/env bash
# OpenCV 5 × NumPy: 64-bit integers lose their upper half.
#
# Expected: OpenCV 5 has matrices of 64-bit integers (CV_64S, CV_64U), so an int64 array, NumPy's usual type of
#           integers, is taken as one, or refused as OpenCV 4 refuses types that it does not have.
# Found:    the array is turned into int32 by cutting the upper half off: 2⁴⁰ + 5 becomes 5, 2³¹ becomes −2³¹, and the
#           result is int32. Flipping, padding and summing do it, without a word. uint64 goes the same way; uint32 is
#           kept.
# Versions: opencv-python-headless 5.0.0.93, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   has CV_64S: True
#   int64 [1099511627781, 2147483648, 7]: int32
#     flipped [7, -2147483648, 5], padded [5, -2147483648, 7], sum -2147483636
#   uint64 [1099511627781, 2147483648, 7]: int32
#     flipped [7, -2147483648, 5], padded [5, -2147483648, 7], sum -2147483636
#   uint32 [4294967295, 2147483648, 7]: uint32
#     flipped [7, 2147483648, 4294967295], padded [4294967295, 2147483648, 7], sum 6442450950
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

print("has CV_64S:", hasattr(cv2, "CV_64S"))
found = {}
for name in ("int64", "uint64", "uint32"):
    values = np.array([[2**40 + 5, 2**31, 7]] if name != "uint32" else [[2**32 - 1, 2**31, 7]], dtype=name)
    flipped = cv2.flip(values, 1)
    padded = cv2.copyMakeBorder(values, 0, 0, 0, 0, cv2.BORDER_REPLICATE)
    found[name] = (str(flipped.dtype), flipped.tolist()[0], padded.tolist()[0], cv2.sumElems(values)[0])
    print(f"{name} {values.tolist()[0]}: {found[name][0]}")
    print(f"  flipped {found[name][1]}, padded {found[name][2]}, sum {found[name][3]:.0f}")
cut = ("int32", [7, -(2**31), 5], [5, -(2**31), 7], 5.0 - 2**31 + 7)
kept = ("uint32", [7, 2**31, 2**32 - 1], [2**32 - 1, 2**31, 7], 2.0**32 - 1 + 2**31 + 7)
sys.exit(0 if hasattr(cv2, "CV_64S") and list(found.values()) == [cut, cut, kept] else 1)
PYTHON
