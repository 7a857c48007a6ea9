#!/usr/bin/env python3
"""How much slower a debug build is than a release build of the same program: what `make bench-debug` runs.

Both builds of impasto-bench stand ready and take turns. Figures are the smallest of all turns, in seconds.
"""

import argparse
import contextlib
import pathlib
import sys

from bench import Worker

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROWS = ("stepTransformer 128", "stepResNet 4", "gradientODE 64", "chainAdd 16")
GOAL = 5


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--debug", default=ROOT / ".build-bench-debug/debug/impasto-bench")
    parser.add_argument("--release", default=ROOT / ".build-bench/release/impasto-bench")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rows", default=",".join(ROWS), help="each a name and a size")
    options = parser.parse_args()
    print("| what | debug | release | debug ÷ release |\n| --- | ---: | ---: | ---: |")
    with contextlib.ExitStack() as stack:
        workers = [
            stack.enter_context(contextlib.closing(Worker([program, "small", "--threads", str(options.threads)])))
            for program in (options.debug, options.release)
        ]
        worst = 0
        for row in options.rows.split(","):
            times = [[worker.ask(row)["seconds"] for worker in workers] for _ in range(options.repeats)]
            debug, release = (min(side) for side in zip(*times))
            worst = max(worst, debug / release)
            print(f"| {row} | {1e3 * debug:.3g} ms | {1e3 * release:.3g} ms | {debug / release:.1f} |", flush=True)
    print(f"The largest factor is {worst:.1f}; the goal is {GOAL}.", file=sys.stderr)


if __name__ == "__main__":
    main()
