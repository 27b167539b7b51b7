"""Dense orientation histograms (in the manner of DAISY, Tola et al. 2010) as a first target for the descriptors."""
from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

ORIENTATIONS = 8
RINGS = ((0.0, 1, 1.5), (4.0, 8, 2.2), (9.0, 8, 4.0))  # radius, points, Gaussian, in pixels


def gaussian(x: Tensor, sigma: float) -> Tensor:
    reach = int(math.ceil(2.5 * sigma))
    taps = torch.exp(-torch.arange(-reach, reach + 1, device=x.device) ** 2 / (2 * sigma * sigma))
    taps = taps / taps.sum()
    b, c, h, w = x.shape
    x = F.pad(x.reshape(b * c, 1, h, w), (reach, reach, reach, reach), mode="replicate")
    return F.conv2d(F.conv2d(x, taps.view(1, 1, 1, -1)), taps.view(1, 1, -1, 1)).view(b, c, h, w)


@torch.no_grad()
def histograms(images: Tensor) -> Tensor:
    """Unit descriptors [B, H, W, 136] of byte images [B, H, W, 3]."""
    grey = (images.float() @ torch.tensor([0.3, 0.59, 0.11], device=images.device))[:, None] / 255
    smooth = F.pad(gaussian(grey, 0.9), (1, 1, 1, 1), mode="replicate")
    dx = (smooth[:, :, 1:-1, 2:] - smooth[:, :, 1:-1, :-2]) / 2
    dy = (smooth[:, :, 2:, 1:-1] - smooth[:, :, :-2, 1:-1]) / 2
    angles = torch.arange(ORIENTATIONS, device=images.device) * (2 * math.pi / ORIENTATIONS)
    maps = (dx * angles.cos().view(1, -1, 1, 1) + dy * angles.sin().view(1, -1, 1, 1)).clamp(min=0)
    parts = []
    h, w = grey.shape[2:]
    for radius, points, sigma in RINGS:
        pooled = gaussian(maps, sigma)
        reach = int(radius) + 1
        padded = F.pad(pooled, (reach,) * 4, mode="replicate")
        for k in range(points):
            y = reach + round(radius * math.sin(2 * math.pi * k / points))
            x = reach + round(radius * math.cos(2 * math.pi * k / points))
            parts.append(padded[:, :, y:y + h, x:x + w])
    d = torch.cat(parts, 1)
    d = (d / (d.sum(1, keepdim=True) + 0.02)).sqrt()
    return F.normalize(d, dim=1).permute(0, 2, 3, 1)


class Compressed:
    """The directions of the histograms that best tell places apart (linear discriminants), as unit vectors.

    `first` and `second` [n, 136] are histograms of the same places in two images.
    """

    def __init__(self, first: Tensor, second: Tensor, dims: int, whiten: float = 0.25, ridge: float = 0.02):
        both = torch.cat([first, second])
        self.mean = both.mean(0)
        within = torch.cov((first - second).T) / 2
        within += ridge * within.diagonal().mean() * torch.eye(len(within), device=within.device)
        values, vectors = torch.linalg.eigh(within)
        whitener = vectors * values ** -0.5
        values, vectors = torch.linalg.eigh(whitener.T @ torch.cov((both - self.mean).T) @ whitener)
        self.matrix = whitener @ vectors[:, -dims:] * values[-dims:] ** (-0.5 * whiten)

    @staticmethod
    def restored(mean: Tensor, matrix: Tensor) -> "Compressed":
        out = Compressed.__new__(Compressed)
        out.mean, out.matrix = mean, matrix
        return out

    def __call__(self, images: Tensor) -> Tensor:
        return F.normalize((histograms(images) - self.mean) @ self.matrix, dim=-1)
