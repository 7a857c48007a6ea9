"""Makes the small files of tensors that the tests of Serialization read.

Needs PyTorch 2.13, safetensors 0.8, NumPy 2.4, SciPy 1.17 and ml_dtypes 0.6:
python3 Tests/Fixtures/serialization/generate.py [pytorch] [checkpoints] [archives] …

What PyTorch's strict reader makes of the checkpoints is checked here, so that the tests hold what it does.

Element i of a tensor is (i % 64 - 20) / 4 where nothing else is said, which every type here holds exactly.
"""

import argparse
import collections
import datetime
import enum
import functools
import io
import json
import math
import pathlib
import pickle
import struct
import sys
import unittest.mock
import warnings
import zipfile
import zlib

import ml_dtypes
import numpy as np
import scipy.sparse
import torch
from safetensors import deserialize
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


def plain():
    """What stands beside the values of the files below, and must be read."""
    return torch.arange(4.0)


def save(name, value, is_strict=True, **options):
    """Saves, and asserts whether PyTorch's strict reader takes it."""
    torch.save(value, HERE / name, **options)
    try:
        torch.load(HERE / name, weights_only=True)
        assert is_strict, name
    except Exception:
        if is_strict:
            raise


class Color(enum.Enum):
    RED = 1


def values():
    """Values that the strict reader takes."""
    tagged = torch.arange(4.0)
    tagged.tag = "a tensor with an attribute"
    parameter = torch.nn.Parameter(torch.arange(4.0) + 1)
    parameter.tag = {"a parameter with one": 1}
    return {
        "w": plain(),
        "set": {"a"},
        "empty set": set(),
        "bytes": b"abc\xff",
        "byte array": bytearray(b"abc"),
        "device": torch.device("cuda", 1),
        "dtype": torch.float8_e4m3fn,
        "layout": torch.sparse_csr,
        "scheme": torch.per_tensor_affine,
        "size": torch.Size([1, 2]),
        "complex": 1 + 2j,
        "large": 2**64 - 1,
        "larger": -(2**200) - 7,
        "counter": collections.Counter({30: 1, 60: 2}),
        "surrogate": "caf\udce9",
        "tagged": tagged,
        "parameter": parameter,
        "counted": collections.Counter({"x": plain() * 2}),
        "keys": {
            True: plain() + 1,
            None: plain() + 2,
            0.5: plain() + 3,
            (0, "a"): plain() + 4,
            2**64: plain() + 5,
            (7,): plain() + 6,
            3: plain() + 7,
            "3": plain() + 8,
        },
    }


def strangers():
    """Values that the strict reader does not take."""
    counts = collections.defaultdict(list)
    counts["a"].append(1)
    return {
        "w": plain(),
        "array": np.arange(6.0).reshape(2, 3),
        "scalar": np.float64(2.5),
        "options": argparse.Namespace(rate=0.1, names=["a"]),
        "path": pathlib.PurePosixPath("/a/b"),
        "date": datetime.datetime(2026, 1, 2),
        "counts": counts,
        "partial": functools.partial(int, base=2),
        "range": range(3),
        "frozen": frozenset([1]),
        "nested": {"v": plain() + 1, "losses": [np.float32(1), np.float32(2)]},
        "layer": torch.nn.Linear(1, 1),
        "last": plain() + 2,
    }


def attributes():
    """Tensors in places that are not a dictionary's, a list's or a tuple's, and under names that are told apart with care."""
    tensor = plain()
    tensor.scale = plain() + 1
    parameter = torch.nn.Parameter(plain() + 2)
    parameter.scale = plain() + 3
    ordered = collections.OrderedDict(x=plain() + 4)
    ordered.scale = plain() + 5
    return {
        "w": tensor, "p": parameter, "d": ordered, "set": {plain() + 6},
        torch.float16: plain() + 7, torch.device("cuda", 1): plain() + 8, 1 + 2j: plain() + 9,
        ((1, 2), "it's"): plain() + 10, "caf\u00e9": plain() + 11, "cafe\u0301": plain() + 12,
        "bytes": plain().untyped_storage(), "storage": plain().storage(),
    }


