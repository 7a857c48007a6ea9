"""PyTorch's side of the small subjects: the same names as in Sources/ImpastoBench/Subjects.swift."""

import time

import peer_rows
import torch
import torch.nn.functional as F

# How long one measurement takes at least, in seconds, where one call is shorter.
DURATION = 0.03
BATCH = 128
RATE = 0.1


class Subject:
    """Something to measure; its body runs so often that the clock's own time does not matter."""

    def __init__(self, name, size, noise):
        self.body = next(
            body
            for make in (elementwise, chain, matrix, features, training, *peer_rows.MAKERS)
            if (body := make(name, size, noise))
        )
        self.body()
        start = time.perf_counter()
        self.body()
        self.count = max(1, int(DURATION / max(time.perf_counter() - start, 1e-7)))
        for _ in range(1, self.count):
            self.body()

    def measure(self):
        body = self.body
        start = time.perf_counter()
        for _ in range(self.count):
            result = body()
        return (time.perf_counter() - start) / self.count, result if isinstance(result, float) else None


def elementwise(name, count, noise):
    if name.endswith("Double"):
        return elementwise(name.removesuffix("Double"), count, lambda *given: noise(*given).double())
    columns = 1000 if count > 1000 else 100
    shape = (count // columns, columns)
    x, y = noise(shape, 1), noise(shape, 2)
    row, column = noise((columns,), 2), noise((shape[0], 1), 2)
    rows, added = torch.arange(500) * 37 % max(shape[0], 1), noise((500, columns), 3)
    each = (torch.arange(shape[0] * columns) * 37 % max(shape[0], 1)).reshape(shape)
    mask, positive = x > 0, 10 * x.abs()
    variable = x.clone().requires_grad_()

    def with_gradient(operation):
        return lambda: torch.autograd.grad((operation(variable) * y).sum(), variable)

    return {
        "exp": lambda: x.exp(),
        "tanh": lambda: x.tanh(),
        "relu": lambda: x.relu(),
        "add": lambda: x + y,
        "sum": lambda: x.sum(),
        "sumLast": lambda: x.sum(1),
        "sumFirst": lambda: x.sum(0),
        "max": lambda: x.max(),
        "softmax": lambda: x.softmax(1),
        "layerNorm": lambda: F.layer_norm(x, (columns,)),
        "softmaxGradient": with_gradient(lambda x: x.softmax(1)),
        "layerNormGradient": with_gradient(lambda x: F.layer_norm(x, (columns,))),
        "addRow": lambda: x + row,
        "addColumn": lambda: x + column,
        "transpose": lambda: x.t().reshape(-1),
        "cumulativeSum": lambda: x.cumsum(1),
        "elements": lambda: x.index_select(0, rows),
        "adding": lambda: x.index_add(0, rows, added),
        "gatherFirst": lambda: x.gather(0, each),
        "mask": lambda: x[mask],
        "logGamma": lambda: positive.lgamma(),
    }.get(name)


FEATURES = ("batchNorm", "batchNormGradient", "instanceNorm", "depthwise", "depthwiseInput", "depthwiseFilter")


def features(name, channels, noise):
    if name not in FEATURES:
        return None
    x = F.conv2d(noise((8, 3, 56, 56), 1), noise((channels, 3, 1, 1), 2))
    weight, y = noise((channels, 1, 3, 3), 3), x.exp()

    def with_gradient(variable, operation):
        variable = variable.clone().requires_grad_()
        return lambda: torch.autograd.grad((operation(variable) * y).sum(), variable)

    return {
        "batchNorm": lambda: F.batch_norm(x, None, None, training=True),
        "batchNormGradient": with_gradient(x, lambda x: F.batch_norm(x, None, None, training=True)),
        "instanceNorm": lambda: F.instance_norm(x),
        "depthwise": lambda: F.conv2d(x, weight, padding=1, groups=channels),
        "depthwiseInput": with_gradient(x, lambda x: F.conv2d(x, weight, padding=1, groups=channels)),
        "depthwiseFilter": with_gradient(weight, lambda w: F.conv2d(x, w, padding=1, groups=channels)),
    }.get(name)


def chain(name, count, noise):
    x, y = noise((count,), 1).requires_grad_(), noise((count,), 2)
    step = {
        "chainAdd": lambda x: x + y,
        "chainMultiply": lambda x: x * y,
        "chainExp": lambda x: x.exp(),
        "chainTanh": lambda x: x.tanh(),
        "chainRelu": lambda x: x.relu(),
    }.get(name)

    def run():
        z = x
        for _ in range(100):
            z = step(z)
        torch.autograd.grad(z.sum(), x)

    return step and run


def matrix(name, order, noise):
    if name not in ("product", "batchedProduct", "cholesky", "eigh", "svd", "qr"):
        return None
    batch = ((1 << 18) // (order * order) + 16,) if name == "batchedProduct" else ()
    a, b = noise((*batch, order, order), 1), noise((*batch, order, order), 2)
    definite, symmetric = (a @ a.mT + torch.eye(order), a + a.mT) if not batch else (None, None)
    return {
        "product": lambda: a @ b,
        "batchedProduct": lambda: a @ b,
        "cholesky": lambda: torch.linalg.cholesky(definite),
        "eigh": lambda: torch.linalg.eigh(symmetric),
        "svd": lambda: torch.linalg.svd(a, full_matrices=False),
        "qr": lambda: torch.linalg.qr(a),
    }[name]


def perceptron(p, x):
    return torch.addmm(p[3], torch.addmm(p[1], x, p[0]).relu(), p[2])


def convolutions(p, x):
    x = F.max_pool2d(F.conv2d(x, p[0], p[1], padding=1).relu_(), 2)
    x = F.max_pool2d(F.conv2d(x, p[2], p[3], padding=1).relu_(), 2)
    return torch.addmm(p[5], x.flatten(1), p[4])


NETWORKS = {
    "trainMLP": (perceptron, [(784, 256), (256,), (256, 10), (10,)], (784,)),
    "trainConvolutions": (
        convolutions, [(8, 1, 3, 3), (8,), (16, 8, 3, 3), (16,), (784, 10), (10,)], (1, 28, 28)
    ),
}  # fmt: skip


def training(name, count, noise):
    if name not in NETWORKS:
        return None
    network, shapes, picture = NETWORKS[name]
    pictures = (noise((count // 10, 10, 784), 51) + noise((10, 784), 50)).reshape(count, *picture)
    labels = torch.arange(count) % 10

    def epoch():
        parameters = [
            (noise(shape, 100 + index) * 0.1).requires_grad_() for index, shape in enumerate(shapes)
        ]
        optimizer = torch.optim.SGD(parameters, lr=RATE)
        for start in range(0, count, BATCH):
            loss = F.cross_entropy(
                network(parameters, pictures[start : start + BATCH]), labels[start : start + BATCH]
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return loss.item()

    return epoch
