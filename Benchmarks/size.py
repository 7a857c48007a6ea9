#!/usr/bin/env python3
"""Measures print sizes: that a limit of memory changes no bit, what strips take, and what a plan says of them.

Usage: Benchmarks/size.py [--only bits,turns,large,plan,huge,peer] [--sizes 1024,2048] [--old PROGRAM] [--limit 4G] [--threads N]

  bits    1024 and 2048 pixels, five iterations: in one piece and within three limits, with 1, 2 and 5 threads
  turns   512 and 1024 pixels, this build and --old in turns, in one piece: seconds of an evaluation, peak memory
  large   4096 pixels within 4 GB beside one piece, eight iterations, as the last size of a print has
  plan    768, 1024, 1536 and 2048 pixels: what --plan says within limits, and what the run takes
  huge    8192 pixels within 14 GB: the plan of the whole picture, and three iterations
  peer    2048² pixels: the peak memory of an iteration within the least limit, and that of an evaluation by PyTorch where
          this Python has it, as it comes and compiled

--sizes are other sizes for each of these, --limit another limit of large and huge. The exit status is 1 where bits differ,
a plan is off by more than 15 % in memory or 30 % in time, or a run takes more than its limit.
"""

import argparse
import hashlib
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import CACHE, ROOT

TOOL = ROOT / ".build/release/impasto"
TRANSFER = [
    "transfer", "--content", str(ROOT / "Examples/Images/castle.jpg"), "--style",
    str(ROOT / "Examples/Images/starry_night.jpg"), "--preset", "study", "--no-pyramid", "--no-metadata",
    "--no-stop-when-settled", "--quiet",
]


def run(tool, arguments, folder, transfer=TRANSFER):
    """The seconds of an evaluation, of the run, its peak memory in MB and the picture's digest."""
    out, log = f"{folder}/out.png", f"{folder}/log.jsonl"
    start = time.monotonic()
    process = subprocess.Popen([tool, *transfer, *arguments, "-o", out, "--log", log])
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"impasto {' '.join(arguments)} failed")
    lines = [json.loads(line) for line in open(log)]
    evaluations = lines[-1]["evaluations"] - lines[0]["evaluations"]
    seconds = (lines[-1]["seconds"] - lines[0]["seconds"]) / max(evaluations, 1)
    return {
        "evaluation": seconds, "run": time.monotonic() - start, "peak": usage.ru_maxrss * 1024 / 1e6,
        "digest": hashlib.sha256(open(out, "rb").read()).hexdigest(),
    }


def planned(arguments):
    text = subprocess.run([TOOL, *TRANSFER, *arguments, "--plan"], check=True, capture_output=True, text=True).stdout
    memory = re.search(r"^peak memory: about ([\d,.]+) (MB|GB)", text, re.MULTILINE)
    said = re.search(r"^time: about ([^,;]+)", text, re.MULTILINE)[1]
    units = {"h": 3600, "min": 60, "s": 1}
    seconds = sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+) (h|min|s)\b", said))
    strips = re.search(r"in strips of [^:]*", text)
    return (
        seconds, float(memory[1].replace(",", "")) * (1000 if memory[2] == "GB" else 1),
        strips[0] if strips else "in one piece",
    )


def least(arguments, transfer=TRANSFER):
    """The megabytes that a run takes by the smallest strips."""
    text = subprocess.run(
        [TOOL, *transfer, *arguments, "--memory-limit", "10M", "--plan"], check=True, capture_output=True, text=True).stdout
    need = re.search(r"this run needs about ([\d,.]+) (MB|GB)", text)
    return int(float(need[1].replace(",", "")) * (1000 if need[2] == "GB" else 1)) + 1


def limits(size, iterations):
    """Three limits: from what the smallest strips take to what one piece does."""
    arguments = ["--size", str(size), "--iterations", str(iterations)]
    whole = planned(arguments + ["--memory-limit", "1T"])[1]
    smallest = least(arguments)
    return [smallest + int(part * (whole - smallest)) for part in (0.0, 0.3, 0.6)]


def bits(sizes, folder):
    failures = 0
    for size in sizes:
        digests = {}
        for limit in [None, *limits(size, 5)]:
            for threads in (1, 2, 5):
                arguments = ["--size", str(size), "--iterations", "5", "--threads", str(threads)]
                arguments += ["--memory-limit", f"{limit}M" if limit else "1T"]
                result = run(TOOL, arguments, folder)
                digests[(limit, threads)] = result["digest"]
                print(
                    f"bits {size}: limit {limit or 'none'} MB, {threads} threads: {result['digest'][:16]}, "
                    f"{result['peak']:.0f} MB, {result['evaluation']:.2f} s an evaluation", flush=True)
        same = len(set(digests.values())) == 1
        failures += not same
        print(f"bits {size}: {'the same' if same else 'DIFFERENT'} in {len(digests)} runs", flush=True)
    return failures


def turns(old, sizes, threads, folder):
    # Builds of before 0.1 do not know --no-metadata; no bits are compared here.
    known = [one for one in TRANSFER if one != "--no-metadata"]
    for size in sizes:
        arguments = ["--size", str(size), "--iterations", "8", *threads]
        found = {"old": [], "new": []}
        for _ in range(5):
            found["old"].append(run(old, arguments, folder, known))
            found["new"].append(run(TOOL, arguments, folder))

        def middle(key):
            return [statistics.median(one[key] for one in found[side]) for side in ("old", "new")]

        ratio = statistics.median(b["evaluation"] / a["evaluation"] for a, b in zip(found["old"], found["new"]))
        peak = middle("peak")
        print(
            f"turns {size}: evaluation {middle('evaluation')[0]:.3f} s → {middle('evaluation')[1]:.3f} s, in turns "
            f"{ratio:.2f}; peak {peak[0]:.0f} → {peak[1]:.0f} MB, {peak[1] / peak[0]:.2f}", flush=True)


