#!/usr/bin/env python3
"""Makes textures like ten pictures by each way there is, and tells how like, how copied and how repetitive they are.

    Benchmarks/textures.py [--only "bricks weave"] [--methods "gram sliced+spectrum"] [--size 256] [--iterations 100]
        [--spectrum W] [--threads N] [--output out/textures]                            (needs NumPy and Pillow)

A method is a --style-loss, with `+spectrum` for a --spectrum-weight beside it; `gatys-torch` is Gatys' method by PyTorch's
L-BFGS, from noise at one size, for as many seconds as `gram` took, and `gatys-torch-4x` for four times as many. Seconds are
the processor's, so that other work on the machine changes none. The sources are cut out of
scikit-image's wheel, which pip fetches (or WHEEL=FILE names), out of Examples/Images, or drawn here;
Benchmarks/ATTRIBUTION.md says whose they are. In the folder of --output there are the sources, the textures, one sheet
of all and table.md. What is there already is neither made nor measured again, so that a long run can be made in pieces.

DISTS (0 for equal pictures) is told where its weights are: `make weights-perceptual`. Copying is the mean over windows
of 64 pixels of how well each is found in the source, beside how well the source's own are found elsewhere in it;
repetition is the largest peak of the autocorrelation, beside the source's: see `impasto compare --texture`.
"""

import argparse
import io
import json
import os
import pathlib
import resource
import subprocess
import time
import zipfile

import numpy as np
from bench import CACHE, ROOT
from PIL import Image, ImageDraw

IMAGES = ROOT / "Examples/Images"
WHEEL = "scikit-image==0.26.0"
PEER = "gatys-torch"
LOSSES = ["gram", "wasserstein", "sliced", "cross-layer", "correspondence"]
METHODS = LOSSES + [loss + "+spectrum" for loss in LOSSES]


# Sources, each a picture of at least 256×256 pixels.

def crop(picture, box, side=256):
    return picture.convert("RGB").crop(box).resize((side, side), Image.LANCZOS)


def drawn(value):
    """A picture of `value(x, y, random)`, which gives [256, 256, 3] in 0 … 1 for pixels in 0 … 255."""
    y, x = np.mgrid[0:256, 0:256].astype(float)
    return Image.fromarray((np.clip(value(x, y, np.random.default_rng(1)), 0, 1) * 255).round().astype(np.uint8))


