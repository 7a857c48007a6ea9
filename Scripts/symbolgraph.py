"""What the symbol graphs that the compiler writes hold; read by public-api.py and cheatsheet.py."""

import json
import pathlib


def load(graphs, module):
    """The symbols of a module, its extensions of other modules' types with them."""
    symbols, parents = [], {}
    for path in sorted(pathlib.Path(graphs, module).glob("*.symbols.json")):
        graph = json.loads(path.read_text())
        # An extension's block is a page to DocC and no symbol of ours.
        symbols += [symbol for symbol in graph["symbols"] if symbol["kind"]["identifier"] != "swift.extension"]
        for relation in graph["relationships"]:
            if relation["kind"] in ("memberOf", "optionalMemberOf", "requirementOf"):
                parents[relation["source"]] = relation["target"]
    unique = {symbol["identifier"]["precise"]: symbol for symbol in symbols}
    return list(unique.values()), parents


def place(symbol):
    """The source file, by its folder and name."""
    uri = symbol.get("location", {}).get("uri", "")
    parts = uri.split("/Sources/")[-1].removesuffix(".swift").split("/")
    return "/".join(parts[1:])


def line_number(symbol):
    return symbol.get("location", {}).get("position", {}).get("line", 0)
