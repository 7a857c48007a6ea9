import torch
from torch.nn.functional import normalize

from deterministic import spread, uniform, values

inf, nan = float("inf"), float("nan")
cases = {}

tied = values([1, 3, 3, 0, 2, 2], [2, 3])
cases["argmax"] = ([spread([3, 4])], torch.argmax)
cases["argmax, axis"] = ([spread([2, 3, 4])], lambda x: x.argmax(1))
cases["argmax, last axis"] = ([spread([2, 3, 4])], lambda x: x.argmax(-1))
cases["argmax, single"] = ([spread([1, 3])], lambda x: x.argmax(0))
cases["argmax, axis kept"] = ([spread([2, 3, 4])], lambda x: x.argmax(1, keepdim=True))
cases["argmax, all kept"] = ([spread([3, 4])], lambda x: x.argmax(keepdim=True))
cases["argmax, empty"] = ([spread([0, 3])], lambda x: x.argmax(1))
cases["argmax, ties"] = ([tied], lambda x: x.argmax(1))
cases["argmin"] = ([spread([3, 4])], torch.argmin)
cases["argmin, axis"] = ([spread([2, 3, 4])], lambda x: x.argmin(1))
cases["argmin, single"] = ([spread([1, 3])], lambda x: x.argmin(0))
cases["argmin, axis kept"] = ([spread([2, 3, 4])], lambda x: x.argmin(1, keepdim=True))
cases["argmin, all kept"] = ([spread([3, 4])], lambda x: x.argmin(keepdim=True))
cases["argmin, empty"] = ([spread([0, 3])], lambda x: x.argmin(1))
cases["argmin, ties"] = ([values([3, 1, 1, 2, 0, 0], [2, 3])], lambda x: x.argmin(1))
cases["argmin, special"] = ([values([inf, nan, -inf, nan])], torch.argmin)
for suffix, x, y in [
    ("", spread([5, 3]), uniform([7, 3])),
    (", single", values([3], [1, 1]), values([-1, 2], [2, 1])),
    (", ties", values([1, 0, 0, 2], [2, 2]), values([0, 0, 3, 0, 1, 0, 0, 1], [4, 2])),
    (", empty", uniform([0, 3]), uniform([2, 3])),
]:
    for index, part in [(1, "positions"), (0, "cosines")]:
        cases[f"nearestRows, {part}{suffix}"] = (
            [x, y], lambda x, y, i=index: (normalize(x) @ normalize(y).T).max(1)[i])
for name, function in [("maxWithPositions", torch.max), ("minWithPositions", torch.min)]:
    for suffix, shape, axis, keeps in [
        ("", [2, 3, 4], 1, False),
        (", last axis kept", [3, 4], -1, True),
        (", single", [1, 3], 0, False),
        (", empty", [0, 3], 1, False),
    ]:
        for index, part in enumerate(["values", "positions"]):
            cases[f"{name}, {part}{suffix}"] = (
                [spread(shape)], lambda x, f=function, a=axis, k=keeps, i=index: f(x, a, keepdim=k)[i]
            )
