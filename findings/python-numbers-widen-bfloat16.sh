#!/usr/bin/env bash
# NumPy × ml_dtypes: a bfloat16 array times a Python number is float32.
#
# Expected: since NumPy 2 (NEP 50) a Python number is weak and takes the array's type: float16 stays float16, whatever
#           it is multiplied by. JAX has the same rule, for bfloat16 as well.
# Found:    a Python float makes float32 of a bfloat16 array and of one of float8, numpy.clip with two floats too, and
#           numpy.where(condition, array, 0.0) even float64; an integer leaves the type alone. So a step such as "p = p
#           - 0.1 * g" leaves the type in the first step, while "p -= 0.1 * g" keeps it.
# Versions: NumPy 2.4.6, ml_dtypes 0.6.0, JAX 0.10.2, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   times 0.5, times 2, clip, where
#   NumPy float16: float16 float16 float16 float16
#   NumPy bfloat16: float32 bfloat16 float32 float64
#   NumPy float8_e4m3fn: float32 float8_e4m3fn float32 float64
#   JAX bfloat16: bfloat16 bfloat16 bfloat16 bfloat16
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet numpy==2.4.6 ml_dtypes==0.6.0 jax==0.10.2 jaxlib==0.10.2
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import jax.numpy as jnp
import ml_dtypes
import numpy as np


def types(xp, dtype):
    array = xp.ones(2, dtype)
    results = array * 0.5, array * 2, xp.clip(array, 0.0, 1.0), xp.where(xp.array([True, False]), array, 0.0)
    return [str(result.dtype) for result in results]


found = {
    "NumPy float16": types(np, np.float16),
    "NumPy bfloat16": types(np, ml_dtypes.bfloat16),
    "NumPy float8_e4m3fn": types(np, ml_dtypes.float8_e4m3fn),
    "JAX bfloat16": types(jnp, jnp.bfloat16),
}
print("times 0.5, times 2, clip, where")
for name, value in found.items():
    print(f"{name}:", *value)
sys.exit(0 if found == {
    "NumPy float16": ["float16"] * 4,
    "NumPy bfloat16": ["float32", "bfloat16", "float32", "float64"],
    "NumPy float8_e4m3fn": ["float32", "float8_e4m3fn", "float32", "float64"],
    "JAX bfloat16": ["bfloat16"] * 4,
} else 1)
PYTHON
