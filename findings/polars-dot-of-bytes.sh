#!/usr/bin/env bash
# Polars: the dot product of vectors of bytes is an Int64, and each product in it has wrapped at eight bits.
#
# Expected: Series.dot of quantised vectors (Int8, UInt8, Int16) widens them, as sum and product do, and as the type of
#           its result says; or the result has the vectors' type, so that one sees what happens.
# Found:    the products are taken in the type of the vectors and wrap, and only then are they widened and added: three
#           hundreds by themselves are 48 in place of 30000, as an Int64. An order of vectors by their similarity is noise.
#           The expression's dot does the same. Int16 is right.
# Versions: polars 2.1.0, NumPy 2.4.6, Python 3.11. Found on 2026-11-30.
# Output of this script then:
#   Int8: dot 48 (Int64), sum 300, product 1000000
#   UInt8: dot 48 (Int64), sum 300, product 1000000
#   Int16: dot 30000 (Int64), sum 300, product 1000000
#   nearest of 200 random vectors by Int8: 0 of 50 as by Int64
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet polars==2.1.0 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
import polars as pl

dots = []
for kind in (pl.Int8, pl.UInt8, pl.Int16):
    vector = pl.Series("v", [100, 100, 100], dtype=kind)
    table = pl.DataFrame([vector]).select(pl.col("v").dot("v"))
    dots.append(vector.dot(vector))
    assert table.item() == dots[-1]
    print(f"{kind}: dot {dots[-1]} ({table.schema['v']}), sum {vector.sum()}, product {vector.product()}")

vectors = np.random.default_rng(0).integers(-127, 128, (250, 64))


def nearest(kind):
    series = [pl.Series(row, dtype=kind) for row in vectors]
    return [int(np.argmax([query.dot(other) for other in series[50:]])) for query in series[:50]]


same = sum(a == b for a, b in zip(nearest(pl.Int8), nearest(pl.Int64)))
print(f"nearest of 200 random vectors by Int8: {same} of 50 as by Int64")
sys.exit(0 if dots == [48, 48, 30000] and same < 25 else 1)
PYTHON
