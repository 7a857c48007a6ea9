#!/usr/bin/env python3
"""Writes the small pictures that the codec tests read, and what they hold (expected.json).

Needs Pillow and numpy: python3 Tests/Fixtures/images/generate.py

The PNGs are put together here chunk by chunk, since no common library writes every depth, palette and
transparency interlaced; Pillow reads each one back as a check of this script. The JPEGs are Pillow's, and so
are their expected pixels.
"""
import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

FOLDER = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 13, 9  # odd, and large enough for all seven passes of an interlaced PNG
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed_rows(samples, depth):
    """Rows of [H, W, C] samples, each packed to whole bytes behind filter byte 0."""
    rows = b""
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            rows += b"\0" + row.astype(">u2").tobytes()
        else:
            bits = (row[:, None] >> np.arange(depth - 1, -1, -1)) & 1
            rows += b"\0" + np.packbits(bits.astype(np.uint8)).tobytes()
    return rows


def png(samples, depth, colour_type, interlaced, palette=None, transparency=None):
    height, width = samples.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    if interlaced:
        passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        rows = b"".join(packed_rows(part, depth) for part in passes if part.size)
    else:
        rows = packed_rows(samples, depth)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    if palette is not None:
        file += chunk(b"PLTE", palette.astype(np.uint8).tobytes())
    if transparency is not None:
        file += chunk(b"tRNS", transparency)
    return file + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def expectation(colour, alpha, maximum):
    """Planar [3, H, W] and [H, W] levels of 0 … maximum."""
    height, width = colour.shape[:2]
    colour = np.broadcast_to(colour, (height, width, 3)).transpose(2, 0, 1)
    return {
        "width": width,
        "height": height,
        "maximum": maximum,
        "colour": [int(v) for v in colour.ravel()],
        "alpha": None if alpha is None else [int(v) for v in alpha.ravel()],
    }


def check_against_pillow(name, file, expected):
    picture = Image.open(io.BytesIO(file))
    if picture.mode.startswith("I"):
        seen, scale = np.asarray(picture, dtype=float)[..., None], 1
        if picture.mode != "I;16":
            return
    else:
        mode = "RGB" if expected["alpha"] is None else "RGBA"
        seen, scale = np.asarray(picture.convert(mode), dtype=float), expected["maximum"] / 255
    shape = (3, expected["height"], expected["width"])
    colour = np.reshape(expected["colour"], shape).transpose(1, 2, 0) / scale
    assert np.abs(seen[..., :3] - colour).max() <= 1, name
    # Pillow compares a transparent colour with the upper 8 of 16 bits.
    if expected["alpha"] is not None and seen.shape[-1] == 4 and not name.startswith("rgb16_key"):
        alpha = np.reshape(expected["alpha"], shape[1:]) / scale
        assert np.abs(seen[..., 3] - alpha).max() <= 1, name


