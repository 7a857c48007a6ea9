#!/usr/bin/env python3
"""Compares `impasto batch` with as many runs of `impasto transfer`, in turns, and checks that the pictures are the same.

Usage: Benchmarks/batch.py [--jobs 50] [--size 128] [--repeats 2] [--impasto PROGRAM] [--single PROGRAM]
"""

import argparse
import pathlib
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
IMAGES = ROOT / "Examples/Images"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--impasto", default=str(ROOT / ".build/release/impasto"))
    parser.add_argument("--single", help="the program of the single runs, where it is another")
    options = parser.parse_args()
    photographs = ["castle", "kitten", "astronaut"]
    balances = [f"{0.1 + 0.8 * n / max(1, options.jobs // 3):.4f}" for n in range(-(-options.jobs // 3))]
    jobs = [(photograph, balance) for photograph in photographs for balance in balances][:options.jobs]
    common = ["--style", IMAGES / "starry_night.jpg", "--size", options.size, "--quiet"]

    def run(program, *arguments):
        subprocess.run([program, *map(str, [*arguments, *common])], check=True)

    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        lines = [
            f'{{"content": "{IMAGES}/{photograph}.jpg", "styles": ["{IMAGES}/starry_night.jpg"], "size": {options.size}, '
            f'"preset": "study", "balance": {float(balance)}, "output": "{work}/batch/{photograph}-{balance}.png"}}'
            for photograph, balance in jobs
        ]
        (work / "jobs.jsonl").write_text("\n".join(lines))
        single, batch = [], []
        for _ in range(options.repeats):
            shutil.rmtree(work / "single", ignore_errors=True)
            (work / "single").mkdir()
            begin = time.time()
            for photograph, balance in jobs:
                run(options.single or options.impasto, "transfer", "--preset", "study", "--content",
                    IMAGES / f"{photograph}.jpg", "--balance", balance, "-o", work / f"single/{photograph}-{balance}.png")
            single.append(time.time() - begin)
            shutil.rmtree(work / "batch", ignore_errors=True)
            begin = time.time()
            subprocess.run([options.impasto, "batch", work / "jobs.jsonl", "--quiet"], check=True)
            batch.append(time.time() - begin)
            print(f"single runs {single[-1]:.1f} s, batch {batch[-1]:.1f} s", flush=True)
        same = sum((work / f"single/{p}-{b}.png").read_bytes() == (work / f"batch/{p}-{b}.png").read_bytes()
                   for p, b in jobs)
        print(f"{len(jobs)} pictures at {options.size} px: the batch takes {min(batch) / min(single):.2f} of the time; "
              f"{same} of {len(jobs)} pictures have the same bytes")


main()
