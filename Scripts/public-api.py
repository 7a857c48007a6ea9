#!/usr/bin/env python3
"""Lists the public API of Tensor and NN, from the symbol graphs that the compiler writes.

Usage: Scripts/public-api.py write GRAPHS PAGE   write the list
       Scripts/public-api.py check GRAPHS PAGE   fail if the list is old, or a public symbol has no documentation
"""

import pathlib
import re
import sys
from collections import defaultdict

from symbolgraph import line_number, load, place

MODULES = ("Tensor", "NN", "StyleTransfer")

# What may change in a minor version. A path stands for itself and for all that is in it.
EVOLVING = {
    "Tensor": ("AxisSelection", "StridedRange", "TensorDirectory", "TensorRange", "TensorScalar"),
    "NN": ("LBFGS.initialInverseHessian",),
    "StyleTransfer": ("Cost", "PreparedRecipe"),
}

INTRODUCTION = """\
# Public API

The public API of the libraries `Tensor`, `NN` and `StyleTransfer`, a line for each symbol; `make reference` writes this page from the
sources, and `make docs` fails when it is old. The documentation has the rest: formulas, shapes, what traps and throws.

**What is stable.** All that is listed here follows semantic versioning: nothing is renamed, removed or made to mean
something else within a major version. Until version 1.0 a minor version may do so, and its notes say how to follow.
Symbols marked *evolving* may change in any minor version. Not promised are the last bits of results, which change with
kernels (they do not depend on the number of threads), and what messages say. What is `package` or internal is nobody
else's.

All libraries trap on misuse by the programmer, with the operation's name and the shapes, and throw typed errors for
what comes from outside.
"""


def documentation(symbol):
    return [line["text"] for line in symbol.get("docComment", {}).get("lines", [])]


def summary(symbol):
    """The first sentence of the documentation."""
    paragraph = []
    for line in documentation(symbol):
        if not line.strip() or line.lstrip().startswith(("- ", "| ", "```")):
            if paragraph:
                break
            continue
        paragraph.append(line.strip())
    text = " ".join(paragraph)
    sentence = re.match(r"(.*?[.:])(?=\s+(?:[^a-z0-9]|d/d|d[A-Z])|$)", text)
    text = sentence.group(1) if sentence else text
    # A link of DocC's is code elsewhere.
    return re.sub(r"``([^`]*)``", lambda link: f"`{link.group(1).split('/')[-1]}`", text).rstrip(":")


# What a sentence begins with that continues the comment above it, or its declaration. DocC, quick help and our own page
# show it alone.
FRAGMENT = re.compile(r"(Those|These|Of|Where|Its|It|Their|They|Them|Likewise|As a part|In the order)\b")


def is_fragment(sentence):
    """Whether a first sentence needs its neighbours: fewer than two words, or a beginning that points elsewhere."""
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"`[^`]*`", "code", sentence))
    return len(words) < 2 or FRAGMENT.match(sentence) is not None


def declaration(symbol):
    text = "".join(fragment["spelling"] for fragment in symbol["declarationFragments"])
    text = re.sub(r"@\w+(\([^)]*\))?\s+", "", text)
    text = re.sub(r"\{\s*get\s*\}$", "", text.replace("{ get set }", ""))
    return re.sub(r"\s+", " ", text).strip()


def is_evolving(module, path):
    return any(path == entry or path.startswith(entry + ".") for entry in EVOLVING[module])


def path_of(symbol):
    return ".".join(re.sub(r"\(.*", "", part) for part in symbol["pathComponents"])


def entry(module, symbol):
    mark = " *evolving*" if is_evolving(module, path_of(symbol)) else ""
    text = summary(symbol)
    return f"- `{declaration(symbol)}`{mark}{' — ' + text if text else ''}"


TYPES = ("swift.struct", "swift.class", "swift.enum", "swift.protocol", "swift.typealias")