def write_checkpoints():
    torch.manual_seed(0)
    save("attributes.pth", attributes())
    # PyTorch's own reader fails at the storage of bytes there.
    save("attributes_legacy.pth", attributes(), is_strict=False, _use_new_zipfile_serialization=False)
    save("values.pth", values())
    save("values_legacy.pth", values(), _use_new_zipfile_serialization=False)
    # The strict reader does not know these protocols' instructions for sets and bytes; ours does.
    save("values_5.pth", values(), is_strict=False, pickle_protocol=5)
    for protocol in (2, 5):
        save(f"strangers_{protocol}.pth", strangers(), is_strict=False, pickle_protocol=protocol)
    # Beside a layer the oldest container has the source of its class and where that lies: here words of our own.
    with unittest.mock.patch(
        "torch.serialization.get_source_lines_and_file", lambda _: (["class Linear: ...\n"], 1, "linear.py")
    ):
        save("strangers_legacy.pth", strangers(), is_strict=False, _use_new_zipfile_serialization=False)
    save("only_strangers.pth", {"options": argparse.Namespace(rate=0.1)}, is_strict=False)

    nested = plain()
    for _ in range(40):
        nested = {"a": [nested]}
    save("deep.pth", {"w": nested})

    network = torch.nn.Linear(2, 2)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [30, 60])
    network(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    network.weight.data = sample(2, 2)
    save(
        "training.pth",
        {
            "epoch": 3,
            "model": network.state_dict(),
            "optimizer": optimizer.state_dict(),
            "schedule": schedule.state_dict(),
            "seed": 2**64 - 1,
        })

    warnings.simplefilter("ignore")
    byte = torch.tensor([0, 1, 0x40, 0xFF], dtype=torch.uint8)
    eye = torch.eye(3)
    save(
        "types.pth",
        {
            "w": plain(),
            **{
                name: byte.view(getattr(torch, name))
                for name in (
                    "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu",
                    "float4_e2m1fn_x2")
            },
            "uint16": torch.tensor([1, 65535], dtype=torch.uint16),
            "uint32": torch.tensor([1, 2**32 - 1], dtype=torch.uint32)[1:],
            "uint64": torch.tensor([[1, 2], [3, 4]], dtype=torch.uint64).t(),
            "complex32": torch.tensor([1 + 2j]).to(torch.complex32),
            "complex64": torch.tensor([1 + 2j]),
            "complex128": torch.tensor([1 + 2j], dtype=torch.complex128),
            "sparse": eye.to_sparse(),
            "rows": eye.to_sparse_csr(),
            "quantized": torch.quantize_per_tensor(eye, 0.1, 3, torch.qint8),
            "channels": torch.quantize_per_channel(eye, torch.ones(3), torch.zeros(3), 0, torch.quint8),
            "nested": torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
            "meta": torch.empty(2, 3, device="meta"),
            "last": plain() + 1,
        })
    signs = {
        "w": torch.tensor([1 + 2j, 3 + 4j]).conj().imag,
        "double": torch.tensor([1 + 2j, 3 + 4j], dtype=torch.complex128).conj().imag,
        "half": torch._neg_view(torch.tensor([1.0, -2.0], dtype=torch.float16)),
        "count": torch._neg_view(torch.tensor([1, -2])),
        "table": torch._neg_view(sample(2, 3)).t(),
        "conj": torch.tensor([1 + 2j]).conj(),
        "plain": torch.tensor([1 + 2j, 3 + 4j]).imag,
    }
    save("signs.pth", signs)
    save("signs_legacy.pth", signs, _use_new_zipfile_serialization=False)


def write_archives():
    """Containers that other tools made of those above."""
    torch.manual_seed(0)
    buffer = io.BytesIO()
    torch.save({**state(), "shared": sample(300).reshape(100, 3)}, buffer)
    original = zipfile.ZipFile(buffer)
    with zipfile.ZipFile(HERE / "packed.pth", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in original.namelist():
            packed.writestr(zipfile.ZipInfo(name), original.read(name), zipfile.ZIP_DEFLATED, 9)
    assert torch.equal(torch.load(HERE / "packed.pth", weights_only=True)["brain"], state()["brain"])

    # As a machine whose most significant byte comes first writes it.
    tensors = {name: tensor for name, tensor in state().items() if name != "channels_last"}
    buffer = io.BytesIO()
    torch.save(tensors, buffer)
    original = zipfile.ZipFile(buffer)
    widths = {
        tensor.untyped_storage().data_ptr(): tensor.element_size() for tensor in tensors.values()}
    keys = {}
    for tensor in tensors.values():
        keys.setdefault(tensor.untyped_storage().data_ptr(), str(len(keys)))
    widths = {keys[pointer]: width for pointer, width in widths.items()}
    with zipfile.ZipFile(HERE / "big_endian.pth", "w") as file:
        for name in original.namelist():
            content = original.read(name)
            if name.endswith("byteorder"):
                content = b"big"
            if "/data/" in name:
                width = widths[name.split("/")[-1]]
                content = np.frombuffer(content, f"u{width}").byteswap().tobytes()
            file.writestr(zipfile.ZipInfo(name), content)
    for name, tensor in torch.load(HERE / "big_endian.pth", weights_only=True).items():
        assert torch.equal(tensor, tensors[name]), name

    network = torch.jit.script(torch.nn.Linear(1, 1))
    torch.jit.save(network, HERE / "program.pt")


def deflated(contents, level, strategy):
    """An archive's entries, packed at a level and by a strategy of zlib."""
    entries = []
    for name, content in contents:
        packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
        entries.append((name, content, packer.compress(content) + packer.flush(), 8))
    return entries


def write_zip(path, entries):
    """A zip archive of entries that are packed already: name, content, packed bytes, method."""
    data, directory = b"", b""
    for name, content, packed, method in entries:
        common = struct.pack(
            "<HHHHHIIIHH", 20, 0, method, 0, 33, zlib.crc32(content), len(packed), len(content), len(name), 0)
        directory += (
            b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(data))
            + name.encode())
        data += b"PK\x03\x04" + common + name.encode() + packed
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(data), 0)
    path.write_bytes(data + directory + b"PK\x05\x06" + end)
    assert zipfile.ZipFile(path).testzip() is None


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def write_packed_numpy():
    random = np.random.default_rng(1)
    block = random.integers(0, 256, 3000, dtype="u1")
    fibonacci = [1, 1]
    while len(fibonacci) < 18:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    contents = {
        "empty": np.zeros(0, "u1"),
        "one": np.array([7], "u1"),
        "zeros": np.zeros(70_000, "u1"),
        "letters": random.integers(0, 4, 1500, dtype="u1"),
        "noise": block,
        "text": np.frombuffer(b"The quick brown fox jumps over the lazy dog. " * 20, "u1"),
        # Counts by which codes get as long as they may be.
        "skewed": random.permutation(np.repeat(np.arange(18, dtype="u1"), fibonacci)),
        # A repetition from as far back as the format can say.
        "far": np.concatenate([block[:1000], np.zeros(32_768 - 1000, "u1"), block[:1000]]),
    }
    entries = [(f"{name}.npy", npy(array), npy(array), 0) for name, array in contents.items()]
    strategies = ("DEFAULT_STRATEGY", "FILTERED", "HUFFMAN_ONLY", "RLE", "FIXED")
    for level in range(10):
        for strategy in strategies if level else strategies[:1]:
            kept = {
                f"{name}/{level}/{strategy}.npy": npy(array)
                for name, array in contents.items()
                # Where every level gives the same or large streams, some will do.
                if name in ("empty", "one", "letters", "text") or (level, strategy) in (
                    (0, strategies[0]), (1, strategies[0]), (6, strategies[0]), (9, strategies[0]),
                    (6, strategies[2]), (6, strategies[3]), (6, strategies[4]))
                and not (name in ("zeros", "far") and (level == 0 or strategy == strategies[2]))
            }
            entries += deflated(kept.items(), level, getattr(zlib, f"Z_{strategy}"))
    write_zip(HERE / "deflate.npz", entries)

    np.savez_compressed(
        HERE / "packed.npz",
        small=numbers(2, 3, dtype="<f4"),
        big=numbers(2, 3, dtype=">f8"),
        fortran=np.asfortranarray(numbers(2, 3, 4, dtype="<f4")),
        counts=np.arange(1000),
        names=np.array(["cat", "dog"]),
        empty=np.zeros((0, 3)),
        scalar=np.float32(2.5),
    )
    np.savez_compressed(HERE / "large.npz", half=numbers(40_000, dtype="<f2"), single=numbers(40_000, dtype="<f4"))
    array = npy(numbers(3, dtype="<f4"))
    ends = {"stored": b"\n", "stored_zeros": b"\0\0\0", "packed": b"\n", "packed_return": b"\r\n", "packed_letters": b"xy"}
    entries = []
    for name, end in ends.items():
        if name.startswith("stored"):
            entries.append((f"{name}.npy", array + end, array + end, 0))
        else:
            entries += deflated([(f"{name}.npy", array + end)], 9, zlib.Z_DEFAULT_STRATEGY)
    write_zip(HERE / "lines.npz", entries)


