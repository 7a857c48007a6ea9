#!/usr/bin/env python3
"""Measures print sizes: that a limit of memory changes no bit, what strips take, and what a plan says of them.

Usage: Benchmarks/size.py [--only bits,turns,large,plan] [--sizes 1024,2048] [--old PROGRAM] [--threads N]

  bits    one picture, five iterations: in one piece and within three limits, with 1, 2 and 5 threads
  turns   this build and --old in turns, in one piece: seconds of an evaluation, peak memory
  large   4096 pixels within 4 GB beside one piece, as far as this machine has the memory for it
  plan    what --plan says within limits, at four sizes, and what the run takes

The exit status is 1 where bits differ, or a plan is off by more than 15 % in memory or 30 % in time.
"""

import argparse
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / ".build/release/impasto"
TRANSFER = [
    "transfer", "--content", str(ROOT / "Examples/Images/castle.jpg"), "--style",
    str(ROOT / "Examples/Images/starry_night.jpg"), "--no-pyramid", "--no-metadata", "--no-stop-when-settled", "--quiet",
]


def run(tool, arguments, folder):
    """The seconds of an evaluation, of the run, its peak memory in MB and the picture's digest."""
    out, log = f"{folder}/out.png", f"{folder}/log.jsonl"
    start = time.monotonic()
    process = subprocess.Popen([tool, *TRANSFER, *arguments, "-o", out, "--log", log])
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


def limits(size, iterations):
    """Three limits: from what the smallest strips take to what one piece does."""
    arguments = ["--size", str(size), "--iterations", str(iterations)]
    whole = planned(arguments + ["--memory-limit", "1T"])[1]
    text = subprocess.run(
        [TOOL, *TRANSFER, *arguments, "--memory-limit", "10M", "--plan"], check=True, capture_output=True, text=True).stdout
    need = re.search(r"this run needs about ([\d,.]+) (MB|GB)", text)
    least = float(need[1].replace(",", "")) * (1000 if need[2] == "GB" else 1)
    return [int(least + part * (whole - least)) + 1 for part in (0.0, 0.3, 0.6)]


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
    for size in sizes:
        arguments = ["--size", str(size), "--iterations", "8", *threads]
        found = {"old": [], "new": []}
        for _ in range(5):
            found["old"].append(run(old, arguments, folder))
            found["new"].append(run(TOOL, arguments, folder))

        def middle(key):
            return [statistics.median(one[key] for one in found[side]) for side in ("old", "new")]

        ratio = statistics.median(b["evaluation"] / a["evaluation"] for a, b in zip(found["old"], found["new"]))
        peak = middle("peak")
        print(
            f"turns {size}: evaluation {middle('evaluation')[0]:.3f} s → {middle('evaluation')[1]:.3f} s, in turns "
            f"{ratio:.2f}; peak {peak[0]:.0f} → {peak[1]:.0f} MB, {peak[1] / peak[0]:.2f}", flush=True)


def large(threads, folder):
    arguments = ["--size", "4096", "--iterations", "2", *threads]
    for limit in ("1T", "4G"):
        result = run(TOOL, arguments + ["--memory-limit", limit], folder)
        print(
            f"large 4096, limit {limit}: {planned(arguments + ['--memory-limit', limit])[2]}: "
            f"{result['evaluation']:.1f} s an evaluation, peak {result['peak']:.0f} MB, {result['digest'][:16]}", flush=True)


def plan(threads, folder):
    failures = 0
    for size in (768, 1024, 1536, 2048):
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
    parser.add_argument("--only", default="bits,turns,large,plan")
    parser.add_argument("--sizes", default="1024,2048")
    parser.add_argument("--old", help="another build's impasto")
    parser.add_argument("--threads")
    options = parser.parse_args()
    chosen = options.only.split(",")
    threads = ["--threads", options.threads] if options.threads else []
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        if "bits" in chosen:
            failures += bits([int(size) for size in options.sizes.split(",")], folder)
        if "turns" in chosen and options.old:
            turns(options.old, (512, 1024), threads, folder)
        if "large" in chosen:
            large(threads, folder)
        if "plan" in chosen:
            failures += plan(threads, folder)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
