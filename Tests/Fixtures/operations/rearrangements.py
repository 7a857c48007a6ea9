import torch
import torch.nn.functional as F

from deterministic import uniform, values

cases = {}


def variants(name, choices, function):
    for suffix, shape in choices:
        cases[name + suffix] = ([uniform(shape)], function)


for suffix, shape in [("", [2, 3, 4]), (", single", [1, 1, 2]), (", empty", [0, 3, 2])]:
    draw = [uniform(shape)]
    cases["movedAxis" + suffix] = (draw, lambda x: x.moveaxis(0, -1))
    cases["swappedAxes" + suffix] = (draw, lambda x: x.swapaxes(0, -1))
    cases["flattened" + suffix] = (draw, torch.flatten)
    cases["flattened, some" + suffix] = (draw, lambda x: x.flatten(1))
    cases["rotated90" + suffix] = (draw, torch.rot90)
    cases["rotated90, back" + suffix] = (draw, lambda x: torch.rot90(x, -1, (1, 2)))
    cases["unstacked" + suffix] = (draw, lambda x: x.unbind(2)[1])
cases["flattened, a number"] = ([uniform([])], torch.flatten)
cases["rotated90, twice"] = ([uniform([2, 3])], lambda x: torch.rot90(x, 2))
variants("unflattened", [("", [2, 6]), (", single", [1, 3])], lambda x: x.unflatten(1, (-1, 3)))
cases["unflattened, empty"] = ([uniform([0, 3])], lambda x: x.reshape(0, 1, 3))
for suffix, shape, length, step, axis in [
    ("", [2, 7], 3, 2, -1), (", first axis", [5, 2], 2, 1, 0), (", whole", [3, 2], 3, 1, 0),
    (", single", [1, 1], 1, 1, 1), (", empty", [0, 3], 2, 1, 1),
]:
    cases["slidingWindows" + suffix] = (
        [uniform(shape)], lambda x, n=length, s=step, a=axis: x.unfold(a, n, s))
variants("pixelShuffled", [("", [2, 8, 3, 2]), (", without batch", [4, 1, 2]), (", single", [1, 4, 1, 1]),
                           (", empty", [0, 4, 2, 2])], lambda x: F.pixel_shuffle(x, 2))
variants("pixelUnshuffled", [("", [2, 2, 4, 6]), (", without batch", [1, 2, 4]), (", single", [1, 1, 2, 2])],
         lambda x: F.pixel_unshuffle(x, 2))
# PyTorch leaves the shape of no pictures as it is.
cases["pixelUnshuffled, empty"] = ([uniform([0, 1, 2, 2])], lambda x: x.reshape(0, 4, 1, 1))
variants("channelShuffled", [("", [2, 6, 3, 2]), (", single", [1, 2, 1, 1]), (", empty", [0, 4, 2, 2])],
         lambda x: F.channel_shuffle(x, 2))
scatter = lambda x, v, i: x.scatter(1, i.long(), v)
cases["scattering"] = ([uniform([3, 4]), uniform([3, 2]), values([1, 3, 0, 2, 3, 0], [3, 2])], scatter)
cases["scattering, single"] = ([uniform([1, 2]), uniform([1, 1]), values([1], [1, 1])], scatter)
cases["scattering, empty"] = ([uniform([0, 2]), uniform([0, 1]), uniform([0, 1])], scatter)
fill = lambda x, i: x.index_fill(-1, i.long(), 7)
cases["indexFilled"] = ([uniform([3, 4]), values([1, 3])], fill)
cases["indexFilled, single"] = ([uniform([1, 2]), values([1])], fill)
cases["indexFilled, empty"] = ([uniform([0, 2]), values([0])], fill)