def megabytes(limit):
    return float(limit[:-1]) * {"M": 1, "G": 1e3, "T": 1e6}[limit[-1]]


def large(sizes, limit, threads, folder):
    failures = 0
    for size in sizes:
        arguments = ["--size", str(size), "--iterations", "8", *threads]
        whole = {}
        for own in (limit, "1T"):
            says = planned(arguments + ["--memory-limit", own])
            result = run(TOOL, arguments + ["--memory-limit", own], folder)
            isWrong = result["peak"] > megabytes(own)
            failures += isWrong
            print(
                f"large {size}, limit {own}, {says[2]}: {result['evaluation']:.1f} s an evaluation, peak "
                f"{result['peak']:.0f} MB, {says[1]:.0f} planned, {result['digest'][:16]}{'  over' if isWrong else ''}",
                flush=True)
            whole[own] = result
        ratio = whole[limit]["evaluation"] / whole["1T"]["evaluation"]
        same = whole[limit]["digest"] == whole["1T"]["digest"]
        failures += not same
        print(f"large {size}: {ratio:.2f} of one piece's time, {'the same bits' if same else 'DIFFERENT'}", flush=True)
    return failures


def huge(sizes, limit, threads, folder):
    failures = 0
    for size in sizes:
        arguments = ["--size", str(size), "--memory-limit", limit, *threads]
        pyramid = [one for one in TRANSFER if one != "--no-pyramid"]
        print(subprocess.run(
            [TOOL, *pyramid, *arguments, "--plan"], check=True, capture_output=True, text=True).stdout, flush=True)
        arguments += ["--iterations", "3"]
        (_, memory, strips), result = planned(arguments), run(TOOL, arguments, folder)
        isWrong = result["peak"] > megabytes(limit)
        failures += isWrong
        print(
            f"huge {size}, {strips}: {result['evaluation']:.0f} s an evaluation, {result['run']:.0f} s in all, peak "
            f"{result['peak']:.0f} MB, {memory:.0f} planned{'  over' if isWrong else ''}", flush=True)
    return failures


def peer(sizes, threads, folder):
    """PyTorch takes the pixels of a square, so ours are a square of noise."""
    failures = 0
    for size in sizes:
        square = f"{folder}/square.ppm"
        with open(square, "wb") as file:
            file.write(b"P6 %d %d 255\n" % (size, size) + random.Random(1).randbytes(3 * size * size))
        transfer = [square if before == "--content" else one for before, one in zip([None, *TRANSFER], TRANSFER)]
        arguments = ["--size", str(size), "--iterations", "1", *threads]
        limit = least(arguments, transfer)
        result = run(TOOL, arguments + ["--memory-limit", f"{limit}M"], folder, transfer)
        failures += result["peak"] > limit
        print(f"peer {size}²: ours, an iteration within {limit} MB: peak {result['peak']:.0f} MB", flush=True)
        for way in ("contiguous", "channels_last_compiled"):
            command = [sys.executable, Path(__file__).with_name("peer.py"), "evaluation", "--size", str(size), "--way", way]
            command += ["--weights", CACHE / "vgg_normalised.pth", *threads]
            worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
            answer = worker.stdout.read()
            _, status, usage = os.wait4(worker.pid, 0)
            if status != 0 or "loss" not in answer:
                print(f"peer {size}²: PyTorch {way} does not run here", flush=True)
                continue
            peak = usage.ru_maxrss * 1024 / 1e6
            print(f"peer {size}²: PyTorch {way}: peak {peak:.0f} MB, ours ÷ its {result['peak'] / peak:.3f}", flush=True)
    return failures


def plan(sizes, threads, folder):
    failures = 0
    for size in sizes:
        for limit in limits(size, 3)[:2]:
            arguments = ["--size", str(size), "--iterations", "3", "--memory-limit", f"{limit}M", *threads]
            (seconds, memory, strips), taken = planned(arguments), run(TOOL, arguments, folder)
            ratios = seconds / taken["run"], memory / taken["peak"]
            wrong = abs(ratios[0] - 1) > 0.30 or abs(ratios[1] - 1) > 0.15
            failures += wrong
            print(
                f"plan {size}, {strips}: {seconds:.1f} s planned, {taken['run']:.1f} s taken ({ratios[0]:.2f}); "
                f"{memory:.0f} MB planned, {taken['peak']:.0f} MB taken ({ratios[1]:.2f}){'  off' if wrong else ''}",
                flush=True)
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="bits,turns,large,plan,huge,peer")
    parser.add_argument("--sizes", help="in place of a measurement's own")
    parser.add_argument("--old", help="another build's impasto")
    parser.add_argument("--limit", help="the memory of large and huge")
    parser.add_argument("--threads")
    options = parser.parse_args()
    chosen = options.only.split(",")
    threads = ["--threads", options.threads] if options.threads else []
    failures = 0

    def sizes(*own):
        return [int(size) for size in options.sizes.split(",")] if options.sizes else own

    with tempfile.TemporaryDirectory() as folder:
        if "bits" in chosen:
            failures += bits(sizes(1024, 2048), folder)
        if "turns" in chosen and options.old:
            turns(options.old, sizes(512, 1024), threads, folder)
        if "large" in chosen:
            failures += large(sizes(4096), options.limit or "4G", threads, folder)
        if "plan" in chosen:
            failures += plan(sizes(768, 1024, 1536, 2048), threads, folder)
        if "huge" in chosen:
            failures += huge(sizes(8192), options.limit or "14G", threads, folder)
        if "peer" in chosen:
            failures += peer(sizes(2048), threads, folder)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
