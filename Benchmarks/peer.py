#!/usr/bin/env python3
"""PyTorch's side of the comparison: the commands of impasto-bench, answered by PyTorch on the CPU.

    peer.py evaluation --size 512 --weights vgg_normalised.pth [--precision bf16] [--way channels_last]
    peer.py convolution [--format channels_last]
    peer.py accuracy --weights vgg_normalised.pth
    peer.py small
    peer.py versions

Answers are JSON, one object a line. `evaluation`, `convolution` and `small` take one measurement for each line
that they read: an empty one, "inputs outputs size", and "name size". PyTorch is used as one who knows it would: frozen weights,
targets without a graph, ReLU in place where nobody reads what it overwrites, Gram matrices as products of two matrices, and
of the ways to run the network (`WAYS`) the fastest, which bench.py looks for at each size and precision.
"""

import argparse
import json
import sys
import time

import torch
import torch.nn.functional as F

from peer_small import Subject

CONTENT_LAYER = 9
STYLE_LAYERS = (2, 4, 8, 16)
CONTENT_WEIGHT = 1.0
STYLE_WEIGHT = 0.5
# Convolutions that a pooling layer follows.
POOLED = (2, 4, 8, 12)
# The first convolution of each distinct shape, and its input's side as a part of the picture's.
DISTINCT_LAYERS = {1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 9: 8, 10: 8, 13: 16}
# Several pictures for the gradient's accuracy: one flipped ReLU outweighs all rounding, one figure is luck.
GRADIENT_SEEDS = range(3, 12)
FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
# How an evaluation can be run: in a memory format, compiled, with weights that autocast casts anew each time.
WAYS = {
    "contiguous": {"format": "contiguous"},
    "channels_last": {"format": "channels_last"},
    "channels_last_compiled": {"format": "channels_last", "compiled": True},
    "channels_last_fp32_weights": {"format": "channels_last", "fp32_weights": True},
}


def answer(**fields):
    print(json.dumps(fields), flush=True)


# Inputs: the same numbers as Inputs.swift makes, from integers alone, so that they are equal to the bit.


def mixed(x):
    """A hash of 32-bit integers."""
    for shift, factor in ((16, 0x21F0AAAD), (15, 0x735A2D97)):
        x = ((x ^ (x >> shift)) * factor) & 0xFFFFFFFF
    return x ^ (x >> 15)


def noise(shape, seed):
    """Numbers in -1 ..< 1 with a triangular distribution."""
    count = torch.Size(shape).numel()
    index = torch.arange(count, dtype=torch.int64)
    total = sum(mixed(index ^ mixed(2 * seed + k)) >> 8 for k in (0, 1)) - (1 << 24)
    return (total.float() / (1 << 24)).reshape(shape)


def picture(size, seed):
    """Triangular waves of four lengths in colours: structure at every scale."""
    y, x = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    channels = []
    for channel in range(3):
        total = torch.zeros(size, size, dtype=torch.int64)
        for wave, length in enumerate((256, 61, 17, 5)):
            key = mixed(16 * seed + wave)
            phase = mixed(key + channel) % (2 * length)
            position = (key % 7 - 3) * x + (key // 7 % 7 - 3) * y + phase
            total += (position % (2 * length) - length).abs() * 1024 // length
        channels.append(total)
    return (torch.stack(channels).float() / 4096).unsqueeze(0)


# The network and its losses.


class Network:
    def __init__(self, path, dtype, memory_format):
        stored = torch.load(path, weights_only=True)
        if "0.weight" not in stored:
            sys.exit(f"peer: {path} is not the normalised VGG-19 (see docs/weights.md)")
        keys = list(stored)[::2]
        self.layers = [
            (
                stored[key].to(dtype=dtype, memory_format=memory_format),
                stored[key.replace("weight", "bias")].to(dtype),
            )
            for key in keys
        ]

    def features(self, image, wanted):
        """What the convolutions in `wanted` give, before their ReLU."""
        found = {}
        x = F.conv2d(image, *self.layers[0])
        for number in range(1, max(wanted) + 1):
            weight, bias = self.layers[number]
            x = F.conv2d(x, weight, bias, padding=1)
            if number in wanted:
                found[number] = x
            x = F.relu(x, inplace=number not in wanted)
            if number in POOLED:
                x = F.max_pool2d(x, 2)
        return found


def gram_sums(features):
    """F·Fᵀ of the features of one picture."""
    # Two dimensions: a batch of one takes longer. The pixels' order does not matter, so that of the memory is kept.
    flat = features.permute(0, 2, 3, 1).reshape(-1, features.shape[1])
    return flat.t() @ flat


def gram(features):
    return gram_sums(features) / features.shape[1] ** 2


def mean_square(x, target):
    return (x - target).square().mean()


class Evaluation:
    """The study's loss of a picture and its gradient."""

    def __init__(self, path, size, dtype=torch.float32, way="contiguous", autocast=False):
        self.autocast = autocast
        self.size, self.dtype, self.memory_format = size, dtype, FORMATS[WAYS[way]["format"]]
        # Autocast leaves bf16 weights as they are; fp32 ones it casts in every evaluation.
        casts = autocast and not WAYS[way].get("fp32_weights")
        self.network = Network(path, torch.bfloat16 if casts else dtype, self.memory_format)
        content, style = self.image(1), self.image(2)
        with torch.no_grad(), self.context():
            self.content = self.network.features(content, (CONTENT_LAYER,))[CONTENT_LAYER]
            targets = self.network.features(style, STYLE_LAYERS)
            self.styles = {number: gram(targets[number]) for number in STYLE_LAYERS}
        self.loss = torch.compile(self.loss_of) if WAYS[way].get("compiled") else self.loss_of

    def image(self, seed):
        return picture(self.size, seed).to(dtype=self.dtype, memory_format=self.memory_format)

    def context(self):
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.autocast)

    def loss_of(self, image):
        found = self.network.features(image, (CONTENT_LAYER, *STYLE_LAYERS))
        content = mean_square(found[CONTENT_LAYER], self.content)
        style = sum(mean_square(gram(found[number]), target) for number, target in self.styles.items())
        return CONTENT_WEIGHT * content + STYLE_WEIGHT * style

    def __call__(self, image):
        """The loss and its gradient at an image that requires one."""
        with self.context():
            loss = self.loss(image)
        (gradient,) = torch.autograd.grad(loss, image)
        return loss.item(), gradient


