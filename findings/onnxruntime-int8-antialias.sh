#!/usr/bin/env bash
# ONNX Runtime: Resize with antialias makes 0 of every negative int8.
#
# Expected: a picture of one value stays that value at any size. Resize takes int8 (it is among the types of its
#           standard, and quantised networks have it), and ONNX's reference implementation gives −50 for −50.
# Found:    intermediate results are kept in 0 to 255 as if the type were uint8: an int8 tensor of −50 becomes 0
#           everywhere, smaller or larger, and an edge between −100 and 100 keeps its upper half only. int32 is right,
#           and so is int8 without antialias.
# Versions: ONNX Runtime 1.32.0 (CPU), ONNX 1.23.2, NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   flat, 4 wide, antialias 1, int8: [0, 0, 0, 0], reference [-50, -50, -50, -50]
#   flat, 4 wide, antialias 1, int32: [-50, -50, -50, -50], reference [-50, -50, -50, -50]
#   flat, 4 wide, antialias 0, int8: [-50, -50, -50, -50], reference [-50, -50, -50, -50]
#   flat, 4 wide, antialias 0, int32: [-50, -50, -50, -50], reference [-50, -50, -50, -50]
#   edge, 4 wide, antialias 1, int8: [0, 0, 75, 100], reference [-100, -75, 75, 100]
#   edge, 4 wide, antialias 1, int32: [-100, -75, 75, 100], reference [-100, -75, 75, 100]
#   edge, 6 wide, antialias 1, int8: [0, 0, 0, 82, 100, 100], reference [-100, -100, -82, 82, 100, 100]
#   edge, 6 wide, antialias 1, int32: [-100, -100, -82, 82, 100, 100], reference [-100, -100, -82, 82, 100, 100]
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import numpy as np
import onnxruntime
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator


def resized(x, width, antialias):
    kind = helper.np_dtype_to_tensor_dtype(x.dtype)
    node = helper.make_node("Resize", ["x", "", "", "sizes"], ["y"], mode="linear", antialias=antialias)
    sizes = numpy_helper.from_array(np.array([1, 1, 8, width]), "sizes")
    graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("x", kind, x.shape)],
                              [helper.make_tensor_value_info("y", kind, None)], [sizes])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    results = session.run(None, {"x": x})[0], ReferenceEvaluator(model).run(None, {"x": x})[0]
    return [result[0, 0, 0].tolist() for result in results]


flat = np.full((1, 1, 8, 8), -50)
edge = np.tile(np.repeat([-100, 100], 4), (1, 1, 8, 1))
found = []
cases = (("flat", flat, 4, 1), ("flat", flat, 4, 0), ("edge", edge, 4, 1), ("edge", edge, 6, 1))
for name, x, width, antialias in cases:
    for dtype in (np.int8, np.int32):
        runtime, reference = resized(x.astype(dtype), width, antialias)
        found.append(np.abs(np.subtract(runtime, reference)).max() <= 1)
        print(f"{name}, {width} wide, antialias {antialias}, {np.dtype(dtype)}: {runtime}, reference {reference}")
sys.exit(0 if found == [False, True, True, True, False, True, False, True] else 1)
PYTHON
