#!/usr/bin/env bash
# MLX: means of many float16 numbers are infinite, and so batch and group norm give NaN.
#
# Expected: a mean of numbers near 1 is near 1, as NumPy has it for float16, and MLX itself for bfloat16.
# Found:    mlx.core.mean of float16 is a sum in float16 divided by the count: beyond 65,504 it is infinite, so the mean
#           over the pixels of a feature map of 300 × 300 with a mean of 1 is inf. mlx.nn.BatchNorm in training and
#           GroupNorm give NaN for such features; InstanceNorm does not, nor does any of them in bfloat16.
# Versions: mlx and mlx-cpu 0.32.4, NumPy 2.4.6, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   150 × 150 float16: mean 1.00; norms: batch finite, group finite, instance finite
#   150 × 150 bfloat16: mean 1.00; norms: batch finite, group finite, instance finite
#   300 × 300 float16: mean inf; norms: batch NaN, group NaN, instance finite
#   300 × 300 bfloat16: mean 1.00; norms: batch finite, group finite, instance finite
#   NumPy's mean of as many in float16: 1.0
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'mlx[cpu]==0.32.4' numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import mlx.core as mx
import mlx.nn as nn
import numpy as np

mx.set_default_device(mx.cpu)
found = {}
for side in (150, 300):
    for name, dtype in (("float16", mx.float16), ("bfloat16", mx.bfloat16)):
        features = (1 + 0.1 * mx.random.normal((1, side, side, 4), key=mx.random.key(0))).astype(dtype)
        norms = {"batch": nn.BatchNorm(4), "group": nn.GroupNorm(2, 4), "instance": nn.InstanceNorm(4)}
        usual = {key: bool(mx.isfinite(norm(features)).all()) for key, norm in norms.items()}
        mean = mx.mean(features, axis=(0, 1, 2))[0].item()
        found[side, name] = (np.isfinite(mean), usual)
        finite = ", ".join(f"{key} {'finite' if value else 'NaN'}" for key, value in usual.items())
        print(f"{side} × {side} {name}: mean {mean:.2f}; norms: {finite}")
print("NumPy's mean of as many in float16:", np.ones(90_000, np.float16).mean())
well = (True, {"batch": True, "group": True, "instance": True})
wanted = {key: well for key in found}
wanted[300, "float16"] = (False, {"batch": False, "group": False, "instance": True})
sys.exit(0 if found == wanted else 1)
PYTHON
