from functools import partial

import torch
import torch.nn.functional as F

from deterministic import away_from_zero, spread, uniform, values
from operations import _patterns

inf, nan = float("inf"), float("nan")
cases = {}
pointwise = partial(_patterns.pointwise, cases)
pairwise = partial(_patterns.pairwise, cases)
special = partial(_patterns.special, cases)


def special_pairs(name, function):
    cases[name + ", special pairs"] = (
        [values(_patterns.specials, [len(_patterns.specials), 1]), values(_patterns.specials)],
        function,
    )


for name, function in [
    ("isNaN", torch.isnan), ("isFinite", torch.isfinite), ("isInfinite", torch.isinf), ("signBit", torch.signbit),
]:
    special(name, function)
    pointwise(name, away_from_zero, 0.2, 2, function)

x, y = values([1, 1.1, 2, -3], [2, 2]), values([1.00001, 2.5])
cases["isClose"] = ([x, y], lambda x, y: torch.isclose(x, y, rtol=1e-3))
cases["isClose, single"] = ([values([2], [1, 1]), values([2.5])], lambda x, y: torch.isclose(x, y, atol=1))
cases["isClose, empty"] = ([uniform([0, 3]), uniform([1])], torch.isclose)
special_pairs("isClose", torch.isclose)
cases["isClose, equal NaN"] = (
    [values([nan, 1]), values([nan, nan])], lambda x, y: torch.isclose(x, y, equal_nan=True))
cases["allClose"] = ([x, y], torch.allclose)
cases["allClose, wide"] = ([x, y], lambda x, y: torch.allclose(x, y, atol=9))
cases["allClose, single"] = ([values([2], [1, 1]), values([2.5])], lambda x, y: torch.allclose(x, y, rtol=0.5))
cases["allClose, empty"] = ([uniform([0, 3]), uniform([1])], torch.allclose)

pairwise("copysign", away_from_zero, 0.2, 2, torch.copysign)
special_pairs("copysign", torch.copysign)
heaviside = lambda x: torch.heaviside(x, torch.tensor(0.75, dtype=x.dtype))
pointwise("heaviside", away_from_zero, 0.2, 2, heaviside)
special("heaviside", heaviside)
pointwise("frac", spread, -3, 3, torch.frac)
special("frac", torch.frac)
pointwise("round, decimals", spread, -3, 3.12, lambda x: torch.round(x, decimals=1))
cases["round, tens"] = ([values([14, 15, 16, -25, 149, 0])], lambda x: torch.round(x, decimals=-1))
pairwise("truncatingRemainder", away_from_zero, 0.5, 2, lambda x, y: torch.fmod(2.5 * x, y))
cases["truncatingRemainder, of a number"] = ([spread([3, 4], -3, 3)], lambda x: torch.fmod(x, 0.8))
special_pairs("truncatingRemainder", torch.fmod)
pairwise("floorDivided", away_from_zero, 0.5, 2, lambda x, y: torch.floor_divide(2.5 * x, y))
cases["floorDivided, by one number"] = ([spread([3, 4], -3, 3)], lambda x: torch.floor_divide(x, 0.8))
special_pairs("floorDivided", torch.floor_divide)

pairwise("logAddExp", uniform, -2, 2, torch.logaddexp)
cases["logAddExp, ties"] = ([values([1, -2, 0]), values([1, -2, 0])], torch.logaddexp)
cases["logAddExp, far"] = ([values([900, -900, 40, 0]), values([899, -901, 0, -700])], torch.logaddexp)
special_pairs("logAddExp", torch.logaddexp)
pairwise("logAddExp2", uniform, -2, 2, torch.logaddexp2)
special_pairs("logAddExp2", torch.logaddexp2)
pairwise("xlogy", uniform, 0.25, 2, torch.xlogy)
special_pairs("xlogy", torch.xlogy)
cases["xlogy, zeros"] = ([values([0, 0, 2]), values([0, 0.5, 0.5])], torch.xlogy)
pairwise("xlog1py", uniform, 0.25, 2, torch.special.xlog1py)
special_pairs("xlog1py", torch.special.xlog1py)
pointwise("entr", uniform, 0.05, 1, torch.special.entr)
special("entr", torch.special.entr)

