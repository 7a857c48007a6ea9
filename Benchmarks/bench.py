#!/usr/bin/env python3
"""Compares Impasto with PyTorch on this machine: what `make bench` runs. Needs Python's own library only.

Both sides stand ready at the same time and take turns, so that a machine that slows down slows both.
Figures are medians with the smallest and the largest; ratios are taken within a turn and then treated the
same. Without PyTorch our own figures are printed, and what is missing.
"""

import argparse
import contextlib
import datetime
import functools
import json
import os
import pathlib
import platform
import re
import resource
import statistics
import subprocess
import sys
import time

import small
from report import SECTIONS, publish, report

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "impasto"
# VGG-19's distinct convolutions for a picture of 512 × 512: inputs, outputs, side.
SHAPES = {
    "conv_1": (3, 64, 512), "conv_2": (64, 64, 512), "conv_3": (64, 128, 256), "conv_4": (128, 128, 256),
    "conv_5": (128, 256, 128), "conv_6": (256, 256, 128), "conv_9": (256, 512, 64), "conv_10": (512, 512, 64),
    "conv_13": (512, 512, 32),
}  # fmt: skip
FORMATS = ("contiguous", "channels_last")
# The ways of peer.py to run an evaluation; those that name a precision of weights are for the other one.
WAYS = ("contiguous", "channels_last", "channels_last_compiled", "channels_last_fp32_weights")


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


# Measuring.


# Threads of OpenMP wait for more work in a loop of their own, 4 ms at a time and twice that where cores are short: the side
# that is measured next would not have that core. Seconds between two measurements.
REST = 0.02


class Worker:
    """A process of one side that measures once for each line it is sent."""

    def __init__(self, command):
        self.command = command
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"bench: no answer from {' '.join(map(str, self.command))}")
        return json.loads(line)

    def ask(self, request=""):
        time.sleep(REST)
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        return self.read()

    def rest(self):
        self.process.stdin.close()
        return [json.loads(line) for line in self.process.stdout]

    def peak_bytes(self):
        """The largest resident memory so far."""
        with contextlib.suppress(OSError):
            status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
            return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024
        return None


class Sides:
    """How to start either side."""

    def __init__(self, options, peer_is_there):
        self.ours = [options.binary]
        self.peer = [options.python, str(HERE / "peer.py")] if peer_is_there else None
        self.weights = ["--weights", str(options.weights)]
        self.threads = ["--threads", str(options.threads)]

    def start_ours(self, command, *arguments):
        return Worker([*self.ours, command, *self.threads, *map(str, arguments)])

    def start_peer(self, command, *arguments):
        return Worker([*self.peer, command, *self.threads, *map(str, arguments)])


def spread(samples):
    median = statistics.median(samples)
    return {"median": median, "min": min(samples), "max": max(samples), "samples": samples}


def ratios(upper, lower):
    """The spread of one side's samples over the other's in the same turn."""
    return spread([a / b for a, b in zip(upper["samples"], lower["samples"])])


def measure_evaluation(sides, options):
    """Seconds and peak memory of the study's loss with its gradient, at each size."""
    rows = []
    for size in options.sizes:
        say(f"evaluation at {size} × {size}")
        arguments = ("--size", size, *sides.weights)
        with contextlib.ExitStack() as stack:
            ours = stack.enter_context(contextlib.closing(sides.start_ours("evaluation", *arguments)))
            fast = stack.enter_context(
                contextlib.closing(sides.start_ours("evaluation", *arguments, "--precision", "fast"))
            )
            workers = {"ours": ours, "fast": fast}
            losses = {name: worker.read()["loss"] for name, worker in workers.items()}
            for worker in workers.values():
                worker.ask()
            ways = {}
            for precision in ("fp32", "bf16") if sides.peer else ():
                workers[precision], ways[precision], losses[precision] = fastest_way(
                    sides, stack, precision, arguments
                )
            samples = {name: [] for name in workers}
            for _ in range(options.repeats):
                for name, worker in workers.items():
                    samples[name].append(worker.ask()["seconds"])
            row = {"size": size, "ways": ways, "losses": losses}
            row["seconds"] = {name: spread(values) for name, values in samples.items()}
            row["peakBytes"] = {name: worker.peak_bytes() for name, worker in workers.items()}
        row["ratios"] = {
            f"{name} ÷ {side}": ratios(row["seconds"][name], row["seconds"][side])
            for name in ways for side in ("ours", "fast")
        }  # fmt: skip
        rows.append(row)
    return rows


