"""PyTorch's side of convolutions in training, small matrices and whole networks; see peer_small.py."""

import time

import torch
import torch.nn.functional as F
from torch import nn

# (window, stride, padding, sides of the picture, channels of the result), the last two from the channels.
FORMS = {
    "conv3": ((3, 3), 1, (1, 1), lambda c: (3584 // c, 3584 // c), lambda c: c),
    "conv3Stride": ((3, 3), 2, (1, 1), lambda c: (56, 56), lambda c: 2 * c),
    "conv1": ((1, 1), 1, (0, 0), lambda c: (56, 56), lambda c: c // 4),
    "conv1Stride": ((1, 1), 2, (0, 0), lambda c: (56, 56), lambda c: 2 * c),
    "conv5": ((5, 5), 1, (2, 2), lambda c: (28, 28), lambda c: 2 * c),
    "conv7": ((7, 7), 2, (3, 3), lambda c: (224, 224), lambda c: 64),
    "convTall": ((64, 1), 1, (32, 0), lambda c: (191, 1), lambda c: c // 2),
    "unfold": ((3, 3), 1, (0, 0), lambda c: (56, 56), lambda c: c),
}


def fastest(bodies):
    """The body that takes the least time: memory formats differ by layer and machine."""
    def seconds(body):
        body()
        start = time.perf_counter()
        body()
        return time.perf_counter() - start

    return min(bodies, key=seconds)


def convolutions(name, channels, noise):
    # PyTorch has no choice of algorithms.
    name = name.replace("winograd3", "conv3")
    kind = name.replace("Training", "").replace("Filter", "")
    if kind not in FORMS:
        return None
    window, stride, padding, side, outputs = FORMS[kind]

    def in_format(memory_format):
        colours = noise((8, 3, *side(channels)), 1)
        x = colours if channels == 3 else F.conv2d(colours, noise((channels, 3, 1, 1), 2))
        x = x.contiguous(memory_format=memory_format)
        if kind == "unfold":
            return lambda: F.unfold(x, 3, padding=1)
        weight = noise((outputs(channels), channels, *window), 3).contiguous(memory_format=memory_format)
        y = F.conv2d(x, weight, None, stride, padding).exp()
        if kind == name:
            return lambda: F.conv2d(x, weight, None, stride, padding)
        weight.requires_grad_()
        wanted = [weight, x.requires_grad_()] if name.endswith("Training") else [weight]
        return lambda: torch.autograd.grad((F.conv2d(x, weight, None, stride, padding) * y).sum(), wanted)

    return fastest([in_format(torch.contiguous_format), in_format(torch.channels_last)])


def small(name, count, noise):
    if name in ("inverse3", "cholesky3", "inverse3Double", "cholesky3Double"):
        a = noise((count, 3, 3), 1)
        if name.endswith("Double"):
            a = a.double()
        definite = a @ a.mT + torch.eye(3)
        routine = torch.linalg.inv if name.startswith("inverse") else torch.linalg.cholesky
        return lambda: routine(definite)
    if name == "leastSquares":
        a, b = noise((count, 100), 1), noise((count, 1), 2)
        return lambda: torch.linalg.lstsq(a, b).solution
    if name == "embedding":
        table, y = noise((count, 128), 1).requires_grad_(), noise((2048, 128), 2)
        rows = torch.arange(2048) * 37 % count
        return lambda: torch.autograd.grad((F.embedding(rows, table) * y).sum(), table)
    return None


class Block(nn.Module):
    """A transformer's block as Networks.swift has it: causal attention and two layers, norms first."""

    def __init__(self, features, heads):
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList([nn.LayerNorm(features), nn.LayerNorm(features)])
        self.projection, self.output = nn.Linear(features, 3 * features), nn.Linear(features, features)
        self.expansion, self.contraction = nn.Linear(features, 4 * features), nn.Linear(4 * features, features)

    def forward(self, x):
        parts = self.projection(self.norms[0](x)).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(*parts.unbind(), is_causal=True)
        x = x + self.output(mixed.transpose(1, 2).flatten(2))
        return x + self.contraction(F.gelu(self.expansion(self.norms[1](x))))


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs),
        )  # fmt: skip
        self.shortcut = nn.Sequential()
        if stride > 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return (self.body(x) + self.shortcut(x)).relu_()


def residual_network():
    layers = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True)]
    inputs = 64
    for outputs in (64, 128, 256, 512):
        layers += [Residual(inputs, outputs, 1 if outputs == 64 else 2), Residual(outputs, outputs, 1)]
        inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


def networks(name, size, noise):
    if name == "stepTransformer":
        features = size
        model = nn.Sequential(
            nn.Embedding(96, features), *[Block(features, 8) for _ in range(4)], nn.LayerNorm(features),
            nn.Linear(features, 96),
        )  # fmt: skip
        tokens, targets = torch.arange(2048).reshape(16, 128) * 37 % 96, torch.arange(1, 2049) * 37 % 96
        optimizer = torch.optim.AdamW(model.parameters(), 1e-4, fused=True)
        return trainer(lambda: F.cross_entropy(model(tokens).flatten(0, 1), targets), optimizer)
    if name.removesuffix("Winograd") == "stepResNet":
        def in_format(memory_format):
            model = residual_network().to(memory_format=memory_format)
            pictures = noise((size, 3, 32, 32), 1).contiguous(memory_format=memory_format)
            classes = torch.arange(size) % 10
            optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9)
            return trainer(lambda: F.cross_entropy(model(pictures), classes), optimizer)

        return fastest([in_format(torch.contiguous_format), in_format(torch.channels_last)])
    if name == "gradientODE":
        w = [noise(shape, seed).double().requires_grad_() for seed, shape in enumerate(((2, size), (size, 2)), 1)]
        x = noise((64, 2), 3).double()

        def flow(x):
            return (x @ w[0]).tanh() @ w[1]

        def gradient():
            y, h = x, 0.05
            for _ in range(20):
                a = flow(y)
                b = flow(y + h / 2 * a)
                c = flow(y + h / 2 * b)
                d = flow(y + h * c)
                y = y + h / 6 * (a + 2 * (b + c) + d)
            torch.autograd.grad(y.square().sum(), w)

        return gradient
    return None


def trainer(loss, optimizer):
    def step():
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    return step


MAKERS = (convolutions, small, networks)
