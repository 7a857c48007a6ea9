#!/usr/bin/env bash
# Apache Arrow: one element of a column of transposed matrices has other numbers than the column.
#
# Expected: column[0].to_numpy() is column.to_numpy_ndarray()[0]. pyarrow's documentation says of the element that its
#           "shape matches the permuted shape of the fixed shape tensor scalar".
# Found:    the shape is the permuted one, the strides are those of a matrix of that many rows that lies the other way:
#           of six numbers one comes twice and the last is missing, and most are in another's place.
#           column[0].to_tensor() has the same, the column as a whole is right, by to_numpy_ndarray and by to_tensor.
#           from_numpy_ndarray stores a transposed array in this way by itself.
# Versions: pyarrow 26.0.1, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   extension<arrow.fixed_shape_tensor[value_type=double, shape=[2,3], permutation=[1,0]]>
#   given: [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]
#   column: [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]], strides (8, 24)
#   column as a tensor: [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]], strides (8, 24)
#   element: [[0.0, 2.0], [1.0, 3.0], [2.0, 4.0]], strides (8, 16)
#   element as a tensor: [[0.0, 2.0], [1.0, 3.0], [2.0, 4.0]], strides (8, 16)
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

matrices = np.arange(12.0).reshape(2, 2, 3).transpose(0, 2, 1)
column = pa.FixedShapeTensorArray.from_numpy_ndarray(matrices)
print(column.type)
print("given:", matrices[0].tolist())
readings = {
    "column": column.to_numpy_ndarray()[0],
    "column as a tensor": column.to_tensor().to_numpy()[0],
    "element": column[0].to_numpy(),
    "element as a tensor": column[0].to_tensor().to_numpy(),
}
for name, array in readings.items():
    print(f"{name}: {array.tolist()}, strides {array.strides}")
wrong = [[0, 2], [1, 3], [2, 4]]
sys.exit(0 if [array.tolist() for array in readings.values()] == [matrices[0].tolist()] * 2 + [wrong] * 2 else 1)
PYTHON
