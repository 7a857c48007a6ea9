#!/usr/bin/env bash
# TensorStore × Pillow: a TIFF with alpha has five channels, and its colours are out of step.
#
# Expected: a picture of red, green, blue and alpha has the shape (height, width, 4), as TensorStore reads it from a
#           PNG; or an error.
# Found:    a TIFF counts the alpha among its samples per pixel, and names it once more as an extra sample; TensorStore adds
#           the two. Grey with alpha has three channels, colour with alpha five. The samples are then taken as they lie
#           in the file, five to a pixel: the second pixel begins with its green, and each row goes on in the next one.
#           Nothing is said.
# Versions: tensorstore 0.1.86, Pillow 13.0.0, NumPy 2.4.6, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   png, colour and alpha: (4, 3, 4), first row [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]
#   tiff, colour: (4, 3, 3), first row [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
#   tiff, colour and alpha: (4, 3, 5), first row [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12, 13, 14, 15]]
#   tiff, grey and alpha: (4, 3, 3), first row [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tensorstore==0.1.86 pillow==13.0.0 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import os
import sys

import numpy as np
import tensorstore
from PIL import Image


def read(kind, channels):
    pixels = np.arange(1, 1 + 4 * 3 * channels, dtype=np.uint8).reshape(4, 3, channels)
    name = os.path.abspath(f"picture.{kind}")
    Image.fromarray(pixels).save(name)
    store = {"driver": kind, "kvstore": f"file://{name}"}
    return tensorstore.open(store, read=True).result().read().result()


shapes = []
for kind, channels, what in (
    ("png", 4, "colour and alpha"),
    ("tiff", 3, "colour"),
    ("tiff", 4, "colour and alpha"),
    ("tiff", 2, "grey and alpha"),
):
    found = read(kind, channels)
    shapes.append(found.shape[2])
    print(f"{kind}, {what}: {found.shape}, first row {found[0].tolist()}")
sys.exit(0 if shapes == [4, 3, 5, 3] else 1)
PYTHON
