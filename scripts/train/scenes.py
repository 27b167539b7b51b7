"""Random scenes and camera pairs: photographs on uneven planes, rooms, streets and table tops."""
from __future__ import annotations

import functools
import math

import torch
from torch import Tensor

from .render import Cameras, Scenes, cast, nearest

QUADS, BOXES, BALLS, TUBES, WAVES = 6, 9, 3, 3, 5
KINDS = ("photo", "room", "street", "table")


class Dice:
    """Random numbers of one generator, as tensors on one device."""

    def __init__(self, seed: int, device="cpu"):
        self.generator = torch.Generator().manual_seed(seed)
        self.device = device
        self.local = torch.Generator(device).manual_seed(seed + 1)

    def noise(self, *shape) -> Tensor:
        """Normal numbers drawn on the device: many of them, but not the same on every device."""
        return torch.randn(*shape, generator=self.local, device=self.device)

    def uniform(self, low, high, *shape) -> Tensor:
        return (low + (high - low) * torch.rand(*shape, generator=self.generator)).to(self.device)

    def normal(self, *shape) -> Tensor:
        return torch.randn(*shape, generator=self.generator).to(self.device)

    def integers(self, low: int, high: int, *shape) -> Tensor:
        return torch.randint(low, high, shape, generator=self.generator).to(self.device)

    def log_uniform(self, low, high, *shape) -> Tensor:
        return self.uniform(math.log(low), math.log(high), *shape).exp()


def axis_angle(vector: Tensor) -> Tensor:
    """Rotation matrices [..., 3, 3] of rotation vectors [..., 3]."""
    zero = torch.zeros_like(vector[..., 0])
    x, y, z = vector.unbind(-1)
    skew = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).view(*vector.shape, 3)
    return torch.linalg.matrix_exp(skew)


def yaw(angle: Tensor) -> Tensor:
    return axis_angle(torch.stack([torch.zeros_like(angle), angle, torch.zeros_like(angle)], -1))


def empty(count: int, dice: Dice, atlas) -> Scenes:
    """Scenes without primitives but with textures dealt."""
    device = dice.device
    eye = torch.eye(3, device=device)
    total = QUADS + BOXES + BALLS + TUBES
    zeros = lambda *shape: torch.zeros(count, *shape, device=device)
    use_photo = torch.rand(count, total, generator=dice.generator) < 0.45
    photo = atlas.photos[torch.randint(len(atlas.photos), (count, total), generator=dice.generator)]
    material = atlas.materials[torch.randint(len(atlas.materials), (count, total), generator=dice.generator)]
    repeat = dice.log_uniform(0.25, 1.6, count, total, 1) * dice.log_uniform(0.8, 1.25, count, total, 2)
    return Scenes(
        quad_frame=eye.repeat(count, QUADS, 1, 1), quad_centre=zeros(QUADS, 3), quad_half=zeros(QUADS, 2),
        box_frame=eye.repeat(count, BOXES, 1, 1), box_centre=zeros(BOXES, 3), box_half=zeros(BOXES, 3),
        ball_centre=zeros(BALLS, 3), ball_radius=zeros(BALLS),
        tube_frame=eye.repeat(count, TUBES, 1, 1), tube_centre=zeros(TUBES, 3), tube_size=zeros(TUBES, 2),
        waves=zeros(WAVES, 4), texture=torch.where(use_photo, photo, material).to(device), repeat=repeat,
        shift=dice.uniform(0, 2, count, total, 2), sky=dice.uniform(0.3, 1.0, count, 2, 3) * 0.4
        + dice.uniform(0.3, 1.0, count, 2, 1) * 0.6)


