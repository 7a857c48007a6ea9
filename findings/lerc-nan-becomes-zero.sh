#!/usr/bin/env bash
# tifffile × imagecodecs: NaN in a TIFF packed by LERC is read as 0.
#
# Expected: LERC is used without loss here (no tolerance is given) and keeps floats to the bit; NaN, the usual mark of
#           missing values in heights and measurements, stays NaN.
# Found:    the encoder takes NaN out and puts a mask into the file instead, and the decoder gives 0 where the mask is,
#           which nothing tells from a true 0. tifffile's own round trip changes the array, for float32 and float64;
#           infinity is kept. The mask is there: imagecodecs.lerc_decode(data, masks=True) gives it, but tifffile does
#           not ask for it.
# Versions: tifffile 2026.3.3, imagecodecs 2026.3.6, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   float32 deflate [[1.5, nan, 3.0], [0.0, 5.0, inf]]
#   float32 lerc [[1.5, 0.0, 3.0], [0.0, 5.0, inf]]
#   float32 mask [[1, 0, 1], [1, 1, 1]]
#   float64 deflate [[1.5, nan, 3.0], [0.0, 5.0, inf]]
#   float64 lerc [[1.5, 0.0, 3.0], [0.0, 5.0, inf]]
#   float64 mask [[1, 0, 1], [1, 1, 1]]
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tifffile==2026.3.3 imagecodecs==2026.3.6 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import imagecodecs
import numpy as np
import tifffile

found = {}
for dtype in ("float32", "float64"):
    heights = np.array([[1.5, np.nan, 3], [0, 5, np.inf]], dtype=dtype)
    for compression in ("deflate", "lerc"):
        tifffile.imwrite("a.tif", heights, compression=compression)
        found[dtype, compression] = str(tifffile.imread("a.tif").tolist())
        print(dtype, compression, found[dtype, compression])
    pixels, mask = imagecodecs.lerc_decode(imagecodecs.lerc_encode(heights), masks=True)
    print(dtype, "mask", mask.astype(int).tolist())
kept, lost = "[[1.5, nan, 3.0], [0.0, 5.0, inf]]", "[[1.5, 0.0, 3.0], [0.0, 5.0, inf]]"
sys.exit(0 if mask.astype(int).tolist() == [[1, 0, 1], [1, 1, 1]] and all(
    value == (lost if key[1] == "lerc" else kept) for key, value in found.items()) else 1)
PYTHON
