#!/usr/bin/env bash
# OpenImageIO, OpenCV, imagecodecs: colours below zero turn bright in a Radiance file.
#
# Expected: the format (.hdr, RGBE) has no negative numbers, so a writer makes them 0.
# Found:    the byte of a negative number is written as its two's complement, by all three: beside a red of 1, a green
#           of −0.01 comes back as 1.99, twice as bright as the brightest. Cubic and Lanczos filters make such numbers
#           beside every edge, and so does a matrix that brings colours of a wide space to sRGB. Where no colour of a
#           pixel is positive it is black.
# Versions: OpenImageIO 3.2.2.0, opencv-python-headless 5.0.0.93, imagecodecs 2026.3.6, NumPy 2.4.6, Python 3.11. Found
#           on 2026-11-30.
# Output of this script then:
#   (1.0, 0.5, 0.25) by OpenImageIO: [1.0, 0.5, 0.25]
#   (1.0, 0.5, 0.25) by OpenCV: [1.0, 0.5, 0.25]
#   (1.0, 0.5, 0.25) by imagecodecs: [1.0, 0.5, 0.25]
#   (1.0, -0.01, 0.25) by OpenImageIO: [1.0, 1.9921875, 0.25]
#   (1.0, -0.01, 0.25) by OpenCV: [1.0, 1.9921875, 0.25]
#   (1.0, -0.01, 0.25) by imagecodecs: [1.0, 1.9921875, 0.25]
#   (1.5, 0.25, -0.5) by OpenImageIO: [1.5, 0.25, 1.5]
#   (1.5, 0.25, -0.5) by OpenCV: [1.5, 0.25, 1.5]
#   (1.5, 0.25, -0.5) by imagecodecs: [1.5, 0.25, 1.5]
#   (-1.0, -1.0, -1.0) by OpenImageIO: [0.0, 0.0, 0.0]
#   (-1.0, -1.0, -1.0) by OpenCV: [0.0, 0.0, 0.0]
#   (-1.0, -1.0, -1.0) by imagecodecs: [0.0, 0.0, 0.0]
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet openimageio==3.2.2.0 opencv-python-headless==5.0.0.93 \
  imagecodecs==2026.3.6 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import cv2
import imagecodecs
import numpy as np
import OpenImageIO as oiio


def by_openimageio(pixels):
    picture = oiio.ImageBuf(oiio.ImageSpec(16, 16, 3, "float"))
    picture.set_pixels(oiio.ROI(), pixels)
    picture.write("a.hdr")
    return oiio.ImageBuf("a.hdr").get_pixels(oiio.FLOAT)


def by_opencv(pixels):
    cv2.imwrite("b.hdr", pixels[..., ::-1])
    return cv2.imread("b.hdr", cv2.IMREAD_UNCHANGED)[..., ::-1]


def by_imagecodecs(pixels):
    return imagecodecs.rgbe_decode(imagecodecs.rgbe_encode(pixels))


wanted = {(1.0, 0.5, 0.25): [1.0, 0.5, 0.25], (1.0, -0.01, 0.25): [1.0, 1.9921875, 0.25],
          (1.5, 0.25, -0.5): [1.5, 0.25, 1.5], (-1.0, -1.0, -1.0): [0.0, 0.0, 0.0]}
well = True
for colour, bright in wanted.items():
    pixels = np.tile(np.array([[colour]], np.float32), (16, 16, 1))
    read = [by(pixels)[0, 0].tolist() for by in (by_openimageio, by_opencv, by_imagecodecs)]
    well = well and read == [bright] * 3
    for name, colours in zip(("OpenImageIO", "OpenCV", "imagecodecs"), read):
        print(f"{colour} by {name}: {colours}")
sys.exit(0 if well else 1)
PYTHON
