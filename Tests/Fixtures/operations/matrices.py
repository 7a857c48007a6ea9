import torch

from deterministic import away_from_zero, uniform, values

cases = {}


def exponentials(a):
    v = torch.linalg.eigvals(a)
    return (v.real.exp() * v.imag.cos()).sum(-1)


def weighted(a):
    values, vectors = torch.linalg.eig(a)
    return (vectors.abs().square() * values.abs().square()[..., None, :]).sum(-1)


for suffix, shape in [
    ("", [3, 3]), (", batch", [2, 4, 4]), (", single", [1, 1]), (", no matrices", [0, 3, 3]), (", no rows", [2, 0, 0]),
]:
    draw = [uniform(shape)]
    cases["lu, lower" + suffix] = (draw, lambda a: torch.linalg.lu(a).L)
    cases["lu, upper" + suffix] = (draw, lambda a: torch.linalg.lu(a).U)
    cases["lu, permutation" + suffix] = (draw, lambda a: torch.linalg.lu(a).P)
    cases["slogdet" + suffix] = (draw, lambda a: torch.linalg.slogdet(a).logabsdet)
    cases["slogdet, sign" + suffix] = (draw, lambda a: torch.linalg.slogdet(a).sign)
    cases["eigvals" + suffix] = (draw, exponentials)
    cases["eigvals, magnitudes" + suffix] = (draw, lambda a: torch.linalg.eigvals(a).abs().square().sort().values)
    cases["eig, squared vectors" + suffix] = (draw, weighted)
    cases["matrixPower" + suffix] = (draw, lambda a: torch.linalg.matrix_power(a, 5))
cases["slogdet, singular"] = ([values([1, 2, 2, 4], [2, 2])], lambda a: torch.stack(torch.linalg.slogdet(a)))
cases["matrixPower, negative"] = (
    [uniform([3, 3])], lambda a: torch.linalg.matrix_power(a + 3 * torch.eye(3, dtype=a.dtype), -2))
cases["matrixPower, none"] = ([uniform([2, 2])], lambda a: torch.linalg.matrix_power(a, 0))


def solve(upper=False):
    def function(a, b):
        triangle = a.triu() if upper else a.tril()
        columns = b if b.dim() > 1 else b[:, None]
        x = torch.cholesky_solve(columns, triangle, upper=upper)
        return x if b.dim() > 1 else x.squeeze(-1)

    return function


for suffix, left, right in [
    ("", [3, 3], [3, 2]), (", vector", [3, 3], [3]), (", batch", [2, 3, 3], [2, 3, 1]), (", single", [1, 1], [1, 1]),
    (", empty", [0, 3, 3], [3, 2]),
]:
    cases["choleskySolve" + suffix] = ([away_from_zero(left, 0.5, 1.5), uniform(right)], solve())
cases["choleskySolve, upper"] = ([away_from_zero([3, 3], 0.5, 1.5), uniform([3, 2])], solve(True))
for suffix, shape in [("", [3, 3]), (", batch", [2, 2, 2]), (", single", [1, 1])]:
    cases["choleskyInverse" + suffix] = (
        [away_from_zero(shape, 0.5, 1.5)], lambda a: torch.cholesky_inverse(a.tril()))
cases["choleskyInverse, empty"] = ([uniform([0, 2, 2])], lambda a: a)
cases["choleskyInverse, upper"] = (
    [away_from_zero([3, 3], 0.5, 1.5)], lambda a: torch.cholesky_inverse(a.triu(), upper=True))

for suffix, shape in [("", [3, 4]), (", batch", [2, 3, 2]), (", single", [1, 1]), (", empty", [0, 2, 3])]:
    for kind, order in [
        ("frobenius", "fro"), ("nuclear", "nuc"), ("spectral", 2), ("one", 1), ("infinity", float("inf")),
    ]:
        cases[f"matrixNorm, {kind}{suffix}"] = (
            [away_from_zero(shape)], lambda a, p=order: torch.linalg.matrix_norm(a, p))
    cases["conditionNumber" + suffix] = ([uniform(shape)], torch.linalg.cond)
    cases["matrixRank" + suffix] = ([uniform(shape)], torch.linalg.matrix_rank)
cases["matrixNorm, no rows"] = ([uniform([2, 0, 3])], lambda a: a.new_zeros([2]))
cases["matrixRank, low"] = ([uniform([4, 2])], lambda a: torch.linalg.matrix_rank(a @ a.mT, rtol=1e-4))
