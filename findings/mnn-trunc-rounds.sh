#!/usr/bin/env bash
# MNN: trunc and fix round to the nearest number, and half away from zero.
#
# Expected: MNN.numpy has NumPy's functions under NumPy's names; trunc and fix cut off what is behind the point, rint goes
#           to the even number of two that are as near.
# Found:    all three are round, which goes away from zero at a half: trunc(1.5) is 2, trunc(-0.5) is -1. A quantiser or a
#           table's index that is made with trunc is off by one for half of all numbers. floor and ceil are right.
# Versions: MNN 3.6.1, NumPy 2.4.6, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   trunc: [2.0, -3.0, 1.0, 3.0, -1.0, 1.0], NumPy's [1.0, -2.0, 0.0, 2.0, -0.0, 0.0]
#   fix: [2.0, -3.0, 1.0, 3.0, -1.0, 1.0], NumPy's [1.0, -2.0, 0.0, 2.0, -0.0, 0.0]
#   rint: [2.0, -3.0, 1.0, 3.0, -1.0, 1.0], NumPy's [2.0, -2.0, 0.0, 2.0, -0.0, 1.0]
#   floor: [1.0, -3.0, 0.0, 2.0, -1.0, 0.0], NumPy's [1.0, -3.0, 0.0, 2.0, -1.0, 0.0]
#   ceil: [2.0, -2.0, 1.0, 3.0, -0.0, 1.0], NumPy's [2.0, -2.0, 1.0, 3.0, -0.0, 1.0]
#   of 1000 numbers trunc is not NumPy's for 500 ± 50: True
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet mnn==3.6.1 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON' | grep -v "^The device"
import sys

import MNN.numpy
import numpy as np

numbers = np.array([1.5, -2.5, 0.5, 2.5, -0.5, 0.7], dtype=np.float32)


def both(name, numbers):
    ours = getattr(MNN.numpy, name)(MNN.numpy.array(numbers)).read()
    return np.asarray(ours), getattr(np, name)(numbers)


right = {}
for name in ("trunc", "fix", "rint", "floor", "ceil"):
    found, expected = both(name, numbers)
    right[name] = np.array_equal(found, expected)
    print(f"{name}: {found.tolist()}, NumPy's {expected.tolist()}")
found, expected = both("trunc", np.random.default_rng(0).uniform(-100, 100, 1000).astype(np.float32))
half = abs(int((found != expected).sum()) - 500) <= 50
print(f"of 1000 numbers trunc is not NumPy's for 500 ± 50: {half}", flush=True)
as_then = half and [name for name, holds in right.items() if holds] == ["floor", "ceil"]
sys.exit(0 if as_then else 1)
PYTHON
