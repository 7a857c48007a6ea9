#!/usr/bin/env bash
# NumPy: an array called "a.npy" cannot be had from an archive that also has one called "a".
#
# Expected: numpy.savez keeps each array under the name that it was given, and numpy.load gives it back under that name.
# Found:    both are written, as the members "a.npy" and "a.npy.npy", and both names are listed; but asking for "a.npy"
#           gives the array "a", without a word. A name is looked up as a member first and as an array afterwards, so the
#           name of the one is the member of the other. Which of the two arrays comes depends on whether "a" is there:
#           alone, "a.npy" is itself.
# Versions: NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   files ['a', 'a.npy'] members ['a.npy', 'a.npy.npy']
#   a.npy beside a: [0.0, 0.0]
#   a.npy alone: [1.0, 1.0, 1.0]
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys
import zipfile

import numpy as np

np.savez("both.npz", **{"a": np.zeros(2), "a.npy": np.ones(3)})
np.savez("alone.npz", **{"a.npy": np.ones(3)})
both, alone = np.load("both.npz"), np.load("alone.npz")
print("files", both.files, "members", zipfile.ZipFile("both.npz").namelist())
print("a.npy beside a:", both["a.npy"].tolist())
print("a.npy alone:", alone["a.npy"].tolist())
sys.exit(0 if both["a.npy"].tolist() == [0, 0] and alone["a.npy"].tolist() == [1, 1, 1] else 1)
PYTHON
