#!/usr/bin/env python3
"""Writes small pictures of the kinds that other libraries write, and what they hold (expected.json).

    python3 Tests/Fixtures/formats/generate.py

Needs Pillow, numpy, tifffile, imagecodecs, pillow-heif, and Debian's packages libavif-bin, libjxl-tools and
liblcms2-utils (transicc). What is written without loss is expected as it was given to the writer; the rest as an
independent reader has it, within `tolerance` levels.
"""
import io
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import numpy as np
import pillow_heif
import tifffile
from PIL import Image

FOLDER = pathlib.Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent / "colours"))
from profiles import SRGB_CURVE, matrix_profile  # noqa: E402

WIDTH, HEIGHT = 10, 8
P3 = matrix_profile("P3", SRGB_CURVE, version=4, name="Display P3")
expected = {}


def keep(name, file, colour, alpha=None, maximum=255, tolerance=0):
    (FOLDER / name).write_bytes(file)
    height, width = colour.shape[:2]
    colour = np.broadcast_to(colour.reshape(height, width, -1), (height, width, 3)).transpose(2, 0, 1)

    def plain(values):
        whole = np.issubdtype(values.dtype, np.integer)
        return [int(v) if whole else round(float(v), 7) for v in values.ravel()]

    expected[name] = {"width": width, "height": height, "maximum": maximum, "tolerance": tolerance,
                      "colour": plain(colour), "alpha": None if alpha is None else plain(alpha)}


def base(maximum=255):
    """Slopes and a checkerboard: no symmetry maps it to itself, and every channel is another."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    red, green = x / (WIDTH - 1), y / (HEIGHT - 1)
    return np.rint(np.stack([red, green, ((x // 3 + y // 2) % 2) * 0.6 + 0.2], axis=-1) * maximum).astype(
        np.uint16 if maximum > 255 else np.uint8)


RGB = base()
RGB16 = base(65535)
ALPHA = np.rint(np.linspace(255, 0, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)).astype(np.uint8)
GREY = RGB[..., 0] // 2 + RGB[..., 1] // 2
BITS = (RGB[..., 2] > 128)


def saved(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def run(command, file, ending, result):
    """What a program makes of a file: the words IN and OUT stand for its paths."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / f"in.{ending}", pathlib.Path(folder) / f"out.{result}"
        source.write_bytes(file)
        words = [{"IN": str(source), "OUT": str(target)}.get(word, word) for word in command.split()]
        subprocess.run(words, check=True, capture_output=True)
        return target.read_bytes()


def webp():
    keep("lossless.webp", saved(Image.fromarray(RGB), "WEBP", lossless=True), RGB)
    rgba = np.dstack([RGB, ALPHA])
    keep("alpha.webp", saved(Image.fromarray(rgba), "WEBP", lossless=True, exact=True), RGB, ALPHA)
    lossy = saved(Image.fromarray(RGB), "WEBP", quality=95)
    keep("lossy.webp", lossy, np.asarray(Image.open(io.BytesIO(lossy)).convert("RGB")), tolerance=1)
    other = Image.fromarray(255 - RGB)
    keep("animated.webp", saved(Image.fromarray(RGB), "WEBP", save_all=True, append_images=[other], lossless=True), RGB)
    # Of a first frame libwebp's encoder keeps what is seen alone, and where it stands.
    canvas = np.zeros((HEIGHT + 6, WIDTH + 6, 4), np.uint8)
    canvas[4:4 + HEIGHT, 2:2 + WIDTH] = np.dstack([RGB, np.full_like(GREY, 255)])
    frames = [Image.fromarray(picture) for picture in (canvas, canvas[::-1])]
    cropped = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    keep("animated_with_border.webp", cropped, canvas[..., :3], canvas[..., 3])
    turned = Image.Exif()
    turned[0x0112] = 6
    # Browsers do not turn it.
    keep("exif6.webp", saved(Image.fromarray(RGB), "WEBP", lossless=True, exif=turned.tobytes()), RGB)