def fastest_way(sides, stack, precision, arguments):
    """A warm PyTorch worker that runs the network in the way that is fastest here, the way's name, and the loss."""
    best = None
    for name in WAYS:
        if precision == "fp32" and "fp32" in name:
            continue
        worker = sides.start_peer("evaluation", *arguments, "--precision", precision, "--way", name)
        first = worker.read()
        if "loss" not in first:
            say(f"PyTorch cannot be run {name}: {first['missing']}")
            worker.close()
            continue
        contender = (min(worker.ask()["seconds"] for _ in range(3)), worker, name, first["loss"])
        if best:
            # The slower ends before the next starts: at 1024 × 1024 each holds gigabytes.
            contender, slower = sorted((best, contender), key=lambda one: one[0])
            slower[1].close()
        best = contender
    return stack.enter_context(contextlib.closing(best[1])), best[2], best[3]


def measure_convolution(sides, options):
    """Seconds of each shape's convolution and of its input's gradient."""
    rows = []
    with contextlib.ExitStack() as stack:
        workers = {"ours": stack.enter_context(contextlib.closing(sides.start_ours("convolution")))}
        for name in FORMATS if sides.peer else ():
            workers[name] = stack.enter_context(
                contextlib.closing(sides.start_peer("convolution", "--format", name))
            )
        for layer, (inputs, outputs, side) in SHAPES.items():
            say(f"convolution {inputs} → {outputs} at {side} × {side}")
            gigaflops = 2 * 9 * inputs * outputs * side * side / 1e9
            request = f"{inputs} {outputs} {side}"
            found = {name: [] for name in workers}
            for turn in range(options.repeats + 1):
                for name, worker in workers.items():
                    answer = worker.ask(request)
                    if turn > 0:
                        found[name].append(answer)
            row = {"layer": layer, "inputs": inputs, "outputs": outputs, "size": side}
            for direction in ("forward", "inputGradient"):
                speeds = {
                    name: spread([gigaflops / answer[direction] for answer in answers])
                    for name, answers in found.items()
                }
                row[direction] = {"ours": speeds["ours"]}
                if sides.peer:
                    best = max(FORMATS, key=lambda name: speeds[name]["median"])
                    row[direction] |= {
                        "fp32": speeds[best], "format": best, "ratio": ratios(speeds["ours"], speeds[best])
                    }  # fmt: skip
            rows.append(row)
    return rows


def measure_accuracy(sides, options):
    """Errors against Double, each side against its own."""
    say("accuracy against Double")
    found = {}
    starts = {"ours": (sides.start_ours,), "fast": (sides.start_ours, "--precision", "fast")}
    if sides.peer:
        starts["peer"] = (sides.start_peer,)
    for name, (start, *precision) in starts.items():
        with contextlib.closing(start("accuracy", *sides.weights, *precision)) as worker:
            answers = worker.rest()
        found[name] = {
            "layers": [a for a in answers if "layer" in a],
            "imageGradient": spread([a["imageGradient"] for a in answers if "imageGradient" in a]),
        }
        lower = [a["imageGradientBF16"] for a in answers if "imageGradientBF16" in a]
        if lower:
            found[name]["imageGradientBF16"] = spread(lower)
    return found


def measure_startup(sides, options):
    """Seconds from the start of a process to the end of its first evaluation at 256 × 256."""
    say("start-up")
    samples = {"ours": []} | ({"fp32": []} if sides.peer else {})
    for _ in range(options.repeats):
        for name in samples:
            start = time.perf_counter()
            launch = sides.start_ours if name == "ours" else sides.start_peer
            with contextlib.closing(launch("evaluation", "--size", 256, *sides.weights)) as worker:
                worker.read()
                samples[name].append(time.perf_counter() - start)
    return {name: spread(values) for name, values in samples.items()}


