#!/usr/bin/env bash
# NumPy and ml_dtypes: numpy.save writes files that numpy.load refuses, and others that no longer say what they hold.
#
# Expected: an array of a type that NumPy's format has no code for is refused by numpy.save, or keeps the name of its
#           type; whatever is saved can be loaded.
# Found:    the code in the file is made of the type's kind letter and its width, whether NumPy knows such a type or not.
#           float8_e5m2 becomes '<f1' and complex32 '<W4': saved without a word, and "not a valid dtype descriptor" when
#           loaded. The other types of less than two bytes, among them the rest of the float8 family, float4 and int4,
#           all become '<V1', bytes of no type: they load, as void, and nothing tells one from another. bfloat16 becomes
#           '<V2', which is told from other void arrays by its '<' alone; loaded and saved again it is '|V2'.
# Versions: NumPy 2.4.6, ml_dtypes 0.6.0, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   float8_e5m2 <f1 refused
#   complex32 <W4 refused
#   float8_e4m3fn <V1 loaded as |V1
#   float8_e8m0fnu <V1 loaded as |V1
#   float4_e2m1fn <V1 loaded as |V1
#   int4 <V1 loaded as |V1
#   bfloat16 <V2 loaded as |V2
#   bfloat16 loaded and saved again: |V2
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet numpy==2.4.6 ml_dtypes==0.6.0
cd "$folder"
venv/bin/python - <<'PYTHON'
import io
import sys

import ml_dtypes
import numpy as np


def saved(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def code(content):
    return content.split(b"'descr': '")[1].split(b"'")[0].decode()


def loaded(content):
    try:
        return "loaded as " + np.load(io.BytesIO(content)).dtype.str
    except ValueError as error:
        return "refused" if "not a valid dtype descriptor" in str(error) else repr(error)


expected = {
    "float8_e5m2": "<f1 refused", "complex32": "<W4 refused", "float8_e4m3fn": "<V1 loaded as |V1",
    "float8_e8m0fnu": "<V1 loaded as |V1", "float4_e2m1fn": "<V1 loaded as |V1", "int4": "<V1 loaded as |V1",
    "bfloat16": "<V2 loaded as |V2",
}
found = {}
for name in expected:
    content = saved(np.array([1, 2]).astype(getattr(ml_dtypes, name)))
    found[name] = f"{code(content)} {loaded(content)}"
    print(name, found[name])
again = code(saved(np.load(io.BytesIO(content))))
print("bfloat16 loaded and saved again:", again)
sys.exit(0 if found == expected and again == "|V2" else 1)
PYTHON
