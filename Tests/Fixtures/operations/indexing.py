import torch

from deterministic import uniform, values


def assigned(index):
    def assign(x, value):
        x = x.clone()
        x[index] = value
        return x

    return assign


def assigned_where(x, mask, value):
    x = x.clone()
    x[mask != 0] = value
    return x


def lists_assigned(x, value):
    x = x.clone()
    rows, columns = torch.meshgrid(torch.tensor([2, 0]), torch.tensor([3, 0, 1]), indexing="ij")
    x[rows, :, columns] = value.expand(2, 2, 3).movedim(1, 2)
    return x


def labels(tensor):
    return tensor.long()


mask = values([1, 0, 0, 2, -1, 0], [2, 3])
few = values([2, 0, 2, 1])
pairs = values([1, 2, 0, 0, 2, 1], [2, 3])

cases = {
    "oneHot": (
        [values([2, 0, 1, 1], [2, 2])],
        lambda x: torch.nn.functional.one_hot(labels(x), 4),
    ),
    "oneHot, integers": (
        [uniform([1])],
        lambda _: torch.nn.functional.one_hot(torch.tensor([1, 0, 2]), 3),
    ),
    "oneHot, empty": ([uniform([0])], lambda x: torch.nn.functional.one_hot(labels(x), 2)),
    "subscript, list": ([uniform([4, 3])], lambda x: x[[2, 0, 2, -1]]),
    "subscript, list of last axis": ([uniform([2, 3, 4])], lambda x: x[..., [3, 1]]),
    "subscript, list of middle axis": ([uniform([2, 3, 4])], lambda x: x[:, [1, 1]]),
    "subscript, lists": (
        [uniform([3, 4, 5])],
        lambda x: x[[2, 0]][:, 1:3][:, :, [4, 0, 0]],
    ),
    "subscript, list among others": (
        [uniform([3, 2, 5])],
        lambda x: x[1, [1, 0]][:, [4, 2, 0]][None],
    ),
    "subscript, empty list": ([uniform([0, 3])], lambda x: x[:, [2, 2]]),
    "subscript, list assignment": ([uniform([4, 3]), uniform([2, 3])], assigned([3, 0])),
    # The last value that is written to a position stays.
    "subscript, list assignment, twice": (
        [uniform([4]), uniform([3])],
        lambda x, value: torch.stack([x[0], value[2], x[2], value[1]]),
    ),
    "subscript, lists assignment": (
        [uniform([3, 2, 4]), uniform([2, 1, 3])],
        lists_assigned,
    ),
    "subscript, mask": ([uniform([2, 3]), mask], lambda x, m: x[m != 0]),
    "subscript, mask of first axes": ([uniform([2, 3, 2]), mask], lambda x, m: x[m != 0]),
    "subscript, empty mask": ([uniform([0, 3]), uniform([0])], lambda x, m: x[m != 0]),
    "subscript, mask assignment": (
        [uniform([2, 3]), mask, uniform([3])],
        lambda x, m, value: assigned_where(x, m, value.sum()),
    ),
    "subscript, mask assignment of rows": (
        [uniform([3, 2]), values([0, 1, 1]), uniform([2])],
        assigned_where,
    ),
    "elements": ([uniform([3, 4]), few], lambda x, p: x.index_select(0, labels(p))),
    "elements, last axis": (
        [uniform([2, 3]), few],
        lambda x, p: x.index_select(-1, labels(p)),
    ),
    "elements, matrix of positions": (
        [uniform([2, 3, 2]), pairs],
        lambda x, p: x[:, labels(p)],
    ),
    "elements, single": ([uniform([3, 1]), values([2], [])], lambda x, p: x[int(p)]),
    "elements, empty": (
        [uniform([3, 2]), uniform([0])],
        lambda x, p: x.index_select(0, labels(p)),
    ),
    "gathered": ([uniform([3, 3]), pairs], lambda x, p: x.gather(0, labels(p))),
    "gathered, last axis": ([uniform([2, 4]), pairs], lambda x, p: x.gather(1, labels(p))),
    "gathered, middle axis": (
        [uniform([2, 4, 2]), values([3, 0, 1, 1, 2, 2, 0, 3, 1, 0, 3, 3], [2, 3, 2])],
        lambda x, p: x.gather(1, labels(p)),
    ),
    "gathered, single": (
        [uniform([2, 3]), values([2, 1], [2, 1])],
        lambda x, p: x.gather(1, labels(p)),
    ),
    "gathered, empty": (
        [uniform([0, 3]), uniform([0, 2])],
        lambda x, p: x.gather(1, labels(p)),
    ),
}

for name in ["adding", "add"]:
    cases |= {
        name: (
            [uniform([3, 4]), uniform([4, 4]), few],
            lambda x, value, p: x.index_add(0, labels(p), value),
        ),
        f"{name}, matrix of positions": (
            [uniform([2, 3, 1]), uniform([2, 2, 2, 1]), values([1, 0, 1, 1], [2, 2])],
            lambda x, value, p: x.index_add(1, labels(p).flatten(), value.flatten(1, 2)),
        ),
        f"{name}, empty": (
            [uniform([3, 2]), uniform([0, 2]), uniform([0])],
            lambda x, value, p: x.index_add(0, labels(p), value),
        ),
    }


def scattered(axis):
    return lambda x, value, p: x.scatter_add(axis, labels(p), value)


positions = values([1, 2, 0, 1, 2, 1], [2, 3])
for name in ["scatterAdding", "scatterAdd"]:
    cases |= {
        name: ([uniform([3, 3]), uniform([2, 3]), positions], scattered(0)),
        f"{name}, last axis": ([uniform([2, 4]), uniform([2, 3]), positions], scattered(1)),
        f"{name}, single": (
            [uniform([2, 1]), uniform([2, 2]), values([0, 0, 0, 0], [2, 2])],
            scattered(1),
        ),
        f"{name}, empty": ([uniform([0, 3]), uniform([0, 2]), uniform([0, 2])], scattered(1)),
    }
