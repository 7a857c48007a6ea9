"""NumPy's functions stand in where PyTorch has none."""

from functools import partial

import numpy as np
import torch

from deterministic import spread, uniform, values
from operations import _patterns

inf, nan = float("inf"), float("nan")
cases = {}
along_axis = partial(_patterns.along_axis, cases)


def numpy(function):
    def applied(x):
        with np.errstate(all="ignore"):
            import warnings

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return torch.as_tensor(np.asarray(function(x.numpy())))

    return applied


def without_nan(name, function):
    some = values([1, nan, 3, nan, nan, nan, -2, 5, 0.5], [3, 3])
    whole = values([0.3, -0.7, 0.2, 0.9, -0.4, 0.6], [2, 3])
    cases[name] = ([whole], numpy(lambda x: function(x, axis=(0, 1))))
    cases[name + ", axis"] = ([whole], numpy(lambda x: function(x, axis=1)))
    cases[name + ", axis kept"] = ([whole], numpy(lambda x: function(x, axis=0, keepdims=True)))
    cases[name + ", some"] = ([some], numpy(lambda x: function(x, axis=1)))
    cases[name + ", single"] = ([values([0.3, -0.7, 0.2], [1, 3])], numpy(lambda x: function(x, axis=1)))
    cases[name + ", empty"] = ([uniform([0, 3])], lambda x: x.sum(1))


without_nan("nanSum", np.nansum)
without_nan("nanMean", np.nanmean)
without_nan("nanVariance", partial(np.nanvar, ddof=1))
without_nan("nanStandardDeviation", partial(np.nanstd, ddof=1))
without_nan("nanMax", np.nanmax)
without_nan("nanMin", np.nanmin)
cases["nanVariance, correction 0"] = ([uniform([3, 4])], lambda x: x.var(1, correction=0))


def batch(function):
    return lambda x: torch.stack([function(m) for m in x]) if x.dim() > 2 else function(x)


for suffix, shape in [("", [3, 5]), (", batch", [2, 2, 4])]:
    cases["covariance" + suffix] = ([uniform(shape)], batch(torch.cov))
    cases["correlation" + suffix] = ([uniform(shape)], batch(torch.corrcoef))
cases["covariance, single"] = ([uniform([1, 4])], lambda x: torch.cov(x).reshape(1, 1))
cases["correlation, single"] = ([uniform([1, 4])], lambda x: x.new_ones([1, 1]))
cases["covariance, empty"] = ([uniform([0, 3])], lambda x: x.new_zeros([0, 0]))
cases["correlation, empty"] = ([uniform([0, 3])], lambda x: x.new_zeros([0, 0]))
cases["covariance, correction 0"] = ([uniform([3, 5])], lambda x: torch.cov(x, correction=0))

cases["minMax, min"] = ([spread([3, 4])], lambda x: torch.aminmax(x, dim=-1).min)
cases["minMax, single"] = ([spread([1, 3])], lambda x: torch.aminmax(x, dim=-1).min)
cases["minMax, empty"] = ([spread([0, 3])], lambda x: x.new_zeros([0]))
cases["minMax, max"] = ([spread([3, 4])], lambda x: torch.aminmax(x, dim=0, keepdim=True).max)
cases["peakToPeak"] = ([spread([3, 4])], numpy(lambda x: np.ptp(x, axis=-1)))
cases["peakToPeak, empty"] = ([spread([0, 3])], lambda x: x.new_zeros([0]))
cases["peakToPeak, all"] = ([spread([3, 4])], numpy(np.ptp))
cases["peakToPeak, single"] = ([spread([1, 3])], numpy(np.ptp))
weighted = lambda x, w: (x * w).sum(1) / w.expand(x.shape).sum(1)
cases["weightedMean"] = (
    [uniform([3, 4]), uniform([4], 0.5, 2)],
    lambda x, w: torch.as_tensor(np.average(x.numpy(), axis=1, weights=w.numpy())),
)
cases["weightedMean, of columns"] = (
    [uniform([3, 4]), uniform([3, 1], 0.5, 2)],
    lambda x, w: (x * w).sum(0, keepdim=True) / w.expand(x.shape).sum(0, keepdim=True),
)
cases["weightedMean, single"] = ([uniform([1, 3]), uniform([1, 3], 0.5, 2)], weighted)
cases["weightedMean, empty"] = ([uniform([0, 3]), uniform([3], 0.5, 2)], weighted)
for suffix, shape, k, axis in [
    ("", [3, 5], 2, -1), (", first axis", [5, 3], 5, 0), (", single", [1, 3], 1, 0), (", empty", [0, 3], 1, 1),
]:
    cases["kthValue" + suffix] = ([spread(shape)], lambda x, k=k, a=axis: x.kthvalue(k, a).values)
