from functools import partial

import torch
import torch.nn.functional as F

from deterministic import away_from_zero, spread, uniform, values
from operations import _patterns

cases = {}
pointwise = partial(_patterns.pointwise, cases)
special = partial(_patterns.special, cases)

pointwise("logit", uniform, 0.1, 0.9, torch.logit)
special("logit", torch.logit)
pointwise("softplus", uniform, -3, 3, lambda x: x.exp().log1p())
pointwise("silu", uniform, -3, 3, F.silu)
# F.gelu itself subtracts nearly equal numbers below 0.
pointwise("gelu", uniform, -3, 3, lambda x: x * torch.erfc(-x * 0.5**0.5) / 2)
pointwise("gelu, tanh", uniform, -3, 3, lambda x: F.gelu(x, approximate="tanh"))
pointwise("elu", away_from_zero, 0.2, 2, F.elu)
pointwise("elu, alpha", away_from_zero, 0.2, 2, lambda x: F.elu(x, alpha=0.75))
pointwise("leakyReLU", away_from_zero, 0.2, 2, F.leaky_relu)
pointwise("leakyReLU, slope", away_from_zero, 0.2, 2, lambda x: F.leaky_relu(x, 0.25))
pointwise("mish", uniform, -3, 3, F.mish)
pointwise("hardSigmoid", spread, -5, 5, F.hardsigmoid)
pointwise("hardSwish", spread, -5, 5, F.hardswish)
pointwise("hardTanh", spread, -2, 2, F.hardtanh)
pointwise("softsign", away_from_zero, 0.2, 2, F.softsign)
special("softsign", F.softsign)

far = values([-30, -25, -12, -6, 0, 6, 12, 25, 30, 60])
cases["softplus, far"] = ([far], lambda x: torch.logaddexp(x, torch.zeros_like(x)))
cases["silu, far"] = ([far], F.silu)
cases["gelu, far"] = ([far], lambda x: x * torch.erfc(-x * 0.5**0.5) / 2)
cases["gelu, tanh far"] = ([far], lambda x: F.gelu(x, approximate="tanh"))
cases["mish, far"] = ([far], F.mish)
cases["elu, far"] = ([far], F.elu)

pointwise("logSigmoid", uniform, -3, 3, F.logsigmoid)
special("logSigmoid", F.logsigmoid)
pointwise("celu", away_from_zero, 0.2, 2, lambda x: F.celu(x, 1.5))
special("celu", F.celu)
pointwise("selu", away_from_zero, 0.2, 2, F.selu)
special("selu", F.selu)
pointwise("relu6", spread, -3, 9, F.relu6)
special("relu6", F.relu6)
pointwise("softShrink", spread, -2, 2, F.softshrink)
special("softShrink", lambda x: F.softshrink(x, 0.75))
pointwise("hardShrink", spread, -2, 2, F.hardshrink)
special("hardShrink", lambda x: F.hardshrink(x, 0.75))
pointwise("tanhShrink", uniform, -3, 3, F.tanhshrink)
pointwise("threshold", spread, -2, 2, lambda x: F.threshold(x, 0.3, -7))
special("threshold", lambda x: F.threshold(x, 0.3, -7))
for suffix, shape, axis in [
    ("", [2, 3, 4], -1), (", first axis", [4, 3], 0), (", single", [1, 2], 1), (", empty", [0, 4], 1),
]:
    cases["glu" + suffix] = ([uniform(shape)], lambda x, a=axis: F.glu(x, a))
