from functools import partial

import torch

from deterministic import away_from_zero, spread, uniform, values
from operations import _patterns

inf, nan = float("inf"), float("nan")
cases = {}
pointwise = partial(_patterns.pointwise, cases)
pairwise = partial(_patterns.pairwise, cases)

pointwise("tan", uniform, -1.25, 1.25, torch.tan)
pointwise("asin", uniform, -0.9, 0.9, torch.asin)
pointwise("acos", uniform, -0.9, 0.9, torch.acos)
pointwise("atan", uniform, -3, 3, torch.atan)
pointwise("sinh", uniform, -2, 2, torch.sinh)
pointwise("cosh", uniform, -2, 2, torch.cosh)
pointwise("asinh", uniform, -3, 3, torch.asinh)
pointwise("acosh", uniform, 1.25, 4, torch.acosh)
pointwise("atanh", uniform, -0.9, 0.9, torch.atanh)
pointwise("exp2", uniform, -3, 3, torch.exp2)
pointwise("expm1", uniform, -2, 2, torch.expm1)
pointwise("log2", uniform, 0.25, 4, torch.log2)
pointwise("log10", uniform, 0.25, 4, torch.log10)
pointwise("log1p", uniform, -0.75, 3, torch.log1p)
pointwise("erf", uniform, -2, 2, torch.erf)
pointwise("erfc", uniform, -2, 2, torch.erfc)
pointwise("logGamma", uniform, 0.5, 5, torch.lgamma)
pointwise("digamma", uniform, 0.5, 5, torch.digamma)
pointwise("polygamma", uniform, 0.5, 5, lambda x: torch.polygamma(3, x))
cases["polygamma, 2 below 0"] = ([values([-0.3, -1.4, -2.25, -3.75])], lambda x: torch.polygamma(2, x))
cases["digamma, below 0"] = ([values([-0.3, -1.4, -2.25, -3.75])], torch.digamma)
# torch.polygamma(1, x) has ten digits only; Hurwitz's zeta function is the same.
cases["polygamma, 1"] = ([uniform([2, 3, 4], 0.5, 5)], lambda x: torch.special.zeta(x * 0 + 2, x))
cases["polygamma, 1 below 0"] = (
    [values([-0.3, -1.4, -2.25, -3.75])],
    lambda x: (torch.pi / torch.sin(torch.pi * x)) ** 2 - torch.special.zeta(x * 0 + 2, 1 - x),
)
cases["logGamma, below 0"] = ([values([-0.3, -1.4, -2.25, -3.75])], torch.lgamma)
pointwise("cbrt", away_from_zero, 0.2, 2, lambda x: x.sign() * x.abs().pow(1 / 3))
pointwise("reciprocal", away_from_zero, 0.5, 2, torch.reciprocal)
pointwise("rsqrt", uniform, 0.25, 2, torch.rsqrt)
pairwise("hypot", away_from_zero, 0.2, 2, torch.hypot)
pairwise("atan2", away_from_zero, 0.2, 2, torch.atan2)

pointwise("floor", spread, -3, 3.2, torch.floor)
pointwise("ceil", spread, -3, 3.2, torch.ceil)
pointwise("round", spread, -3.1, 3, torch.round)
pointwise("trunc", spread, -3, 3, torch.trunc)
pairwise("remainder", away_from_zero, 0.5, 2, lambda x, y: torch.remainder(2.5 * x, y))
cases["remainder, of a number"] = ([spread([3, 4], -3, 3)], lambda x: torch.remainder(x, 0.8))

specials = values([nan, -0.0, 0, -inf, inf, 1, -1, 0.5, -0.5, 2, -2])
for name, function in {
    "tan": torch.tan,
    "asin": torch.asin,
    "acos": torch.acos,
    "atan": torch.atan,
    "sinh": torch.sinh,
    "cosh": torch.cosh,
    "asinh": torch.asinh,
    "acosh": torch.acosh,
    "atanh": torch.atanh,
    "exp2": torch.exp2,
    "expm1": torch.expm1,
    "log2": torch.log2,
    "log10": torch.log10,
    "log1p": torch.log1p,
    "erf": torch.erf,
    "erfc": torch.erfc,
    "logGamma": torch.lgamma,
    "digamma": torch.digamma,
    "reciprocal": torch.reciprocal,
    "rsqrt": torch.rsqrt,
    "floor": torch.floor,
    "ceil": torch.ceil,
    "round": torch.round,
    "trunc": torch.trunc,
}.items():
    cases[name + ", special"] = ([specials], function)
for name, function in {"atan2": torch.atan2, "hypot": torch.hypot, "remainder": torch.remainder}.items():
    column = values([nan, -0.0, 0, -inf, inf, 1, -1, 0.5, -0.5, 2, -2], [11, 1])
    cases[name + ", special pairs"] = ([column, specials], function)
cases["round, ties"] = ([values([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 1e15])], torch.round)
cases["expm1, near 0"] = ([values([1e-12, -1e-12, 1e-3, 50, -100])], torch.expm1)
cases["log1p, near 0"] = ([values([1e-12, -1e-12, 1e-3, 100])], torch.log1p)
cases["erfc, far"] = ([values([3, 3.5, 4, 4.5, 5, -5])], lambda x: torch.erfc(x))
cases["digamma, far"] = ([values([1e-3, 1e-2, 20, 1e3, 1e6])], torch.digamma)
