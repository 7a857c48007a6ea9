#!/usr/bin/env python3
"""Writes small pictures whose numbers mean other colours than sRGB's, and which colours they are (expected.json).

    python3 Tests/Fixtures/colours/generate.py

Needs Pillow, numpy, pillow-heif, Debian's liblcms2-utils (transicc), libavif-bin, libjxl and chromium. Each picture has the same 32 pixels. `lcms` are
the colours that LittleCMS makes of its profile, perceptual with black point compensation, in floating point;
`chromium` are those that Chromium shows, in whole levels. Either is left out where it does not know the picture, or
where the two are no reference (see `OMIT`).
"""
import base64
import io
import json
import pathlib
import re
import struct
import subprocess
import tempfile
import zlib

import numpy as np
import pillow_heif
from PIL import Image

from jxl import jxl
from profiles import (D50, PRIMARIES, SRGB_CURVE, gamma_tag, grey_profile, lab_of_xyz, lab_table_profile, matrix_profile,
                      parametric_tag, table_tag)

FOLDER = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 8, 4


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(samples, chunks=b"", depth=8):
    """A PNG of [H, W, C] samples with chunks before its pixels."""
    height, width, channels = samples.shape
    header = struct.pack(">IIBBBBB", width, height, depth, {1: 0, 2: 4, 3: 2, 4: 6}[channels], 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2" if depth == 16 else "u1").tobytes() for row in samples)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunks + chunk(b"IDAT", zlib.compress(rows, 9))
            + chunk(b"IEND", b""))


def iccp(profile):
    return chunk(b"iCCP", b"test\0\0" + zlib.compress(profile, 9))


def gama(value):
    return chunk(b"gAMA", struct.pack(">I", value))


def chrm(*values):
    return chunk(b"cHRM", struct.pack(">8I", *values))


def cicp(primaries, transfer):
    return chunk(b"cICP", bytes([primaries, transfer, 0, 1]))


