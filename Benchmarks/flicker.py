#!/usr/bin/env python3
"""Measures how much a painted film flickers: a panning shot over a photograph, painted by `impasto batch --frames` and as
single pictures.

What one point of the photograph becomes in two frames that follow each other should be the same. Flicker is the mean
distance, in levels of 255, over all pixels that both frames show, each at its own place in the photograph.

Usage: Benchmarks/flicker.py [--frames 8] [--step 4] [--size 192] [--threads N]       (needs NumPy and Pillow)
"""

import argparse
import pathlib
import subprocess
import tempfile

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
IMAGES = ROOT / "Examples/Images"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--step", type=int, default=4)
    parser.add_argument("--size", type=int, default=192)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--impasto", default=str(ROOT / ".build/release/impasto"))
    options = parser.parse_args()
    width, height = options.size, options.size * 3 // 4
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "frames").mkdir()
        reach = options.step * (options.frames - 1)
        shot = Image.open(IMAGES / "castle.jpg").convert("RGB")
        scale = max((width + reach + 40) / shot.width, (height + reach // 2 + 40) / shot.height)
        shot = shot.resize((round(shot.width * scale), round(shot.height * scale)), Image.LANCZOS)
        for frame in range(options.frames):
            # Down as well as along, so that strokes cannot stay where they are on the screen.
            x, y = 20 + options.step * frame, 20 + options.step * frame // 2
            shot.crop((x, y, x + width, y + height)).save(work / f"frames/{frame + 1:04d}.png")
        common = ["--style", IMAGES / "starry_night.jpg", "--size", options.size, "--quiet"]
        if options.threads:
            common += ["--threads", options.threads]

        def batch(*arguments):
            subprocess.run([options.impasto, "batch", *map(str, [*arguments, *common])], check=True, cwd=work)

        batch("--content", "frames", "--out-dir", "single")
        batch("--frames", "frames/%04d.png", "--out-dir", "film")

        def flicker(folder):
            found = []
            pictures = [np.asarray(Image.open(work / folder / f"{n + 1:04d}.png").convert("RGB")).astype(float)
                        for n in range(options.frames)]
            for n in range(options.frames - 1):
                dx = options.step
                dy = options.step * (n + 1) // 2 - options.step * n // 2
                before, after = pictures[n][dy:, dx:], pictures[n + 1][:height - dy, :width - dx]
                found.append(np.abs(before - after).mean())
            return float(np.mean(found)), float(np.max(found))

        single, film = flicker("single"), flicker("film")
        print(f"{options.frames} frames of {width}×{height}, panning by {options.step} pixels")
        print(f"single pictures: {single[0]:.2f} levels, at most {single[1]:.2f}")
        print(f"--frames:        {film[0]:.2f} levels, at most {film[1]:.2f}")
        print(f"{single[0] / film[0]:.1f} times less")


main()
