"""Turns the figures of bench.py into Markdown."""

import sys

import small

MARKERS = ("<!-- bench: begin -->", "<!-- bench: end -->")


def number(value, digits=3):
    """A number with that many significant digits, and no exponent where it is not needed."""
    if value == 0 or not 1e-3 <= abs(value) < 1e5:
        return f"{value:.{digits - 2}e}"
    decimals = max(0, digits - len(str(int(abs(value)))) if abs(value) >= 1 else digits)
    return f"{value:,.{decimals}f}"


def cell(figure, digits=3):
    if figure is None:
        return "–"
    median, least, most = (number(figure[key], digits) for key in ("median", "min", "max"))
    return f"{median} ({least}–{most})"


def megabytes(value):
    return "–" if value is None else f"{value / 1e6:,.0f} MB"


def table(heads, rows):
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def report_evaluation(rows):
    times, memory, notes = [], [], []
    sides = {
        "ours": "Impasto", "fast": "`--precision fast`", "fp32": "PyTorch fp32", "bf16": "PyTorch bf16",
    }  # fmt: skip
    compared = ("fp32 ÷ ours", "fp32 ÷ fast", "bf16 ÷ ours", "bf16 ÷ fast")
    for row in rows:
        size, seconds, peak = f"{row['size']}²", row["seconds"], row["peakBytes"]
        times.append(
            [size, *(cell(seconds.get(name)) for name in sides)]
            + [cell(row["ratios"].get(name), 2) for name in compared]
        )
        part = memory_part(row)
        memory.append(
            [size, *(megabytes(peak.get(name)) for name in sides)]
            + [number(part, 2) if part else "–"]
        )
        if row["ways"]:
            choices = ", ".join(f"{name} by {choice}" for name, choice in row["ways"].items())
            difference = abs(row["losses"]["ours"] / row["losses"]["fp32"] - 1)
            notes.append(f"{size}: {choices}; our loss and fp32's differ by {difference:.0e} of it.")
    return "\n\n".join(
        [
            "### One evaluation of VGG-19: loss and gradient to the picture, in seconds",
            table(["picture", *sides.values(), *compared], times),
            "### Peak resident memory of a process that does it",
            table(["picture", *sides.values(), "ours ÷ fp32's"], memory),
            *([" ".join(notes)] if notes else []),
        ]
    )


def memory_part(row):
    """Our peak memory as a part of PyTorch fp32's."""
    peak = row["peakBytes"]
    return peak["ours"] / peak["fp32"] if peak.get("fp32") and peak["ours"] else None


def report_convolution(rows):
    directions = ("forward", "inputGradient")
    lines = [
        [f"{row['layer']}: {row['inputs']} → {row['outputs']} at {row['size']}²"]
        + [cell(row[direction].get(name)) for direction in directions for name in ("ours", "fp32")]
        + [cell(row[direction].get("ratio"), 2) for direction in directions]
        for row in rows
    ]
    heads = ["layer", "forward, ours", "forward, PyTorch", "gradient, ours", "gradient, PyTorch"]
    heads += ["forward, ours ÷ PyTorch", "gradient, ours ÷ PyTorch"]
    return "### Each convolution, in GFLOP/s of the direct method\n\n" + table(heads, lines)


def report_accuracy(found):
    ours, peer = found["ours"], found.get("peer")
    lines = []
    for index, layer in enumerate(ours["layers"]):
        other = peer["layers"][index] if peer else {}
        figures = (source.get(key) for key in ("forward", "inputGradient") for source in (layer, other))
        lines.append([layer["layer"], *("–" if figure is None else number(figure) for figure in figures)])
    heads = ["layer", "forward, ours", "forward, PyTorch", "gradient, ours", "gradient, PyTorch"]
    text = "### Errors against Double: the largest error ÷ the largest value\n\n" + table(heads, lines)
    text += "\n\nThe whole gradient to the picture, ‖error‖ ÷ ‖gradient‖ at 128²: "
    text += f"{cell(ours['imageGradient'])}, with `--precision fast` {cell(found['fast']['imageGradient'])}"
    if peer:
        text += f"; PyTorch fp32 {cell(peer['imageGradient'])}, bf16 {cell(peer['imageGradientBF16'])}"
    return text + "."


