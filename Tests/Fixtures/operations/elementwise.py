from functools import partial

import torch

from deterministic import away_from_zero, spread, uniform, values
from operations import _patterns

inf, nan = float("inf"), float("nan")
cases = {}
pointwise = partial(_patterns.pointwise, cases)
pairwise = partial(_patterns.pairwise, cases)


def comparison(name, function):
    levels = values([0, 1, 2, 3, 4, 5], [2, 3])
    cases[name] = ([levels, values([1, 1, 4])], function)
    cases[name + ", no ties"] = ([levels, values([0.5, 3.5, 2.5])], function)
    cases[name + ", empty"] = ([uniform([0, 3]), uniform([1, 3])], function)


for sign, function in [("+", torch.add), ("-", torch.sub), ("*", torch.mul)]:
    pairwise(sign, uniform, -2, 2, function)
    pairwise(sign + "=", uniform, -2, 2, function)
pairwise("/", away_from_zero, 0.5, 2, torch.div)
pairwise("/=", away_from_zero, 0.5, 2, torch.div)
cases["negation"] = ([uniform([2, 3])], torch.neg)
cases["number + x"] = ([uniform([2, 3])], lambda x: 2 + x + 0.25)
cases["number - x"] = ([uniform([2, 3])], lambda x: 2 - x - 0.25)
cases["number * x"] = ([uniform([2, 3])], lambda x: 3 * x * 0.25)
cases["number / x"] = ([away_from_zero([2, 3])], lambda x: 3 / x / 0.25)
cases["compound with numbers"] = ([uniform([2, 3])], lambda x: ((x + 2) * 3 - 0.5) / 4)

pointwise("exp", uniform, -2, 2, torch.exp)
pointwise("log", uniform, 0.25, 2, torch.log)
pointwise("tanh", uniform, -2, 2, torch.tanh)
pointwise("sigmoid", uniform, -3, 3, torch.sigmoid)
pointwise("sin", uniform, -3, 3, torch.sin)
pointwise("cos", uniform, -3, 3, torch.cos)
pointwise("square", uniform, -2, 2, torch.square)
pointwise("sqrt", uniform, 0.25, 2, torch.sqrt)
pointwise("abs", away_from_zero, 0.2, 2, torch.abs)
pointwise("sign", away_from_zero, 0.2, 2, torch.sign)
pointwise("pow", uniform, 0.25, 2, lambda x: x.pow(2.5))
cases["pow, 1"] = ([uniform([5])], lambda x: x.pow(1))
cases["pow, 2"] = ([uniform([5])], lambda x: x.pow(2))
cases["pow, 3 of both signs"] = ([away_from_zero([5])], lambda x: x.pow(3))
cases["pow, -2 of both signs"] = ([away_from_zero([5])], lambda x: x.pow(-2))
cases["pow, 0"] = ([away_from_zero([5])], lambda x: x.pow(0))
cases["pow, tensor"] = ([uniform([2, 3, 1], 0.25, 2), uniform([3, 4], -2, 2)], torch.pow)

pairwise("maximum", spread, -1, 1, lambda x, y: torch.maximum(x, y * 0.75 + 0.1))
pairwise("minimum", spread, -1, 1, lambda x, y: torch.minimum(x, y * 0.75 + 0.1))
pointwise("clamped", spread, -1, 1, lambda x: x.clamp(-0.5, 0.65))

comparisons = {
    ".<": torch.lt, ".<=": torch.le, ".>": torch.gt, ".>=": torch.ge, ".==": torch.eq, ".!=": torch.ne
}
for name, function in comparisons.items():
    comparison(name, function)
select = lambda c, x, y: torch.where(c.bool(), x, y)
cases["where"] = ([values([1, 0, -2, nan], [4, 1]), uniform([4, 3]), uniform([3])], select)
cases["where, equal shapes"] = ([values([1, 0, 0]), uniform([3]), uniform([3])], select)
cases["where, empty"] = ([uniform([0, 3]), uniform([0, 3]), uniform([1])], select)
