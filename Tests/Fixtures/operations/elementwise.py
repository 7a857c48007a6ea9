import torch

from deterministic import away_from_zero, uniform

cases = {}


def pointwise(name, draw, low, high, function):
    for suffix, shape in [("", [2, 3, 4]), (", empty", [0, 3]), (", single", [1, 1])]:
        cases[name + suffix] = ([draw(shape, low, high)], function)


def pairwise(name, draw, low, high, function):
    for suffix, left, right in [
        ("", [2, 3, 4], [2, 3, 4]),
        (", broadcast", [2, 3, 1], [3, 4]),
        (", by a number", [3, 4], []),
        (", empty", [0, 3], [1, 3]),
        (", single", [1, 1], [1]),
    ]:
        cases[name + suffix] = ([draw(left, low, high), draw(right, low, high)], function)


pointwise("exp", uniform, -2, 2, torch.exp)
pairwise("+", uniform, -2, 2, torch.add)
pairwise("-", uniform, -2, 2, torch.sub)
pairwise("*", uniform, -2, 2, torch.mul)
pairwise("/", away_from_zero, 0.5, 2, torch.div)
cases["negation"] = ([uniform([2, 3])], torch.neg)
