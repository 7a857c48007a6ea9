#!/usr/bin/env python3
"""Compares the objective that Impasto reaches with what PyTorch's own L-BFGS reaches on this machine.

    swift build -c release && python3 Benchmarks/quality.py

Impasto runs as a user would run it, with its defaults but for the transfer's pyramid, the texture's
statistic and borders and the reconstruction's smoothing. PyTorch minimises the same function of the same pixels:
L-BFGS with the strong Wolfe conditions, step size 1 and a history of 20, and a picture that is clamped at the
end. Both pictures are judged by PyTorch, clamped. PyTorch is given (a) as many evaluations and (b) as much time
as Impasto took: the time of our whole process, from start to end, while PyTorch's counts from its first
evaluation on, in the memory format that is faster here, and of the pictures that it came by its best is taken.
"""

import argparse
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

import torch
import torch.nn.functional as F

from bench import CACHE, ROOT, OtherLoad, describe_machine, say
from peer import FORMATS, Network, gram_sums
from report import number, table

PICTURES = ROOT / "Examples/Images"
CASTLE, STARRY_NIGHT = PICTURES / "castle.jpg", PICTURES / "starry_night.jpg"
# κ of Sources/NN/Losses/StyleStatistic.swift.
RELATIVE_STYLE_SCALE = 64
CONVOLUTIONS = 16
# The only settings in which this script knows the objective.
UNDERSTOOD = {
    "normalization": ("relative",), "pooling": ("max",), "padding": ("zero",), "style-loss": ("gram",),
    "tv-weight": (0,), "style-scale": (1,), "spectrum-weight": (0,),
}  # fmt: skip
NOISE_SEED = 1
NOISE_AMPLITUDE = 0.1


class Task:
    """A run of the application. PyTorch starts where a user of it would: from the content, or from noise."""

    def __init__(self, title, size, arguments, content=None, style=None, from_content=False):
        self.title, self.size, self.arguments = title, size, arguments
        self.content, self.style, self.from_content = content, style, from_content

    def command(self, size):
        inputs = ["--content", self.content] if self.content else []
        inputs += ["--style", self.style] if self.style else []
        shape = ["--width", size, "--height", size] if self.content is None else []
        return [*self.arguments, *inputs, "--size", size, *shape]


TASKS = {
    # One size, as PyTorch's: the pyramid's evaluations of small pictures would count as whole ones.
    "transfer": Task(
        "transfer: castle after The Starry Night", 512, ["transfer", "--preset", "study", "--no-pyramid", "--iterations", "60"],
        CASTLE, STARRY_NIGHT, from_content=True,
    ),
    "texture": Task("texture: The Starry Night", 256, ["texture", "--style-loss", "gram", "--padding", "zero"], style=STARRY_NIGHT),
    "reconstruct": Task(
        "reconstruction: castle from conv_4", 256, ["reconstruct", "--content-layers", "conv_4", "--tv-weight", "0"],
        CASTLE,
    ),
}


# What the application leaves behind.


class Application:
    def __init__(self, options, folder):
        self.binary, self.folder = options.binary, folder
        self.common = ["--weights", options.weights, "--threads", options.threads]

    def run(self, *arguments):
        command = [self.binary, *map(str, (*arguments, *self.common))]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"quality: {' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")

    def pixels(self, picture, size):
        """What the network is fed for a picture: [1, 3, H, W], RGB in 0…1."""
        path = self.folder / "pixels.safetensors"
        self.run("features", "--image", picture, "--layers", "conv_1", "--size", size, "-o", path)
        return tensor_in(path, "image")

    def make(self, arguments):
        """The picture of a run in floats, its settings, and the evaluations and seconds that it took."""
        picture, log = self.folder / "picture.png", self.folder / "log.jsonl"
        start = time.perf_counter()
        # 8 bits would add their rounding to our side alone.
        self.run(*arguments, "-o", picture, "--bit-depth", 16, "--log", log, "--quiet")
        seconds = time.perf_counter() - start
        evaluations = json.loads(log.read_text().splitlines()[-1])["evaluations"]
        return self.pixels(picture, 0), settings_in(picture), evaluations, seconds


