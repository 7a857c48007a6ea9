#!/usr/bin/env bash
# Warp, TensorStore: the sum of 33 million ones is 16,777,216.
#
# Expected: a library's sum or mean of float32 numbers is taken in parts, in pairs or in double precision, so that it is
#           right to some millionths, as NumPy's are.
# Found:    Warp's array_sum (on a processor) and TensorStore's mean (the driver "downsample") add one number after
#           another in float32. From 2^24 on a one more changes nothing; well before that each step is rounded the same
#           way: the mean of a million pixels of 0.1 is 0.10096. So is a loss over a picture of some megapixels.
# Versions: warp-lang 1.19.0, tensorstore 0.1.86, NumPy 2.4.6, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   NumPy: 33554432, mean of a million of 0.1: 0.10000
#   Warp: 16777216, mean of a million of 0.1: 0.10096
#   TensorStore: 16777216, mean of a million of 0.1: 0.10096
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet warp-lang==1.19.0 tensorstore==0.1.86 numpy==2.4.6
cd "$folder"
export WARP_CACHE_PATH="$folder/cache"
venv/bin/python - <<'PYTHON' | grep "mean of a million"
import sys

import numpy as np
import tensorstore
import warp

warp.config.quiet = True
warp.init()


def sum_of_warp(numbers):
    return float(warp.utils.array_sum(warp.array(numbers, dtype=float, device="cpu")))


def sum_of_tensorstore(numbers):
    mean = tensorstore.downsample(tensorstore.array(numbers), [len(numbers)], "mean")
    return float(mean.read().result()[0]) * len(numbers)


sums = {
    "NumPy": lambda numbers: float(numbers.sum()),
    "Warp": sum_of_warp,
    "TensorStore": sum_of_tensorstore,
}
ones = np.ones(1 << 25, dtype=np.float32)
tenths = np.full(1_000_000, 0.1, dtype=np.float32)
as_then = True
for name, total in sums.items():
    all_ones, mean = total(ones), total(tenths) / len(tenths)
    print(f"{name}: {all_ones:.0f}, mean of a million of 0.1: {mean:.5f}", flush=True)
    as_then &= (all_ones == 1 << 25) if name == "NumPy" else (all_ones == 1 << 24 and mean > 0.1005)
sys.exit(0 if as_then else 1)
PYTHON
