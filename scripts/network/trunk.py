"""The trunk: siamese encoder and the two decoders that look at each other (paper, section 3.1)."""

from typing import Dict, List, Tuple

import torch
from torch import Tensor

from .architecture import Architecture
from .blocks import attend_by_some_heads, decoder_block, encoder_block, encoder_qkv, encoder_rest, linear_of_norm, norm
from .both_decoders import both_decoders_layer, can_run_at_once
from .rope import pair_table, rope_table, stored_by_pairs


def normalise(image: Tensor) -> Tensor:
    """Pixels [B, H, W, 3] of 0..255 to the network's range: [B, 3, H, W] in [-1, 1], fp32."""
    return ((image.to(torch.float32) / 255.0 - 0.5) / 0.5).permute(0, 3, 1, 2)


def patch_embed(weights: Dict[str, Tensor], patch_size: int, pixels: Tensor) -> Tensor:
    """Tokens [B, h * w, C] of normalised pixels [B, 3, H, W], row-major."""
    weight = weights["patch_embed.proj.weight"]
    bias = weights["patch_embed.proj.bias"]
    stride = [patch_size, patch_size]
    return torch.conv2d(pixels.to(weight.dtype), weight, bias, stride).flatten(2).transpose(1, 2).to(torch.float32)


def encoder_tokens(weights: Dict[str, Tensor], arch: Architecture, pixels: Tensor) -> Tensor:
    """What enters the encoder's first block, [B, N, C], of normalised pixels [B, 3, H, W]; fp32."""
    height, width = pixels.size(2), pixels.size(3)
    if height % arch.patch_size != 0 or width % arch.patch_size != 0:
        raise ValueError("image of {}x{} pixels: both must be multiples of {}".format(width, height, arch.patch_size))
    return patch_embed(weights, arch.patch_size, pixels)


def encoder_name(layer: int) -> str:
    """Where a block of the encoder is."""
    return "enc_blocks." + str(layer)


def encoder_rope(
    arch: Architecture, channels: int, height: int, width: int, device: torch.device
) -> Tuple[Tensor, Tensor]:
    """The positions of the encoder's tokens, of so many channels, of an image of height x width pixels."""
    rows, columns = height // arch.patch_size, width // arch.patch_size
    return rope_table(rows, columns, channels // arch.enc_heads, arch.rope_base, device)


def encode_pixels(weights: Dict[str, Tensor], arch: Architecture, pixels: Tensor) -> Tensor:
    """Encoder tokens F [B, N, C], after enc_norm, of normalised pixels [B, 3, H, W]; fp32."""
    x = encoder_tokens(weights, arch, pixels)
    rope = encoder_rope(arch, x.size(2), pixels.size(2), pixels.size(3), x.device)
    if arch.enc_depth > 0 and stored_by_pairs(weights["enc_blocks.0.attn.qkv.weight"]):
        rope = pair_table(rope)
    for i in range(arch.enc_depth):
        x = encoder_block(weights, encoder_name(i), x, arch.enc_heads, rope)
    return norm(weights, "enc_norm", x)


def encoder_attention_part(
    arch: Architecture, qkv: List[Tensor], part: int, parts: int, height: int, width: int
) -> Tensor:
    """The attention of one of so many parts of the heads, [B, N, C'], of an image whose tokens' [q | k | v] come in blocks of
    rows."""
    whole = torch.cat(qkv, 1)
    rope = encoder_rope(arch, whole.size(2) // 3, height, width, whole.device)
    first = arch.enc_heads * part // parts
    end = arch.enc_heads * (part + 1) // parts
    return attend_by_some_heads(whole, arch.enc_heads, first, end, rope)


def encoder_block_rest(
    weights: Dict[str, Tensor], layer: int, x: Tensor, first_row: int, attended: List[Tensor]
) -> Tensor:
    """What a block makes of a block of rows x [B, n, C], from `first_row` on, and the parts of all rows' attention."""
    own = torch.cat([part[:, first_row : first_row + x.size(1)] for part in attended], 2)
    return encoder_rest(weights, encoder_name(layer), x, own)


def decoder_name(side: int) -> str:
    """Where the blocks of one side's decoder are: 1 is image A's, 2 image B's."""
    return "dec_blocks." if side == 1 else "dec_blocks2."


def decoder_embed(weights: Dict[str, Tensor], features: Tensor) -> Tensor:
    """Encoder tokens [B, N, C] in the decoders' width, fp32."""
    return linear_of_norm(weights, "decoder_embed", features).to(torch.float32)


def decoder_norm(weights: Dict[str, Tensor], x: Tensor) -> Tensor:
    """The end of a decoder, x_d, normalised."""
    return norm(weights, "dec_norm", x)


def decoder_rope(
    weights: Dict[str, Tensor], arch: Architecture, x: Tensor, height: int, width: int
) -> Tuple[Tensor, Tensor]:
    """The positions of a decoder's tokens [B, N, C] of an image of height x width pixels."""
    rows, columns = height // arch.patch_size, width // arch.patch_size
    rope = rope_table(rows, columns, x.size(2) // arch.dec_heads, arch.rope_base, x.device)
    if arch.dec_depth > 0 and stored_by_pairs(weights["dec_blocks.0.attn.qkv.weight"]):
        rope = pair_table(rope)
    return rope


def decode_layers(
    weights: Dict[str, Tensor],
    arch: Architecture,
    features_a: Tensor,
    features_b: Tensor,
    height_a: int,
    width_a: int,
    height_b: int,
    width_b: int,
    kept: List[int],
) -> Tuple[List[Tensor], List[Tensor]]:
    """The layers `kept` (ascending, see kept_layers) of both sides' lists [F, x_1 .. x_{d-1}, dec_norm(x_d)].

    Takes encoder tokens [B, Na, C] and [B, Nb, C] and the image sizes in pixels. Both decoders read the
    inputs of a layer before either is updated.
    """
    a = decoder_embed(weights, features_a)
    b = decoder_embed(weights, features_b)
    same_size = height_a == height_b and width_a == width_b
    rope_a = decoder_rope(weights, arch, a, height_a, width_a)
    rope_b = rope_a if same_size else decoder_rope(weights, arch, b, height_b, width_b)
    layers_a = [features_a]
    layers_b = [features_b]
    at_once = can_run_at_once(weights, a, same_size)
    both = torch.stack([a, b]) if at_once else a
    for i in range(arch.dec_depth):
        if at_once:
            both = both_decoders_layer(weights, i, both, arch.dec_heads, rope_a)
            a, b = both[0], both[1]
        else:
            next_a = decoder_block(weights, decoder_name(1) + str(i), a, b, arch.dec_heads, rope_a, rope_b)
            b = decoder_block(weights, decoder_name(2) + str(i), b, a, arch.dec_heads, rope_b, rope_a)
            a = next_a
        for k in kept[1:-1]:
            if k == i + 1:
                layers_a.append(a)
                layers_b.append(b)
    layers_a.append(decoder_norm(weights, a))
    layers_b.append(decoder_norm(weights, b))
    return layers_a, layers_b
