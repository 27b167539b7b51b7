#!/usr/bin/env python3
"""Renders the image pairs of testdata/rendered: textured rooms of which everything is known.

    python3 scripts/render_testdata.py testdata/rendered

Needs numpy only; the same numpy gives the same bytes. A scene is the inside of a box with a few
boxes standing in it; every pixel is ray-cast, colours as the mean of 5 x 5 rays, the depth of the
ray through the pixel's centre. One folder a scene, laid out as a scene of the Map-free dataset:

    seq0/frame_00000.png        image A, 8-bit RGB; its camera is the world
    seq1/frame_00000.png        image B
    seq*/frame_00000.depth.png  depth along the optical axis, 16-bit grey, millimetres
    intrinsics.txt              frame fx fy cx cy width height
    poses.txt                   frame qw qx qy qz tx ty tz, camera from world, metres

and pairs.txt beside the scenes: A B K_A(9) K_B(9) T_AtoB(16).
Cameras are OpenCV's: x right, y down, z forward; (0, 0) is the centre of the top-left pixel.
"""

import argparse
import struct
import zlib
from pathlib import Path

import numpy as np

WIDTH, HEIGHT, FOCAL = 256, 192, 220.0
CX, CY = (WIDTH - 1) / 2, (HEIGHT - 1) / 2
RAYS_A_SIDE = 5
LIGHT = np.array([0.4, -1.1, 0.9])


def write_png(path, pixels):
    """Writes H x W x 3 uint8 as RGB, H x W uint16 as 16-bit grey."""
    height, width = pixels.shape[:2]
    depth, colour = (8, 2) if pixels.dtype == np.uint8 else (16, 0)
    rows = pixels.astype(">u2" if depth == 16 else "u1").reshape(height, -1).view("u1").astype(np.int16)
    step = 3 if colour == 2 else 2
    previous = np.zeros_like(rows)
    previous[1:] = rows[:-1]
    left, corner = np.zeros_like(rows), np.zeros_like(rows)
    left[:, step:], corner[:, step:] = rows[:, :-step], previous[:, :-step]
    estimate = left + previous - corner
    distance = [np.abs(estimate - x) for x in (left, previous, corner)]
    paeth = np.where((distance[0] <= distance[1]) & (distance[0] <= distance[2]), left,
                     np.where(distance[1] <= distance[2], previous, corner))
    filtered = np.concatenate([np.full((height, 1), 4), (rows - paeth) & 255], axis=1)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                     + chunk(b"IDAT", zlib.compress(filtered.astype(np.uint8).tobytes(), 9))
                     + chunk(b"IEND", b""))


def lattice(ix, iy, seed):
    """One number in [0, 1) for every lattice point, by an integer hash."""
    h = (ix.astype(np.int64) * 374761393 + iy.astype(np.int64) * 668265263 + seed * 2246822519) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
    return ((h ^ (h >> 16)) & 0xFFFF) / 65536.0


def noise(u, v, cells_a_metre, seed, octaves):
    """Fractal value noise in about [-1, 1] over surface coordinates in metres."""
    total, amplitude = np.zeros_like(u), 1.0
    for octave in range(octaves):
        x, y = u * cells_a_metre * 2**octave, v * cells_a_metre * 2**octave
        ix, iy = np.floor(x), np.floor(y)
        fx, fy = x - ix, y - iy
        fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
        s = seed + 101 * octave
        top = lattice(ix, iy, s) * (1 - fx) + lattice(ix + 1, iy, s) * fx
        bottom = lattice(ix, iy + 1, s) * (1 - fx) + lattice(ix + 1, iy + 1, s) * fx
        total += amplitude * (2 * (top * (1 - fy) + bottom * fy) - 1)
        amplitude *= 0.6
    return total / 1.8


def tiles(u, v, size_u, size_v, shift, joint, seed):
    """Returns the joint mask and one random number a tile; rows are shifted against each other."""
    row = np.floor(v / size_v)
    along = u / size_u + shift * row
    column = np.floor(along)
    from_edge = np.minimum(np.minimum(along - column, column + 1 - along) * size_u,
                           np.minimum(v / size_v - row, row + 1 - v / size_v) * size_v)
    return from_edge < joint, lattice(column, row, seed)


