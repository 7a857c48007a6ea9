#!/usr/bin/env bash
# tinygrad: sorted beside a NaN, numbers come twice and the NaN is gone.
#
# Expected: a sort gives the same numbers in another order.
# Found:    Tensor.sort of an array with a NaN gives other numbers: the NaN is gone and a number stands there twice, or,
#           where it comes first, all are NaN. The places that come with them are no order of the array. The maximum
#           passes a NaN by or not, by where it lies.
# Versions: tinygrad 0.14.0, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   [3.0, 2.5, 1.0, 2.0]: sorted [1.0, 2.0, 2.5, 3.0], places [2, 3, 1, 0], maximum 3.0
#   [3.0, nan, 1.0, 2.0]: sorted [1.0, 2.0, 3.0, 3.0], places [2, 3, 0, 0], maximum 3.0
#   [nan, 3.0, 1.0, 2.0]: sorted [nan, nan, nan, nan], places [0, 0, 0, 0], maximum nan
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tinygrad==0.14.0
cd "$folder"
venv/bin/python - <<'PYTHON'
import os
import sys

os.environ["DEV"] = "CPU"
from tinygrad import Tensor

nan = float("nan")
found = []
for values in ([3.0, 2.5, 1.0, 2.0], [3.0, nan, 1.0, 2.0], [nan, 3.0, 1.0, 2.0]):
    ordered = Tensor(values).sort()
    ranked, places = ordered[0].tolist(), ordered[1].tolist()
    found.append(sorted(ranked) == sorted(values))
    print(f"{values}: sorted {ranked}, places {places}, maximum {Tensor(values).max().item()}")
sys.exit(0 if found == [True, False, False] else 1)
PYTHON
