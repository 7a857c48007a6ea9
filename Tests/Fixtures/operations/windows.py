from math import nan

import torch
from torch.nn.functional import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    avg_pool1d,
    conv1d,
    conv_transpose1d,
    conv_transpose2d,
    fold,
    max_pool1d,
    unfold,
)

from deterministic import spread, uniform, values

cases = {
    "conv1D": ([uniform([2, 3, 7]), uniform([4, 3, 3]), uniform([4])], conv1d),
    "conv1D, stride": (
        [uniform([2, 2, 9]), uniform([3, 2, 2]), uniform([3])],
        lambda x, w, b: conv1d(x, w, b, stride=3, padding=1),
    ),
    "conv1D, dilation": (
        [uniform([1, 2, 8]), uniform([2, 2, 3])],
        lambda x, w: conv1d(x, w, padding=2, dilation=3),
    ),
    "conv1D, groups": (
        [uniform([2, 4, 5]), uniform([6, 2, 3]), uniform([6])],
        lambda x, w, b: conv1d(x, w, b, padding=1, groups=2),
    ),
    "conv1D, applying ReLU": (
        [uniform([2, 3, 6]), uniform([4, 3, 3]), uniform([4])],
        lambda x, w, b: conv1d(x, w, b, padding=1).relu(),
    ),
    "conv1D, no sequences": (
        [uniform([0, 3, 5]), uniform([4, 3, 3]), uniform([4])],
        lambda x, w, b: conv1d(x, w, b, padding=1),
    ),
    "conv1D, single": (
        [uniform([1, 1, 1]), uniform([1, 1, 3]), uniform([1])],
        lambda x, w, b: conv1d(x, w, b, padding=1),
    ),
    "transposedConv2D": (
        [uniform([2, 3, 4, 5]), uniform([3, 4, 3, 3]), uniform([4])],
        conv_transpose2d,
    ),
    "transposedConv2D, padding": (
        [uniform([1, 2, 4, 6]), uniform([2, 3, 3, 3])],
        lambda x, w: conv_transpose2d(x, w, padding=1),
    ),
    "transposedConv2D, stride": (
        [uniform([2, 2, 3, 4]), uniform([2, 3, 3, 2]), uniform([3])],
        lambda x, w, b: conv_transpose2d(x, w, b, stride=2, padding=1),
    ),
    "transposedConv2D, output padding": (
        [uniform([1, 2, 3, 4]), uniform([2, 3, 3, 3]), uniform([3])],
        lambda x, w, b: conv_transpose2d(x, w, b, stride=(2, 3), padding=(1, 0), output_padding=(1, 2)),
    ),
    "transposedConv2D, dilation": (
        [uniform([1, 2, 3, 3]), uniform([2, 2, 3, 2])],
        lambda x, w: conv_transpose2d(x, w, stride=(1, 2), padding=(2, 1), dilation=(2, 3)),
    ),
    "transposedConv2D, groups": (
        [uniform([2, 4, 3, 4]), uniform([4, 3, 3, 3]), uniform([6])],
        lambda x, w, b: conv_transpose2d(x, w, b, padding=1, groups=2),
    ),
    "transposedConv2D, gaps": (
        [uniform([1, 2, 3, 2]), uniform([2, 2, 1, 2])],
        lambda x, w: conv_transpose2d(x, w, stride=3, output_padding=2),
    ),
    "transposedConv2D, no pictures": (
        [uniform([0, 3, 4, 4]), uniform([3, 4, 3, 3]), uniform([4])],
        lambda x, w, b: conv_transpose2d(x, w, b, stride=2),
    ),
    "transposedConv2D, single": (
        [uniform([1, 1, 1, 1]), uniform([1, 1, 3, 3]), uniform([1])],
        lambda x, w, b: conv_transpose2d(x, w, b, padding=1),
    ),
    "transposedConv1D": (
        [uniform([2, 3, 4]), uniform([3, 4, 3]), uniform([4])],
        conv_transpose1d,
    ),
    "transposedConv1D, stride": (
        [uniform([2, 2, 4]), uniform([2, 3, 4]), uniform([3])],
        lambda x, w, b: conv_transpose1d(x, w, b, stride=2, padding=1, output_padding=1),
    ),
    "transposedConv1D, groups": (
        [uniform([1, 4, 3]), uniform([4, 1, 2]), uniform([2])],
        lambda x, w, b: conv_transpose1d(x, w, b, dilation=2, groups=2),
    ),
    "transposedConv1D, no sequences": (
        [uniform([0, 3, 4]), uniform([3, 4, 3])],
        conv_transpose1d,
    ),
    "transposedConv1D, single": (
        [uniform([1, 1, 1]), uniform([1, 1, 1]), uniform([1])],
        conv_transpose1d,
    ),
    "maxPool1D": ([spread([2, 3, 6])], lambda x: max_pool1d(x, 2)),
    "maxPool1D, overlapping": ([spread([2, 2, 8])], lambda x: max_pool1d(x, 3, 2, 1)),
    "maxPool1D, no sequences": ([spread([0, 3, 4])], lambda x: x[:, :, :2]),
    "maxPool1D, single": ([spread([1, 1, 1])], lambda x: max_pool1d(x, 1)),
    "averagePool1D": ([uniform([2, 3, 6])], lambda x: avg_pool1d(x, 2)),
    "averagePool1D, overlapping": ([uniform([2, 2, 8])], lambda x: avg_pool1d(x, 3, 2, 1)),
    "averagePool1D, no sequences": ([uniform([0, 3, 4])], lambda x: x[:, :, :2]),
    "averagePool1D, single": ([uniform([1, 1, 1])], lambda x: avg_pool1d(x, 1)),
}

