from deterministic import uniform

cases = {
    "reshaped": ([uniform([2, 3, 4])], lambda x: x.reshape(4, -1)),
    "reshaped, empty": ([uniform([0, 3])], lambda x: x.reshape(3, 0, 2)),
    "reshaped, single": ([uniform([1, 1])], lambda x: x.reshape([])),
    "squeezed": ([uniform([2, 1, 3, 1])], lambda x: x.squeeze()),
    "squeezed, axis": ([uniform([2, 1, 3, 1])], lambda x: x.squeeze(-3)),
    "squeezed, empty": ([uniform([1, 0, 1])], lambda x: x.squeeze()),
    "broadcast": ([uniform([3, 1])], lambda x: x.expand(2, 3, 4)),
    "broadcast, empty": ([uniform([1, 0])], lambda x: x.expand(3, 0)),
}
