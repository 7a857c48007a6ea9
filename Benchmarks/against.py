#!/usr/bin/env python3
"""Compares two builds of Impasto on this machine, old against new: what `make bench-against` runs.

Both builds of impasto-bench stand ready and take turns, as in bench.py, so that the machine's own ups and downs fall
on both. A row is the old build's time over the new one's: 1 is as fast, above 1 faster. Needs no PyTorch.
"""

import argparse
import contextlib
import os
import statistics
import sys

import bench
import small

PARTS = ("evaluation", "convolution", "small", "matrix", "training")


class Pair:
    """A worker of the old build and one of the new, at the same command."""

    def __init__(self, stack, options, command, *arguments):
        self.repeats = options.repeats
        self.workers = [
            stack.enter_context(contextlib.closing(
                bench.Worker([binary, command, "--threads", str(options.threads), *map(str, arguments)])
            ))
            for binary in (options.old, options.new)
        ]  # fmt: skip

    def read(self):
        for worker in self.workers:
            worker.read()

    def times(self, request, keys):
        """For each key the old build's and the new build's times, turn by turn; the first turn warms up."""
        found = {key: ([], []) for key in keys}
        for turn in range(self.repeats + 1):
            # Who begins changes with the turns: what the first leaves in the caches helps neither side always.
            for side in (0, 1) if turn % 2 else (1, 0):
                answer = self.workers[side].ask(request)
                for key in keys if turn > 0 else ():
                    found[key][side].append(answer[key])
        return found


def rows(options):
    """(part, name, old times, new times) of everything that was asked for."""
    for part in options.only:
        with contextlib.ExitStack() as stack:
            if part == "evaluation":
                for size in options.sizes:
                    pair = Pair(stack, options, "evaluation", "--size", size, "--weights", options.weights)
                    pair.read()
                    yield part, f"{size}²", *pair.times("", ["seconds"])["seconds"]
            elif part == "convolution":
                pair = Pair(stack, options, "convolution")
                for layer, shape in bench.SHAPES.items():
                    for key, times in pair.times("{} {} {}".format(*shape), ["forward", "inputGradient"]).items():
                        yield part, f"{layer} {key}", *times
            else:
                pair = Pair(stack, options, "small")
                for group, subjects in small.SECTIONS[part].items():
                    for name, size in subjects:
                        times = pair.times(f"{name} {size}", ["seconds"])["seconds"]
                        yield group, f"{small.WORDS.get(name, name)} {size:,}", *times


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("old", help="impasto-bench as the old tree builds it")
    parser.add_argument("--new", default=str(bench.ROOT / ".build-bench/release/impasto-bench"))
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(PARTS), metavar=",".join(PARTS))
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",")], default=[256, 512])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--weights", default=str(bench.CACHE / "vgg_normalised.pth"))
    parser.add_argument("--least", type=float, default=0.95, help="rows below this ratio are marked")
    options = parser.parse_args(arguments)
    for part in options.only:
        if part not in PARTS:
            parser.error(f"'{part}' is none of {', '.join(PARTS)}")
    for binary in (options.old, options.new):
        if not os.access(binary, os.X_OK):
            parser.error(f"{binary} is no program; build it with: swift build -c release --package-path Benchmarks")
    return options


def main():
    options = parse(sys.argv[1:])
    all_ratios, slow = [], []
    print(f"{'group':24} {'what':38} {'old':>10} {'new':>10} {'old ÷ new':>10}   least … most")
    for group, name, old, new in rows(options):
        ratios = [a / b for a, b in zip(old, new)]
        ratio = statistics.median(ratios)
        all_ratios.append(ratio)
        mark = ""
        if ratio < options.least:
            slow.append(f"{group}: {name}")
            mark = "  <"
        times = [small.duration(statistics.median(side), lambda value: f"{value:.3g}") for side in (old, new)]
        print(
            f"{group:24} {name:38} {times[0]:>10} {times[1]:>10} {ratio:10.3f}"
            f"   {min(ratios):.2f} … {max(ratios):.2f} (best against best {min(old) / min(new):.2f}){mark}",
            flush=True,
        )
    print(f"{len(all_ratios)} rows, geometric mean of old ÷ new {statistics.geometric_mean(all_ratios):.3f}")
    if slow:
        print(f"{len(slow)} below {options.least}: " + "; ".join(slow))


if __name__ == "__main__":
    main()
