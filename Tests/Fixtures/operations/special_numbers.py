import torch

from deterministic import values
from operations.elementwise import comparisons

inf, nan = float("inf"), float("nan")
specials = [nan, -0.0, 0, -inf, inf, 1, -1, 0.5, -0.5, 2, -2]

functions = {
    "exp": torch.exp,
    "log": torch.log,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "square": torch.square,
    "sqrt": torch.sqrt,
    "abs": torch.abs,
    "sign": torch.sign,
    "clamped": lambda x: x.clamp(-1, 1),
    "pow, 0": lambda x: x.pow(0),
    "pow, 1": lambda x: x.pow(1),
    "pow, 2": lambda x: x.pow(2),
    "pow, 2.5": lambda x: x.pow(2.5),
    "pow, -1": lambda x: x.pow(-1),
    "max": torch.amax,
    "min": torch.amin,
    "argmax": torch.argmax,
    "sum": torch.sum,
}
pairs = comparisons | {
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "/": torch.div,
    "*": torch.mul,
    "pow": torch.pow,
}

cases = {f"{name}, special": ([values(specials)], function) for name, function in functions.items()}
for name, function in pairs.items():
    cases[f"{name}, special pairs"] = ([values(specials, [len(specials), 1]), values(specials)], function)
cases["max, special, without NaN"] = ([values([-inf, 1, inf])], torch.amax)
cases["max, special, -inf"] = ([values([-inf, -inf])], torch.amax)
