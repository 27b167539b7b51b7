"""Both decoders of a pair in one, for a GPU and few tokens, where the time is that of launching kernels.

The products of a layer that are alike in both decoders run as one batch of two. The scale and shift of a norm are put into
the product behind it, so that the norm of a side's tokens serves its own decoder's self-attention and, as the memory of
cross-attention, the other's, in one product. Attention is in fp16 with its channels by pairs (see rope.py).
"""

from typing import Dict, List, Tuple

import torch
from torch import Tensor

from .architecture import Architecture
from .blocks import attend, split_heads
from .rope import by_pairs, rotate


def both_name(layer: int) -> str:
    """Where the weights of both decoders' layer are, each [2, ...], image A's decoder first."""
    return "both_decoders." + str(layer)


def behind_norm(weights: Dict[str, Tensor], norm: str, layer: str) -> Tuple[Tensor, Tensor]:
    """Weight and bias, in fp32, of a linear layer that takes tokens normalised without that norm's scale and shift."""
    weight = weights[layer + ".weight"].detach().to(torch.float32)
    shift = torch.mv(weight, weights[norm + ".bias"].detach().to(torch.float32))
    scaled = weight * weights[norm + ".weight"].detach().to(torch.float32)
    return scaled, weights[layer + ".bias"].detach().to(torch.float32) + shift


def entering(weights: Dict[str, Tensor], own: str, other: str, heads: int) -> Tuple[Tensor, Tensor]:
    """The product that a side's tokens go through first, for its block `own` and the other side's: [q | k | k' | v' | v] of
    its own self-attention and, k' and v', of the other's cross-attention to it."""
    qkv, qkv_bias = behind_norm(weights, own + ".norm1", own + ".attn.qkv")
    key, key_bias = behind_norm(weights, other + ".norm_y", other + ".cross_attn.projk")
    value, value_bias = behind_norm(weights, other + ".norm_y", other + ".cross_attn.projv")
    split = qkv.size(0) // 3 * 2
    keys = by_pairs(torch.cat([qkv[:split], key]), 3 * heads)
    keys_bias = by_pairs(torch.cat([qkv_bias[:split], key_bias]), 3 * heads)
    return torch.cat([keys, value, qkv[split:]]), torch.cat([keys_bias, value_bias, qkv_bias[split:]])


def prepare_both_decoders(
    weights: Dict[str, Tensor], arch: Architecture, attention: torch.dtype, mlp: torch.dtype
) -> Dict[str, Tensor]:
    """The weights of both decoders' layers side by side, of a checkpoint's: [2, in, out], and biases [2, 1, out]."""
    prepared: Dict[str, Tensor] = {}
    for i in range(arch.dec_depth):
        blocks = ["dec_blocks." + str(i), "dec_blocks2." + str(i)]
        for product in ["enter", "attn.proj", "query", "cross_attn.proj", "mlp.fc1", "mlp.fc2"]:
            sides: List[Tensor] = []
            biases: List[Tensor] = []
            for side in range(2):
                own = blocks[side]
                if product == "enter":
                    weight, bias = entering(weights, own, blocks[1 - side], arch.dec_heads)
                elif product == "query":
                    weight, bias = behind_norm(weights, own + ".norm2", own + ".cross_attn.projq")
                    weight, bias = by_pairs(weight, arch.dec_heads), by_pairs(bias, arch.dec_heads)
                elif product == "mlp.fc1":
                    weight, bias = behind_norm(weights, own + ".norm3", own + ".mlp.fc1")
                else:
                    weight = weights[own + "." + product + ".weight"].detach()
                    bias = weights[own + "." + product + ".bias"].detach()
                sides.append(weight.t())
                biases.append(bias.unsqueeze(0))
            dtype = mlp if product.startswith("mlp.") else attention
            name = both_name(i) + "." + product
            prepared[name + ".weight"] = torch.stack(sides).to(dtype)
            prepared[name + ".bias"] = torch.stack(biases).to(dtype)
    return prepared


def can_run_at_once(weights: Dict[str, Tensor], tokens: Tensor, same_size: bool) -> bool:
    """Whether both sides' tokens [B, N, C] are of one size, the weights prepared for it, and the tokens few: up to 4096 a
    side, over all pairs of a batch. From how many on kernels take longer than their launching is estimated, not measured."""
    return same_size and tokens.size(0) * tokens.size(1) <= 4096 and (both_name(0) + ".enter.weight") in weights


def both_products(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """Each side's linear layer of its tokens x [2, B, N, C], in the dtype of the weights."""
    weight = weights[name + ".weight"]
    rows = x.to(weight.dtype).flatten(1, 2)
    return torch.baddbmm(weights[name + ".bias"], rows, weight).unflatten(1, [x.size(1), x.size(2)])


def plain_norm(x: Tensor) -> Tensor:
    """LayerNorm over the channels, eps 1e-6, without scale and shift."""
    return torch.layer_norm(x, [x.size(-1)], None, None, 1e-6)


def both_attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Attention of both sides, heads [2 B, heads, N, D], to [2, B, N, C]."""
    return attend(q, k, v).unflatten(0, [2, q.size(0) // 2])


def both_decoders_layer(
    weights: Dict[str, Tensor], layer: int, x: Tensor, heads: int, rope: Tuple[Tensor, Tensor]
) -> Tensor:
    """One layer of both decoders, of both sides' tokens x [2, B, N, C] as the layer before left them; rope is a pair_table."""
    name = both_name(layer)
    vectors = split_heads(both_products(weights, name + ".enter", plain_norm(x)).flatten(0, 1), 5 * heads)
    rotate(vectors[:, : 3 * heads], rope)
    other = vectors[:, 2 * heads : 4 * heads].unflatten(0, [2, x.size(1)]).flip([0]).flatten(0, 1)
    attended = both_attend(vectors[:, :heads], vectors[:, heads : 2 * heads], vectors[:, 4 * heads :])
    x = x + both_products(weights, name + ".attn.proj", attended)
    query = rotate(split_heads(both_products(weights, name + ".query", plain_norm(x)).flatten(0, 1), heads), rope)
    attended = both_attend(query, other[:, :heads], other[:, heads:])
    x = x + both_products(weights, name + ".cross_attn.proj", attended)
    hidden = torch._C._nn.gelu_(both_products(weights, name + ".mlp.fc1", plain_norm(x)))
    return x + both_products(weights, name + ".mlp.fc2", hidden)
