#!/usr/bin/env python3
"""Makes reference values of the tests again: those of the families named, or of all that can be made here.

    make fixtures [FAMILY="elementwise layers …"]
    python3 Tests/Fixtures/generate.py [--list] [FAMILY ...]

Each family has a script, which can be run by itself from the repository's root and says how its values come about.
A family of operation cases is a file of operations/; `operations` are all of them. Says which files came out other
than they were: with the versions of requirements.txt none should, unless the cases changed.
"""

import argparse
import hashlib
import importlib.util
import os
import pathlib
import subprocess
import sys
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAM = ROOT / ".build" / "release" / "impasto"
PACKAGES = {
    "PIL": "pillow", "pillow_heif": "pillow-heif", "skimage": "scikit-image", "pytorch_msssim": "pytorch-msssim",
    "DISTS_pytorch": "dists-pytorch"}
TRANSICC, CHROMIUM, AVIFENC = (pathlib.Path("/usr/bin") / name for name in ("transicc", "chromium", "avifenc"))


@dataclass
class Family:
    script: str
    makes: str
    modules: list
    arguments: list = field(default_factory=list)
    needs: list = field(default_factory=list)

    def missing(self):
        """What is not there, each with what to do about it."""
        found = [
            f"{name} is not installed; do: {sys.executable} -m pip install --requirement Tests/Fixtures/requirements.txt"
            for name in (PACKAGES.get(module, module) for module in self.modules if not has(module))
        ]
        return found[:1] + [need for path, need in self.needs if not path.exists()]


def has(module):
    return importlib.util.find_spec(module) is not None


def weights():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(cache) / "impasto" / "vgg_normalised.pth"


def all_families():
    operations = {
        name: Family("generate_operations.py", f"operations/{name}.json", ["numpy", "torch"], [name])
        for name in sorted(file.stem for file in (HERE / "operations").glob("[a-z]*.py"))
    }
    return operations | {
        "bounded": Family("generate_bounded.py", "nn/bounded.json", ["numpy", "scipy"]),
        "comparison": Family("images/comparison.py", "images/comparison.json", ["numpy", "scipy"]),
        "colours": Family(
            "colours/generate.py", "colours/*", ["numpy", "PIL"],
            needs=[(program, f"{program} is missing; do: apt-get install {package}")
                   for program, package in ((TRANSICC, "liblcms2-utils"), (CHROMIUM, "chromium"))]),
        "formats": Family(
            "formats/generate.py", "formats/*", ["numpy", "PIL", "tifffile", "imagecodecs", "pillow_heif"],
            needs=[(AVIFENC, f"{AVIFENC} is missing; do: apt-get install libavif-bin libjxl-tools")]),
        "functions": Family("generate_functions.py", "functions.json", ["mpmath"]),
        "help": Family(
            "help/generate.sh", "help/*.txt", [],
            needs=[(PROGRAM, "the program is not built; do: make build")]),
        "layers": Family("generate_layers.py", "nn/layers.safetensors, nn/training.json", ["numpy", "torch", "PIL"]),
        "network": Family(
            "generate_network.py", "the rest of nn/, in minutes", ["numpy", "torch", "PIL"],
            needs=[(weights(), "VGG-19's weights are not in the cache; do: make weights")]),
        "pictures": Family("images/generate.py", "images/*.png, *.jpg, expected.json", ["numpy", "PIL"]),
        "quality": Family(
            "quality/generate.py", "quality/*", ["numpy", "torch", "PIL", "skimage", "pytorch_msssim", "lpips", "DISTS_pytorch"]),
        "resampling": Family("generate_resampling.py", "resampling.json", ["numpy", "PIL"]),
        "serialization": Family(
            "serialization/generate.py", "serialization/*",
            ["ml_dtypes", "numpy", "safetensors", "scipy", "torch"]),
    }


def digests():
    files = (file for file in HERE.rglob("*") if file.is_file() and file.suffix not in {".py", ".pyc", ".sh"})
    return {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def run(name, family):
    """Whether the family's script went well; says what it changed."""
    before = digests()
    script = HERE / family.script
    command = [str(script)] if script.suffix == ".sh" else [sys.executable, str(script)]
    done = subprocess.run(command + family.arguments, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr, end="")
        print(f"fixtures: {name}: {family.script} failed", file=sys.stderr)
        return False
    after = digests()
    changed = sorted(str(file.relative_to(ROOT)) for file in after if after[file] != before.get(file))
    print(f"fixtures: {name}: " + (f"changed {', '.join(changed)}" if changed else "as before"))
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true", help="say which families there are, and what each makes")
    parser.add_argument("family", nargs="*")
    arguments = parser.parse_args()
    families = all_families()
    if arguments.list:
        for name, family in families.items():
            print(f"{name:20} {family.makes}")
        return 0
    names = [
        name for wanted in arguments.family or families
        for name in (
            [n for n, f in families.items() if f.script == "generate_operations.py"]
            if wanted == "operations" else [wanted])
    ]
    unknown = [name for name in names if name not in families]
    if unknown:
        print(f"fixtures: there is no family '{unknown[0]}'; there are operations, {', '.join(families)}",
              file=sys.stderr)
        return 64
    # Before anything is written: half of what was asked for helps nobody.
    lacking = {name: families[name].missing() for name in names}
    for name in (name for name in names if lacking[name]):
        for need in lacking[name]:
            print(f"fixtures: {name}: {need}", file=sys.stderr)
    if any(lacking.values()):
        return 66
    return 0 if all([run(name, families[name]) for name in names]) else 1


if __name__ == "__main__":
    sys.exit(main())
