"""A batched ray caster: scenes of rectangles, boxes, spheres, cylinders and height fields, seen by two cameras each.

Frames follow OpenCV (x right, y down, z forward); worlds are metric with y down. A camera is (R, t, K) with
x_camera = R x_world + t. Images, pointmaps and visibility are exact by construction. Everything is batched over scenes
(leading dimension B) and runs on the device of its inputs.
"""
from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

FAR = 1e6
STRIP = 16384  # rays of all scenes that are cast at once on a processor: what they need stays in its cache


@dataclass
class Cameras:
    rotation: Tensor  # [B, 3, 3], world to camera
    translation: Tensor  # [B, 3]
    focal: Tensor  # [B], pixels
    centre: Tensor  # [B, 2], pixels; the centre of the top-left pixel is (0, 0)

    def position(self) -> Tensor:
        return -(self.rotation.transpose(1, 2) @ self.translation[..., None])[..., 0]

    def to_camera(self, points: Tensor) -> Tensor:
        """World points [B, ..., 3] in this camera's frame."""
        flat = points.flatten(1, -2)
        return (flat @ self.rotation.transpose(1, 2) + self.translation[:, None]).view(points.shape)

    def project(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Pixel positions [B, ..., 2] and depths [B, ...] of world points [B, ..., 3]."""
        local = self.to_camera(points)
        z = local[..., 2]
        shape = [len(z)] + [1] * (z.dim() - 1)
        pixels = local[..., :2] / z.clamp(min=1e-6)[..., None] * self.focal.view(*shape, 1)
        return pixels + self.centre.view(*shape, 2), z

    def rays(self, height: int, width: int, step: int = 1) -> Tensor:
        """World directions [B, h, w, 3] with unit depth (z_camera = 1) through every step-th pixel."""
        ys = torch.arange(step // 2, height, step, device=self.focal.device, dtype=torch.float32)
        xs = torch.arange(step // 2, width, step, device=self.focal.device, dtype=torch.float32)
        y, x = torch.meshgrid(ys, xs, indexing="ij")
        local = (torch.stack([x, y], -1)[None] - self.centre[:, None, None]) / self.focal[:, None, None, None]
        local = torch.cat([local, torch.ones_like(local[..., :1])], -1)
        return (local.flatten(1, 2) @ self.rotation).view(local.shape)


@dataclass
class Scenes:
    """Primitives by kind; unused slots have zero size. Leading dimension B (scenes), then the primitives' number."""

    quad_frame: Tensor  # [B, Q, 3, 3], rows: unit u, v, normal
    quad_centre: Tensor  # [B, Q, 3]
    quad_half: Tensor  # [B, Q, 2]
    box_frame: Tensor  # [B, K, 3, 3], rows: unit axes; the room, seen from inside, is a box as well
    box_centre: Tensor
    box_half: Tensor  # [B, K, 3]
    ball_centre: Tensor  # [B, S, 3]
    ball_radius: Tensor  # [B, S]
    tube_frame: Tensor  # [B, C, 3, 3], rows: x, y, axis
    tube_centre: Tensor
    tube_size: Tensor  # [B, C, 2], radius and half length
    waves: Tensor  # [B, W, 4] of the height field over quad 0: amplitude, x and y frequency, phase
    texture: Tensor  # [B, Q + K + S + C], texture numbers
    repeat: Tensor  # [B, Q + K + S + C, 2], texture units per metre
    shift: Tensor  # [B, Q + K + S + C, 2]
    sky: Tensor  # [B, 2, 3], colours at horizon and zenith


def trim(scene: Scenes) -> Scenes:
    """The same scenes without slots at the end that none of them uses; one slot of every kind stays."""
    fields = vars(scene)
    used = lambda sizes: max(1, int((sizes.flatten(2).amax((0, 2)) > 0).nonzero().max().item() + 1) if sizes.any() else 1)
    keep = [used(scene.quad_half), used(scene.box_half), used(scene.ball_radius[..., None]), used(scene.tube_size[..., :1])]
    have = [scene.quad_half.shape[1], scene.box_half.shape[1], scene.ball_radius.shape[1], scene.tube_size.shape[1]]
    out = {}
    for name, value in fields.items():
        kind = {"quad": 0, "box": 1, "ball": 2, "tube": 3}.get(name.split("_")[0])
        out[name] = value if kind is None else value[:, :keep[kind]]
    slots, first = [], 0
    for k, h in zip(keep, have):
        slots += range(first, first + k)
        first += h
    for name in ("texture", "repeat", "shift"):
        out[name] = fields[name][:, slots]
    return Scenes(**out)


def waves_at(waves: Tensor, xy: Tensor) -> tuple[Tensor, Tensor]:
    """Heights [B, N] and gradients [B, N, 2] of the height field at xy [B, N, 2]."""
    amplitude, k, phase = waves[:, None, :, 0], waves[:, :, 1:3], waves[:, None, :, 3]
    angle = xy @ k.transpose(1, 2) + phase
    height = (amplitude * angle.sin()).sum(-1)
    return height, (amplitude * angle.cos()) @ k


def safe(x: Tensor, least: float = 1e-7) -> Tensor:
    return torch.where(x.abs() < least, least, x)


def towards(frame: Tensor, rays: Tensor) -> Tensor:
    """Rays [B, N, 3] in every primitive's frame [B, P, 3, 3]: [B, P, 3, N]."""
    return (frame.flatten(1, 2) @ rays.transpose(1, 2)).unflatten(1, (-1, 3))


def from_frame(frame: Tensor, centre: Tensor, origin: Tensor) -> Tensor:
    """The eye in every primitive's frame, [B, P, 3, 1]."""
    return frame @ (origin[:, None] - centre)[..., None]


def hit_quads(scene: Scenes, origin: Tensor, rays: Tensor) -> Tensor:
    """Distances [B, Q, N]; quad 0 carries the height field."""
    start = from_frame(scene.quad_frame, scene.quad_centre, origin)
    direction = towards(scene.quad_frame, rays)
    t = -start[:, :, 2] / safe(direction[:, :, 2])
    hit = t > 1e-3
    uneven = (scene.waves[..., 0].abs().sum(1) > 0).nonzero()[:, 0]
    if len(uneven):
        s, d, w = start[uneven, 0].transpose(1, 2), direction[uneven, 0].transpose(1, 2), scene.waves[uneven]
        near = t[uneven, 0]
        for _ in range(5):
            height, gradient = waves_at(w, s[..., :2] + near[..., None] * d[..., :2])
            change = d[..., 2] - (gradient * d[..., :2]).sum(-1)
            near = near - (s[..., 2] + near * d[..., 2] - height) / safe(change, 1e-3)
        error = s[..., 2] + near * d[..., 2] - waves_at(w, s[..., :2] + near[..., None] * d[..., :2])[0]
        t[uneven, 0] = near
        hit[uneven, 0] = (near > 1e-3) & (error.abs() < 2e-4 * near)
    for axis in range(2):
        hit &= (start[:, :, axis] + t * direction[:, :, axis]).abs() < scene.quad_half[:, :, axis, None]
    return torch.where(hit, t, FAR)


def hit_boxes(scene: Scenes, origin: Tensor, rays: Tensor) -> Tensor:
    """Distances [B, K, N], to the far side for an eye inside the box."""
    start = from_frame(scene.box_frame, scene.box_centre, origin)
    inverse = 1.0 / safe(towards(scene.box_frame, rays))
    reach = scene.box_half[..., None] * inverse.abs()
    middle = -start * inverse
    enter = (middle - reach).amax(2)
    leave = (middle + reach).amin(2)
    t = torch.where(enter < 1e-3, leave, enter)
    hit = (enter < leave) & (t > 1e-3) & (scene.box_half.amin(-1) > 0)[..., None]
    return torch.where(hit, t, FAR)


def hit_balls(scene: Scenes, origin: Tensor, rays: Tensor) -> Tensor:
    """Distances [B, S, N]."""
    offset = origin[:, None] - scene.ball_centre
    a = (rays * rays).sum(-1)[:, None]
    b = offset @ rays.transpose(1, 2)
    c = ((offset * offset).sum(-1) - scene.ball_radius ** 2)[..., None]
    root = b * b - a * c
    t = (-b - root.clamp(min=0).sqrt()) / a
    return torch.where((root > 0) & (t > 1e-3) & (scene.ball_radius > 0)[..., None], t, FAR)


def hit_tubes(scene: Scenes, origin: Tensor, rays: Tensor) -> Tensor:
    """Distances [B, C, N]; the ends are open."""
    start = from_frame(scene.tube_frame, scene.tube_centre, origin)
    direction = towards(scene.tube_frame, rays)
    radius, half = scene.tube_size[..., :1], scene.tube_size[..., 1:]
    a = (direction[:, :, :2] ** 2).sum(2).clamp(min=1e-9)
    b = (start[:, :, :2] * direction[:, :, :2]).sum(2)
    c = (start[:, :, :2] ** 2).sum(2) - radius ** 2
    root = b * b - a * c
    spread = root.clamp(min=0).sqrt()
    near, far = (-b - spread) / a, (-b + spread) / a
    outside = (near > 1e-3) & ((start[:, :, 2] + near * direction[:, :, 2]).abs() < half)
    t = torch.where(outside, near, far)
    hit = (root > 0) & (t > 1e-3) & ((start[:, :, 2] + t * direction[:, :, 2]).abs() < half) & (radius > 0)
    return torch.where(hit, t, FAR)


def nearest(scene: Scenes, origin: Tensor, rays: Tensor) -> tuple[Tensor, Tensor]:
    """The nearest hit along rays [B, N, 3]: distance in ray lengths and primitive, -1 for the sky; [B, N] each."""
    step = max(64, STRIP // len(rays)) if rays.device.type == "cpu" else rays.shape[1]
    strips = []
    for strip in rays.split(step, 1):
        every = [hit(scene, origin, strip) for hit in (hit_quads, hit_boxes, hit_balls, hit_tubes)]
        strips.append(torch.cat(every, 1).min(1))
    t, which = (torch.cat(parts, 1) for parts in zip(*strips))
    return t, torch.where(t < FAR / 2, which, -1)


def cast(scene: Scenes, cameras: Cameras, height: int, width: int, step: int = 1):
    """World points [B, h, w, 3], the primitive that was hit [B, h, w] (-1: sky), rays [B, N, 3], distances [B, N]."""
    origin = cameras.position()
    grid = cameras.rays(height, width, step)
    rays = grid.flatten(1, 2)
    t, which = nearest(scene, origin, rays)
    points = origin[:, None] + t[..., None] * rays
    return points.view(grid.shape), which.view(grid.shape[:3]), rays, t


def surface(scene: Scenes, points: Tensor, which: Tensor, rays: Tensor) -> tuple[Tensor, Tensor]:
    """Texture coordinates in metres [B, N, 2] and world normals [B, N, 3] where primitives `which` were hit."""
    counts = [scene.quad_half.shape[1], scene.box_half.shape[1], scene.ball_radius.shape[1]]
    centre = torch.cat([scene.quad_centre, scene.box_centre, scene.ball_centre, scene.tube_centre], 1)
    upright = torch.eye(3, device=points.device).expand(len(points), counts[2], 3, 3)
    frames = torch.cat([scene.quad_frame, scene.box_frame, upright, scene.tube_frame], 1)
    batch = torch.arange(len(which), device=which.device)[:, None].expand(which.shape)
    uv = torch.zeros(*which.shape, 2, device=points.device)
    normal = torch.zeros(*which.shape, 3, device=points.device)
    first = 0
    for kind, count in enumerate(counts + [10 ** 6]):
        of_kind = ((which >= first) & (which < first + count)).nonzero(as_tuple=True)
        first += count
        if not len(of_kind[0]):
            continue
        b, k = batch[of_kind], which[of_kind]
        frame = frames[b, k]
        at = (frame @ (points[of_kind] - centre[b, k])[..., None])[..., 0]
        if kind == 0:
            texture_at = at[:, :2]
            w = scene.waves[b] * (k == 0).view(-1, 1, 1)
            slope = w[..., 0] * ((w[..., 1:3] * at[:, None, :2]).sum(-1) + w[..., 3]).cos() if w.any() else w[..., 0]
            local = torch.cat([-(slope[..., None] * w[..., 1:3]).sum(1), torch.ones_like(at[:, :1])], -1)
        elif kind == 1:
            side = at / scene.box_half[b, k - counts[0]].clamp(min=1e-9)
            axis = side.abs().argmax(-1)
            others = torch.tensor([[2, 1], [0, 2], [0, 1]], device=at.device)[axis]
            local = torch.nn.functional.one_hot(axis, 3) * side.sign()
            face = axis + 3 * (local.sum(-1) > 0)
            texture_at = at.gather(-1, others) + 0.37 * face[:, None]
        else:
            radius = at.norm(dim=-1) if kind == 2 else at[:, :2].norm(dim=-1)
            around, along = (torch.atan2(at[:, 2], at[:, 0]), (at[:, 1] / radius.clamp(min=1e-9)).clamp(-1, 1).asin() * radius) \
                if kind == 2 else (torch.atan2(at[:, 1], at[:, 0]), at[:, 2])
            texture_at = torch.stack([around * radius, along], -1)
            local = at if kind == 2 else torch.cat([at[:, :2], torch.zeros_like(at[:, :1])], -1)
        uv[of_kind] = texture_at
        normal[of_kind] = (local[:, None] @ frame)[:, 0]
    normal = torch.nn.functional.normalize(normal, dim=-1)
    return uv, torch.where((normal * rays).sum(-1, keepdim=True) > 0, -normal, normal)


def render(scene: Scenes, cameras: Cameras, height: int, width: int, atlas, light: Tensor):
    """One view of every scene. `light` [B, 5]: direction (3), strength, ambient.

    Returns images [B, H, W, 3] in [0, 1], world points [B, H, W, 3], valid [B, H, W], primitive [B, H, W] and the size
    in metres that a pixel covers on the surface [B, H, W].
    """
    points, which, rays, t = cast(scene, cameras, height, width)
    uv, normal = surface(scene, points.flatten(1, 2), which.flatten(1), rays)
    batch = torch.arange(len(which), device=which.device)[:, None]
    flat = which.flatten(1)
    prim = flat.clamp(min=0)
    cosine = -(normal * torch.nn.functional.normalize(rays, dim=-1)).sum(-1)
    metres = t / cameras.focal[:, None] / cosine.clamp(min=0.15)
    repeat = scene.repeat[batch, prim]
    coordinates = uv * repeat + scene.shift[batch, prim]
    footprint = t / cameras.focal[:, None] / cosine.clamp(min=0.15).sqrt() * repeat.amax(-1)
    hit = flat >= 0
    colour = torch.zeros_like(points).flatten(1, 2)
    colour[hit] = atlas.sample(scene.texture[batch, prim][hit], coordinates[hit], footprint[hit])
    lambert = (normal * light[:, None, :3]).sum(-1).clamp(min=0)
    shade = light[:, None, 4] + light[:, None, 3] * lambert
    up = (-torch.nn.functional.normalize(rays, dim=-1)[..., 1:2]).clamp(0, 1)
    sky = scene.sky[:, None, 0] * (1 - up) + scene.sky[:, None, 1] * up
    image = torch.where(hit[..., None], colour * shade[..., None], sky).clamp(0, 1)
    return image.view(points.shape), points, which >= 0, which, metres.view(which.shape)
