import numpy as np
import torch
from torch.nn.functional import interpolate, pad

from deterministic import uniform

cases = {
    "reshaped": ([uniform([2, 3, 4])], lambda x: x.reshape(4, -1)),
    "reshaped, empty": ([uniform([0, 3])], lambda x: x.reshape(3, 0, 2)),
    "reshaped, single": ([uniform([1, 1])], lambda x: x.reshape([])),
    "squeezed": ([uniform([2, 1, 3, 1])], lambda x: x.squeeze()),
    "squeezed, axis": ([uniform([2, 1, 3, 1])], lambda x: x.squeeze(-3)),
    "squeezed, empty": ([uniform([1, 0, 1])], lambda x: x.squeeze()),
    "expanded": ([uniform([2, 3])], lambda x: x.unsqueeze(1)),
    "expanded, last": ([uniform([2, 1])], lambda x: x.unsqueeze(-1)),
    "expanded, rank 0": ([uniform([])], lambda x: x.unsqueeze(0)),
    "expanded, empty": ([uniform([0, 3])], lambda x: x.unsqueeze(0)),
    "broadcast": ([uniform([3, 1])], lambda x: x.expand(2, 3, 4)),
    "broadcast, empty": ([uniform([1, 0])], lambda x: x.expand(3, 0)),
    "transposed": ([uniform([2, 3, 4])], lambda x: x.mT),
    "transposed, axes": ([uniform([2, 3, 4])], lambda x: x.permute(2, 0, 1)),
    "transposed, single": ([uniform([1, 3])], lambda x: x.T),
    "transposed, empty": ([uniform([0, 3])], lambda x: x.T),
}


def assigned(index):
    def assign(x, value):
        x = x.clone()
        x[index] = value
        return x

    return assign


cases |= {
    "subscript, position": ([uniform([3, 4])], lambda x: x[1]),
    "subscript, negative position": ([uniform([3, 4])], lambda x: x[-1, 0]),
    "subscript, range and rest": ([uniform([4, 2, 3])], lambda x: x[1:3, ...]),
    "subscript, rest and position": ([uniform([2, 3, 4])], lambda x: x[..., 2]),
    "subscript, rest between": ([uniform([2, 3, 1, 4])], lambda x: x[-1, ..., 1:3]),
    "subscript, whole axis": ([uniform([2, 3])], lambda x: x[:, 1]),
    "subscript, steps": ([uniform([9, 2])], lambda x: x[1:8:3]),
    "subscript, backwards": ([uniform([3, 5])], lambda x: x[..., [3, 1]]),
    "subscript, from the back": ([uniform([5, 5])], lambda x: x[-3:, :-3]),
    "subscript, new axes": ([uniform([2, 3])], lambda x: x[None, 0, None]),
    "subscript, all": ([uniform([2, 3])], lambda x: x[...]),
    "subscript, nothing": ([uniform([3, 2])], lambda x: x[3:]),
    "subscript, empty": ([uniform([0, 3])], lambda x: x[..., 1]),
    "subscript, assignment": (
        [uniform([3, 4]), uniform([2, 2])],
        assigned((slice(1, None), slice(None, None, 2))),
    ),
    "subscript, assignment broadcast": (
        [uniform([3, 2, 4]), uniform([4])],
        assigned((..., 1, slice(None))),
    ),
    "sliced": ([uniform([3, 5])], lambda x: x[:, 1:4]),
    "sliced, position": ([uniform([3, 1, 2])], lambda x: x[2]),
    "sliced, empty": ([uniform([3, 0])], lambda x: x[1:]),
    "concatenated": (
        [uniform([2, 3]), uniform([1, 3]), uniform([3, 3])],
        lambda *x: torch.cat(x),
    ),
    "concatenated, last axis": (
        [uniform([2, 3]), uniform([2, 1])],
        lambda *x: torch.cat(x, -1),
    ),
    "concatenated, middle axis": (
        [uniform([2, 1, 3]), uniform([2, 2, 3])],
        lambda *x: torch.cat(x, 1),
    ),
    "concatenated, itself": ([uniform([2, 3])], lambda x: torch.cat([x, x], 1)),
    "concatenated, empty": (
        [uniform([0, 3]), uniform([2, 3])],
        lambda *x: torch.cat(x),
    ),
    "stacked": ([uniform([2, 3]), uniform([2, 3])], lambda *x: torch.stack(x)),
    "stacked, last axis": (
        [uniform([2, 1]), uniform([2, 1])],
        lambda *x: torch.stack(x, -1),
    ),
    "stacked, numbers": ([uniform([]), uniform([])], lambda *x: torch.stack(x)),
    "stacked, empty": (
        [uniform([0, 3]), uniform([0, 3])],
        lambda *x: torch.stack(x, 1),
    ),
    "padded": ([uniform([2, 3])], lambda x: pad(x, (0, 3, 1, 2))),
    "padded, last axes": ([uniform([2, 1, 3, 4])], lambda x: pad(x, (1, 0, 2, 1))),
    "padded, empty": ([uniform([0, 3])], lambda x: pad(x, (1, 1, 1, 1))),
    "padded, not at all": ([uniform([2, 3])], lambda x: x),
    "padded, reflect": (
        [uniform([1, 2, 4, 3])],
        lambda x: pad(x, (1, 2, 3, 2), mode="reflect"),
    ),
    "padded, reflect one side": (
        [uniform([2, 3, 4])],
        lambda x: pad(x, (0, 3), mode="reflect"),
    ),
    "padded, replicate": (
        [uniform([1, 2, 3, 4])],
        lambda x: pad(x, (5, 3, 2, 1), mode="replicate"),
    ),
    "padded, replicate single": (
        [uniform([1, 2, 1])],
        lambda x: pad(x, (2, 2), mode="replicate"),
    ),
    "padded, circular": (
        [uniform([1, 2, 3, 4])],
        lambda x: pad(x, (2, 4, 3, 1), mode="circular"),
    ),
}


