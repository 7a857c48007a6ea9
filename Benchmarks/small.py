"""What bench.py measures of single operations, matrices and training, and how it reports that."""

import contextlib
import statistics

COUNTS = (1_000, 100_000, 10_000_000)
# Groups of (name, size); each group has a goal: PyTorch's time ÷ ours, for the geometric mean and for each row.
SECTIONS = {
    "small": {
        "overhead": [(name, 16) for name in
                     ("chainAdd", "chainMultiply", "chainExp", "chainTanh", "chainRelu")],
        "elementwise": [(name, count) for count in COUNTS for name in ("exp", "add", "relu", "tanh")],
        "reductions": [(name, count) for count in COUNTS for name in ("sum", "sumLast", "sumFirst", "max")],
        "normalisation": [
            (name, count) for count in COUNTS
            for name in ("softmax", "layerNorm", "softmaxGradient", "layerNormGradient")
        ],
        "broadcasting": [(name, count) for count in COUNTS for name in ("addRow", "addColumn")],
        "transposition": [("transpose", count) for count in COUNTS],
        "features of a convolution": [
            (name, channels) for channels in (32, 128)
            for name in (
                "batchNorm", "batchNormGradient", "instanceNorm", "depthwise", "depthwiseInput", "depthwiseFilter",
            )
        ],
        "cumulative": [("cumulativeSum", 1_000_000)],
        "by position": [
            *[(name, count) for count in (*COUNTS, 1_000_000) for name in ("elements", "gatherFirst", "mask")],
            *[("adding", count) for count in (100_000, 1_000_000)], ("embedding", 1_000), ("embedding", 50_000),
        ],
        "double": [
            (name + "Double", count) for count in (100_000, 10_000_000)
            for name in ("add", "sum", "max", "addRow", "elements")
        ],
        "special functions": [("logGamma", count) for count in (1_000, 100_000)],
        "small matrices": [
            (name, 10_000) for name in ("inverse3", "cholesky3", "inverse3Double", "cholesky3Double")
        ],
        "convolutions in training": [
            ("conv3", 64), ("conv3Filter", 64), ("conv3Training", 64), ("conv3", 512), ("conv3Training", 512),
            ("conv3Stride", 64), ("conv3StrideTraining", 64), ("conv1", 256), ("conv1Training", 256),
            ("conv1Stride", 64), ("conv1StrideTraining", 64), ("conv5", 32), ("conv5Training", 32),
            ("winograd3", 64), ("winograd3Filter", 64), ("winograd3Training", 64), ("winograd3Training", 128),
            ("conv7", 3), ("conv7Filter", 3), ("convTall", 64), ("convTallTraining", 64), ("unfold", 64),
        ],
    },
    "matrix": {
        "products": [("product", order) for order in (64, 128, 256, 512, 1024, 2048)],
        "batched products": [("batchedProduct", order) for order in (32, 64, 256)],
        "factorisations": [("cholesky", 512), ("eigh", 512), ("svd", 512), ("qr", 512),
                           ("leastSquares", 1000)],
    },
    "training": {
        "training": [("trainMLP", 12_800), ("trainConvolutions", 3_200)],
        "networks": [("stepTransformer", 256), ("stepResNet", 32), ("stepResNetWinograd", 32),
                     ("gradientODE", 64)],
    },
}  # fmt: skip
GOALS = {
    "overhead": (2, None), "elementwise": (1, 0.5), "reductions": (1, 0.5), "normalisation": (1, 0.5),
    "broadcasting": (1, 0.5), "transposition": (1, 0.5), "cumulative": (None, 0.9),
    "by position": (1.3, 0.9), "double": (1.3, 0.9), "special functions": (None, 0.9), "small matrices": (1.3, 0.9),
    "convolutions in training": (1.3, 0.9), "networks": (None, 1.2),
    "features of a convolution": (1, 0.5), "products": (None, 0.9),
    "batched products": (None, 0.9), "factorisations": (None, 0.9), "training": (None, 1.2),
}  # fmt: skip
TITLES = {
    "small": "### Single operations",
    "matrix": "### Matrices",
    "training": "### An epoch of training",
}
WORDS = {
    "chainAdd": "add", "chainMultiply": "multiply", "chainExp": "exp", "chainTanh": "tanh",
    "chainRelu": "relu", "sumLast": "sum, last axis", "sumFirst": "sum, first axis",
    "softmaxGradient": "softmax with gradient", "layerNorm": "layer norm",
    "layerNormGradient": "layer norm with gradient", "addRow": "add a row", "addColumn": "add a column",
    "cumulativeSum": "cumulative sum", "elements": "rows at positions", "adding": "add to rows at positions",
    "batchNorm": "batch norm, channels:", "batchNormGradient": "batch norm with gradient, channels:",
    "instanceNorm": "instance norm, channels:", "depthwise": "depthwise 3×3, channels:",
    "depthwiseInput": "depthwise 3×3 with gradient to the picture, channels:",
    "depthwiseFilter": "depthwise 3×3 with gradient to the filter, channels:",
    "gatherFirst": "gather along the first axis", "mask": "elements under a mask",
    "embedding": "vectors of 2,048 words with gradient, words in all:",
    "addDouble": "add", "sumDouble": "sum", "maxDouble": "max", "addRowDouble": "add a row",
    "elementsDouble": "rows at positions", "logGamma": "log gamma", "inverse3": "inverses of 3×3, matrices:",
    "cholesky3": "cholesky of 3×3, matrices:", "inverse3Double": "inverses of 3×3, double, matrices:",
    "cholesky3Double": "cholesky of 3×3, double, matrices:",
    **{
        name + suffix: f"{words}{more}, channels:"
        for name, words in (
            ("conv3", "3×3"), ("winograd3", "3×3 by Winograd's method"), ("conv3Stride", "3×3 stride 2"),
            ("conv1", "1×1"), ("conv1Stride", "1×1 stride 2"),
            ("conv5", "5×5"), ("conv7", "7×7 stride 2"), ("convTall", "64×1"), ("unfold", "unfolded 3×3"),
        )
        for suffix, more in (("", ""), ("Filter", " with gradient to the filter"), ("Training", " with both gradients"))
    },
    "leastSquares": "least squares, 100 unknowns", "stepTransformer": "step of a transformer, features:",
    "stepResNet": "step of ResNet-18 on 32² pixels, pictures:",
    "stepResNetWinograd": "step of ResNet-18 by Winograd's method, pictures:",
    "gradientODE": "gradient of a neural differential equation, double, units:",
    "product": "product", "batchedProduct": "batch of products",
    "trainMLP": "784-256-10, pictures:", "trainConvolutions": "two convolutions and a layer, pictures:",
}  # fmt: skip


