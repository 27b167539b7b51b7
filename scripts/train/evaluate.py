"""Measures a model on a fixed set of rendered pairs whose photographs were kept out of training.

    python -m train.evaluate MODEL_FOLDER --textures textures.npz            a folder with model.safetensors and config.json
    python -m train.evaluate RUN_FOLDER --plan configuration.json --textures textures.npz
    python -m train.evaluate MODEL_FOLDER --set ../testdata/validation       the committed set, see validation_set.py

Matching: for pixels of A that B sees, the distance in pixels between the nearest descriptor of B and the truth; also by
the view angle, at which both cameras see the pixel's point. Depth: median of |z - z_true| / z_true of view A, as predicted and after the best common factor. Focal: median over pixels of
f_x and f_y that the pointmap implies, against the truth. `classical` is the 136-d orientation histogram of classical.py.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from .classical import histograms
from network import read_config
from .pairs import Pairs, make_pairs
from .scenes import KINDS, Dice
from .textures import Atlas
from .training import Plan, Training, forward

SEED = 20_240_614
ANGLES = ((0, 30), (30, 60), (60, 180))
STEP = 8  # of the grid of truths in a committed set


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


def view_angles(points: Tensor, eye: Tensor) -> Tensor:
    """Angles in degrees [...] at which the origin and the camera centre `eye` see points [..., 3]."""
    rays = torch.nn.functional.normalize(points, dim=-1), torch.nn.functional.normalize(points - eye, dim=-1)
    return torch.rad2deg((rays[0] * rays[1]).sum(-1).clamp(-1, 1).acos())


def by_angle(errors: Tensor, angles: Tensor) -> dict[str, float]:
    """Prints the errors by view angle and returns the figures of every bin that has a pixel, and of all up to 60 degrees."""
    out = {}
    for low, high in (*ANGLES, (0, 60)):
        chosen = errors[(angles >= low) & (angles < high)]
        if len(chosen):
            name = f"{low} to {high}" if high < 180 else f"{low} up"
            print(f"view angle {name:8s} {summary(chosen)}  ({len(chosen)} pixels)")
            key = f"angle_{low}_{high}"
            out |= {f"{key}_median_px": chosen.median().item(), f"{key}_within_2": (chosen < 2).float().mean().item(),
                    f"{key}_within_5": (chosen < 5).float().mean().item()}
    return out


def focal_of(points: Tensor, centre: Tensor) -> Tensor:
    """The focal length that a pointmap [H, W, 3] in its own camera's frame implies."""
    h, w, _ = points.shape
    y, x = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    offset = torch.stack([x, y], -1).to(points) - centre
    return (offset.norm(dim=-1) * points[..., 2] / points[..., :2].norm(dim=-1).clamp(min=1e-6)).median()


@torch.no_grad()
def evaluate(weights, network, batches: list[Pairs], classical: bool = False) -> dict[str, float]:
    arch = network.architecture()
    every, kinds, baseline, depth, scaled, focal, sure, angles = [], [], [], [], [], [], [], []
    for pairs in batches:
        a, b, _ = forward(weights, arch, pairs.image_a, pairs.image_b)
        dense = [histograms(x) for x in (pairs.image_a, pairs.image_b)] if classical else None
        for i in range(len(pairs.kinds)):
            errors, chosen = match_errors(a["descriptors"], b["descriptors"], pairs, i)
            every.append(errors)
            kinds.append(pairs.kinds[i].expand(len(errors)))
            first, second = pairs.cameras
            eye = first.to_camera(second.position()[:, None])[i, 0]
            angles.append(view_angles(pairs.points_a[i].flatten(0, 1)[chosen], eye))
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
    out = by_angle(errors, torch.cat(angles))
    if classical:
        print(f"classical  {summary(torch.cat(baseline))}")
    out |= {"median_px": errors.median().item(), "within_2": (errors < 2).float().mean().item(),
            "within_5": (errors < 5).float().mean().item(), "depth": torch.stack(depth).median().item(),
            "depth_scaled": torch.stack(scaled).median().item(), "focal": torch.stack(focal).median().item()}
    print(f"depth error {100 * out['depth']:.1f} %, after scaling {100 * out['depth_scaled']:.1f} %; "
          f"focal error {100 * out['focal']:.1f} %")
    return out


