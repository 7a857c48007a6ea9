#!/usr/bin/env bash
# tinygrad: between bytes that differ by more than 127, linear interpolation goes the wrong way.
#
# Expected: each number that Tensor.interpolate(mode="linear") puts between two pixels lies between them, for uint8 as
#           for float32.
# Found:    for uint8 the difference of two neighbours is kept in eight bits with a sign. From 0 to 100 all is right;
#           from 0 to 200 the steps are 249, 235, 221, 207, brighter than both, and from 0 to 255 there are none. Every
#           hard edge of a picture gets such pixels. The type of the result is uint8, and nothing is said.
# Versions: tinygrad 0.14.0, NumPy 2.4.6, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   from 0 to 100: [0, 0, 13, 38, 63, 88, 100, 100], off by up to 0.5
#   from 0 to 127: [0, 0, 16, 48, 79, 111, 127, 127], off by up to 0.4
#   from 0 to 128: [0, 0, 240, 208, 176, 144, 128, 128], off by up to 224.0
#   from 0 to 200: [0, 0, 249, 235, 221, 207, 200, 200], off by up to 224.0
#   from 200 to 0: [200, 200, 207, 221, 235, 249, 0, 0], off by up to 224.0
#   from 0 to 255: [0, 0, 0, 0, 255, 255, 255, 255], off by up to 95.6
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tinygrad==0.14.0 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import os
import sys

os.environ["DEV"] = "CPU"
import numpy as np
from tinygrad import Tensor


def enlarged(row, width):
    return Tensor(row.reshape(1, 1, 1, -1)).interpolate((1, width), mode="linear").numpy().reshape(-1)


found = {}
for ends in ((0, 100), (0, 127), (0, 128), (0, 200), (200, 0), (0, 255)):
    pixels = np.array(ends, dtype=np.uint8)
    row = enlarged(pixels, 8)
    found[ends] = float(np.abs(row - enlarged(pixels.astype(np.float32), 8)).max())
    print(f"from {ends[0]} to {ends[1]}: {row.tolist()}, off by up to {found[ends]:.1f}")
sys.exit(0 if all((error > 90) == (abs(ends[0] - ends[1]) > 127) for ends, error in found.items()) else 1)
PYTHON
