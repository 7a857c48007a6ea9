from functools import partial

import torch

from deterministic import away_from_zero, uniform, values
from operations import _patterns

cases = {}
along_axis = partial(_patterns.along_axis, cases)
zeros = values([1.5, 0, -2, 0.5, 0, 0, 3, 1, -0.5, 0, 0, 0], [4, 3])

along_axis("cumulativeSum", uniform, torch.cumsum)
along_axis("cumulativeProduct", away_from_zero, torch.cumprod)
cases["cumulativeSum, wide rows"] = ([uniform([6, 1100])], lambda x: x.cumsum(0))
cases["cumulativeSum, long"] = ([uniform([2, 3000])], lambda x: x.cumsum(1))
cases["cumulativeProduct, zeros"] = ([zeros], lambda x: x.cumprod(1))
cases["cumulativeProduct, zeros on the first axis"] = ([zeros], lambda x: x.cumprod(0))
cases["cumulativeProduct, second"] = ([away_from_zero([4, 3])], lambda x: x.cumprod(0).cumprod(1))

for suffix, axes, keeps in [
    (", last axis", [2], False),
    (", first axis kept", [0], True),
    (", outer and inner", [0, 2], False),
]:
    def product(x, axes=axes, keeps=keeps):
        for axis in reversed(axes):
            x = x.prod(axis, keepdim=keeps)
        return x

    cases["product" + suffix] = ([away_from_zero([2, 3, 4])], product)
cases["product"] = ([away_from_zero([2, 3])], torch.prod)
cases["product, no axes"] = ([away_from_zero([2, 3])], lambda x: x)
cases["product, axis of one"] = ([away_from_zero([1, 3, 1])], lambda x: x.prod(1).prod(1))
cases["product, empty axis"] = ([uniform([0, 3])], lambda x: x.prod(0))
cases["product, empty result"] = ([uniform([0, 3])], lambda x: x.prod(1))
cases["product, zeros"] = ([zeros], lambda x: x.prod(1))
cases["product, zeros on the first axis"] = ([values([1.5, 0, 2, 0.5, 3, 0], [2, 3])], lambda x: x.prod(0))
cases["product, one zero of all"] = ([values([1.5, 0, -2, 0.5], [2, 2])], torch.prod)
zero = values([2, 1, 0, 3, 4, 0.5, 1, 1], [2, 2, 2])
cases["product, a zero on two axes"] = ([zero], lambda x: x.prod(2).prod(0))
