"""Tables, a chart and a sheet of what pictures.py has found."""

from PIL import Image, ImageDraw
from report import table
from textures import save

MEASURES = ("sliced", "gaussian", "lpips", "ms_ssim")
HEADS = {"sliced": "style, sliced", "gaussian": "style, Gaussian", "lpips": "content, LPIPS", "ms_ssim": "content, MS-SSIM"}
# The bytes of a sheet for the documentation.
LARGEST = 320_000
BEST = "the best of them"


def means(rows):
    """The mean of each measure over the pairs, by method and balance."""
    groups = {}
    for row in rows:
        groups.setdefault((row["method"], row["balance"]), []).append(row)
    result = []
    for (method, balance), group in groups.items():
        entry = {"method": method, "balance": balance, "pairs": len(group)}
        for name in (*MEASURES, "seconds"):
            known = [row[name] for row in group if row[name] is not None]
            entry[name] = sum(known) / len(known) if known else None
        result.append(entry)
    return result


def number(value):
    return "–" if value is None else f"{value:.3f}"


def figures(rows, names):
    """A line for each row: what `names` gives for it, and its measures."""
    shown = [name for name in MEASURES if any(row[name] is not None for row in rows)]
    lines = []
    for row in rows:
        balance = "–" if row["balance"] is None else row["balance"]
        lines.append([*names(row), row["method"], balance, *(number(row[name]) for name in shown), f"{row['seconds']:.0f}"])
    return ["method", "balance", *(HEADS[name] for name in shown), "seconds"], lines


def at_content(rows, lpips, measure):
    """The style of a preset's line at a peer's content, between the balances beside it.

    Where even the last balance is closer to the photograph than the peer, it is that one's: a peer with less content has
    then had the easier task. `None` where the first one is farther.
    """
    line = sorted((row["lpips"], row[measure]) for row in rows)
    if not line or lpips < line[0][0]:
        return None
    for (left, first), (right, second) in zip(line, line[1:]):
        if left <= lpips <= right:
            return first + (second - first) * (lpips - left) / max(right - left, 1e-9)
    return line[-1][1]


def equal_content(rows, own, peers):
    """Lines of each pair and peer with each preset's style at its content, and how often a preset is not beaten."""
    heads, lines, kept = ["pair", "peer", "content, LPIPS"], [], {}
    for measure in ("sliced", "gaussian"):
        heads += [f"{HEADS[measure]}: the peer", *own]
    pairs = list(dict.fromkeys((row["content"], row["style"]) for row in rows))
    for pair in pairs:
        here = [row for row in rows if (row["content"], row["style"]) == pair]
        for peer in (row for row in here if row["method"] in peers):
            line = [" × ".join(pair), peer["method"], number(peer["lpips"])]
            for measure in ("sliced", "gaussian"):
                line.append(number(peer[measure]))
                for method in own:
                    own_rows = [row for row in here if row["method"] == method]
                    found = at_content(own_rows, peer["lpips"], measure)
                    wins = found is not None and found <= peer[measure]
                    line.append(f"**{number(found)}**" if wins else number(found))
                    if own_rows:
                        kept.setdefault((method, measure), {}).setdefault(pair, []).append(wins)
            lines.append(line)
    # At each peer's content the one of ours that is nearest to the painting.
    for measure in ("sliced", "gaussian"):
        for pair in pairs:
            known = [kept[method, measure][pair] for method in own if pair in kept.get((method, measure), {})]
            if known:
                kept.setdefault((BEST, measure), {})[pair] = [any(wins) for wins in zip(*known)]
    verdicts = [[method, *(f"{sum(map(all, kept[method, measure].values()))} of {len(kept[method, measure])}"
                           for measure in ("sliced", "gaussian"))]
                for method in [*own, BEST] if (method, "sliced") in kept]
    return (heads, lines), (["preset", "not beaten, sliced", "not beaten, Gaussian"], verdicts)


def page(rows, found, own, peers):
    """All tables: the means, each pair, and style at equal content."""
    heads, lines = figures(found, lambda row: (row["pairs"],))
    parts = ["Means, each over so many pairs:", table(["pairs", *heads], lines)]
    verdict, counts = equal_content(rows, own, peers)
    if counts[1]:
        parts += ["Style at equal content; bold where the preset is not beaten:", table(*verdict), table(*counts)]
    heads, lines = figures(sorted(rows, key=lambda row: (row["content"], row["style"])),
                           lambda row: (f"{row['content']} × {row['style']}",))
    return "\n\n".join([*parts, "Each pair:", table(["pair", *heads], lines)]) + "\n"


# The chart

