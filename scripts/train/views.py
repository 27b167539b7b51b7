"""Training pairs out of a pool: each view is turned, scaled, cut out and changed anew, and correspondences are drawn with it."""
from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from .pool import SIDE, UNIT, UNSEEN, Pool


@dataclass
class Views:
    """B pairs of crops and their sampled pixels, as flat indices: `true` of the first `true.shape[1]` indices of either image
    belong together, where `true` says so; the others are pixels drawn anywhere."""

    images: Tensor  # uint8 [2, B, H, W, 3]
    index: Tensor  # [2, B, N]
    true: Tensor  # [B, M], M <= N


def similarity(angle: float, scale: float, middle, height: int, width: int) -> np.ndarray:
    """2 x 3 matrix from pixels of a crop to pixels of a record: `middle` [2] is seen in the crop's middle, one pixel of the
    crop covers `scale` pixels of the record."""
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    turn = np.array([[c, -s], [s, c]])
    return np.concatenate([turn, (np.asarray(middle) - turn @ [(width - 1) / 2, (height - 1) / 2])[:, None]], 1)


def apply(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    return points @ matrix[:, :2].T + matrix[:, 2]


def invert(matrix: np.ndarray) -> np.ndarray:
    inverse = np.linalg.inv(matrix[:, :2])
    return np.concatenate([inverse, (-inverse @ matrix[:, 2])[:, None]], 1)


def cut(image: np.ndarray, matrix: np.ndarray, height: int, width: int, coarse: float) -> Tensor:
    """The crop [3, H, W] in 0..1 that `matrix` describes, mirrored beyond the record; `coarse` > 1 loses that much detail."""
    source = torch.from_numpy(image).permute(2, 0, 1)[None].float()
    scale = math.hypot(matrix[0, 0], matrix[1, 0]) * coarse
    shrunk = 1
    while scale / shrunk > 1.5:
        shrunk *= 2
    if shrunk > 1:
        source = F.avg_pool2d(source, shrunk)
    h, w = max(2, round(height / coarse)), max(2, round(width / coarse))
    to_full = np.array([[width / w, 0, (width / w - 1) / 2], [0, height / h, (height / h - 1) / 2]])
    full = np.concatenate([matrix, [[0, 0, 1]]])[:2] @ np.concatenate([to_full, [[0, 0, 1]]])
    unit = np.array([[w / 2, 0, (w - 1) / 2], [0, h / 2, (h - 1) / 2], [0, 0, 1]])  # from [-1, 1] to pixels
    theta = full @ unit
    theta[:, 2] = (2 * theta[:, 2] + 1) / SIDE - 1
    theta[:, :2] *= 2 / SIDE
    grid = F.affine_grid(torch.from_numpy(theta)[None].float(), [1, 3, h, w], align_corners=False)
    out = F.grid_sample(source, grid, padding_mode="reflection", align_corners=False) / 255
    if (h, w) != (height, width):
        out = F.interpolate(out, (height, width), mode="bilinear", align_corners=False)
    return out[0]


def smear(x: Tensor, dx: float, dy: float, taps: int = 5) -> Tensor:
    """Motion blur of [3, H, W] along a line of (dx, dy) pixels."""
    total = torch.zeros_like(x)
    for t in range(taps):
        part = t / (taps - 1) - 0.5
        total += torch.roll(x, (round(part * dy), round(part * dx)), (1, 2))
    return total / taps


def expose(x: Tensor, random: np.random.Generator, strength: float) -> Tensor:
    """Exposure, colour, shade, noise and JPEG of one image [3, H, W] in 0..1; returns bytes [H, W, 3]."""
    log_uniform = lambda low, high, n=None: np.exp(random.uniform(math.log(low), math.log(high), n))
    h, w = x.shape[1:]
    if random.random() < 0.7:
        x = x.clamp(min=1e-3) ** float(log_uniform(1 / (1 + 0.6 * strength), 1 + 0.7 * strength))
    gain = log_uniform(1 / (1 + 0.6 * strength), 1 + 0.4 * strength) * log_uniform(1 / (1 + 0.15 * strength), 1 + 0.15 * strength, 3)
    x = x * torch.from_numpy(gain).float().view(3, 1, 1)
    saturation = 0.0 if random.random() < 0.1 else random.uniform(1 - 0.6 * strength, 1 + 0.4 * strength)
    grey = (x * torch.tensor([0.3, 0.59, 0.11]).view(3, 1, 1)).sum(0, keepdim=True)
    contrast = float(log_uniform(1 / (1 + 0.8 * strength), 1 + 0.35 * strength))
    x = torch.lerp(grey, x, float(saturation))
    mean = x.mean()
    x = mean + (x - mean) * contrast
    slope = random.uniform(-0.25, 0.25, 2) * strength
    x = x * (1 + slope[0] * torch.linspace(-1, 1, h).view(1, h, 1) + slope[1] * torch.linspace(-1, 1, w).view(1, 1, w))
    if random.random() < 0.15 * strength:
        length, angle = random.uniform(2, 9), random.uniform(0, 2 * math.pi)
        x = smear(x, length * math.cos(angle), length * math.sin(angle))
    if random.random() < 0.6:
        seed = torch.Generator().manual_seed(int(random.integers(2 ** 40)))
        x = x + torch.randn(x.shape, generator=seed) * float(random.uniform(0, 0.05) * strength)
    out = (x.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).contiguous()
    if random.random() < 0.4:
        file = io.BytesIO()
        Image.fromarray(out.numpy()).save(file, "JPEG", quality=int(random.integers(25, 90)))
        out = torch.from_numpy(np.array(Image.open(file)))
    return out


def angle_of(random: np.random.Generator, turned: float) -> float:
    """In-plane rotation in radians: mostly a few degrees, in a share `turned` of the cases up to 50, now and then any."""
    choice = random.random()
    if choice < 0.2 * turned:
        return random.uniform(-math.pi, math.pi)
    if choice < turned:
        return random.uniform(-0.9, 0.9)
    return random.normal() * 0.1


def sample(there: np.ndarray, to_a: np.ndarray, from_b: np.ndarray, height: int, width: int, count: int, near: float,
           random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixels of crop A, where crop B shows them, both flat indices [count], and which pairs are true.

    A share `near` lies within 12 pixels of another, so that close negatives are plenty.
    """
    h, w = there.shape[:2]
    seeds = random.uniform(0, [width, height], (4 * count, 2))
    around = np.concatenate([seeds[:count // 4], seeds[:count // 4], seeds[:count // 4]]) + random.uniform(-12, 12, (3 * (count // 4), 2))
    points = np.concatenate([seeds, around]).round()
    at = apply(to_a, points)
    low = np.floor(at).astype(int)
    inside = (points >= 0).all(1) & (points < [width, height]).all(1) & (low >= 0).all(1) & (low < [w - 1, h - 1]).all(1)
    low = np.where(inside[:, None], low, 0)
    part = at - low
    corners = [there[low[:, 1] + j, low[:, 0] + i] for j in (0, 1) for i in (0, 1)]
    known = inside & np.all([(c[:, 0] != UNSEEN) for c in corners], 0)
    corners = [c.astype(np.float32) / UNIT for c in corners]
    known &= (np.abs(corners[3] - corners[0]).max(1) < 6) & (np.abs(corners[2] - corners[1]).max(1) < 6)
    fx, fy = part[:, :1], part[:, 1:]
    target = (corners[0] * (1 - fx) + corners[1] * fx) * (1 - fy) + (corners[2] * (1 - fx) + corners[3] * fx) * fy
    target = apply(from_b, target)
    known &= (target > -0.5).all(1) & (target < [width - 0.5, height - 0.5]).all(1)
    loose, tight = np.nonzero(known[:len(seeds)])[0], len(seeds) + np.nonzero(known[len(seeds):])[0]
    tight = random.permutation(tight)[:int(count * near)]
    chosen = np.concatenate([loose[:count - len(tight)], tight])
    true = np.arange(count) < len(chosen)
    chosen = np.resize(chosen, count) if len(chosen) else np.zeros(count, int)
    last = [width - 1, height - 1]
    p, q = points[chosen].clip(0, last).astype(int), np.nan_to_num(target[chosen]).round().clip(0, last).astype(int)
    return p[:, 1] * width + p[:, 0], q[:, 1] * width + q[:, 0], true


def view_pair(images: np.ndarray, there: np.ndarray, height: int, width: int, count: int, extra: int,
              random: np.random.Generator, strength: float = 1.0, turned: float = 0.35):
    """Two crops and their sampled pixels of one record; sides are swapped at random."""
    seen = np.argwhere(there[::8, ::8, 0] != UNSEEN) * 8
    if len(seen):
        y, x = seen[random.integers(len(seen))]
        middles = [np.array([x, y], float), there[y, x] / UNIT]
    else:
        middles = [np.full(2, (SIDE - 1) / 2)] * 2
    zoom = math.sqrt(min(SIDE / height, SIDE / width))
    matrices = []
    common = np.exp(random.uniform(math.log(0.75), math.log(zoom * 1.25)))
    for middle in middles:
        scale = common * np.exp(random.uniform(math.log(0.72), math.log(1.4)))
        angle = angle_of(random, turned) if not matrices or random.random() < 0.7 else 0.0
        middle = middle + random.normal(size=2) * 0.15 * scale * min(height, width)
        reach = np.minimum(scale * np.array([width, height]) / 2, SIDE / 2)
        matrices.append(similarity(angle, scale, middle.clip(reach, SIDE - reach), height, width))
    coarse = [float(np.exp(random.uniform(0, math.log(3.5)))) if random.random() < 0.3 * strength else 1.0 for _ in range(2)]
    crops = [expose(cut(image, m, height, width, c), random, strength) for image, m, c in zip(images, matrices, coarse)]
    index_a, index_b, true = sample(there, matrices[0], invert(matrices[1]), height, width, count, 0.5, random)
    indices = [index_a, index_b]
    if random.random() < 0.5:
        crops, indices = crops[::-1], indices[::-1]
    more = random.integers(0, height * width, (2, extra))
    return crops, [np.concatenate(pair) for pair in zip(indices, more)], true


def draw(pool: Pool, ready: np.ndarray, seed: int, count: int, height: int, width: int, correspondences: int, negatives: int,
         strength: float, turned: float) -> Views:
    """`count` pairs that depend on the seed and the records alone."""
    random = np.random.default_rng(seed)
    images, index, true = [], [], []
    for slot in random.choice(ready, count):
        crops, indices, known = view_pair(pool.images[slot], pool.there[slot], height, width, correspondences, negatives, random,
                                          strength, turned)
        images.append(torch.stack(crops))
        index.append(torch.from_numpy(np.stack(indices)))
        true.append(torch.from_numpy(known))
    return Views(torch.stack(images, 1), torch.stack(index, 1), torch.stack(true))