def write_mixed_numpy():
    warnings.simplefilter("ignore")
    np.savez(
        HERE / "mixed.npz",
        a=np.arange(6, dtype="f4").reshape(2, 3),
        names=np.array(["cat", "dog"]),
        letters=np.array([b"abc"]),
        objects=np.array([{}, None], dtype=object),
        dates=np.array(["2026-01-02"], dtype="M8[ns]"),
        structures=np.zeros(2, dtype=[("a", "<f4"), ("b", "<i8", (2,)), ("it's", "O")]),
        complex128=numbers(2, dtype="<c16"),
        extended=np.zeros(2, "f16") if np.dtype("f16").itemsize == 16 else np.zeros(2),
        brain=numbers(2, 3, dtype=ml_dtypes.bfloat16),
        brain_again=numbers(2, 3, dtype=ml_dtypes.bfloat16).view("V2"),
        float8=np.zeros(2, ml_dtypes.float8_e4m3fn),
        last=np.arange(3),
    )
    with zipfile.ZipFile(HERE / "mixed.npz", "a") as archive:
        archive.writestr(zipfile.ZipInfo("notes.txt"), "no array")
        archive.writestr(zipfile.ZipInfo("unnamed"), npy(np.arange(2.0)))
        archive.writestr(zipfile.ZipInfo("damaged.npy"), "no array either")
    scipy.sparse.save_npz(HERE / "sparse.npz", scipy.sparse.csr_matrix(np.eye(3, dtype="f4") * 2))