def tensor_in(path, name):
    """One 32-bit tensor of a safetensors file."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    entry = json.loads(data[8 : 8 + length])[name]
    if entry["dtype"] != "F32":
        sys.exit(f"quality: '{name}' in {path} is {entry['dtype']}, and F32 is needed")
    begin, end = (8 + length + offset for offset in entry["data_offsets"])
    return torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32).reshape(entry["shape"])


def settings_in(path):
    """The settings that a picture carries."""
    data, position = path.read_bytes(), 8
    while position < len(data):
        (length,) = struct.unpack(">I", data[position : position + 4])
        kind, body = data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        if kind in (b"tEXt", b"iTXt") and body.startswith(b"impasto\0"):
            return json.loads(body[body.rindex(b"\0") + 1 :])
        position += 12 + length
    sys.exit(f"quality: {path} carries no settings")


def layers_in(text):
    """Weights by layer of a list such as 'conv_2:0.5,relu_5...relu_8'."""
    layers = {}
    for entry in text.split(","):
        name, _, weight = entry.partition(":")
        first, _, last = name.partition("...")
        if name == "all":
            first, last = "conv_1", f"conv_{CONVOLUTIONS}"
        kind, begin = first.split("_")
        end = last.split("_")[1] if last else begin
        if kind not in ("conv", "relu"):
            sys.exit(f"quality: the objective at '{name}' is not known here")
        for number_ in range(int(begin), int(end) + 1):
            layers[kind, number_] = float(weight or 1)
    return layers


# The objective.


def gram(features):
    """F·Fᵀ for a pixel."""
    return gram_sums(features) / (features.shape[2] * features.shape[3])


class Objective:
    """wc · mean over layers of ‖F − P‖² / ‖P‖²  +  ws · mean over layers of κ ‖G − A‖² / ‖A‖²."""

    def __init__(self, weights, settings, content, style, memory_format):
        for key, allowed in UNDERSTOOD.items():
            if settings.get(key, allowed[0]) not in allowed or settings.get("keep-colors"):
                sys.exit(f"quality: the objective with {key} = {settings.get(key)} is not known here")
        self.network = Network(weights, torch.float32, memory_format)
        self.memory_format = memory_format
        self.terms = []
        with torch.no_grad():
            for name, picture, scale, measure in (
                ("content", content, 1, lambda features: features),
                ("style", style, RELATIVE_STYLE_SCALE, gram),
            ):
                if picture is None:
                    continue
                layers = layers_in(settings[f"{name}-layers"])
                shares = {layer: weight / sum(layers.values()) for layer, weight in layers.items()}
                factor = settings.get(f"{name}-weight", 1) * scale
                for layer, features in self.features(picture, layers).items():
                    target = measure(features)
                    share = factor * shares[layer] / target.square().sum().item()
                    self.terms.append((layer, measure, target, share))

    def features(self, image, layers):
        # L-BFGS flattens the picture, which only the contiguous format allows.
        image = image.contiguous(memory_format=self.memory_format)
        found = self.network.features(image, {number_ for _, number_ in layers})
        return {
            (kind, number_): F.relu(found[number_]) if kind == "relu" else found[number_]
            for kind, number_ in layers
        }

    def __call__(self, image):
        found = self.features(image, [term[0] for term in self.terms])
        return sum(
            share * (measure(found[layer]) - target).square().sum()
            for layer, measure, target, share in self.terms
        )

    def judge(self, image):
        with torch.no_grad():
            return self(image.clamp(0, 1)).item()


# PyTorch's side.


class Limit(Exception):
    pass


class Descent:
    """PyTorch's L-BFGS from `start` until both limits are reached, with the best picture at either."""

    def __init__(self, objective, start, evaluations, seconds):
        self.objective = objective
        self.limits = {"evaluations": evaluations, "seconds": seconds}
        self.reached = {}
        self.image = start.clone().requires_grad_()
        self.best = (float("inf"), start)
        self.spent = {"evaluations": 0, "seconds": 0.0}
        self.began = time.perf_counter()
        optimizer = torch.optim.LBFGS(
            [self.image], lr=1, max_iter=10**6, max_eval=10**6, history_size=20, tolerance_grad=0,
            tolerance_change=0, line_search_fn="strong_wolfe",
        )  # fmt: skip
        try:
            # It leaves its line search when a step fails; asked again it starts afresh.
            while True:
                optimizer.step(self.evaluate)
        except Limit:
            pass

    def evaluate(self):
        self.image.grad = None
        loss = self.objective(self.image)
        loss.backward()
        value = loss.item()
        if value < self.best[0]:
            self.best = (value, self.image.detach().clone())
        self.spent["evaluations"] += 1
        self.spent["seconds"] = time.perf_counter() - self.began
        for name, limit in self.limits.items():
            if name not in self.reached and self.spent[name] >= limit:
                self.reached[name] = (self.best[1], dict(self.spent))
        if len(self.reached) == len(self.limits):
            raise Limit
        return loss


