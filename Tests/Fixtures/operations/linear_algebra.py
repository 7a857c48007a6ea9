import torch

from deterministic import uniform

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
