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
WIDTH = 160
# Longer than this it is no cheat sheet: then names move to `HIDDEN`.
LONGEST = 160
NOTES = """A dot: of the type, as `.zeros([2, 3])`. Labels: what a call must give, and a little more; …: more, with defaults.
2D: also in 1D, mostly in 3D."""

MORE = "- **More**: functions of single elements and activations as C and PyTorch name them, and, in the two pages named above,"

INTRODUCTION = """\
# Cheat sheet

Enough to write correct code against `Tensor` and `NN`: rules, ten idioms that a test compiles and runs, and the names.
[public-api.md](public-api.md) has the full declarations, [operations.md](operations.md) what each operation gives for bad input.

- `import Tensor` for arrays and derivatives, `import NN` for layers and optimisers. Build with `-c release`; debug is 10 times slower.
- **Values.** A copy never changes; `+=` and `x[0] = y` write in place. No tape, no `backward()`, no modes, no global generator.
- **Types** never mix: `Tensor<Float>(x)` converts. `Float` and `Double` compute and have derivatives; `Bool`, `UInt8`, `Int32`,
  `Int64` are masks, bytes, labels, positions (`argmax` gives `Int64`) and do not wrap but with `&+ &- &*`; `Float16`, `BFloat16` store.
- **Comparisons** have a dot, `.< .<= .> .>= .== .!=`, and give `Tensor<Bool>`, which combine with `.& .| .^ .!`; a mask is a number
  only when converted. `x .> 0` takes numbers on the right. `.scalar` is the only element, `.scalars` are all, row-major;
  `.span` and `.mutableSpan` need no copy.
- **Axes**: `axis: 1` is one, `axes: [0, 2]` several or all, negative ones count from the back; reductions drop them unless
  `keepingDimensions: true`. Shapes broadcast as in NumPy. Slices must lie inside; `x[0..., 1..<3]`, `x[-1]`, `x[..., 2]`.
- **Layouts**: pictures [N, C, H, W], sequences [N, T, F], filters [O, C, h, w], weights of `Linear` [O, I]; matrices are the last axes.
- **Gradients** are results of functions, with respect to what these are given, not to copies from outside: of a tensor, two, a
  list, or a `Module`. The function gives one element. `x.detached()` is a constant. Transforms nest; `vmap` maps over a batch.
- **Layers**: `model(x)` uses a model, `model(x, training: &random)` trains it; in a layer hand `mode` on with `forward(x, &mode)`:
  a part that is called there as `part(x)` is never trained. What takes tokens is a `Module` with a `forward` of its own.
- **Mistakes** in shapes, axes and positions stop the program and name the operation and your line; files and singular matrices throw.
- **Unlike PyTorch**: `variance` takes `correction: 0` for n, `svd` gives V and not Vᵀ, `median` of an even count is the middle,
  `round` goes to even, `Loss.crossEntropy` takes scores (with `classes:` of integers), `padded` takes pairs for the last axes.

"""

# Topics of the names, by the folders and files that declare them; the first that fits takes a file.
TOPICS = [
    ("Make", "Tensor", r"^Tensor$|Operations/(Creation|Conversion|OneHot|SignalWindows)|Random/(Tensor|Random)"),
    ("Shapes and parts", "Tensor",
     r"Operations/(Reshape|Transpose$|Indexing|Split|Concat|Gather|Mask|Roll|Padding|Diag|Unfold|Where|Axis|Tiling|Rearr|Overwr|Differ)|TensorIndex"),
    ("Reduce and order", "Tensor",
     r"Operations/(Sum|Prod|MaxMin|ExtremeP|Norm$|Quantile|Sort|Histogram|Cumulative|LogSumExp|Truth|Standard|Statist|NaN|Sets|IntegerOrder|Nearest)"),
    ("Products, convolution, Fourier", "Tensor",
     r"Operations/(Matrix|SelfProduct|Einsum|Convolution|Transposed|Pooling|Adaptive|Resampl|Grid|Volumes|VectorP|Fourier)"),
    ("Linear algebra (`try`)", "Tensor", r"^LinearAlgebra"),
    ("Derivatives", "Tensor", r"^(Autodiff|Mapping)"),
    ("Files (`try`)", "Tensor", r"^Serialization/(FileURL|TensorArchive|Archive|Safetensors|NumPy/NumPy$|PyTorch/PyTorch)"),
    ("Each element", "Tensor", r"^Operations"),
    ("Layers", "NN", r"^Layers"),
    ("Models", "NN", r"^Modules/(?!ModelGradient)"),
    ("Losses", "NN", r"^Losses/Loss\+"),
    ("Optimisers", "NN", r"^Optimizers"),
    ("Data", "NN", r"^Data"),
]

