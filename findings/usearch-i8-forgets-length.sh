#!/usr/bin/env bash
# USearch: stored as i8, vectors lose their lengths, whatever the metric.
#
# Expected: an index of the metric "l2sq" or "ip" orders by squared distance or by inner product; dtype="i8" makes the
#           numbers coarser, and at worst cuts off what is beyond −127 to 127. So it is with f16 and bf16.
# Found:    each vector, and each query, is divided by its length before it is rounded: (10, 10) is stored as (89, 89),
#           and so is (1, 1). The neighbours are those of the angle: for (1, 1), (10, 10) is nearer than (1, 1.2), with
#           distance 0. Under "ip" the order is turned as well. Nothing is said. Features of networks, whose lengths
#           mean something, get other neighbours.
# Versions: USearch 2.26.6, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   l2sq, f32: order [1, 0], the first as stored [10.0, 10.0]
#   l2sq, f16: order [1, 0], the first as stored [10.0, 10.0]
#   l2sq, bf16: order [1, 0], the first as stored [10.0, 10.0]
#   l2sq, i8: order [0, 1], the first as stored [89, 89]
#   ip, f32: order [0, 1], the first as stored [10.0, 10.0]
#   ip, f16: order [0, 1], the first as stored [10.0, 10.0]
#   ip, bf16: order [0, 1], the first as stored [10.0, 10.0]
#   ip, i8: order [1, 0], the first as stored [89, 89]
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet usearch==2.26.6 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
from usearch.index import Index

vectors = np.array([[10.0, 10.0], [1.0, 1.2]], dtype=np.float32)
query = np.array([1.0, 1.0], dtype=np.float32)
found = {}
for metric in ("l2sq", "ip"):
    for kind in ("f32", "f16", "bf16", "i8"):
        index = Index(ndim=2, metric=metric, dtype=kind)
        index.add(np.arange(2), vectors)
        matches = index.search(query, 2, exact=True)
        found[metric, kind] = matches.keys.tolist()
        print(f"{metric}, {kind}: order {found[metric, kind]}, the first as stored {index.get(0).tolist()}")
wanted = {("l2sq", "i8"): [0, 1], ("ip", "i8"): [1, 0]}
usual = {"l2sq": [1, 0], "ip": [0, 1]}
sys.exit(0 if all(order == wanted.get(key, usual[key[0]]) for key, order in found.items()) else 1)
PYTHON
