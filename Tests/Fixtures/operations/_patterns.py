"""Cases that many operations have in common; tests know them by the same names."""

from deterministic import values

inf, nan = float("inf"), float("nan")
specials = [nan, -0.0, 0, -inf, inf, 1, -1, 0.5, -0.5, 2, -2]


def special(cases, name, function):
    cases[name + ", special"] = ([values(specials)], function)


def pointwise(cases, name, draw, low, high, function):
    for suffix, shape in [("", [2, 3, 4]), (", empty", [0, 3]), (", single", [1, 1])]:
        cases[name + suffix] = ([draw(shape, low, high)], function)


def pairwise(cases, name, draw, low, high, function):
    for suffix, left, right in [
        ("", [2, 3, 4], [2, 3, 4]),
        (", broadcast", [2, 3, 1], [3, 4]),
        (", by a number", [3, 4], []),
        (", empty", [0, 3], [1, 3]),
        (", single", [1, 1], [1]),
    ]:
        cases[name + suffix] = ([draw(left, low, high), draw(right, low, high)], function)


def along_axis(cases, name, draw, function):
    for suffix, shape, axis in [
        ("", [2, 3, 4], 1),
        (", first axis", [5, 3], 0),
        (", last axis", [2, 3, 4], -1),
        (", rank 1", [7], 0),
        (", empty", [0, 3], 1),
        (", empty axis", [3, 0], 1),
        (", single", [1, 3], 0),
    ]:
        cases[name + suffix] = ([draw(shape)], lambda x, a=axis: function(x, a))
