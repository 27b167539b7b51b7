"""Changes of appearance that two photographs of one place show: exposure, colour, blur, noise, JPEG blocks."""
from __future__ import annotations

import math

import torch
from torch import Tensor
import torch.nn.functional as F

LUMA_TABLE = torch.tensor([
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87,
    80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92,
    95, 98, 112, 100, 103, 99.0]).view(8, 8)


def dct_basis(size: int) -> Tensor:
    """Orthonormal DCT-II, rows = frequencies."""
    k = torch.arange(size, dtype=torch.float32)
    basis = torch.cos(math.pi / size * (k[None] + 0.5) * k[:, None]) * math.sqrt(2 / size)
    basis[0] /= math.sqrt(2)
    return basis


def jpeg_like(images: Tensor, strength: Tensor) -> Tensor:
    """Quantises the 8 x 8 DCT of every channel; images [B, 3, H, W] with sides that are multiples of 8."""
    b, c, h, w = images.shape
    basis = dct_basis(8).to(images.device)
    blocks = images.view(b, c, h // 8, 8, w // 8, 8).transpose(3, 4) * 255 - 128
    step = (LUMA_TABLE.to(images.device) * strength.view(-1, 1, 1, 1, 1, 1)).clamp(min=1)
    coefficients = basis @ blocks @ basis.T
    blocks = basis.T @ ((coefficients / step).round() * step) @ basis
    return ((blocks + 128) / 255).transpose(3, 4).reshape(b, c, h, w).clamp(0, 1)


def blur(images: Tensor, sigma: Tensor) -> Tensor:
    """Gaussian blur by sigma [B] pixels, 5 taps."""
    taps = torch.arange(-2, 3, device=images.device, dtype=torch.float32)
    kernel = torch.exp(-taps ** 2 / (2 * sigma[:, None].clamp(min=0.05) ** 2))
    kernel = (kernel / kernel.sum(1, keepdim=True)).repeat_interleave(3, 0)
    b, c, h, w = images.shape
    x = F.pad(images.reshape(1, b * c, h, w), (2, 2, 2, 2), mode="replicate")
    x = F.conv2d(x, kernel[:, None, None, :], groups=b * c)
    return F.conv2d(x, kernel[:, None, :, None], groups=b * c).view(b, c, h, w)


def lose_detail(images: Tensor, dice, share: float) -> Tensor:
    """Of a `share` of the images [B, H, W, 3], two thirds as if taken with coarser pixels, the others blurred by motion."""
    x = images.permute(0, 3, 1, 2).clone(memory_format=torch.contiguous_format)
    h, w = x.shape[2:]
    fate = dice.uniform(0, 1, len(x))
    for k, coarse in enumerate((1.5, 2.0, 2.5, 3.0)):
        chosen = ((fate >= k * share / 6) & (fate < (k + 1) * share / 6)).nonzero()[:, 0]
        if len(chosen):
            small = F.interpolate(x[chosen], (round(h / coarse), round(w / coarse)), mode="area")
            x[chosen] = F.interpolate(small, (h, w), mode="bilinear", align_corners=False)
    moved = ((fate >= share * 4 / 6) & (fate < share)).nonzero()[:, 0]
    if len(moved):
        angle = dice.uniform(0, math.pi, len(moved))
        step = torch.stack([angle.cos() / w, angle.sin() / h], -1) * dice.uniform(1, 3, len(moved), 1)  # of grid units, 2 a side
        shift = torch.eye(2, 3, device=x.device).repeat(len(moved), 1, 1)
        total = torch.zeros_like(x[moved])
        for tap in (-2, -1, 0, 1, 2):
            shift[:, :, 2] = tap * step
            grid = F.affine_grid(shift, total.shape, align_corners=False)
            total += F.grid_sample(x[moved], grid, padding_mode="border", align_corners=False)
        x[moved] = total / 5
    return x.permute(0, 2, 3, 1)


def disturb(images: Tensor, dice, strength: float) -> Tensor:
    """Independent changes to every image [B, H, W, 3] in [0, 1]; returns bytes."""
    n, h, w, _ = images.shape
    x = images.permute(0, 3, 1, 2)
    column = lambda values: values.view(-1, 1, 1, 1)
    x = x.clamp(min=1e-3) ** column(dice.log_uniform(1 / (1 + 0.6 * strength), 1 + 0.6 * strength, n))
    x = x * column(dice.log_uniform(1 / (1 + 0.6 * strength), 1 + 0.35 * strength, n))
    x = x * dice.log_uniform(1 / (1 + 0.15 * strength), 1 + 0.15 * strength, n, 3, 1, 1)
    grey = (x * torch.tensor([0.3, 0.59, 0.11], device=x.device).view(1, 3, 1, 1)).sum(1, keepdim=True)
    saturation = column(dice.uniform(1 - 0.6 * strength, 1 + 0.4 * strength, n))
    saturation = torch.where(column(dice.uniform(0, 1, n)) < 0.06, 0.0, saturation)
    x = grey + (x - grey) * saturation
    mean = x.mean((1, 2, 3), keepdim=True)
    x = mean + (x - mean) * column(dice.log_uniform(1 / (1 + 0.5 * strength), 1 + 0.35 * strength, n))
    ys = torch.linspace(-1, 1, h, device=x.device).view(1, 1, h, 1)
    xs = torch.linspace(-1, 1, w, device=x.device).view(1, 1, 1, w)
    slope = dice.uniform(-0.25, 0.25, n, 2) * strength
    x = x * (1 + column(slope[:, 0]) * ys + column(slope[:, 1]) * xs)
    vignette = column(dice.uniform(0, 0.2, n) * strength)
    x = x * (1 - vignette * (ys ** 2 + xs ** 2))
    x = blur(x, dice.uniform(0, 1.1, n) * strength * (dice.uniform(0, 1, n) < 0.6))
    x = x + dice.noise(n, 3, h, w) * column(dice.uniform(0, 0.03, n) * strength)
    x = x.clamp(0, 1)
    blocky = (dice.uniform(0, 1, n) < 0.35).nonzero()[:, 0]
    if len(blocky) and h % 8 == 0 and w % 8 == 0:
        x[blocky] = jpeg_like(x[blocky], dice.log_uniform(0.1, 0.9, len(blocky)))
    return (x * 255).round().byte().permute(0, 2, 3, 1).contiguous()
