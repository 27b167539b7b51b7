"""From token layers to points, descriptors and their confidences (paper, sections 3.1 and 3.2): products in the dtype of their weights,
results in fp32."""

from typing import Dict, List

import torch
from torch import Tensor

from .architecture import Architecture, points_head_wanted
from .blocks import linear_of_norm, mlp
from .dpt import dpt_head


def unpatchify(tokens: Tensor, patch_size: int, height: int, width: int) -> Tensor:
    """Pixel shuffle of tokens [B, N, K * p * p] to [B, H, W, K]; component k * p * p + i * p + j is pixel (i, j)."""
    rows, columns = height // patch_size, width // patch_size
    channels = tokens.size(2) // (patch_size * patch_size)
    grid = tokens.reshape(tokens.size(0), rows, columns, channels, patch_size, patch_size)
    return grid.permute(0, 1, 4, 2, 5, 3).reshape(tokens.size(0), height, width, channels)


def activate_points(raw: Tensor, depth_mode: str) -> Tensor:
    """Points [..., 3] from raw ones: the direction is kept, the distance d becomes exp(d) - 1, d * d or stays."""
    if depth_mode == "linear":
        return raw
    distance = torch.linalg.vector_norm(raw, 2, [-1], True)
    direction = raw / distance.clamp(min=1e-8)
    if depth_mode == "exp":
        return direction * torch.expm1(distance)
    if depth_mode == "square":
        return direction * distance * distance
    raise ValueError("depth mode '" + depth_mode + "': expected exp, linear or square")


def activate_confidence(logit: Tensor, mode: str, minimum: float, maximum: float) -> Tensor:
    """Confidences within (minimum, maximum)."""
    if mode == "exp":
        return minimum + torch.exp(logit).clamp(max=maximum - minimum)
    if mode == "sigmoid":
        return minimum + (maximum - minimum) * torch.sigmoid(logit)
    raise ValueError("confidence mode '" + mode + "': expected exp or sigmoid")


def raw_points(
    weights: Dict[str, Tensor], arch: Architecture, head: str, layers: List[Tensor], height: int, width: int
) -> Tensor:
    """x, y, z and the confidence logit of every pixel, [B, H, W, 4]."""
    if arch.points_head == "dpt":
        return dpt_head(weights, head + ".dpt", layers, arch.patch_size, height, width)
    raw = linear_of_norm(weights, head + ".proj", layers[-1]).to(torch.float32)
    return unpatchify(raw, arch.patch_size, height, width)


def local_features(
    weights: Dict[str, Tensor], arch: Architecture, head: str, layers: List[Tensor], height: int, width: int
) -> Tensor:
    """Raw descriptors and, with two_confs, their confidence logit: [B, H, W, desc_dim (+ 1)]."""
    tokens = torch.cat([layers[0], layers[-1]], 2)
    raw = mlp(weights, head + ".head_local_features", tokens).to(torch.float32)
    return unpatchify(raw, arch.patch_size, height, width)


def predict(
    weights: Dict[str, Tensor],
    arch: Architecture,
    side: int,
    layers: List[Tensor],
    height: int,
    width: int,
    want_points: bool,
    want_descriptors: bool,
) -> Dict[str, Tensor]:
    """One side's predictions: points [B, H, W, 3], point_confidence [B, H, W], descriptors [B, H, W, desc_dim] of
    unit length and descriptor_confidence [B, H, W]; those that were asked for and that the model has.

    `side` is 1 for image A and 2 for image B; points of both are in camera A's frame. `layers` are the kept_layers of
    that side, in fp32.
    """
    head = "downstream_head" + str(side)
    predictions: Dict[str, Tensor] = {}
    if points_head_wanted(arch, want_points, want_descriptors):
        raw = raw_points(weights, arch, head, layers, height, width)
        confidence = activate_confidence(raw[:, :, :, 3], arch.conf_mode, arch.conf_min, arch.conf_max)
        if want_points:
            predictions["points"] = activate_points(raw[:, :, :, :3], arch.depth_mode)
            predictions["point_confidence"] = confidence
        if want_descriptors and arch.desc_dim > 0 and not arch.two_confs:
            predictions["descriptor_confidence"] = confidence
    if want_descriptors and arch.desc_dim > 0:
        raw = local_features(weights, arch, head, layers, height, width)
        descriptors = raw[:, :, :, : arch.desc_dim]
        predictions["descriptors"] = descriptors / torch.linalg.vector_norm(descriptors, 2, [-1], True)
        if arch.two_confs:
            logit = raw[:, :, :, arch.desc_dim]
            predictions["descriptor_confidence"] = activate_confidence(
                logit, arch.desc_conf_mode, arch.desc_conf_min, arch.desc_conf_max
            )
    return predictions
