#!/usr/bin/env python3
"""Judges transfers by networks that none was made with: ours by each preset and table, and PyTorch's for as much time.

    make bench-pictures [SIZE=256] [PAIRS="castle:starry_night kitten:cafe_terrace"] [METHODS="painterly tutorial-torch"]

Content is judged by LPIPS of AlexNet and by MS-SSIM of the lightness, style by the distributions of VGG-16's features
(`PerceptualStyle`): sliced Wasserstein and Gaussian. Less is better but for MS-SSIM, and one is bought with the other, so
each preset is painted at several balances, and the chart has a line for each. Where a preset's line is at the content of
a peer's picture is told by interpolation: style at equal content. The tables of Examples/Settings are painted by as they
stand, and are not in the chart. PyTorch's runs (L-BFGS, the tutorial's objective and the paper's) get the seconds that
`--preset painterly` took for the pair, on average over its balances, and the same threads; seconds are the processor's, so
that other work on the machine changes none. Other programs are run beside them where a command is given:

    --other 'NAME=python style.py {content} {style} --size {size} --seconds {seconds} -o {output}'

A last line of JSON with "seconds" in what it prints stands for its time, as others.py prints it for two known programs.
With --sizes each pair is painted at those sizes instead, scaled to the smallest and judged there: whether the look is the
same at every size. Without PyTorch or other programs their rows are left out, and the page says so. What is in the folder of --output already is
neither painted nor judged again, so that a long run can be made in pieces; pairs that are not asked for any more stay in
the tables. Photographs that Examples/Images does not have are taken out of scikit-image's wheel; see ATTRIBUTION.md. Needs
`make weights-perceptual`, NumPy and Pillow.
"""

import argparse
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

from bench import CACHE, ROOT, say
from pictures_report import MEASURES, chart, means, page, sheet
from pictures_sizes import at_sizes
from PIL import Image
from textures import fetched, packed, used

IMAGES = ROOT / "Examples/Images"
# Photographs that come out of scikit-image's wheel.
PACKED = {"coffee": "coffee.png"}
PAIRS = [(content, style) for content in ("castle", "kitten", "astronaut", "coffee")
         for style in ("starry_night", "cafe_terrace")]
PRESETS = ("study", "painterly", "brush", "gatys2015")
# What others published, as settings of ours.
SETTINGS = {file.stem: file for file in sorted((IMAGES.parent / "Settings").glob("*.json"))}
# Presets whose weights stand for a balance: others are what somebody published, as it stands.
BALANCES = {"study": (0.5, 0.7, 0.85), "painterly": (0.5, 0.7, 0.85), "brush": (0.5, 0.7, 0.9)}


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"pictures: {' '.join(map(str, command))} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


class OutOfTime(Exception):
    pass


