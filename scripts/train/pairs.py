"""Training pairs on the fly: two images, both pointmaps in camera A's frame, and who sees whom."""
from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .photometric import disturb, lose_detail
from .render import Cameras, render, trim
from .scenes import Dice, sample_pairs, select


@dataclass
class Pairs:
    """B pairs. Points are in metres in camera A's frame; `forth` [B, H, W, 2] is where A's pixel lies in B, `back` the
    converse, both in pixels (x, y) and meaningful where `seen_a` / `seen_b` hold."""

    image_a: Tensor  # uint8 [B, H, W, 3]
    image_b: Tensor
    points_a: Tensor  # [B, H, W, 3]
    points_b: Tensor
    valid_a: Tensor  # [B, H, W]
    valid_b: Tensor
    forth: Tensor
    back: Tensor
    seen_a: Tensor  # [B, H, W]: visible in the other image
    seen_b: Tensor
    kinds: Tensor  # [B], index into scenes.KINDS
    cameras: tuple[Cameras, Cameras]
    disturbed: list[tuple[Tensor, Tensor]] | None = None  # the images of further versions

    def version(self, number: int) -> "Pairs":
        """The pairs as rendered (0), or with other photometric changes; odd numbers have the views swapped."""
        if number == 0:
            return self
        image_a, image_b = self.disturbed[number - 1]
        same = Pairs(**{**vars(self), "image_a": image_a, "image_b": image_b})
        return same.swapped() if number % 2 else same

    def part(self, number: int, parts: int) -> "Pairs":
        """Every `parts`-th pair from `number` on, without further versions: photographs and scenes in each part alike."""
        pick = slice(number, None, parts)
        some = {k: v[pick] for k, v in vars(self).items() if isinstance(v, Tensor)}
        return Pairs(**some, cameras=tuple(select(camera, pick) for camera in self.cameras))

    def swapped(self) -> "Pairs":
        first, second = self.cameras

        def move(points: Tensor) -> Tensor:  # from camera A's frame to camera B's
            world = (points.flatten(1, 2) - first.translation[:, None]) @ first.rotation
            return second.to_camera(world).view(points.shape)

        return Pairs(self.image_b, self.image_a, move(self.points_b), move(self.points_a), self.valid_b, self.valid_a,
                     self.back, self.forth, self.seen_b, self.seen_a, self.kinds, (second, first))


def correspond(points: Tensor, valid: Tensor, into: Cameras, other_points: Tensor, other_valid: Tensor, metres: Tensor):
    """Where world points [B, H, W, 3] lie in the other image and whether they are visible there."""
    b, h, w, _ = other_points.shape
    pixels, z = into.project(points)
    inside = (pixels[..., 0] > -0.5) & (pixels[..., 0] < w - 0.5) & (pixels[..., 1] > -0.5) & (pixels[..., 1] < h - 0.5)
    at = pixels.round().nan_to_num(0).clamp(-1e6, 1e6).long()
    flat = (at[..., 1].clamp(0, h - 1) * w + at[..., 0].clamp(0, w - 1)).flatten(1)
    found = other_points.flatten(1, 2).gather(1, flat[..., None].expand(-1, -1, 3)).view(points.shape)
    size = metres.flatten(1).gather(1, flat).view(z.shape)
    same = (found - points).norm(dim=-1) < 1.2 * size
    hit = other_valid.flatten(1).gather(1, flat).view(z.shape)
    return pixels, valid & hit & inside & (z > 1e-3) & same


def lights(dice: Dice, count: int, change: float) -> tuple[Tensor, Tensor]:
    """Lights [B, 5] of both views: partly the same, partly moved."""
    direction = dice.normal(count, 3) + torch.tensor([0.0, -1.0, -0.6], device=dice.device)
    moved = direction + change * dice.normal(count, 3)
    out = []
    for d in (direction, moved):
        d = torch.nn.functional.normalize(d, dim=-1)
        strength = dice.uniform(0.1, 0.7, count, 1)
        out.append(torch.cat([d, strength, 1.0 - 0.6 * strength], -1))
    return tuple(out)


@torch.no_grad()
def make_pairs(dice: Dice, atlas, count: int, height: int, width: int, hardness: float = 0.5, photo_share: float = 0.5,
               change: float = 0.7, versions: int = 1, bare_rooms: float = 0.0, degrade: float = 0.0) -> Pairs:
    """`count` pairs of height x width; `hardness` scales the geometry and `change` the appearance, both 0..1; a share `degrade`
    of the images loses detail.

    `versions` > 1 adds photometric variants of the same views, see `Pairs.version`; 0 leaves the images as rendered.
    """
    scene, first, second, kinds = sample_pairs(dice, atlas, count, height, width, hardness, photo_share,
                                               bare_rooms=bare_rooms)
    light_a, light_b = lights(dice, count, change)
    photos = int((kinds == 0).sum())
    groups = [slice(0, photos), slice(photos, count)] if 0 < photos < count else [slice(0, count)]

    def view(cameras: Cameras, light: Tensor):
        parts = []
        for group in groups:
            small = trim(select(scene, group))
            parts.append(render(small, select(cameras, group), height, width, atlas, light[group]))
        image, world, valid, _, metres = (torch.cat(p) for p in zip(*parts))
        return image, world, valid, metres

    image_a, world_a, valid_a, metres_a = view(first, light_a)
    image_b, world_b, valid_b, metres_b = view(second, light_b)
    forth, seen_a = correspond(world_a, valid_a, second, world_b, valid_b, metres_b)
    back, seen_b = correspond(world_b, valid_b, first, world_a, valid_a, metres_a)
    clean = torch.cat([image_a, image_b])
    worse = lambda: lose_detail(clean, dice, degrade) if degrade > 0 else clean
    images, *others = (disturb(worse(), dice, change).split(count) for _ in range(versions)) if versions else (
        (clean * 255).round().byte().split(count),)
    return Pairs(*images, first.to_camera(world_a), first.to_camera(world_b), valid_a, valid_b,
                 forth, back, seen_a, seen_b, kinds, (first, second), others)
