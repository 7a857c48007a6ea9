#!/usr/bin/env bash
# libvips: white of an AVIF of 10 bits is not white.
#
# Expected: a picture of 10 or 12 bits is given as 16 bits with 0 as black and 65535 as white, since libvips calls it
#           "rgb16", whose white is 65535, and goes by that when it converts or saves.
# Found:    the numbers are only shifted: 1023 becomes 65472 and 4095 becomes 65520. In linear light (scRGB) white is
#           0.998, a PNG saved from it has 65472 for white, and black is right, so everything is darker by a thousandth;
#           to 8 bits the rounding hides it.
# Versions: pyvips 3.2.0, pyvips-binary 8.18.7, imagecodecs 2026.3.6, opencv-python-headless 5.0.0.93, NumPy 2.4.6,
#           Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   10 bits: stored 1023, rgb16 65472, PNG 65472, 8 bits 255, linear 0.9978
#   12 bits: stored 4095, rgb16 65520, PNG 65520, 8 bits 255, linear 0.9995
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pyvips==3.2.0 pyvips-binary==8.18.7 imagecodecs==2026.3.6 \
  opencv-python-headless==5.0.0.93 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import cv2
import imagecodecs
import numpy as np
import pyvips

found = {}
for bits in (10, 12):
    white = np.full((32, 40, 3), 2**bits - 1, dtype=np.uint16)
    with open(f"{bits}.avif", "wb") as file:
        file.write(imagecodecs.avif_encode(white, bitspersample=bits, level=100))
    stored = imagecodecs.avif_decode(open(f"{bits}.avif", "rb").read())
    image = pyvips.Image.new_from_file(f"{bits}.avif")
    image.write_to_file(f"{bits}.png")
    linear = float(image.colourspace("scrgb").numpy().max())
    png = cv2.imread(f"{bits}.png", cv2.IMREAD_UNCHANGED)
    found[bits] = (int(stored.min()), image.interpretation, int(image.numpy().max()), int(png.max()),
                   int(image.colourspace("srgb").numpy().max()))
    print(f"{bits} bits: stored {found[bits][0]}, {found[bits][1]} {found[bits][2]}, PNG {found[bits][3]}, "
          f"8 bits {found[bits][4]}, linear {linear:.4f}")
    found[bits] += (linear < 0.999,)
sys.exit(0 if found == {
    10: (1023, "rgb16", 65472, 65472, 255, True), 12: (4095, "rgb16", 65520, 65520, 255, False),
} else 1)
PYTHON