UPRIGHT = torch.tensor([[1.0, 0, 0], [0, 1, 0], [0, 0, -1]])  # a wall across the z axis, its normal towards -z
GROUND = torch.tensor([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
STANDING = torch.tensor([[1.0, 0, 0], [0, 0, 1], [0, 1, 0]])  # a tube along y


def photo_scene(scene: Scenes, pick: Tensor, dice: Dice, atlas) -> Tensor:
    """A photograph on an uneven plane across the view, sometimes with pictures floating before it."""
    n = len(pick)
    distance = dice.log_uniform(0.5, 12, n)
    size = distance * dice.log_uniform(1.0, 3.5, n)
    scene.quad_frame[pick, 0] = UPRIGHT.to(dice.device)
    scene.quad_centre[pick, 0, 2] = distance
    scene.quad_half[pick, 0] = 1e3
    photo = atlas.photos[torch.randint(len(atlas.photos), (n,), generator=dice.generator)].to(dice.device)
    scene.texture[pick, 0] = photo
    scene.repeat[pick, 0] = (1 / size)[:, None] * dice.log_uniform(0.85, 1.18, n, 2)
    scene.shift[pick, 0] = 0.5 + dice.uniform(-0.2, 0.2, n, 2)
    waves = torch.zeros(n, WAVES, 4, device=dice.device)
    uneven = (dice.uniform(0, 1, n, 1) < 0.6).float()
    frequency = dice.log_uniform(0.5, 5, n, WAVES) / distance[:, None]
    heading = dice.uniform(0, 2 * math.pi, n, WAVES)
    waves[..., 0] = uneven * dice.uniform(0, 0.14, n, WAVES) / frequency
    waves[..., 1], waves[..., 2] = frequency * heading.cos(), frequency * heading.sin()
    waves[..., 3] = dice.uniform(0, 2 * math.pi, n, WAVES)
    scene.waves[pick] = waves
    for q in (1, 2):
        shown = (dice.uniform(0, 1, n) < 0.25).float()
        away = distance * dice.uniform(0.5, 0.85, n)
        scene.quad_frame[pick, q] = UPRIGHT.to(dice.device) @ axis_angle(dice.normal(n, 3) * 0.3)
        scene.quad_centre[pick, q] = torch.stack(
            [away * dice.uniform(-0.4, 0.4, n), away * dice.uniform(-0.4, 0.4, n), away], -1)
        scene.quad_half[pick, q] = (shown * away)[:, None] * dice.uniform(0.06, 0.22, n, 2)
        scene.repeat[pick, q] = (1 / size)[:, None].expand(-1, 2)
    target = torch.stack([dice.uniform(-0.2, 0.2, n), dice.uniform(-0.2, 0.2, n), torch.ones(n, device=dice.device)], -1)
    return target * distance[:, None]


def furniture(scene: Scenes, pick: Tensor, dice: Dice, floor: Tensor, reach: Tensor, size: float, first_box: int):
    """Boxes, balls and tubes of about `size` metres that stand on the floor within `reach` [n, 2] of the origin."""
    n = len(pick)
    for k in range(first_box, BOXES):
        half = dice.log_uniform(0.12, 0.6, n, 3) * size * (dice.uniform(0, 1, n, 1) < 0.75)
        place = dice.uniform(-1, 1, n, 2) * reach
        scene.box_frame[pick, k] = yaw(dice.uniform(0, math.pi, n))
        scene.box_half[pick, k] = half
        scene.box_centre[pick, k] = torch.stack([place[:, 0], floor - half[:, 1] * 0.999, place[:, 1]], -1)
    for s in range(BALLS):
        radius = dice.log_uniform(0.08, 0.35, n) * size * (dice.uniform(0, 1, n) < 0.6)
        place = dice.uniform(-1, 1, n, 2) * reach
        scene.ball_radius[pick, s] = radius
        scene.ball_centre[pick, s] = torch.stack([place[:, 0], floor - radius, place[:, 1]], -1)
    for c in range(TUBES):
        radius = dice.log_uniform(0.05, 0.3, n) * size * (dice.uniform(0, 1, n) < 0.6)
        half = dice.log_uniform(0.2, 0.9, n) * size
        place = dice.uniform(-1, 1, n, 2) * reach
        scene.tube_frame[pick, c] = STANDING.to(dice.device)
        scene.tube_size[pick, c] = torch.stack([radius, half], -1)
        scene.tube_centre[pick, c] = torch.stack([place[:, 0], floor - half, place[:, 1]], -1)


def bare_room(scene: Scenes, pick: Tensor, dice: Dice, atlas, half: Tensor, share: float) -> Tensor:
    """Floors and ceilings of their own; in a `share` of the rooms, which are returned, bare walls and much bare furniture."""
    n = len(pick)
    plain = dice.uniform(0, 1, n) < share
    blank = lambda *shape: atlas.plain[torch.randint(len(atlas.plain), shape, generator=dice.generator)].to(dice.device)
    bare = plain[:, None] & (dice.uniform(0, 1, n, scene.texture.shape[1] - QUADS) < 0.5)
    bare[:, 0] = plain
    scene.texture[pick, QUADS:] = torch.where(bare, blank(*bare.shape), scene.texture[pick, QUADS:])
    for q, height in ((QUADS - 1, 0.997), (QUADS - 2, -0.997)):
        scene.quad_frame[pick, q] = GROUND.to(dice.device)
        scene.quad_centre[pick, q, 1] = height * half[:, 1]
        scene.quad_half[pick, q] = 4.5
    scene.texture[pick, QUADS - 2] = blank(n)
    return plain


def room_scene(scene: Scenes, pick: Tensor, dice: Dice, atlas, bare: float = 0.0) -> Tensor:
    n = len(pick)
    half = torch.stack([dice.uniform(1.5, 4, n), dice.uniform(1.2, 1.7, n), dice.uniform(1.5, 4, n)], -1)
    scene.box_half[pick, 0] = half
    furniture(scene, pick, dice, half[:, 1], half[:, [0, 2]] * 0.8, 1.0, 1)
    plain = bare_room(scene, pick, dice, atlas, half, bare) if bare > 0 else torch.zeros(n, dtype=torch.bool, device=dice.device)
    for q in range(QUADS - 2 if bare > 0 else QUADS):  # pictures on the walls, the first on a wall across z
        side = dice.integers(0, 4, n) if q else torch.zeros(n, dtype=torch.long, device=dice.device)
        turn = yaw(side * math.pi / 2)
        depth = torch.where(side % 2 == 0, half[:, 2], half[:, 0]) * 0.995
        across = torch.where(side % 2 == 0, half[:, 0], half[:, 2])
        local = torch.stack([across * dice.uniform(-0.7, 0.7, n), dice.uniform(-0.6, 0.3, n), depth], -1)
        scene.quad_frame[pick, q] = UPRIGHT.to(dice.device) @ turn.transpose(1, 2)
        scene.quad_centre[pick, q] = (turn @ local[..., None])[..., 0]
        shown = dice.uniform(0, 1, n) < torch.where(plain, 0.5, 1.0) if bare > 0 else ~plain
        scene.quad_half[pick, q] = dice.uniform(0.25, 0.8, n, 2)
        scene.texture[pick, q] = atlas.photos[torch.randint(len(atlas.photos), (n,), generator=dice.generator)].to(dice.device)
        scene.repeat[pick, q] = 0.5 / scene.quad_half[pick, q]
        scene.shift[pick, q] = 0.5
        scene.quad_half[pick, q] *= shown[:, None]
    angle = dice.uniform(0, 2 * math.pi, n)
    return torch.stack([angle.cos() * half[:, 0] * 0.9, dice.uniform(-0.5, 0.8, n), angle.sin() * half[:, 2] * 0.9], -1)


def street_scene(scene: Scenes, pick: Tensor, dice: Dice, atlas) -> Tensor:
    n = len(pick)
    scene.quad_frame[pick, 0] = GROUND.to(dice.device)
    scene.quad_centre[pick, 0, 1] = 1.6
    scene.quad_half[pick, 0] = 200
    scene.repeat[pick, 0] *= 0.5
    half_street = dice.uniform(4, 10, n)
    for k in range(6):  # houses on both sides
        half = torch.stack([dice.uniform(3, 6, n), dice.uniform(3, 9, n), dice.uniform(3, 7, n)], -1)
        side = 1.0 if k % 2 else -1.0
        scene.box_half[pick, k] = half
        scene.box_frame[pick, k] = yaw(dice.normal(n) * 0.06)
        scene.box_centre[pick, k] = torch.stack(
            [side * (half_street + half[:, 0]), 1.6 - half[:, 1], 12.0 * (k // 2) + dice.uniform(-2, 2, n)], -1)
        scene.repeat[pick, QUADS + k] = dice.log_uniform(0.08, 0.4, n, 1).expand(-1, 2)
    reach = torch.stack([half_street * 0.9, torch.full_like(half_street, 12.0)], -1)
    furniture(scene, pick, dice, torch.full_like(half_street, 1.6), reach, 2.2, 6)
    side = torch.where(dice.uniform(0, 1, n) < 0.5, -1.0, 1.0)
    return torch.stack([side * half_street * dice.uniform(0.2, 1, n), dice.uniform(-3, 0.5, n), dice.uniform(6, 28, n)], -1)


def table_scene(scene: Scenes, pick: Tensor, dice: Dice, atlas) -> Tensor:
    n = len(pick)
    size = dice.log_uniform(0.3, 2.5, n)
    scene.quad_frame[pick, 0] = GROUND.to(dice.device)
    scene.quad_half[pick, 0] = 50
    furniture(scene, pick, dice, torch.zeros_like(size), torch.ones(n, 2, device=dice.device), 1.0, 0)
    wall = yaw(dice.normal(n) * 0.4)
    scene.quad_frame[pick, 1] = UPRIGHT.to(dice.device) @ wall.transpose(1, 2)
    scene.quad_centre[pick, 1, 2] = dice.uniform(1.5, 4, n)
    scene.quad_half[pick, 1] = 30
    for name in ("quad_centre", "quad_half", "box_centre", "box_half", "ball_centre", "tube_centre", "tube_size"):
        getattr(scene, name)[pick] *= size.view(-1, 1, 1)
    scene.ball_radius[pick] *= size.view(-1, 1)
    scene.repeat[pick] /= size.view(-1, 1, 1)
    target = torch.stack([dice.uniform(-0.4, 0.4, n), dice.uniform(-0.4, 0, n), dice.uniform(-0.4, 0.4, n)], -1)
    return target * size[:, None]


def look_at(position: Tensor, target: Tensor, roll: Tensor) -> tuple[Tensor, Tensor]:
    forward = torch.nn.functional.normalize(target - position, dim=-1)
    down = torch.tensor([0.0, 1.0, 0.0], device=position.device).expand_as(forward)
    right = torch.nn.functional.normalize(torch.linalg.cross(down, forward), dim=-1)
    rotation = torch.stack([right, torch.linalg.cross(forward, right), forward], 1)
    rotation = axis_angle(torch.stack([roll * 0, roll * 0, roll], -1)) @ rotation
    return rotation, -(rotation @ position[..., None])[..., 0]


def sample_scenes(dice: Dice, atlas, kinds: Tensor, bare_rooms: float = 0.0) -> tuple[Scenes, Tensor]:
    """One scene per entry of `kinds` (indices into KINDS) and a point [B, 3] to look at; `bare_rooms`: share of such rooms."""
    scene = empty(len(kinds), dice, atlas)
    target = torch.zeros(len(kinds), 3, device=dice.device)
    room = functools.partial(room_scene, bare=bare_rooms)
    for kind, build in enumerate((photo_scene, room, street_scene, table_scene)):
        pick = (kinds == kind).nonzero()[:, 0]
        if len(pick):
            target[pick] = build(scene, pick, dice, atlas)
    return scene, target


def sample_cameras(dice: Dice, kinds: Tensor, target: Tensor, height: int, width: int, hardness: float):
    """A camera pair for every scene; `hardness` in 0..1 scales view angle, roll, zoom and shift."""
    n = len(kinds)
    distance = torch.zeros(n, device=dice.device)
    bearing = torch.zeros(n, 3, device=dice.device)
    photo = kinds == 0
    inward = torch.nn.functional.normalize(-target, dim=-1)
    distance = torch.where(photo, target.norm(dim=-1), distance)
    inside = dice.uniform(0.5, 1.6, n) * target.norm(dim=-1)
    distance = torch.where(kinds == 1, inside.clamp(max=4), distance)
    distance = torch.where(kinds == 2, dice.uniform(5, 14, n), distance)
    distance = torch.where(kinds == 3, dice.uniform(0.8, 2.2, n) * target.norm(dim=-1).clamp(min=0.5), distance)
    bearing[:] = torch.where((kinds <= 1)[:, None], inward, bearing)
    back = -torch.ones(n, device=dice.device)
    street = torch.stack([-target[:, 0].sign() * dice.uniform(0.1, 1, n), dice.uniform(-0.1, 0.2, n), back], -1)
    bearing = torch.where((kinds == 2)[:, None], street, bearing)
    table = torch.stack([dice.uniform(-1, 1, n), -dice.uniform(0.2, 1.2, n), back], -1)
    bearing = torch.where((kinds == 3)[:, None], table, bearing)
    bearing = torch.nn.functional.normalize(bearing, dim=-1)
    long_side = max(height, width)
    base_focal = dice.log_uniform(0.65, 1.8, n)
    turn_axis = torch.nn.functional.normalize(
        torch.stack([0.35 * dice.normal(n), torch.ones(n, device=dice.device), 0.2 * dice.normal(n)], -1), dim=-1)
    most = torch.where(photo, 65.0, 100.0) * hardness
    angle = dice.uniform(-1, 1, n) * torch.deg2rad(most)
    views = []
    for view in range(2):
        part = angle * (-0.5 if view == 0 else 0.5)
        direction = (axis_angle(turn_axis * part[:, None]) @ bearing[..., None])[..., 0]
        away = distance * dice.log_uniform(1 / (1 + 0.7 * hardness), 1 + 0.7 * hardness, n)
        position = target + direction * away[:, None]
        ceiling = torch.where(kinds == 1, 1.1, torch.where(kinds == 2, 1.4, torch.where(kinds == 3, -0.03, 1e3)))
        position[:, 1] = torch.minimum(position[:, 1], ceiling)
        aim = target + dice.normal(n, 3) * (0.12 * hardness * distance)[:, None]
        roll = dice.normal(n) * 0.25 * hardness
        roll = torch.where(dice.uniform(0, 1, n) < 0.12 * hardness, dice.uniform(-math.pi, math.pi, n), roll)
        rotation, translation = look_at(position, aim, roll)
        focal = base_focal * dice.log_uniform(1 / (1 + 0.4 * hardness), 1 + 0.4 * hardness, n)
        focal = focal.clamp(0.6, 2.0) * long_side
        centre = torch.tensor([(width - 1) / 2, (height - 1) / 2], device=dice.device)
        centre = centre + dice.normal(n, 2) * 0.01 * long_side
        views.append(Cameras(rotation, translation, focal, centre))
    return views


def select(thing, pick):
    """Some of the scenes or cameras."""
    return type(thing)(**{k: v[pick] for k, v in vars(thing).items()})


def overlap(scene: Scenes, first: Cameras, second: Cameras, height: int, width: int, step: int) -> Tensor:
    """Share of the first view's pixels that the second sees as well, on a coarse grid; [B]."""
    points, which, _, _ = cast(scene, first, height, width, step)
    pixels, z = second.project(points)
    inside = (pixels[..., 0] > 0) & (pixels[..., 0] < width - 1) & (pixels[..., 1] > 0) & (pixels[..., 1] < height - 1)
    eye = second.position()
    rays = (points - eye[:, None, None]).flatten(1, 2)
    distance = nearest(scene, eye, rays)[0].view(z.shape)
    return (inside & (z > 0) & (which >= 0) & (distance > 0.98)).float().mean((1, 2))


def sample_pairs(dice: Dice, atlas, count: int, height: int, width: int, hardness: float, photo_share: float,
                 candidates: int = 3, bare_rooms: float = 0.0):
    """Scenes with camera pairs; of several candidate pairs the one nearest to a random overlap is kept."""
    kinds = dice.integers(1, len(KINDS), count)
    kinds[:int(count * photo_share + dice.uniform(0, 1, 1).item())] = 0  # photographs first: they are rendered apart
    scene, target = sample_scenes(dice, atlas, kinds, bare_rooms)
    wanted = dice.uniform(0.9 - 0.75 * hardness, 0.95, count)
    best, first, second = None, None, None
    for _ in range(candidates):
        a, b = sample_cameras(dice, kinds, target, height, width, hardness)
        share = torch.minimum(overlap(scene, a, b, height, width, 16), overlap(scene, b, a, height, width, 16))
        miss = (share - wanted).abs() + 2.0 * (share < 0.1)
        if best is None:
            best, first, second = miss, a, b
        else:
            better = miss < best
            best = torch.where(better, miss, best)
            mix = lambda x, y: type(x)(**{
                k: torch.where(better.view(-1, *[1] * (v.dim() - 1)), getattr(y, k), v) for k, v in vars(x).items()})
            first, second = mix(first, a), mix(second, b)
    return scene, first, second, kinds