def write_small_types():
    """Every type that safetensors has, as its reader confirms."""
    widths = {
        "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
        "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32,
        "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
    }
    header, data = {}, b""
    for name, width in widths.items():
        shape = [2, 4]
        count = 8 * width // 8
        header[name] = {
            "dtype": name, "shape": shape, "data_offsets": [len(data), len(data) + count],
            "quantization": {"scale": [1.5, -2e-3], "kept": True, "note": None}}
        data += bytes(count)
    header["last"] = {"dtype": "F32", "shape": [2], "data_offsets": [len(data), len(data) + 8]}
    data += struct.pack("<ff", 1, 2)
    text = json.dumps({"__metadata__": {"a": "b"}, **header}).encode()
    text += b" " * (-len(text) % 8)
    content = struct.pack("<Q", len(text)) + text + data
    assert len(deserialize(content)) == len(header)
    (HERE / "all_types.safetensors").write_bytes(content)
    content = content.replace(b'"F8_E5M2FNUZ", "shape"', b'"F8_E9M9WXYZ", "shape"')
    (HERE / "unknown_type.safetensors").write_bytes(content)


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


def float8_roundings(eights):
    """What numbers become of eight bits: each of them, those halfway between, those beyond, and their neighbours."""
    tensors = {}
    for name in [name for name in eights if not name.endswith("numbers")]:
        finite = sorted({abs(x) for x in eights[name + " numbers"].tolist() if math.isfinite(x)})
        halfway = [(a + b) / 2 for a, b in zip(finite, finite[1:])]
        step = finite[-1] - finite[-2]
        beyond = [finite[-1] + step * part for part in (0.49, 0.5, 0.51, 1, 2)]
        x = torch.tensor([x for x in finite + halfway + beyond + [3e38] if x < 3.4e38] + [math.inf, math.nan])
        x = torch.cat([x, torch.nextafter(x, torch.tensor(0.0)), torch.nextafter(x, torch.tensor(math.inf))])
        if name == "float8_e8m0fnu":
            # Below 1.5 * 2^-127 PyTorch takes the larger power, though the smaller one is nearer.
            x = x[(x <= 2.0**-127) | (x >= 1.5 * 2.0**-127) | x.isnan()]
        x = torch.cat([x, -x])
        tensors[name] = x.to(getattr(torch, name)).view(torch.uint8)
        tensors[name + " numbers"] = x
    return tensors