def lanczos(x, axis, length):
    """The weights of Pillow's resize, which PyTorch lacks; generate_resampling.py compares with Pillow itself."""
    count = x.shape[axis]
    scale = count / length
    stretch = max(scale, 1.0)
    matrix = np.zeros((length, count))
    for row in range(length):
        centre = (row + 0.5) * scale
        start = max(int(centre - 3 * stretch + 0.5), 0)
        end = min(int(centre + 3 * stretch + 0.5), count)
        offsets = (np.arange(start, end) + 0.5 - centre) / stretch
        weights = np.where(np.abs(offsets) < 3, np.sinc(offsets) * np.sinc(offsets / 3), 0)
        matrix[row, start:end] = weights / weights.sum()
    return torch.tensordot(torch.from_numpy(matrix), x, ([1], [axis])).movedim(0, axis)


def resampled(method, axis, length):
    def function(x):
        if method == "lanczos3":
            return lanczos(x, axis, length)
        # interpolate() takes [N, C, H, W]: the axis becomes W, and one row is left alone.
        lines = x.movedim(axis, -1)
        flat = lines.reshape(1, -1, 1, lines.shape[-1])
        if flat.numel() == 0:
            return x.new_zeros([length if a == axis % x.ndim else n for a, n in enumerate(x.shape)])
        result = interpolate(flat, size=(1, length), mode=method, antialias=True, align_corners=False)
        return result.reshape(*lines.shape[:-1], length).movedim(-1, axis)

    return function


for method in ["bilinear", "bicubic", "lanczos3"]:
    for name, count, length in [
        ("shrunk", 23, 7),
        ("grown", 5, 13),
        ("slightly shrunk", 9, 8),
        ("to one", 6, 1),
        ("from one", 1, 4),
    ]:
        cases[f"resampled, {method} {name}"] = (
            [uniform([2, count, 3])],
            resampled(method, 1, length),
        )
    cases[f"resampled, {method} last axis"] = ([uniform([2, 40])], resampled(method, -1, 11))
    cases[f"resampled, {method} empty"] = ([uniform([0, 6])], resampled(method, 1, 3))

