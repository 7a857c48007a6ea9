"""Makes the small files of tensors that the tests of Serialization read.

Needs PyTorch, safetensors and NumPy: python3 Tests/Fixtures/serialization/generate.py [pytorch] [safetensors] [numpy]

Element i of a tensor is (i % 64 - 20) / 4 where nothing else is said, which every type here holds exactly.
"""

import collections
import pathlib
import sys

import numpy as np
import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def sample(*shape, dtype=torch.float32):
    count = torch.Size(shape).numel()
    return ((torch.arange(count) % 64 - 20) / 4).reshape(shape).to(dtype)


def state():
    weight = sample(2, 3)
    return collections.OrderedDict(
        weight=weight,
        double=sample(5, dtype=torch.float64),
        half=sample(2, 4, dtype=torch.float16),
        brain=sample(70, dtype=torch.bfloat16),
        count=torch.tensor([7, 8]),
        transposed=weight.t(),
        row=weight[1],
        every_other=sample(9)[::2],
        channels_last=sample(1, 3, 2, 2).contiguous(memory_format=torch.channels_last),
        parameter=torch.nn.Parameter(sample(4)),
        scalar=torch.tensor(2.5),
        empty=torch.zeros(0, 3),
        expanded=torch.tensor([1.5]).expand(3, 4),
        half_transposed=sample(2, 3, dtype=torch.float16).t(),
    )


def numbers(*shape, dtype):
    return sample(*shape, dtype=torch.float64).numpy().astype(dtype)


def write_numpy():
    counts = (np.arange(6) - 2).reshape(2, 3)
    np.savez(
        HERE / "types.npz",
        float32=numbers(2, 3, dtype="<f4"),
        float64=numbers(2, 3, dtype="<f8"),
        float16=numbers(2, 3, dtype="<f2"),
        big32=numbers(2, 3, dtype=">f4"),
        big64=numbers(2, 3, dtype=">f8"),
        big16=numbers(2, 3, dtype=">f2"),
        fortran=np.asfortranarray(numbers(2, 3, 4, dtype="<f4")),
        fortran_big=np.asfortranarray(numbers(2, 3, 4, dtype=">f8")),
        scalar=np.float64(2.5),
        empty=np.zeros((0, 3)),
        int64=counts,
        int64_fortran=np.asfortranarray(counts),
        big_int64=counts.astype(">i8"),
        int32=counts.astype("<i4"),
        int16=counts.astype(">i2"),
        int8=counts.astype("i1"),
        uint8=(counts + 2).astype("u1"),
        uint64=(counts + 2).astype("<u8"),
        large=np.array([2**63 - 1, 2**63], dtype="<u8"),
        truth=counts > 0,
        complex64=numbers(2, dtype="<c8"),
        **{"folder/naïve 🎨": numbers(1, dtype="<f4")},
    )
    np.savez(HERE / "none.npz")
    np.savez_compressed(HERE / "compressed.npz", x=numbers(64, dtype="<f4"))
    np.savez(HERE / "strings.npz", x=numbers(1, dtype="<f4"), y=np.array(["a", "bc"]))
    for version in (1, 2, 3):
        with open(HERE / f"version_{version}.npy", "wb") as file:
            np.lib.format.write_array(file, numbers(2, 3, dtype="<f4"), version=(version, 0))
    np.save(HERE / "fortran.npy", np.asfortranarray(numbers(4, 5, dtype="<f8")))
    np.save(HERE / "structures.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i8")]))


def write_pytorch():
    torch.manual_seed(0)
    torch.save(state(), HERE / "zip.pth")
    torch.save(state(), HERE / "legacy.pth", _use_new_zipfile_serialization=False)

    nested = {
        "epoch": 3,
        "rate": 0.1,
        "note": "kept",
        "nothing": None,
        "done": True,
        "big": 1 << 40,
        "model": collections.OrderedDict([("0.weight", sample(2, 2)), ("0.bias", sample(2))]),
        "moments": [sample(3), (sample(1), sample(2))],
        "size": torch.Size([1, 2]),
        5: sample(1),
    }
    for protocol in (2, 4, 5):
        torch.save(nested, HERE / f"nested_{protocol}.pth", pickle_protocol=protocol)
    torch.save(
        nested, HERE / "nested_legacy_4.pth", pickle_protocol=4, _use_new_zipfile_serialization=False)

    torch.save(sample(2, 3), HERE / "single.pth")
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
    for parameter in network.parameters():
        parameter.data = sample(*parameter.shape)
    torch.save(network.state_dict(), HERE / "network.pth")
    torch.save(network, HERE / "module.pth")


def write_safetensors():
    save_file(
        {
            "weight": sample(2, 3),
            "double": sample(5, dtype=torch.float64),
            "half": sample(2, 4, dtype=torch.float16),
            "brain": sample(70, dtype=torch.bfloat16),
            "count": torch.tensor([7, 8]),
            "scalar": torch.tensor(2.5),
            "empty": torch.zeros(0, 3),
            'quoted "name" é': sample(1),
        },
        HERE / "types.safetensors",
        metadata={"format": "pt", "note": "tab\t, quote \", é, 🎨"},
    )


def main():
    writers = {"pytorch": write_pytorch, "safetensors": write_safetensors, "numpy": write_numpy}
    for name in sys.argv[1:] or writers:
        writers[name]()


if __name__ == "__main__":
    main()
