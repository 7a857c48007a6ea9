#!/usr/bin/env python3
"""Compares what `impasto … --plan` says with what the same run then takes, in time and in memory.

Usage: Benchmarks/plan.py [--sizes 128,256,384] [--only transfer,texture]

Each run is planned and made one after the other, so that both meet the same load of the machine. A line for each;
the exit status is 1 where a plan is off by more than 30 % in time or 15 % in memory.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / ".build/release/impasto"
CONTENT = ["--content", str(ROOT / "Examples/Images/castle.jpg")]
STYLE = ["--style", str(ROOT / "Examples/Images/starry_night.jpg")]
STUDY = [*CONTENT, *STYLE, "--preset", "study"]
# A run that settles early takes less than was planned, and says nothing of the plan.
WHOLE = ["--no-stop-when-settled"]

RUNS = {
    "transfer": ["transfer", *STUDY, *WHOLE],
    "transfer, painterly": ["transfer", *CONTENT, *STYLE, *WHOLE],
    "transfer, Adam": ["transfer", *STUDY, "--optimizer", "adam", *WHOLE],
    "transfer, Wasserstein": ["transfer", *STUDY, "--style-loss", "wasserstein", *WHOLE],
    "transfer, one size": ["transfer", *STUDY, "--no-pyramid", *WHOLE],
    "texture": ["texture", *STYLE, "--padding", "zero", *WHOLE],
    "texture, reflect": ["texture", *STYLE, "--padding", "reflect", *WHOLE],
    "reconstruct": ["reconstruct", *CONTENT, *WHOLE],
    "reconstruct, conv_12": ["reconstruct", *CONTENT, "--content-layers", "conv_12", *WHOLE],
}
TIME_TOLERANCE = 0.30
MEMORY_TOLERANCE = 0.15


def seconds(text):
    """`34 s`, `1 min 05 s`, `1 h 02 min`"""
    units = {"h": 3600, "min": 60, "s": 1}
    return sum(float(number) * units[unit] for number, unit in re.findall(r"([\d.]+) (h|min|s)\b", text))


def planned(arguments):
    text = subprocess.run([TOOL, *arguments, "--plan"], check=True, capture_output=True, text=True).stdout
    said = re.search(r"^time: about ([^,;]+)", text, re.MULTILINE)[1]
    memory = re.search(r"^peak memory: about ([\d,.]+) (MB|GB)", text, re.MULTILINE)
    return seconds(said), float(memory[1].replace(",", "")) * (1000 if memory[2] == "GB" else 1)


def measured(arguments, folder):
    start = time.monotonic()
    process = subprocess.Popen([TOOL, *arguments, "-o", f"{folder}/out.png", "--quiet"])
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"impasto {' '.join(arguments)} failed")
    # In units of 1,024 bytes.
    return time.monotonic() - start, usage.ru_maxrss * 1024 / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", default="128,256,384")
    parser.add_argument("--only", help="names of runs, or what they begin with, with commas between")
    options = parser.parse_args()
    chosen = [
        name for name in RUNS if not options.only or any(name.startswith(one) for one in options.only.split(","))
    ]
    failures = 0
    print(f"{'run':24} {'size':>5} {'planned':>9} {'taken':>9} {'ratio':>6} {'planned':>9} {'peak':>9} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen:
            for size in options.sizes.split(","):
                arguments = [*RUNS[name], "--size", size]
                plan = planned(arguments)
                taken = measured(arguments, folder)
                ratios = [one / other for one, other in zip(plan, taken)]
                wrong = abs(ratios[0] - 1) > TIME_TOLERANCE or abs(ratios[1] - 1) > MEMORY_TOLERANCE
                failures += wrong
                print(
                    f"{name:24} {size:>5} {plan[0]:7.1f} s {taken[0]:7.1f} s {ratios[0]:6.2f} "
                    f"{plan[1]:6.0f} MB {taken[1]:6.0f} MB {ratios[1]:6.2f}{'  off' if wrong else ''}",
                    flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
