import torch

from deterministic import uniform, values

inf, nan = float("inf"), float("nan")


def arange(*figures):
    return [], lambda: torch.arange(*figures, dtype=torch.float64)


def linspace(*figures):
    return [], lambda: torch.linspace(*figures, dtype=torch.float64)


def integers(x):
    return x.long().flatten()


def positions(x):
    return x.flatten().nonzero().flatten()


cases = {
    "arange": arange(5),
    "arange, from and by": arange(2, 11, 3),
    "arange, end between": arange(-1, 1.75, 0.5),
    "arange, downwards": arange(5, 0, -1.5),
    "arange, by no binary number": arange(0, 1, 0.1),
    "arange, single": arange(3, 3.5),
    # PyTorch refuses an end that lies before the start; NumPy does not.
    "arange, empty": ([], lambda: torch.zeros(0)),
    "linspace": linspace(-1, 1, 5),
    "linspace, even": linspace(0, 1, 8),
    "linspace, downwards": linspace(3, -2, 4),
    "linspace, equal ends": linspace(0.25, 0.25, 3),
    "linspace, single": linspace(2, 7, 1),
    "linspace, empty": linspace(0, 1, 0),
    "integers": ([values([3, -1, 0, 2, 40_000, -7], [2, 3])], integers),
    "integers, single": ([values([12], [1, 1])], integers),
    "integers, empty": ([uniform([0, 3])], integers),
    "nonzeroPositions": ([values([0, 2, -1, 0, 0, 0.5], [2, 3])], positions),
    "nonzeroPositions, three axes": ([values([1, 0, 0, 0, 5, 0, 0, 3], [2, 2, 2])], positions),
    "nonzeroPositions, special": ([values([nan, 0, -0.0, inf])], positions),
    "nonzeroPositions, none": ([values([0, 0], [1, 2])], positions),
    "nonzeroPositions, empty": ([uniform([3, 0])], positions),
}
