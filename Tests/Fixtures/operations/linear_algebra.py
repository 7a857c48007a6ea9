import torch

from deterministic import away_from_zero, uniform, values

cases = {}


def product(name, left, right, function=torch.matmul):
    cases["matrixProduct" + name] = ([uniform(left), uniform(right)], function)


product("", [3, 4], [4, 2])
product(", single", [1, 1], [1, 1])
product(", row by column", [1, 5], [5, 1])
product(", column by row", [3, 1], [1, 2])
product(", vector by matrix", [4], [4, 3])
product(", matrix by vector", [3, 4], [4])
product(", vector by vector", [5], [5])
product(", vector by batch", [4], [2, 4, 3])
product(", batch by vector", [2, 3, 4], [4])
product(", batch", [2, 3, 4], [2, 4, 5])
product(", batch by matrix", [2, 3, 4], [4, 5])
product(", matrix by batch", [3, 4], [2, 4, 5])
product(", broadcast batch", [2, 1, 3, 4], [3, 4, 2])
product(", no rows", [0, 3], [3, 2])
product(", inner length 0", [2, 0], [0, 3])
product(", no batch", [0, 2, 3], [3, 2])
product(", transposed left", [4, 3], [4, 2], lambda x, y: x.mT @ y)
product(", transposed right", [3, 4], [2, 4], lambda x, y: x @ y.mT)
product(", both transposed", [4, 3], [2, 4], lambda x, y: x.mT @ y.mT)
product(", batch transposed left", [2, 4, 3], [2, 4, 5], lambda x, y: x.mT @ y)
product(", batch transposed left by matrix", [2, 4, 3], [4, 5], lambda x, y: x.mT @ y)
product(", batch transposed right", [2, 3, 4], [5, 4], lambda x, y: x @ y.mT)
product(", batch both transposed", [2, 4, 3], [3, 1, 5, 4], lambda x, y: x.mT @ y.mT)
cases["matrixProduct, with itself"] = ([uniform([3, 4])], lambda x: x @ x.T)

definite = [2, 0.5, 0.3, 0.5, 1.5, -0.4, 0.3, -0.4, 1.2, 1, 0.2, -0.1, 0.2, 3, 0.7, -0.1, 0.7, 2]
regular = [0.25, 2, 0.5, 1.5, -0.5, 1, -0.75, 0.5, 2, 1, -0.25, 3, 2, 0.5, -1, 0.5, 2, 0.25]


def shifted(a):
    return a + 3 * torch.eye(a.shape[-1], dtype=a.dtype)


def spectral(a, f):
    values, vectors = torch.linalg.eigh((a + a.mT) / 2)
    return vectors * f(values)[..., None, :] @ vectors.mT


def low_rank_root(x):
    u, s, _ = torch.linalg.svd(x, full_matrices=False)
    return u * s @ u.mT


def of_matrices(name, single, function):
    cases[name + ", single"] = ([values([single], [1, 1])], function)
    cases[name + ", no matrices"] = ([uniform([0, 3, 3])], function)
    cases[name + ", no rows"] = ([uniform([2, 0, 0])], function)


of_matrices("cholesky", 2.25, torch.linalg.cholesky)
cases["cholesky"] = ([uniform([3, 4])], lambda x: torch.linalg.cholesky(shifted(x @ x.mT)))
cases["cholesky, batch"] = ([values(definite, [2, 3, 3])], torch.linalg.cholesky)
cases["cholesky, single"] = ([values([2.25], [1, 1, 1])], torch.linalg.cholesky)

of_matrices("eigh", 0, lambda x: spectral(x, torch.exp))
cases["eigh"] = ([uniform([3, 3])], lambda x: spectral(x, torch.exp))
cases["eigh, single"] = ([uniform([1, 1])], torch.exp)
cases["eigh, batch"] = ([uniform([2, 4, 4])], lambda x: spectral(x, torch.tanh))
cases["eigh, values"] = ([uniform([2, 3, 3])], lambda x: torch.linalg.eigvalsh((x + x.mT) / 2))
cases["eigh, squared vectors"] = (
    [uniform([2, 3, 3])],
    lambda x: torch.linalg.eigh((x + x.mT) / 2).eigenvectors.square(),
)

of_matrices("eigvalsh", -2.25, torch.linalg.eigvalsh)
cases["eigvalsh"] = ([uniform([4, 4])], lambda x: torch.linalg.eigvalsh((x + x.mT) / 2))
cases["eigvalsh, batch"] = ([values(definite, [2, 3, 3])], torch.linalg.eigvalsh)

of_matrices("matrixSquareRoot", 2.25, lambda x: spectral(x, torch.sqrt))
cases["matrixSquareRoot"] = ([uniform([3, 4])], lambda x: spectral(shifted(x @ x.mT), torch.sqrt))
cases["matrixSquareRoot, batch"] = ([values(definite, [2, 3, 3])], lambda x: spectral(x, torch.sqrt))
cases["matrixSquareRoot, low rank"] = ([uniform([3, 2])], low_rank_root)


def solution(matrix, b):
    if b.dim() > 1:
        return torch.linalg.solve(matrix, b)
    return torch.linalg.solve(matrix, b[:, None].expand(*matrix.shape[:-1], 1)).squeeze(-1)


def triangular(lower, transposed):
    def function(t, b):
        t = t.tril() if lower else t.triu()
        return solution(t.mT if transposed else t, b)

    return function


for suffix, left, right in [
    ("", [3, 3], [3, 2]),
    (", single", [1, 1], [1, 1]),
    (", vector", [3, 3], [3]),
    (", batch", [2, 3, 3], [2, 3, 2]),
    (", batch by vector", [2, 3, 3], [3]),
    (", batch by matrix", [2, 3, 3], [3, 4]),
    (", matrix by batch", [3, 3], [2, 3, 2]),
    (", broadcast batch", [2, 1, 3, 3], [3, 3, 1]),
    (", no columns", [3, 3], [3, 0]),
    (", no rows", [0, 0], [0, 2]),
    (", no matrices", [0, 3, 3], [3, 2]),
]:
    for triangle in ["lower", "upper"]:
        for way in ["", " transposed"]:
            cases[f"triangularSolve, {triangle}{way}{suffix}"] = (
                [away_from_zero(left, 0.5, 1.5), uniform(right)],
                triangular(triangle == "lower", way != ""),
            )
    cases["solve" + suffix] = ([uniform(left), uniform(right)], lambda a, b: solution(shifted(a), b))
cases["solve, unshifted batch"] = ([values(regular, [2, 3, 3]), uniform([2, 3, 2])], torch.linalg.solve)

for name, function in [
    ("inverse", torch.linalg.inv),
    ("determinant", torch.linalg.det),
    ("logDeterminant", lambda a: torch.linalg.slogdet(a).logabsdet),
]:
    of_matrices(name, -2.25, function)
    cases[name] = ([uniform([3, 3])], lambda a, function=function: function(shifted(a)))
    cases[name + ", batch"] = ([values(regular, [2, 3, 3])], function)
