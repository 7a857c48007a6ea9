#!/usr/bin/env bash
# SciPy: a gradient written into the same array every time ends some optimisers at the start, with success.
#
# Expected: minimize(jac=True) works with a function that fills one array with its gradient and returns it, as functions
#           do that save memory: the point x is copied for the function, and nothing in the documentation asks for a new
#           array.
# Found:    BFGS and CG take the difference of the gradient with itself and run into their limit of iterations;
#           Newton-CG stops after one iteration and reports "Optimization terminated successfully" with the value that
#           it began with. L-BFGS-B, TNC and SLSQP copy the gradient and give the same result as with a new array.
# Versions: SciPy 1.17.1, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   the start has 2.0
#   Newton-CG: one array 2, success True, 1 iterations; new arrays 3e-14, 37 iterations
#   BFGS: one array 0.2, success False, 600 iterations; new arrays 2e-14, 28 iterations
#   CG: one array 0.01, success False, 600 iterations; new arrays 6e-12, 30 iterations
#   L-BFGS-B: one array 3e-14, success True, 25 iterations; new arrays 3e-14, 25 iterations
#   TNC: one array 2e-12, success True, 29 iterations; new arrays 2e-12, 29 iterations
#   SLSQP: one array 2e-08, success True, 24 iterations; new arrays 2e-08, 24 iterations
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
import warnings

import numpy as np
from scipy.optimize import minimize, rosen, rosen_der

warnings.simplefilter("ignore")
gradient = np.zeros(3)


def reused(x):
    gradient[:] = rosen_der(x)
    return rosen(x), gradient


def fresh(x):
    return rosen(x), rosen_der(x)


print("the start has", rosen(np.zeros(3)))
found = {}
for method in ("Newton-CG", "BFGS", "CG", "L-BFGS-B", "TNC", "SLSQP"):
    one = minimize(reused, np.zeros(3), jac=True, method=method)
    new = minimize(fresh, np.zeros(3), jac=True, method=method)
    found[method] = (bool(one.success), one.fun < 1e-6)
    print(f"{method}: one array {one.fun:.1g}, success {one.success}, {one.nit} iterations; "
          f"new arrays {new.fun:.1g}, {new.nit} iterations")
    if new.fun > 1e-6:
        sys.exit(1)
sys.exit(0 if found == {
    "Newton-CG": (True, False), "BFGS": (False, False), "CG": (False, False),
    "L-BFGS-B": (True, True), "TNC": (True, True), "SLSQP": (True, True),
} else 1)
PYTHON
