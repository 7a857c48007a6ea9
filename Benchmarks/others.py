#!/usr/bin/env python3
"""Paints by another program's own code, beside ours: for `pictures.py --other`.

    others.py stp  FOLDER CONTENT STYLE --size 256 --seconds 60 -o FILE     (style-transfer-pytorch, by Katherine Crowson)
    others.py nnst FOLDER CONTENT STYLE --size 256 --seconds 60 -o FILE     (NeuralNeighborStyleTransfer, by its authors)

FOLDER is a clone of the program, of which nothing is copied here. Its own functions paint with its own settings; only the
numbers of iterations are scaled, all by one factor, so that it takes as many seconds of the processor (`--seconds 0`: as many
iterations as its own). How long an iteration takes is found by short runs before. The last line of what is printed is
JSON: the seconds of the run itself, without imports, weights and those short runs, and the factor.

Networks come out of the cache that `make weights weights-perceptual` fills: torchvision's VGG-16 as it is; for its VGG-19
the one of Gatys et al., whose layers are scaled to be as strong as VGG-16's are on the photograph, since the programs'
weights of losses are meant for torchvision's scale. Needs PyTorch, torchvision, tqdm, tifffile, aiohttp and imageio.
"""

import argparse
import json
import pathlib
import sys
import time
import types

import numpy as np
import torch
import torchvision
import vgg16
from bench import CACHE
from PIL import Image
from torch.nn import functional as F

MEAN, DEVIATION = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
# The first convolution of each block, VGG-16's and VGG-19's, counted from 0.
FIRST_16, FIRST_19 = (0, 2, 4, 7, 10), (0, 2, 4, 8, 12)


# Networks

def vgg16_weights():
    return [(torch.tensor(kernel), torch.tensor(bias)) for kernel, bias in vgg16.layers()]


def vgg19_weights():
    """Gatys' network for a picture that torchvision's normalisation went over."""
    stored = torch.load(CACHE / "vgg_normalised.pth", weights_only=True)
    names = [name for name in stored if name.endswith(".weight")]
    layers = [(stored[name], stored[name.replace("weight", "bias")]) for name in names[1:]]
    before, offset = stored[names[0]][:, :, 0, 0], stored[names[0].replace("weight", "bias")]
    kernel, bias = layers[0]
    offset = offset + before @ MEAN
    layers[0] = (torch.einsum("oikl,ij->ojkl", kernel, before * DEVIATION), bias + torch.einsum("oikl,i->o", kernel, offset))
    return layers


def network(letter, layers):
    """torchvision's convolutions with these weights; those beyond are left as they are made, since no method sees them."""
    features = torchvision.models.vgg.make_layers(torchvision.models.vgg.cfgs[letter])
    with torch.no_grad():
        for layer, (kernel, bias) in zip((part for part in features if isinstance(part, torch.nn.Conv2d)), layers):
            layer.weight.copy_(kernel)
            layer.bias.copy_(bias)
    return features


def strengths(features, picture, wanted):
    """The mean of what each wanted convolution says of a picture."""
    found, number = {}, -1
    with torch.no_grad():
        for layer in features:
            picture = layer(picture)
            if isinstance(layer, torch.nn.Conv2d):
                number += 1
                if number in wanted:
                    found[number] = F.relu(picture).mean().item()
    return [found[number] for number in wanted]


def install(content):
    """Lets torchvision give the networks of the cache."""
    sixteen = network("D", vgg16_weights())
    layers = vgg19_weights()
    picture = torch.from_numpy(np.asarray(Image.open(content).convert("RGB").resize((224, 224)), np.float32) / 255)
    picture = ((picture - MEAN) / DEVIATION).permute(2, 0, 1)[None]
    goal = strengths(sixteen, picture, FIRST_16)
    own = strengths(network("E", layers), picture, FIRST_19)
    before, scaled = 1.0, []
    for number, (kernel, bias) in enumerate(layers):
        block = sum(number >= first for first in FIRST_19) - 1
        scale = goal[block] / own[block]
        scaled.append((kernel * (scale / before), bias * scale))
        before = scale
    nineteen = network("E", scaled)
    torchvision.models.vgg16 = lambda *_, **__: types.SimpleNamespace(features=sixteen)
    torchvision.models.vgg19 = lambda *_, **__: types.SimpleNamespace(features=nineteen)