def pngs(random, expected):
    def add(name, samples, depth, colour_type, colour, alpha=None, maximum=None, **chunks):
        expected[name] = expectation(colour, alpha, maximum or 2**depth - 1)
        for suffix, interlaced in (("", False), ("_interlaced", True)):
            file = png(samples, depth, colour_type, interlaced, **chunks)
            (FOLDER / f"{name}{suffix}.png").write_bytes(file)
            check_against_pillow(name + suffix, file, expected[name])

    def levels(depth, channels):
        return random.integers(0, 2**depth, (HEIGHT, WIDTH, channels))

    for depth in (1, 2, 4, 8, 16):
        grey = levels(depth, 1)
        add(f"grey{depth}", grey, depth, GREY, grey)
    for depth in (2, 8, 16):
        grey = levels(depth, 1)
        key = grey[4, 5, 0]
        grey[6, 6] = key ^ 1  # close is not equal
        alpha = (grey[..., 0] != key) * (2**depth - 1)
        add(f"grey{depth}_key", grey, depth, GREY, grey, alpha, transparency=struct.pack(">H", key))
    for depth in (8, 16):
        rgb = levels(depth, 3)
        add(f"rgb{depth}", rgb, depth, RGB, rgb)
        rgb[2:4, 3:7] = rgb[0, 0]
        rgb[6, 6] = rgb[0, 0] ^ 1  # close is not equal
        alpha = np.any(rgb != rgb[0, 0], axis=-1) * (2**depth - 1)
        add(f"rgb{depth}_key", rgb, depth, RGB, rgb, alpha, transparency=struct.pack(">3H", *rgb[0, 0]))
        grey = levels(depth, 2)
        add(f"grey{depth}_alpha", grey, depth, GREY_ALPHA, grey[..., :1], grey[..., 1])
        rgba = levels(depth, 4)
        add(f"rgb{depth}_alpha", rgba, depth, RGBA, rgba[..., :3], rgba[..., 3])
    for depth in (1, 2, 4, 8):
        index = levels(depth, 1)
        palette = random.integers(0, 256, (2**depth, 3))
        colour = palette[index[..., 0]]
        add(f"palette{depth}", index, depth, PALETTE, colour, maximum=255, palette=palette)
        opacity = random.integers(0, 256, 2**depth)
        opacity[2**depth * 3 // 4 :] = 255  # a tRNS chunk may be shorter than the palette
        short = bytes(int(v) for v in opacity[: 2**depth * 3 // 4])
        add(f"palette{depth}_alpha", index, depth, PALETTE, colour, opacity[index[..., 0]], maximum=255,
            palette=palette, transparency=short)
    one = np.full((1, 1, 3), 200)
    add("one_pixel", one, 8, RGB, one)


def smooth_picture(width, height):
    """Slopes and a soft disc: JPEG keeps them well, and no symmetry maps the picture to itself."""
    y, x = np.mgrid[0:height, 0:width]
    disc = np.exp(-((x - width * 0.3) ** 2 + (y - height * 0.6) ** 2) / (width * 1.5))
    red, green = 255 * x / (width - 1), 255 * y / (height - 1)
    return np.stack([red, green, 60 + 190 * disc], axis=-1).round().astype(np.uint8)


def ycck(rgb, black):
    """A YCCK file: the planes Y, Cb, Cr and inverted K stored as if they were CMYK, with Adobe's marker
    changed to say what they are. Y, Cb and Cr are those of the inverted inks' complement, 255 - rgb."""
    luma = np.asarray(Image.fromarray(255 - rgb).convert("YCbCr"))
    planes = np.dstack([luma, black])
    file = io.BytesIO()
    # Pillow inverts on the way out, so that inverting here stores the planes as they are.
    Image.fromarray(255 - planes, "CMYK").save(file, "JPEG", quality=100, subsampling=0)
    data = bytearray(file.getvalue())
    marker = data.index(b"Adobe\0")
    assert data[marker + 11] == 0
    data[marker + 11] = 2
    return bytes(data)


def jpegs(expected):
    def add(name, file, original):
        (FOLDER / f"{name}.jpg").write_bytes(file)
        picture = Image.open(io.BytesIO(file))
        if picture.mode == "CMYK":
            inks = 255 - np.asarray(picture, dtype=float)
            colour = (inks[..., :3] * inks[..., 3:] / 255).round()
        else:
            colour = np.asarray(picture.convert("RGB"))
        assert np.abs(colour - np.asarray(original, dtype=float)).mean() < 4, name
        expected[name] = expectation(colour, None, 255)

    def saved(picture, **options):
        file = io.BytesIO()
        picture.save(file, "JPEG", **options)
        return file.getvalue()

    rgb = smooth_picture(27, 18)
    picture = Image.fromarray(rgb)
    grey = picture.convert("L")
    add("jpeg_444", saved(picture, quality=95, subsampling=0), rgb)
    add("jpeg_420", saved(picture, quality=90, subsampling=2), rgb)
    add("jpeg_progressive", saved(picture, quality=92, subsampling=1, progressive=True), rgb)
    add("jpeg_restarts", saved(picture, quality=92, subsampling=0, restart_marker_blocks=2), rgb)
    add("jpeg_rgb", saved(picture, quality=95, keep_rgb=True), rgb)
    add("jpeg_grey", saved(grey, quality=92), np.asarray(grey)[..., None])
    black = np.linspace(255, 90, 27).round().astype(np.uint8)[None, :].repeat(18, axis=0)
    inks = np.dstack([255 - rgb, 255 - black])
    printed = rgb * (black[..., None] / 255)
    add("jpeg_cmyk", saved(Image.fromarray(inks, "CMYK"), quality=98, subsampling=0), printed)
    add("jpeg_ycck", ycck(rgb, black), printed)
    one = Image.new("RGB", (1, 1), (10, 120, 240))
    add("jpeg_one_pixel", saved(one, quality=100), one)


def orientations():
    """For each EXIF value: the upright size of a 3 × 2 picture, and which stored pixel each place shows."""
    table = {}
    for value in range(1, 9):
        stored = Image.fromarray(np.arange(6, dtype=np.uint8).reshape(2, 3))
        stored.getexif()[0x0112] = value
        upright = ImageOps.exif_transpose(stored)
        table[str(value)] = {"width": upright.width, "height": upright.height,
                             "source": [int(v) for v in np.asarray(upright).ravel()]}
    return table


def main():
    pictures = {}
    pngs(np.random.default_rng(7), pictures)
    jpegs(pictures)
    record = {"pictures": pictures, "orientations": orientations()}
    (FOLDER / "expected.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
