#!/usr/bin/env python3
"""Tells where the time of a transfer goes, from samples of its threads, beside what the processor could do at best.

Usage: Benchmarks/profile.py [--size 512] [--iterations 40] [--impasto PROGRAM]                        (needs Linux's perf)

A transfer of castle.jpg after starry_night.jpg at its largest size alone is sampled after its first seconds, in which files
are read. What a helper thread does is counted as the work that its own functions name, or as what the main thread does in the
same function.
"""

import argparse
import collections
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Of a sample's functions the innermost tells that one of these fits: what an optimiser calls is called inside of it.
KINDS = [
    ("products of the convolutions", r"^multiply$"),
    ("their transforms", r"^transform_(input|output)|Winograd(Source|Target|Filter|Grid)"),
    ("Gram matrices", r"ssyrk|PixelSums|addTriangles"),
    ("the optimiser", r"LBFGS|InverseFrequencyFilter|7VectorsO"),
    ("the losses' gradients", r"channelsMixed|FeatureSums|scaledDifference|StyleTransferObjective"),
    ("pooling and ReLU", r"pool|halv|rectif|select_group|BitMask"),
    ("memory from the system", r"clear_page|do_anonymous_page|exc_page_fault|folio"),
]


def kind(stack):
    for function in stack:
        for name, pattern in KINDS:
            if re.search(pattern, function):
                return name
    return None


def samples(path):
    """(whether it is the main thread's, its functions) of each sample."""
    text = subprocess.run(
        ["perf", "script", "-i", path, "-F", "pid,tid,ip,sym"], capture_output=True, text=True, check=True).stdout
    for block in text.split("\n\n"):
        lines = block.strip().split("\n")
        head = re.match(r"\s*(\d+)/(\d+)", lines[0])
        if not head:
            continue
        stack = [match[1] for line in lines[1:] if (match := re.match(r"\s+[0-9a-f]+ (\S+)", line))]
        if stack:
            yield head[1] == head[2], stack


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--iterations", type=int, default=40)
    parser.add_argument("--impasto", default=str(ROOT / ".build/release/impasto"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = f"{folder}/perf.data"
        subprocess.run(
            ["perf", "record", "-q", "-o", data, "-F", "499", "--call-graph", "fp", "-D", "3000", "--", options.impasto,
             "transfer", "--content", ROOT / "Examples/Images/castle.jpg", "--style",
             ROOT / "Examples/Images/starry_night.jpg", "--size", str(options.size), "--no-pyramid", "--iterations",
             str(options.iterations), "--no-stop-when-settled", "--quiet", "-o", f"{folder}/out.png"], check=True)
        found = list(samples(data))
    # What the main thread does in a function, for helpers that are in it.
    of_leaf = collections.defaultdict(collections.Counter)
    for is_main, stack in found:
        if is_main and (name := kind(stack)):
            of_leaf[stack[0]][name] += 1
    counts = collections.Counter()
    for _, stack in found:
        name = kind(stack)
        if name is None and of_leaf[stack[0]]:
            name = of_leaf[stack[0]].most_common(1)[0][0]
        counts[name or "the rest"] += 1
    total = sum(counts.values())
    print("| what | part of the time |\n| --- | ---: |")
    for name in [*(name for name, _ in KINDS), "the rest"]:
        print(f"| {name} | {100 * counts[name] / total:.1f} % |")


if __name__ == "__main__":
    main()