def spread(wanted, gap, low, high):
    """Heights near those wanted that are at least `gap` apart."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    heights = [0.0] * len(wanted)
    last = low - gap
    for place in order:
        last = heights[place] = max(wanted[place], last + gap)
    limit = high
    for place in reversed(order):
        limit = heights[place] = min(heights[place], limit)
        limit -= gap
    return heights


def chart(rows, path):
    """Content against style, a line a method: SVG, readable on a light page and on a dark one."""
    width, height, left, right, top, bottom = 720, 420, 56, 150, 20, 52
    xs, ys = [row["lpips"] for row in rows], [row["sliced"] for row in rows]

    def ticks(values, step):
        first, last = int(min(values) / step), int(max(values) / step) + 1
        return [round(step * place, 6) for place in range(first, last + 1)]

    across, up = ticks(xs, 0.1), ticks(ys, 0.05)

    def x_of(value):
        return left + (value - across[0]) / (across[-1] - across[0]) * (width - left - right)

    def y_of(value):
        return height - bottom - (value - up[0]) / (up[-1] - up[0]) * (height - top - bottom)

    light = ("#1f6f8b", "#c0392b", "#3f7d20", "#8a5a00", "#6c4fa3", "#00798c", "#a03a72", "#3d405b")
    dark = ("#6cc5e0", "#ff8a7a", "#9ad06f", "#e6b450", "#b9a0f0", "#5fd6c4", "#f08fc0", "#b8bedd")
    methods = list(dict.fromkeys(row["method"] for row in rows))
    style = [".t{fill:#333}.g{stroke:#ddd}.b{fill:#fff}"]
    style += [f".c{n}{{fill:{colour};stroke:{colour}}}" for n, colour in enumerate(light)]
    night = [".t{fill:#ccc}.g{stroke:#333}.b{fill:#0d1117}"]
    night += [f".c{n}{{fill:{colour};stroke:{colour}}}" for n, colour in enumerate(dark)]
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-size="13" '
             'font-family="sans-serif">',
             f"<style>{''.join(style)}@media(prefers-color-scheme:dark){{{''.join(night)}}}</style>",
             f'<rect class="b" width="{width}" height="{height}"/>']
    for value in across:
        x = f"{x_of(value):.1f}"
        parts.append(f'<path class="g" d="M{x} {top}V{height - bottom}"/>'
                     f'<text class="t" x="{x}" y="{height - bottom + 17}" text-anchor="middle">{value:.1f}</text>')
    for value in up:
        y = y_of(value)
        parts.append(f'<path class="g" d="M{left} {y:.1f}H{width - right}"/>'
                     f'<text class="t" x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.2f}</text>')
    middle = (left + width - right) / 2
    parts += [f'<text class="t" x="{middle}" y="{height - 12}" text-anchor="middle">'
              "LPIPS from the photograph: less is closer</text>",
              f'<text class="t" x="15" y="{height / 2}" text-anchor="middle" transform="rotate(-90 15 {height / 2})">'
              "sliced distance from the painting</text>"]
    ends = []
    for number_of, method in enumerate(methods):
        own = sorted((x_of(row["lpips"]), y_of(row["sliced"])) for row in rows if row["method"] == method)
        kind = f"c{number_of % len(light)}"
        if len(own) > 1:
            line = " ".join(f"{x:.1f},{y:.1f}" for x, y in own)
            parts.append(f'<polyline class="{kind}" points="{line}" style="fill:none" stroke-width="2"/>')
        parts += [f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in own]
        ends.append((own[-1], method, kind))
    heights = spread([end[0][1] for end in ends], 18, top + 6, height - bottom)
    for ((x, y), method, kind), label in zip(ends, heights):
        parts.append(f'<path class="{kind}" d="M{x + 6:.1f} {y:.1f}L{width - right + 8} {label:.1f}" style="fill:none" '
                     f'stroke-width="0.6" stroke-dasharray="2 2"/>'
                     f'<text class="{kind}" style="stroke:none" x="{width - right + 12}" y="{label + 4:.1f}">{method}</text>')
    path.write_text("\n".join([*parts, "</svg>"]) + "\n")


# The sheet

def sheet(rows, middle, file_of, path, side=176):
    """The pictures beside each other: a line a pair, a column a method, by presets at the balance that `middle` tells."""
    chosen = [row for row in rows if row["balance"] in (None, middle.get(row["method"]))]
    methods = list(dict.fromkeys(row["method"] for row in chosen))
    lines = []
    for pair in dict.fromkeys((row["content"], row["style"]) for row in chosen):
        here = {row["method"]: row["picture"] for row in chosen if (row["content"], row["style"]) == pair}
        files = [file_of(pair[0]), file_of(pair[1]), *(here.get(method) for method in methods)]
        line = []
        for file in files:
            picture = Image.new("RGB", (1, 1), "white") if file is None else Image.open(file).convert("RGB")
            scale = (side - 4) / max(picture.size)
            line.append(picture.resize([max(1, round(length * scale)) for length in picture.size], Image.LANCZOS))
        lines.append(line)
    heights = [max(picture.height for picture in line) + 4 for line in lines]
    whole = Image.new("RGB", (side * (2 + len(methods)), sum(heights) + 18), "white")
    draw = ImageDraw.Draw(whole)
    for column, name in enumerate(["photograph", "painting", *methods]):
        draw.text((column * side + 4, 3), name + (f", {middle[name]}" if name in middle else ""), fill="black")
    top = 18
    for line, height in zip(lines, heights):
        for column, picture in enumerate(line):
            whole.paste(picture, (column * side, top))
        top += height
    save(whole, path, LARGEST)
