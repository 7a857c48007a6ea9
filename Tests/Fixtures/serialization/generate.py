"""Makes the small files of tensors that the tests of Serialization read.

Needs PyTorch and safetensors: python3 Tests/Fixtures/serialization/generate.py

Element i of a tensor is (i % 64 - 20) / 4 where nothing else is said, which every type here holds exactly.
"""

import collections
import pathlib

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


def main():
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


if __name__ == "__main__":
    main()
