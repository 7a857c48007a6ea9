import torch

from deterministic import uniform, values

numbers = values([7, -7, 5, -5, 0, 8], [2, 3])
cases = {
    "sum, integers": ([numbers], lambda x: x.int().sum(0)),
    "max, integers": ([numbers], lambda x: x.long().amax(1)),
    "min, integers": ([numbers], lambda x: x.long().amin((0, 1), keepdim=True)),
    "negation, integers": ([numbers], lambda x: -x.long()),
}


def pairs(name, x, y, function):
    cases[name] = ([x, y], function)
    cases[name + ", single"] = ([x, values([3], [1, 1])], function)
    cases[name + ", empty"] = ([uniform([0, 3]), values([1, 2, 3], [1, 3])], function)


cut = lambda x, y: torch.div(x, y, rounding_mode="trunc")
for sign, function in [("+", torch.add), ("-", torch.sub), ("*", torch.mul), ("/", cut), ("%", torch.fmod)]:
    pairs(f"{sign}, integers", numbers, values([3, -3, -2]), lambda x, y, f=function: f(x.int(), y.int()))
for sign, function in [("&+", torch.add), ("&-", torch.sub), ("&*", torch.mul)]:
    left, right = values([200, 5, 255, 0, 17, 128], [2, 3]), values([100, 7, 255])
    pairs(sign, left, right, lambda x, y, f=function: f(x.byte(), y.byte()))
