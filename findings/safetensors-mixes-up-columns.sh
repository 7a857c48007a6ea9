#!/usr/bin/env bash
# safetensors × NumPy: an array in column order is saved with its numbers in the wrong places.
#
# Expected: safetensors.numpy.save writes the array that it is given, or refuses it, as safetensors.torch does with a
#           tensor that is not contiguous. Its documentation asks for tensors that are "contiguous and dense"; an array
#           in Fortran's order is both to NumPy, and numpy.load gives such arrays for files that say so.
# Found:    the memory is written as it lies, under the shape in row order. A matrix of 2 rows and 3 columns in column
#           order comes back as its transposed numbers in the old shape, without a word; a transposed matrix comes back
#           as if it had not been transposed but reshaped. numpy.ascontiguousarray before saving helps.
# Versions: safetensors 0.8.0, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   equal before: True contiguous as Fortran has it: True
#   in row order: [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
#   in column order: [[0.0, 3.0, 1.0], [4.0, 2.0, 5.0]]
#   transposed: [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]
#   made contiguous: [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet safetensors==0.8.0 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import io
import sys

import numpy as np
from safetensors.numpy import load, save

rows = np.arange(6, dtype=np.float32).reshape(2, 3)
buffer = io.BytesIO()
np.save(buffer, np.asfortranarray(rows))
buffer.seek(0)
columns = np.load(buffer)
found = {
    "in row order": load(save({"a": rows}))["a"].tolist(),
    "in column order": load(save({"a": columns}))["a"].tolist(),
    "transposed": load(save({"a": rows.T}))["a"].tolist(),
    "made contiguous": load(save({"a": np.ascontiguousarray(columns)}))["a"].tolist(),
}
print("equal before:", np.array_equal(rows, columns), "contiguous as Fortran has it:", columns.flags.f_contiguous)
for name, values in found.items():
    print(f"{name}:", values)
sys.exit(0 if found == {
    "in row order": rows.tolist(),
    "in column order": [[0, 3, 1], [4, 2, 5]],
    "transposed": [[0, 1], [2, 3], [4, 5]],
    "made contiguous": rows.tolist(),
} else 1)
PYTHON
