#!/usr/bin/env bash
# safetensors × ml_dtypes: bfloat16 is read back from a file, but not from the same bytes in memory.
#
# Expected: safetensors.flax and safetensors.numpy have save and load for bytes, save_file and load_file for files; what
#           one writes the other of its pair reads. bfloat16 is the usual type of weights in JAX.
# Found:    load(save(...)) ends with a KeyError that says 'BF16' and nothing else, and gives no tensor at all, also
#           those of float32 beside it. load_file reads the very same bytes, with the right types, in both modules.
#           float8_e4m3fn is saved by both as well and read back by neither, in neither way: from a file it is NumPy
#           that is asked for a type of that name.
# Versions: safetensors 0.8.0, JAX 0.10.2, ml_dtypes 0.6.0, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   bfloat16 saved to the same bytes by both: True
#   float8_e4m3fn saved to the same bytes by both: True
#   bfloat16 flax, bytes KeyError: 'BF16'
#   bfloat16 flax, file {'a': 'bfloat16', 'b': 'float32'}
#   bfloat16 numpy, bytes KeyError: 'BF16'
#   bfloat16 numpy, file {'a': 'bfloat16', 'b': 'float32'}
#   float8_e4m3fn flax, bytes KeyError: 'F8_E4M3'
#   float8_e4m3fn flax, file AttributeError: module 'numpy' has no attribute 'float8_e4m3fn'
#   float8_e4m3fn numpy, bytes KeyError: 'F8_E4M3'
#   float8_e4m3fn numpy, file AttributeError: module 'numpy' has no attribute 'float8_e4m3fn'
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet safetensors==0.8.0 jax==0.10.2 jaxlib==0.10.2 ml_dtypes==0.6.0 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import jax.numpy as jnp
import numpy as np
import safetensors.flax
import safetensors.numpy


def attempt(read, source):
    try:
        return {name: str(value.dtype) for name, value in sorted(read(source).items())}
    except (KeyError, AttributeError) as error:
        return f"{type(error).__name__}: {error}"


found = {}
for dtype in (jnp.bfloat16, jnp.float8_e4m3fn):
    tensors = {"a": jnp.ones(2, dtype), "b": jnp.ones(2, jnp.float32)}
    content = safetensors.flax.save(tensors)
    with open("a.safetensors", "wb") as file:
        file.write(content)
    name = jnp.dtype(dtype).name
    found[name, "flax, bytes"] = attempt(safetensors.flax.load, content)
    found[name, "flax, file"] = attempt(safetensors.flax.load_file, "a.safetensors")
    same = safetensors.numpy.save({key: np.asarray(value) for key, value in tensors.items()}) == content
    found[name, "numpy, bytes"] = attempt(safetensors.numpy.load, content)
    found[name, "numpy, file"] = attempt(safetensors.numpy.load_file, "a.safetensors")
    print(name, "saved to the same bytes by both:", same)
for key, value in found.items():
    print(*key, value)
refused = [key for key, value in found.items() if isinstance(value, str)]
readable = [key for key in found if key not in refused]
sys.exit(0 if len(found) == 8 and readable == [("bfloat16", "flax, file"), ("bfloat16", "numpy, file")] else 1)
PYTHON