PICTURES = {
    "": ([2, 3, 4, 6], (2, 3)),
    ", uneven": ([1, 2, 7, 5], (3, 4)),
    ", enlarging": ([2, 1, 3, 2], (5, 3)),
    ", to one": ([2, 3, 4, 5], (1, 1)),
    ", no pictures": ([0, 3, 4, 5], (2, 2)),
    ", single": ([1, 1, 1, 1], (1, 1)),
}
SEQUENCES = {
    "": ([2, 3, 6], 2),
    ", uneven": ([1, 2, 7], 3),
    ", enlarging": ([2, 1, 3], 5),
    ", no sequences": ([0, 3, 5], 2),
    ", single": ([1, 1, 1], 1),
}
for suffix, (shape, size) in PICTURES.items():
    cases |= {
        "adaptiveAveragePool2D" + suffix: (
            [uniform(shape)],
            lambda x, size=size: adaptive_avg_pool2d(x, size),
        ),
        "adaptiveMaxPool2D" + suffix: (
            [spread(shape)],
            lambda x, size=size: adaptive_max_pool2d(x, size),
        ),
    }
for suffix, (shape, size) in SEQUENCES.items():
    cases |= {
        "adaptiveAveragePool1D" + suffix: (
            [uniform(shape)],
            lambda x, size=size: adaptive_avg_pool1d(x, size),
        ),
        "adaptiveMaxPool1D" + suffix: (
            [spread(shape)],
            lambda x, size=size: adaptive_max_pool1d(x, size),
        ),
    }
cases |= {
    "adaptiveMaxPool2D, not a number": (
        [values([nan, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [1, 1, 3, 4])],
        lambda x: adaptive_max_pool2d(x, (2, 3)),
    ),
    "unfolded": ([uniform([2, 3, 4, 5])], lambda x: unfold(x, 3)),
    "unfolded, stride": (
        [uniform([1, 2, 5, 6])],
        lambda x: unfold(x, (2, 3), padding=(1, 0), stride=(2, 1)),
    ),
    "unfolded, dilation": (
        [uniform([1, 2, 6, 5])],
        lambda x: unfold(x, 2, dilation=3, padding=1),
    ),
    "unfolded, gaps": ([uniform([1, 2, 5, 5])], lambda x: unfold(x, 1, stride=2)),
    "unfolded, no pictures": ([uniform([0, 2, 3, 3])], lambda x: torch.zeros(0, 8, 4)),
    "unfolded, single": ([uniform([1, 1, 1, 1])], lambda x: unfold(x, 3, padding=1)),
    "folded": ([uniform([2, 27, 6])], lambda x: fold(x, (4, 5), 3)),
    "folded, stride": (
        [uniform([1, 12, 12])],
        lambda x: fold(x, (5, 6), (2, 3), padding=(1, 0), stride=(2, 1)),
    ),
    "folded, dilation": (
        [uniform([1, 8, 20])],
        lambda x: fold(x, (6, 5), 2, dilation=3, padding=1),
    ),
    "folded, gaps": ([uniform([1, 2, 9])], lambda x: fold(x, (5, 5), 1, stride=2)),
    "folded, no pictures": ([uniform([0, 8, 4])], lambda x: torch.zeros(0, 2, 3, 3)),
    "folded, single": ([uniform([1, 1, 1])], lambda x: fold(x, (1, 1), 1)),
}
