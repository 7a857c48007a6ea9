#!/usr/bin/env bash
# PyTorch: the derivative of polar by the size is 0 where the size is 0.
#
# Expected: polar(size, angle) is size · (cos, sin), so its derivative by the size is (cos, sin) for every size, also
#           for 0; that is what size · cos(angle) gives, forward mode, and differences.
# Found:    reverse mode gives 0 at size 0. A spectrum with an amplitude that is 0 (a start from nothing, an amplitude
#           cut off below a limit, a random phase for amplitudes to be learned) never leaves it, without a word. Forward
#           mode is right, so the two disagree about one smooth function.
# Versions: PyTorch 2.13.0 (CPU), NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   size 0.0: polar [0.0, 0.0, 0.0], size · cos [1.0, 0.5403, -0.4161]
#     forward [1.0, 0.5403, -0.4161], differences [1.0, 0.5403, -0.4161]
#   size 0.5: polar [1.0, 0.5403, -0.4161], size · cos [1.0, 0.5403, -0.4161]
#     forward [1.0, 0.5403, -0.4161], differences [1.0, 0.5403, -0.4161]
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import torch
from torch.func import jvp

angle = torch.tensor([0.0, 1.0, 2.0], dtype=torch.float64)


def real(size):
    return torch.polar(size, angle).real.sum()


def by_hand(size):
    return (size * angle.cos()).sum()


def show(values):
    return [round(float(value), 4) for value in values]


found = {}
for start in (0.0, 0.5):
    size = torch.full((3,), start, dtype=torch.float64)
    rows = []
    for function in (real, by_hand):
        leaf = size.clone().requires_grad_()
        rows.append(show(torch.autograd.grad(function(leaf), leaf)[0]))
    rows.append(show(jvp(real, (size,), (unit,))[1] for unit in torch.eye(3, dtype=torch.float64)))
    rows.append(show((real(size + 1e-6 * unit) - real(size)) / 1e-6 for unit in torch.eye(3, dtype=torch.float64)))
    found[start] = rows
    print(f"size {start}: polar {rows[0]}, size · cos {rows[1]}")
    print(f"  forward {rows[2]}, differences {rows[3]}")
right = [1.0, 0.5403, -0.4161]
sys.exit(0 if found[0.0] == [[0, 0, 0]] + [right] * 3 and found[0.5] == [right] * 4 else 1)
PYTHON