def colour_of(kind, u, v, seed):
    """Albedo in [0, 1] of a surface at (u, v) metres."""
    fine = noise(u, v, 9, seed, 3)[:, None]
    coarse = noise(u, v, 1.7, seed + 7, 3)[:, None]
    if kind == "bricks":
        joint, tile = tiles(u, v, 0.34, 0.15, 0.5, 0.008, seed)
        base = np.array([0.62, 0.30, 0.22]) * (0.75 + 0.5 * tile[:, None])
        return np.where(joint[:, None], 0.72, base + 0.10 * fine)
    if kind == "planks":
        joint, tile = tiles(v, u, 1.3, 0.16, 0.37, 0.004, seed)
        grain = noise(u * 9, v, 3, seed, 4)[:, None]
        base = np.array([0.66, 0.46, 0.27]) * (0.70 + 0.5 * tile[:, None])
        return np.where(joint[:, None], 0.15, base * (1 + 0.35 * grain))
    if kind == "plaster":
        return np.array([0.80, 0.78, 0.70]) + 0.16 * coarse + 0.06 * fine
    if kind == "poster":
        hue = noise(u, v, 3, seed + 3, 2)
        bands = np.array([[0.85, 0.30, 0.20], [0.95, 0.80, 0.35], [0.20, 0.45, 0.55], [0.12, 0.16, 0.28]])
        return bands[np.clip(((hue + 0.6) / 1.2 * 4).astype(int), 0, 3)] + 0.05 * fine
    if kind == "cloth":
        joint, tile = tiles(u, v, 0.09, 0.09, 0.0, 0.006, seed)
        base = np.array([0.25, 0.42, 0.40]) * (0.6 + 0.9 * tile[:, None])
        return np.where(joint[:, None], 0.85, base + 0.08 * fine)
    return np.array([0.55, 0.53, 0.50]) + 0.22 * coarse + 0.12 * fine  # stone


class Box:
    """A box, axes turned about y by yaw; seen from outside, or from inside if it is the room."""

    def __init__(self, centre, size, yaw_deg, kinds, seed, inside=False):
        a = np.radians(yaw_deg)
        self.box_from_world = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
        self.centre, self.half = np.array(centre, float), np.array(size, float) / 2
        self.kinds, self.seed, self.inside = kinds, seed, inside

    def hit(self, origin, rays):
        """Distance along every ray (infinite if missed) and the axis of the face that is hit."""
        o = self.box_from_world @ (origin - self.centre)
        d = rays @ self.box_from_world.T
        d = np.where(np.abs(d) < 1e-12, 1e-12, d)
        t0, t1 = (-self.half - o) / d, (self.half - o) / d
        near, far = np.minimum(t0, t1), np.maximum(t0, t1)
        enter, leave = near.max(1), far.min(1)
        if self.inside:
            return leave, far.argmin(1)
        return np.where((enter < leave) & (enter > 1e-6), enter, np.inf), near.argmax(1)

    def shade(self, points, axis):
        """Colours of points on the faces across the given axes."""
        p = (points - self.centre) @ self.box_from_world.T
        colours = np.zeros_like(points)
        for k in range(3):
            for side in (-1, 1):
                chosen = (axis == k) & (np.sign(p[:, k]) == side)
                if not chosen.any():
                    continue
                u, v = (p[chosen][:, i] for i in ((2, 1), (0, 2), (0, 1))[k])
                face = 2 * k + (side > 0)
                normal = np.zeros(3)
                normal[k] = side * (-1 if self.inside else 1)
                towards = LIGHT - points[chosen]
                length = np.linalg.norm(towards, axis=1, keepdims=True)
                facing = np.clip(towards @ (self.box_from_world.T @ normal) / length[:, 0], 0, 1)
                light = 0.50 + 0.95 * facing[:, None] / (0.6 + 0.28 * length**2)
                colours[chosen] = colour_of(self.kinds[face], u, v, self.seed + 13 * face) * light
        return colours


def render(boxes, camera_from_world_r, camera_from_world_t):
    """Returns the 8-bit image and the depth in metres at pixel centres."""
    origin = -camera_from_world_r.T @ camera_from_world_t

    def cast(offset_x, offset_y):
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH].reshape(2, -1).astype(float)
        # z of a ray is 1 in the camera's frame, so the distance along it is the depth
        rays = np.stack([(x + offset_x - CX) / FOCAL, (y + offset_y - CY) / FOCAL, np.ones_like(x)], 1)
        rays = rays @ camera_from_world_r
        hits = [box.hit(origin, rays) for box in boxes]
        depth = np.stack([t for t, _ in hits])
        return rays, hits, depth.argmin(0), depth.min(0)

    total = np.zeros((HEIGHT * WIDTH, 3))
    offsets = (np.arange(RAYS_A_SIDE) + 0.5) / RAYS_A_SIDE - 0.5
    for dy in offsets:
        for dx in offsets:
            rays, hits, first, depth = cast(dx, dy)
            points = origin + rays * depth[:, None]
            for i, box in enumerate(boxes):
                mine = first == i
                total[mine] += np.clip(box.shade(points[mine], hits[i][1][mine]), 0, 1)
    srgb = (total / RAYS_A_SIDE**2) ** (1 / 2.2)
    depth = cast(0, 0)[3]
    return np.round(255 * srgb).astype(np.uint8).reshape(HEIGHT, WIDTH, 3), depth.reshape(HEIGHT, WIDTH)


