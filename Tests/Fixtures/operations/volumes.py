import torch
import torch.nn.functional as F

from deterministic import spread, uniform, values

inf, nan = float("inf"), float("nan")
cases = {}

for suffix, shape, window, stride, padding, dilation, ceils in [
    ("ceil", [1, 2, 5, 6], 2, 2, 0, 1, True), ("ceil and padding", [1, 2, 5, 7], 3, 2, 1, 1, True),
    ("ceil, long steps", [1, 1, 4, 5], 2, 3, 1, 1, True), ("dilation", [2, 2, 6, 7], 2, 1, 0, 3, False),
    ("dilation and padding", [1, 2, 6, 5], 3, 2, 1, 2, True), ("ceil, channels", [1, 16, 5, 3], 2, 2, 0, 1, True),
]:
    cases["maxPool2D, " + suffix] = (
        [spread(shape)],
        lambda x, k=window, s=stride, p=padding, d=dilation, c=ceils: F.max_pool2d(x, k, s, p, d, c),
    )
    if dilation == 1:
        for middle, counts in [("", True), ("without padding, ", False)]:
            cases["averagePool2D, " + middle + suffix] = (
                [uniform(shape)],
                lambda x, k=window, s=stride, p=padding, c=ceils, n=counts: F.avg_pool2d(x, k, s, p, c, n),
            )
cases["maxPool1D, ceil"] = ([spread([2, 2, 8])], lambda x: F.max_pool1d(x, 3, 3, 1, 2, True))
cases["averagePool1D, ceil"] = ([uniform([2, 2, 8])], lambda x: F.avg_pool1d(x, 3, 2, 1, True, False))
cases["averagePool2D, padding not counted"] = (
    [uniform([1, 2, 4, 5])], lambda x: F.avg_pool2d(x, 3, 1, 1, False, False))
cases["maxPool2D, all -inf"] = (
    [values([-inf, -inf, -inf], [1, 1, 1, 3])], lambda x: F.max_pool2d(x, (1, 2), (1, 2), ceil_mode=True))

cases["padded, constant"] = ([uniform([2, 3])], lambda x: F.pad(x, (0, 1, 1, 2), value=-1.5))
cases["padded, constant on the last axis"] = ([uniform([2, 1, 3])], lambda x: F.pad(x, (2, 1), value=inf))
cases["padded, constant around nothing"] = ([uniform([0, 3])], lambda x: F.pad(x, (0, 1, 1, 1), value=4))

cases["conv3D"] = ([uniform([2, 2, 4, 3, 5]), uniform([3, 2, 2, 3, 2]), uniform([3])], F.conv3d)
cases["conv3D, figures"] = (
    [uniform([1, 2, 5, 4, 6]), uniform([2, 2, 3, 2, 2]), uniform([2])],
    lambda x, w, b: F.conv3d(x, w, b, (2, 1, 2), (1, 0, 1), (1, 2, 1)),
)
cases["conv3D, groups"] = (
    [uniform([1, 4, 3, 2, 3]), uniform([2, 2, 3, 1, 2])], lambda x, w: F.conv3d(x, w, padding=1, groups=2))
cases["conv3D, no volumes"] = ([uniform([0, 2, 3, 3, 3]), uniform([1, 2, 2, 2, 2])], F.conv3d)
cases["conv3D, single"] = ([uniform([1, 1, 1, 1, 1]), uniform([1, 1, 3, 3, 3])], lambda x, w: F.conv3d(x, w, padding=1))

cases["transposedConv3D"] = ([uniform([2, 2, 3, 2, 3]), uniform([2, 3, 2, 3, 2]), uniform([3])], F.conv_transpose3d)
cases["transposedConv3D, figures"] = (
    [uniform([1, 2, 3, 2, 3]), uniform([2, 2, 3, 2, 2]), uniform([2])],
    lambda x, w, b: F.conv_transpose3d(x, w, b, (3, 1, 2), (1, 0, 1), (2, 0, 1), 1, (2, 1, 1)),
)
cases["transposedConv3D, groups"] = (
    [uniform([1, 4, 2, 2, 3]), uniform([4, 2, 2, 1, 2])], lambda x, w: F.conv_transpose3d(x, w, stride=2, groups=2))