def faster_format(start, *objective):
    """The objective in the memory format that is faster here, and the format's name."""
    found = []
    for name, memory_format in FORMATS.items():
        candidate = Objective(*objective, memory_format)
        image = start.clone().requires_grad_()
        for _ in range(2):
            begin = time.perf_counter()
            candidate(image).backward()
            seconds = time.perf_counter() - begin
        found.append((seconds, candidate, name))
    return min(found, key=lambda one: one[0])[1:]


def measure(task, size, application, weights):
    say(f"{task.title}, {size} px: ours")
    picture, settings, evaluations, seconds = application.make(task.command(size))
    content, style = (
        path and application.pixels(path, settings["size"]) for path in (task.content, task.style)
    )
    if task.from_content:
        start = content
    else:
        noise = torch.randn(picture.shape, generator=torch.Generator().manual_seed(NOISE_SEED))
        start = (0.5 + NOISE_AMPLITUDE * noise).clamp(0, 1)
    objective, memory_format = faster_format(start, weights, settings, content, style)
    say(f"{task.title}, {size} px: PyTorch, {evaluations} evaluations and {seconds:.0f} s")
    peer = Descent(objective, start, evaluations, seconds).reached
    ours = objective.judge(picture)
    result = {
        "title": task.title, "width": picture.shape[3], "height": picture.shape[2], "settings": settings,
        "format": memory_format,
        "ours": {"objective": ours, "evaluations": evaluations, "seconds": seconds},
        "start": objective.judge(start),
    }  # fmt: skip
    for limit, (image, spent) in peer.items():
        reached = objective.judge(image)
        result[limit] = {"objective": reached, "ratio": ours / reached, **spent}
    return result


# The report.


def report(results):
    lines = []
    for row in results["tasks"].values():
        ours, same_count, same_time = row["ours"], row["evaluations"], row["seconds"]
        lines.append(
            [f"{row['title']}, {row['width']} × {row['height']}", ours["evaluations"]]
            + [number(ours["seconds"]), number(ours["objective"])]
            + [number(same_count["objective"]), number(same_count["ratio"], 2)]
            + [f"{number(same_time['objective'])} ({same_time['evaluations']})", number(same_time["ratio"], 2)]
        )
    heads = ["task", "evaluations", "s", "Impasto", "PyTorch, as many evaluations", "Impasto ÷ PyTorch"]
    heads += ["PyTorch, as much time (evaluations)", "Impasto ÷ PyTorch"]
    machine = results["machine"]
    others = results["otherCores"]
    return "\n\n".join(
        [
            f"{machine['cpu']}, {machine['threads']} threads; PyTorch {machine['pytorch']}; "
            f"commit {machine['commit']}, {machine['date']}."
            + (f" Cores that other processes took meanwhile: {others:.2f}." if others is not None else ""),
            "### The objective of the clamped picture: less is better",
            table(heads, lines),
        ]
    )


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default=str(ROOT / ".build/release/impasto"))
    parser.add_argument("--weights", type=pathlib.Path, default=CACHE / "vgg_normalised.pth")
    parser.add_argument("--only", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--size", type=int, help="instead of each task's own, for a quick look")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="of either side")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "out/quality.json")
    options = parser.parse_args(arguments)
    if not os.access(options.binary, os.X_OK):
        parser.error(f"{options.binary} is not built; 'make build' builds it")
    if not options.weights.exists():
        parser.error(f"no weights at {options.weights}; run 'make weights'")
    return options


def main():
    options = parse(sys.argv[1:])
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    others = OtherLoad()
    results = {
        "command": " ".join(sys.argv),
        "machine": describe_machine(options, {"pytorch": torch.__version__}),
        "tasks": {},
    }
    with tempfile.TemporaryDirectory() as folder:
        application = Application(options, pathlib.Path(folder))
        for name in options.only:
            task = TASKS[name]
            results["tasks"][name] = measure(task, options.size or task.size, application, options.weights)
    results["otherCores"] = others.cores()
    print(report(results))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    say(f"all figures are in {options.output}")


if __name__ == "__main__":
    main()
