"""Fresh weights: the official initialisation, and random ones that exercise every tensor in tests."""

import math
from typing import Dict, List, Tuple

import torch
from torch import Tensor

from .config import NetworkConfig


def _affine(shapes: Dict[str, List[int]], name: str, weight: List[int]) -> None:
    shapes[name + ".weight"] = weight
    shapes[name + ".bias"] = [weight[0]]


def _mlp(shapes: Dict[str, List[int]], name: str, dims: Tuple[int, int, int]) -> None:
    _affine(shapes, name + ".fc1", [dims[1], dims[0]])
    _affine(shapes, name + ".fc2", [dims[2], dims[1]])


def _block(shapes: Dict[str, List[int]], name: str, dim: int, mlp_dim: int, cross: bool) -> None:
    _affine(shapes, name + ".norm1", [dim])
    _affine(shapes, name + ".attn.qkv", [3 * dim, dim])
    _affine(shapes, name + ".attn.proj", [dim, dim])
    if cross:
        for layer in ("projq", "projk", "projv", "proj"):
            _affine(shapes, f"{name}.cross_attn.{layer}", [dim, dim])
    for layer in ("norm2", "norm3", "norm_y") if cross else ("norm2",):
        _affine(shapes, f"{name}.{layer}", [dim])
    _mlp(shapes, name + ".mlp", (dim, mlp_dim, dim))


def _dpt(shapes: Dict[str, List[int]], name: str, config: NetworkConfig) -> None:
    layer_dims, feature_dim, last_dim = config.dpt_layer_dims, config.dpt_feature_dim, config.dpt_last_dim
    for k, dim in enumerate(layer_dims):
        token_dim = config.enc_embed_dim if k == 0 else config.dec_embed_dim
        _affine(shapes, f"{name}.act_postprocess.{k}.0", [dim, token_dim, 1, 1])
        if k != 2:
            kernel = (4, 2, 0, 3)[k]
            _affine(shapes, f"{name}.act_postprocess.{k}.1", [dim, dim, kernel, kernel])
        shapes[f"{name}.scratch.layer{k + 1}_rn.weight"] = [feature_dim, dim, 3, 3]
    for k in range(1, 5):
        refinenet = f"{name}.scratch.refinenet{k}"
        for layer in ("resConfUnit1.conv1", "resConfUnit1.conv2", "resConfUnit2.conv1", "resConfUnit2.conv2"):
            _affine(shapes, f"{refinenet}.{layer}", [feature_dim, feature_dim, 3, 3])
        _affine(shapes, f"{refinenet}.out_conv", [feature_dim, feature_dim, 1, 1])
    _affine(shapes, name + ".head.0", [last_dim, feature_dim, 3, 3])
    _affine(shapes, name + ".head.2", [last_dim, last_dim, 3, 3])
    _affine(shapes, name + ".head.4", [4, last_dim, 1, 1])


def tensor_shapes(config: NetworkConfig) -> Dict[str, List[int]]:
    """Name and shape of every tensor of a checkpoint, each stored tensor once (by its `layerK_rn` name)."""
    shapes: Dict[str, List[int]] = {}
    enc_dim, dec_dim, patch_pixels = config.enc_embed_dim, config.dec_embed_dim, config.patch_size**2
    shapes["mask_token"] = [1, 1, dec_dim]
    _affine(shapes, "patch_embed.proj", [enc_dim, 3, config.patch_size, config.patch_size])
    for i in range(config.enc_depth):
        _block(shapes, f"enc_blocks.{i}", enc_dim, int(config.mlp_ratio * enc_dim), cross=False)
    _affine(shapes, "enc_norm", [enc_dim])
    _affine(shapes, "decoder_embed", [dec_dim, enc_dim])
    for decoder in ("dec_blocks", "dec_blocks2"):
        for i in range(config.dec_depth):
            _block(shapes, f"{decoder}.{i}", dec_dim, int(config.mlp_ratio * dec_dim), cross=True)
    _affine(shapes, "dec_norm", [dec_dim])
    for head in ("downstream_head1", "downstream_head2"):
        if config.points_head == "dpt":
            _dpt(shapes, head + ".dpt", config)
        else:
            _affine(shapes, head + ".proj", [4 * patch_pixels, dec_dim])
        if config.desc_dim > 0:
            tokens = enc_dim + dec_dim
            outputs = (config.desc_dim + int(config.two_confs)) * patch_pixels
            _mlp(shapes, head + ".head_local_features", (tokens, int(config.local_feature_ratio * tokens), outputs))
    return shapes


def _fan_in(name: str, shape: List[int]) -> int:
    """Products summed into one output value; a transposed convolution with stride = kernel sums channels only."""
    if name.endswith(("act_postprocess.0.1.weight", "act_postprocess.1.1.weight")):
        return shape[0]
    return math.prod(shape[1:])


def init_weights(config: NetworkConfig, seed: int) -> Dict[str, Tensor]:
    """The official initialisation, fp32.

    Trunk: Xavier-uniform products with zero bias (the patch embedding on its flattened kernel), norms 1 and 0, mask
    token normal 0.02, second decoder a copy of the first. Heads: PyTorch's default for linear and convolution layers,
    uniform within 1 / sqrt(fan_in) for weight and bias, where fan_in of a stored kernel is size(1) * taps.
    """
    generator = torch.Generator().manual_seed(seed)
    shapes = tensor_shapes(config)
    weights: Dict[str, Tensor] = {}
    for name, shape in shapes.items():
        if name.startswith("dec_blocks2."):
            weights[name] = weights[name.replace("dec_blocks2.", "dec_blocks.", 1)].clone()
            continue
        if name == "mask_token":
            weights[name] = torch.empty(shape).normal_(0, 0.02, generator=generator)
            continue
        if name.startswith("downstream_head"):
            kernel = shapes[name.removesuffix("bias").removesuffix("weight") + "weight"]
            bound = 1 / math.sqrt(math.prod(kernel[1:]))
        elif "norm" in name:
            weights[name] = torch.ones(shape) if name.endswith("weight") else torch.zeros(shape)
            continue
        elif name.endswith("bias"):
            bound = 0.0
        else:
            bound = math.sqrt(6 / (shape[0] + math.prod(shape[1:])))
        weights[name] = torch.empty(shape).uniform_(-bound, bound, generator=generator)
    return weights


_LAST_POINT_LAYERS = ("dpt.head.4.weight", "downstream_head1.proj.weight", "downstream_head2.proj.weight")


def random_weights(config: NetworkConfig, seed: int) -> Dict[str, Tensor]:
    """Random weights for tests, fp32: no tensor is trivial, and activations stay near one through any depth.

    Products keep the variance of their input, branches of the residual stream are scaled down with the depth, and
    the last layers of the heads are small enough for the exponential activations.
    """
    generator = torch.Generator().manual_seed(seed)
    branches = 2 * config.enc_depth + 3 * config.dec_depth
    weights: Dict[str, Tensor] = {}
    for name, shape in tensor_shapes(config).items():
        noise = torch.empty(shape).normal_(generator=generator)
        if name.endswith("bias") or name == "mask_token":
            weights[name] = 0.1 * noise
        elif "norm" in name:
            weights[name] = 1 + 0.1 * noise
        else:
            gain = 1.0
            if name.endswith(("attn.proj.weight", "mlp.fc2.weight")):
                gain = 2 / math.sqrt(branches)
            elif ".resConfUnit" in name or name.endswith(_LAST_POINT_LAYERS):
                gain = 0.5
            weights[name] = noise * (gain / math.sqrt(_fan_in(name, shape)))
    return weights


