#!/usr/bin/env python3
"""Makes Tests/Fixtures/nn/bounded.json: convex functions in boxes and where SciPy's L-BFGS-B finds their minima.

Run from the repository's root:

    pip install scipy numpy
    python3 Tests/Fixtures/generate_bounded.py

The functions are those of Tests/NNTests/BoundedProblems.swift, from the same numbers.
"""

import json
import pathlib

import numpy as np
from scipy.optimize import minimize

from deterministic import uniform

N, ROWS = 12, 30
A = uniform([ROWS, N])(1)
B = uniform([ROWS], -2, 2)(2)
C = uniform([N])(3)
LABELS = np.where(uniform([ROWS])(4) > 0, 1.0, -1.0)
SIGNAL = np.where(np.arange(N) < N // 2, 0.1, 0.9) + 0.3 * uniform([N])(5)


def quadratic(condition):
    curvature = condition ** (np.arange(N) / (N - 1))
    target = 2 * C
    return lambda x: (0.5 * (curvature * (x - target) ** 2).sum(), curvature * (x - target))


def least_squares(x):
    r = A @ x - B
    return 0.5 * r @ r, A.T @ r


def logistic(x):
    m = LABELS * (A @ x)
    loss = np.logaddexp(0, -m).sum() + 0.05 * x @ x
    return loss, -A.T @ (LABELS / (1 + np.exp(m))) + 0.1 * x


def entropy(x):
    return (x * np.log(x)).sum() + 3 * C @ x, np.log(x) + 1 + 3 * C


def huber(x):
    """Pseudo-Huber: Σ √(1 + (r / δ)²) with δ = 0.1."""
    r = (A @ x - B) / 0.1
    root = np.sqrt(1 + r ** 2)
    return root.sum(), A.T @ (r / root) / 0.1


def log_sum_exp(x):
    z = 4 * (A @ x) + B
    top = z.max()
    e = np.exp(z - top)
    return top + np.log(e.sum()) + 0.01 * x @ x, 4 * A.T @ (e / e.sum()) + 0.02 * x


def denoising(x):
    """½ ‖x − signal‖² + 0.2 Σ √(Δx² + 0.01²)."""
    d = np.diff(x)
    root = np.sqrt(d ** 2 + 1e-4)
    slope = 0.2 * d / root
    gradient = x - SIGNAL
    gradient[1:] += slope
    gradient[:-1] -= slope
    return 0.5 * ((x - SIGNAL) ** 2).sum() + 0.2 * root.sum(), gradient


PROBLEMS = {
    "quadratic, condition 1": (quadratic(1.0), 0.0, 1.0),
    "quadratic, condition 10000": (quadratic(1e4), 0.0, 1.0),
    "non-negative least squares": (least_squares, 0.0, 10.0),
    "logistic regression": (logistic, -0.25, 0.25),
    "entropy": (entropy, 0.05, 0.8),
    "pseudo-Huber regression": (huber, -0.5, 0.5),
    "log-sum-exp": (log_sum_exp, -0.3, 1.0),
    "total variation denoising": (denoising, 0.0, 0.8),
}


def main():
    results = []
    for name, (function, low, high) in PROBLEMS.items():
        start = np.full(N, low + 0.7 * (high - low))
        step = 1e-6 * uniform([N])(9)
        ahead, behind = function(start + step)[0], function(start - step)[0]
        assert np.isclose(ahead - behind, 2 * function(start)[1] @ step, rtol=1e-4), name
        found = minimize(function, start, jac=True, method="L-BFGS-B", bounds=[(low, high)] * N,
                         options={"ftol": 1e-16, "gtol": 1e-11, "maxiter": 10_000, "maxls": 100})
        active = int(((found.x == low) | (found.x == high)).sum())
        print(f"{name}: {found.fun} after {found.nfev} evaluations, {active} of {N} at a bound")
        assert 0 < active < N, name
        results.append({"name": name, "lower": low, "upper": high, "start": start.tolist(), "value": found.fun,
                        "point": found.x.tolist(), "evaluations": found.nfev})
    path = pathlib.Path("Tests/Fixtures/nn/bounded.json")
    path.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
