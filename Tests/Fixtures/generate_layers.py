#!/usr/bin/env python3
"""Makes Tests/Fixtures/nn/layers.safetensors and training.json with PyTorch: what layers, losses, optimisers and
learning-rate schedules give.

Run from the repository's root:

    pip install torch==2.13.0 numpy pillow
    python3 Tests/Fixtures/generate_layers.py

All in double precision. A layer NAME has NAME.state.… (the names are PyTorch's own), NAME.input, NAME.output,
NAME.covector w, and the gradients of Σ w·output: NAME.gradient.input and NAME.gradient.…; in training mode also
NAME.after.…, the buffers after the call.
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from deterministic import uniform
from generate_network import write_safetensors

OUT = pathlib.Path("Tests/Fixtures/nn")
torch.set_default_dtype(torch.float64)
tensors = {}


def numbers(shape, seed, low=-1.0, high=1.0):
    return torch.from_numpy(np.ascontiguousarray(uniform(list(shape), low, high)(seed)))


def is_counter(name):
    return name.endswith("num_batches_tracked")


def layer(name, module, *shapes, call=None, training=False):
    module.train(training)
    module.zero_grad()
    for seed, (_, parameter) in enumerate(module.named_parameters()):
        parameter.data = numbers(parameter.shape, seed + 10)
    for key, buffer in module.named_buffers():
        if not is_counter(key):
            buffer.copy_(numbers(buffer.shape, 40, 0.5, 2.0))
    for key, value in module.state_dict().items():
        if not is_counter(key):
            tensors[f"{name}.state.{key}"] = value.numpy().copy()
    inputs = [numbers(shape, seed).requires_grad_() for seed, shape in enumerate(shapes)]
    output = (call or module)(*inputs)
    covector = numbers(output.shape, 50)
    (output * covector).sum().backward()
    for key, value in zip(("input", "keys", "values"), inputs):
        tensors[f"{name}.{key}"] = value.detach().numpy()
        tensors[f"{name}.gradient.{key}"] = value.grad.numpy()
    tensors[f"{name}.output"] = output.detach().numpy()
    tensors[f"{name}.covector"] = covector.numpy()
    for key, parameter in module.named_parameters():
        tensors[f"{name}.gradient.{key}"] = parameter.grad.numpy()
    if training:
        for key, buffer in module.named_buffers():
            if not is_counter(key):
                tensors[f"{name}.after.{key}"] = buffer.numpy()


def layers():
    nn = torch.nn
    layer("linear", nn.Linear(5, 3), [2, 4, 5])
    layer("linear, no bias", nn.Linear(5, 3, bias=False), [4, 5])
    layer("conv1D", nn.Conv1d(4, 6, 3, stride=2, padding=1, dilation=2, groups=2), [2, 4, 9])
    layer("conv2D", nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2), [2, 4, 7, 6])
    layer("transposedConv1D", nn.ConvTranspose1d(4, 6, 3, 2, 1, output_padding=1, groups=2, dilation=2), [2, 4, 5])
    layer("transposedConv2D", nn.ConvTranspose2d(4, 6, (3, 2), (2, 3), (1, 0), (1, 2), 2, dilation=(2, 1)),
          [2, 4, 3, 4])
    layer("batchNorm, training", nn.BatchNorm2d(3, momentum=0.2), [4, 3, 2, 3], training=True)
    layer("batchNorm, used", nn.BatchNorm2d(3), [4, 3, 2, 3])
    layer("batchNorm, vectors", nn.BatchNorm1d(3, affine=False), [5, 3], training=True)
    layer("batchNorm, batch alone", nn.BatchNorm2d(3, track_running_stats=False), [4, 3, 2, 3])
    layer("rmsNorm", nn.RMSNorm([3, 4], eps=1e-5), [2, 3, 4])
    layer("rmsNorm, plain", nn.RMSNorm(4, elementwise_affine=False), [2, 3, 4])
    layer("prelu", nn.PReLU(), [2, 3, 4])
    layer("prelu, channels", nn.PReLU(3), [2, 3, 4])
    layer("layerNorm", nn.LayerNorm([3, 4]), [2, 3, 4])
    layer("groupNorm", nn.GroupNorm(2, 6), [2, 6, 3, 2])
    layer("instanceNorm", nn.InstanceNorm2d(3), [2, 3, 4, 3])
    layer("instanceNorm, affine", nn.InstanceNorm1d(3, affine=True), [2, 3, 6])
    layer("sequential", nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.BatchNorm1d(6), nn.Linear(6, 2)), [5, 4],
          training=True)
    attention = nn.MultiheadAttention(6, 2, batch_first=True)
    layer("attention", attention, [2, 4, 6], call=lambda x: attention(x, x, x, need_weights=False)[0])
    layer("attention, causal", attention, [2, 4, 6], call=lambda x: attention(
        x, x, x, need_weights=False, attn_mask=torch.ones(4, 4, dtype=torch.bool).triu(1))[0])
    # Keys 0 … 2 of the first example and 0 … 4 of the second may be looked at.
    hidden = torch.tensor([[0, 0, 0, 1, 1], [0, 0, 0, 0, 0]], dtype=torch.bool)
    layer("attention, masked", attention, [2, 3, 6], [2, 5, 6], [2, 5, 6], call=lambda q, k, v: attention(
        q, k, v, need_weights=False, key_padding_mask=hidden)[0])
    embedding = nn.Embedding(7, 3)
    things = torch.tensor([[1, 6, 1], [0, 3, 1]])
    embedding.weight.data = numbers([7, 3], 10)
    covector = numbers([2, 3, 3], 50)
    output = embedding(things)
    (output * covector).sum().backward()
    tensors.update({
        "embedding.state.weight": embedding.weight.detach().numpy(), "embedding.input": things.double().numpy(),
        "embedding.output": output.detach().numpy(), "embedding.covector": covector.numpy(),
        "embedding.gradient.weight": embedding.weight.grad.numpy()})


def flat(*results):
    """Outputs and states in a row."""
    return torch.cat([x.flatten() for x in results])


def turned(x, base=100.0, halves=True, start=3):
    """Rotary positions: each pair of features as a complex number, times that of its angle."""
    length, features = x.shape[-2:]
    position = torch.arange(start, start + length, dtype=torch.float64)[:, None]
    turns = torch.exp(1j * position * base ** (-torch.arange(0, features, 2, dtype=torch.float64) / features))
    if halves:
        pairs = torch.complex(x[..., :features // 2], x[..., features // 2:]) * turns
        return torch.cat([pairs.real, pairs.imag], -1)
    return torch.view_as_real(torch.complex(x[..., ::2], x[..., 1::2]) * turns).flatten(-2)


def sequence_layers():
    nn = torch.nn
    for name, options in {
        "": {}, ", no bias": {"bias": False},
        ", deep": {"num_layers": 2, "bidirectional": True},
    }.items():
        lstm, gru = (kind(3, 4, batch_first=True, **options) for kind in (nn.LSTM, nn.GRU))
        layer("lstm" + name, lstm, [2, 5, 3], call=lambda x: (lambda y, s: flat(y, *s))(*lstm(x)))
        layer("gru" + name, gru, [2, 5, 3], call=lambda x: flat(*gru(x)))
    lstm, gru = nn.LSTM(3, 4, batch_first=True), nn.GRU(3, 4, batch_first=True)
    layer("lstm, from a state", lstm, [2, 5, 3], [1, 2, 4], [1, 2, 4],
          call=lambda x, h, c: (lambda y, s: flat(y, *s))(*lstm(x, (h, c))))
    layer("gru, from a state", gru, [2, 5, 3], [1, 2, 4], call=lambda x, h: flat(*gru(x, h)))

    # Keys 0 … 2 of the first example and all of the second may be looked at.
    hidden = torch.tensor([[0, 0, 0, 1, 1], [0, 0, 0, 0, 0]], dtype=torch.bool)
    later = torch.ones(4, 4, dtype=torch.bool).triu(1)
    for name, is_pre_norm, activation in (("post", False, "relu"), ("pre", True, "gelu")):
        options = dict(dim_feedforward=5, activation=activation, batch_first=True, norm_first=is_pre_norm)
        encoder, decoder = nn.TransformerEncoderLayer(6, 2, **options), nn.TransformerDecoderLayer(6, 2, **options)
        layer(f"encoder, {name}", encoder, [2, 5, 6], call=lambda x: encoder(x, src_key_padding_mask=hidden))
        layer(f"decoder, {name}", decoder, [2, 4, 6], [2, 5, 6],
              call=lambda x, m: decoder(x, m, tgt_mask=later, memory_key_padding_mask=hidden))

    x = numbers([2, 3, 4, 6], 0)
    tensors.update({"rotary.input": x.numpy(), "rotary.halves": turned(x).numpy(),
                    "rotary.neighbours": turned(x, halves=False).numpy()})
    q, k, v = (numbers([2, length, 4], seed) for seed, length in enumerate((3, 5, 5)))
    for name, few, many in (("more keys", q, (k, v)), ("more queries", k, (q, numbers([2, 3, 4], 3)))):
        for alignment, diagonal in (("start", 0), ("end", many[0].shape[1] - few.shape[1])):
            seen = torch.ones(few.shape[1], many[0].shape[1], dtype=torch.bool).tril(diagonal)
            # A query without any key gets the mean here, which PyTorch leaves open.
            output = F.scaled_dot_product_attention(few, *many, attn_mask=torch.where(seen, 0.0, -1e300))
            tensors[f"aligned.{name}.{alignment}"] = output.numpy()
    for seed, x in enumerate((q, k, v, numbers([2, 3, 4], 3))):
        tensors[f"aligned.{seed}"] = x.numpy()


def loss(name, function, *inputs):
    inputs = [x.clone().requires_grad_() for x in inputs]
    output = function(*inputs)
    # A sum of unlike weights, so that unreduced losses are told apart.
    weight = numbers(output.shape, 50, 0.5, 1.5)
    (output * weight).sum().backward()
    tensors[f"loss.{name}"] = output.detach().numpy()
    tensors[f"loss.{name}.weight"] = weight.numpy()
    for index, x in enumerate(inputs):
        tensors[f"loss.{name}.gradient.{index}"] = x.grad.numpy()


def losses():
    logits, picture = numbers([5, 4], 1, -3, 3), numbers([2, 4, 3], 2, -3, 3)
    classes, pixels = torch.tensor([0, 3, 2, 2, 1]), torch.tensor([[0, 3, -1], [2, -1, 1]])
    distributions = torch.softmax(numbers([5, 4], 3, -2, 2), 1)
    certain = distributions.clone()
    certain[1] = torch.tensor([0.0, 1, 0, 0])
    truths, a, b = numbers([5, 4], 4, 0, 1).round(), numbers([5, 4], 5, -2, 2), numbers([5, 4], 6, -2, 2)
    alike = torch.tensor([1, -1, 1, -1, -1])
    tensors.update({
        "logits": logits.numpy(), "picture": picture.numpy(), "classes": classes.double().numpy(),
        "pixels": pixels.double().numpy(), "distributions": distributions.numpy(), "certain": certain.numpy(),
        "truths": truths.numpy(), "a": a.numpy(), "b": b.numpy(), "alike": alike.double().numpy()})
    for reduction in ("mean", "sum", "none"):
        loss(f"crossEntropy.{reduction}", lambda z: F.cross_entropy(z, classes, reduction=reduction), logits)
        loss(f"crossEntropy, smoothed.{reduction}",
             lambda z: F.cross_entropy(z, classes, label_smoothing=0.1, reduction=reduction), logits)
        loss(f"crossEntropy, ignoring.{reduction}",
             lambda z: F.cross_entropy(z, pixels, ignore_index=-1, label_smoothing=0.2, reduction=reduction), picture)
        loss(f"crossEntropy, distributions.{reduction}",
             lambda z, t: F.cross_entropy(z, t, label_smoothing=0.1, reduction=reduction), logits, distributions)
        loss(f"negativeLogLikelihood.{reduction}",
             lambda z: F.nll_loss(F.log_softmax(z, 1), classes, reduction=reduction), logits)
        loss(f"binaryCrossEntropy.{reduction}",
             lambda z: F.binary_cross_entropy_with_logits(z, truths, reduction=reduction), logits)
        loss(f"binaryCrossEntropy, weighted.{reduction}", lambda z: F.binary_cross_entropy_with_logits(
            z, distributions, pos_weight=torch.tensor(2.5), reduction=reduction), logits)
        loss(f"squaredError.{reduction}", lambda x, y: F.mse_loss(x, y, reduction=reduction), a, b)
        loss(f"absoluteError.{reduction}", lambda x, y: F.l1_loss(x, y, reduction=reduction), a, b)
        loss(f"huber.{reduction}", lambda x, y: F.huber_loss(x, y, delta=0.7, reduction=reduction), a, b)
        loss(f"cosineEmbedding.{reduction}",
             lambda x, y: F.cosine_embedding_loss(x, y, alike, margin=0.1, reduction=reduction), a, b)
    loss("klDivergence.mean", lambda z: F.kl_div(F.log_softmax(z, 1), certain, reduction="batchmean"), logits)
    loss("klDivergence.sum", lambda z, t: F.kl_div(F.log_softmax(z, 1), t, reduction="sum"), logits, distributions)
    loss("klDivergence.none", lambda z: F.kl_div(F.log_softmax(z, 1), certain, reduction="none").sum(1), logits)
    loss("cosineSimilarity.none", lambda x, y: F.cosine_similarity(x, y, dim=0), a, b)


# ---------------------------------------------------------------------------------------------------------------
# Training

STEPS = 20


def followed(optimizer, parameters, gradients):
    """All parameters after every step along given gradients."""
    curve = []
    for step in range(STEPS):
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient[step].clone()
        optimizer.step()
        curve.append([float(x) for parameter in parameters for x in parameter.detach().flatten()])
    return curve


def optimizer_curve(make):
    """Two parameters after every step along given gradients."""
    parameters = [numbers([3, 2], 1).requires_grad_(), numbers([2], 2).requires_grad_()]
    gradients = [numbers([STEPS, 3, 2], 3), numbers([STEPS, 2], 4)]
    optimizer = make(parameters)
    return followed(optimizer, parameters, gradients)


def schedule_curve(make, steps=STEPS, rate=0.4):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
    schedule = make(optimizer)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return rates


def group_curve():
    """Three parameters after every step, of which each has figures of its own."""
    parameters = [numbers([3, 2], 1), numbers([2], 2), numbers([2, 3], 5)]
    gradients = [numbers([STEPS, *x.shape], seed) for x, seed in zip(parameters, (3, 4, 6))]
    weight, bias, head = (x.requires_grad_() for x in parameters)
    optimizer = torch.optim.AdamW([
        {"params": [weight]}, {"params": [bias], "weight_decay": 0.0}, {"params": [head], "lr": 0.3},
    ], lr=0.03, weight_decay=0.2)
    return followed(optimizer, parameters, gradients)


def average_curve():
    """The mean of a parameter that takes given values, the first of which it begins with."""
    model, values = torch.nn.Linear(2, 1, bias=False), numbers([STEPS, 1, 2], 3)
    swa = torch.optim.swa_utils
    average = swa.AveragedModel(model, multi_avg_fn=swa.get_ema_multi_avg_fn(0.8))
    curve = []
    for value in values:
        model.weight.data = value.clone()
        average.update_parameters(model)
        curve.append([float(x) for x in average.module.weight.flatten()])
    return curve


def plateau_curve(figures, **options):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, eps=0, **options)
    rates = []
    for figure in figures:
        schedule.step(figure)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


def training():
    o, s = torch.optim, torch.optim.lr_scheduler
    optimizers = {
        "SGD": lambda p: o.SGD(p, lr=0.1, weight_decay=0.01),
        "SGD, momentum": lambda p: o.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
        "SGD, Nesterov": lambda p: o.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
        "SGD, dampening": lambda p: o.SGD(p, lr=0.1, momentum=0.9, dampening=0.3),
        "RMSProp": lambda p: o.RMSprop(p, lr=0.02, alpha=0.9, weight_decay=0.01),
        "RMSProp, momentum": lambda p: o.RMSprop(p, lr=0.02, alpha=0.9, momentum=0.8),
        "RMSProp, centred": lambda p: o.RMSprop(p, lr=0.02, alpha=0.9, centered=True, weight_decay=0.01),
        "RMSProp, centred, momentum": lambda p: o.RMSprop(p, lr=0.01, alpha=0.9, centered=True, momentum=0.5),
        "Adam": lambda p: o.Adam(p, lr=0.03, betas=(0.8, 0.95)),
        "AdamW": lambda p: o.AdamW(p, lr=0.03, betas=(0.8, 0.95), weight_decay=0.2),
    }
    schedules = {
        "constant": lambda x: s.ConstantLR(x, factor=1.0),
        "step": lambda x: s.StepLR(x, step_size=3, gamma=0.5),
        "exponential": lambda x: s.ExponentialLR(x, gamma=0.9),
        "cosine": lambda x: s.CosineAnnealingLR(x, T_max=STEPS, eta_min=0.01),
        "cosine, warm-up": lambda x: s.SequentialLR(
            x, [s.LinearLR(x, start_factor=1 / 6, total_iters=5), s.CosineAnnealingLR(x, T_max=STEPS - 5)], [5]),
        "oneCycle": lambda x: s.OneCycleLR(x, max_lr=0.4, total_steps=STEPS + 1, cycle_momentum=False),
    }
    clipped = numbers([4, 3], 7).requires_grad_(), numbers([5], 8).requires_grad_()
    for x in clipped:
        x.grad = 2 * x.detach()
    norm = float(torch.nn.utils.clip_grad_norm_(clipped, 1.5))
    figures = [3, 2, 2, 2.5, 1.9999, 2, 1.5, 1.6, 1.6, 1.6, 1.6, 1.6, 1.6, 1.6, 1.6, float("nan"), 1.6, 1.6, 1.2, 1.2]
    (OUT / "training.json").write_text(json.dumps({
        "groups": group_curve(),
        "average": average_curve(),
        "plateaus": {
            "lower": plateau_curve(figures, factor=0.5, patience=2),
            "cooldown": plateau_curve(figures, factor=0.1, patience=1, cooldown=3, min_lr=0.01),
            "higher": plateau_curve(figures, mode="max", factor=0.5, patience=3, threshold=0.01),
        },
        "optimizers": {name: optimizer_curve(make) for name, make in optimizers.items()},
        "schedules": {name: schedule_curve(make) for name, make in schedules.items()},
        "clipping": {"norm": norm, "gradient": [float(g) for x in clipped for g in x.grad.flatten()]},
    }) + "\n")


if __name__ == "__main__":
    layers()
    sequence_layers()
    losses()
    write_safetensors(OUT / "layers.safetensors", tensors)
    training()