def smooth(random, size, count=256):
    """Noise without waves that are shorter than `size` pixels, of deviation 1."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(count), np.fft.fftfreq(count)))
    white = random.standard_normal((count, count))
    noise = np.fft.ifft2(np.fft.fft2(white) * np.exp(-((frequency * size) ** 2))).real
    return noise / noise.std()


def weave(x, y, random):
    """Threads over and under each other, eight pixels wide, each of a shade of its own."""
    period = 16
    x, y = x + 1.2 * smooth(random, 40), y + 1.2 * smooth(random, 40)
    over = ((x // 8 + y // 8) % 2) == 0
    bulge = np.cos(2 * np.pi * (x - 4 * ((y // 8) % 2 == 0)) / period)
    across = np.abs(np.sin(np.pi * y / 8)) ** 0.5 * (0.7 + 0.3 * bulge)
    down = np.abs(np.sin(np.pi * x / 8)) ** 0.5 * (0.7 + 0.3 * np.cos(2 * np.pi * (y + 4) / period))
    rows = random.uniform(0.75, 1, 64)[np.clip(y // 8 + 8, 0, 63).astype(int)]
    columns = random.uniform(0.75, 1, 64)[np.clip(x // 8 + 8, 0, 63).astype(int)]
    light = np.where(over, across * rows, down * columns) * (1 + 0.06 * smooth(random, 2))
    colour = np.where(over[..., None], [0.86, 0.72, 0.52], [0.45, 0.52, 0.68])
    return light[..., None] * colour


def tiles(x, y, random):
    """Glazed tiles of 32 pixels with pale joints, in three colours at random."""
    column, row = (x // 32).astype(int), (y // 32).astype(int)
    glazes = np.array([[0.75, 0.3, 0.2], [0.9, 0.82, 0.65], [0.2, 0.4, 0.5]])
    colours = glazes[random.integers(0, 3, (8, 8))[row, column]]
    u, v = x % 32 - 15.5, y % 32 - 15.5
    joint = np.maximum(np.abs(u), np.abs(v)) > 14
    shine = 1 + 0.12 * (-u - v) / 31 + 0.05 * smooth(random, 3)
    light = (shine * random.uniform(0.85, 1.1, (8, 8))[row, column])[..., None]
    return np.where(joint[..., None], 0.82 + 0.04 * smooth(random, 2)[..., None], colours * light)


def marble(x, y, random):
    """Veins along a slope that is bent by noise."""
    bent = x + 0.6 * y + 34 * smooth(random, 60) + 9 * smooth(random, 16)
    vein = np.exp(-np.abs(np.sin(np.pi * bent / 74)) / 0.09)
    vein += 0.5 * np.exp(-np.abs(np.sin(np.pi * bent / 31 + 1)) / 0.06)
    ground = 0.9 + 0.03 * smooth(random, 30) + 0.015 * smooth(random, 2)
    return ground[..., None] - vein[..., None] * np.array([0.45, 0.4, 0.34])


def packed(wheel, name):
    """A picture of scikit-image's."""
    with zipfile.ZipFile(wheel) as package:
        return Image.open(io.BytesIO(package.read(f"skimage/data/{name}")))


def sources(wheel):
    return {
        "bricks": lambda: crop(packed(wheel, "brick.png"), (100, 130, 484, 512)),
        "leaves": lambda: crop(packed(wheel, "grass.png"), (0, 0, 384, 384)),
        "gravel": lambda: crop(packed(wheel, "gravel.png"), (0, 0, 320, 320)),
        "script": lambda: crop(packed(wheel, "text.png"), (60, 4, 228, 172)),
        "stars": lambda: crop(packed(wheel, "hubble_deep_field.jpg"), (300, 180, 812, 692)),
        "strokes": lambda: crop(Image.open(IMAGES / "starry_night.jpg"), (190, 20, 446, 276)),
        "cobbles": lambda: crop(Image.open(IMAGES / "cafe_terrace.jpg"), (170, 390, 280, 500)),
        "weave": lambda: drawn(weave),
        "tiles": lambda: drawn(tiles),
        "marble": lambda: drawn(marble),
    }


