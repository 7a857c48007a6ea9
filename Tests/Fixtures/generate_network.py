#!/usr/bin/env python3
"""Makes the reference values of VGG-19, its losses and the optimisers' curves in Tests/Fixtures/nn with PyTorch.

Run from the repository's root, with the weights in the cache (`make weights`):

    pip install torch==2.13.0 numpy pillow
    python3 Tests/Fixtures/generate_network.py

Values are computed in double precision from single-precision weights and pictures, so that a test measures this
library's rounding alone; the optimisers' curves are PyTorch's own, in single precision.
"""

import functools
import json
import os
import pathlib
import struct

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

OUT = pathlib.Path("Tests/Fixtures/nn")
CONTENT, STYLE = ("castle.jpg", 160), ("starry_night.jpg", 128)
STUDY_CONTENT, STUDY_STYLE = [9], [2, 4, 8, 16]
SAMPLES = 768
RELATIVE_STYLE_SCALE = 64.0
COVARIANCE_SCALE, MOMENTS_SCALE, WASSERSTEIN_SCALE = 64.0, 10.0, 10.0
torch.manual_seed(0)


# ---------------------------------------------------------------------------------------------------------------
# Files

def write_safetensors(path, tensors):
    """A dictionary of NumPy arrays as a safetensors file, in the order given."""
    kinds = {np.dtype("float32"): "F32", np.dtype("float64"): "F64"}
    header, blobs, offset = {}, [], 0
    for name, array in tensors.items():
        array = np.ascontiguousarray(array)
        header[name] = {
            "dtype": kinds[array.dtype], "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]
        }
        offset += array.nbytes
        blobs.append(array.tobytes())
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))
    print(f"{path}: {path.stat().st_size} bytes")


def picture(name, longest, top, left, height, width):
    """A crop of a bundled picture made smaller: [1, 3, height, width], multiples of 1/255."""
    image = Image.open(f"Examples/Images/{name}").convert("RGB")
    scale = longest / max(image.size)
    image = image.resize([round(side * scale) for side in image.size], Image.Resampling.LANCZOS)
    pixels = np.asarray(image, dtype=np.float32)[top:top + height, left:left + width] / np.float32(255)
    assert pixels.shape == (height, width, 3), pixels.shape
    return torch.from_numpy(pixels.transpose(2, 0, 1)[None].copy())