def rotation(yaw_deg, pitch_deg, roll_deg):
    """R = Rz(roll) Rx(pitch) Ry(yaw)."""
    y, p, r = np.radians([yaw_deg, pitch_deg, roll_deg])
    ry = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    rx = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    rz = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return rz @ rx @ ry


def quaternion(r):
    """(w, x, y, z), w > 0; the rotations here are small."""
    w = np.sqrt(1 + np.trace(r)) / 2
    return np.array([w, r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]]) / [1, 4 * w, 4 * w, 4 * w]


def numbers(values):
    return " ".join(f"{v:.12g}" for v in np.ravel(values))


SCENES = {
    # name: (boxes, bFromA rotation, centre of camera B in A's frame)
    "room0": (
        [
            Box([0, 0, 1.9], [4.4, 2.6, 5.2], 0,
                ["plaster", "bricks", "plaster", "planks", "stone", "bricks"], 11, inside=True),
            Box([-0.45, 0.90, 2.75], [0.9, 0.8, 0.8], 25, ["cloth"] * 6, 23),
            Box([0.95, 0.65, 2.35], [0.6, 1.3, 0.6], -18, ["stone"] * 6, 37),
            Box([-0.25, -0.35, 4.42], [1.5, 0.9, 0.1], 0, ["poster"] * 6, 41),
        ],
        rotation(-9, 2, 1.5),
        np.array([0.42, -0.06, 0.10]),
    ),
    "room1": (
        [
            Box([0.2, 0, 2.2], [5.0, 2.8, 5.8], 12,
                ["bricks", "plaster", "plaster", "stone", "stone", "plaster"], 53, inside=True),
            Box([0.30, 0.85, 2.60], [1.4, 0.7, 0.7], -30, ["planks"] * 6, 61),
            Box([-1.05, 0.35, 3.30], [0.7, 2.0, 0.5], 12, ["cloth"] * 6, 71),
            Box([0.25, 0.25, 2.60], [0.4, 0.5, 0.4], 40, ["poster"] * 6, 83),
            Box([0.75, -0.45, 4.70], [1.6, 1.0, 0.5], 12, ["poster"] * 6, 97),
        ],
        rotation(-12, -3, -6),
        np.array([-0.75, 0.05, 0.35]),
    ),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    k = np.array([[FOCAL, 0, CX], [0, FOCAL, CY], [0, 0, 1]])
    pairs = ["# A B K_A(9) K_B(9) T_AtoB(16): x_B = R x_A + t in metres; made by scripts/render_testdata.py"]
    for name, (boxes, r, centre) in SCENES.items():
        cameras = {"seq0": (np.eye(3), np.zeros(3)), "seq1": (r, -r @ centre)}
        intrinsics, poses = ["# frame fx fy cx cy width height"], ["# frame qw qx qy qz tx ty tz"]
        for sequence, (rotation_, translation) in cameras.items():
            image, depth = render(boxes, rotation_, translation)
            write_png(folder / name / sequence / "frame_00000.png", image)
            write_png(folder / name / sequence / "frame_00000.depth.png", np.round(1000 * depth).astype(np.uint16))
            frame = f"{sequence}/frame_00000.png"
            intrinsics.append(f"{frame} {numbers([FOCAL, FOCAL, CX, CY])} {WIDTH} {HEIGHT}")
            poses.append(f"{frame} {numbers(quaternion(rotation_))} {numbers(translation)}")
        (folder / name / "intrinsics.txt").write_text("\n".join(intrinsics) + "\n")
        (folder / name / "poses.txt").write_text("\n".join(poses) + "\n")
        t = np.eye(4)
        t[:3, :3], t[:3, 3] = cameras["seq1"]
        pairs.append(f"{name}/seq0/frame_00000.png {name}/seq1/frame_00000.png {numbers(k)} {numbers(k)} {numbers(t)}")
    (folder / "pairs.txt").write_text("\n".join(pairs) + "\n")


if __name__ == "__main__":
    main()
