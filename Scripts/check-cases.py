#!/usr/bin/env python3
"""Tries what users of programs like this one stumble over: odd pictures and files, limits, signals, closed streams.

    Scripts/check-cases.py IMPASTO [NAME ...]

Each case makes its small inputs by itself, with Python's own library alone, runs the program and compares what it did
with what is right; cases whose names contain a NAME are run, or all. What no command shows, of tensors and of files of
them, is in the tests. It ends with the number of cases that are right and wrong, and fails if any is wrong.
"""

import json
import os
import random
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

PROGRAM = ""
ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "Examples" / "Images"
CASES = {}


def case(function):
    CASES[function.__name__.replace("_", " ")] = function
    return function


# Pictures


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, rows, channels, extra=b""):
    """A PNG of 8 bits a sample; rows are bytes."""
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    raw = b"".join(b"\0" + bytes(row) for row in rows)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(raw))
    return b"\x89PNG\r\n\x1a\n" + header + extra + data + chunk(b"IEND", b"")


def noise(width=64, height=48, channels=3, seed=1, low=40, high=215):
    draw = random.Random(seed)
    return [bytes(draw.randint(low, high) for _ in range(width * channels)) for _ in range(height)]


def chunks(data):
    place = 8
    while place < len(data):
        length = struct.unpack(">I", data[place : place + 4])[0]
        yield data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        place += 12 + length


