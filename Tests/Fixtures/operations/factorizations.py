import torch

from deterministic import uniform, values

cases = {}


def spectral(x):
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    return u * s.tanh()[..., None, :] @ vh


def full(x):
    u, _, vh = torch.linalg.svd(x, full_matrices=True)
    return u.square().sum(-2) + vh.mT.square()[..., 0, 0:1]


for suffix, shape in [
    ("", [4, 3]),
    (", wide", [3, 5]),
    (", batch", [2, 3, 3]),
    (", single", [1, 1]),
    (", no matrices", [0, 3, 2]),
    (", no rows", [2, 0, 3]),
]:
    cases["svd" + suffix] = ([uniform(shape)], spectral)
    cases["svd, values" + suffix] = ([uniform(shape)], torch.linalg.svdvals)
    cases["singularValues" + suffix] = ([uniform(shape)], torch.linalg.svdvals)
    cases["pinv" + suffix] = ([uniform(shape)], torch.linalg.pinv)
cases["svd, squared left vectors"] = (
    [uniform([2, 4, 3])],
    lambda x: torch.linalg.svd(x, full_matrices=False).U.square(),
)
cases["svd, squared right vectors"] = (
    [uniform([3, 4])],
    lambda x: torch.linalg.svd(x, full_matrices=False).Vh.mT.square(),
)
cases["svd, full"] = ([uniform([4, 3])], full)
cases["svd, full, wide"] = ([uniform([2, 3, 4])], full)
cases["pinv, low rank"] = ([uniform([4, 2])], lambda x: torch.linalg.pinv(x @ x.mT, rtol=1e-5))


def orthogonal(x):
    q, r = torch.linalg.qr(x)
    signs = r.diagonal(dim1=-2, dim2=-1).sign()
    return q * signs[..., None, :], r * signs[..., None]


for suffix, shape in [
    ("", [4, 3]),
    (", wide", [3, 5]),
    (", batch", [2, 3, 3]),
    (", no matrices", [0, 3, 2]),
    (", no rows", [2, 0, 3]),
]:
    cases["qr, q" + suffix] = ([uniform(shape)], lambda x: orthogonal(x)[0])
    cases["qr, r" + suffix] = ([uniform(shape)], lambda x: orthogonal(x)[1])
cases["qr, single"] = ([values([-2.25], [1, 1])], lambda x: orthogonal(x)[1])


def least_squares(a, b):
    a = a + 3 * torch.eye(*a.shape[-2:], dtype=a.dtype)
    if b.dim() > 1:
        return torch.linalg.pinv(a) @ b
    return (torch.linalg.pinv(a) @ b[:, None]).squeeze(-1)


for suffix, left, right in [
    ("", [4, 2], [4, 3]),
    (", square", [3, 3], [3, 2]),
    (", single", [1, 1], [1, 1]),
    (", vector", [5, 3], [5]),
    (", batch", [2, 4, 3], [2, 4, 2]),
    (", batch by vector", [2, 4, 3], [4]),
    (", broadcast batch", [2, 1, 4, 2], [3, 4, 1]),
    (", no right-hand sides", [4, 2], [4, 0]),
    (", no columns", [3, 0], [3, 2]),
    (", no matrices", [0, 4, 2], [4, 3]),
]:
    cases["leastSquares" + suffix] = ([uniform(left), uniform(right)], least_squares)

for suffix, draw in [
    ("", uniform([3, 3])),
    (", batch", uniform([2, 4, 4], -3, 3)),
    (", one large and one small", values([4, -9, 7, -3, 0.01, 0.02, -0.015, 0.005], [2, 2, 2])),
    (", single", values([1.5], [1, 1])),
    (", no matrices", uniform([0, 3, 3])),
    (", no rows", uniform([2, 0, 0])),
]:
    cases["matrixExponential" + suffix] = ([draw], torch.matrix_exp)
