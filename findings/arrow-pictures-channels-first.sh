#!/usr/bin/env bash
# Apache Arrow × NumPy: pictures whose channels were moved to the front come back as others.
#
# Expected: FixedShapeTensorArray.from_numpy_ndarray and to_numpy_ndarray are each other's inverse, also for a view with
#           other strides, such as pictures stored by rows, columns and channels that numpy.moveaxis shows with the
#           channels first; else the array is refused, as one is whose pictures do not lie one after the other.
# Found:    the permutation that is stored is the inverse of the right one, and reading takes strides that belong to
#           neither: of 2 pictures of 2 × 3 pixels and 4 channels an array of another shape comes back, and the numbers
#           are others under either reading of the permutation. Nothing is said. A swap of two axes is its own inverse
#           and comes back right, so that a test with matrices passes. numpy.ascontiguousarray before helps.
# Versions: pyarrow 26.0.1, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   as stored: shape [2, 3, 4], permutation [0, 1, 2]; given (2, 3, 4), back (2, 3, 4), equal: True
#   channels first: shape [2, 3, 4], permutation [1, 2, 0]; given (4, 2, 3), back (3, 4, 2), equal: False
#   rows last: shape [2, 3, 4], permutation [2, 0, 1]; given (3, 4, 2), back (4, 2, 3), equal: False
#   rows and columns swapped: shape [2, 3, 4], permutation [1, 0, 2]; given (3, 2, 4), back (3, 2, 4), equal: True
#   channels first, contiguous: shape [4, 2, 3], permutation [0, 1, 2]; given (4, 2, 3), back (4, 2, 3), equal: True
#   channels first: the pictures in any order of their axes: False
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pyarrow==26.0.1 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
import pyarrow as pa

pictures = np.arange(48.0).reshape(2, 2, 3, 4)
found = {}
for name, given in (
    ("as stored", pictures),
    ("channels first", np.moveaxis(pictures, -1, 1)),
    ("rows last", np.moveaxis(pictures, 1, -1)),
    ("rows and columns swapped", pictures.swapaxes(1, 2)),
    ("channels first, contiguous", np.ascontiguousarray(np.moveaxis(pictures, -1, 1))),
):
    column = pa.FixedShapeTensorArray.from_numpy_ndarray(given)
    back = column.to_numpy_ndarray()
    found[name] = (given.shape[1:], back.shape[1:], np.array_equal(given, back))
    print(f"{name}: shape {column.type.shape}, permutation {column.type.permutation}; "
          f"given {found[name][0]}, back {found[name][1]}, equal: {found[name][2]}")
column = pa.FixedShapeTensorArray.from_numpy_ndarray(np.moveaxis(pictures, -1, 1))
others = column.to_numpy_ndarray()
anyOrder = any(np.array_equal(others, pictures.transpose(0, *order)) for order in
               ((1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)))
print("channels first: the pictures in any order of their axes:", anyOrder)
sys.exit(0 if [value[2] for value in found.values()] == [True, False, False, True, True] and not anyOrder else 1)
PYTHON
