import numpy as np
import torch

cases = {}
for suffix, count, periodic in [("", 8, True), (", symmetric", 7, False), (", single", 1, True), (", empty", 0, True)]:
    for name in ["hann", "hamming", "blackman", "bartlett", "kaiser"]:
        window = getattr(torch, name + "_window")
        cases[f"{name}Window{suffix}"] = (
            [], lambda w=window, n=count, p=periodic: w(n, periodic=p, dtype=torch.float64))
cases["logspace"] = ([], lambda: torch.logspace(-1, 2, 5, dtype=torch.float64))
cases["logspace, base 2"] = ([], lambda: torch.logspace(0, 3, 4, base=2, dtype=torch.float64))
cases["geomspace"] = ([], lambda: torch.as_tensor(np.geomspace(1, 100, 5)))
cases["geomspace, negative"] = ([], lambda: torch.as_tensor(np.geomspace(-8, -0.5, 5)))
cases["lowerTrianglePlaces"] = ([], lambda: torch.tril_indices(3, 3).T)
cases["lowerTrianglePlaces, above"] = ([], lambda: torch.tril_indices(2, 4, 1).T)
cases["upperTrianglePlaces"] = ([], lambda: torch.triu_indices(3, 3).T)
cases["upperTrianglePlaces, below"] = ([], lambda: torch.triu_indices(3, 2, -1).T)
