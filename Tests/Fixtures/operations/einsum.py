import torch

from deterministic import uniform

equations = [
    ("ij->ji", [2, 3]),
    ("ij->", [2, 3]),
    ("ij->j", [2, 3]),
    ("ba", [2, 3]),
    ("ii", [3, 3]),
    ("ii->i", [3, 3]),
    ("iij->ji", [3, 3, 2]),
    ("iiik->k", [2, 2, 2, 3]),
    ("ijij->ij", [2, 3, 2, 3]),
    ("i,i->", [4], [4]),
    ("i,j->ij", [2], [3]),
    ("i,i->i", [4], [4]),
    ("ij,jk", [2, 3], [3, 4]),
    ("ij,kj->ik", [2, 3], [4, 3]),
    ("ji,kj->ki", [3, 2], [4, 3]),
    ("ij,j->i", [2, 3], [3]),
    ("bij,bjk->bik", [2, 3, 4], [2, 4, 2]),
    ("bi,bi->b", [2, 3], [2, 3]),
    ("bhqd,bkhd->bhqk", [2, 2, 3, 4], [2, 5, 2, 4]),
    ("abc,cbd->da", [2, 3, 4], [4, 3, 2]),
    ("abc,d->c", [2, 3, 4], [2]),
    ("ij,jk,kl->il", [2, 3], [3, 4], [4, 2]),
    ("i,ij,j->", [2], [2, 3], [3]),
    ("bn,anm,bm->ba", [2, 3], [4, 3, 2], [2, 2]),
    ("i,j,k,l->lkji", [2], [1], [3], [2]),
    ("...ij,...jk->...ik", [2, 1, 2, 3], [4, 3, 2]),
    ("...ij->...", [2, 3, 4]),
    ("...i,i...", [2, 3], [3, 4, 2]),
    ("i...->i", [2, 3, 4]),
    ("...", [2, 3]),
    ("ij , jB -> iB", [2, 1], [3, 2]),
    ("ij,ij->ij", [1, 3], [2, 1]),
    (",i->i", [], [3]),
    ("ij,jk->ik", [2, 0], [0, 3]),
    ("ij,jk->i", [0, 2], [2, 3]),
]

cases = {
    equation: ([uniform(shape) for shape in shapes], lambda *x, e=equation: torch.einsum(e, *x))
    for equation, *shapes in equations
}
