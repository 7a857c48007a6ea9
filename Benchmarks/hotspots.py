#!/usr/bin/env python3
"""Tells where the time of a transfer goes, from samples of its threads, beside what the processor could do at best.

Usage: Benchmarks/hotspots.py [--size 512] [--iterations 40] [--impasto PROGRAM]        (needs Linux's perf and a C compiler)

A transfer of castle.jpg after starry_night.jpg at its largest size alone is sampled after its first seconds, in which files
are read. What a helper thread does is counted as the work that its own functions name, or as what the main thread does in the
same function.

What the cores could do at best: products, at the rate of multiplications and additions of registers with nothing else; what
moves numbers, at the rate of copying, each layer's features read once and written once in each direction. Both rates are
measured before the run, with as many threads as it has.
"""

import argparse
import collections
import json
import os
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


# Sixteen chains of products and sums in registers, and copies of 256 MB; each in seconds, the best of five.
RATES = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
typedef float vector __attribute__((vector_size(64)));
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}
int main(void) {
  double products = 1e9, copies = 1e9;
  const size_t size = (size_t)1 << 28;
  char *from = malloc(size), *to = malloc(size);
  memset(from, 1, size), memset(to, 2, size);
  for (int turn = 0; turn < 5; turn++) {
    vector sums[16] = {{0}}, x = {0.5f}, y = {0.25f};
    __asm__ volatile("" : "+m"(x), "+m"(y));
    double start = now();
    for (long i = 0; i < 20000000; i++)
#pragma clang loop unroll(full)
      for (int j = 0; j < 16; j++) sums[j] = sums[j] * x + y;
    __asm__ volatile("" : : "m"(sums));
    double took = now() - start;
    if (took < products) products = took;
    start = now();
    memcpy(to, from, size);
    __asm__ volatile("" : : "r"(to) : "memory");
    took = now() - start;
    if (took < copies) copies = took;
  }
  printf("%g %g\n", 20000000.0 * 16 * 32 / products, 2.0 * size / copies);
}
"""


def rates(threads, folder):
    """Floating point operations a second in registers, and bytes a second that are read or written."""
    source, program = f"{folder}/rates.c", f"{folder}/rates"
    pathlib.Path(source).write_text(RATES)
    compiler = os.environ.get("CC", "clang")
    # A product and a sum are one operation of the processor, as in the kernels.
    subprocess.run([compiler, "-O2", "-march=native", "-ffp-contract=fast", source, "-o", program], check=True)
    running = [subprocess.Popen([program], stdout=subprocess.PIPE, text=True) for _ in range(threads)]
    found = [[float(number) for number in process.communicate()[0].split()] for process in running]
    return [sum(column) for column in zip(*found)]


def work(height, width):
    """The study's objective: floating point operations or bytes of an evaluation for each kind that has a bound."""
    channels = [3, *[64] * 2, *[128] * 2, *[256] * 4, *[512] * 8]
    operations, bytes_moved = collections.Counter(), collections.Counter()
    for layer in range(1, 17):
        if layer in (3, 5, 9, 13):
            height, width = height // 2, width // 2
        ins, outs, pixels = channels[layer - 1], channels[layer], height * width
        # Winograd's F(4×4, 3×3) has 36 products for each pair of channels of a tile, there and back.
        tiles = -(-height // 4) * -(-width // 4)
        products = 9 * pixels if layer == 1 else 36 * tiles
        operations["products of the convolutions"] += 2 * 2 * products * ins * outs
        if layer > 1:
            bytes_moved["their transforms"] += 2 * 4 * pixels * (ins + outs)
        if layer in (2, 4, 8, 16):
            operations["Gram matrices"] += pixels * outs * (outs + 1)
            operations["the losses' gradients"] += 2 * pixels * outs * outs
        # ReLU reads and writes the features; its gradient and that of a pooling likewise.
        bytes_moved["pooling and ReLU"] += 4 * 4 * pixels * outs
    return operations, bytes_moved


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


def pixels(path, longest):
    """The height and width at which a JPEG is worked on, from its header."""
    data, place = path.read_bytes(), 2
    while not 0xC0 <= data[place + 1] <= 0xC2:
        place += 2 + int.from_bytes(data[place + 2:place + 4], "big")
    height, width = (int.from_bytes(data[place + at:place + at + 2], "big") for at in (5, 7))
    return [round(side * longest / max(height, width)) for side in (height, width)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--iterations", type=int, default=40)
    parser.add_argument("--impasto", default=str(ROOT / ".build/release/impasto"))
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, log = f"{folder}/perf.data", f"{folder}/log.jsonl"
        flops, bandwidth = rates(options.threads, folder)
        subprocess.run(
            ["perf", "record", "-q", "-o", data, "-F", "499", "--call-graph", "fp", "-D", "3000", "--", options.impasto,
             "transfer", "--preset", "study", "--content", ROOT / "Examples/Images/castle.jpg", "--style",
             ROOT / "Examples/Images/starry_night.jpg", "--size", str(options.size), "--no-pyramid", "--iterations",
             str(options.iterations), "--no-stop-when-settled", "--quiet", "--threads", str(options.threads), "--log", log,
             "-o", f"{folder}/out.png"], check=True)
        found = list(samples(data))
        lines = [json.loads(line) for line in open(log)]
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
    evaluation = (lines[-1]["seconds"] - lines[0]["seconds"]) / (lines[-1]["evaluations"] - lines[0]["evaluations"])
    operations, bytes_moved = work(*pixels(ROOT / "Examples/Images/castle.jpg", options.size))
    best = {name: count / flops for name, count in operations.items()}
    best |= {name: count / bandwidth for name, count in bytes_moved.items()}
    print(
        f"{options.threads} threads: {flops / 1e9:.0f} GFLOP/s in registers, {bandwidth / 1e9:.1f} GB/s read and written; "
        f"an evaluation takes {1000 * evaluation:.0f} ms\n")
    print("| what | part of the time | ms an evaluation | at best |\n| --- | ---: | ---: | ---: |")
    for name in [*(name for name, _ in KINDS), "the rest"]:
        part = counts[name] / total
        limit = f"{1000 * best[name]:.0f}" if name in best else "–"
        print(f"| {name} | {100 * part:.0f} % | {1000 * part * evaluation:.0f} | {limit} |")


if __name__ == "__main__":
    main()
