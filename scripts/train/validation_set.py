"""Renders the committed validation set: twelve image pairs of which everything is known.

    python -m train.validation_set ROOT ../testdata/validation        ROOT: unpacked packages, see textures.py

Three pairs each of photographs on uneven planes, rooms, streets and table tops; the cameras see the common part from
directions up to 60 degrees apart. Every pixel is the mean of 2 x 2 rays; light, colour, blur and noise differ between the
two images. One seed fixes everything, up to the rounding of the processor and of the versions of torch and Pillow.

    images/NN_a.jpg, NN_b.jpg   384x288, two pairs 288x384
    pairs.txt                   A B K_A(9) K_B(9) T_AtoB(16); pixel centres are whole numbers, metres
    truth.npz                   of every 8th pixel of A from (4, 4) on, row by row: `NN_there` [n, 2], where B shows the
                                same point, pixels, NaN if it does not; `NN_depth` [n], metres, 0 for the sky
"""
from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from .pairs import correspond, lights
from .photometric import disturb
from .render import Cameras, Scenes, cast, render
from .scenes import KINDS, QUADS, Dice, overlap, sample_cameras, sample_scenes, select
from .textures import Atlas, images, procedural

SEED = 20_261_123
LONG, SHORT, STEP = 384, 288, 8
PHOTO, MATERIAL = 768, 512  # finer than in training, for textures that are spread wider
CHANGE = 0.5

# Only what may be redistributed; those of the second line stand in textures.SOURCES as well, the others are never trained on.
PHOTOS = [
    *("usr/share/doc/opencv-doc/examples/" + name for name in (
        "data/starry_night.jpg", "data/chicky_512.png", "data/aero1.jpg", "data/leuvenA.jpg", "data/left.jpg",
        "alphamat/input_images/plant.jpg")),
    *("usr/share/palapeli/collection/" + name for name in ("cincinnati-bridge.jpg", "citrus-fruits.jpg", "european-honey-bee.jpg")),
    *("usr/lib/python3/dist-packages/skimage/data/" + name for name in ("chelsea.png", "coffee.png", "rocket.jpg")),
    "usr/lib/python3/dist-packages/scipy/misc/face.dat",
]
MATERIALS = ["usr/lib/python3/dist-packages/skimage/data/" + name for name in ("brick.png", "grass.png", "gravel.png")]


@dataclass(frozen=True)
class Slot:
    """What a pair of the set should be: a kind of scene, the view angle in degrees, and whether it stands upright."""

    kind: str
    angle: float
    portrait: bool = False


SLOTS = [Slot("photo", 12), Slot("photo", 30), Slot("photo", 50, portrait=True), Slot("room", 10), Slot("room", 25), Slot("room", 45),
         Slot("street", 8), Slot("street", 20), Slot("street", 40, portrait=True), Slot("table", 15), Slot("table", 35),
         Slot("table", 60)]


def atlas_of(root: Path) -> Atlas:
    """The free textures: photographs and materials of packages, and procedural ones that no training has."""
    def load(names, size):
        return [np.asarray(next(images(root / name)).convert("RGB").resize((size, size), Image.LANCZOS)) for name in names]

    made = procedural(24, MATERIAL, SEED)
    materials = torch.cat([torch.from_numpy(np.stack(load(MATERIALS, MATERIAL))), made])
    return Atlas(torch.from_numpy(np.stack(load(PHOTOS, PHOTO))), materials)


def angle_between(points: Tensor, first: Cameras, second: Cameras) -> Tensor:
    """Angles in degrees [B, h, w] at which two cameras see world points [B, h, w, 3]."""
    rays = [torch.nn.functional.normalize(points - camera.position()[:, None, None], dim=-1) for camera in (first, second)]
    return torch.rad2deg((rays[0] * rays[1]).sum(-1).clamp(-1, 1).acos())


def choose(slot: Slot, dice: Dice, atlas: Atlas, height: int, width: int, count: int = 144, kept: int = 12):
    """Of `count` random scenes with cameras, one near to the slot (angle, overlap of 40 to 85 %, little roll) and rich."""
    kinds = torch.full((count,), KINDS.index(slot.kind))
    scene, target = sample_scenes(dice, atlas, kinds)
    if slot.kind != "photo":  # repeated textures make places that no one can tell apart; pictures on a room's walls are whole
        scene.repeat[:, QUADS if slot.kind == "room" else 0:] *= 0.5
    first, second = sample_cameras(dice, kinds, target, height, width, hardness=min(1.0, 0.2 + slot.angle / 60))
    both = torch.minimum(overlap(scene, first, second, height, width, 16), overlap(scene, second, first, height, width, 16))
    points, which, _, _ = cast(scene, first, height, width, 16)
    pixels, z = second.project(points)
    seen = (which >= 0) & (z > 0) & (pixels[..., 0] > 0) & (pixels[..., 0] < width) & (pixels[..., 1] > 0) & (pixels[..., 1] < height)
    angle = angle_between(points, first, second).masked_fill(~seen, float("nan")).flatten(1).nanmedian(1).values
    turn = second.rotation @ first.rotation.transpose(1, 2)
    roll = torch.rad2deg(torch.atan2(turn[:, 1, 0] - turn[:, 0, 1], turn[:, 0, 0] + turn[:, 1, 1])).abs()
    miss = (angle - slot.angle).abs().nan_to_num(180.0) + 200 * ((0.4 - both).clamp(min=0) + (both - 0.85).clamp(min=0))
    miss = miss + (roll - 15).clamp(min=0)
    near = miss.argsort()[:kept]
    scene, first, second = (select(thing, near) for thing in (scene, first, second))
    best = (richness(scene, first, height, width, atlas) + richness(scene, second, height, width, atlas) - miss[near] / 15).argmax()
    return tuple(select(thing, best[None]) for thing in (scene, first, second))


