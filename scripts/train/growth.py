"""Larger networks that begin as a smaller one that is trained already."""
from __future__ import annotations

import torch
from torch import Tensor

from network import NetworkConfig, init_weights, tensor_shapes

from .initialise import RING, look_aside

REACHES = (2, 4)  # of new encoder blocks' heads, in tokens, block by block


def grown(weights: dict[str, Tensor], network: NetworkConfig, target: NetworkConfig, seed: int) -> dict[str, Tensor]:
    """Nearly the function of `weights` with more blocks, wider decoders and a wider descriptor MLP.

    New blocks add nothing yet; heads of new encoder blocks look at neighbours. New decoder channels repeat the old ones, which
    leaves the mean and variance that dec_norm takes all but alone, and nothing reads them at first; of wider decoders all blocks
    are new. Encoder widths are equal.
    """
    kept_decoders = network.dec_depth if network.dec_embed_dim == target.dec_embed_dim else 0
    out = init_weights(target, seed)
    old = {k: v.float() for k, v in weights.items()}
    prepare_encoder_blocks(out, network, target)
    for side in ("dec_blocks", "dec_blocks2"):
        for block in range(kept_decoders, target.dec_depth):
            silence(out, f"{side}.{block}", ("attn.proj", "cross_attn.proj", "mlp.fc2"))
    again = torch.arange(target.dec_embed_dim) % network.dec_embed_dim
    for name, value in old.items():
        if name not in out or name == "mask_token" or name.startswith("dec_blocks") and kept_decoders == 0:
            continue
        if name.startswith(("decoder_embed.", "dec_norm.")):
            out[name] = value[again]
        elif value.shape == out[name].shape:
            out[name] = value
        else:
            out[name] = widened(value, out[name], keep_rows="fc1" in name)
    return {name: out[name].contiguous() for name in tensor_shapes(target)}


def prepare_encoder_blocks(weights: dict[str, Tensor], network: NetworkConfig, target: NetworkConfig) -> None:
    """Lets the blocks that `network` has not look at neighbours and add nothing."""
    for block in range(network.enc_depth, target.enc_depth):
        name = f"enc_blocks.{block}"
        reach = REACHES[(block - network.enc_depth) % len(REACHES)]
        offsets = [(reach * y, reach * x) for y, x in RING]
        look_aside(weights, name, target.enc_num_heads, target.enc_embed_dim, offsets, target.rope_base, 20.0)
        silence(weights, name, ("attn.proj", "mlp.fc2"))


def silence(weights: dict[str, Tensor], block: str, layers) -> None:
    for layer in layers:
        for kind in (".weight", ".bias"):
            weights[f"{block}.{layer}{kind}"] = torch.zeros_like(weights[f"{block}.{layer}{kind}"])


def widened(value: Tensor, fresh: Tensor, keep_rows: bool) -> Tensor:
    """`value` in the first rows and columns of `fresh`, whose other columns become zero; its other rows stay if asked."""
    out = fresh.clone() if keep_rows else torch.zeros_like(fresh)
    if value.dim() > 1:
        out[:value.shape[0]] = 0
        out[:value.shape[0], :value.shape[1]] = value
    else:
        out[:value.shape[0]] = value
    return out