# What may be left out, where it is shown all the same: nobody would guess it, and everybody needs it.
SHOWN = {
    "sum": ["axes", "keepingDimensions"], "norm": ["axes"], "variance": ["correction"], "matrixProduct": ["transposingRight"],
    "conv2D": ["bias", "stride", "padding", "groups"], "transposedConv2D": ["stride"], "maxPool2D": ["stride", "padding"],
    "averagePool2D": ["stride"], "padded": ["mode", "value"], "softmax": ["axis"], "argmax": ["axis"], "concatenated": ["axis"],
    "stacked": ["axis"], "sorted": ["descending"], "normal": ["mean", "standardDeviation"], "uniform": ["in"],
    "resampled": ["method"], "svd": ["full"], "crossEntropy": ["ignoring"], "vmap": ["axis"], "triangularSolve": ["lower"],
    "Conv2D": ["stride", "padding"], "Adam": ["learningRate"], "AdamW": ["learningRate", "weightDecay"],
    "SGD": ["learningRate", "momentum"], "MultiHeadAttention": ["isCausal"], "Dropout": ["probability"], "load": ["renaming"],
}


# Types whose members are named with them, and those whose members are called on values that everybody has.
OWNERS = {"Safetensors", "NumPy", "GradientCheck", "Graph", "LearningRateSchedule", "VGG19"}
VALUES = {"Module", "TensorArchive", "FirstOrderOptimizer", "Optimizer", "NamedTensors"}
# What is public and that few programs call.
HIDDEN = {
    "encode(to:)", "hash(into:)", "selection", "description", "directory", "path", "otherContents", "holdsNumbers(_:)",
    "scalarType(of:)", "descentGuard", "restore(_:)", "reset()", "StepReport", "InverseFrequencyFilter", "DescentGuard",
    "i0()", "i0e()", "i1()", "i1e()", "erfcx()", "ndtr()", "ndtri()", "logNdtr()", "entr()", "xlog1py(_:_:)",
    "logAddExp2(_:_:)", "multivariateLogGamma(dimension:)", "choleskyInverse(upper:)", "withUnsafeMutableScalars(_:)",
    "hammingWindow(_:periodic:)", "blackmanWindow(_:periodic:)", "bartlettWindow(_:periodic:)", "kaiserWindow(_:beta:periodic:)",
    "lowerTrianglePlaces(rows:columns:offset:)", "upperTrianglePlaces(rows:columns:offset:)", "uniqueConsecutive()",
    "minMax(axes:keepingDimensions:)", "peakToPeak(axes:keepingDimensions:)", "cumulativeTrapezoid(spacing:axis:)",
    "record(_:_:inputs:)", "record(_:outputs:inputs:)", "report(at:order:seed:in:)", "load(from:prefix:)",
    "load(from:prefix:renaming:)", "loadMatching(from:prefix:renaming:)", "pixelUnshuffled(by:)", "deg2rad()", "rad2deg()",
    "localResponseNormalized(size:alpha:beta:k:)", "tensorDot(_:axes:_:)", "places(in:)", "init(weight:)", "init(weight:bias:)", "integers(_:)", "anyTensor(_:)",
    "channelShuffled(groups:)", "TransformerFeedForward", "RotaryPositions", "truncatingRemainder(dividingBy:)", "cartesianProduct(_:)", "multivariateNormal(mean:covariance:count:using:)", "loadMatching(from:prefix:renaming:)",
}
# What is named alone, without its labels, at the end.
FURTHER = set(
    """bernoulli bincount blockDiagonal clipValues cosineEmbedding cross cumulativeMax cumulativeProduct dot eigvals floorDivided
    gamma gridSample GroupNorm histogram indexFilled InstanceNorm isIn klDivergence kthValue logAddExp
    logCumulativeSumExp matrixExponential matrixNorm matrixPower mode negativeLogLikelihood oneCycle pairwiseDistances Parallel
    pixelShuffled PReLU rfft2D RMSNorm RMSProp rotated90 scattering searchSorted slidingWindows slogdet tensorDot trace
    fft2D quantile covariance standardized permutation meshgrid product TransposedConv2D GRU TransformerDecoderBlock unfolded xlogy
    weightedMean""".split())
