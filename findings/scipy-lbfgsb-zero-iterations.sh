#!/usr/bin/env bash
# SciPy: L-BFGS-B with maxiter 0 makes an iteration, and with maxfun 1 three or more evaluations.
#
# Expected: "Maximum number of algorithm iterations" 0 leaves the start as it is, as with BFGS and CG. maxfun may be
#           exceeded "if the gradients are evaluated by numerical differentiation", so not when the gradient is given.
# Found:    the limits are looked at after an iteration: maxiter 0 is the same as maxiter 1, in result and count, and
#           maxfun 1 lets a whole line search run. Who compares optimisers at a fixed number of evaluations, or resumes
#           with what is left of a budget, gets more.
# Versions: SciPy 1.17.1, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   L-BFGS-B {'maxiter': 0}: 1 iterations, 4 evaluations, moved: True
#   L-BFGS-B {'maxiter': 1}: 1 iterations, 4 evaluations, moved: True
#   L-BFGS-B {'maxfun': 1}: 1 iterations, 4 evaluations, moved: True
#   BFGS {'maxiter': 0}: 0 iterations, 1 evaluations, moved: False
#   CG {'maxiter': 0}: 0 iterations, 1 evaluations, moved: False
#   Newton-CG {'maxiter': 0}: 0 iterations, 1 evaluations, moved: False
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


def run(method, **options):
    result = minimize(rosen, np.zeros(3), jac=rosen_der, method=method, options=options)
    moved = bool(np.any(result.x != 0))
    print(f"{method} {options}: {result.nit} iterations, {result.nfev} evaluations, moved: {moved}")
    return result.nit, result.nfev, moved


zero, one = run("L-BFGS-B", maxiter=0), run("L-BFGS-B", maxiter=1)
calls = run("L-BFGS-B", maxfun=1)
others = [run(method, maxiter=0) for method in ("BFGS", "CG", "Newton-CG")]
sys.exit(0 if zero == one and zero[0] == 1 and zero[2] and calls[1] > 1 and calls[2]
         and all(other == (0, 1, False) for other in others) else 1)
PYTHON