P3_CHRM = chrm(31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
SRGB_CHRM = chrm(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
SRGB = chunk(b"sRGB", b"\0")


def jpeg(samples, profile=None, **options):
    mode = {1: "L", 3: "RGB", 4: "CMYK"}[samples.shape[-1]]
    picture = Image.fromarray(samples[..., 0] if mode == "L" else samples, mode)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=100, subsampling=0, icc_profile=profile, **options)
    return file.getvalue()


def avif(samples, options, profile=b""):
    """By avifenc, without loss in planes and where `options` say --lossless in colours as well."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / "in.png", pathlib.Path(folder) / "out.avif"
        source.write_bytes(png(samples, iccp(profile) if profile else b""))
        subprocess.run(["avifenc", "--min", "0", "--max", "0", *options.split(), source, target], check=True,
                       capture_output=True)
        return target.read_bytes()


def heic_of_grey(samples, profile):
    height, width = samples.shape[:2]
    picture = pillow_heif.from_bytes(mode="L", size=(width, height), data=samples.tobytes())
    picture.info["icc_profile"] = profile
    file = io.BytesIO()
    picture.save(file, quality=-1)
    return file.getvalue()


def decoded(file):
    picture = Image.open(io.BytesIO(file))
    pixels = np.asarray(picture)
    return pixels.reshape(picture.height, picture.width, -1) / 255


def ink_reflectance(c, m, y, k):
    """X, Y and Z of light that goes through four inks and comes back from white paper; black is not quite black."""
    passes = {"c": (0.16, 0.27, 0.75), "m": (0.36, 0.17, 0.30), "y": (0.74, 0.81, 0.09), "k": (0.03, 0.03, 0.035)}
    light = np.ones((3, len(c)))
    for ink, amount in zip("cmyk", (c, m, y, k)):
        light *= 1 - amount * (1 - np.array(passes[ink])[:, None])
    return light * D50[:, None]


def faded(r, g, b):
    """A scanner's colours: less saturated than sRGB's, through a table."""
    linear = np.stack([r, g, b]) ** 1.9
    matrix = np.array([[0.40, 0.37, 0.1942], [0.24, 0.68, 0.08], [0.03, 0.12, 0.6749]])
    return lab_of_xyz(matrix @ linear)


def transicc(profile, values, scale):
    """Colours in 0…1 by LittleCMS; `values` in 0…1, one pixel a row."""
    with tempfile.NamedTemporaryFile(suffix=".icc") as file:
        file.write(profile)
        file.flush()
        lines = "\n".join(" ".join(f"{v * scale:.6f}" for v in row) for row in values) + "\n"
        run = subprocess.run(["transicc", "-i", file.name, "-o", "*sRGB", "-t", "0", "-b", "-n", "-c", "0"],
                             input=lines, capture_output=True, text=True, check=True)
    numbers = [float(v) for v in re.findall(r"-?\d+\.\d+", run.stdout)]
    assert len(numbers) == 3 * len(values), run.stdout[-500:] + run.stderr
    return np.clip(np.array(numbers) / 255, 0, 1).reshape(-1, 3)


def chromium(files):
    """{name: [pixels, 3] in 0…255} of what a page shows."""
    kinds = {"png": "image/png", "jpg": "image/jpeg", "vif": "image/avif", "jxl": "image/jxl"}
    tags = "".join(
        f'<img alt="{name}" src="data:{kinds[name[-3:]]};base64,{base64.b64encode(file).decode()}">'
        for name, file in files.items())
    page = f"""<!doctype html><body>{tags}<pre></pre><script>
      onload = () => {{
        const seen = {{}};
        for (const image of document.images) {{
          const canvas = document.createElement("canvas");
          canvas.width = image.naturalWidth;
          canvas.height = image.naturalHeight;
          const context = canvas.getContext("2d", {{colorSpace: "srgb", willReadFrequently: true}});
          context.drawImage(image, 0, 0);
          seen[image.alt] = Array.from(context.getImageData(0, 0, canvas.width, canvas.height).data);
        }}
        document.body.innerHTML = "<pre>BEGIN" + JSON.stringify(seen) + "END</pre>";
      }}</script>"""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "page.html"
        path.write_text(page)
        run = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--force-color-profile=srgb",
             f"--user-data-dir={folder}/user", "--dump-dom", path.as_uri()], capture_output=True, text=True, check=True)
    seen = json.loads(re.search("BEGIN(.*)END", run.stdout, re.S).group(1))
    return {name: np.array(values).reshape(-1, 4)[:, :3] for name, values in seen.items()}


def pq_light(signal):
    """SMPTE ST 2084, with 203 candelas a square metre as 1."""
    root = signal ** (32 / 2523)
    return (np.maximum(root - 107 / 128, 0) / (2413 / 128 - 2392 / 128 * root)) ** (8192 / 1305) * 10000 / 203


def hlg_light(signal):
    """ARIB STD-B67 with the curve of a screen, and 75 % of the signal as 1."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal ** 2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return (scene / ((np.exp((0.75 - c) / a) + b) / 12)) ** 1.2


def pixels():
    """Greys from black to white, the corners of the cube, and colours between, in 0…255."""
    random = np.random.default_rng(15)
    greys = [(v, v, v) for v in (0, 3, 10, 30, 70, 128, 200, 255)]
    corners = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 255, 255), (255, 0, 255), (255, 255, 0)]
    colours = random.integers(0, 256, (WIDTH * HEIGHT - len(greys) - len(corners), 3))
    return np.concatenate([greys, corners, colours]).astype(np.uint8).reshape(HEIGHT, WIDTH, 3)


