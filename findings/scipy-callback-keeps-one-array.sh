#!/usr/bin/env bash
# SciPy: L-BFGS-B hands the new kind of callback the same array every time.
#
# Expected: callback(intermediate_result) gets "the present values of the parameter vector"; kept in a list they are the
#           path, as with callback(xk), which is given a copy in every iteration.
# Found:    intermediate_result.x of L-BFGS-B and Newton-CG is the optimiser's own array, which goes on changing: a list
#           of them holds the last point as often as there were iterations. BFGS and CG give a new array each time, so
#           code that works with one method is silently wrong with another; so is code that changes over from
#           callback(xk).
# Versions: SciPy 1.17.1, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   L-BFGS-B: intermediate_result 1 points in 25 calls, xk 25 in 25
#   Newton-CG: intermediate_result 1 points in 37 calls, xk 37 in 37
#   BFGS: intermediate_result 28 points in 28 calls, xk 28 in 28
#   CG: intermediate_result 30 points in 30 calls, xk 30 in 30
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet scipy==1.17.1 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
from scipy.optimize import minimize, rosen, rosen_der


def distinct(method):
    new, old = [], []

    def keep(intermediate_result):
        new.append(intermediate_result.x)

    minimize(rosen, np.zeros(3), jac=rosen_der, method=method, callback=keep)
    minimize(rosen, np.zeros(3), jac=rosen_der, method=method, callback=old.append)
    return len(new), len({tuple(x) for x in new}), len(old), len({tuple(x) for x in old})


found = {}
for method in ("L-BFGS-B", "Newton-CG", "BFGS", "CG"):
    iterations, points, iterationsOld, pointsOld = distinct(method)
    found[method] = (points == 1, points == iterations, pointsOld == iterationsOld > 10)
    print(f"{method}: intermediate_result {points} points in {iterations} calls, xk {pointsOld} in {iterationsOld}")
sys.exit(0 if found == {
    "L-BFGS-B": (True, False, True), "Newton-CG": (True, False, True),
    "BFGS": (False, True, True), "CG": (False, True, True),
} else 1)
PYTHON
