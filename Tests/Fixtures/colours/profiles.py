"""Colour profiles (ICC.1) of a few hundred bytes, put together tag by tag."""
import struct

import numpy as np

D50 = np.array([0.9642, 1.0, 0.8249])
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
WHITES = {"D65": (0.3127, 0.3290), "D50": (0.3457, 0.3585)}
PRIMARIES = {
    "sRGB": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06), "D65"),
    "P3": ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06), "D65"),
    "Adobe RGB": ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06), "D65"),
    "2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), "D65"),
    "ProPhoto": ((0.734699, 0.265301), (0.159597, 0.840403), (0.036598, 0.000105), "D50"),
}


def xyz(x, y):
    return np.array([x / y, 1, (1 - x - y) / y])


def colorants(space):
    """The matrix from linear RGB to XYZ, adapted to D50."""
    *primaries, white = PRIMARIES[space]
    white = xyz(*WHITES[white])
    matrix = np.stack([xyz(*p) for p in primaries], axis=1)
    matrix = matrix * np.linalg.solve(matrix, white)
    adaptation = np.linalg.inv(BRADFORD) @ np.diag((BRADFORD @ D50) / (BRADFORD @ white)) @ BRADFORD
    return adaptation @ matrix


def fixed(value):
    return struct.pack(">i", round(value * 65536))


def xyz_tag(values):
    return b"XYZ \0\0\0\0" + b"".join(fixed(v) for v in values)


def gamma_tag(gamma):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def table_tag(values):
    levels = np.clip(np.round(np.asarray(values) * 65535), 0, 65535).astype(">u2")
    return b"curv\0\0\0\0" + struct.pack(">I", len(levels)) + levels.tobytes()


def parametric_tag(kind, *parameters):
    return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + b"".join(fixed(p) for p in parameters)


SRGB_CURVE = parametric_tag(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def text_tag(text, version):
    if version >= 4:
        data = text.encode("utf-16-be")
        return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(data), 28) + data
    data = text.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(data)) + data + b"\0" * 78


def profile(tags, space=b"RGB ", connection=b"XYZ ", kind=b"mntr", version=2, name="test"):
    """A profile of (signature, data) pairs; equal data is stored once."""
    copyright = text_tag("none", 4) if version >= 4 else b"text\0\0\0\0none\0"
    tags = [(b"desc", text_tag(name, version)), (b"cprt", copyright), (b"wtpt", xyz_tag(D50))] + tags
    table, body, places = b"", b"", {}
    start = 128 + 4 + 12 * len(tags)
    for signature, data in tags:
        if data not in places:
            places[data] = start + len(body)
            body += data + b"\0" * (-len(data) % 4)
        table += signature + struct.pack(">II", places[data], len(data))
    size = start + len(body)
    header = struct.pack(">I4sI4s4s4s12s4s4sIIIIII", size, b"\0\0\0\0", version << 24, kind, space, connection,
                         struct.pack(">6H", 2026, 1, 1, 0, 0, 0), b"acsp", b"\0\0\0\0", 0, 0, 0, 0, 0, 0)
    header += b"".join(fixed(v) for v in D50)
    header += b"\0" * (128 - len(header))
    return header + struct.pack(">I", len(tags)) + table + body


def matrix_profile(primaries, curve, version=2, name="test"):
    matrix = colorants(primaries)
    tags = [(key, xyz_tag(matrix[:, i])) for i, key in enumerate([b"rXYZ", b"gXYZ", b"bXYZ"])]
    return profile(tags + [(key, curve) for key in (b"rTRC", b"gTRC", b"bTRC")], version=version, name=name)


def grey_profile(curve, version=2, connection=b"XYZ "):
    return profile([(b"kTRC", curve)], space=b"GRAY", connection=connection, version=version, name="grey")


def lab_table(function, inputs, points):
    """An A2B0 table (lut8Type) of `function`, which takes device values in 0…1 to Lab."""
    axes = np.meshgrid(*[np.linspace(0, 1, points)] * inputs, indexing="ij")
    lab = function(*[axis.ravel() for axis in axes])
    levels = np.stack([lab[0] * 2.55, lab[1] + 128, lab[2] + 128], axis=1)
    levels = np.clip(np.round(levels), 0, 255).astype("u1")
    identity = bytes(range(256))
    header = b"mft1\0\0\0\0" + struct.pack(">BBBB", inputs, 3, points, 0)
    header += b"".join(fixed(v) for v in np.eye(3).ravel())
    return header + identity * inputs + levels.tobytes() + identity * 3


def lab_of_xyz(values):
    ratio = values / D50[:, None]
    root = np.where(ratio > 216 / 24389, np.cbrt(np.maximum(ratio, 0)), (24389 / 27 * ratio + 16) / 116)
    return 116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])


def lab_table_profile(space, function, inputs, points):
    return profile([(b"A2B0", lab_table(function, inputs, points))], space=space, connection=b"Lab ", kind=b"prtr",
                   name="table")