def pictures():
    """(name, file, profile or None, device values in 0…1 or None) of each."""
    rgb = pixels()
    wide = rgb.astype(int) * 257
    fine = (wide - rgb[..., ::-1]).clip(0, 65535)
    grey = rgb[..., :1]
    inks = np.dstack([255 - rgb, rgb.min(axis=-1) // 3]).astype(np.uint8)
    p3 = matrix_profile("P3", SRGB_CURVE, version=4, name="Display P3")
    adobe = matrix_profile("Adobe RGB", gamma_tag(563 / 256))
    prophoto = matrix_profile("ProPhoto", parametric_tag(3, 1.8, 1, 0, 1 / 16, 0.03125), version=4)
    table = matrix_profile("sRGB", table_tag(np.linspace(0, 1, 256) ** 1.4))
    lifted = matrix_profile("Adobe RGB", table_tag(0.02 + 0.98 * np.linspace(0, 1, 257) ** 2.2))
    srgb = matrix_profile("sRGB", SRGB_CURVE, version=4, name="sRGB")
    gain = grey_profile(table_tag(np.linspace(0, 1, 65) ** 1.75))
    printer = lab_table_profile(b"CMYK", lambda *inks: lab_of_xyz(ink_reflectance(*inks)), 4, 7)
    scanner = lab_table_profile(b"RGB ", faded, 3, 9)

    yield "p3.png", png(rgb, iccp(p3)), p3, rgb / 255
    file = jpeg(rgb, adobe)
    yield "adobe.jpg", file, adobe, decoded(file)
    yield "prophoto16.png", png(wide, iccp(prophoto), depth=16), prophoto, wide / 65535
    yield "prophoto16_fine.png", png(fine, iccp(prophoto), depth=16), prophoto, fine / 65535
    file = jpeg(rgb, table)
    yield "table.jpg", file, table, decoded(file)
    yield "lifted_black.png", png(rgb, iccp(lifted)), lifted, rgb / 255
    yield "srgb.png", png(rgb, iccp(srgb)), srgb, rgb / 255
    yield "grey.png", png(grey, iccp(grey_profile(gamma_tag(2.2)))), grey_profile(gamma_tag(2.2)), grey / 255
    # Such a curve gives lightness, which Chromium does not read.
    lightness = grey_profile(gamma_tag(1.8), connection=b"Lab ")
    yield "grey_lightness.png", png(grey, iccp(lightness)), lightness, grey / 255
    falling = table_tag(np.linspace(1, 0, 64) ** 2)
    # LittleCMS takes the number 0 for black there, which is white, and compensates for it.
    yield "grey_falling.png", png(grey, iccp(grey_profile(falling))), None, None
    yield "rgb_falling.png", png(rgb, iccp(matrix_profile("sRGB", falling))), None, None
    file = jpeg(grey, gain)
    yield "grey_dot_gain.jpg", file, gain, decoded(file)
    yield "grey_dot_gain.avif", avif(grey, "-y 400", gain), gain, grey / 255
    yield "grey_dot_gain.heic", heic_of_grey(grey, gain), gain, grey / 255
    file = jpeg(grey, p3)
    yield "grey_in_rgb.jpg", file, p3, decoded(file).repeat(3, axis=-1)
    file = jpeg(inks, printer)
    # Pillow hands the inks of a JPEG out as LittleCMS wants them: 255 is all of the ink.
    yield "cmyk.jpg", file, printer, decoded(file)
    # Sixteen bits, and light in place of inks: 257 levels for one.
    light = (255 - inks.astype(int)) * 257
    yield "cmyk.jxl", jxl(light[..., :3], printer, black=light[..., 3:]), printer, inks / 255
    # Up to white the curves fit a profile's tables, whose 16 bits are fine enough.
    steps = np.linspace(0, 1, 4096)
    p3_points, adobe_points, wide_points = PRIMARIES["P3"], PRIMARIES["Adobe RGB"], PRIMARIES["2020"]
    for name, points, space, light_of, transfer, white in (
            ("pq", wide_points, "2020", pq_light, 16, 0.58), ("pq_adobe", adobe_points, "Adobe RGB", pq_light, 16, 0.58),
            ("hlg", wide_points, "2020", hlg_light, 18, 0.749)):
        levels = np.rint(wide * white).astype(int)
        table = matrix_profile(space, table_tag(light_of(steps)))
        yield f"{name}.jxl", jxl(levels, primaries=points, transfer=transfer), table, levels / 65535
    grey_levels = np.rint(wide[..., :1] * 0.58).astype(int)
    yield "pq_grey.jxl", jxl(grey_levels, primaries=wide_points, transfer=16), grey_profile(table_tag(pq_light(steps))), \
        grey_levels / 65535
    yield "p3.jxl", jxl(wide, primaries=p3_points, transfer=13), p3, rgb / 255
    yield "video_2020.jxl", jxl(wide, primaries=wide_points, transfer=1), None, None
    yield "rgb_table.png", png(rgb, iccp(scanner)), scanner, rgb / 255
    yield "gamma_linear.png", png(rgb, gama(100000)), None, None
    yield "gamma_p3.png", png(rgb, gama(45455) + P3_CHRM), None, None
    yield "gamma_alone.png", png(rgb, gama(45455)), None, None
    yield "gamma_mac.png", png(rgb, gama(55556) + SRGB_CHRM), None, None
    yield "chromaticities_alone.png", png(rgb, P3_CHRM), None, None
    yield "grey_gamma.png", png(grey, gama(100000)), None, None
    yield "cicp_p3.png", png(rgb, cicp(12, 13)), None, None
    yield "cicp_2020.png", png(rgb, cicp(9, 14)), None, None
    yield "cicp_first.png", png(rgb, gama(100000) + P3_CHRM + SRGB + iccp(adobe) + cicp(12, 13)), None, None
    yield "iccp_before_srgb.png", png(rgb, gama(100000) + SRGB + iccp(adobe)), adobe, rgb / 255
    yield "srgb_before_gamma.png", png(rgb, gama(100000) + P3_CHRM + SRGB), None, None
    yield "cicp_unknown.png", png(rgb, cicp(2, 2) + gama(100000)), None, None
    yield "gamma_close.png", png(rgb, gama(45454)), None, None
    yield "gamma_half.png", png(rgb, gama(50000)), None, None
    yield "profile_of_grey.png", png(rgb, iccp(gain)), None, None
    # Video's curves, which Chromium has as sRGB's here, and as x^2.4 in a PNG.
    yield "video_709.avif", avif(rgb, "--lossless --cicp 1/1/0"), None, None
    yield "video_601.avif", avif(rgb, "--lossless --cicp 6/6/0"), None, None
    yield "video_2020.avif", avif(rgb, "--lossless --cicp 9/14/0"), None, None
    yield "grey_png_in_rgb.png", png(grey, iccp(p3)), p3, (grey / 255).repeat(3, axis=-1)


# Where Chromium is no reference: it reads no HEIC, makes 8 bits of 16 first, does not compensate for the black point, and
# takes other colours from tables than their values are (white of 255, 255, 255 becomes 252, 254, 255), and compresses what
# is brighter than white.
OMIT = {"grey_lightness.png", "grey_dot_gain.heic", "prophoto16_fine.png", "lifted_black.png", "cmyk.jpg", "cmyk.jxl", "pq.jxl", "pq_adobe.jxl", "pq_grey.jxl", "hlg.jxl",
        "rgb_table.png"}


def main():
    made = list(pictures())
    for name, file, _, _ in made:
        (FOLDER / name).write_bytes(file)
    seen = chromium({name: file for name, file, _, _ in made if name not in OMIT})
    expected = {}
    for name, _, profile, values in made:
        record = {}
        if name not in OMIT:
            record["chromium"] = [int(v) for v in seen[name].T.ravel()]
        if profile is not None:
            scale = 100 if profile[16:20] == b"CMYK" else 255
            colours = transicc(profile, values.reshape(WIDTH * HEIGHT, -1), scale)
            record["lcms"] = [round(float(v), 5) for v in colours.T.ravel()]
        expected[name] = record
        if "lcms" in record and "chromium" in record:
            print(name, abs(np.array(record["lcms"]) * 255 - record["chromium"]).max().round(2))
        else:
            print(name, list(record))
    (FOLDER / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
