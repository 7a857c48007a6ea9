#!/usr/bin/env bash
# OpenImageIO: a small picture written as JPEG 2000 is an empty file, and that went well.
#
# Expected: write() returns False and geterror() tells where nothing could be written, as for formats that cannot hold
#           a picture.
# Found:    pictures with a side of less than 32 pixels leave a .j2k file of no bytes, or a .jp2 file with a header
#           alone, which OpenJPEG does not open; write() returns True and geterror() has nothing to tell. From 32 pixels
#           on all is well. Probably it asks for six resolutions, for which a smaller side cannot be halved often
#           enough.
# Versions: OpenImageIO 3.2.2.0, imagecodecs 2026.3.6, NumPy 2.4.6, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   16 × 16 .j2k: write True, error '', 0 bytes, not read by OpenJPEG
#   16 × 16 .jp2: write True, error '', 77 bytes, not read by OpenJPEG
#   31 × 31 .j2k: write True, error '', 0 bytes, not read by OpenJPEG
#   31 × 31 .jp2: write True, error '', 77 bytes, not read by OpenJPEG
#   32 × 32 .j2k: write True, error '', 3741 bytes, read by OpenJPEG
#   32 × 32 .jp2: write True, error '', 3826 bytes, read by OpenJPEG
#   64 × 64 .j2k: write True, error '', 13828 bytes, read by OpenJPEG
#   64 × 64 .jp2: write True, error '', 13913 bytes, read by OpenJPEG
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet openimageio==3.2.2.0 imagecodecs==2026.3.6 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import os
import sys

import imagecodecs
import numpy as np
import OpenImageIO as oiio

found = {}
for side in (16, 31, 32, 64):
    for ending in ("j2k", "jp2"):
        pixels = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
        name = f"{side}.{ending}"
        picture = oiio.ImageBuf(oiio.ImageSpec(side, side, 3, "uint8"))
        picture.set_pixels(oiio.ROI(), pixels)
        said, error = picture.write(name), picture.geterror()
        with open(name, "rb") as file:
            written = file.read()
        try:
            right = np.array_equal(imagecodecs.jpeg2k_decode(written), pixels)
        except Exception:
            right = False
        found[side, ending] = (said, error, right)
        opened = "read" if right else "not read"
        print(f"{side} × {side} .{ending}: write {said}, error {error!r}, {len(written)} bytes, {opened} by OpenJPEG")
sys.exit(0 if found == {(side, ending): (True, "", side >= 32) for side, ending in found} else 1)
PYTHON
