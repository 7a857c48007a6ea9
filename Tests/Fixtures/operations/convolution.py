from math import inf, nan

from torch.nn.functional import avg_pool2d, conv2d, max_pool2d

from deterministic import away_from_zero, spread, uniform, values

cases = {
    "conv2D": ([uniform([2, 3, 5, 6]), uniform([4, 3, 3, 3]), uniform([4])], conv2d),
    "conv2D, padding": (
        [uniform([1, 2, 4, 7]), uniform([3, 2, 3, 3])],
        lambda x, w: conv2d(x, w, padding=1),
    ),
    "conv2D, stride": (
        [uniform([2, 2, 7, 8]), uniform([3, 2, 3, 2]), uniform([3])],
        lambda x, w, b: conv2d(x, w, b, stride=2, padding=1),
    ),
    "conv2D, stride beyond the window": (
        [uniform([1, 2, 8, 9]), uniform([2, 2, 2, 2])],
        lambda x, w: conv2d(x, w, stride=(3, 4)),
    ),
    "conv2D, dilation": (
        [uniform([1, 2, 8, 7]), uniform([2, 2, 3, 2])],
        lambda x, w: conv2d(x, w, stride=(1, 2), padding=(2, 1), dilation=(2, 3)),
    ),
    "conv2D, groups": (
        [uniform([2, 4, 5, 4]), uniform([6, 2, 3, 3]), uniform([6])],
        lambda x, w, b: conv2d(x, w, b, padding=1, groups=2),
    ),
    "conv2D, depthwise": (
        [uniform([1, 3, 6, 5]), uniform([3, 1, 3, 3])],
        lambda x, w: conv2d(x, w, stride=2, padding=1, groups=3),
    ),
    "conv2D, 1×1": ([uniform([2, 3, 4, 3]), uniform([5, 3, 1, 1]), uniform([5])], conv2d),
    "conv2D, whole picture": ([uniform([2, 3, 4, 5]), uniform([2, 3, 4, 5])], conv2d),
    "conv2D, more padding than window": (
        [uniform([1, 2, 3, 3]), uniform([2, 2, 2, 2])],
        lambda x, w: conv2d(x, w, padding=3),
    ),
    "conv2D, applying ReLU": (
        [uniform([2, 3, 5, 6]), uniform([4, 3, 3, 3]), uniform([4])],
        lambda x, w, b: conv2d(x, w, b, padding=1).relu(),
    ),
    "conv2D, Winograd, padding 0": (
        [uniform([2, 3, 5, 6]), uniform([4, 3, 3, 3]), uniform([4])],
        conv2d,
    ),
    "conv2D, Winograd, padding 1": (
        [uniform([2, 3, 5, 6]), uniform([4, 3, 3, 3]), uniform([4])],
        lambda x, w, b: conv2d(x, w, b, padding=1).relu(),
    ),
    "conv2D, Winograd, padding 2": (
        [uniform([2, 3, 5, 6]), uniform([4, 3, 3, 3]), uniform([4])],
        lambda x, w, b: conv2d(x, w, b, padding=2),
    ),
    "conv2D, no pictures": (
        [uniform([0, 3, 5, 6]), uniform([4, 3, 3, 3]), uniform([4])],
        lambda x, w, b: conv2d(x, w, b, padding=1),
    ),
    "conv2D, single": (
        [uniform([1, 1, 1, 1]), uniform([1, 1, 3, 3]), uniform([1])],
        lambda x, w, b: conv2d(x, w, b, padding=1),
    ),
    "maxPool2D": ([spread([2, 3, 4, 6])], lambda x: max_pool2d(x, 2)),
    "maxPool2D, odd sizes": ([spread([1, 5, 5, 7])], lambda x: max_pool2d(x, 2)),
    "maxPool2D, overlapping": ([spread([2, 2, 7, 6])], lambda x: max_pool2d(x, 3, 2, 1)),
    "maxPool2D, oblong": ([spread([1, 2, 6, 8])], lambda x: max_pool2d(x, (3, 2), (1, 3), (1, 0))),
    "maxPool2D, large window": (
        [spread([1, 1, 20, 19])],
        lambda x: max_pool2d(x, (17, 16), 2, (4, 3)),
    ),
    "maxPool2D, no pictures": ([spread([0, 3, 4, 4])], lambda x: max_pool2d(x, 2)),
    "maxPool2D, single": ([spread([1, 1, 1, 1])], lambda x: max_pool2d(x, 1)),
    "maxPool2D, not a number": (
        [values([nan, 1, 2, 3, -inf, -inf, -inf, -inf], [1, 1, 2, 4])],
        lambda x: max_pool2d(x, 2),
    ),
    "averagePool2D": ([uniform([2, 3, 4, 6])], lambda x: avg_pool2d(x, 2)),
    "averagePool2D, odd sizes": ([uniform([1, 5, 5, 7])], lambda x: avg_pool2d(x, 2)),
    "averagePool2D, overlapping": ([uniform([2, 2, 7, 6])], lambda x: avg_pool2d(x, 3, 2, 1)),
    "averagePool2D, oblong": (
        [uniform([1, 2, 6, 8])],
        lambda x: avg_pool2d(x, (3, 2), (1, 3), (1, 0)),
    ),
    "averagePool2D, no pictures": ([uniform([0, 3, 4, 4])], lambda x: avg_pool2d(x, 2)),
    "averagePool2D, single": ([uniform([1, 1, 1, 1])], lambda x: avg_pool2d(x, 1)),
    "relu": ([away_from_zero([2, 3, 5])], lambda x: x.relu()),
    "relu, empty": ([uniform([0, 3])], lambda x: x.relu()),
    "relu, single": ([uniform([1, 1], 0.5, 1)], lambda x: x.relu()),
    "relu, special values": ([values([nan, inf, -inf, 0, -0.0, 1])], lambda x: x.relu()),
    "selfProduct": ([uniform([3, 5])], lambda x: x @ x.mT),
    "selfProduct, batch": ([uniform([2, 2, 4, 3])], lambda x: x @ x.mT),
    "selfProduct, long rows": ([uniform([2, 1300])], lambda x: x @ x.mT),
    "selfProduct, no columns": ([uniform([2, 3, 0])], lambda x: x @ x.mT),
    "selfProduct, single": ([uniform([1, 1])], lambda x: x @ x.mT),
}
