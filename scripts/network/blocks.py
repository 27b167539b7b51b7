"""Transformer blocks of the encoder and of the two decoders (pre-norm).

Products run in the dtype of their weights; LayerNorm, RoPE and the residual stream stay in fp32.
"""

from typing import Dict, Tuple

import torch
from torch import Tensor

from .rope import rotate


def linear(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    return torch._C._nn.linear(x, weights[name + ".weight"], weights[name + ".bias"])


def linear_of_norm(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """A linear layer behind a norm: takes fp32 into the dtype of the weights."""
    return linear(weights, name, x.to(weights[name + ".weight"].dtype))


def norm(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """LayerNorm over the channels, eps 1e-6."""
    weight = weights[name + ".weight"]
    return torch.layer_norm(x, [weight.size(0)], weight, weights[name + ".bias"], 1e-6)


def mlp(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """fc2(GELU(fc1(x))) with the exact (erf) GELU."""
    return linear(weights, name + ".fc2", torch._C._nn.gelu(linear_of_norm(weights, name + ".fc1", x)))


def split_heads(x: Tensor, heads: int) -> Tensor:
    """[B, N, heads * D] to [B, heads, N, D], contiguous: attention over strided heads costs more than this copy."""
    return x.unflatten(2, [heads, x.size(2) // heads]).transpose(1, 2).contiguous()


def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """softmax(q k^T / sqrt(D)) v for q [B, heads, N, D] and k, v [B, heads, M, D]: [B, N, heads * D]."""
    return torch._C._nn.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)


def self_attention(
    weights: Dict[str, Tensor], name: str, x: Tensor, heads: int, rope: Tuple[Tensor, Tensor]
) -> Tensor:
    """Self-attention of x [B, N, C]; the fused product is ordered [q | k | v], each head-major."""
    qkv = split_heads(linear_of_norm(weights, name + ".qkv", x), 3 * heads)
    qk = rotate(qkv[:, : 2 * heads], rope)
    return linear(weights, name + ".proj", attend(qk[:, :heads], qk[:, heads:], qkv[:, 2 * heads :]))


def cross_attention(
    weights: Dict[str, Tensor],
    name: str,
    x: Tensor,
    memory: Tensor,
    heads: int,
    rope_x: Tuple[Tensor, Tensor],
    rope_memory: Tuple[Tensor, Tensor],
) -> Tensor:
    """Attention of x [B, N, C] over the other image's tokens, memory [B, M, C]."""
    q = rotate(split_heads(linear_of_norm(weights, name + ".projq", x), heads), rope_x)
    k = rotate(split_heads(linear_of_norm(weights, name + ".projk", memory), heads), rope_memory)
    v = split_heads(linear_of_norm(weights, name + ".projv", memory), heads)
    return linear(weights, name + ".proj", attend(q, k, v))


def encoder_block(
    weights: Dict[str, Tensor], name: str, x: Tensor, heads: int, rope: Tuple[Tensor, Tensor]
) -> Tensor:
    x = x + self_attention(weights, name + ".attn", norm(weights, name + ".norm1", x), heads, rope)
    return x + mlp(weights, name + ".mlp", norm(weights, name + ".norm2", x))


def decoder_block(
    weights: Dict[str, Tensor],
    name: str,
    x: Tensor,
    y: Tensor,
    heads: int,
    rope_x: Tuple[Tensor, Tensor],
    rope_y: Tuple[Tensor, Tensor],
) -> Tensor:
    """Self-attention, cross-attention to the other side's tokens y, MLP."""
    x = x + self_attention(weights, name + ".attn", norm(weights, name + ".norm1", x), heads, rope_x)
    memory = norm(weights, name + ".norm_y", y)
    query = norm(weights, name + ".norm2", x)
    x = x + cross_attention(weights, name + ".cross_attn", query, memory, heads, rope_x, rope_y)
    return x + mlp(weights, name + ".mlp", norm(weights, name + ".norm3", x))
