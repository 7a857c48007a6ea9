#!/usr/bin/env python3
"""Makes Tests/Fixtures/operations/*.json again: PyTorch's results for the cases of the operation table.

    python3 Tests/Fixtures/generate_operations.py [FAMILY ...]

Each operations/FAMILY.py holds `cases`: under the name that the case has in Tests/TensorTests, its inputs (drawn
by deterministic.py; input i with the seed i) and one line of PyTorch. Needs torch and numpy; the tests need
neither.
"""

import importlib
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent


def number(value):
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return int(value) if value == int(value) and abs(value) < 1e15 and value != 0 else value


def result(inputs, function):
    tensors = [torch.from_numpy(np.array(draw(seed))) for seed, draw in enumerate(inputs)]
    output = torch.as_tensor(function(*tensors), dtype=torch.float64)
    return {"shape": list(output.shape), "scalars": [number(v) for v in output.flatten().tolist()]}


def main():
    sys.path.insert(0, str(HERE))
    torch.set_num_threads(1)
    families = sys.argv[1:] or sorted(file.stem for file in (HERE / "operations").glob("[a-z]*.py"))
    for family in families:
        cases = importlib.import_module(f"operations.{family}").cases
        lines = [f"{json.dumps(name)}: {json.dumps(result(*case))}" for name, case in cases.items()]
        text = "{\n" + ",\n".join(lines) + "\n}\n"
        (HERE / "operations" / f"{family}.json").write_text(text)
        print(f"{family}: {len(lines)} cases")


if __name__ == "__main__":
    main()
