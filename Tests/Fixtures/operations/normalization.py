import torch
import torch.nn.functional as F

from deterministic import uniform, values

inf = float("inf")
huge = [1e4, -1e4, 9999, 0, 5, -3, -9998, -1e4, 9998.5]
masked = [1, -inf, 2, -inf, -inf, 0.5, 0, 3, -inf]
cases = {}


def standardized(x, axes, epsilon=1e-5):
    variance = x.var(axes, unbiased=False, keepdim=True)
    return (x - x.mean(axes, keepdim=True)) / torch.sqrt(variance + epsilon)


for name, function in {
    "softmax": torch.softmax,
    "logSoftmax": torch.log_softmax,
    "logSumExp": torch.logsumexp,
    "standardized": standardized,
}.items():
    for suffix, shape, axis in [
        (", last axis", [2, 3, 4], 2),
        (", middle axis", [2, 3, 4], 1),
        (", first axis", [2, 3, 4], 0),
        (", axis of one", [2, 1, 3], 1),
        (", empty axis", [0, 3], 0),
        (", empty result", [0, 3], 1),
        (", long lines", [2, 803], 1),
        (", narrow columns", [605, 3], 0),
        (", wide columns", [67, 37], 0),
    ]:
        cases[name + suffix] = ([uniform(shape)], lambda x, a=axis, f=function: f(x, a))
    cases[name + ", huge"] = ([values(huge, [3, 3])], lambda x, f=function: f(x, 1))
    if name != "standardized":
        cases[name + ", -inf"] = ([values(masked, [3, 3])], lambda x, f=function: f(x, 1))
        cases[name + ", -inf alone"] = ([values([-inf] * 4, [2, 2])], lambda x, f=function: f(x, 0))

for name, function in {"logSumExp": torch.logsumexp, "standardized": standardized}.items():
    cases[name + ", outer and inner"] = ([uniform([2, 3, 4])], lambda x, f=function: f(x, [0, 2]))
    cases[name + ", two axes"] = ([uniform([2, 3, 4])], lambda x, f=function: f(x, [1, 2]))
cases["logSumExp"] = ([uniform([2, 3, 4])], lambda x: x.logsumexp([0, 1, 2]))
cases["logSumExp, all kept"] = ([uniform([2, 3, 4])], lambda x: x.logsumexp([0, 1, 2], keepdim=True))
cases["logSumExp, no axes"] = ([uniform([2, 3])], lambda x: x)
cases["logSumExp, inf"] = ([values([1, inf, -inf])], lambda x: x.logsumexp(0))
cases["standardized"] = ([uniform([2, 3, 4])], lambda x: standardized(x, [0, 1, 2]))
cases["standardized, epsilon"] = ([uniform([3, 4])], lambda x: standardized(x, 1, 0.5))
cases["standardized, offset"] = ([values([1e4, 10000.5, 10001, 10003], [1, 4])], lambda x: standardized(x, 1))
cases["standardized, equal numbers"] = ([values([0.1] * 6, [2, 3])], lambda x: torch.zeros_like(x))
for suffix, shape, axis in [
    ("", [2, 3, 4], 1), (", last axis", [2, 3], -1), (", empty", [0, 3], 1), (", empty axis", [3, 0], 1),
    (", single", [1, 3], 0),
]:
    cases["softmin" + suffix] = ([uniform(shape)], lambda x, a=axis: F.softmin(x, a))