def richness(scene: Scenes, cameras: Cameras, height: int, width: int, atlas: Atlas) -> Tensor:
    """How much a view shows: the share of its parts that have detail, and how many things stand in it; [B]."""
    small = Cameras(cameras.rotation, cameras.translation, cameras.focal / 2, (cameras.centre - 0.5) / 2)
    plain = torch.tensor([[0.0, 0, -1, 0, 1]]).expand(len(cameras.focal), -1)
    image, _, _, which, _ = render(scene, small, height // 2, width // 2, atlas, plain)
    grey = image.mean(-1)[:, None]
    deviation = (torch.nn.functional.avg_pool2d(grey ** 2, 8) - torch.nn.functional.avg_pool2d(grey, 8) ** 2).clamp(min=0).sqrt()
    things = torch.stack([(row.unique(return_counts=True)[1] > 0.02 * row.numel()).sum() for row in which])
    return 2 * (deviation > 0.05).flatten(1).float().mean(1) + 0.15 * things.clamp(max=6)


def finer(cameras: Cameras) -> Cameras:
    """The same cameras with pixels of half the size."""
    return Cameras(cameras.rotation, cameras.translation, 2 * cameras.focal, 2 * cameras.centre + 0.5)


def picture(scene: Scenes, cameras: Cameras, height: int, width: int, atlas: Atlas, light: Tensor) -> Tensor:
    """The image [1, H, W, 3] in 0..1, the mean of 2 x 2 rays a pixel."""
    image = render(scene, finer(cameras), 2 * height, 2 * width, atlas, light)[0]
    return torch.nn.functional.avg_pool2d(image.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1)


def matrix_of(cameras: Cameras) -> list[float]:
    f, (x, y) = cameras.focal[0].item(), cameras.centre[0].tolist()
    return [f, 0, x, 0, f, y, 0, 0, 1]


def motion(first: Cameras, second: Cameras) -> list[float]:
    """T with x_B = T x_A, row by row, in float64."""
    (ra, ta), (rb, tb) = ((c.rotation[0].double(), c.translation[0].double()) for c in (first, second))
    u, _, v = torch.linalg.svd(rb @ ra.T)
    rotation = u @ v
    full = torch.eye(4, dtype=torch.float64)
    full[:3, :3], full[:3, 3] = rotation, tb - rotation @ ta
    return full.flatten().tolist()


@torch.no_grad()
def make(slots: list[Slot], atlas: Atlas, target: Path, long: int = LONG, short: int = SHORT) -> None:
    """Renders one pair a slot into the folder."""
    (target / "images").mkdir(parents=True, exist_ok=True)
    lines, truth = [], {}
    for number, slot in enumerate(slots):
        dice = Dice(SEED + number)
        height, width = (long, short) if slot.portrait else (short, long)
        scene, first, second = choose(slot, dice, atlas, height, width)
        shown = [picture(scene, camera, height, width, atlas, light)
                 for camera, light in zip((first, second), lights(dice, 1, CHANGE))]
        pictures = disturb(torch.cat(shown), dice, CHANGE)
        plain = torch.tensor([[0.0, 0, -1, 0, 1]])
        (_, world, valid, *_), (_, other, other_valid, _, metres) = (
            render(scene, camera, height, width, atlas, plain) for camera in (first, second))
        there, seen = correspond(world, valid, second, other, other_valid, metres)
        grid = (0, slice(STEP // 2, None, STEP), slice(STEP // 2, None, STEP))
        depth = first.to_camera(world)[..., 2].where(valid, torch.zeros(()))
        angles = angle_between(world, first, second)[seen]
        names = [f"images/{number:02d}_{side}.jpg" for side in "ab"]
        for name, picture_of in zip(names, pictures):
            Image.fromarray(picture_of.numpy()).save(target / name, quality=90, subsampling=0)
        truth[f"{number:02d}_there"] = ((there[grid] * 64).round() / 64).where(seen[grid][..., None], torch.nan).flatten(0, 1).numpy()
        truth[f"{number:02d}_depth"] = depth[grid].flatten().half().numpy()
        numbers = matrix_of(first) + matrix_of(second) + motion(first, second)
        lines.append(" ".join(names + [f"{x:.10g}" for x in numbers]))
        print(f"{number:02d} {slot.kind:6s} view angle {angles.median():4.1f} deg (to {angles.quantile(0.95):4.1f}), "
              f"A's pixels seen in B {100 * seen.float().mean():3.0f} %")
    (target / "pairs.txt").write_text("\n".join(lines) + "\n")
    np.savez_compressed(target / "truth.npz", **truth)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("target", type=Path)
    args = parser.parse_args()
    make(SLOTS, atlas_of(args.root), args.target)


if __name__ == "__main__":
    main()
