"""Transformer blocks of the encoder and of the two decoders (pre-norm).

Products run in the dtype of their weights; LayerNorm, RoPE and the residual stream stay in fp32. The functions product,
product_gelu, product_onto and attend have twins for processors where oneDNN is the faster library (onednn.py).
"""

from typing import Dict, Tuple

import torch
from torch import Tensor

from .rope import rotate


def product(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x weight^T + bias."""
    return torch._C._nn.linear(x, weight, bias)


def product_gelu(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """GELU(x weight^T + bias) with the exact (erf) GELU, in place: fresh memory costs more than the function."""
    return torch._C._nn.gelu_(product(x, weight, bias))


def product_onto(x: Tensor, weight: Tensor, bias: Tensor, residual: Tensor) -> Tensor:
    """residual + x weight^T + bias; in one dtype the product is summed onto the residual, which saves a pass over it."""
    if weight.dtype != residual.dtype or x.dtype != residual.dtype:
        return residual + product(x, weight, bias)
    total = residual + bias
    total.flatten(0, 1).addmm_(x.flatten(0, 1), weight.t())
    return total


def linear(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    return product(x, weights[name + ".weight"], weights[name + ".bias"])


def linear_onto(weights: Dict[str, Tensor], name: str, x: Tensor, residual: Tensor) -> Tensor:
    """residual + linear(x)."""
    return product_onto(x, weights[name + ".weight"], weights[name + ".bias"], residual)


def linear_of_norm(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """A linear layer behind a norm: takes fp32 into the dtype of the weights."""
    return linear(weights, name, x.to(weights[name + ".weight"].dtype))


def norm(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """LayerNorm over the channels, eps 1e-6."""
    weight = weights[name + ".weight"]
    return torch.layer_norm(x, [weight.size(0)], weight, weights[name + ".bias"], 1e-6)


def mlp_hidden(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """GELU(fc1(x)); takes fp32 into the dtype of the weights."""
    weight = weights[name + ".fc1.weight"]
    return product_gelu(x.to(weight.dtype), weight, weights[name + ".fc1.bias"])


def mlp(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """fc2(GELU(fc1(x)))."""
    return linear(weights, name + ".fc2", mlp_hidden(weights, name, x))


def split_heads(x: Tensor, heads: int) -> Tensor:
    """[B, N, heads * D] to [B, heads, N, D]; contiguous on a processor, where attention over strided heads costs more than
    this copy."""
    split = x.unflatten(2, [heads, x.size(2) // heads]).transpose(1, 2)
    return split if split.is_cuda else split.contiguous()


def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """softmax(q k^T / sqrt(D)) v for q [B, heads, N, D] and k, v [B, heads, M, D]: [B, N, heads * D]."""
    return torch._C._nn.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)


def attend_to_itself(qkv: Tensor, heads: int, rope: Tuple[Tensor, Tensor]) -> Tensor:
    """Self-attention of qkv [B, N, 3 * heads * D], ordered [q | k | v], each head-major: [B, N, heads * D]."""
    vectors = split_heads(qkv, 3 * heads)
    qk = rotate(vectors[:, : 2 * heads], rope)
    return attend(qk[:, :heads], qk[:, heads:], vectors[:, 2 * heads :])


def self_attention(
    weights: Dict[str, Tensor], name: str, x: Tensor, residual: Tensor, heads: int, rope: Tuple[Tensor, Tensor]
) -> Tensor:
    """residual + self-attention of x [B, N, C]."""
    attended = attend_to_itself(linear_of_norm(weights, name + ".qkv", x), heads, rope)
    return linear_onto(weights, name + ".proj", attended, residual)


def cross_attention(
    weights: Dict[str, Tensor],
    name: str,
    x: Tensor,
    memory: Tensor,
    residual: Tensor,
    heads: int,
    rope_x: Tuple[Tensor, Tensor],
    rope_memory: Tuple[Tensor, Tensor],
) -> Tensor:
    """residual + attention of x [B, N, C] over the other image's tokens, memory [B, M, C]."""
    q = rotate(split_heads(linear_of_norm(weights, name + ".projq", x), heads), rope_x)
    k = rotate(split_heads(linear_of_norm(weights, name + ".projk", memory), heads), rope_memory)
    v = split_heads(linear_of_norm(weights, name + ".projv", memory), heads)
    return linear_onto(weights, name + ".proj", attend(q, k, v), residual)


def encoder_qkv(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """What a block's attention is of: [q | k | v] of the tokens x [B, N, C], each head-major."""
    return linear_of_norm(weights, name + ".attn.qkv", norm(weights, name + ".norm1", x))


def encoder_rest(weights: Dict[str, Tensor], name: str, x: Tensor, attended: Tensor) -> Tensor:
    """What a block makes of its tokens x and their attention, both [B, N, C]."""
    x = linear_onto(weights, name + ".attn.proj", attended, x)
    hidden = mlp_hidden(weights, name + ".mlp", norm(weights, name + ".norm2", x))
    return linear_onto(weights, name + ".mlp.fc2", hidden, x)


def encoder_block(
    weights: Dict[str, Tensor], name: str, x: Tensor, heads: int, rope: Tuple[Tensor, Tensor]
) -> Tensor:
    return encoder_rest(weights, name, x, attend_to_itself(encoder_qkv(weights, name, x), heads, rope))


def attend_by_some_heads(
    qkv: Tensor, heads: int, first: int, end: int, rope: Tuple[Tensor, Tensor]
) -> Tensor:
    """As attend_to_itself, by the heads `first` to before `end` of qkv [B, N, 3 * heads * D] alone."""
    some = qkv.unflatten(2, [3, heads, qkv.size(2) // (3 * heads)])[:, :, :, first:end].flatten(2)
    return attend_to_itself(some, end - first, rope)


def decoder_self_attention(
    weights: Dict[str, Tensor], name: str, x: Tensor, heads: int, rope: Tuple[Tensor, Tensor]
) -> Tensor:
    """The part of a block that needs its own side's tokens x alone."""
    return self_attention(weights, name + ".attn", norm(weights, name + ".norm1", x), x, heads, rope)


def decoder_rest(
    weights: Dict[str, Tensor],
    name: str,
    x: Tensor,
    y: Tensor,
    heads: int,
    rope_x: Tuple[Tensor, Tensor],
    rope_y: Tuple[Tensor, Tensor],
) -> Tensor:
    """The part of a block behind its self-attention: cross-attention to the other side's tokens y, MLP."""
    memory = norm(weights, name + ".norm_y", y)
    query = norm(weights, name + ".norm2", x)
    x = cross_attention(weights, name + ".cross_attn", query, memory, x, heads, rope_x, rope_y)
    hidden = mlp_hidden(weights, name + ".mlp", norm(weights, name + ".norm3", x))
    return linear_onto(weights, name + ".mlp.fc2", hidden, x)


def decoder_block(
    weights: Dict[str, Tensor],
    name: str,
    x: Tensor,
    y: Tensor,
    heads: int,
    rope_x: Tuple[Tensor, Tensor],
    rope_y: Tuple[Tensor, Tensor],
) -> Tensor:
    """One layer of a decoder, of its own side's tokens x and the other side's y, both as the layer before left them."""
    x = decoder_self_attention(weights, name, x, heads, rope_x)
    return decoder_rest(weights, name, x, y, heads, rope_x, rope_y)