cases |= {
    "rolled": ([uniform([2, 5])], lambda x: x.roll(2, 1)),
    "rolled, towards the front": ([uniform([5, 1])], lambda x: x.roll(-8, 0)),
    "rolled, once round": ([uniform([2, 5])], lambda x: x.roll(10, -1)),
    "rolled, empty": ([uniform([0, 3])], lambda x: x.roll(1, 0)),
    "flipped": ([uniform([2, 3, 4])], lambda x: x.flip(0, 1, 2)),
    "flipped, axes": ([uniform([2, 1, 4])], lambda x: x.flip(-1, 1)),
    "flipped, empty": ([uniform([0, 3])], lambda x: x.flip(0, 1)),
    "tiled": ([uniform([2, 3])], lambda x: x.tile(2, 3)),
    "tiled, last axis": ([uniform([2, 1, 3])], lambda x: x.tile(2)),
    "tiled, new axes": ([uniform([3])], lambda x: x.tile(2, 1, 2)),
    "tiled, not once": ([uniform([2, 3])], lambda x: x.tile(0, 2)),
    "tiled, empty": ([uniform([0, 3])], lambda x: x.tile(2, 2)),
    "repeated": ([uniform([2, 3])], lambda x: x.repeat_interleave(3, 1)),
    "repeated, first axis": ([uniform([2, 1])], lambda x: x.repeat_interleave(2, 0)),
    "repeated, counts": (
        [uniform([2, 3])],
        lambda x: x.repeat_interleave(torch.tensor([2, 0, 3]), 1),
    ),
    "repeated, empty": ([uniform([0, 3])], lambda x: x.repeat_interleave(2, 1)),
    "meshgrid": (
        [uniform([2]), uniform([3]), uniform([1])],
        lambda *x: torch.stack(torch.meshgrid(*x, indexing="ij")),
    ),
    "meshgrid, empty": (
        [uniform([2]), uniform([0])],
        lambda *x: torch.stack(torch.meshgrid(*x, indexing="ij")),
    ),
    "split": ([uniform([6, 2])], lambda x: torch.cat(x.split([1, 0, 3, 2])[::-1])),
    "split, every": ([uniform([1, 5])], lambda x: torch.cat(x.split(2, -1)[::-1], 1)),
    "split, empty": ([uniform([0, 3])], lambda x: torch.stack(x.split(2))),
    "chunks": ([uniform([7, 2])], lambda x: torch.cat(x.chunk(3)[::-1])),
    "chunks, fewer": ([uniform([1, 6])], lambda x: torch.stack(x.chunk(4, 1))),
    "chunks, empty": ([uniform([0, 3])], lambda x: torch.stack(x.chunk(2))),
    "diagonal": ([uniform([2, 3, 4])], lambda x: x.diagonal(dim1=-2, dim2=-1)),
    "diagonal, above": ([uniform([3, 4])], lambda x: x.diagonal(2)),
    "diagonal, below": ([uniform([3, 4])], lambda x: x.diagonal(-1)),
    "diagonal, single": ([uniform([1, 4])], lambda x: x.diagonal(1)),
    "diagonal, outside": ([uniform([3, 4])], lambda x: x.diagonal(-3)),
    "diagonal, empty": ([uniform([0, 3])], lambda x: x.diagonal()),
    "diagonalMatrix": ([uniform([2, 3])], torch.diag_embed),
    "diagonalMatrix, above": ([uniform([3])], lambda x: x.diag_embed(2)),
    "diagonalMatrix, below": ([uniform([2, 1])], lambda x: x.diag_embed(-1)),
    "diagonalMatrix, empty": ([uniform([2, 0])], torch.diag_embed),
}
for name, function in [("lowerTriangle", torch.tril), ("upperTriangle", torch.triu)]:
    beyond = 9 if function is torch.tril else -9
    for suffix, shape, diagonal in [
        ("", [2, 4, 3], 0),
        (", above", [3, 5], 1),
        (", below", [5, 3], -2),
        (", all", [1, 3], beyond),
        (", empty", [0, 3], 0),
    ]:
        cases[name + suffix] = ([uniform(shape)], lambda x, f=function, d=diagonal: f(x, d))