def measure(section, sides, options, say, spread, ratios):
    """Seconds of each row of a section, both sides in turns."""
    rows = []
    with contextlib.ExitStack() as stack:
        workers = {"ours": stack.enter_context(contextlib.closing(sides.start_ours("small")))}
        if sides.peer:
            workers["peer"] = stack.enter_context(contextlib.closing(sides.start_peer("small")))
        for group, subjects in SECTIONS[section].items():
            say(group)
            for name, size in subjects:
                answers = {side: [] for side in workers}
                for _ in range(options.repeats + 2):
                    for side, worker in workers.items():
                        answers[side].append(worker.ask(f"{name} {size}"))
                row = {"group": group, "name": name, "size": size}
                for side, found in answers.items():
                    row[side] = spread([answer["seconds"] for answer in found])
                    row[f"{side}Loss"] = found[-1].get("loss")
                if sides.peer:
                    row["ratio"] = ratios(row["peer"], row["ours"])
                rows.append(row)
    return rows


def geometric_mean(rows):
    """Of the ratios, of which none counts as more than 10 or less than a tenth.

    Where other processes take a core, PyTorch waits for a thread that lost it: a thousandfold ratio says nothing.
    """
    return statistics.geometric_mean(min(max(row["ratio"]["median"], 0.1), 10) for row in rows)


def grouped(rows):
    groups = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    return groups


def duration(seconds, number):
    """A time in the unit that suits it."""
    for unit, scale in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1 or unit == "µs":
            return f"{number(seconds * scale)} {unit}"
    return ""


def report(section, rows, table, number, cell):
    """The section's table, and under it the geometric means."""
    lines, means, notes = [], [], []
    for group, members in grouped(rows).items():
        for row in members:
            # A chain has a hundred operations.
            part = 100 if group == "overhead" else 1
            times = [
                duration(row[side]["median"] / part, number) if side in row else "–" for side in ("ours", "peer")
            ]
            words = f"{WORDS.get(row['name'], row['name'])} {row['size']:,}"
            lines.append([group, words, *times, cell(row.get("ratio"), 2)])
            if row.get("oursLoss") and row.get("peerLoss"):
                notes.append(
                    f"{row['name']}: the last losses are {number(row['oursLoss'])} and "
                    f"{number(row['peerLoss'])}."
                )
        if "ratio" in members[0]:
            means.append([group, len(members), number(geometric_mean(members), 2)])
    parts = [
        TITLES[section], table(["group", "what", "Impasto", "PyTorch", "PyTorch ÷ ours"], lines),
        *([table(["group", "rows", "geometric mean of PyTorch ÷ ours"], means)] if means else []),
        *([" ".join(notes)] if notes else []),
    ]  # fmt: skip
    return "\n\n".join(parts)


def goals(results, number):
    """(goal, figure, whether it is met) for each group that was measured beside PyTorch."""
    found = []
    for section in SECTIONS:
        for group, rows in grouped(results.get(section, [])).items():
            if "ratio" not in rows[0]:
                continue
            mean, least = GOALS[group]
            if mean:
                figure = geometric_mean(rows)
                found.append((f"{group}: mean of PyTorch's time ÷ ours ≥ {mean}", number(figure, 2), figure >= mean))
            if least:
                figure = min(row["ratio"]["median"] for row in rows)
                found.append((f"{group}: each ≥ {least}", number(figure, 2), figure >= least))
    return found
