#!/usr/bin/env bash
# PyTorch × ml_dtypes: an infinity becomes 448 in float8_e4m3fn, and NaN elsewhere.
#
# Expected: float8_e4m3fn has no infinity; what is too large, and infinity itself, becomes NaN, as ml_dtypes, and so
#           NumPy and JAX, have it, or else the types of one library have one rule.
# Found:    PyTorch makes 448, the largest number, of all that is larger, infinity too: an overflow is an ordinary
#           number after it, and a look for infinities or NaN finds nothing. In float8_e5m2 the same numbers become
#           infinity and in float8_e4m3fnuz NaN, in both libraries. The same weights saved by the two differ.
# Versions: PyTorch 2.13.0 (CPU), ml_dtypes 0.6.0, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   float8_e4m3fn: PyTorch [448.0, 448.0, 448.0, 448.0, 448.0, nan], ml_dtypes [448.0, 448.0, nan, nan, nan, nan]
#   float8_e5m2: PyTorch [448.0, 448.0, 448.0, inf, inf, nan], ml_dtypes [448.0, 448.0, 448.0, inf, inf, nan]
#   float8_e4m3fnuz: PyTorch [nan, nan, nan, nan, nan, nan], ml_dtypes [nan, nan, nan, nan, nan, nan]
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.13.0 ml_dtypes==0.6.0 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import ml_dtypes
import numpy as np
import torch

numbers = [448.0, 464.0, 465.0, 1e9, float("inf"), float("nan")]
found = {}
for name in ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz"):
    pytorch = torch.tensor(numbers).to(getattr(torch, name)).float().numpy()
    numpy = np.array(numbers, dtype=np.float32).astype(getattr(ml_dtypes, name)).astype(np.float32)
    found[name] = (pytorch, numpy)
    print(f"{name}: PyTorch {pytorch.tolist()}, ml_dtypes {numpy.tolist()}")
nan = np.nan
expected = {
    "float8_e4m3fn": ([448, 448, 448, 448, 448, nan], [448, 448, nan, nan, nan, nan]),
    "float8_e5m2": ([448, 448, 448, np.inf, np.inf, nan],) * 2,
    "float8_e4m3fnuz": ([nan] * 6,) * 2,
}
sys.exit(0 if all(np.array_equal(a, b, equal_nan=True) for name in expected
                  for a, b in zip(found[name], expected[name])) else 1)
PYTHON