pairwise("lerp", uniform, -2, 2, lambda x, y: torch.lerp(x, y, 0.3))
cases["lerp, beyond the middle"] = ([uniform([3, 4]), uniform([4])], lambda x, y: torch.lerp(x, y, 0.75))
cases["lerp, tensor"] = ([uniform([2, 3, 1]), uniform([3, 4]), uniform([4], 0, 1)], torch.lerp)
cases["lerp, ends"] = ([values([0.1, 0.1]), values([0.7, 0.7]), values([0, 1])], torch.lerp)
pointwise("nanToNum", uniform, -2, 2, torch.nan_to_num)
special("nanToNum", lambda x: torch.nan_to_num(x, 0.5, 7, -9))
cases["nanToNum, some"] = ([values([nan, 1, inf, -inf])], lambda x: torch.nan_to_num(x, posinf=4, neginf=-4))
masked_fill = lambda x, m: x.masked_fill(m.bool(), -0.5)
cases["maskedFill"] = ([uniform([2, 3]), values([0, 1, 0])], masked_fill)
cases["maskedFill, single"] = ([uniform([1, 1]), values([0])], masked_fill)
cases["maskedFill, empty"] = ([uniform([0, 3]), uniform([1])], masked_fill)
pointwise("clamped, from below", spread, -1, 1, lambda x: x.clamp(min=-0.3))
pointwise("clamped, from above", spread, -1, 1, lambda x: x.clamp(max=0.3))
cases["clamped, by tensors"] = (
    [spread([3, 4], -2, 2), uniform([4], -1, -0.5), uniform([3, 1], 0.5, 1)], torch.clamp)
special("clamped, to 0 and more", lambda x: x.clamp(min=0))
for suffix, p, axis in [("", 2, -1), (" of order 1", 1, 0), (" of order inf", inf, 1)]:
    cases["normalized" + suffix] = (
        [away_from_zero([3, 4])], lambda x, p=p, a=axis: F.normalize(x, p, a))
cases["normalized of order 3"] = ([away_from_zero([3, 4])], lambda x: F.normalize(x.flatten(), 3, 0).reshape(3, 4))
cases["normalized, single"] = ([away_from_zero([1, 3])], lambda x: F.normalize(x, dim=1))
cases["normalized, zeros"] = ([values([0, 0, 3, 4], [2, 2])], lambda x: F.normalize(x, dim=1))
cases["normalized, empty"] = ([uniform([0, 3])], lambda x: F.normalize(x, dim=1))

pointwise("erfinv", uniform, -0.95, 0.95, torch.erfinv)
special("erfinv", torch.erfinv)
cases["erfinv, near the ends"] = ([values([1 - 1e-5, -1 + 1e-6, 1e-9, 0.85, -0.86])], torch.erfinv)
pointwise("erfcx", uniform, -1, 4, torch.special.erfcx)
special("erfcx", torch.special.erfcx)
cases["erfcx, far"] = ([values([-5, 1.99, 2.01, 5, 10, 50, 1e3])], torch.special.erfcx)
# torch.special.ndtr itself subtracts nearly equal numbers below 0.
pointwise("ndtr", uniform, -2, 2, lambda x: torch.erfc(-x * 0.5**0.5) / 2)
special("ndtr", torch.special.ndtr)
pointwise("ndtri", uniform, 0.05, 0.95, torch.special.ndtri)
special("ndtri", torch.special.ndtri)
cases["ndtri, near 0"] = ([values([1e-30, 1e-12, 1e-3, 0.07, 0.08])], torch.special.ndtri)
pointwise("logNdtr", uniform, -4, 3, torch.special.log_ndtr)
special("logNdtr", torch.special.log_ndtr)
cases["logNdtr, far"] = ([values([-30, -10, -1.01, -0.99, 5])], torch.special.log_ndtr)
pointwise("i0", uniform, -4, 4, torch.special.i0)
pointwise("i0e", away_from_zero, 0.2, 4, torch.special.i0e)
pointwise("i1", away_from_zero, 0.2, 4, torch.special.i1)
pointwise("i1e", away_from_zero, 0.2, 4, torch.special.i1e)
for name in ["i0", "i0e", "i1", "i1e"]:
    cases[name + ", far"] = ([values([-40, -29, 8, 12, 31, 80])], getattr(torch.special, name))
special("i0e", torch.special.i0e)
special("i1e", torch.special.i1e)
pointwise("sinc", uniform, -2, 2, torch.sinc)
cases["sinc, near 0"] = ([values([0.01, -0.02, 0.1, 0.158])], torch.sinc)
special("sinc", torch.sinc)
pointwise("deg2rad", uniform, -180, 180, torch.deg2rad)
pointwise("rad2deg", uniform, -3, 3, torch.rad2deg)
pointwise("multivariateLogGamma", uniform, 1.5, 5, lambda x: torch.mvlgamma(x, 3))