def fetched(folder):
    if os.environ.get("WHEEL"):
        return os.environ["WHEEL"]
    found = list(folder.glob("scikit_image-*.whl"))
    if not found:
        fetch = ["python3", "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "-d", folder, WHEEL]
        subprocess.run(fetch, check=True)
        found = list(folder.glob("scikit_image-*.whl"))
    return found[0]


# Runs

def used():
    """The processor's seconds of this process and of those that it has run."""
    parts = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(part.ru_utime + part.ru_stime for part in parts)


def spectrum(options, method):
    """The weight of the spectrum that a method has."""
    return options.spectrum if method.endswith("+spectrum") else 0


def ours(options, source, method, target):
    """Makes a texture by our program; the seconds that it took."""
    loss = method.partition("+")[0]
    arguments = [options.impasto, "texture", "--style", source, "--size", options.size, "--style-loss", loss,
                 "--spectrum-weight", spectrum(options, method), "--iterations", options.iterations, "-o", target,
                 "--quiet"]
    if options.threads:
        arguments += ["--threads", options.threads]

    begin = used()
    subprocess.run(list(map(str, arguments)), check=True)
    return used() - begin


def torchs(options, source, seconds, target):
    """Makes a texture by Gatys' method with PyTorch, in so many seconds; the seconds that it took."""
    import torch
    from peer import FORMATS, Network, gram_sums

    torch.set_num_threads(options.threads or os.cpu_count())
    layers = (1, 3, 5, 9, 13)
    layout = FORMATS["channels_last"]
    network = Network(options.weights, torch.float32, layout)
    picture = Image.open(source).convert("RGB").resize((options.size, options.size), Image.LANCZOS)
    picture = torch.from_numpy(np.asarray(picture).astype("float32") / 255).permute(2, 0, 1)[None].contiguous()

    def grams(image):
        found = network.features(image.contiguous(memory_format=layout), set(layers))
        return [gram_sums(found[number].relu()) / found[number].numel() for number in layers]

    with torch.no_grad():
        wanted = grams(picture)
    noise = 0.5 + 0.1 * torch.randn(picture.shape, generator=torch.Generator().manual_seed(1))
    image = noise.clamp(0, 1).requires_grad_()
    # The loss is of about 1 at the start, as PyTorch's line search wants it; which factor it is changes no minimum.
    with torch.no_grad():
        scale = 1 / sum((a - b).square().sum() for a, b in zip(grams(image), wanted))
    optimizer = torch.optim.LBFGS([image], lr=1, max_iter=20, history_size=10, tolerance_grad=0, tolerance_change=0,
                                  line_search_fn="strong_wolfe")
    begin = time.process_time()
    best = (float("inf"), image.detach().clone())

    class OutOfTime(Exception):
        pass

    def evaluate():
        nonlocal best
        if time.process_time() - begin > seconds:
            raise OutOfTime
        optimizer.zero_grad()
        loss = scale * sum((a - b).square().sum() for a, b in zip(grams(image), wanted))
        loss.backward()
        if loss.item() < best[0]:
            best = (loss.item(), image.detach().clone())
        return loss

    try:
        while True:
            optimizer.step(evaluate)
    except OutOfTime:
        pass
    took = time.process_time() - begin
    pixels = (best[1].clamp(0, 1)[0].permute(1, 2, 0) * 255 + 0.5).byte().numpy()
    Image.fromarray(pixels).save(target)
    return took


def measured(options, source, target):
    command = [options.impasto, "compare", source, target, "--layers", "conv_1", "--fit", "--texture", "--json"]
    run = subprocess.run(list(map(str, command + ["--perceptual"])), capture_output=True, text=True)
    if run.returncode != 0:
        run = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def made(options, source, method, target, seconds):
    """What is known of a texture, which is made and measured where it has not been yet with the same settings."""
    note = target.with_suffix(".json")
    settings = [options.size, options.iterations, spectrum(options, method)]
    if target.exists() and note.exists():
        known = json.loads(note.read_text())
        if known["settings"] == settings:
            return known
    if method.startswith(PEER):
        factor = method.removeprefix(PEER).removeprefix("-").removesuffix("x") or 1
        took = torchs(options, source, float(factor) * seconds, target)
    else:
        took = ours(options, source, method, target)
    known = {"settings": settings, "seconds": took, **measured(options, source, target)}
    note.write_text(json.dumps(known))
    return known


def save(picture, path, most=280_000):
    """Saves a JPEG in as good a quality as leaves it within so many bytes."""
    for quality in range(88, 40, -4):
        picture.save(path, quality=quality, optimize=True)
        if path.stat().st_size <= most:
            break


def sheet(folder, names, methods, side=116):
    """All textures beside their sources, small enough for documentation."""
    heading = 28
    whole = Image.new("RGB", ((len(methods) + 1) * (side + 2), len(names) * (side + 2) + heading), "white")
    draw = ImageDraw.Draw(whole)
    for column, part in enumerate(["source"] + methods):
        draw.text((column * (side + 2) + 2, 2), part.replace("+", "\n+ "), fill="black", spacing=1)
        for row, name in enumerate(names):
            file = folder / f"{name}-{part}.png"
            if file.exists():
                picture = Image.open(file).convert("RGB").resize((side, side), Image.LANCZOS)
                whole.paste(picture, (column * (side + 2), row * (side + 2) + heading))
    save(whole, folder / "sheet.jpg")


def table(results, names, methods):
    def number(value):
        return "" if value is None else f"{value:.3f}"

    lines = ["| texture | method | DISTS | copying | the source's | repetition | the source's | seconds |",
             "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for name in names:
        for method in methods:
            found = results.get((name, method))
            if found:
                lines.append(
                    f"| {name} | {method} | {number(found.get('dists'))} | {number(found.get('copying-mean'))} "
                    f"| {number(found.get('copying-a-mean'))} | {number(found.get('repetition'))} "
                    f"| {number(found.get('repetition-a'))} | {found['seconds']:.0f} |")
    heads = ["method", "textures", "DISTS, mean", "least DISTS of", f"a tenth below {PEER}", "copying less the source's, mean",
             "repetition less the source's, mean", "seconds, mean"]
    lines += ["", f"| {' | '.join(heads)} |", "| --- |" + " ---: |" * 7]

    def mean(values):
        values = [v for v in values if v is not None]
        return sum(values) / len(values) if values else None

    def dists(name, method):
        return results.get((name, method), {}).get("dists")

    for method in methods:
        made = [name for name in names if (name, method) in results]
        if not made:
            continue
        own = [results[name, method] for name in made]
        known = [name for name in made if dists(name, method) is not None]
        seen = {name: [dists(name, m) for m in methods if dists(name, m) is not None] for name in known}
        least = sum(dists(name, method) <= min(seen[name]) for name in known)
        beside = [name for name in known if dists(name, PEER) is not None]
        below = sum(dists(name, method) <= 0.9 * dists(name, PEER) for name in beside)
        excess = [mean([r[key] - r[of] for r in own if key in r])
                  for key, of in (("copying-mean", "copying-a-mean"), ("repetition", "repetition-a"))]
        figures = [method, len(made), number(mean([r.get("dists") for r in own])), least,
                   "–" if method == PEER else f"{below} of {len(beside)}", number(excess[0]), number(excess[1]),
                   f"{mean([r['seconds'] for r in own]):.0f}"]
        lines.append(f"| {' | '.join(map(str, figures))} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="names of textures")
    parser.add_argument("--methods", default=" ".join(METHODS))
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--iterations", type=int, default=100)
    parser.add_argument("--spectrum", type=float, default=1, help="its weight where a method has it")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--output", default=str(ROOT / "out/textures"))
    parser.add_argument("--weights", type=pathlib.Path, default=CACHE / "vgg_normalised.pth", help="PyTorch's network")
    parser.add_argument("--impasto", default=str(ROOT / ".build/release/impasto"))
    options = parser.parse_args()
    folder = pathlib.Path(options.output)
    folder.mkdir(parents=True, exist_ok=True)
    methods = options.methods.replace(",", " ").split()
    known = sources(fetched(folder))
    names = options.only.replace(",", " ").split() or list(known)
    for name in names:
        if name not in known:
            parser.error(f"there is no texture '{name}'; choose {', '.join(known)}")
    results = {}
    for name in names:
        source = folder / f"{name}-source.png"
        if not source.exists():
            known[name]().save(source)
        for method in methods:  # `gram` first, where others are to take as long
            target = folder / f"{name}-{method}.png"
            seconds = results.get((name, "gram"), {}).get("seconds", 60)
            found = results[name, method] = made(options, source, method, target, seconds)
            print(f"{name} {method}: {found.get('dists')} in {found['seconds']:.0f} s", flush=True)
    sheet(folder, names, methods)
    (folder / "table.md").write_text(table(results, names, methods))
    print((folder / "table.md").read_text())


if __name__ == "__main__":
    main()
