import torch

from deterministic import away_from_zero, spread, uniform, values

inf, nan = float("inf"), float("nan")
cases = {}


def reduction(name, draw, function):
    for suffix, axes, keeps in [
        ("", [0, 1, 2], False),
        (", last axis", [-1], False),
        (", first axis kept", [0], True),
        (", middle axis", [1], False),
        (", outer and inner", [2, 0], False),
        (", all kept", [0, 1, 2], True),
    ]:
        cases[name + suffix] = ([draw([2, 3, 4])], lambda x, a=axes, k=keeps: function(x, a, keepdim=k))
    cases[name + ", axis of one"] = ([draw([1, 3, 1])], lambda x: function(x, [1, 2]))


def wide(name, draw, function):
    # Among 600 x 601 numbers some column has its two largest closer than the step of a numeric derivative.
    wide_rows = [600, 67] if name == "max" else [600, 601]
    for suffix, shape, axes in [
        ("long runs", [2, 9001], [1]),
        ("short runs", [700, 2, 20], [0, 2]),
        ("wide rows", wide_rows, [0]),
        ("narrow rows", [5003, 3], [0]),
        ("narrow gaps", [50, 2, 40, 3], [0, 2]),
        ("everything", [3, 5000], [0, 1]),
    ]:
        cases[f"{name}, {suffix}"] = ([draw(shape)], lambda x, a=axes: function(x, a))


reduction("sum", uniform, torch.sum)
reduction("mean", uniform, torch.mean)
reduction("max", spread, torch.amax)
reduction("min", spread, torch.amin)
reduction("variance", uniform, torch.var)
cases["variance, correction 0"] = ([uniform([3, 4])], lambda x: x.var(1, correction=0))
cases["variance, correction 2"] = ([uniform([3, 4])], lambda x: x.var(correction=2))

reduction("standardDeviation", uniform, torch.std)
cases["standardDeviation, correction 0"] = ([uniform([3, 4])], lambda x: x.std(1, correction=0))
cases["standardDeviation, of one"] = ([uniform([1, 3])], lambda x: x.std(0))
cases["standardDeviation, empty axis"] = ([uniform([0, 3])], lambda x: x.std(0))

vector_norm = torch.linalg.vector_norm
for suffix, p in [("", 2), (" of order 1", 1), (" of order 3", 3), (" of order 1.5", 1.5), (" of order inf", inf)]:
    reduction(
        "norm" + suffix, away_from_zero, lambda x, a, keepdim=False, p=p: vector_norm(x, p, a, keepdim=keepdim)
    )
singular = values([nan, 1, inf, 1, 0, 0], [3, 2])
for suffix, p in [("", 2), (" of order 3", 3), (" of order inf", inf)]:
    cases[f"norm{suffix}, special"] = ([singular], lambda x, p=p: vector_norm(x, p, 1))
cases["norm of order 0"] = ([values([1, 0, 3, 0, 0, -2], [2, 3])], lambda x: (x != 0).sum(1))
cases["norm of order 0.5"] = ([away_from_zero([2, 3])], lambda x: vector_norm(x, 0.5, 1))
cases["norm of order 3, zeros"] = ([values([0, 2, 0, 0.5, -1, 0], [2, 3])], lambda x: vector_norm(x, 3, 1))
cases["norm, no axes"] = ([away_from_zero([2, 3])], torch.abs)
cases["norm, empty axis"] = ([uniform([0, 3])], lambda x: vector_norm(x, 2, 0))
cases["norm of order inf, empty axis"] = ([uniform([0, 3])], lambda x: x.sum(0))

cases["sum, no axes"] = ([uniform([2, 3])], lambda x: x)
cases["max, no axes"] = ([uniform([2, 3])], lambda x: x)
cases["sum, rank 0"] = ([uniform([])], torch.sum)
cases["sum, empty axis"] = ([uniform([0, 3])], lambda x: x.sum(0))
cases["sum, empty result"] = ([uniform([0, 3])], lambda x: x.sum(1))
cases["mean, empty axis"] = ([uniform([0, 3])], lambda x: x.mean(0))
cases["mean, empty result"] = ([uniform([0, 3])], lambda x: x.mean(1))
cases["max, empty result"] = ([uniform([0, 3])], lambda x: x.amax(1))
cases["min, empty result"] = ([uniform([0, 3])], lambda x: x.amin(1))
cases["variance, empty axis"] = ([uniform([0, 3])], lambda x: x.var(0))
cases["variance, of one"] = ([uniform([1, 3])], lambda x: x.var(0))

tied = values([1, 3, 3, 0, 2, 2], [2, 3])
cases["max, ties"] = ([tied], lambda x: x.amax(1))

def count_true(x, *axis, **figures):
    return (x != 0).sum(*axis, **figures)


some = values([0, 0, 0, 0, 2, 0, -1, nan, 3], [3, 3])
for name, function in [("any", torch.any), ("all", torch.all), ("countTrue", count_true)]:
    cases[name] = ([some], function)
    cases[name + ", axis"] = ([some], lambda x, f=function: f(x, 1))
    cases[name + ", axis kept"] = ([some], lambda x, f=function: f(x, 0, keepdim=True))
    cases[name + ", no axes"] = ([some], lambda x: x != 0)
    cases[name + ", empty axis"] = ([uniform([0, 3])], lambda x, f=function: f(x, 0))
    cases[name + ", single"] = ([uniform([1, 3])], lambda x, f=function: f(x, 0))
wide("sum", uniform, torch.sum)
wide("max", spread, torch.amax)
