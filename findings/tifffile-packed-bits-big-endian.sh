#!/usr/bin/env bash
# tifffile: pictures of 10, 12 and 14 bits have other numbers where they are written big-endian.
#
# Expected: byteorder=">" changes the file and not the picture, as it is for 16 bits, and as bitspersample=12 alone
#           keeps the numbers.
# Found:    both together give a file in which the two bytes of each number were exchanged before their bits were packed,
#           so that most of a number is lost: tifffile itself reads 3840 for 63, OpenCV 61440. Nothing is said. Cameras and
#           microscopes have such numbers, and ImageJ's files are big-endian.
# Versions: tifffile 2026.3.3, imagecodecs 2026.3.6, opencv-python-headless 5.0.0.93, NumPy 2.4.6, Python 3.11. Found on
#           2026-11-30.
# Output of this script then:
#   10 bits, <: 63 is 63 to tifffile, 4032 to OpenCV
#   10 bits, >: 63 is 768 to tifffile, 49152 to OpenCV
#   12 bits, <: 63 is 63 to tifffile, 1008 to OpenCV
#   12 bits, >: 63 is 3840 to tifffile, 61440 to OpenCV
#   14 bits, <: 63 is 63 to tifffile, 252 to OpenCV
#   14 bits, >: 63 is 16128 to tifffile, 64512 to OpenCV
#   16 bits, <: 63 is 63 to tifffile, 63 to OpenCV
#   16 bits, >: 63 is 63 to tifffile, 63 to OpenCV
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tifffile==2026.3.3 imagecodecs==2026.3.6 \
  opencv-python-headless==5.0.0.93 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import cv2
import numpy as np
import tifffile

found = {}
for bits in (10, 12, 14, 16):
    picture = (np.arange(16, dtype=np.uint16) * 63).reshape(4, 4)
    for order in "<>":
        options = {} if bits == 16 else {"bitspersample": bits}
        tifffile.imwrite("a.tif", picture, photometric="minisblack", byteorder=order, **options)
        own, other = tifffile.imread("a.tif"), cv2.imread("a.tif", cv2.IMREAD_UNCHANGED)
        # OpenCV gives 10 and 12 bits as the upper ones of 16.
        found[bits, order] = (np.array_equal(own, picture), other.flat[1] in (63, 63 << 16 - bits))
        print(f"{bits} bits, {order}: 63 is {own.flat[1]} to tifffile, {other.flat[1]} to OpenCV")
wanted = {(bits, order): (bits == 16 or order == "<",) * 2 for bits, order in found}
sys.exit(0 if found == wanted else 1)
PYTHON