class OtherLoad:
    """How many cores other processes, or other guests of the host, took meanwhile."""

    def __init__(self):
        self.began = self.now()

    @staticmethod
    def now():
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        own = sum(usage.ru_utime + usage.ru_stime for usage in used)
        with contextlib.suppress(OSError):
            user, nice, system, _, _, irq, softirq, steal = map(
                int, pathlib.Path("/proc/stat").read_text().split()[1:9]
            )
            return time.time(), own, (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
        return None

    def cores(self):
        if self.began is None:
            return None
        wall, own, busy = (after - before for before, after in zip(self.began, self.now()))
        return max(0.0, (busy - own) / wall)


# The machine.


def output_of(*command):
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
    return ""


def describe_machine(options, peer):
    cpuinfo = read_if_there("/proc/cpuinfo")
    cpu = re.search(r"model name\s*:\s*(.*)", cpuinfo)
    flags = set((re.search(r"^flags\s*:\s*(.*)", cpuinfo, re.M) or ["", ""])[1].split())
    instructions = platform.machine()
    if {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"} <= flags:
        instructions += "-v4 (AVX-512" + (", with bf16)" if "avx512_bf16" in flags else ")")
    elif {"avx2", "fma", "bmi2"} <= flags:
        instructions += "-v3 (AVX2)"
    memory = re.search(r"MemTotal:\s+(\d+)", read_if_there("/proc/meminfo"))
    return {
        "cpu": cpu[1] if cpu else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "threads": options.threads,
        "instructionSet": instructions.replace("_", "-"),
        "memoryBytes": int(memory[1]) * 1024 if memory else None,
        "system": f"{platform.system()} {platform.release()}",
        "swift": (re.search(r"Swift version (\S+)", output_of("swift", "--version")) or ["", None])[1],
        "openblas": output_of("pkg-config", "--modversion", "openblas") or None,
        "pytorch": peer and peer["pytorch"],
        "commit": output_of("git", "describe", "--always", "--dirty", "--abbrev=12") or None,
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "loadAverageBefore": os.getloadavg()[0],
    }


def read_if_there(path):
    with contextlib.suppress(OSError):
        return pathlib.Path(path).read_text()
    return ""


def peer_versions(options):
    if options.without_peer:
        return None
    # What torch says when it is missing is no news to anyone; any other trouble is.
    found = subprocess.run([options.python, "-c", "import torch"], capture_output=True)
    if found.returncode != 0:
        return None
    return json.loads(output_of(options.python, str(HERE / "peer.py"), "versions"))


# The command line.


def parse(arguments):
    def listed(kind, allowed=None):
        def parsed(text):
            values = [kind(item) for item in text.split(",") if item]
            for value in values:
                if allowed and value not in allowed:
                    raise argparse.ArgumentTypeError(f"'{value}' is none of {', '.join(allowed)}")
            return values

        return parsed

    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default=str(ROOT / ".build-bench/release/impasto-bench"))
    parser.add_argument("--weights", type=pathlib.Path, default=CACHE / "vgg_normalised.pth")
    parser.add_argument(
        "--only", type=listed(str, SECTIONS), default=list(SECTIONS), metavar=",".join(SECTIONS)
    )
    parser.add_argument("--sizes", type=listed(int), default=[256, 512, 1024], help="for the evaluation")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=threads, help="of either side")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "out/bench.json")
    parser.add_argument("--python", default=sys.executable, help="the Python that has PyTorch")
    parser.add_argument("--without-peer", action="store_true", help="as if there were no PyTorch")
    parser.add_argument(
        "--publish", type=pathlib.Path, metavar="PAGE",
        help="measure nothing; put the tables of --output between the marks in a page",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    if options.repeats < 1 or options.threads < 1 or any(size < 32 for size in options.sizes):
        parser.error("repeats and threads are positive, sizes at least 32")
    if not options.publish and not options.weights.exists():
        parser.error(f"no weights at {options.weights}; run 'make weights'")
    if not options.publish and not os.access(options.binary, os.X_OK):
        parser.error(f"{options.binary} is not built; 'make bench' builds it")
    return options


def main():
    options = parse(sys.argv[1:])
    if options.publish:
        publish(json.loads(options.output.read_text()), options.publish)
        say(f"the table is in {options.publish}")
        return
    peer = peer_versions(options)
    if not peer:
        say("only our side is measured; for PyTorch's: pip install torch, or --python with another Python")
    sides = Sides(options, peer)
    results = {
        "command": os.environ.get("BENCH_COMMAND") or " ".join(sys.argv),
        "machine": describe_machine(options, peer),
        "repeats": options.repeats,
        "otherCores": {},
    }
    start = time.time()
    measures = {
        "evaluation": measure_evaluation, "convolution": measure_convolution, "accuracy": measure_accuracy,
        "startup": measure_startup,
    }  # fmt: skip
    for name in small.SECTIONS:
        measures[name] = functools.partial(small.measure, name, say=say, spread=spread, ratios=ratios)
    for name in SECTIONS:
        if name in options.only:
            others = OtherLoad()
            results[name] = measures[name](sides, options)
            results["otherCores"][name] = others.cores()
    results["seconds"] = time.time() - start
    print(report(results))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    say(f"all figures are in {options.output}")


if __name__ == "__main__":
    main()
