import torch

from deterministic import spread, uniform, values

inf, nan = float("inf"), float("nan")
special = values([nan, 1, -inf, 0, -0.0, inf, -1, nan, 0, 1e-30])
ties = values([2, 1, 2, 1, 3, 1], [2, 3])
long_ties = values([i * i % 13 - 6 for i in range(120)], [60, 2])


def argsort(x, axis=-1, descending=False):
    return x.argsort(dim=axis, descending=descending, stable=True)


def quantile(fraction, axes, keeps=False):
    """Over several axes, which PyTorch's own takes one of."""

    def function(x):
        kept = [axis for axis in range(x.ndim) if axis not in axes]
        lines = x.permute(*kept, *axes).reshape([x.shape[axis] for axis in kept] + [-1])
        result = lines.quantile(fraction, dim=-1)
        return result.reshape([1 if a in axes else n for a, n in enumerate(x.shape)]) if keeps else result

    return function


cases = {
    "sorted": ([spread([3, 4])], lambda x: x.sort().values),
    "sorted, descending": ([spread([3, 4])], lambda x: x.sort(0, descending=True).values),
    "sorted, middle axis": ([spread([2, 5, 3])], lambda x: x.sort(1).values),
    "sorted, long lines": ([spread([2, 150])], lambda x: x.sort().values),
    "sorted, single": ([spread([1, 3])], lambda x: x.sort(0).values),
    "sorted, empty": ([spread([2, 0])], lambda x: x.sort().values),
    "sorted, special numbers": ([special], lambda x: x.sort(stable=True).values),
    "argsort": ([spread([3, 4])], argsort),
    "argsort, first axis": ([spread([5, 2])], lambda x: argsort(x, 0, True)),
    "argsort, ties": ([ties], argsort),
    "argsort, ties descending": ([ties], lambda x: argsort(x, descending=True)),
    "argsort, special numbers": ([special], argsort),
    "argsort, special numbers descending": ([special], lambda x: argsort(x, descending=True)),
    "argsort, long ties": ([long_ties], lambda x: argsort(x, 0)),
    "argsort, long ties descending": ([long_ties], lambda x: argsort(x, 0, True)),
    "argsort, single": ([spread([1, 3])], lambda x: argsort(x, 0)),
    "argsort, empty": ([spread([0, 3])], lambda x: argsort(x, 0)),
    "topK": ([spread([3, 5])], lambda x: x.topk(2).values),
    "topK, smallest of first axis": ([spread([5, 3])], lambda x: x.topk(3, 0, largest=False).values),
    "topK, positions": ([spread([3, 5])], lambda x: x.topk(2).indices),
    "topK, long lines": ([spread([2, 150])], lambda x: x.topk(3).values),
    "topK, single": ([spread([1, 3])], lambda x: x.topk(1, 0).values),
    "topK, none": ([spread([3, 5])], lambda x: x.topk(0).values),
    "topK, empty": ([spread([0, 3])], lambda x: x.topk(1).values),
    "median": ([spread([3, 4], 0, 2)], quantile(0.5, [0, 1])),
    "median, odd number": ([spread([2, 5])], lambda x: x.median(1).values),
    "median, kept axes": ([spread([2, 3, 5])], quantile(0.5, [0, 2], True)),
    "median, no axes": ([spread([2, 3])], lambda x: x),
    "median, single": ([spread([1, 3])], quantile(0.5, [0])),
    "median, empty": ([spread([0, 3])], lambda x: x.new_zeros([0])),
    "quantile": ([spread([3, 4])], quantile(0.3, [0, 1])),
    "quantile, axis": ([spread([2, 4, 3])], quantile(0.75, [1])),
    "quantile, kept axes": ([spread([2, 4, 3])], quantile(0.1, [0, 2], True)),
    "quantile, smallest": ([spread([2, 4])], quantile(0.0, [1])),
    "quantile, largest": ([spread([2, 4])], quantile(1.0, [1])),
    "quantile, single": ([spread([1, 3])], quantile(0.4, [0])),
    "quantile, empty": ([spread([0, 3])], lambda x: x.new_zeros([0])),
    "quantile, not a number": ([values([1, nan, 2, 3, 0, 5], [2, 3])], quantile(0.25, [1])),
    "histogram": ([spread([5, 7])], lambda x: x.histc(4, -1.49, 0.49)),
    "histogram, bounds of the elements": ([values([0, 1, 2, 3, 4])], lambda x: x.histc(3)),
    "histogram, one number": ([values([3, 3, 3], [1, 3])], lambda x: x.histc(4)),
    "histogram, empty": ([uniform([0, 3])], lambda x: x.histc(2)),
}
