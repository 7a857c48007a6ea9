#!/usr/bin/env python3
"""Writes the cheat sheet from the symbol graphs that the compiler writes and from the idioms that a test compiles.

Usage: Scripts/cheatsheet.py write GRAPHS PAGE   write the page
       Scripts/cheatsheet.py check GRAPHS PAGE   fail if the page is old
"""

import pathlib
import re
import sys
import textwrap

from symbolgraph import line_number, load, place

IDIOMS = pathlib.Path("Tests/NNTests/CheatsheetTests.swift")
WIDTH = 120

INTRODUCTION = """\
# Cheat sheet

What one needs to write correct code against `Tensor` and `NN`: rules, ten idioms that a test compiles and runs, and all names.
`make reference` writes this page; [public-api.md](public-api.md) has the full declarations.

## Rules

- `import Tensor` for arrays and derivatives, `import NN` for layers and optimisers. Build with `-c release`: a debug build is
  ten times slower and more.
- Tensors are values: a copy never changes. `Tensor<Float>` and `Tensor<Double>` compute and have derivatives; `Bool`, `UInt8`,
  `Int32`, `Int64` are masks, bytes, labels and positions; `Float16` and `BFloat16` store. Types never mix: convert with
  `Tensor<Float>(x)`.
- Comparisons have a dot, `.<` `.==` `.>=` …, and give `Tensor<Bool>`; masks combine with `.&` `.|` `.^` `.!`.
- `axis:` is one axis, `axes: [0, 2]` several, negative ones count from the back. `keepingDimensions: true` keeps axes of length 1.
- Shapes broadcast as in NumPy. Layouts are [N, C, H, W] for pictures and [N, T, F] for sequences; a `Linear`'s weight is [O, I].
- Gradients are results of functions: `valueWithGradient(at: x) { … }`, of one tensor, two, a list, or a `Module`. There is no
  tape, no `backward()`, no mode. A variable that a result does not depend on is an error in `gradient(of:withRespectTo:)`.
- `x.detached()` is a constant. A function is differentiated at the tensors that it is given, not at copies from outside.
- `model(x)` uses a model, `model(x, training: &random)` trains it; inside of a layer hand `mode` on with `forward(x, &mode)`.
- Random numbers come from a `RandomGenerator(seed:)` that is passed with `&`; the same seed gives the same bits.
- Misuse (shapes, axes, positions) stops the program with the operation's name and the shapes; files and singular matrices
  throw. Slices must lie inside. Integers do not wrap around but with `&+`, `&-`, `&*`.
- `variance()` divides by n − 1 unless `correction: 0`; `svd` gives V, not its transpose; `Loss.crossEntropy` takes scores.
"""

# Topics of the names, by the folders and files that declare them; the first that fits takes a file.
TOPICS = [
    ("Making tensors", "Tensor", r"^Tensor$|Operations/(Creation|Conversion|Tiling|OneHot)|Random/Tensor"),
    ("Shapes and parts", "Tensor", r"Operations/(Reshape|Transpose|Indexing|Split|Concat|Gather|Mask|Roll|Padding|Diag|Unfold|Where|Axis)|TensorIndex"),
    ("Reductions and order", "Tensor", r"Operations/(Sum|Prod|MaxMin|Extreme|Norm|Quantile|Sort|Histogram|Cumulative|LogSumExp|Truth|Standard|Softmax|LogSoftmax)"),
    ("Products, convolution, pooling", "Tensor", r"Operations/(Matrix|SelfProduct|Einsum|Convolution|Transposed|Pooling|Adaptive|Resampl)"),
    ("Linear algebra", "Tensor", r"^LinearAlgebra"),
    ("Derivatives", "Tensor", r"^Autodiff"),
    ("Files", "Tensor", r"^Serialization"),
    ("Elements", "Tensor", r"^Operations"),
    ("Layers", "NN", r"^Layers"),
    ("Models and their tensors", "NN", r"^Modules"),
    ("Losses", "NN", r"^Losses/Loss\+"),
    ("Optimisers", "NN", r"^Optimizers"),
    ("Data", "NN", r"^Data"),
]


# Types whose members are named with them, and those whose members are called on values that everybody has.
OWNERS = {"Safetensors", "NumPy", "GradientCheck", "Graph", "LearningRateSchedule", "VGG19"}
VALUES = {"Module", "TensorArchive", "FirstOrderOptimizer", "Optimizer", "NamedTensors"}
KINDS = {"swift.func", "swift.method", "swift.type.method", "swift.property", "swift.type.property"}


def names(graphs, module, topic_of):
    """For each topic the names of the module's symbols, without their owners where that is `Tensor`."""
    topics = {}
    for symbol in load(graphs, module)[0]:
        kind, path = symbol["kind"]["identifier"], symbol["pathComponents"]
        topic = topic_of(module, place(symbol))
        if topic is None:
            continue
        if len(path) == 2 and path[0] in OWNERS and kind == "swift.type.method":
            name = f"{path[0]}.{path[1]}"
        elif len(path) == 2 and path[0] in VALUES and kind in KINDS:
            name = path[1]
        elif module == "Tensor" or topic == "Losses":
            if kind not in KINDS or len(path) > 2 or len(path) == 2 and path[0] not in ("Tensor", "Loss"):
                continue
            owner = {"swift.type.method": ".", "swift.type.property": "."}.get(kind, "")
            name = owner + path[-1]
        elif kind == "swift.init" and len(path) == 2 and "Error" not in path[0]:
            name = path[0] + path[1].removeprefix("init")
        elif kind == "swift.func":
            name = path[-1]
        else:
            continue
        topics.setdefault(topic, {})[name] = (place(symbol), line_number(symbol))
    return topics


def topic_of(module, file):
    for title, owner, pattern in TOPICS:
        if owner == module and re.search(pattern, file):
            return title
    return None


def idioms():
    """The titles and the code of the idioms, with the indentation of a file of their own."""
    found = []
    for match in re.finditer(r"^ *// \[(?!end)(.+?)\]\n(.*?)^ *// \[end\]$", IDIOMS.read_text(), re.M | re.S):
        found.append((match.group(1), textwrap.dedent(match.group(2)).rstrip()))
    if len(found) != 10:
        sys.exit(f"docs: {IDIOMS} has {len(found)} idioms, not ten")
    return found


def page(graphs):
    lines = [INTRODUCTION, "## Idioms", ""]
    for title, code in idioms():
        lines += ["```swift", f"// {title}", re.sub(r" {2,}//", "  //", code), "```"]
    lines += ["", "## Names", "", "A dot before a name: of the type, as `.zeros([2, 3])`. No dot: of a tensor, or a function.", ""]
    all_names = {}
    for module in ("Tensor", "NN"):
        all_names |= names(graphs, module, topic_of)
    for title, _, _ in TOPICS:
        entries = sorted(all_names.get(title, {}).items(), key=lambda entry: entry[1])
        if not entries:
            sys.exit(f"docs: no name is under '{title}' of the cheat sheet")
        text = f"**{title}:** " + ", ".join(f"`{name}`" for name, _ in entries)
        lines += textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False) + [""]
    return "\n".join(lines).rstrip() + "\n"


def main():
    command, graphs, path = sys.argv[1:]
    text = page(graphs)
    if command == "write":
        pathlib.Path(path).write_text(text)
    elif not pathlib.Path(path).exists() or pathlib.Path(path).read_text() != text:
        sys.exit(f"docs: {path} is not what the sources say; run 'make reference' and commit it")


main()
