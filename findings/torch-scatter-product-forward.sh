#!/usr/bin/env bash
# PyTorch: forward mode gives 0 for the derivative of products by scatter_reduce.
#
# Expected: jvp of scatter_reduce(…, "prod") agrees with its gradient and with prod, or is refused, as index_reduce is;
#           "sum" and "amax" agree.
# Found:    the derivative by the factors is 0 in forward mode, for 2 · 3 · 4 with no factor that is 0. Nothing is said.
#           Reverse mode gives 12, 8 and 6. jacfwd and everything that is made of jvp is wrong in the same way.
# Versions: PyTorch 2.13.0 (CPU), NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   scatter_reduce prod: reverse [12.0, 8.0, 6.0], forward [0.0, 0.0, 0.0]
#   scatter_reduce amax: reverse [0.0, 0.0, 1.0], forward [0.0, 0.0, 1.0]
#   scatter_reduce sum: reverse [1.0, 1.0, 1.0], forward [1.0, 1.0, 1.0]
#   prod: reverse [12.0, 8.0, 6.0], forward [12.0, 8.0, 6.0]
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
from torch.func import grad, jvp

index = torch.tensor([0, 0, 0])
x = torch.tensor([2.0, 3.0, 4.0])
found = {}
for name, function in (
    ("scatter_reduce prod", lambda x: torch.ones(1).scatter_reduce(0, index, x, "prod").sum()),
    ("scatter_reduce amax", lambda x: torch.ones(1).scatter_reduce(0, index, x, "amax").sum()),
    ("scatter_reduce sum", lambda x: torch.ones(1).scatter_reduce(0, index, x, "sum").sum()),
    ("prod", torch.prod),
):
    reverse = grad(function)(x).tolist()
    forward = [jvp(function, (x,), (unit,))[1].item() for unit in torch.eye(3)]
    found[name] = (reverse, forward)
    print(f"{name}: reverse {reverse}, forward {forward}")
sys.exit(0 if found == {"scatter_reduce prod": ([12, 8, 6], [0, 0, 0]), "scatter_reduce amax": ([0, 0, 1],) * 2,
                        "scatter_reduce sum": ([1, 1, 1],) * 2, "prod": ([12, 8, 6],) * 2} else 1)
PYTHON
