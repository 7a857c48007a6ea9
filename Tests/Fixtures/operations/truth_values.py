import torch

from deterministic import uniform, values

nan = float("nan")
cases = {}


def connective(name, function):
    left = values([0, 1, 0, 2, -1, 0], [2, 3])
    of_bools = lambda x, y: function(x.bool(), y.bool())
    cases[name] = ([left, values([0, nan, 0.5])], of_bools)
    cases[name + ", column"] = ([left, values([1, 0], [2, 1])], of_bools)
    cases[name + ", empty"] = ([uniform([0, 3]), uniform([1, 3])], of_bools)


connective(".&", torch.logical_and)
connective(".|", torch.logical_or)
connective(".^", torch.logical_xor)
cases[".!"] = ([values([0, 1, -2, nan, 0, 0.5], [2, 3])], torch.logical_not)
cases[".!, single"] = ([values([0], [1, 1])], torch.logical_not)
cases[".!, empty"] = ([uniform([0, 3])], torch.logical_not)