# What stands under the name that it has elsewhere, or that few programs call; operations.md has it.
UNNAMED = set(
    """copysign heaviside digamma sinh cosh asinh acosh atanh expm1 exp2 log2 log10 log1p cbrt trunc celu selu relu6 softShrink
    hardShrink tanhShrink glu softmin sinc frac tan asin acos atan softsign hardTanh hardSigmoid hardSwish mish elu threshold logit
    signBit isInfinite hypot nanVariance nanStandardDeviation nanMax nanMin nanMean nanSum argmin nonzeroPlaces eigvalsh selfProduct
    erfc erfinv reciprocal rsqrt floor ceil add scatterAdd NamedTensors elementCount withUnsafeScalars isTracked logspace geomspace
    hannWindow affineGrid adaptiveMaxPool2D correlation conditionNumber matrixRank matrixSquareRoot folded gcd lcm polygamma logGamma
    multiDot cumulativeMin minWithPositions constant exponential forEachTensor vander nearestRows PyramidAdam interp kron trapezoid""".split())
KINDS = {"swift.func", "swift.method", "swift.type.method", "swift.property", "swift.type.property"}


def short(symbol):
    """The name with the labels that a call has to give, "…" where it may give more, and those of `SHOWN`."""
    name = symbol["pathComponents"][-1]
    base, _, labels = name.partition("(")
    if not labels:
        return name
    labels = labels.rstrip(")").split(":")[:-1]
    text = "".join(fragment["spelling"] for fragment in symbol["declarationFragments"])
    owner = symbol["pathComponents"][-2] if base == "init" else base
    kept, hides = [], False
    for label, declaration in zip(labels, parameters(text, len(labels))):
        if " = " not in declaration or label in SHOWN.get(owner, []):
            kept.append(label + ":")
        else:
            hides = True
    inner = "".join(kept) + ("…" if hides else "")
    if base == "init":
        return f"{owner}({inner})"
    return f"{base}({inner})"


def parameters(declaration, count):
    """The text of each parameter of a declaration."""
    # Behind the name, and behind the list of generic types, which may hold brackets.
    depth, start = 0, 0
    for place, character in enumerate(declaration.replace("->", "  ")):
        depth += {"<": 1, ">": -1}.get(character, 0)
        if character == "(" and depth == 0:
            start = place + 1
            break
    found, depth = [], 0
    # What is between brackets of types has commas too; an arrow's > closes nothing.
    text = re.sub(r'"[^"]*"', lambda match: "_" * len(match[0]), declaration)
    text = text.replace("->", "  ").replace("..<", "...")
    for place in range(start, len(text)):
        if text[place] in "([<":
            depth += 1
        elif text[place] in ")]>":
            depth -= 1
        if depth < 0 or (depth == 0 and text[place] == ","):
            found.append(declaration[start:place])
            start = place + 1
        if depth < 0:
            break
    found = [part for part in found if part.strip()]
    if len(found) != count:
        sys.exit(f"docs: {declaration} has not {count} parameters")
    return found


