#!/usr/bin/env bash
# tifffile: a mask of truth values is written with True as black.
#
# Expected: True is shown as white, as of Pillow's pictures of one bit. tifffile says that the kind is "inferred from
#           the data shape, dtype", and lists MINISBLACK ("0 is black") and MINISWHITE for "bilevel and grayscale
#           images", and an array of 0 and 255 is written as MINISBLACK.
# Found:    an array of bool is written as MINISWHITE, so that every viewer shows its negative: Pillow and OpenCV see
#           white where the mask is False. tifffile itself gives the stored bits back and does not look at the tag, so
#           its own round trip hides it. With photometric="minisblack" all three agree.
# Versions: tifffile 2026.3.3, Pillow 13.0.0, opencv-python-headless 5.0.0.93, NumPy 2.4.6, Python 3.11. Found on
#           2026-11-28.
# Output of this script then:
#   bool: MINISWHITE, of 16 white pixels tifffile sees 16, Pillow 48, OpenCV 48
#   bool, minisblack: MINISBLACK, of 16 white pixels tifffile sees 16, Pillow 16, OpenCV 16
#   0 and 255: MINISBLACK, of 16 white pixels tifffile sees 16, Pillow 16, OpenCV 16
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tifffile==2026.3.3 pillow==13.0.0 opencv-python-headless==5.0.0.93 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import cv2
import numpy as np
import tifffile
from PIL import Image

mask = np.zeros((8, 8), dtype=bool)
mask[:2] = True
found = {}
for name, array, options in (
    ("bool", mask, {}),
    ("bool, minisblack", mask, {"photometric": "minisblack"}),
    ("0 and 255", mask.astype(np.uint8) * 255, {}),
):
    tifffile.imwrite("a.tif", array, **options)
    kind = tifffile.TiffFile("a.tif").pages[0].photometric.name
    white = [np.count_nonzero(pixels) for pixels in (
        tifffile.imread("a.tif"), np.asarray(Image.open("a.tif")), cv2.imread("a.tif", cv2.IMREAD_GRAYSCALE))]
    found[name] = (kind, white)
    print(f"{name}: {kind}, of 16 white pixels tifffile sees {white[0]}, Pillow {white[1]}, OpenCV {white[2]}")
sys.exit(0 if found == {
    "bool": ("MINISWHITE", [16, 48, 48]),
    "bool, minisblack": ("MINISBLACK", [16, 16, 16]),
    "0 and 255": ("MINISBLACK", [16, 16, 16]),
} else 1)
PYTHON
