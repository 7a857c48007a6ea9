#!/usr/bin/env bash
# OpenCV × tifffile: TIFFs of some kinds of compression are read as black pictures.
#
# Expected: cv2.imread returns None for a file that it cannot read, as it documents; so it does for TIFF packed by WebP,
#           LERC or Zstandard, which the libtiff inside knows by name and cannot unpack.
# Found:    of TIFF packed by JPEG 2000, JPEG XL, JPEG XR or PNG (numbers 34712, 50002, 34934 and 34933 in the file, all
#           written by tifffile) it returns a picture of the right size in which every pixel is 0. Only a line on the
#           standard error output tells.
# Versions: opencv-python-headless 5.0.0.93, tifffile 2026.3.3, imagecodecs 2026.3.6, NumPy 2.4.6, Python 3.11. Found on
#           2026-11-28.
# Output of this script then:
#   deflate (32946): right, tifffile: right
#   jpeg2000 (34712): all pixels 0, tifffile: right
#   jpegxl (50002): all pixels 0, tifffile: right
#   jpegxr (34934): all pixels 0, tifffile: right
#   png (34933): all pixels 0, tifffile: right
#   webp (50001): None, tifffile: right
#   lerc (34887): None, tifffile: right
#   zstd (50000): None, tifffile: right
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet opencv-python-headless==5.0.0.93 tifffile==2026.3.3 \
  imagecodecs==2026.3.6 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import cv2
import numpy as np
import tifffile

picture = np.random.default_rng(0).integers(50, 250, (16, 24, 3), dtype=np.uint8)
found = {}
for compression in ("deflate", "jpeg2000", "jpegxl", "jpegxr", "png", "webp", "lerc", "zstd"):
    tifffile.imwrite("a.tif", picture, photometric="rgb", compression=compression)
    pixels = cv2.imread("a.tif", cv2.IMREAD_UNCHANGED)
    if pixels is None:
        found[compression] = "None"
    elif pixels.shape == picture.shape and not pixels.any():
        found[compression] = "all pixels 0"
    else:
        found[compression] = "right" if np.array_equal(pixels[:, :, ::-1], picture) else "wrong"
    number = int(tifffile.TiffFile("a.tif").pages[0].compression)
    own = "right" if np.array_equal(tifffile.imread("a.tif"), picture) else "wrong"
    print(f"{compression} ({number}): {found[compression]}, tifffile: {own}")
sys.exit(0 if found == {
    "deflate": "right", "jpeg2000": "all pixels 0", "jpegxl": "all pixels 0", "jpegxr": "all pixels 0",
    "png": "all pixels 0", "webp": "None", "lerc": "None", "zstd": "None",
} else 1)
PYTHON
