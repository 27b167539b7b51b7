"""Two-dimensional rotary position encoding (RoPE), base 100 in the official models."""

from typing import Tuple

import torch
from torch import Tensor


def rope_table(rows: int, columns: int, head_dim: int, base: float, device: torch.device) -> Tuple[Tensor, Tensor]:
    """Cosines and signed sines for the tokens of a rows x columns grid, each [N, 2, 2, head_dim / 4] in fp32.

    The axes of a head vector are (y, x), (u, v), frequency; positions are the raw integer grid indices.
    The sine is negative for u, as u' = u cos - v sin and v' = v cos + u sin.
    """
    frequencies = head_dim // 4
    exponents = torch.arange(frequencies, device=device, dtype=torch.float32) / frequencies
    omega = torch.pow(base, -exponents)
    y = torch.arange(rows, device=device, dtype=torch.float32).view(rows, 1, 1) * omega
    x = torch.arange(columns, device=device, dtype=torch.float32).view(1, columns, 1) * omega
    shape = [rows, columns, frequencies]
    angles = torch.stack([y.expand(shape), x.expand(shape)], 2).view(rows * columns, 2, 1, frequencies)
    cosine = torch.cos(angles)
    sine = torch.sin(angles)
    return torch.cat([cosine, cosine], 2), torch.cat([-sine, sine], 2)


def rotate(t: Tensor, rope: Tuple[Tensor, Tensor]) -> Tensor:
    """Rotates head vectors [..., N, head_dim] by the positions of their N tokens."""
    pairs = t.unflatten(-1, [2, 2, t.size(-1) // 4])
    rotated = pairs * rope[0]
    rotated.select(-2, 0).addcmul_(pairs.select(-2, 1), rope[1].select(-2, 0))
    rotated.select(-2, 1).addcmul_(pairs.select(-2, 0), rope[1].select(-2, 1))
    return rotated.to(t.dtype).flatten(-3)