@torch.no_grad()
def evaluate_set(weights, network, folder: Path) -> dict[str, float]:
    """The same figures of a committed set of pairs.txt, images and truth.npz, from the truths of its grid."""
    truth = np.load(folder / "truth.npz")
    every, angles, depth, scaled, focal = [], [], [], [], []
    for number, line in enumerate((folder / "pairs.txt").read_text().splitlines()):
        fields = line.split()
        numbers = torch.tensor([float(x) for x in fields[2:]], dtype=torch.float64)
        motion = numbers[18:].view(4, 4)
        eye = (-motion[:3, :3].T @ motion[:3, 3]).float()
        images = [torch.from_numpy(np.array(Image.open(folder / name)))[None] for name in fields[:2]]
        a, b, _ = forward(weights, network.architecture(), *images)
        height, width = images[0].shape[1:3]
        y, x = torch.meshgrid(torch.arange(STEP // 2, height, STEP), torch.arange(STEP // 2, width, STEP), indexing="ij")
        x, y = x.flatten(), y.flatten()
        true_z = torch.from_numpy(truth[f"{number:02d}_depth"].astype(np.float32))
        there = torch.from_numpy(truth[f"{number:02d}_there"])
        fx, cx, cy = numbers[0].item(), numbers[2].item(), numbers[5].item()
        points = torch.stack([(x - cx) / fx, (y - cy) / fx, torch.ones_like(true_z)], -1) * true_z[:, None]
        seen = there.isfinite().all(-1)
        best = (a["descriptors"][0, y[seen], x[seen]] @ b["descriptors"][0].flatten(0, 1).T).argmax(1)
        other = b["descriptors"].shape[2]
        every.append((torch.stack([best % other, best // other], -1) - there[seen]).norm(dim=-1))
        angles.append(view_angles(points[seen], eye))
        valid = true_z > 0
        z = a["points"][0, y, x][valid][:, 2]
        true = true_z[valid]
        depth.append(((z - true).abs() / true).median())
        scaled.append(((true.median() / z.median().clamp(min=1e-6) * z - true).abs() / true).median())
        focal.append((focal_of(a["points"][0], torch.tensor([cx, cy])) / fx - 1).abs())
        print(f"{fields[0]:16s} {summary(every[-1])}  depth {100 * depth[-1]:5.1f} %, scaled {100 * scaled[-1]:5.1f} %  focal {100 * focal[-1]:5.1f} %")
    errors = torch.cat(every)
    print(f"all      {summary(errors)}")
    out = by_angle(errors, torch.cat(angles))
    out |= {"median_px": errors.median().item(), "depth": torch.stack(depth).median().item(),
            "depth_scaled": torch.stack(scaled).median().item(), "focal": torch.stack(focal).median().item()}
    print(f"depth error {100 * out['depth']:.1f} %, after scaling {100 * out['depth_scaled']:.1f} %; focal error {100 * out['focal']:.1f} %")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plan", type=Path, help="the plan of a run folder; its averaged weights are taken")
    parser.add_argument("--textures", type=Path)
    parser.add_argument("--set", type=Path, help="a committed set instead of pairs that are rendered anew")
    parser.add_argument("--pairs", type=int, default=36)
    parser.add_argument("--height", type=int, default=192)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--classical", action="store_true", help="also measure the classical descriptors")
    args = parser.parse_args()
    if args.plan:
        weights, network = Training.average_of(args.folder), Plan.read(args.plan).network
    else:
        weights = {k: v.float() for k, v in load_file(args.folder / "model.safetensors").items()}
        network = read_config(args.folder / "config.json")
    if args.set:
        evaluate_set(weights, network, args.set)
        return
    atlas = Atlas.load(args.textures, "validation") if args.textures else Atlas.tiny(99)
    evaluate(weights, network, validation(atlas, args.pairs, args.height, args.width), args.classical)


if __name__ == "__main__":
    main()