def samples(array):
    """SAMPLES elements at even steps through the flattened array, the first and the last among them."""
    flat = array.reshape(-1)
    count = min(SAMPLES, flat.numel())
    return flat[[i * (flat.numel() - 1) // max(count - 1, 1) for i in range(count)]].detach().numpy()


# ---------------------------------------------------------------------------------------------------------------
# The network

class VGG19:
    KEYS = [2, 5, 9, 12, 16, 19, 22, 25, 29, 32, 35, 38, 42, 45, 48, 51]
    POOL_AFTER = {2, 4, 8, 12, 16}

    def __init__(self, dtype, pooling="max", padding="zero"):
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        weights = torch.load(f"{cache}/impasto/vgg_normalised.pth", map_location="cpu", weights_only=True)
        self.weights = {key: value.to(dtype) for key, value in weights.items()}
        self.pooling, self.padding = pooling, padding

    def pad(self, x, number):
        mode = {"zero": "constant", "replicate-first": "replicate" if number == 1 else "constant"}.get(
            self.padding, self.padding)
        return F.pad(x, (1, 1, 1, 1), mode=mode)

    def __call__(self, image, deepest=16):
        """The convolutions' outputs before their ReLU, by number."""
        w, outputs = self.weights, {}
        x = F.conv2d(image, w["0.weight"], w["0.bias"])
        for number, key in enumerate(self.KEYS[:deepest], start=1):
            x = outputs[number] = F.conv2d(self.pad(x, number), w[f"{key}.weight"], w[f"{key}.bias"])
            x = F.relu(x)
            if number in self.POOL_AFTER:
                x = F.max_pool2d(x, 2) if self.pooling == "max" else F.avg_pool2d(x, 2)
        return outputs


# ---------------------------------------------------------------------------------------------------------------
# The losses, from their sources' formulas

def gram(features):
    rows = features.flatten(2)
    return rows @ rows.transpose(1, 2)


def content_loss(kind, f, p):
    if kind == "relative":
        return ((f - p) ** 2).sum() / (p ** 2).sum()
    if kind == "sum":
        return ((f - p) ** 2).sum() / 2
    return F.mse_loss(f, p)


def style_loss(kind, f, s):
    """Gram matrices for a pixel; `scale` makes each kind its source's formula for pictures of one size."""
    c, m = f.shape[1], f.shape[2] * f.shape[3]
    g, a = gram(f) / m, gram(s) / (s.shape[2] * s.shape[3])
    if kind == "relative":
        return RELATIVE_STYLE_SCALE * ((g - a) ** 2).sum() / (a ** 2).sum()
    if kind == "sum":
        return ((m * g - m * a) ** 2).sum() / (4 * c ** 2 * m ** 2)
    if kind == "study":
        return F.mse_loss(m * g / c ** 2, m * a / c ** 2)
    return F.mse_loss(g / c, a / c)


def symmetric_root(a):
    values, vectors = torch.linalg.eigh(a)
    return vectors @ torch.diag_embed(values.clamp(min=0).sqrt()) @ vectors.transpose(-1, -2)


def statistics(features):
    """Means and covariances of features, and their mean square length."""
    rows = features.flatten(2)
    mean = rows.mean(2, keepdim=True)
    centred = rows - mean
    covariance = centred @ centred.transpose(1, 2) / rows.shape[2]
    return mean, covariance, (mean ** 2).sum() + torch.einsum("nii->", covariance)


# What makes a style weight of ½ strong in `relative`.
KAPPA = {"covariance": COVARIANCE_SCALE, "moments": MOMENTS_SCALE, "wasserstein": WASSERSTEIN_SCALE}


def statistic_loss(statistic, kind, f, s):
    channels = f.shape[1]
    (mean, covariance, _), (target_mean, target, energy) = statistics(f), statistics(s)
    relative = kind == "relative"
    mean_square = ((mean - target_mean) ** 2).sum()
    whole = KAPPA[statistic] / energy if relative else 1 / channels
    if statistic == "covariance":
        part = KAPPA[statistic] / (target ** 2).sum() if relative else 1 / channels ** 2
        return whole * mean_square + part * ((covariance - target) ** 2).sum()
    if statistic == "moments":
        softening = 1e-6 * energy / channels
        deviation, wanted = [(c.diagonal(dim1=1, dim2=2) + softening).sqrt() for c in (covariance, target)]
        return whole * (mean_square + ((deviation - wanted) ** 2).sum())
    softening = 1e-4 * (torch.einsum("nii->", target) / channels if relative else 1)
    covariance, target = [c + softening * torch.eye(channels, dtype=c.dtype) for c in (covariance, target)]
    root = symmetric_root(target)
    values = torch.linalg.eigvalsh(root @ covariance @ root)
    spread = torch.einsum("nii->", covariance + target) - 2 * values.clamp(min=0).sqrt().sum()
    return whole * (mean_square + spread)


def total_variation(x):
    return ((x[..., 1:, :] - x[..., :-1, :]) ** 2).mean() + ((x[..., 1:] - x[..., :-1]) ** 2).mean()


class Objective:
    def __init__(self, network, content, style, kind, content_layers=STUDY_CONTENT, style_layers=STUDY_STYLE,
                 content_weight=1.0, style_weight=0.5, tv_weight=0.0, statistic="gram"):
        self.network, self.kind = network, kind
        self.style_loss = style_loss if statistic == "gram" else functools.partial(statistic_loss, statistic)
        self.content_layers, self.style_layers = content_layers, style_layers
        self.weights = (content_weight, style_weight, tv_weight)
        with torch.no_grad():
            features = network(content)
            self.content = {layer: features[layer] for layer in content_layers}
            features = network(style)
            self.style = {layer: features[layer] for layer in style_layers}
            self.tv_scale = 1 / max(float(total_variation(content)), 2 / 255 ** 2) if kind == "relative" else 1.0

    def terms(self, x):
        features = self.network(x, max(self.content_layers + self.style_layers))
        reduce = torch.mean if self.kind in ("relative", "sum") else torch.sum
        zero = torch.zeros((), dtype=x.dtype)
        content = [content_loss(self.kind, features[layer], self.content[layer]) for layer in self.content_layers]
        style = [self.style_loss(self.kind, features[layer], self.style[layer]) for layer in self.style_layers]
        tv = self.tv_scale * total_variation(x)
        content = reduce(torch.stack(content)) if self.weights[0] else zero
        style = reduce(torch.stack(style)) if self.weights[1] else zero
        tv = tv if self.weights[2] else zero
        return content, style, tv, sum(weight * term for weight, term in zip(self.weights, (content, style, tv)))

    def __call__(self, x):
        return self.terms(x)[3]


# ---------------------------------------------------------------------------------------------------------------
# Curves

# A rate at which PyTorch's own curves in single and double precision agree to 1e-4; at 0.02 they part by 8e-4,
# because Adam's first steps take the sign of gradients that rounding may turn.
ADAM_RATE = 0.005


def adam_curve(objective, start, steps=20, rate=ADAM_RATE):
    x = start.clone().requires_grad_()
    optimizer = torch.optim.Adam([x], lr=rate)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = objective(x)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def lbfgs_curve(objective, start, steps=20):
    """(evaluations, loss) after every iteration."""
    x = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([x], max_iter=1, history_size=20, line_search_fn="strong_wolfe", max_eval=10_000,
                                  tolerance_grad=0, tolerance_change=0)
    curve, evaluations = [], 0

    def closure():
        nonlocal evaluations
        evaluations += 1
        optimizer.zero_grad()
        loss = objective(x)
        loss.backward()
        return loss

    for _ in range(steps):
        optimizer.step(closure)
        # Each call evaluates where the last one ended once more, which no one iteration of many would.
        evaluations -= 1
        with torch.no_grad():
            curve.append((evaluations + 1, objective(x).item()))
    return curve


# ---------------------------------------------------------------------------------------------------------------

def main():
    OUT.mkdir(exist_ok=True)
    content = picture(*CONTENT, top=16, left=24, height=80, width=96)
    style = picture(*STYLE, top=8, left=10, height=64, width=72)
    generator = torch.Generator().manual_seed(1)
    # On the way from the content to noise, where no loss and no gradient is near zero.
    image = (content + 0.1 * torch.randn(content.shape, generator=generator)).clamp(0, 1)
    noise = torch.rand((1, 3, 64, 64), generator=generator)
    write_safetensors(OUT / "pictures.safetensors", {
        "content": content.numpy(), "style": style.numpy(), "image": image.numpy(), "noise": noise.numpy()})

    content64, style64, image64 = content.double(), style.double(), image.double()
    features = {}
    for pooling in ("max", "average"):
        outputs = VGG19(torch.float64, pooling)(content64)
        for number, output in outputs.items():
            if pooling == "max" or number in (9, 16):
                name = f"{pooling}.conv_{number}"
                features[name] = samples(output).astype(np.float32)
                features[f"{name}.norm"] = np.array(output.norm().item())
                if pooling == "max" and number in STUDY_STYLE:
                    matrix = gram(output) / (output.shape[2] * output.shape[3])
                    features[f"{name}.gram"] = samples(matrix).astype(np.float32)
                    features[f"{name}.gram.norm"] = np.array(matrix.norm().item())
    write_safetensors(OUT / "features.safetensors", features)

    losses = {}
    for kind in ("relative", "mean", "sum", "study"):
        objective = Objective(VGG19(torch.float64), content64, style64, kind, tv_weight=0.25)
        x = image64.clone().requires_grad_()
        terms = objective.terms(x)
        terms[3].backward()
        losses[f"{kind}.terms"] = np.array([term.item() for term in terms])
        # One row in four, which keeps the file small.
        losses[f"{kind}.gradient"] = x.grad[:, :, ::4].numpy().astype(np.float32)
        losses[f"{kind}.gradient.norm"] = np.array(x.grad.norm().item())
    write_safetensors(OUT / "losses.safetensors", losses)

    paddings = {}
    for mode in ("reflect", "replicate", "circular", "replicate-first"):
        outputs = VGG19(torch.float64, padding=mode)(content64)
        for number in (1, 9, 16):
            paddings[f"{mode}.conv_{number}"] = samples(outputs[number]).astype(np.float32)
            paddings[f"{mode}.conv_{number}.norm"] = np.array(outputs[number].norm().item())
    write_safetensors(OUT / "paddings.safetensors", paddings)

    losses = {}
    for statistic in KAPPA:
        for kind in ("relative", "mean"):
            objective = Objective(VGG19(torch.float64), content64, style64, kind, statistic=statistic)
            x = image64.clone().requires_grad_()
            terms = objective.terms(x)
            terms[1].backward()
            losses[f"{statistic}.{kind}"] = np.array(terms[1].item())
            losses[f"{statistic}.{kind}.gradient"] = samples(x.grad).astype(np.float32)
            losses[f"{statistic}.{kind}.gradient.norm"] = np.array(x.grad.norm().item())
    write_safetensors(OUT / "statistics.safetensors", losses)

    network, small = VGG19(torch.float32), content[..., 8:72, 16:80].contiguous()
    crops = style[..., :64].contiguous()
    cases = {
        "content start, relative": (Objective(network, small, crops, "relative"), small),
        "noise start, mean": (Objective(network, small, crops, "mean", style_weight=10.0, tv_weight=1.0), noise),
        "texture from noise, average pooling, study": (
            Objective(VGG19(torch.float32, "average"), small, crops, "study", content_weight=0.0,
                      style_layers=[1, 3, 5, 9]), noise),
    }
    curves = {}
    for name, (objective, start) in cases.items():
        curves[name] = {"adam": adam_curve(objective, start), "lbfgs": lbfgs_curve(objective, start)}
        print(name, curves[name])
    (OUT / "curves.json").write_text(json.dumps(curves, indent=1) + "\n")


if __name__ == "__main__":
    main()