def tiff():
    def add(name, data, colour, alpha=None, maximum=255, tolerance=0, **options):
        file = io.BytesIO()
        tifffile.imwrite(file, data, metadata=None, software="", **options)
        keep(name + ".tif", file.getvalue(), colour, alpha, maximum, tolerance)

    add("rgb8", RGB, RGB, photometric="rgb")
    add("rgb8_lzw", RGB, RGB, photometric="rgb", compression="lzw", predictor=True)
    add("rgb8_packbits", RGB, RGB, photometric="rgb", compression="packbits", rowsperstrip=3)
    add("rgb16_deflate", RGB16, RGB16, maximum=65535, photometric="rgb", compression="zlib", predictor=True)
    add("rgb16_big_endian", RGB16, RGB16, maximum=65535, photometric="rgb", byteorder=">")
    planes = np.moveaxis(RGB16, -1, 0)
    add("rgb16_planes", planes, RGB16, maximum=65535, photometric="rgb", planarconfig="separate", compression="zlib",
        rowsperstrip=3)
    add("rgb8_tiles", RGB, RGB, photometric="rgb", tile=(16, 16), compression="zlib")
    tall = np.tile(RGB, (3, 2, 1))
    add("rgb8_many_tiles", tall, tall, photometric="rgb", tile=(16, 16), compression="lzw")
    add("rgb8_planar_tiles", np.moveaxis(tall, -1, 0), tall, photometric="rgb", planarconfig="separate", tile=(16, 16))
    add("bigtiff", RGB, RGB, photometric="rgb", bigtiff=True)
    add("grey8", GREY, GREY, photometric="minisblack")
    add("grey8_white_is_zero", 255 - GREY, GREY, photometric="miniswhite")
    grey16 = RGB16[..., 0]
    add("grey16_white_is_zero", 65535 - grey16, grey16, maximum=65535, photometric="miniswhite")
    add("grey1", BITS, BITS * 255, photometric="minisblack")
    add("palette8", GREY, np.stack([GREY, 255 - GREY, GREY // 2], axis=-1), photometric="palette",
        colormap=np.stack([np.arange(256), 255 - np.arange(256), np.arange(256) // 2]).astype(np.uint16) * 257)
    levels = RGB16.astype(np.float32) / 65535
    add("float32", levels, levels.astype(float), maximum=1, tolerance=1e-6, photometric="rgb")
    add("float64", levels.astype(np.float64), levels.astype(float), maximum=1, tolerance=1e-6, photometric="rgb")
    half = levels.astype(np.float16)
    add("float16", half, half.astype(float), maximum=1, tolerance=1e-6, photometric="rgb", compression="zlib")
    beyond = (levels * 3 - 1).astype(np.float32)
    add("float32_beyond", beyond, beyond.clip(0, 1).astype(float), maximum=1, tolerance=1e-6, photometric="rgb")
    add("alpha_straight", np.dstack([RGB, ALPHA]), RGB, ALPHA, photometric="rgb", extrasamples=["unassalpha"])
    add("alpha_unspecified", np.dstack([RGB, ALPHA]), RGB, ALPHA, photometric="rgb", extrasamples=["unspecified"])
    add("alpha_second", np.dstack([RGB, GREY, ALPHA]), RGB, ALPHA, photometric="rgb",
        extrasamples=["unspecified", "unassalpha"])
    add("bands", np.dstack([GREY, ALPHA, 255 - GREY]), GREY, photometric="minisblack",
        extrasamples=["unspecified", "unspecified"])
    add("clear_unspecified", np.dstack([RGB, ALPHA * 0]), RGB, photometric="rgb", extrasamples=["unspecified"])
    # Levels that division gives back exactly.
    opacity = np.where(ALPHA > 128, 255, 51).astype(np.uint8)
    colour = (RGB // 5 * 5).astype(np.uint8)
    multiplied = (colour.astype(int) * opacity[..., None] // 255).astype(np.uint8)
    add("alpha_associated", np.dstack([multiplied, opacity]), colour, opacity, photometric="rgb",
        extrasamples=["assocalpha"])
    add("grey_alpha16", np.dstack([grey16, ALPHA.astype(np.uint16) * 257]), grey16, ALPHA.astype(int) * 257,
        maximum=65535, photometric="minisblack", extrasamples=["unassalpha"])
    inks = np.dstack([255 - RGB, GREY // 4])
    naive = (255 - inks[..., :3].astype(int)) * (255 - inks[..., 3:].astype(int)) / 255
    add("cmyk8", inks, naive, photometric="separated", tolerance=0.01)
    lab = lab_samples()
    for bits, kind in ((8, np.int8), (16, np.int16)):
        whole = np.rint(lab * [(2 ** bits - 1) / 100, 2 ** (bits - 8), 2 ** (bits - 8)]).astype(int)
        unit = [100 / (2 ** bits - 1), 2.0 ** (8 - bits), 2.0 ** (8 - bits)]
        stored = whole.astype(kind).view(f"u{bits // 8}")
        add(f"lab{bits}", stored, srgb_of_lab(whole * unit), tolerance=0.01, photometric="cielab")
        icc = whole + [0, 2 ** (bits - 1), 2 ** (bits - 1)]
        # White is the whole of the upper byte.
        icc[..., 0] = np.rint(lab[..., 0] * 255 * 2 ** (bits - 8) / 100)
        light = whole * unit
        light[..., 0] = icc[..., 0] * 100 / (255 * 2 ** (bits - 8))
        add(f"icclab{bits}", icc.astype(f"u{bits // 8}"), srgb_of_lab(light), tolerance=0.01, photometric="icclab")
    add("lab_float_planes", np.moveaxis(lab, -1, 0).astype(np.float32), srgb_of_lab(lab), tolerance=0.01,
        photometric="cielab", planarconfig="separate")
    whole = np.rint(lab * [2.55, 1, 1]).astype(int)
    add("lab8_alpha", np.dstack([whole.astype(np.int8).view(np.uint8), ALPHA]), srgb_of_lab(whole / [2.55, 1, 1]), ALPHA,
        tolerance=0.01, photometric="cielab", extrasamples=["unassalpha"])
    def unsaid(data, **options):
        """A file whose tag of the kind of colours (262) is another's, which nobody reads."""
        file = io.BytesIO()
        tifffile.imwrite(file, data, photometric="rgb", metadata=None, software="", **options)
        return file.getvalue().replace(struct.pack("<HHI", 262, 3, 1), struct.pack("<HHI", 263, 3, 1))

    keep("unsaid_rgb.tif", unsaid(RGB), RGB)
    keep("unsaid_rgb_alpha.tif", unsaid(np.dstack([RGB, ALPHA]), extrasamples=["unassalpha"]), RGB, ALPHA)
    add("reduced_alone", RGB, RGB, photometric="rgb", subfiletype=1)
    pages = io.BytesIO()
    with tifffile.TiffWriter(pages) as file:
        for picture, kind in ((RGB[::2, ::2], 1), (BITS, 4), (RGB, 0)):
            file.write(picture, photometric="mask" if kind == 4 else "rgb", subfiletype=kind, metadata=None, software="")
    keep("thumbnail_first.tif", pages.getvalue(), RGB)
    raw = io.BytesIO()
    with tifffile.TiffWriter(raw) as file:
        file.write(RGB[::2, ::2], photometric="rgb", subfiletype=1, subifds=1, metadata=None, software="")
        file.write(GREY, photometric="cfa", metadata=None, software="")
    # As cameras have it; it is refused.
    (FOLDER / "preview_of_raw.tif").write_bytes(raw.getvalue())
    for value in range(2, 9):
        turn = {2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1], 4: lambda a: a[::-1],
                5: lambda a: a.transpose(1, 0, 2), 6: lambda a: a[::-1].transpose(1, 0, 2),
                7: lambda a: a[::-1, ::-1].transpose(1, 0, 2), 8: lambda a: a[:, ::-1].transpose(1, 0, 2)}[value]
        add(f"orientation{value}", RGB, turn(RGB), photometric="rgb", extratags=[(274, 3, 1, value, True)])
    jpeg = io.BytesIO()
    Image.fromarray(RGB).save(jpeg, "TIFF", compression="jpeg", quality=95)
    seen = np.asarray(Image.open(jpeg).convert("RGB"))
    keep("jpeg.tif", jpeg.getvalue(), seen, tolerance=1)
    fax = saved(Image.fromarray(BITS), "TIFF", compression="group4")
    keep("fax4.tif", fax, BITS * 255)


def lab_samples():
    """Greys, and colours of sRGB and beyond."""
    lab = np.stack([RGB[..., 0] / 2.55, (RGB[..., 1] - 127.0) / 2, (RGB[..., 2] - 127.0) / 1.5], axis=-1)
    lab[:, :3, 1:] = 0
    lab[0, 0], lab[1, 0], lab[2, 0] = (100, 0, 0), (50.2, 0, 0), (0, 0, 0)
    return lab


def srgb_of_lab(lab):
    """What LittleCMS makes of Lab under D50, in levels of 255 that are no whole numbers."""
    lines = "\n".join(" ".join(f"{v:.6f}" for v in pixel) for pixel in lab.reshape(-1, 3)) + "\n"
    seen = subprocess.run(["transicc", "-i", "*Lab", "-o", "*sRGB", "-t", "1", "-n", "-c", "0"], input=lines,
                          capture_output=True, text=True, check=True).stdout
    numbers = [float(v) for v in re.findall(r"-?\d+\.\d+", seen)]
    return np.clip(np.array(numbers), 0, 255).reshape(lab.shape)


def iso():
    def heif(name, data, mode, colour, alpha=None, maximum=255, tolerance=3, **options):
        picture = pillow_heif.from_bytes(mode=mode, size=(data.shape[1], data.shape[0]), data=data.tobytes())
        file = io.BytesIO()
        picture.save(file, quality=-1, chroma=444, **options)
        keep(name, file.getvalue(), colour, alpha, maximum, tolerance)

    heif("plain.heic", RGB, "RGB", RGB)
    heif("alpha.heic", np.dstack([RGB, ALPHA]), "RGBA", RGB, ALPHA)
    # The container's box turns it, once: EXIF's word does not count.
    turned = Image.Exif()
    turned[0x0112] = 6
    heif("exif6.heic", RGB, "RGB", np.rot90(RGB, -1), exif=turned.tobytes())

    # libheif says video's range of what it writes in the full one.
    heif("grey_said_limited.heic", GREY, "L", GREY, tolerance=0, full_range_flag=0)

    png = saved(Image.fromarray(RGB), "PNG")
    lossless = "avifenc --lossless --cicp 1/13/0 IN OUT"
    keep("lossless.avif", run(lossless, png, "png", "avif"), RGB)
    keep("irot1.avif", run("avifenc --lossless --cicp 1/13/0 --irot 1 IN OUT", png, "png", "avif"), np.rot90(RGB))
    rgba = saved(Image.fromarray(np.dstack([RGB, ALPHA])), "PNG")
    keep("alpha.avif", run(lossless, rgba, "png", "avif"), RGB, ALPHA)
    ten = run("avifenc --depth 10 --cicp 1/13/0 -y 444 --min 0 --max 0 IN OUT", png, "png", "avif")
    keep("ten_bits.avif", ten, RGB, tolerance=1)
    # Black is 16 and white 235: of 219 steps, an error of half a one is 0.58 of 255.
    grey_alpha = saved(Image.fromarray(np.dstack([GREY, ALPHA])), "PNG")
    limited = "avifenc --min 0 --max 0 --minalpha 0 --maxalpha 0 -y 400 -r limited --cicp 1/13/1"
    keep("grey_limited.avif", run(f"{limited} IN OUT", grey_alpha, "png", "avif"), GREY, ALPHA, tolerance=0.59)
    ten = run(f"{limited} --depth 10 IN OUT", saved(Image.fromarray(GREY), "PNG"), "png", "avif")
    keep("grey_limited_ten_bits.avif", ten, GREY, tolerance=0.15)
    # Tiles of 64 pixels are the least; a pixel is the sum of its coordinates.
    slope = saved(Image.fromarray(np.add.outer(np.arange(64), np.arange(128)).astype(np.uint8)), "PNG")
    (FOLDER / "grey_tiles.avif").write_bytes(run(f"{limited} --grid 2x1 IN OUT", slope, "png", "avif"))
    keep("p3_by_numbers.avif", run("avifenc --lossless --cicp 12/13/0 IN OUT", png, "png", "avif"), to_srgb(RGB), tolerance=1)


def to_srgb(rgb):
    """Display P3's levels as sRGB's."""
    from PIL import ImageCms
    source = ImageCms.ImageCmsProfile(io.BytesIO(P3))
    return np.asarray(ImageCms.profileToProfile(Image.fromarray(rgb), source, ImageCms.createProfile("sRGB")))


def jxl():
    def add(name, picture, colour, alpha=None, maximum=255, tolerance=0, options="-d 0", **png):
        keep(name, run(f"cjxl IN OUT {options} --quiet", saved(picture, "PNG", **png), "png", "jxl"), colour, alpha, maximum,
             tolerance)

    add("lossless.jxl", Image.fromarray(RGB), RGB)
    add("alpha.jxl", Image.fromarray(np.dstack([RGB, ALPHA])), RGB, ALPHA)
    add("grey.jxl", Image.fromarray(GREY), GREY)
    add("grey16.jxl", Image.fromarray(RGB16[..., 0]), RGB16[..., 0], maximum=65535)
    lossy = run("cjxl IN OUT -d 0.5 --quiet", saved(Image.fromarray(RGB), "PNG"), "png", "jxl")
    seen = Image.open(io.BytesIO(run("djxl IN OUT --quiet", lossy, "jxl", "png"))).convert("RGB")
    keep("lossy.jxl", lossy, np.asarray(seen), tolerance=1)
    # Twenty million pixels are too many for the fuzzer, which begins with this folder.
    large = saved(Image.new("RGB", (5000, 4000), (180, 120, 60)), "PNG")
    (FOLDER.parent / "images" / "large.jxl").write_bytes(run("cjxl IN OUT --quiet", large, "png", "jxl"))
    add("p3.jxl", Image.fromarray(RGB), to_srgb(RGB), tolerance=1, icc_profile=P3)


def gif():
    def image(indices, interlaced=False, left=0, top=0, palette=b"", before=b""):
        height, width = indices.shape
        order = np.concatenate([np.arange(a, height, b) for a, b in ((0, 8), (4, 8), (2, 4), (1, 2))]) if interlaced \
            else np.arange(height)
        flags = (0x40 if interlaced else 0) | (0x80 | 1 if palette else 0)
        return (before + b"," + struct.pack("<HHHHB", left, top, width, height, flags) + palette
                + packed(indices[order].ravel(), 2))

    def packed(indices, size):
        """LZW without strings: a code a pixel, with the table cleared before codes would grow."""
        bits, count, out = 0, 0, bytearray()

        def put(code):
            nonlocal bits, count
            bits |= code << count
            count += size + 1
            while count >= 8:
                out.append(bits & 255)
                bits >>= 8
                count -= 8

        for start in range(0, len(indices), 2):
            put(1 << size)
            for index in indices[start:start + 2]:
                put(int(index))
        put((1 << size) + 1)
        if count:
            out.append(bits & 255)
        blocks = b"".join(bytes([len(out[i:i + 255])]) + bytes(out[i:i + 255]) for i in range(0, len(out), 255))
        return bytes([size]) + blocks + b"\0"

    indices = (RGB[..., 0] // 64).astype(np.uint8)
    colours = np.array([[0, 0, 0], [200, 30, 10], [20, 220, 90], [250, 240, 230]], np.uint8)
    others = 255 - colours
    head = b"GIF89a" + struct.pack("<HHBBB", WIDTH, HEIGHT, 0x81, 0, 0) + colours.tobytes()
    clear = b"!\xf9\x04\x01\0\0\x02\0"
    keep("plain.gif", head + image(indices) + b";", colours[indices])
    keep("interlaced.gif", head + image(indices, interlaced=True) + b";", colours[indices])
    keep("local.gif", head + image(indices, palette=others.tobytes()) + image(indices) + b";", others[indices])
    alpha = np.where(indices == 2, 0, 255)
    keep("transparent.gif", head + image(indices, before=clear) + b";", colours[indices] * (alpha > 0)[..., None], alpha)
    small = indices[2:7, 3:8]
    placed, shown = np.zeros((HEIGHT, WIDTH, 3), int), np.zeros((HEIGHT, WIDTH), int)
    placed[1:6, 4:9], shown[1:6, 4:9] = colours[small], 255
    keep("placed.gif", head + image(small, left=4, top=1) + b";", placed, shown)
    # Chromium and Pillow let the canvas grow.
    grown, shown = np.zeros((HEIGHT + 3, WIDTH + 2, 3), int), np.zeros((HEIGHT + 3, WIDTH + 2), int)
    grown[-5:, -5:], shown[-5:, -5:] = colours[small], 255
    keep("outgrown.gif", head + image(small, left=WIDTH - 3, top=HEIGHT - 2) + b";", grown, shown)
    # A writer of its own, with strings.
    big = Image.fromarray(np.tile(RGB, (8, 9, 1))).quantize(200)
    keep("pillow.gif", saved(big, "GIF"), np.asarray(big.convert("RGB")))
    keep("no_trailer.gif", head + image(indices), colours[indices])


def bmp():
    def file(bits, rows, compression=0, palette=b"", masks=b"", height=HEIGHT, version=40, extra=b""):
        header = struct.pack("<IiiHHIIiiII", version, WIDTH, height, 1, bits, compression, len(rows), 2835, 2835, 0, 0)
        header = header[:version] + masks
        header += b"\0" * (version - len(header)) if version > 40 else b""
        start = 14 + len(header) + len(palette)
        return b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start) + header + palette + rows

    def rows(lines):
        return b"".join(line + b"\0" * (-len(line) % 4) for line in lines)

    keep("rgb24.bmp", saved(Image.fromarray(RGB), "BMP"), RGB)
    upside = rows([line[:, ::-1].tobytes() for line in RGB])
    unsaid = saved(Image.fromarray(RGB), "BMP")
    keep("no_offset.bmp", unsaid[:10] + bytes(4) + unsaid[14:], RGB)
    unsaid = saved(Image.fromarray(GREY), "BMP")
    keep("no_offset_palette.bmp", unsaid[:10] + bytes(4) + unsaid[14:], GREY)
    keep("top_down.bmp", file(24, upside, height=-HEIGHT), RGB)
    grey = saved(Image.fromarray(GREY), "BMP")
    keep("grey8.bmp", grey, GREY)
    keep("bits1.bmp", saved(Image.fromarray(BITS), "BMP"), BITS * 255)
    indices = (RGB[..., 0] // 32).astype(np.uint8)
    colours = np.stack([np.arange(16) * 16, 255 - np.arange(16) * 16, np.arange(16) * 5], axis=-1).astype(np.uint8)
    table = b"".join(bytes([b, g, r, 0]) for r, g, b in colours)
    nibbles = [bytes((line[::2] << 4 | line[1::2]).astype(np.uint8)) for line in indices[::-1]]
    keep("palette4.bmp", file(4, rows(nibbles), palette=table), colours[indices])
    runs = b"".join(
        b"".join(bytes([1, int(v)]) for v in line[:4]) + bytes([0, 6]) + line[4:].tobytes() + b"\0\0"
        for line in indices[::-1]) + b"\0\1"
    eight = b"".join(bytes([int(b), int(g), int(r), 0]) for r, g, b in np.resize(colours, (256, 3)))
    # It ends with the last pixel: without the marks of the line's and of the picture's end.
    keep("rle8_unmarked.bmp", file(8, runs[:-4], compression=1, palette=eight), colours[indices])
    # OS/2's later headers, whole and cut short.
    keep("os2_rle8.bmp", file(8, runs, compression=1, palette=eight, version=64), colours[indices])
    keep("os2_short.bmp", file(4, rows(nibbles), palette=table, version=16), colours[indices])
    quarters = indices % 4
    pairs = [bytes(sum(int(v) << 6 - 2 * i for i, v in enumerate(line[x:x + 4])) for x in range(0, WIDTH, 4))
             for line in quarters[::-1]]
    keep("bits2.bmp", file(2, rows(pairs), palette=table[:16]), colours[quarters])
    keep("rle8.bmp", file(8, runs, compression=1, palette=eight), colours[indices])
    packed = b"".join(
        bytes([4, int(line[0]) << 4 | int(line[1])]) + bytes([0, 6])
        + bytes(int(line[i]) << 4 | int(line[i + 1]) for i in (4, 6, 8)) + b"\0" + b"\0\0" for line in indices[::-1]) + b"\0\1"
    shown = indices.copy()
    shown[:, 2:4] = indices[:, :2]
    keep("rle4.bmp", file(4, packed, compression=2, palette=table), colours[shown])
    five = [RGB[..., 0] >> 3, RGB[..., 1] >> 2, RGB[..., 2] >> 3]
    words = (five[0].astype(np.uint16) << 11 | five[1].astype(np.uint16) << 5 | five[2]).astype("<u2")
    levels = np.stack([five[0] / 31, five[1] / 63, five[2] / 31], axis=-1)
    keep("bits565.bmp", file(16, rows([line.tobytes() for line in words[::-1]]), compression=3,
                             masks=struct.pack("<3I", 0xF800, 0x7E0, 0x1F)), levels, maximum=1, tolerance=1e-6)
    fours = np.dstack([RGB[..., ::-1], ALPHA])
    body = rows([line.tobytes() for line in fours[::-1]])
    masks = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    keep("alpha.bmp", file(32, body, compression=3, masks=masks, version=108), RGB, ALPHA)
    clear = rows([np.concatenate([line[:, ::-1], line[:, :1] * 0], axis=-1).tobytes() for line in RGB[::-1]])
    keep("clear_everywhere.bmp", file(32, clear, compression=3, masks=masks, version=108), RGB)
    keep("rgb32.bmp", file(32, clear), RGB)


def netpbm():
    size = f"{WIDTH} {HEIGHT}\n".encode()
    text = lambda values: " ".join(str(int(v)) for v in values.ravel()).encode()  # noqa: E731
    keep("plain.pbm", b"P1 # bits\n" + size + text(1 - BITS.astype(int)), BITS * 255)
    keep("plain.pgm", b"P2\n# a comment\n" + size + b"255\n" + text(GREY), GREY)
    keep("plain.ppm", b"P3\n" + size + b"255\n" + text(RGB), RGB)
    packed = np.packbits(1 - BITS.astype(np.uint8), axis=1).tobytes()
    keep("raw.pbm", b"P4\n" + size + packed, BITS * 255)
    keep("raw.pgm", b"P5\n" + size + b"255\n" + GREY.tobytes(), GREY)
    keep("raw.ppm", b"P6\n" + size + b"255\n" + RGB.tobytes(), RGB)
    keep("raw16.ppm", b"P6\n" + size + b"65535\n" + RGB16.astype(">u2").tobytes(), RGB16, maximum=65535)
    few = (RGB // 17).astype(np.uint8)
    keep("few_levels.ppm", b"P6\n" + size + b"15\n" + few.tobytes(), few, maximum=15)
    head = f"P7\nWIDTH {WIDTH}\nHEIGHT {HEIGHT}\n".encode()
    keep("rgb_alpha.pam", head + b"DEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
         + np.dstack([RGB, ALPHA]).tobytes(), RGB, ALPHA)
    keep("grey_alpha.pam", head + b"DEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n"
         + np.dstack([GREY, ALPHA]).tobytes(), GREY, ALPHA)
    inks = np.dstack([255 - RGB, GREY // 4])
    naive = (255 - inks[..., :3].astype(int)) * (255 - inks[..., 3:].astype(int)) / 255
    for name, kind, pixels, alpha in (("cmyk", "CMYK", inks, None),
                                      ("cmyk_alpha", "CMYK_ALPHA", np.dstack([inks, ALPHA]), ALPHA)):
        keep(f"{name}.pam", head + f"DEPTH {pixels.shape[-1]}\nMAXVAL 255\nTUPLTYPE {kind}\nENDHDR\n".encode()
             + pixels.tobytes(), naive, alpha, tolerance=0.01)
    levels = RGB.astype(np.float32) / 255
    keep("little.pfm", b"PF\n" + size + b"-1.0\n" + levels[::-1].astype("<f4").tobytes(), levels.astype(float), maximum=1,
         tolerance=1e-6)
    keep("big_grey.pfm", b"Pf\n" + size + b"2\n" + levels[::-1, :, 0].astype(">f4").tobytes(),
         levels[..., 0].astype(float), maximum=1, tolerance=1e-6)


def main():
    for make in (webp, tiff, iso, jxl, gif, bmp, netpbm):
        make()
    (FOLDER / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