# Commands.


def evaluation(options):
    evaluate = Evaluation(
        options.weights,
        options.size,
        way=options.way,
        autocast=options.precision == "bf16",
    )
    start_image = evaluate.image(3).requires_grad_()
    try:
        loss, _ = evaluate(start_image)
    except torch._dynamo.exc.BackendCompilerFailed as error:
        # As where there is no compiler of C++.
        return answer(missing=str(error).splitlines()[0])
    answer(loss=loss)
    for _ in sys.stdin:
        start = time.perf_counter()
        loss, _ = evaluate(start_image)
        answer(seconds=time.perf_counter() - start, loss=loss)


def convolution(options):
    memory_format = FORMATS[options.format]
    shape = None
    for line in sys.stdin:
        if line != shape:
            shape = line
            inputs, outputs, size = map(int, line.split())
            x = noise((1, inputs, size, size), 1).relu().contiguous(memory_format=memory_format)
            x.requires_grad_()
            weight = noise((outputs, inputs, 3, 3), 2).contiguous(memory_format=memory_format)
            bias = noise((outputs,), 3)
            direction = noise((1, outputs, size, size), 4).contiguous(memory_format=memory_format)
            torch.autograd.grad(F.conv2d(x, weight, bias, padding=1), x, direction)
        start = time.perf_counter()
        y = F.conv2d(x, weight, bias, padding=1)
        middle = time.perf_counter()
        torch.autograd.grad(y, x, direction)
        answer(forward=middle - start, inputGradient=time.perf_counter() - middle)


def largest_error(value, reference):
    """The largest error as a part of the largest value."""
    return ((value.double() - reference).abs().max() / reference.abs().max()).item()


def accuracy(options):
    single = Network(options.weights, torch.float32, torch.contiguous_format)
    double = Network(options.weights, torch.float64, torch.contiguous_format)
    for number, part in DISTINCT_LAYERS.items():
        outputs, inputs = single.layers[number][0].shape[:2]
        size = options.size // part
        x = noise((1, inputs, size, size), 1).relu() * 4
        direction = noise((1, outputs, size, size), 4)
        found = []
        for network, dtype in ((single, torch.float32), (double, torch.float64)):
            x = x.detach().to(dtype).requires_grad_()
            y = F.conv2d(x, *network.layers[number], padding=1)
            found.append((y.detach(), torch.autograd.grad(y, x, direction.to(dtype))[0]))
        answer(
            layer=f"conv_{number}",
            forward=largest_error(found[0][0], found[1][0]),
            inputGradient=largest_error(found[0][1], found[1][1]),
        )
    reference, *others = (
        Evaluation(options.weights, options.gradient_size, dtype, autocast=autocast)
        for dtype, autocast in ((torch.float64, False), (torch.float32, False), (torch.float32, True))
    )
    for seed in GRADIENT_SEEDS:
        _, truth = reference(reference.image(seed).requires_grad_())
        errors = []
        for evaluate in others:
            _, gradient = evaluate(evaluate.image(seed).requires_grad_())
            errors.append(((gradient.double() - truth).norm() / truth.norm()).item())
        answer(imageGradient=errors[0], imageGradientBF16=errors[1])


def small(options):
    current = None
    for line in sys.stdin:
        if line != current:
            current = line
            name, size = line.split()
            subject = None
            subject = Subject(name, int(size), noise)
        seconds, loss = subject.measure()
        answer(seconds=seconds, loss=loss)


def versions(options):
    answer(pytorch=torch.__version__, python=sys.version.split()[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    commands = (evaluation, convolution, accuracy, small, versions)
    parser.add_argument("command", choices=[command.__name__ for command in commands])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--gradient-size", type=int, default=128)
    parser.add_argument("--weights")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--way", choices=WAYS, default="contiguous", help="of an evaluation")
    parser.add_argument("--format", choices=FORMATS, default="contiguous", help="of a convolution")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    globals()[options.command](options)


if __name__ == "__main__":
    main()
