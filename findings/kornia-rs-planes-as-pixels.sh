#!/usr/bin/env bash
# kornia-rs × tifffile: a TIFF's planes are read as if they were pixels.
#
# Expected: a TIFF whose colours lie in planes of their own (PlanarConfiguration 2, as tifffile writes for arrays of 3
#           × height × width) is the same picture as one whose pixels have their colours together, or is refused.
# Found:    kornia_rs.io.read_image takes the planes one after another for pixels: the right shape, the right numbers,
#           in the wrong places. Nothing is said.
# Versions: kornia_rs 0.2.0, tifffile 2026.3.3, NumPy 2.4.6, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   pixels.tif: tifffile right: True; kornia-rs: (12, 16, 3), right
#   planes.tif: tifffile right: True; kornia-rs: (12, 16, 3), planes
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet kornia_rs==0.2.0 tifffile==2026.3.3 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import kornia_rs
import numpy as np
import tifffile

picture = np.random.default_rng(0).integers(0, 256, (12, 16, 3), dtype=np.uint8)
tifffile.imwrite("pixels.tif", picture, photometric="rgb")
tifffile.imwrite("planes.tif", picture.transpose(2, 0, 1), photometric="rgb", planarconfig="separate")
found = {}
for name in ("pixels.tif", "planes.tif"):
    theirs = tifffile.imread(name)
    theirs = theirs if name == "pixels.tif" else theirs.transpose(1, 2, 0)
    read = np.asarray(kornia_rs.io.read_image(name))
    scrambled = picture.transpose(2, 0, 1).reshape(12, 16, 3)
    found[name] = "right" if np.array_equal(read, picture) else "planes" if np.array_equal(read, scrambled) else "other"
    print(f"{name}: tifffile right: {np.array_equal(theirs, picture)}; kornia-rs: {read.shape}, {found[name]}")
sys.exit(0 if found == {"pixels.tif": "right", "planes.tif": "planes"} else 1)
PYTHON