def section(module, symbols, parents):
    """The module's part of the page: its functions, then its types, each with its members by source file."""
    by_identifier = {symbol["identifier"]["precise"]: symbol for symbol in symbols}
    owners = defaultdict(list)
    for symbol in symbols:
        path = symbol["pathComponents"]
        owners[".".join(path[:-1])].append(symbol)
    lines = [f"## {module}", ""]

    functions = [s for s in owners[""] if s["kind"]["identifier"] not in TYPES]
    if functions:
        lines += ["### Functions", ""]
        lines += [entry(module, s) for s in sorted(functions, key=lambda s: (place(s), line_number(s)))]
        lines += [""]

    types = [s for s in symbols if s["kind"]["identifier"] in TYPES and parents.get(s["identifier"]["precise"]) is None
             or s["kind"]["identifier"] in TYPES[:4]]
    for kind in sorted(types, key=lambda s: (s["pathComponents"] != ["Tensor"], s["pathComponents"])):
        path = ".".join(kind["pathComponents"])
        mark = " *evolving*" if is_evolving(module, path) else ""
        lines += [f"### {path}", "", f"`{declaration(kind)}`{mark} — {summary(kind)}", ""]
        members = [s for s in owners[path] if s["kind"]["identifier"] not in TYPES[:4]]
        lines += members_by_file(module, members)

    # What the module adds to the types of others.
    known = {".".join(kind["pathComponents"]) for kind in types} | {""}
    for path in sorted(set(owners) - known):
        lines += [f"### {path}", ""] + members_by_file(module, owners[path])
    return lines


def members_by_file(module, members):
    files = defaultdict(list)
    for symbol in members:
        files[place(symbol)].append(symbol)
    lines = []
    for file in sorted(files):
        if len(files) > 3:
            lines += [f"#### {file}", ""]
        lines += [entry(module, s) for s in sorted(files[file], key=line_number)]
        if len(files) > 3:
            lines += [""]
    return lines + ([""] if members and len(files) <= 3 else [])


def unknown_names(modules, article):
    """What the last column of an article's tables names that no module has."""
    names = {re.sub(r"\(.*", "", part) for symbols, _ in modules.values() for symbol in symbols
             for part in symbol["pathComponents"]}
    labels = {label for symbols, _ in modules.values() for symbol in symbols
              for label in re.findall(r"(\w+):", symbol["names"]["title"])}
    unknown = []
    for line in pathlib.Path(article).read_text().splitlines():
        if line.startswith("| `") or line.startswith("| | "):
            ours = re.sub(r"<doc:.*?>", "", line.rstrip("| ").split(" | ")[-1])
            for code in re.findall(r"`+([^`]+)`+", ours):
                # Not the text of a literal.
                code = re.sub(r'"[^"]*"', '""', code)
                found = re.findall(r"(?<![\w.])[A-Z]\w+|(?<!\d)\.([a-z]\w+)|\b([a-z]\w+)(?=\()", code)
                words = {word for match in found for word in match if word} | set(re.findall(r"\b[A-Z]\w+", code))
                # The model is the reader's own, and a URL is Foundation's.
                known = {"Bool", "Double", "Float", "Int64", "String", "URL", "model"}
                unknown += [word for word in words - names - known]
                unknown += [label for label in re.findall(r"(\w+):(?!:)", code) if label not in labels | {"filePath"}]
    return unknown


def main():
    command, graphs, page = sys.argv[1:]
    modules = {module: load(graphs, module) for module in MODULES}

    if command == "check":
        bare = [f"{module}: {'.'.join(symbol['pathComponents'])} ({place(symbol)}:{line_number(symbol) + 1})"
                for module, (symbols, _) in modules.items() for symbol in symbols
                if not summary(symbol)]
        if bare:
            sys.exit("docs: the documentation of these public symbols has no summary:\n  " + "\n  ".join(sorted(bare)))
        fragments = [f"{'.'.join(symbol['pathComponents'])} ({place(symbol)}:{line_number(symbol) + 1}): {summary(symbol)}"
                     for symbols, _ in modules.values() for symbol in symbols if is_fragment(summary(symbol))]
        if fragments:
            sys.exit("docs: the first sentence about these public symbols cannot be understood alone; name its subject:\n  "
                     + "\n  ".join(sorted(fragments)))
        for article in ("Sources/Tensor/Tensor.docc/ComingFromPyTorch.md", "Sources/NN/NN.docc/TrainingANetwork.md"):
            unknown = unknown_names(modules, article)
            if unknown:
                sys.exit(f"docs: {article} names what there is not: " + ", ".join(sorted(set(unknown))))
        print(f"docs: all {sum(len(symbols) for symbols, _ in modules.values())} public symbols are documented")

    lines = [INTRODUCTION]
    for module, (symbols, parents) in modules.items():
        lines += section(module, symbols, parents)
    text = "\n".join(lines).rstrip() + "\n"
    if command == "write":
        pathlib.Path(page).write_text(text)
    elif not pathlib.Path(page).exists() or pathlib.Path(page).read_text() != text:
        sys.exit(f"docs: {page} is not what the sources say; run 'make reference' and commit it")


main()
