"""Whether a preset's look is the same at every size: pictures.py --sizes."""

import json

from bench import say
from pictures_report import HEADS, LARGEST, number
from PIL import Image, ImageDraw
from report import table
from textures import save, used

SHOWN = ("sliced", "gaussian", "lpips")


def at_sizes(bench, source):
    """Paints each pair by the preset's own settings at each size, and judges the pictures scaled to the smallest."""
    options = bench.options
    preset, sizes, folder = options.methods[0], sorted(options.sizes), options.output
    rows = []
    for pair in options.pairs:
        content, style = pair.split(":")
        paths = [source(folder, name) for name in (content, style)]
        for size in sizes:
            whole = folder / f"size-{content}-{style}-{preset}-{size}.png"
            note = whole.with_suffix(".size")
            if not (whole.exists() and note.exists()):
                took = None
                # One that lies there, as of a run that was resumed, is judged as it is.
                if not whole.exists():
                    begin = used()
                    bench.ours(preset, None, *paths, whole, size)
                    took = used() - begin
                scaled = whole.with_name(f"{whole.stem}-at-{sizes[0]}.png")
                picture = Image.open(whole).convert("RGB")
                picture.resize(scaled_size(picture.size, sizes[0]), Image.LANCZOS).save(scaled)
                row = {"content": content, "style": style, "method": preset, "size": size, "judged": sizes[0],
                       "picture": str(scaled), "seconds": took, **bench.judge(*paths, scaled)}
                note.write_text(json.dumps(row) + "\n")
            row = json.loads(note.read_text())
            if row["judged"] != sizes[0]:
                raise SystemExit(f"pictures: {note} was judged at {row['judged']} pixels; take it away, or give the same sizes")
            rows.append(row)
            say(f"{content} × {style}: {preset} at {size}, {seconds(row)} s, "
                + ", ".join(f"{name} {row[name]:.3f}" for name in SHOWN))
    text = page(rows, sizes)
    (folder / "sizes.md").write_text(text)
    print(text)
    sheet(rows, sizes, folder / "sizes.jpg")
    say(f"the table and a sheet are in {folder}")


def seconds(row):
    return "–" if row["seconds"] is None else f"{row['seconds']:.0f}"


def scaled_size(size, longest):
    scale = longest / max(size)
    return [round(side * scale) for side in size]


def page(rows, sizes):
    """A line for each pair and measure, with how far the sizes lie apart."""
    lines = []
    for pair in dict.fromkeys((row["content"], row["style"]) for row in rows):
        here = {row["size"]: row for row in rows if (row["content"], row["style"]) == pair}
        for name in SHOWN:
            values = [here[size][name] for size in sizes]
            lines.append([" × ".join(pair), HEADS[name], *map(number, values), f"{max(values) / min(values) - 1:.0%}"])
        lines.append([" × ".join(pair), "seconds", *(seconds(here[size]) for size in sizes), ""])
    return table(["pair", f"at {sizes[0]} pixels", *(f"painted at {size}" for size in sizes), "largest over least"], lines) + "\n"


def sheet(rows, sizes, path, side=320):
    """The scaled pictures beside each other, a line a pair."""
    pairs = list(dict.fromkeys((row["content"], row["style"]) for row in rows))
    pictures = [[Image.open(row["picture"]).convert("RGB") for row in rows if (row["content"], row["style"]) == pair]
                for pair in pairs]
    pictures = [[picture.resize(scaled_size(picture.size, side - 4), Image.LANCZOS) for picture in line] for line in pictures]
    heights = [max(picture.height for picture in line) + 4 for line in pictures]
    whole = Image.new("RGB", (side * len(sizes), sum(heights) + 18), "white")
    draw = ImageDraw.Draw(whole)
    top = 18
    for column, size in enumerate(sizes):
        draw.text((column * side + 4, 3), f"painted at {size}", fill="black")
    for line, height in zip(pictures, heights):
        for column, picture in enumerate(line):
            whole.paste(picture, (column * side, top))
        top += height
    save(whole, path, LARGEST // 2)
