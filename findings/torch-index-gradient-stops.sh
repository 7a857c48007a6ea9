#!/usr/bin/env bash
# PyTorch: in bfloat16 the gradient of x[index] stops at 256, that of gather does not.
#
# Expected: ways to read one element 1000 times have one gradient, 1000 for ones; sums of bfloat16 are taken in float
#           and rounded once, as sum, cumsum, mean and products do it.
# Found:    x[index], index_select, embedding and padding by "replicate" add their gradients one by one in bfloat16, in
#           which 256 + 1 is 256; gather, expand and repeat give 1000. So index_add stops at 256 and scatter_add does
#           not, and segment_reduce(…, "mean") of ones is 0.256. float16 stops at 2048. In a model
#           in bfloat16 a row that many samples share is trained by a part of its gradient.
# Versions: PyTorch 2.13.0 (CPU), NumPy 2.4.6, Python 3.11. Found on 2026-11-28.
# Output of this script then:
#   gradient: x[index] 256, index_select 256, embedding 256, pad replicate 256, gather 1000, expand 1000, repeat 1000
#   sum: index_add 256, segment_reduce 256, scatter_add 1000, sum 1000
#   mean: segment_reduce 0.2559, mean 1
#
# Ends with 0 while that is so, with 1 when it has changed. Needs python3 and a package index.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet torch==2.13.0 numpy==2.4.6
cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import torch
from torch.nn.functional import embedding, pad

index, ones = torch.zeros(1000, dtype=torch.long), torch.ones(1000, dtype=torch.bfloat16)


def gradient(read):
    x = torch.ones(1, dtype=torch.bfloat16, requires_grad=True)
    read(x).sum().backward()
    return x.grad.item()


gradients = {
    "x[index]": gradient(lambda x: x[index]),
    "index_select": gradient(lambda x: x.index_select(0, index)),
    "embedding": gradient(lambda x: embedding(index, x[:, None])),
    "pad replicate": gradient(lambda x: pad(x[None, None], (999, 0), mode="replicate")),
    "gather": gradient(lambda x: x.gather(0, index)),
    "expand": gradient(lambda x: x.expand(1000)),
    "repeat": gradient(lambda x: x.repeat(1000)),
}
zero, lengths = torch.zeros(1, dtype=torch.bfloat16), torch.tensor([1000])
sums = {
    "index_add": zero.index_add(0, index, ones).item(),
    "segment_reduce": torch.segment_reduce(ones, "sum", lengths=lengths).item(),
    "scatter_add": zero.scatter_add(0, index, ones).item(),
    "sum": ones.sum().item(),
}
means = {"segment_reduce": torch.segment_reduce(ones, "mean", lengths=lengths).item(), "mean": ones.mean().item()}
for name, found in (("gradient", gradients), ("sum", sums), ("mean", means)):
    print(f"{name}: " + ", ".join(f"{key} {value:.4g}" for key, value in found.items()))
sys.exit(0 if list(gradients.values()) == [256] * 4 + [1000] * 3 and list(sums.values()) == [256] * 2 + [1000] * 2
         and list(means.values()) == [0.255859375, 1] else 1)
PYTHON
