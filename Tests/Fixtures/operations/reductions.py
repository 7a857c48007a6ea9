from deterministic import uniform

cases = {
    "sum": ([uniform([2, 3, 4])], lambda x: x.sum()),
    "sum, last axis": ([uniform([2, 3, 4])], lambda x: x.sum(-1)),
    "sum, first axis kept": ([uniform([2, 3, 4])], lambda x: x.sum(0, keepdim=True)),
    "sum, outer and inner": ([uniform([2, 3, 4])], lambda x: x.sum([2, 0])),
    "sum, middle axis": ([uniform([2, 3, 4])], lambda x: x.sum(1)),
    "sum, empty axis": ([uniform([0, 3])], lambda x: x.sum(0)),
    "sum, empty result": ([uniform([0, 3])], lambda x: x.sum(1)),
    "sum, single": ([uniform([1, 1])], lambda x: x.sum()),
}