class Torch:
    """Gatys' method by PyTorch's L-BFGS, as its tutorial and as the paper state it, for some seconds."""

    def __init__(self, weights, threads):
        import torch

        from peer import FORMATS, Network

        torch.set_num_threads(threads)
        self.torch, self.format = torch, FORMATS["channels_last"]
        self.network = Network(weights, torch.float32, self.format)

    def pixels(self, path, size):
        import numpy

        picture = Image.open(path).convert("RGB")
        scale = size / max(picture.size)
        picture = picture.resize([round(side * scale) for side in picture.size], Image.LANCZOS)
        return self.torch.from_numpy(numpy.asarray(picture).astype("float32") / 255).permute(2, 0, 1)[None].contiguous()

    def terms(self, name, content, style):
        from peer import gram_sums

        def mean_gram(f):
            return gram_sums(f) / f.numel()

        if name == "tutorial":
            wanted = {"content": {4: 1.0}, "style": {number: 1e6 for number in range(1, 6)}}
        else:
            # The paper's layers; its weights for features of about 1, as the normalised network has them.
            wanted = {"content": {10: 1.0}, "style": {number: 2e5 for number in (1, 3, 5, 9, 13)}}
        result = []
        for kind, picture, measure in (("content", content, lambda f: f), ("style", style, mean_gram)):
            found = self.features(picture, set(wanted[kind]))
            result += [(number, measure, measure(found[number]), weight) for number, weight in wanted[kind].items()]
        return result

    def features(self, image, wanted):
        return self.network.features(image.contiguous(memory_format=self.format), wanted)

    def paint(self, name, content, style, size, seconds, output):
        torch = self.torch
        content, style = self.pixels(content, size), self.pixels(style, size)
        with torch.no_grad():
            terms = self.terms(name, content, style)
        layers = {term[0] for term in terms}
        image = content.clone().requires_grad_()
        optimizer = torch.optim.LBFGS([image], lr=1, max_iter=20, tolerance_grad=0, tolerance_change=0)
        end = time.process_time() + seconds
        best = (float("inf"), content)

        def evaluate():
            nonlocal best
            if time.process_time() > end:
                raise OutOfTime
            optimizer.zero_grad()
            found = self.features(image, layers)
            loss = sum(weight * (measure(found[number]) - target).square().mean()
                       for number, measure, target, weight in terms)
            loss.backward()
            if loss.item() < best[0]:
                best = (loss.item(), image.detach().clone())
            return loss

        try:
            while True:
                optimizer.step(evaluate)
                with torch.no_grad():
                    image.clamp_(0, 1)
        except OutOfTime:
            pass
        pixels = (best[1].clamp(0, 1)[0].permute(1, 2, 0) * 255 + 0.5).byte().numpy()
        Image.fromarray(pixels).save(output)


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.torch = None
        if any(method.endswith("-torch") for method in options.methods):
            try:
                self.torch = Torch(options.weights, options.threads)
            except ImportError:
                say("no PyTorch: its rows are left out")

    def ours(self, preset, balance, content, style, output, size=None):
        weighing = [] if balance is None else ["--balance", balance]
        table = ["--settings", SETTINGS[preset]] if preset in SETTINGS else ["--preset", preset]
        run(self.options.binary, "transfer", "--content", content, "--style", style, "--size", size or self.options.size,
            *table, *weighing, "--threads", self.options.threads, "--quiet", "-o", output)

    def judge(self, content, style, output):
        compared = json.loads(run(self.options.binary, "compare", content, output, "--perceptual", "--fit", "--json",
                                  "--layers", "conv_1"))
        styles = json.loads(run(self.options.bench, "judge", "--network", CACHE / "vgg16.ckpt", "--painting", style, output))
        return {
            "sliced": styles["sliced"], "gaussian": styles["gaussian"], "lpips": compared["lpips-alex"],
            "ms_ssim": compared.get("ms-ssim-luma"),
        }

    def pair(self, content, style):
        """A row for each method: what it took, and how it is judged."""
        options = self.options
        paths = [source(options.output, name) for name in (content, style)]
        rows = []

        def seconds():
            """What `painterly` took, or our first method where it was not asked for."""
            own = [row for row in rows if row["method"] == "painterly"] or rows[:1]
            return sum(row["seconds"] for row in own) / max(len(own), 1) or 60

        def add(method, balance, paint):
            suffix = "" if balance is None else f"-{balance}"
            output = self.folder / f"{content}-{style}-{method}{suffix}.png"
            note = output.with_suffix(".json")
            if not (output.exists() and note.exists() and json.loads(note.read_text())["size"] == options.size):
                begin = used()
                told = paint(output)
                took = used() - begin if told is None else told
                row = {"content": content, "style": style, "method": method, "balance": balance, "size": options.size,
                       "picture": str(output), "seconds": took, **self.judge(*paths, output)}
                note.write_text(json.dumps(row) + "\n")
            row = json.loads(note.read_text())
            rows.append(row)
            say(f"{content} × {style}: {method} {balance or ''} {row['seconds']:.0f} s, "
                + ", ".join(f"{name} {row[name]:.3f}" for name in MEASURES if row[name] is not None))

        for method in options.methods:
            if method.endswith("-torch"):
                continue
            for balance in BALANCES.get(method, (None,)):
                add(method, balance, lambda output: self.ours(method, balance, *paths, output))
        for method in options.methods:
            if method.endswith("-torch") and self.torch:
                add(method, None, lambda output: self.torch.paint(
                    method.removesuffix("-torch"), *paths, options.size, seconds(), output))
        for other in options.other:
            name, _, command = other.partition("=")
            add(name, None, lambda output: told_seconds(run(
                *(part.format(content=paths[0], style=paths[1], size=options.size, seconds=round(seconds()), output=output)
                  for part in shlex.split(command)))))
        return rows


