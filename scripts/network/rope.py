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


def stored_by_pairs(t: Tensor) -> bool:
    """Whether queries and keys, or the products that make them, have u beside v: in fp16 on a GPU, where a rotation is then
    one complex number's. Elsewhere the channels are in the order of the checkpoints."""
    return t.is_cuda and t.dtype == torch.float16


def by_pairs(rows: Tensor, heads: int) -> Tensor:
    """The rows [heads * D, ...] of a product that makes queries or keys, each head's from (axis, u or v, frequency) to
    (axis, frequency, u or v)."""
    quarter = rows.size(0) // (4 * heads)
    return rows.unflatten(0, [heads, 2, 2, quarter]).transpose(2, 3).flatten(0, 3).contiguous()


def pair_table(rope: Tuple[Tensor, Tensor]) -> Tuple[Tensor, Tensor]:
    """A rope_table as what rotates channels stored by pairs: cosine and sine side by side, [N, head_dim / 2, 2] in fp16."""
    table = torch.stack([rope[0].select(2, 0), rope[1].select(2, 1)], 3).flatten(1, 2)
    return table.to(torch.float16), table.new_empty([0])


def rotate(t: Tensor, rope: Tuple[Tensor, Tensor]) -> Tensor:
    """Rotates head vectors [..., N, head_dim] by the positions of their N tokens; those stored by pairs, whose rope is a
    pair_table, in place."""
    if rope[1].numel() == 0:
        torch.view_as_complex(t.unflatten(-1, [t.size(-1) // 2, 2])).mul_(torch.view_as_complex(rope[0]))
        return t
    pairs = t.unflatten(-1, [2, 2, t.size(-1) // 4])
    rotated = pairs * rope[0]
    rotated.select(-2, 0).addcmul_(pairs.select(-2, 1), rope[1].select(-2, 0))
    rotated.select(-2, 1).addcmul_(pairs.select(-2, 0), rope[1].select(-2, 1))
    return rotated.to(t.dtype).flatten(-3)
