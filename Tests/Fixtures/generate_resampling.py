#!/usr/bin/env python3
"""Makes Tests/Fixtures/resampling.json again: lines resized by Pillow, whose `resize` is antialiased.

    python3 Tests/Fixtures/generate_resampling.py

Line i of each case is deterministic.uniform with the seed i. Needs numpy and Pillow; the tests need neither.
"""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from deterministic import uniform

FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos3": Image.Resampling.LANCZOS,
}
LENGTHS = [(64, 17), (17, 64), (100, 99), (50, 3)]
LINES = 2

cases = []
for method, resampling in FILTERS.items():
    for count, length in LENGTHS:
        picture = np.stack([uniform([count])(seed) for seed in range(LINES)]).astype(np.float32)
        resized = Image.fromarray(picture).resize((length, LINES), resampling)
        cases.append(
            {
                "method": method,
                "count": count,
                "length": length,
                "scalars": [float(v) for v in np.asarray(resized).flatten()],
            }
        )
path = Path(__file__).resolve().parent / "resampling.json"
path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
