"""The network as one would first write it in PyTorch: one operation after the other, whatever the dtype of the weights.

Scores of attention are whole matrices, both heads of a side always run, nothing is reused. In float32 it is what
speed is compared with; in float64, where it equals reference_network.py to rounding but takes minutes less, it judges
the network at its full size. Shares no code with the package `network`.
"""

from typing import Dict, List, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor

Weights = Dict[str, Tensor]
Size = Tuple[int, int]  # height, width in pixels


def linear(w: Weights, name: str, x: Tensor) -> Tensor:
    return F.linear(x, w[name + ".weight"], w[name + ".bias"])


def norm(w: Weights, name: str, x: Tensor) -> Tensor:
    return F.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], eps=1e-6)


def mlp(w: Weights, name: str, x: Tensor) -> Tensor:
    return linear(w, name + ".fc2", F.gelu(linear(w, name + ".fc1", x)))


def rope(x: Tensor, size: Size, patch: int, base: float) -> Tensor:
    """Rotates head vectors [B, heads, N, D]; quarters u_y, v_y, u_x, v_x."""
    rows, columns = size[0] // patch, size[1] // patch
    omega = base ** (-torch.arange(x.shape[-1] // 4, dtype=x.dtype) / (x.shape[-1] // 4))
    y = torch.arange(rows, dtype=x.dtype).repeat_interleave(columns)
    parts = []
    for half, position in zip(x.chunk(2, dim=-1), (y, torch.arange(columns, dtype=x.dtype).repeat(rows))):
        u, v = half.chunk(2, dim=-1)
        angle = position[:, None] * omega
        parts += [u * angle.cos() - v * angle.sin(), v * angle.cos() + u * angle.sin()]
    return torch.cat(parts, dim=-1)


def split(x: Tensor, heads: int) -> Tensor:
    return x.reshape(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)


def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = (q @ k.transpose(-2, -1)) * q.shape[-1] ** -0.5
    return (scores.softmax(dim=-1) @ v).transpose(1, 2).flatten(2)


def self_attention(w: Weights, config, name: str, x: Tensor, heads: int, size: Size) -> Tensor:
    q, k, v = (split(part, heads) for part in linear(w, name + ".qkv", x).chunk(3, dim=-1))
    q, k = (rope(part, size, config.patch_size, config.rope_base) for part in (q, k))
    return linear(w, name + ".proj", attend(q, k, v))


def cross_attention(w: Weights, config, name: str, x: Tensor, memory: Tensor, size_x: Size, size_memory: Size) -> Tensor:
    heads = config.dec_num_heads
    q = rope(split(linear(w, name + ".projq", x), heads), size_x, config.patch_size, config.rope_base)
    k = rope(split(linear(w, name + ".projk", memory), heads), size_memory, config.patch_size, config.rope_base)
    return linear(w, name + ".proj", attend(q, k, split(linear(w, name + ".projv", memory), heads)))


def encode(w: Weights, config, images: Tensor) -> Tensor:
    """Encoder tokens of images [B, H, W, 3], uint8."""
    size = images.shape[1], images.shape[2]
    kernel = w["patch_embed.proj.weight"]
    pixels = (images.to(kernel.dtype).permute(0, 3, 1, 2) / 255 - 0.5) / 0.5
    x = F.conv2d(pixels, kernel, w["patch_embed.proj.bias"], stride=config.patch_size).flatten(2).transpose(1, 2)
    for i in range(config.enc_depth):
        block = f"enc_blocks.{i}"
        x = x + self_attention(w, config, block + ".attn", norm(w, block + ".norm1", x), config.enc_num_heads, size)
        x = x + mlp(w, block + ".mlp", norm(w, block + ".norm2", x))
    return norm(w, "enc_norm", x)


def decoder_block(w: Weights, config, block: str, x: Tensor, y: Tensor, size_x: Size, size_y: Size) -> Tensor:
    x = x + self_attention(w, config, block + ".attn", norm(w, block + ".norm1", x), config.dec_num_heads, size_x)
    memory = norm(w, block + ".norm_y", y)
    x = x + cross_attention(w, config, block + ".cross_attn", norm(w, block + ".norm2", x), memory, size_x, size_y)
    return x + mlp(w, block + ".mlp", norm(w, block + ".norm3", x))


def decode(w: Weights, config, features_a: Tensor, features_b: Tensor, size_a: Size, size_b: Size):
    """Both lists [F, x_1, ..., x_{d-1}, dec_norm(x_d)]."""
    a, b = linear(w, "decoder_embed", features_a), linear(w, "decoder_embed", features_b)
    layers_a, layers_b = [features_a], [features_b]
    for i in range(config.dec_depth):
        a, b = (
            decoder_block(w, config, f"dec_blocks.{i}", a, b, size_a, size_b),
            decoder_block(w, config, f"dec_blocks2.{i}", b, a, size_b, size_a),
        )
        layers_a.append(a)
        layers_b.append(b)
    layers_a[-1], layers_b[-1] = norm(w, "dec_norm", a), norm(w, "dec_norm", b)
    return layers_a, layers_b


def conv(w: Weights, name: str, x: Tensor, stride: int = 1) -> Tensor:
    kernel = w[name + ".weight"]
    return F.conv2d(x, kernel, w.get(name + ".bias"), stride=stride, padding=kernel.shape[2] // 2)


def residual_conv_unit(w: Weights, name: str, x: Tensor) -> Tensor:
    return x + conv(w, name + ".conv2", F.relu(conv(w, name + ".conv1", F.relu(x))))


def upsample(x: Tensor, height: int, width: int) -> Tensor:
    return F.interpolate(x, size=(height, width), mode="bilinear", align_corners=True)


def refine(w: Weights, name: str, x: Tensor, skip=None) -> Tensor:
    if skip is not None:
        x = x + residual_conv_unit(w, name + ".resConfUnit1", skip)
    x = upsample(residual_conv_unit(w, name + ".resConfUnit2", x), 2 * x.shape[2], 2 * x.shape[3])
    return conv(w, name + ".out_conv", x)


def dpt(w: Weights, config, name: str, layers: List[Tensor], size: Size) -> Tensor:
    rows, columns = size[0] // config.patch_size, size[1] // config.patch_size
    maps = []
    for k, layer in enumerate((0, config.dec_depth * 2 // 4, config.dec_depth * 3 // 4, config.dec_depth)):
        stage = f"{name}.act_postprocess.{k}"
        tokens = layers[layer]
        x = conv(w, stage + ".0", tokens.transpose(1, 2).reshape(tokens.shape[0], -1, rows, columns))
        if k < 2:
            kernel = w[stage + ".1.weight"]
            x = F.conv_transpose2d(x, kernel, w[stage + ".1.bias"], stride=kernel.shape[2])
        elif k == 3:
            x = conv(w, stage + ".1", x, stride=2)
        maps.append(conv(w, f"{name}.scratch.layer{k + 1}_rn", x))
    x = refine(w, name + ".scratch.refinenet4", maps[3])[:, :, :rows, :columns]
    for k in (3, 2, 1):
        x = refine(w, f"{name}.scratch.refinenet{k}", x, maps[k - 1])
    x = upsample(conv(w, name + ".head.0", x), *size)
    return conv(w, name + ".head.4", F.relu(conv(w, name + ".head.2", x)))


def predict(w: Weights, config, side: int, layers: List[Tensor], size: Size) -> Dict[str, Tensor]:
    """Predictions of side 1 or 2, channel-last; for models with a DPT head, descriptors and two confidences."""
    head = f"downstream_head{side}"
    raw = dpt(w, config, head + ".dpt", layers, size).permute(0, 2, 3, 1)
    distance = raw[..., :3].norm(dim=-1, keepdim=True)
    local = mlp(w, head + ".head_local_features", torch.cat([layers[0], layers[-1]], dim=-1))
    rows, columns = size[0] // config.patch_size, size[1] // config.patch_size
    local = local.transpose(1, 2).reshape(local.shape[0], -1, rows, columns)
    local = F.pixel_shuffle(local, config.patch_size).permute(0, 2, 3, 1)
    descriptors = local[..., : config.desc_dim]
    return {
        "points": raw[..., :3] / distance.clamp(min=1e-8) * torch.expm1(distance),
        "point_confidence": 1 + raw[..., 3].exp(),
        "descriptors": descriptors / descriptors.norm(dim=-1, keepdim=True),
        "descriptor_confidence": local[..., config.desc_dim].exp(),
    }


@torch.no_grad()
def run_pair(w: Weights, config, images_a: Tensor, images_b: Tensor) -> Dict[str, Tensor]:
    """All predictions of a batch of pairs by name, with the suffix _a or _b."""
    size_a, size_b = tuple(images_a.shape[1:3]), tuple(images_b.shape[1:3])
    features_a, features_b = encode(w, config, images_a), encode(w, config, images_b)
    layers_a, layers_b = decode(w, config, features_a, features_b, size_a, size_b)
    predictions = {f"{key}_a": value for key, value in predict(w, config, 1, layers_a, size_a).items()}
    return predictions | {f"{key}_b": value for key, value in predict(w, config, 2, layers_b, size_b).items()}