# Programs: each gives a function that paints with a factor of its own iterations, and returns a picture.

def stp(options):
    from style_transfer import StyleTransfer

    content, style = (Image.open(path).convert("RGB") for path in (options.content, options.style))
    first, others = 1000, 500

    def paint(factor):
        torch.manual_seed(0)
        return StyleTransfer(devices=["cpu"]).stylize(
            content, [style], end_scale=options.size, initial_iterations=max(1, round(first * factor)),
            iterations=max(1, round(others * factor)))

    return paint, (3 / first, 9 / first)


def nnst(options):
    file = pathlib.Path(options.folder) / "utils/stylize.py"
    text = file.read_text()
    # Two faults in small pictures, the first up to its own 512 pixels: the last pass compares the deepest layers with what
    # it kept of another, where its comment says what is meant, and eight halvings leave nothing.
    sparsely = "                # Sparsely sample feature tensors if too big"
    halvings = "min(8, min(*content_im.shape[2:], *style_im.shape[2:]).bit_length() - 1)"
    for old, new in ((sparsely, "                cs_tmp = cur_tmp\n" + sparsely),
                     ("pyr_levs = 8\n", f"pyr_levs = {halvings}\n")):
        if text.count(old) != 1:
            sys.exit(f"others: {file} is of another version")
        text = text.replace(old, new)
    module = types.ModuleType("stylize")
    exec(compile(text, str(file), "exec"), module.__dict__)
    from pretrained.vgg import Vgg16Pretrained
    from utils import misc

    misc.USE_GPU = False
    torch.Tensor.cuda = lambda tensor, *_, **__: tensor
    extractor = Vgg16Pretrained()
    content, style = (misc.load_path_for_pytorch(path, target_size=options.size)[None]
                      for path in (options.content, options.style))
    # Of 512 pixels its program makes four sizes, of 1024 five: the smallest is of 64.
    sizes = max(1, int(np.log2(options.size / 64)) + 1)

    def paint(factor):
        torch.manual_seed(0)
        np.random.seed(0)
        module.random.seed(0)
        painted = module.produce_stylization(
            content, style, lambda x, y, z: extractor.forward(x, inds=y, concat=z), max_iter=max(1, round(200 * factor)),
            lr=2e-3, content_weight=0.25, max_scls=sizes, flip_aug=not options.no_flip)
        return Image.fromarray((painted[0].permute(1, 2, 0).detach().clamp(0, 1).numpy() * 255).astype(np.uint8))

    return paint, (1 / 200, 3 / 200)


def taken(paint, factor):
    begin = time.process_time()
    picture = paint(factor)
    return time.process_time() - begin, picture


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program", choices=("stp", "nnst"))
    parser.add_argument("folder", help="a clone of the program")
    parser.add_argument("content")
    parser.add_argument("style")
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--no_flip", action="store_true", help="nnst's own option: no turned paintings, so a fourth of the work")
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    sys.path.insert(0, options.folder)
    install(options.content)
    paint, (few, more) = {"stp": stp, "nnst": nnst}[options.program](options)
    factor = 1.0
    if options.seconds:
        taken(paint, few)
        short, long = taken(paint, few)[0], taken(paint, more)[0]
        slope = max(long - short, 1e-3) / (more - few)
        factor = min(1.0, max(few, few + (options.seconds - short) / slope))
    seconds, picture = taken(paint, factor)
    picture.save(options.output)
    print(json.dumps({"seconds": seconds, "factor": factor}))


if __name__ == "__main__":
    main()
