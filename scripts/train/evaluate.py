"""Measures a model on a fixed set of rendered pairs whose photographs were kept out of training.

    python -m train.evaluate MODEL_FOLDER --textures textures.npz            a folder with model.safetensors and config.json
    python -m train.evaluate RUN_FOLDER --plan configuration.json --textures textures.npz

Matching: for pixels of A that B sees, the distance in pixels between the nearest descriptor of B and the truth. Depth:
median of |z - z_true| / z_true of view A, as predicted and after the best common factor. Focal: median over pixels of
f_x and f_y that the pointmap implies, against the truth. `classical` is the 136-d orientation histogram of classical.py.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from .classical import histograms
from network import read_config
from .pairs import Pairs, make_pairs
from .scenes import KINDS, Dice
from .textures import Atlas
from .training import Plan, Training, forward

SEED = 20_240_614


def validation(atlas: Atlas, count: int, height: int, width: int, device="cpu") -> list[Pairs]:
    """Batches of four pairs: half photographs, half scenes; an even spread of difficulty."""
    return [make_pairs(Dice(SEED + k, device), atlas, 4, height, width, hardness=(0.3, 0.6, 0.9)[k % 3], photo_share=0.5,
                       change=0.8) for k in range(count // 4)]


def match_errors(desc_a: Tensor, desc_b: Tensor, pairs: Pairs, item: int, count: int = 256) -> tuple[Tensor, Tensor]:
    """Errors in pixels of the nearest neighbours of `count` visible pixels, and those pixels' flat indices."""
    seen = pairs.seen_a[item].flatten().nonzero()[:, 0]
    if len(seen) == 0:
        return torch.zeros(0), seen
    chosen = seen[torch.linspace(0, len(seen) - 1, min(count, len(seen))).long()]
    best = (desc_a[item].flatten(0, 1)[chosen] @ desc_b[item].flatten(0, 1).T).argmax(1)
    width = desc_b.shape[2]
    found = torch.stack([best % width, best // width], -1)
    return (found - pairs.forth[item].flatten(0, 1)[chosen]).norm(dim=-1), chosen


def summary(errors: Tensor) -> str:
    return (f"median {errors.median():6.2f} px  within 2 px {100 * (errors < 2).float().mean():5.1f} %"
            f"  5 px {100 * (errors < 5).float().mean():5.1f} %")


def focal_of(points: Tensor, centre: Tensor) -> Tensor:
    """The focal length that a pointmap [H, W, 3] in its own camera's frame implies."""
    h, w, _ = points.shape
    y, x = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    offset = torch.stack([x, y], -1).to(points) - centre
    return (offset.norm(dim=-1) * points[..., 2] / points[..., :2].norm(dim=-1).clamp(min=1e-6)).median()


@torch.no_grad()
def evaluate(weights, network, batches: list[Pairs], classical: bool = False) -> dict[str, float]:
    arch = network.architecture()
    every, kinds, baseline, depth, scaled, focal, sure = [], [], [], [], [], [], []
    for pairs in batches:
        a, b, _ = forward(weights, arch, pairs.image_a, pairs.image_b)
        dense = [histograms(x) for x in (pairs.image_a, pairs.image_b)] if classical else None
        for i in range(len(pairs.kinds)):
            errors, chosen = match_errors(a["descriptors"], b["descriptors"], pairs, i)
            every.append(errors)
            kinds.append(pairs.kinds[i].expand(len(errors)))
            sure.append(a["descriptor_confidence"][i].flatten()[chosen])
            if classical:
                baseline.append(match_errors(*dense, pairs, i)[0])
            valid = pairs.valid_a[i]
            z, true = a["points"][i][valid][:, 2], pairs.points_a[i][valid][:, 2]
            depth.append(((z - true).abs() / true).median())
            factor = true.median() / z.median().clamp(min=1e-6)
            scaled.append(((factor * z - true).abs() / true).median())
            camera = pairs.cameras[0]
            focal.append((focal_of(a["points"][i], camera.centre[i]) / camera.focal[i] - 1).abs())
    errors, kinds, sure = torch.cat(every), torch.cat(kinds), torch.cat(sure)
    print(f"all      {summary(errors)}")
    for k, kind in enumerate(KINDS):
        if (kinds == k).any():
            print(f"{kind:8s} {summary(errors[kinds == k])}")
    top = sure >= sure.quantile(0.5)
    print(f"surer half {summary(errors[top])}")
    if classical:
        print(f"classical  {summary(torch.cat(baseline))}")
    out = {"median_px": errors.median().item(), "within_2": (errors < 2).float().mean().item(),
           "within_5": (errors < 5).float().mean().item(), "depth": torch.stack(depth).median().item(),
           "depth_scaled": torch.stack(scaled).median().item(), "focal": torch.stack(focal).median().item()}
    print(f"depth error {100 * out['depth']:.1f} %, after scaling {100 * out['depth_scaled']:.1f} %; "
          f"focal error {100 * out['focal']:.1f} %")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plan", type=Path, help="the plan of a run folder; its averaged weights are taken")
    parser.add_argument("--textures", type=Path)
    parser.add_argument("--pairs", type=int, default=36)
    parser.add_argument("--height", type=int, default=192)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--classical", action="store_true", help="also measure the classical descriptors")
    args = parser.parse_args()
    atlas = Atlas.load(args.textures, "validation") if args.textures else Atlas.tiny(99)
    if args.plan:
        weights, network = Training.average_of(args.folder), Plan.read(args.plan).network
    else:
        weights = {k: v.float() for k, v in load_file(args.folder / "model.safetensors").items()}
        network = read_config(args.folder / "config.json")
    evaluate(weights, network, validation(atlas, args.pairs, args.height, args.width), args.classical)


if __name__ == "__main__":
    main()