def report_startup(found):
    names = {"ours": "Impasto", "fp32": "PyTorch fp32"}
    lines = [[names[name], cell(figure)] for name, figure in found.items()]
    return "### From the start of the process to the first evaluation at 256²\n\n" + table(["", "s"], lines)


def report_goals(results):
    """What we hold ourselves to, with what was measured: one part of the report, or none."""
    goals = []
    rows = {row["size"]: row for row in results.get("evaluation", [])}
    for size, name, least in (
        (256, "fp32 ÷ ours", 3.3), (512, "fp32 ÷ ours", 3.7), (1024, "fp32 ÷ ours", 5), (1024, "fp32 ÷ fast", 6.5),
        (512, "bf16 ÷ fast", 2.4),
    ):  # fmt: skip
        if name in rows.get(size, {}).get("ratios", {}):
            found = rows[size]["ratios"][name]["median"]
            goals.append((f"{size}²: the time of PyTorch's {name} ≥ {least}", number(found), found >= least))
    for size, most in ((512, 0.5), (1024, 0.35)):
        found = memory_part(rows[size]) if size in rows else None
        if found:
            goal = f"{size}²: our peak memory ÷ PyTorch fp32's ≤ {most}"
            goals.append((goal, number(found, 2), found <= most))
    if "accuracy" in results:
        ours, peer = results["accuracy"]["ours"], results["accuracy"].get("peer")
        found = max(max(layer["forward"], layer["inputGradient"]) for layer in ours["layers"])
        goals.append(("error of any layer ≤ 3e-6", number(found), found <= 3e-6))
        if peer:
            found = ours["imageGradient"]["median"] / peer["imageGradient"]["median"]
            goals.append(("error of the gradient ÷ PyTorch fp32's ≤ 1.5", number(found, 2), found <= 1.5))
    if "startup" in results:
        found = results["startup"]["ours"]["median"]
        goals.append(("start-up ≤ 1 s", number(found), found <= 1))
    goals += small.goals(results, number)
    lines = [[goal, found, "met" if met else "**missed**"] for goal, found, met in goals]
    return ["### Against our goals\n\n" + table(["goal", "median", ""], lines)] if lines else []


SECTIONS = {
    "evaluation": report_evaluation,
    "convolution": report_convolution,
    "accuracy": report_accuracy,
    "startup": report_startup,
} | {
    name: lambda rows, name=name: small.report(name, rows, table, number, cell) for name in small.SECTIONS
}


def report(results):
    parts = [write(results[name]) for name, write in SECTIONS.items() if name in results]
    return "\n\n".join([describe_run(results), *parts, *report_goals(results)]) + "\n"


def describe_run(results):
    """Where, when and how undisturbed it was measured."""
    machine = results["machine"]
    hardware = [
        machine["cpu"],
        f"{machine['cores']} cores",
        f"{machine['threads']} threads",
        machine["instructionSet"],
        *([f"{machine['memoryBytes'] / 1e9:.0f} GB"] if machine["memoryBytes"] else []),
    ]
    software = [f"Swift {machine['swift']}", f"OpenBLAS {machine['openblas']}"]
    if machine["pytorch"]:
        software.append(f"PyTorch {machine['pytorch']}")
    else:
        software.append("**PyTorch missing, and so are its columns**")
    others = [f"{name} {cores:.2f}" for name, cores in results["otherCores"].items() if cores is not None]
    sentences = [
        f"`{results['command']}` took {results['seconds'] / 60:.1f} minutes, REPEATS={results['repeats']}.",
        f"Load average before it: {machine['loadAverageBefore']:.2f}.",
        *([f"Cores that other processes took meanwhile: {', '.join(others)}."] if others else []),
    ]
    return (
        f"{', '.join(hardware)}; {', '.join(software)}; commit {machine['commit']}, {machine['date']}.\n\n"
        + " ".join(sentences)
    )


def publish(results, page):
    """Puts the report between the markers of a Markdown page."""
    before, marker, rest = page.read_text().partition(MARKERS[0])
    _, end, after = rest.partition(MARKERS[1])
    if not marker or not end:
        sys.exit(f"bench: {page} lacks the lines {MARKERS[0]} and {MARKERS[1]}")
    page.write_text(f"{before}{marker}\n\n{report(results)}\n{end}{after}")