def check_written():
    """Reads what the tests hold PyTorch.write to, in the two ways that weights are read, and compares all of it."""
    expected = torch.load(HERE / "elements.pth", weights_only=True)
    expected.update({
        "uint16": torch.tensor([0, 1, 2**16 - 1]).to(torch.uint16),
        "uint32": torch.tensor([[0, 1, 2**32 - 1]]).to(torch.uint32),
        "uint64": torch.tensor([0, 1, 2**63 - 1]).to(torch.uint64),
        'quoted "name" é': torch.tensor(2.5),
    })
    bytes = torch.arange(256, dtype=torch.uint8)
    for name in ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu"):
        expected[name] = bytes.view(getattr(torch, name))
    for mmap in (False, True):
        written = torch.load(HERE / "written.pth", weights_only=True, mmap=mmap)
        assert list(written) == sorted(expected)
        for name, tensor in expected.items():
            other = written[name]
            assert (other.dtype, other.shape) == (tensor.dtype, tensor.shape), name
            same = other.contiguous().view(-1).view(torch.uint8) == tensor.contiguous().view(-1).view(torch.uint8)
            assert same.all(), name


def write_elements():
    """The same tensors in each format: what is less than, equal to and more than 0, and what lies at the bounds."""
    whole = torch.tensor([[-2, -1, 0], [1, 2, 3]])
    tensors = {
        "bool": whole > 0,
        "uint8": torch.tensor([[0, 1, 2], [127, 128, 255]], dtype=torch.uint8),
        "int8": torch.tensor([-128, 0, 127], dtype=torch.int8),
        "int16": torch.tensor([-(2**15), 0, 2**15 - 1], dtype=torch.int16),
        "int32": torch.tensor([-(2**31), 0, 2**31 - 1], dtype=torch.int32),
        "int64": torch.tensor([-(2**63), 2**53 + 1, 2**63 - 1]),
        "float16": torch.tensor([[-0.0, 1 / 3], [65504, 6e-8]], dtype=torch.float16),
        "bfloat16": torch.tensor([[-0.0, 1 / 3], [3e38, 1e-40]], dtype=torch.bfloat16),
        "float32": sample(2, 3),
        "float64": torch.tensor([0.1, 1e300], dtype=torch.float64),
        "empty": torch.zeros(0, 3, dtype=torch.int32),
    }
    rows = {"columns": whole.t(), "mask": (whole > 0).t(), "half": tensors["float16"].t()}
    torch.save({**tensors, **rows}, HERE / "elements.pth")

    byte = torch.arange(256, dtype=torch.uint8)
    eights = {}
    for name in ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu"):
        eights[name] = byte.clone().view(getattr(torch, name))
        eights[name + " numbers"] = eights[name].double()
    save_file({**tensors, **eights}, HERE / "elements.safetensors")
    save_file(float8_roundings(eights), HERE / "float8.safetensors")

    arrays = {name: tensor.numpy() for name, tensor in tensors.items() if name != "bfloat16"}
    arrays["bfloat16"] = tensors["bfloat16"].float().numpy().astype(ml_dtypes.bfloat16)
    columns = {"columns": np.asfortranarray(whole.numpy()).T, "mask": np.asfortranarray(arrays["bool"])}
    big = {"big_int32": arrays["int32"].astype(">i4"), "big_half": arrays["float16"].astype(">f2")}
    np.savez(HERE / "elements.npz", **arrays, **columns, **big)


