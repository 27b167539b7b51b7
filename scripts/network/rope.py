"""Two-dimensional rotary position encoding (RoPE), base 100 in the official models."""

from typing import Tuple

import torch
from torch import Tensor


def rope_table(rows: int, columns: int, head_dim: int, base: float, device: torch.device) -> Tuple[Tensor, Tensor]:
    """Cosines and signed sines for the tokens of a rows x columns grid, each [N, 1, 2, 2, head_dim / 4] in fp32.

    The axes of a head vector are (y, x), (u, v), frequency; positions are the raw integer grid indices.
    The sine is negative for u, as u' = u cos - v sin and v' = v cos + u sin.
    """
    frequencies = head_dim // 4
    exponents = torch.arange(frequencies, device=device, dtype=torch.float32) / frequencies
    omega = torch.pow(base, -exponents)
    y = torch.arange(rows, device=device, dtype=torch.float32).view(rows, 1, 1) * omega
    x = torch.arange(columns, device=device, dtype=torch.float32).view(1, columns, 1) * omega
    shape = [rows, columns, frequencies]
    angles = torch.stack([y.expand(shape), x.expand(shape)], 2).view(rows * columns, 1, 2, 1, frequencies)
    cosine = torch.cos(angles)
    sine = torch.sin(angles)
    return torch.cat([cosine, cosine], 3), torch.cat([-sine, sine], 3)


def rotate(t: Tensor, heads: int, rope: Tuple[Tensor, Tensor]) -> Tensor:
    """Rotates the head vectors of t [B, N, heads * head_dim] by their tokens' positions: [B, N, heads, head_dim]."""
    batch, tokens, channels = t.shape
    pairs = t.reshape(batch, tokens, heads, 2, 2, channels // heads // 4)
    rotated = torch.addcmul(pairs * rope[0], pairs.flip(4), rope[1])
    return rotated.to(t.dtype).view(batch, tokens, heads, channels // heads)