def told_seconds(text):
    """The seconds in a last line of JSON, or `None`."""
    last = text.strip().rpartition("\n")[2]
    return json.loads(last).get("seconds") if last.startswith("{") else None


def source(folder, name):
    """The file of a photograph or painting."""
    if name not in PACKED:
        return IMAGES / f"{name}.jpg"
    file = folder / f"{name}.png"
    if not file.exists():
        packed(fetched(folder), PACKED[name]).convert("RGB").save(file)
    return file


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default=str(ROOT / ".build/release/impasto"))
    parser.add_argument("--bench", default=str(ROOT / ".build-bench/release/impasto-bench"))
    parser.add_argument("--weights", type=pathlib.Path, default=CACHE / "vgg_normalised.pth")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count()))
    parser.add_argument("--pairs", nargs="*", default=[f"{content}:{style}" for content, style in PAIRS], help="none: report alone")
    parser.add_argument("--methods", nargs="+", default=[*PRESETS, *SETTINGS, "tutorial-torch", "gatys-torch"])
    parser.add_argument("--balances", nargs="+", type=float, help="in place of each preset's own three")
    parser.add_argument("--sizes", nargs="+", type=int, help="compare the first method's look at these sizes instead")
    parser.add_argument("--other", action="append", default=[], help="another program: NAME=COMMAND")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "out/pictures")
    options = parser.parse_args()
    for file in (options.binary, options.bench, options.weights, CACHE / "vgg16.ckpt"):
        if not os.path.exists(file):
            parser.error(f"no {file}; 'make bench-pictures' builds the programs, 'make weights-perceptual' fetches the weights")
    if options.balances:
        BALANCES.update(dict.fromkeys(BALANCES, tuple(options.balances)))
    own = [*PRESETS, *SETTINGS]
    unknown = [method for method in options.methods if not method.endswith("-torch") and method not in own]
    if unknown:
        parser.error(f"no method {', '.join(unknown)}; there are {', '.join(own)}, tutorial-torch and gatys-torch")
    options.output.mkdir(parents=True, exist_ok=True)
    if options.sizes:
        options.methods = options.methods[:1]
        at_sizes(Bench(options, options.output), source)
        return
    bench = Bench(options, options.output)
    for pair in options.pairs:
        bench.pair(*pair.split(":"))
    methods = [*options.methods, *(other.partition("=")[0] for other in options.other)]
    order = {method: place for place, method in enumerate(methods)}
    rows = [json.loads(note.read_text()) for note in sorted(options.output.glob("*-*.json"))]
    rows = [row for row in rows if row["size"] == options.size and row["method"] in order]
    rows = sorted(rows, key=lambda row: (order[row["method"]], row["balance"] or 0))
    found = means(rows)
    balanced = [method for method in methods if method in BALANCES]
    peers = [method for method in methods if method not in own]
    (options.output / "tables.md").write_text(page(rows, found, balanced, peers))
    print((options.output / "tables.md").read_text())
    # Means over other pairs lie elsewhere for that alone.
    most = max(entry["pairs"] for entry in found)
    lines = [entry for entry in found if entry["pairs"] == most and entry["method"] in balanced + peers]
    chart(lines, options.output / "chart.svg")
    middle = {method: BALANCES[method][len(BALANCES[method]) // 2] for method in balanced}
    sheet(rows, middle, lambda name: source(options.output, name), options.output / "sheet.jpg")
    whole = {"size": options.size, "rows": rows, "means": found}
    (options.output / "pictures.json").write_text(json.dumps(whole, indent=1) + "\n")
    say(f"all figures, a chart and a sheet are in {options.output}")


if __name__ == "__main__":
    main()
