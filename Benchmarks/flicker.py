#!/usr/bin/env python3
"""Measures how much a painted film flickers, painted by `impasto batch --frames` and as single pictures, and how well its
frames are painted.

What one point of the photograph becomes in two frames that follow each other should be the same. Flicker is the mean
distance, in levels of 255, over all pixels that both frames show, each at its own place in the photograph. A frame is as
well painted as its objective is low; told is the film's part of the single picture's, of the mean and the worst frame.

Shots: pan (a window moves over a photograph), still (a figure moves before one, and flicker is measured away from it), cut
(a pan over one photograph, then over another; flicker is measured within both).

Usage: Benchmarks/flicker.py [--shots pan,still,cut] [--frames 8] [--step 4] [--size 192] [--threads N] [--keep FOLDER]
(needs NumPy and Pillow)
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image, ImageDraw

ROOT = pathlib.Path(__file__).resolve().parent.parent
IMAGES = ROOT / "Examples/Images"


class Shot:
    """Frames, and where their points are in the next: `moves[n]` is the way of frame n to n + 1 in pixels, or None for a
    cut; `away` is True for pixels that are compared."""

    def __init__(self, frames, moves, away=None):
        self.frames, self.moves, self.away = frames, moves, away


def enlarged(name, width, height):
    picture = Image.open(IMAGES / f"{name}.jpg").convert("RGB")
    scale = max(width / picture.width, height / picture.height)
    return picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.LANCZOS)


def pan(name, count, step, width, height):
    reach = step * (count - 1)
    shot = enlarged(name, width + reach + 40, height + reach // 2 + 40)
    # Down as well as along, so that strokes cannot stay where they are on the screen.
    places = [(20 + step * n, 20 + step * n // 2) for n in range(count)]
    frames = [shot.crop((x, y, x + width, y + height)) for x, y in places]
    moves = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(places, places[1:])]
    return Shot(frames, moves)


def still(count, step, width, height):
    ground = enlarged("castle", width, height).crop((0, 0, width, height))
    side = height // 3
    figure = enlarged("kitten", side, side).crop((0, 0, side, side))
    round_mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(round_mask).ellipse((1, 1, side - 2, side - 2), fill=255)
    frames = []
    for n in range(count):
        frames.append(ground.copy())
        frames[-1].paste(figure, (width // 5 + step * n, height // 2), round_mask)
    away = np.ones((height, width), bool)
    # The network sees some pixels beside the figure.
    away[height // 2 - 16:height // 2 + side + 16, max(width // 5 - 16, 0):width // 5 + step * count + side + 16] = False
    return Shot(frames, [(0, 0)] * (count - 1), away)


def cut(count, step, width, height):
    first, second = pan("castle", count // 2, step, width, height), pan("kitten", count - count // 2, step, width, height)
    return Shot(first.frames + second.frames, [*first.moves, None, *second.moves])


def flicker(shot, folder):
    pictures = [np.asarray(Image.open(folder / f"{n + 1:04d}.png").convert("RGB")).astype(float)
                for n in range(len(shot.frames))]
    height, width = pictures[0].shape[:2]
    found = []
    for n, move in enumerate(shot.moves):
        if move is None:
            continue
        dx, dy = move
        distance = np.abs(pictures[n][dy:, dx:] - pictures[n + 1][:height - dy, :width - dx]).mean(axis=-1)
        found.append(distance[shot.away].mean() if shot.away is not None else distance.mean())
    return float(np.mean(found)), float(np.max(found))


def losses(folder):
    jobs = json.loads((folder / "summary.json").read_text())["jobs"]
    return [job["loss"] for job in jobs], [job["iterations"] for job in jobs]


def measure(name, shot, options, folder):
    (folder / "frames").mkdir(parents=True)
    for n, frame in enumerate(shot.frames):
        frame.save(folder / f"frames/{n + 1:04d}.png")
    common = ["--style", IMAGES / "starry_night.jpg", "--size", options.size, "--quiet"]
    if options.threads:
        common += ["--threads", options.threads]
    seconds = []
    for arguments in (["--content", "frames", "--out-dir", "single"], ["--frames", "frames/%04d.png", "--out-dir", "film"]):
        begin = time.time()
        subprocess.run([options.impasto, "batch", *map(str, arguments + common)], check=True, cwd=folder)
        seconds.append(time.time() - begin)
    (single, _), (film, steps) = losses(folder / "single"), losses(folder / "film")
    parts = [b / a for a, b in zip(single, film)]
    apart, together = flicker(shot, folder / "single"), flicker(shot, folder / "film")
    print(f"{name}: {len(shot.frames)} frames of {shot.frames[0].width}×{shot.frames[0].height}, {options.step} pixels a frame")
    print(f"  single pictures: {apart[0]:.2f} levels, at most {apart[1]:.2f}; {seconds[0]:.0f} s")
    print(f"  --frames:        {together[0]:.2f} levels, at most {together[1]:.2f}; {seconds[1]:.0f} s, iterations "
          + " ".join(map(str, steps)))
    print(f"  objective against the single pictures': {np.mean(parts):.3f}, at most {max(parts):.3f}")
    print(f"  {apart[0] / max(together[0], 1e-9):.1f} times less", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shots", default="pan")
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--step", type=int, default=4)
    parser.add_argument("--size", type=int, default=192)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--impasto", default=str(ROOT / ".build/release/impasto"))
    parser.add_argument("--keep", help="a new folder for the pictures")
    options = parser.parse_args()
    width, height = options.size, options.size * 3 // 4
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(options.keep or work)
        for name in options.shots.split(","):
            if name == "pan":
                shot = pan("castle", options.frames, options.step, width, height)
            elif name == "still":
                shot = still(options.frames, options.step, width, height)
            elif name == "cut":
                shot = cut(options.frames, options.step, width, height)
            else:
                sys.exit(f"flicker: '{name}' is no shot; there are pan, still and cut")
            measure(name, shot, options, work / name)


main()