cases["transposedConv3D, no volumes"] = (
    [uniform([0, 2, 2, 2, 2]), uniform([2, 1, 2, 2, 2])], lambda x, w: F.conv_transpose3d(x, w))
cases["transposedConv3D, single"] = (
    [uniform([1, 1, 1, 1, 1]), uniform([1, 1, 3, 3, 3])], lambda x, w: F.conv_transpose3d(x, w, padding=1))

cases["maxPool3D"] = ([spread([2, 2, 4, 4, 2])], lambda x: F.max_pool3d(x, 2))
cases["maxPool3D, figures"] = (
    [spread([1, 2, 5, 4, 7])], lambda x: F.max_pool3d(x, (2, 3, 3), (2, 1, 2), (1, 1, 0), (1, 1, 2), True))
cases["maxPool3D, no volumes"] = ([spread([0, 2, 2, 2, 2])], lambda x: F.max_pool3d(x, 2))
cases["maxPool3D, single"] = ([spread([1, 1, 1, 1, 1])], lambda x: F.max_pool3d(x, 1))
cases["averagePool3D"] = ([uniform([2, 2, 4, 4, 2])], lambda x: F.avg_pool3d(x, 2))
cases["averagePool3D, figures"] = (
    [uniform([1, 2, 5, 4, 7])], lambda x: F.avg_pool3d(x, (2, 3, 3), (2, 1, 2), (1, 1, 0), True, False))
cases["averagePool3D, no volumes"] = ([uniform([0, 2, 2, 2, 2])], lambda x: F.avg_pool3d(x, 2))
cases["averagePool3D, single"] = ([uniform([1, 1, 1, 1, 1])], lambda x: F.avg_pool3d(x, 1))

for suffix, shape, size in [("", [2, 5, 3, 2], 3), (", even", [2, 5, 3], 4), (", single", [1, 1, 1], 3), (", empty", [0, 2, 3], 2)]:
    cases["localResponseNormalized" + suffix] = (
        [uniform(shape)], lambda x, n=size: F.local_response_norm(x, n, 0.5, 0.75, 2))


def sample(border="zeros", corners=False, mode="bilinear"):
    return lambda x, g: F.grid_sample(x, g, mode, border, corners)


for border in ["zeros", "border", "reflection"]:
    for corners in [False, True]:
        name = f"gridSample, {border}" + (", corners" if corners else "")
        draws = [uniform([2, 2, 4, 5]), spread([2, 3, 3, 2], -1.4, 1.45)]
        cases[name] = (draws, sample(border, corners))
        cases[name + ", nearest"] = (draws, sample(border, corners, "nearest"))
cases["gridSample, no pictures"] = ([uniform([0, 2, 4, 5]), uniform([0, 3, 3, 2])], sample())
cases["gridSample, single"] = ([uniform([1, 1, 2, 2]), values([0.2, -0.3], [1, 1, 1, 2])], sample())
cases["gridSample, special"] = (
    [uniform([1, 1, 2, 3]), values([nan, 0, 1e9, 0, -inf, 0.5, 1, 1], [1, 2, 2, 2])], sample("border"))
for corners in [False, True]:
    grid = lambda a, c=corners: F.affine_grid(a, (a.shape[0], 1, 3, 4), c)
    suffix = ", corners" if corners else ""
    cases["affineGrid" + suffix] = ([uniform([2, 2, 3])], grid)
    cases["affineGrid" + suffix + ", single"] = ([uniform([1, 2, 3])], grid)
    cases["affineGrid" + suffix + ", empty"] = ([uniform([0, 2, 3])], lambda a: a.new_zeros([0, 3, 4, 2]))
cases["affineGrid, one pixel"] = ([uniform([1, 2, 3])], lambda a: F.affine_grid(a, (1, 1, 1, 2), True))
