#!/usr/bin/env bash
# Pillow × tifffile: 32-bit TIFFs that are both packed and big-endian are read with the bytes of each number reversed.
#
# Expected: the byte order is the file's affair. Pillow reads float32 and int32 of either order where they are not packed,
#           and uint16 of either order in all cases; so it does these, or refuses them.
# Found:    what is packed is unpacked by libtiff, which puts numbers into the machine's order; Pillow takes them for
#           big-endian still, and turns them round once more. From 0, 0.25, 0.5 come 0, 4.6e-41, 8.8e-44 and the like. It is
#           so for deflate, LZW, PackBits and Zstandard; nothing is said. Little-endian files are right.
# Versions: Pillow 13.0.0, tifffile 2026.3.3, imagecodecs 2026.3.6, NumPy 2.4.6, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   float32, deflate, big-endian: [0.0, 4.600462858378374e-41, 8.828180325246348e-44] for [0.0, 0.25, 0.5]
#   float32, lzw, big-endian: [0.0, 4.600462858378374e-41, 8.828180325246348e-44] for [0.0, 0.25, 0.5]
#   int32, deflate, big-endian: [0, 1073741824, -2147483648] for [0, 64, 128]
#   int32, lzw, big-endian: [0, 1073741824, -2147483648] for [0, 64, 128]
#   right: 22 of 30
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0 tifffile==2026.3.3 imagecodecs==2026.3.6 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
import tifffile
from PIL import Image

pixels = np.array([[0, 64, 128], [192, 255, 1]])
kinds = {"float32": pixels.astype(np.float32) / 256, "int32": pixels.astype(np.int32), "uint16": pixels.astype(np.uint16)}
right = set()
for kind, array in kinds.items():
    for packing in (None, "deflate", "lzw", "packbits", "zstd"):
        for order, name in (("<", "little"), (">", "big")):
            tifffile.imwrite("picture.tif", array, byteorder=order, compression=packing)
            with Image.open("picture.tif") as picture:
                found = np.asarray(picture)
            if np.array_equal(found, array):
                right.add((kind, packing, order))
            elif packing in ("deflate", "lzw"):
                print(f"{kind}, {packing}, {name}-endian: {found[0].tolist()} for {array[0].tolist()}")
wrong = 3 * 5 * 2 - len(right)
print(f"right: {len(right)} of 30")
as_then = wrong == 8 and all((kind, packing, "<") in right for kind, packing, _ in right)
sys.exit(0 if as_then else 1)
PYTHON
