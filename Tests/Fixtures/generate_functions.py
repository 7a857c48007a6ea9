#!/usr/bin/env python3
"""Makes Tests/Fixtures/functions.json again: what elementwise functions of `Double` are, to twice its digits.

    make fixtures FAMILY=functions

Only functions that CKernels computes itself; the others are the C library's. For each a list of [x, y, rest]: y is
f(x) rounded to a double, and y + rest is f(x) to more than thirty digits. Needs mpmath; the tests do not.
"""

import json
import random
from pathlib import Path

from mpmath import erfc, exp, expm1, log, log1p, mp, mpf, pi, sqrt, tanh

mp.dps = 60
COUNT = 160
ROOT = sqrt(mpf(8) / pi)


def sigmoid(x):
    return 1 / (1 + exp(-x))


def softplus(x):
    return log1p(exp(-abs(x))) + max(x, 0)


def share(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def inner(x):
    """Twice the argument of GELU's hyperbolic tangent."""
    return ROOT * x * (1 + mpf(0.044715) * x * x)


def gelu_by_tanh_slope(x):
    s = sigmoid(inner(x))
    return s + x * s * (1 - s) * ROOT * (1 + 3 * mpf(0.044715) * x * x)


def mish_slope(x):
    t = tanh(softplus(x))
    return t + x * sigmoid(x) * (1 - t * t)


# For each function the range in which it is measured; alpha of elu is ½.
FUNCTIONS = {
    "exp": (exp, -708, 709),
    "tanh": (tanh, -20, 20),
    "sigmoid": (sigmoid, -708, 40),
    "logit": (lambda x: log(x / (1 - x)), 1e-300, 1 - 2**-53),
    "softplus": (softplus, -708, 700),
    "silu": (lambda x: x * sigmoid(x), -700, 700),
    "gelu": (lambda x: x * share(x), -37, 700),
    "gelu_by_tanh": (lambda x: x * sigmoid(inner(x)), -20, 700),
    "mish": (lambda x: x * tanh(softplus(x)), -700, 700),
    "elu": (lambda x: x if x > 0 else expm1(x) / 2, -700, 700),
    "softplus_slope": (sigmoid, -700, 40),
    "silu_slope": (lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x))), -700, 700),
    "gelu_slope": (lambda x: share(x) + x * exp(-x * x / 2) / sqrt(2 * pi), -37, 700),
    "gelu_by_tanh_slope": (gelu_by_tanh_slope, -20, 700),
    "mish_slope": (mish_slope, -700, 700),
    "elu_slope": (lambda x: mpf(1) if x > 0 else exp(x) / 2, -700, 700),
}


def points(name, low, high):
    """Half of them spread over the range, half of all sizes within it."""
    draw = random.Random(name)
    for _ in range(COUNT // 2):
        yield draw.uniform(low, high)
        size = 2.0 ** draw.uniform(-30, 10) * draw.choice((-1, 1))
        yield min(max(size, low), high)


def main():
    lines = []
    for name, (function, low, high) in FUNCTIONS.items():
        rows = []
        for x in points(name, low, high):
            exact = function(mpf(x))
            y = float(exact)
            rows.append([x, y, float(exact - mpf(y))])
        lines.append(f"{json.dumps(name)}: {json.dumps(rows)}")
    path = Path(__file__).resolve().parent / "functions.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{len(lines)} functions of {COUNT} points")


if __name__ == "__main__":
    main()