def read_png(path):
    """Width, height and rows of RGB of one of our results."""
    parts = list(chunks(Path(path).read_bytes()))
    width, height, depth, kind = struct.unpack(">IIBB", parts[0][1][:10])
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[kind]
    assert depth == 8, depth
    raw = zlib.decompress(b"".join(data for name, data in parts if name == b"IDAT"))
    rows, before, step = [], bytes(width * channels), width * channels
    for y in range(height):
        method, line = raw[y * (step + 1)], bytearray(raw[y * (step + 1) + 1 : (y + 1) * (step + 1)])
        for x in range(step):
            left = line[x - channels] if x >= channels else 0
            up, corner = before[x], before[x - channels] if x >= channels else 0
            if method == 1:
                line[x] = (line[x] + left) & 255
            elif method == 2:
                line[x] = (line[x] + up) & 255
            elif method == 3:
                line[x] = (line[x] + (left + up) // 2) & 255
            elif method == 4:
                guess = left + up - corner
                near = min((abs(guess - v), i, v) for i, v in enumerate((left, up, corner)))[2]
                line[x] = (line[x] + near) & 255
        before = bytes(line)
        grey = channels < 3
        rows.append(
            [(before[x * channels],) * 3 if grey else tuple(before[x * channels : x * channels + 3]) for x in range(width)]
        )
    return width, height, rows


def seams(path):
    """The mean jump across the edges over that between neighbours: of columns and of rows."""
    width, height, rows = read_png(path)

    def jump(a, b):
        return sum(abs(p - q) for p, q in zip(a, b))

    def ratio(outside, inside):
        return (sum(outside) / len(outside)) / (sum(inside) / len(inside))

    columns = ratio(
        [jump(row[-1], row[0]) for row in rows],
        [jump(row[x], row[x + 1]) for row in rows for x in range(width - 1)],
    )
    lines = ratio(
        [jump(rows[-1][x], rows[0][x]) for x in range(width)],
        [jump(rows[y][x], rows[y + 1][x]) for y in range(height - 1) for x in range(width)],
    )
    return columns, lines


def spread(path):
    _, _, rows = read_png(path)
    pixels = [pixel for row in rows for pixel in row]
    return sum(max(p) - min(p) for p in pixels) / len(pixels)


# Runs

QUICK = ["--size", "48", "--iterations", "3", "--quiet"]
PAIR = ["--content", "c.png", "--style", "s.png"]
LONG = ["--size", "48", "--iterations", "100000", "--no-stop-when-settled"]


def impasto(*arguments, **options):
    """Status, output and messages together."""
    options.setdefault("timeout", 120)
    run = subprocess.run(
        [PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        **options)
    return run.returncode, run.stdout.decode(errors="replace")


def start(*arguments, **options):
    return subprocess.Popen(
        [PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        **options)


def expect(found, wanted, what=""):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} in place of {wanted!r}")


def holds(condition, what):
    if not condition:
        raise AssertionError(what)


def refused(result, status, *words):
    expect(result[0], status, result[1].strip()[-300:])
    for word in words:
        holds(word in result[1], f"no '{word}' in: {result[1].strip()[-300:]}")


def pictures():
    Path("c.png").write_bytes(png(64, 48, noise(seed=1), 3))
    Path("s.png").write_bytes(png(64, 48, noise(seed=2), 3))


def decoded(path, **options):
    """The bytes of what the program sees in a picture."""
    # Under one name, which the file tells.
    shutil.copyfile(path, "seen.picture")
    code, text = impasto("features", "--image", "seen.picture", "--layers", "conv_1", "-o", "seen.safetensors", **options)
    expect(code, 0, text)
    return Path("seen.safetensors").read_bytes()


# Pictures as people have them


@case
def tiles_have_no_seam():
    for shape in (["--width", "96", "--height", "96"], ["--width", "96", "--height", "64"]):
        code, text = impasto(
            "texture", "--style", EXAMPLES / "starry_night.jpg", *shape, "--size", "96", "--scales", "64:15,96:15",
            "--tileable", "--seed", "1", "--quiet", "-o", "t.png")
        expect(code, 0, text)
        for ratio in seams("t.png"):
            holds(0.8 < ratio < 1.2, f"the seam of {shape} is {ratio:.2f}")


@case
def sides_of_tiles_are_rounded_up_and_it_is_said():
    code, text = impasto(
        "texture", "--style", EXAMPLES / "starry_night.jpg", "--width", "90", "--height", "50", "--size", "90",
        "--iterations", "2", "--tileable", "--quiet", "-o", "t.png")
    expect(code, 0, text)
    expect(read_png("t.png")[:2], (96, 64))
    holds("96×64" in text, text)


@case
def what_a_style_hides_is_not_painted():
    results = []
    for hidden in (0, 255):
        rows = []
        for y, row in enumerate(noise(64, 64, 3, seed=3)):
            line = bytearray()
            for x in range(64):
                seen = (x - 32) ** 2 + (y - 32) ** 2 < 700
                line += row[3 * x : 3 * x + 3] + b"\xff" if seen else bytes([hidden] * 3 + [0])
            rows.append(line)
        Path("s.png").write_bytes(png(64, 64, rows, 4))
        expect(impasto("transfer", *PAIR, *QUICK, "--no-metadata", "-o", "o.png")[0], 0)
        results.append(Path("o.png").read_bytes())
    holds(results[0] == results[1], "the pictures differ")


@case
def grey_stays_grey():
    Path("c.png").write_bytes(png(64, 48, noise(channels=1, seed=1), 1))
    Path("s.png").write_bytes(png(64, 48, noise(channels=1, seed=2), 1))
    for command in (["transfer", *PAIR], ["texture", "--style", "s.png"], ["reconstruct", "--content", "c.png"]):
        code, text = impasto(*command, *QUICK, "-o", "o.png")
        expect(code, 0, text)
        holds(spread("o.png") < 2, f"{command[0]}: {spread('o.png')}")


@case
def a_JPEG_without_its_end_mark():
    whole = (EXAMPLES / "kitten.jpg").read_bytes()
    Path("whole.jpg").write_bytes(whole)
    Path("odd.jpg").write_bytes(whole[: whole.rindex(b"\xff\xd9")])
    holds(decoded("whole.jpg") == decoded("odd.jpg"), "other pixels")
    Path("cut.jpg").write_bytes(whole[: len(whole) // 2])
    refused(impasto("features", "--image", "cut.jpg", "--layers", "conv_1", "-o", "x.safetensors"), 65)


@case
def a_PNG_whose_text_has_a_wrong_checksum():
    text = chunk(b"tEXt", b"Comment\0hello")
    Path("odd.png").write_bytes(png(64, 48, noise(seed=1), 3, text[:-1] + bytes([text[-1] ^ 1])))
    holds(decoded("c.png") == decoded("odd.png"), "other pixels")


@case
def settings_that_were_compressed():
    expect(impasto("transfer", *PAIR, *QUICK, "-o", "o.png")[0], 0)
    data = Path("o.png").read_bytes()
    again = data[:8]
    for kind, contents in chunks(data):
        key, _, value = contents.partition(b"\0")
        if kind == b"tEXt" and key == b"impasto":
            kind, contents = b"zTXt", key + b"\0\0" + zlib.compress(value)
        again += chunk(kind, contents)
    holds(again != data, "the result has no tEXt")
    Path("z.png").write_bytes(again)
    expect(impasto("rerun", "z.png", "--quiet", "-o", "again.png")[0], 0)
    holds(read_png("again.png") == read_png("o.png"), "another picture")


@case
def results_tell_no_folders():
    Path("private").mkdir()
    Path("c.png").rename("private/c.png")
    here = os.getcwd()
    expect(impasto("transfer", "--content", f"{here}/private/c.png", "--style", "s.png", *QUICK, "-o", "o.png")[0], 0)
    holds(b"private" not in Path("o.png").read_bytes(), "the folder is in the picture")
    expect(impasto("transfer", "--content", "private/c.png", "--style", "s.png", *QUICK, "--no-metadata", "-o", "n.png")[0], 0)
    holds(b"c.png" not in Path("n.png").read_bytes(), "the name is in the picture")


@case
def studies_features_and_batches_tell_no_folders():
    Path("private").mkdir()
    for name in ("c.png", "s.png"):
        Path(name).rename(f"private/{name}")
    here = f"{os.getcwd()}/private"
    pair = ["--content", f"{here}/c.png", "--style", f"{here}/s.png", "--size", "32", "--quiet"]
    expect(impasto("study", *pair, "--quick", "--only", "seeds", "--out-dir", "study")[0], 0)
    expect(impasto("batch", *pair, "--iterations", "2", "--out-dir", "batch")[0], 0)
    expect(impasto("transfer", *pair, "--iterations", "2", "--log", "l.jsonl", "--timelapse", "t.png", "-o", "o.png")[0], 0)
    expect(impasto("features", "--image", f"{here}/c.png", "--layers", "conv_1", "-o", "x.safetensors")[0], 0)
    for file in Path(".").rglob("*"):
        holds(not file.is_file() or "private/" in str(file) or b"private" not in file.read_bytes(), f"{file} tells it")


@case
def features_see_nothing_that_is_hidden():
    seen = []
    for hidden in (0, 255):
        rows = [b"".join(row[3 * x : 3 * x + 3] + b"\xff" if x < 20 else bytes([hidden] * 3 + [0]) for x in range(64))
                for row in noise()]
        Path("half.png").write_bytes(png(64, 48, rows, 4))
        seen.append(decoded("half.png"))
    holds(seen[0] == seen[1], "the features differ")


@case
def a_JPEG_of_another_version_or_with_idle_numbers():
    whole = (EXAMPLES / "kitten.jpg").read_bytes()
    Path("whole.jpg").write_bytes(whole)
    scan = whole.index(b"\xff\xda")
    spectrum = scan + 5 + 2 * whole[scan + 4]
    for place, value in ((whole.index(b"JFIF") + 5, 4), (spectrum + 1, 0), (spectrum + 2, 0x11)):
        Path("odd.jpg").write_bytes(whole[:place] + bytes([value]) + whole[place + 1 :])
        holds(decoded("whole.jpg") == decoded("odd.jpg"), f"other pixels by byte {place}")


@case
def comments_among_the_pixels_of_a_plain_picture():
    Path("plain.ppm").write_text("P3 2 2 255\n" + " ".join(str(20 * i) for i in range(12)))
    Path("odd.ppm").write_text("P3 2 2 255\n# one\n" + " # two\n".join(str(20 * i) for i in range(12)) + "\n# three")
    holds(decoded("plain.ppm") == decoded("odd.ppm"), "other pixels")


@case
def other_formats_are_named():
    Path("x.gif").write_bytes(b"GIF89a" + bytes(40))
    code, text = impasto("transfer", "--content", "x.gif", "--style", "s.png", *QUICK, "-o", "o.png")
    expect(code, 65, text)
    holds("GIF" in text, text)


@case
def every_format_is_read_or_its_library_is_named():
    for name in ("lossless.webp", "rgb8.tif", "plain.heic", "lossless.avif", "lossless.jxl", "plain.gif", "rgb24.bmp", "raw.ppm"):
        # Under a name that says nothing.
        shutil.copyfile(ROOT / "Tests" / "Fixtures" / "formats" / name, "picture")
        code, text = impasto("features", "--image", "picture", "--layers", "conv_1", "-o", "x.safetensors")
        if code:
            expect(code, 66, text)
            holds("apt-get install" in text or "brew install" in text, f"{name}: {text}")
            holds(not name.endswith((".gif", ".bmp", ".ppm")), f"{name}: {text}")


@case
def a_profile_changes_the_pixels_and_a_damaged_one_does_not():
    shutil.copyfile(ROOT / "Tests" / "Fixtures" / "colours" / "p3.png", "p3.png")
    data = Path("p3.png").read_bytes()
    bare = data[:8] + b"".join(chunk(kind, part) for kind, part in chunks(data) if kind != b"iCCP")
    Path("bare.png").write_bytes(bare)
    Path("odd.png").write_bytes(bare[:33] + chunk(b"iCCP", b"x\0\0" + zlib.compress(b"no profile")) + bare[33:])
    seen = [decoded(name) for name in ("p3.png", "bare.png", "odd.png")]
    holds(seen[0] != seen[1], "Display P3 is taken for sRGB")
    holds(seen[1] == seen[2], "what is no profile changes the pixels")


# Nothing is lost


@case
def no_output_overwrites_an_input():
    before = {name: Path(name).read_bytes() for name in ("c.png", "s.png")}
    os.link("c.png", "hard.png")
    os.symlink("s.png", "soft.png")
    for more in (["-o", "c.png"], ["-o", "hard.png"], ["-o", "soft.png"], ["-o", "o.png", "--log", "s.png"],
                 ["-o", "o.png", "--timelapse", "c.png"], ["-o", "t.png", "--timelapse", "t.png"]):
        refused(impasto("transfer", *PAIR, *QUICK, *more), 64)
    refused(impasto("compare", "c.png", "s.png", "--difference", "c.png"), 64)
    for name, data in before.items():
        holds(Path(name).read_bytes() == data, f"{name} has changed")


@case
def no_output_of_a_batch_overwrites_what_is_needed():
    os.link("c.png", "hard.png")
    before = Path("c.png").read_bytes()
    for output in ("c.png", "hard.png", "./x/../c.png"):
        Path("jobs.jsonl").write_text(json.dumps({"content": "c.png", "styles": ["s.png"], "output": output}))
        refused(impasto("batch", "jobs.jsonl"), 64, "overwritten")
    Path("set.json").write_text('{"size": 32}')
    refused(impasto("batch", *PAIR, "--settings", "set.json", "--out-dir", "o", "--write-jobs", "set.json"), 64)
    Path("site").mkdir()
    Path("site/index.html").write_text("mine")
    refused(impasto("batch", *PAIR, *QUICK, "--out-dir", "site"), 64, "--report")
    expect((Path("site/index.html").read_text(), Path("c.png").read_bytes() == before), ("mine", True))


@case
def odd_lines_of_a_batch_fail_alone():
    good = {"content": "c.png", "styles": ["s.png"], "size": 32, "iterations": 1}
    lines = [json.dumps({**good, "output": "a.png"}), "", "# no comment", json.dumps({**good, "output": "-"}), "null",
             json.dumps({**good, "sise": 3, "output": "b.png"}), json.dumps({**good, "output": "d.png"})]
    Path("jobs.jsonl").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    code, text = impasto("batch", "jobs.jsonl")
    expect(code, 65, text)
    holds("2 made, 4 failed" in text, text)
    for place in (3, 4, 5, 6):
        holds(f"jobs.jsonl:{place}" in text, text)


@case
def odd_numbers_of_schedulers_get_a_sentence():
    Path("jobs.jsonl").write_text(json.dumps({"content": "c.png", "styles": ["s.png"], "output": "o.png"}))
    for odd in ({"SLURM_ARRAY_TASK_ID": "x"}, {"SLURM_ARRAY_TASK_ID": "5"}, {"JOB_COMPLETION_INDEX": "3"},
                {"SLURM_ARRAY_TASK_ID": str(-(2**63)), "SLURM_ARRAY_TASK_MIN": str(2**63 - 1), "SLURM_ARRAY_TASK_COUNT": "2"}):
        refused(impasto("batch", "jobs.jsonl", env={**os.environ, **odd}), 64, next(iter(odd)))


@case
def names_that_are_no_UTF8_are_refused():
    shutil.copyfile("c.png", b"\xff.png")
    for pair in (["--content", b"\xff.png", "-o", "o.png"], ["--content", "c.png", "-o", b"\xff-o.png"]):
        code = subprocess.run([PROGRAM, "transfer", "--style", "s.png", *QUICK, *pair], capture_output=True, timeout=60)
        expect(code.returncode, 64, code.stderr.decode(errors="replace"))
        holds(b"UTF-8" in code.stderr, code.stderr)
    expect(sorted(os.listdir(b".")), [b"c.png", b"s.png", b"\xff.png"])


@case
def names_with_blanks_dashes_and_line_feeds():
    for name in ("-dash.png", "a b.png", "a\nb.png", "\U0001f600.png", "it's \"it\".png"):
        shutil.copyfile("c.png", name)
        code, text = impasto("transfer", "--content", name, "--style", "s.png", *QUICK, "-o", f"o{name}")
        expect(code, 0, text)
        holds(Path(f"o{name}").exists(), name)


@case
def a_pipe_in_the_folder_is_not_waited_for():
    expect(impasto("transfer", *PAIR, *QUICK, "-o", "o.png")[0], 0)
    Path("s.png").rename("other.png")
    for name in ("a.png", "s.png"):
        os.mkfifo(name)
    code, text = impasto("rerun", "o.png", "--quiet", "-o", "again.png", timeout=30)
    expect(code, 0, text)
    code, text = impasto("batch", "--content", ".", "--style", "other.png", *QUICK, "--out-dir", "out", timeout=60)
    expect(code, 0, text)


@case
def what_is_printed_to_a_full_disk_is_no_success():
    with open("/dev/full", "wb") as full:
        run = subprocess.run([PROGRAM, "compare", "c.png", "s.png", "--layers", "conv_1"], stdout=full, timeout=60,
                             stderr=subprocess.DEVNULL)
    expect(run.returncode, 73)


def until_it_paints(process, log):
    for _ in range(600):
        if Path(log).exists() and Path(log).read_text().count("\n") > 2:
            return
        holds(process.poll() is None, "it ended by itself")
        time.sleep(0.1)
    raise AssertionError("it does not begin to paint")


@case
def signals_save_the_picture():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        process = start("transfer", *PAIR, *LONG, "--quiet", "--log", "l.jsonl", "-o", "o.png")
        until_it_paints(process, "l.jsonl")
        process.send_signal(number)
        code = process.wait(60)
        holds(code in (130, 128 + number), f"{number.name}: {code}")
        holds(Path("o.png").exists(), f"{number.name}: no picture")
        for name in ("o.png", "l.jsonl"):
            Path(name).unlink()


@case
def two_signals_at_once_save_the_picture_too():
    process = start("transfer", *PAIR, *LONG, "--quiet", "--log", "l.jsonl", "-o", "o.png")
    until_it_paints(process, "l.jsonl")
    process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    process.wait(60)
    holds(Path("o.png").exists(), "no picture")


@case
def nohup_goes_on():
    process = start(
        "transfer", *PAIR, *LONG, "--quiet", "--log", "l.jsonl", "-o", "o.png",
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    until_it_paints(process, "l.jsonl")
    process.send_signal(signal.SIGHUP)
    time.sleep(2)
    running = process.poll() is None
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    holds(running, "it ended")


@case
def a_log_on_a_full_disk_keeps_the_picture():
    code, text = impasto("transfer", *PAIR, *QUICK, "--log", "/dev/full", "-o", "o.png")
    expect(code, 73, text)
    holds(Path("o.png").exists(), "no picture")


@case
def a_reader_that_goes_away():
    process = start("transfer", *PAIR, "--size", "48", "--iterations", "20", "-o", "o.png")
    process.stdout.close()
    expect(process.wait(60), 0)
    holds(Path("o.png").exists(), "no picture")


@case
def closed_streams():
    for stream in (0, 1, 2):
        run = subprocess.run(
            ["sh", "-c", f'exec "$@" {stream}>&-', "sh", PROGRAM, "transfer", *PAIR, "--size", "48", "--iterations", "3",
             "-o", "o.png"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        expect(run.returncode, 0, f"stream {stream}")


# Limits


@case
def limits_of_addresses_are_refused_at_once():
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        for megabytes in (250, 400, 600, 800, 1000):
            begin = time.time()
            code, text = impasto(
                "transfer", *PAIR, *QUICK, "-o", "o.png", timeout=20,
                preexec_fn=lambda: resource.setrlimit(kind, (megabytes << 20,) * 2))
            # The more there is, the sooner it is enough: how much that is depends on the threads.
            if code or megabytes <= 400:
                expect(code, 65, f"{megabytes} MB: {text.strip()[-200:]}")
                holds("ulimit" in text, text)
            holds(time.time() - begin < 10, f"{megabytes} MB: {time.time() - begin:.1f} s")


@case
def enough_addresses_are_enough():
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        code, text = impasto(
            "transfer", *PAIR, *QUICK, "--threads", "2", "-o", "o.png",
            preexec_fn=lambda: resource.setrlimit(kind, (2600 << 20,) * 2))
        expect(code, 0, text)


@case
def a_picture_that_needs_more_memory_than_allowed_is_refused_before_it_is_decoded():
    large = ROOT / "Tests" / "Fixtures" / "images" / "large.jxl"
    features = ("features", "--image", large, "--layers", "conv_1", "--size", "32", "-o", "f.safetensors")
    def limited(kind):
        return lambda: resource.setrlimit(kind, (600 << 20,) * 2)
    for more in ({"preexec_fn": limited(resource.RLIMIT_AS)}, {"preexec_fn": limited(resource.RLIMIT_DATA)}, {}):
        code, text = impasto(*features, "--threads", "1", *([] if more else ["--memory-limit", "300M"]), timeout=20, **more)
        if code == 66 and "libjxl" in text:
            return  # It is not installed.
        expect(code, 65, text)
        holds("decoded all at once" in text and "5000×4000" in text, text)


# Numbers and words


@case
def absurd_numbers_get_a_sentence():
    for more in (["--size", 2**63 - 1], ["--size", 2**62, "--plan"], ["--iterations", 2**63 - 1, "--plan"]):
        code, text = impasto("transfer", *PAIR, *more, "-o", "o.png")
        holds(code in (64, 65), f"{more}: {code} {text[-200:]}")
    code, text = impasto("texture", "--style", "s.png", "--width", 4 * 10**9, "--height", 4 * 10**9, "--plan", "-o", "o.png")
    holds(code in (64, 65), f"{code} {text[-200:]}")


@case
def numbers_below_zero_are_read_as_numbers():
    for option in ("--size", "--iterations", "--content-weight", "--tv-weight", "--seed"):
        code, text = impasto("transfer", *PAIR, option, "-5", "-o", "o.png")
        expect(code, 64, text)
        holds("Missing value" not in text, text)


@case
def settings_say_what_is_wrong():
    for text, word in (('{"iterations":2.5}', "iterations"), ('{"seed":99999999999999999999999}', "seed"),
                       ('{"size":"48"}', "size"), ('{"size":48', "line 1")):
        Path("set.json").write_text(text)
        code, found = impasto("transfer", *PAIR, "--settings", "set.json", "-o", "o.png")
        holds(code in (64, 65), f"{text}: {code}")
        holds(word in found, f"{text}: {found}")


@case
def losses_that_are_not_finite_are_an_error():
    refused(impasto("transfer", *PAIR, *QUICK, "--style-weight", "1e300", "-o", "o.png"), 65, "weight")


@case
def Adam_that_diverges_tells_which_picture_is_written():
    code, text = impasto(
        "transfer", *PAIR, "--size", "48", "--scales", "48:5", "--optimizer", "adam", "--learning-rate", "1e30", "-o", "o.png")
    expect(code, 0, text)
    holds("best" in text, text)


@case
def colour_in_either_spelling():
    expect(impasto("transfer", *PAIR, *QUICK, "--init", "color", "-o", "o.png")[0], 0)


@case
def compare_fits_sizes():
    Path("large.png").write_bytes(png(96, 72, noise(96, 72), 3))
    code, text = impasto("compare", "large.png", "c.png", "--layers", "conv_1")
    expect(code, 0, text)


@case
def rerun_finds_files_beside_the_picture():
    Path("in").mkdir()
    for name in ("c.png", "s.png"):
        Path(name).rename(f"in/{name}")
    expect(impasto("transfer", *PAIR, *QUICK, "-o", "o.png", cwd="in")[0], 0)
    code, text = impasto("rerun", "in/o.png", "--quiet", "-o", "again.png")
    expect(code, 0, text)


@case
def rerun_takes_new_places_of_its_files():
    expect(impasto("transfer", *PAIR, *QUICK, "-o", "o.png")[0], 0)
    Path("elsewhere").mkdir()
    Path("c.png").rename("elsewhere/photograph")
    code, text = impasto("rerun", "o.png", "--content", "elsewhere/photograph", "--quiet", "-o", "again.png")
    expect(code, 0, text)
    holds(read_png("again.png") == read_png("o.png"), "another picture")


@case
def looks_that_need_too_much_memory_are_refused():
    for command in (["compare", "c.png", "s.png"],
                    ["features", "--image", "c.png", "--size", "9000", "--layers", "all", "-o", "x.safetensors"]):
        refused(impasto(*command, "--memory-limit", "40M"), 65, "memory")


def main():
    global PROGRAM
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = os.path.abspath(sys.argv[1])
    wrong, done = 0, 0
    for name, function in CASES.items():
        if len(sys.argv) > 2 and not any(word in name for word in sys.argv[2:]):
            continue
        done += 1
        here = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            pictures()
            try:
                function()
                print(f"right  {name}", flush=True)
            except (AssertionError, subprocess.TimeoutExpired, OSError, KeyError, ValueError) as error:
                wrong += 1
                print(f"WRONG  {name}: {error}", flush=True)
            finally:
                os.chdir(here)
    print(f"{done - wrong} right, {wrong} wrong")
    sys.exit(1 if wrong or not done else 0)


if __name__ == "__main__":
    main()