def names(graphs, module, topic_of):
    """For each topic the names of the module's symbols, without their owners where that is `Tensor`."""
    topics = {}
    symbols = load(graphs, module)[0]
    bases = {part.partition("(")[0] for symbol in symbols for part in symbol["pathComponents"]}
    for symbol in symbols:
        kind, path = symbol["kind"]["identifier"], symbol["pathComponents"]
        topic = topic_of(module, place(symbol))
        base = path[-1 if kind != "swift.init" else 0].partition("(")[0]
        if re.search("[13]D$", base) and base[:-2] + "2D" in bases:
            continue
        if topic is None or path[-1] in HIDDEN or path[-1].startswith("init") and path[0] in HIDDEN:
            continue
        if kind not in KINDS and kind != "swift.init" or base in FURTHER | UNNAMED:
            continue
        name = short(symbol)
        if len(path) == 2 and path[0] in OWNERS and kind == "swift.type.method":
            name = f"{path[0]}.{name}"
        elif len(path) == 2 and path[0] in VALUES and kind in KINDS:
            pass
        elif module == "Tensor" or topic == "Losses":
            if kind not in KINDS or len(path) > 2 or len(path) == 2 and path[0] not in ("Tensor", "Loss"):
                continue
            if kind in ("swift.type.method", "swift.type.property"):
                name = "." + name
        elif kind == "swift.init" and len(path) == 2 and "Error" not in path[0]:
            pass
        elif kind != "swift.func":
            continue
        topics.setdefault(topic, {}).setdefault(name, (place(symbol), line_number(symbol)))
    return topics


def joined(entries):
    """The names of what needs arguments, and those of all else, without brackets."""
    # `.step` behind `LearningRateSchedule.constant`.
    owners = [name.rpartition(".")[0] for name in entries]
    entries = [
        name.removeprefix(owner) if owner and owner == before else name
        for name, owner, before in zip(entries, owners, [""] + owners)
    ]

    def needs_nothing(name):
        return "(" not in name or name.endswith(("()", "(…)"))

    plain = [name.replace("(…)", "…").removesuffix("()") for name in entries if needs_nothing(name)]
    return [name for name in entries if not needs_nothing(name)], plain


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
    lines = [INTRODUCTION + "## Idioms", "", "```swift"]
    for title, code in idioms():
        lines += [f"// {title}", re.sub(r" {2,}//", "  //", code)]
    lines += ["```", "", "## Names", ""]
    lines += textwrap.wrap(NOTES.replace("\n", " "), WIDTH) + [""]
    all_names, shown = {}, set()
    for module in ("Tensor", "NN"):
        all_names |= names(graphs, module, topic_of)
    for title, _, _ in TOPICS:
        entries = [name for name, _ in sorted(all_names.get(title, {}).items(), key=lambda entry: entry[1])]
        # Of two that differ in the generator alone, that with it.
        entries = [name for name in entries if name not in shown]
        named = {name.replace("using:", "") for name in entries if "using:" in name}
        entries = [name for name in entries if name not in named]
        shown.update(entries)
        if not entries:
            sys.exit(f"docs: no name is under '{title}' of the cheat sheet")
        calls, plain = joined(entries)
        text = f"- **{title}:** " + " ".join(f"`{name}`" for name in calls)
        if plain:
            text += (" · `" if calls else "`") + " ".join(plain) + "`"
        lines += textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False, subsequent_indent="  ")
    lines += textwrap.wrap(MORE + " `" + " ".join(sorted(FURTHER, key=str.lower)) + "`", WIDTH, break_long_words=False,
                           break_on_hyphens=False, subsequent_indent="  ")
    text = "\n".join(lines).rstrip() + "\n"
    if text.count("\n") > LONGEST:
        sys.exit(f"docs: the cheat sheet has {text.count(chr(10))} lines, more than {LONGEST}")
    return text


def main():
    command, graphs, path = sys.argv[1:]
    text = page(graphs)
    if command == "write":
        pathlib.Path(path).write_text(text)
    elif not pathlib.Path(path).exists() or pathlib.Path(path).read_text() != text:
        sys.exit(f"docs: {path} is not what the sources say; run 'make reference' and commit it")


main()
