import numpy as np
import torch

from deterministic import uniform, values

inf, nan = float("inf"), float("nan")
cases = {}

sorted_list = values([-1, 0, 0.5, 0.5, 2, inf])
wanted = values([-2, 0.5, 0, 3, inf, nan], [2, 3])
cases["searchSorted"] = ([sorted_list, wanted], torch.searchsorted)
cases["searchSorted, right"] = ([sorted_list, wanted], lambda x, v: torch.searchsorted(x, v, right=True))
cases["searchSorted, batch"] = (
    [values([1, 2, 3, 10, 20, 30], [2, 3]), values([2, 4, 10, 31], [2, 2])], torch.searchsorted)
cases["searchSorted, single"] = ([values([1]), values([2], [1, 1])], torch.searchsorted)
cases["searchSorted, empty"] = ([uniform([0]), values([2])], torch.searchsorted)


def consecutive(part):
    return lambda x: torch.unique_consecutive(x.flatten(), return_inverse=True, return_counts=True)[part]


def in_shape(function):
    return lambda x: function(x).reshape(x.shape)


some = values([3, 1, 3, -2, 1, 1], [2, 3])
for suffix, draw in [("", some), (", single", values([7], [1, 1])), (", empty", uniform([0, 3]))]:
    for index, part in enumerate(["", ", positions", ", counts"]):
        cases[f"unique{part}{suffix}"] = (
            [draw], lambda x, i=index: torch.unique(x, return_inverse=True, return_counts=True)[i])
        repeated = consecutive(index)
        cases[f"uniqueConsecutive{part}{suffix}"] = ([draw], in_shape(repeated) if index == 1 else repeated)
    cases["isIn" + suffix] = ([draw, values([1, -2, nan])], torch.isin)
    cases["nonzeroPlaces" + suffix] = ([draw], torch.nonzero)
cases["unique, integers"] = ([some], lambda x: torch.unique(x.int()))
cases["nonzeroPlaces, some"] = ([values([0, 2, nan, 0, 0, 1], [3, 2])], torch.nonzero)
labels = values([2, 0, 2, 5], [2, 2])
for suffix, draw in [("", labels), (", single", values([3])), (", empty", uniform([0]))]:
    cases["bincount" + suffix] = ([draw], lambda x: x.long().flatten().bincount())
    cases["places" + suffix] = (
        [draw], lambda x: torch.stack(torch.unravel_index(x.long(), (3, 1, 2)), -1))
cases["bincount, minimum length"] = ([labels], lambda x: x.long().flatten().bincount(minlength=8))
cases["bincount, weights"] = (
    [labels, uniform([2, 2])], lambda x, w: x.long().flatten().bincount(w.flatten()))

numbers = values([7, -7, 5, -5, 7, 8], [2, 3])
cases["argmax, integers"] = ([numbers], lambda x: x.int().argmax(0))
cases["argmax, all integers"] = ([numbers], lambda x: x.long().argmax(None, keepdim=True))
cases["argmin, integers"] = ([numbers], lambda x: x.long().argmin(-1, keepdim=True))
cases["sorted, integers"] = ([numbers], lambda x: x.int().sort(0).values)
cases["sorted, integers descending"] = ([numbers], lambda x: x.long().sort(descending=True).values)
cases["argsort, integers"] = ([numbers], lambda x: x.long().argsort(stable=True))
cases["topK, integers"] = ([numbers], lambda x: x.int().topk(2).values)
cases["topK, positions of integers"] = ([numbers], lambda x: x.int().topk(2, largest=False).indices)
for sign, function in [
    ("&", torch.bitwise_and), ("|", torch.bitwise_or), ("^", torch.bitwise_xor),
    ("<<", torch.bitwise_left_shift), (">>", torch.bitwise_right_shift), ("gcd", torch.gcd), ("lcm", torch.lcm),
]:
    for suffix, x, y in [
        ("", values([12, -7, 5, -6, 0, 8], [2, 3]), values([3, 2, 4])),
        (", single", values([12], [1, 1]), values([8])),
        (", empty", uniform([0, 3]), values([1, 2, 3], [1, 3])),
    ]:
        cases[sign + suffix] = ([x, y], lambda x, y, f=function: f(x.int(), y.int()))
