#!/usr/bin/env bash
# PyTorch: clamp with a limit that is a tensor has two derivatives at the limit.
#
# Expected: at a kink any derivative between those of the two sides will do, but one: forward and reverse mode agree, as
#           they do for clamp with a number (1), maximum (one half) and relu (0).
# Found:    where an element equals its limit, reverse mode gives 1 and forward mode 0 for clamp(min=tensor), for
#           clamp(max=tensor) and for fmax, and prelu at 0 has its weight in one and 1 in the other. Pictures are
#           full of such elements: what was clamped once lies on the limit. A Jacobian is another by jacfwd than by
#           jacrev, and clamp(min=0) another function than clamp(min=torch.tensor(0.)).
# Versions: PyTorch 2.13.0 (CPU), NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   clamp(min=tensor): reverse 1, forward 0
#   clamp(max=tensor): reverse 1, forward 0
#   fmax: reverse 1, forward 0
#   prelu: reverse 0.25, forward 1
#   clamp(min=0): reverse 1, forward 1
#   maximum: reverse 0.5, forward 0.5
#   relu: reverse 0, forward 0
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
from torch.nn.functional import prelu

zero = torch.zeros(())
found = {}
for name, function in (
    ("clamp(min=tensor)", lambda x: x.clamp(min=zero)),
    ("clamp(max=tensor)", lambda x: x.clamp(max=zero)),
    ("fmax", lambda x: torch.fmax(x, zero)),
    ("prelu", lambda x: prelu(x.reshape(1), torch.tensor([0.25])).sum()),
    ("clamp(min=0)", lambda x: x.clamp(min=0)),
    ("maximum", lambda x: torch.maximum(x, zero)),
    ("relu", torch.relu),
):
    found[name] = (grad(function)(zero).item(), jvp(function, (zero,), (torch.ones(()),))[1].item())
    print(f"{name}: reverse {found[name][0]:g}, forward {found[name][1]:g}")
sys.exit(0 if list(found.values()) == [(1, 0), (1, 0), (1, 0), (0.25, 1), (1, 1), (0.5, 0.5), (0, 0)] else 1)
PYTHON
