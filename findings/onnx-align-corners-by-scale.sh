#!/usr/bin/env bash
# ONNX × ONNX Runtime: Resize with align_corners does not align the corners in ONNX's own implementation.
#
# Expected: with coordinate_transformation_mode "align_corners" the last sample is the last sample, whether the size is
#           given or a scale that leads to it: the standard's formula is x_resized · (length_original − 1) /
#           (length_resized − 1), with "the length of the resized tensor".
# Found:    given a scale, the reference implementation puts length · scale into the formula as it is, with its
#           fraction, while the tensor has the length rounded down. 0 … 4 enlarged by 1.5 ends with 3.69 in the
#           reference and with 4 in ONNX Runtime; made smaller by 0.5 the second of two samples is 2.67 and 4. Given the
#           sizes the two agree. Who tests against the reference tests another function.
# Versions: ONNX 1.23.2, ONNX Runtime 1.32.0 (CPU), NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   scale 1.5: [0.0, 0.667, 1.333, 2.0, 2.667, 3.333, 4.0], reference [0.0, 0.615, 1.231, 1.846, 2.462, 3.077, 3.692]
#   size 7: [0.0, 0.667, 1.333, 2.0, 2.667, 3.333, 4.0], reference [0.0, 0.667, 1.333, 2.0, 2.667, 3.333, 4.0]
#   scale 0.5: [0.0, 4.0], reference [0.0, 2.667]
#   size 2: [0.0, 4.0], reference [0.0, 4.0]
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

x = np.arange(5, dtype=np.float32).reshape(1, 1, 1, 5)


def resized(inputs, values):
    node = helper.make_node("Resize", inputs, ["y"], mode="linear", coordinate_transformation_mode="align_corners")
    graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("x", 1, x.shape)],
                              [helper.make_tensor_value_info("y", 1, None)], [numpy_helper.from_array(values, "v")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return [np.round(y.ravel().astype(float), 3).tolist()
            for y in (session.run(None, {"x": x})[0], ReferenceEvaluator(model).run(None, {"x": x})[0])]


found = []
for scale in (1.5, 0.5):
    for inputs, values in ((["x", "", "v"], np.array([1, 1, 1, scale], dtype=np.float32)),
                           (["x", "", "", "v"], np.array([1, 1, 1, int(5 * scale)]))):
        runtime, reference = resized(inputs, values)
        found.append((runtime[-1], reference[-1]))
        print(f"{'scale' if values.dtype == np.float32 else 'size'} {values[-1]:g}: {runtime}, reference {reference}")
sys.exit(0 if found == [(4, 3.692), (4, 4), (4, 2.667), (4, 4)] else 1)
PYTHON
