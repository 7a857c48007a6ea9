#!/usr/bin/env python3
"""Makes comparison.json again: measures of pairs of pictures as scipy and numpy compute them.

    python3 Tests/Fixtures/images/comparison.py

SSIM follows scikit-image's structural_similarity(gaussian_weights=True, sigma=1.5,
use_sample_covariance=False, data_range=1): filters of 11 pixels, the mean over what they cover whole.
Pictures are deterministic.uniform, smoothed; the tests make them again from the same seeds.
"""

import json
import pathlib
import sys

import numpy as np
from scipy import ndimage

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from deterministic import uniform  # noqa: E402

LUMA = np.array([0.299, 0.587, 0.114])


def smoothed(planes):
    """Each pixel's mean with its right and lower neighbours, around the edges."""
    right = np.roll(planes, -1, axis=2)
    return (planes + right + np.roll(planes, -1, axis=1) + np.roll(right, -1, axis=1)) / 4


def pictures(width, height, seed, noise):
    a = smoothed(uniform((3, height, width), 0, 1)(seed))
    b = np.clip(a + uniform((3, height, width), -noise, noise)(seed + 1), 0, 1)
    return [x.astype(np.float32).astype(np.float64) for x in (a, b)]


def ssim(a, b):
    def window(x):
        return ndimage.gaussian_filter(x, 1.5, truncate=3.5)

    ua, ub = window(a), window(b)
    va, vb, vab = window(a * a) - ua * ua, window(b * b) - ub * ub, window(a * b) - ua * ub
    c1, c2 = 0.01**2, 0.03**2
    index = (2 * ua * ub + c1) * (2 * vab + c2) / ((ua**2 + ub**2 + c1) * (va + vb + c2))
    return index[5:-5, 5:-5].mean()


def edges(luma):
    steepness = np.hypot(ndimage.sobel(luma, 0), ndimage.sobel(luma, 1)) / 4
    return steepness[1:-1, 1:-1]


def measures(a, b):
    luma_a, luma_b = (np.tensordot(LUMA, x, 1) for x in (a, b))
    edge_a, edge_b = edges(luma_a), edges(luma_b)
    difference = b - a
    centred = difference - difference.mean(axis=(1, 2), keepdims=True)
    across, down = centred[:, :, 1:] * centred[:, :, :-1], centred[:, 1:] * centred[:, :-1]
    lag = (across.sum() + down.sum()) / (across.size + down.size) / (centred**2).mean()
    magnitude = np.abs(difference).mean(0)[1:-1, 1:-1]
    residue = b - ndimage.uniform_filter(b, (0, 3, 3))
    jump_x, jump_y = np.abs(np.diff(b, axis=2)).mean(), np.abs(np.diff(b, axis=1)).mean()
    return {
        "psnr": -10 * np.log10((difference**2).mean()),
        "ssim": np.mean([ssim(x, y) for x, y in zip(a, b)]),
        "lumaSSIM": ssim(luma_a, luma_b),
        "keptEdges": (edge_b[edge_a >= 0.1] >= 0.1).mean(),
        "autocorrelation": lag,
        "edgeCorrelation": np.corrcoef(edge_a.ravel(), magnitude.ravel())[0, 1],
        "residue": np.sqrt((residue[:, 1:-1, 1:-1] ** 2).mean()),
        "leftToRight": np.abs(b[:, :, 0] - b[:, :, -1]).mean() / jump_x,
        "topToBottom": np.abs(b[:, 0] - b[:, -1]).mean() / jump_y,
    }


cases = []
for width, height, seed, noise in ((31, 24, 1, 0.02), (16, 40, 3, 0.1), (11, 11, 5, 0.5)):
    found = measures(*pictures(width, height, seed, noise))
    case = {"width": width, "height": height, "seed": seed, "noise": noise}
    cases.append(case | {name: float(value) for name, value in found.items()})
(HERE / "comparison.json").write_text(
    "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n"
)