class Measured(np.ndarray):
    """An array of a class that puts something of its own behind NumPy's state."""

    def __reduce__(self):
        function, arguments, state = super().__reduce__()
        return function, arguments, (*state, "metres")


def write_pickles():
    """Dictionaries of arrays as pickle.dump writes them, without PyTorch."""
    parameters = {
        "layer": {"kernel": numbers(2, 3, 4, dtype="<f4"), "bias": numbers(3, dtype=">f8")},
        "columns": np.asfortranarray(numbers(3, 4, dtype="<f2")), "counts": numbers(5, dtype="<i8"),
        "scalar": np.array(2.5, dtype="<f4"), "empty": np.zeros((0, 3), dtype="<f4"),
        "steps": 7, "name": "adam", "list": [numbers(2, dtype="<f4"), numbers(1, dtype="<f4")],
    }
    for protocol in (3, 4, 5):
        (HERE / f"arrays_{protocol}.pickle").write_bytes(pickle.dumps(parameters, protocol=protocol))
    odd = {"x": numbers(2, dtype="<f4"), "words": np.array(["a", "bc"]), "when": datetime.date(2020, 1, 2),
           "things": np.array([{}], dtype=object)}
    (HERE / "arrays_odd.pickle").write_bytes(pickle.dumps(odd, protocol=4))
    pairs = np.array([(1, 2), (3, 4)], dtype=[("a", "i1"), ("b", "i1")])
    types = {
        "x": numbers(2, dtype="<f4"), "bfloat16": numbers(3, dtype="<f4").astype(ml_dtypes.bfloat16),
        "float8": np.array([1.5, -2, 0.25]).astype(ml_dtypes.float8_e5m2), "int4": np.zeros(2, dtype=ml_dtypes.int4),
        "pairs": pairs, "records": pairs.view(np.recarray), "date": np.array(["2020"], dtype="M8[D]"),
        "words": np.array(["a"], dtype=np.dtypes.StringDType()), "long": numbers(2, dtype="g"),
        "measured": numbers(2, dtype="<f4").view(Measured),
        "cafe\u0301": numbers(1, dtype="<f4"), "caf\u00e9": numbers(2, dtype="<f4"),
    }
    (HERE / "arrays_types.pickle").write_bytes(pickle.dumps(types, protocol=4))
    # Kernels of PyTorch in the order of JAX's: neither in C nor in Fortran order.
    turned = {"kernel": numbers(2, 3, 4, 5, dtype="<f4").transpose(2, 3, 1, 0), "bias": numbers(2, dtype="<f4")}
    (HERE / "arrays_permuted.pickle").write_bytes(pickle.dumps(turned, protocol=5))
    (HERE / "arrays_2.pickle").write_bytes(pickle.dumps({"x": numbers(2, dtype="<f4")}, protocol=2))
    (HERE / "no_arrays.pickle").write_bytes(pickle.dumps({"a": 1, "b": [2.5]}, protocol=4))


def main():
    writers = {
        "elements": write_elements,
        "pytorch": write_pytorch,
        "checkpoints": write_checkpoints,
        "archives": write_archives,
        "safetensors": write_safetensors,
        "small_types": write_small_types,
        "numpy": write_numpy,
        "packed_numpy": write_packed_numpy,
        "mixed_numpy": write_mixed_numpy,
        "pickles": write_pickles,
        "written": check_written,
    }
    for name in sys.argv[1:] or writers:
        writers[name]()


if __name__ == "__main__":
    main()
