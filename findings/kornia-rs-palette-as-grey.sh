#!/usr/bin/env bash
# kornia-rs × Pillow: of a PNG with a palette the numbers of the colours are read, as greys.
#
# Expected: the colours of the palette, three channels, as Pillow reads them; or an error.
# Found:    kornia_rs.io.read_image gives an array of one channel with the indices into the palette: the first colours
#           are the darkest greys, whatever they are. Drawings, screenshots and what has been made small for the web are
#           kept so.
# Versions: kornia_rs 0.2.0, Pillow 13.0.0, NumPy 2.4.6, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   plain.png: mode RGB, Pillow's colours right: True; kornia-rs: (8, 12, 3), ['colours']
#   palette.png: mode P, Pillow's colours right: True; kornia-rs: (8, 12, 1), ['indices']
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet kornia_rs==0.2.0 pillow==13.0.0 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import kornia_rs
import numpy as np
from PIL import Image

indices = np.arange(96, dtype=np.uint8).reshape(8, 12)
palette = np.random.default_rng(0).integers(100, 256, (96, 3), dtype=np.uint8)
colours = palette[indices]
found = {}
Image.fromarray(colours).save("plain.png")
picture = Image.fromarray(indices).convert("P")
picture.putpalette(palette.tobytes())
picture.save("palette.png")
for name in ("plain.png", "palette.png"):
    with Image.open(name) as picture:
        mode, right = picture.mode, np.array(picture.convert("RGB"))
    read = np.asarray(kornia_rs.io.read_image(name))
    kinds = [kind for kind, pixels in (("colours", colours), ("indices", indices[..., None]))
             if np.array_equal(read, pixels)]
    found[name] = (mode, np.array_equal(right, colours), kinds)
    print(f"{name}: mode {mode}, Pillow's colours right: {found[name][1]}; kornia-rs: {read.shape}, {kinds}")
sys.exit(0 if found == {"plain.png": ("RGB", True, ["colours"]), "palette.png": ("P", True, ["indices"])} else 1)
PYTHON
