from torch.nn.functional import interpolate

from deterministic import uniform

MODES = {"nearest": "nearest-exact", "bilinear": "bilinear", "bicubic": "bicubic"}
LENGTHS = {
    "growing": (5, 8),
    "twice": (4, 8),
    "shrinking": (11, 4),
    "half": (8, 4),
    "to one": (4, 1),
    "from one": (1, 3),
}


def resize(x, axis, length, mode):
    lines = x.movedim(axis, -1)
    rows = lines.reshape(1, 1, -1, lines.shape[-1])
    resized = interpolate(rows, (rows.shape[2], length), mode=mode)
    return resized.reshape(*lines.shape[:-1], length).movedim(-1, axis)


cases = {}
for method, mode in MODES.items():
    for name, (count, length) in LENGTHS.items():
        cases[f"resampled, {method} without antialiasing, {name}"] = (
            [uniform([2, count, 3])],
            lambda x, length=length, mode=mode: resize(x, 1, length, mode),
        )
    cases[f"resampled, {method} without antialiasing, empty"] = (
        [uniform([0, 6])],
        lambda x: x[:, :3],
    )