cases["kthValue, positions"] = ([spread([3, 5])], lambda x: x.kthvalue(2, keepdim=True).indices)
often = [2, 1, 2, 3, 3, 1, 3, 1]
cases["mode"] = ([values(often, [2, 4])], lambda x: x.mode().values)
cases["mode, first axis"] = ([values(often, [4, 2])], lambda x: x.mode(0, keepdim=True).values)
cases["mode, single"] = ([uniform([1, 3])], lambda x: x.mode(0).values)
cases["mode, empty"] = ([uniform([0, 3])], lambda x: x.new_zeros([0]))

for suffix, shape, order, axis in [
    ("", [3, 5], 1, -1), (", second", [5, 2], 2, 0), (", none", [3, 2], 0, 0), (", single", [2, 1, 3], 1, 2),
    (", empty", [0, 3], 1, 1),
]:
    cases["diff" + suffix] = ([uniform(shape)], lambda x, n=order, a=axis: torch.diff(x, n, a))
cases["diff, of one"] = ([uniform([3, 1])], torch.diff)
for suffix, shape, axis in [("", [3, 5], -1), (", first axis", [4, 2], 0), (", single", [1, 3], 1), (", empty", [0, 3], 1)]:
    cases["trapezoid" + suffix] = ([uniform(shape)], lambda x, a=axis: torch.trapezoid(x, dx=0.5, dim=a))
    cases["cumulativeTrapezoid" + suffix] = (
        [uniform(shape)], lambda x, a=axis: torch.cumulative_trapezoid(x, dx=0.5, dim=a))
interp = lambda x, xs, ys: torch.as_tensor(np.interp(x.numpy(), xs.numpy(), ys.numpy()))
xs = values([-0.8, -0.1, 0.3, 0.9])
for suffix, shape in [("", [2, 5]), (", single", [1, 1]), (", empty", [0, 3])]:
    cases["interp" + suffix] = ([uniform(shape, -0.75, 0.85), xs, uniform([4])], interp)
cases["interp, beyond"] = ([values([-2, -0.8, 0.3, 0.9, 5, nan]), xs, uniform([4])], interp)
cases["interp, one point"] = ([values([-2, 3]), values([1]), values([7])], interp)

for name, function in [("cumulativeMax", torch.cummax), ("cumulativeMin", torch.cummin)]:
    along_axis(name, spread, lambda x, a, f=function: f(x, a).values)
    ties = values([1, 3, 3, 0, nan, 2, 1, 1, -inf])
    cases[name + ", special"] = ([ties], lambda x, f=function: f(x, 0).values)
tied = values([1, 3, 3, 0, 5, 2], [2, 3])
cases["cumulativeMax, positions"] = ([tied], lambda x: x.cummax(1).indices)
cases["cumulativeMin, positions"] = ([tied], lambda x: x.cummin(0).indices)
along_axis("logCumulativeSumExp", lambda shape: uniform(shape, -2, 2), torch.logcumsumexp)
cases["logCumulativeSumExp, far"] = ([values([-900, -1, 800, 800, -5])], lambda x: x.logcumsumexp(0))
cases["logCumulativeSumExp, special"] = (
    [values([-inf, 1, -inf, inf, 2, nan])], lambda x: x.logcumsumexp(0))
