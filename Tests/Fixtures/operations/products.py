import torch

from deterministic import spread, uniform, values

cases = {}


def variants(name, choices, function):
    for suffix, draws in choices:
        cases[name + suffix] = (draws, function)


def shapes(*choices):
    return [(suffix, [uniform(shape) for shape in parts]) for suffix, *parts in choices]


variants("outer", shapes(("", [3], [4]), (", batch", [2, 3], [2]), (", single", [1], [4]), (", empty", [0], [2])),
         lambda x, y: x[..., None] * y[..., None, :])
variants("dot", shapes(("", [2, 3], [2, 3]), (", broadcast", [2, 1, 3], [4, 3]), (", vectors", [5], [5]),
                       (", single", [1], [1]), (", empty", [2, 0], [2, 0])), torch.linalg.vecdot)
cases["dot, first axis"] = ([uniform([3, 2]), uniform([3, 2])], lambda x, y: torch.linalg.vecdot(x, y, dim=0))
variants("cross", shapes(("", [2, 3], [2, 3]), (", broadcast", [4, 1, 3], [2, 3]), (", single", [1, 3], [3]),
                         (", empty", [0, 3], [0, 3])),
         lambda x, y: torch.linalg.cross(*torch.broadcast_tensors(x, y)))
cases["cross, first axis"] = ([uniform([3, 2]), uniform([3, 2])], lambda x, y: torch.linalg.cross(x, y, dim=0))
variants("kron", shapes(("", [2, 3], [3, 2]), (", ranks", [3], [2, 2]), (", single", [1, 1], [2, 2])), torch.kron)
cases["kron, empty"] = ([uniform([0, 2]), uniform([2, 2])], lambda x, y: x.new_zeros([0, 4]))
variants("tensorDot", shapes(("", [2, 3, 4], [3, 4, 5]), (", single", [1, 2], [1, 2]), (", empty", [2, 0, 3], [0, 3])),
         torch.tensordot)
cases["tensorDot, no axes"] = ([uniform([2, 3]), uniform([4])], lambda x, y: torch.tensordot(x, y, 0))
cases["tensorDot, lists"] = (
    [uniform([2, 3, 4]), uniform([4, 5, 2])], lambda x, y: torch.tensordot(x, y, ([0, 2], [2, 0])))
variants("multiDot", shapes(
    ("", [2, 5], [5, 3], [3, 4]), (", vectors", [5], [5, 3], [3]), (", four", [4, 2], [2, 6], [6, 3], [3, 1]),
    (", single", [1, 1], [1, 1]), (", empty", [0, 2], [2, 3])), lambda *x: torch.linalg.multi_dot(x))
clouds = [
    ("", [spread([3, 2]), uniform([4, 2], 1.5, 3)]), (", batch", [spread([2, 3, 2]), uniform([4, 2], 1.5, 3)]),
    (", single", [spread([1, 1]), uniform([1, 1], 1.5, 3)]), (", empty", [spread([0, 2]), uniform([3, 2])]),
]
exactly = "donot_use_mm_for_euclid_dist"
variants("pairwiseDistances", clouds, lambda x, y: torch.cdist(x, y, compute_mode=exactly))
cases["pairwiseDistances, of order 1"] = (clouds[0][1], lambda x, y: torch.cdist(x, y, 1))
cases["pairwiseDistances, near"] = (
    [values([1, 2, 1, 2.0001220703125], [2, 2])], lambda x: torch.cdist(x, x, compute_mode=exactly))
variants("vander", shapes(("", [4]), (", batch", [2, 3])), torch.linalg.vander)
cases["vander, single"] = ([uniform([1])], lambda x: x.new_ones([1, 1]))
cases["vander, empty"] = ([uniform([0])], lambda x: x.new_zeros([0, 0]))
cases["vander, falling"] = ([uniform([3])], lambda x: torch.linalg.vander(x, N=5).flip(-1))
variants("blockDiagonal", shapes(("", [2, 3], [1, 2], [3]), (", single", [1, 1]), (", empty", [0, 2], [2, 2])),
         torch.block_diag)
diagonals = lambda x, k=0: x.diagonal(k, -2, -1).sum(-1)
variants("trace", shapes(("", [3, 4]), (", batch", [2, 3, 3]), (", single", [1, 1]), (", empty", [0, 3])), diagonals)
cases["trace, above"] = ([uniform([3, 4])], lambda x: diagonals(x, 1))
variants("cartesianProduct", shapes(("", [3], [2], [2]), (", empty", [0], [2])), torch.cartesian_prod)
cases["cartesianProduct, single"] = ([uniform([1])], lambda x: x[:, None])
