import numpy as np
import torch

from deterministic import uniform

cases = {}


def parts(y):
    return torch.stack([y.real, y.imag])


def transform(name, x, **options):
    # PyTorch's own library for transforms refuses batches of none.
    if x.numel() == 0:
        return torch.as_tensor(getattr(np.fft, name)(x.numpy(), **{NUMPY.get(k, k): v for k, v in options.items()}))
    return getattr(torch.fft, name)(x, **options)


NUMPY = {"dim": "axis"}


# Radices 2 to 7 and products of them, and lengths that need a convolution, such as 17 and 34 of real numbers.
lengths = [1, 2, 3, 4, 5, 7, 8, 11, 12, 13, 17, 30, 34, 64]
shapes = [("", [2, 3, 4], 1), (", last axis", [2, 3, 6], -1), (", first axis", [5, 2], 0), (", empty", [0, 3], 1)]
lines = shapes + [(f", {n} numbers", [2, n], -1) for n in lengths]
planes = [("", [2, 3, 4]), (", odd width", [4, 5]), (", empty", [0, 3, 4]), (", single", [1, 1])]

for suffix, shape, axis in lines:
    one, two = [uniform(shape)], [uniform(shape), uniform(shape)]
    cases["fft" + suffix] = (one, lambda x, d=axis: parts(transform("fft", x, dim=d)))
    cases["fft, complex" + suffix] = (two, lambda a, b, d=axis: parts(transform("fft", torch.complex(a, b), dim=d)))
    cases["ifft" + suffix] = (two, lambda a, b, d=axis: parts(transform("ifft", torch.complex(a, b), dim=d)))
    cases["rfft" + suffix] = (one, lambda x, d=axis: parts(transform("rfft", x, dim=d)))
    count = 2 * (shape[axis] - 1)
    if count > 0:
        cases["irfft" + suffix] = (
            two, lambda a, b, d=axis, n=count: transform("irfft", torch.complex(a, b), n=n, dim=d))
    cases["irfft, odd" + suffix] = (
        two, lambda a, b, d=axis, n=count + 1: transform("irfft", torch.complex(a, b), n=n, dim=d))
for suffix, shape in planes:
    one, two = [uniform(shape)], [uniform(shape), uniform(shape)]
    cases["fft2D" + suffix] = (one, lambda x: parts(transform("fft2", x)))
    cases["fft2D, complex" + suffix] = (two, lambda a, b: parts(transform("fft2", torch.complex(a, b))))
    cases["ifft2D" + suffix] = (two, lambda a, b: parts(transform("ifft2", torch.complex(a, b))))
    cases["rfft2D" + suffix] = (one, lambda x: parts(transform("rfft2", x)))
    width = 2 * shape[-1] - 1
    cases["irfft2D" + suffix] = (
        two, lambda a, b, s=(shape[-2], width): transform("irfft2", torch.complex(a, b), s=s))
