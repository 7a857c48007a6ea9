#!/usr/bin/env bash
# Apache Arrow × NumPy: a big-endian array becomes a tensor of other numbers.
#
# Expected: pyarrow.Tensor.from_numpy keeps the numbers or refuses the array, as pyarrow.array does ("Byte-swapped
#           arrays not supported") and as FixedShapeTensorArray does. Big-endian arrays are usual: HDF5, FITS and .npy
#           files hold them.
# Found:    the bytes are taken as they are, for little-endian numbers: 1, 2, 256 become 256, 512, 1, and floats become
#           tiny ones near 1e-41. The sparse tensors made of NumPy's arrays do the same. Nothing is said.
# Versions: pyarrow 26.0.1, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   Tensor: [[256, 512, 1]]
#   SparseCOOTensor: [[256, 512, 1]]
#   Tensor of float32 below 1e-30: True
#   array: refused: Byte-swapped arrays not supported
#   FixedShapeTensorArray: refused: Byte-swapped arrays not supported
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

integers = np.array([[1, 2, 256]], dtype=">i2")
found = {
    "Tensor": pa.Tensor.from_numpy(integers).to_numpy().tolist(),
    "SparseCOOTensor": pa.SparseCOOTensor.from_dense_numpy(integers).to_tensor().to_numpy().tolist(),
    "Tensor of float32 below 1e-30": bool(pa.Tensor.from_numpy(np.ones(3, dtype=">f4")).to_numpy().max() < 1e-30),
}
for name, make in (("array", lambda: pa.array(integers[0])),
                   ("FixedShapeTensorArray", lambda: pa.FixedShapeTensorArray.from_numpy_ndarray(integers))):
    try:
        found[name] = str(make())
    except pa.ArrowNotImplementedError as error:
        found[name] = f"refused: {error}"
for name, value in found.items():
    print(f"{name}:", value)
sys.exit(0 if found == {
    "Tensor": [[256, 512, 1]],
    "SparseCOOTensor": [[256, 512, 1]],
    "Tensor of float32 below 1e-30": True,
    "array": "refused: Byte-swapped arrays not supported",
    "FixedShapeTensorArray": "refused: Byte-swapped arrays not supported",
} else 1)
PYTHON
