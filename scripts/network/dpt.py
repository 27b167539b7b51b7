"""The DPT head: token layers of four depths fused into one dense map (DPT, arXiv 2103.13413)."""

from typing import Dict, List, Optional

import torch
from torch import Tensor


def convolve(x: Tensor, kernel: Tensor, bias: Optional[Tensor], stride: int) -> Tensor:
    """A 1x1 or 3x3 convolution, zero-padded to keep the size at stride 1. Has twins for processors (onednn.py)."""
    padding = kernel.size(2) // 2
    return torch.conv2d(x, kernel, bias, [stride, stride], [padding, padding])


def conv(weights: Dict[str, Tensor], name: str, x: Tensor, stride: int = 1) -> Tensor:
    return convolve(x, weights[name + ".weight"], weights[name + ".bias"], stride)


def conv_relu(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """relu(conv(x)) at stride 1; in fp16 on a GPU in one kernel."""
    if x.is_cuda and x.dtype == torch.float16:
        weight = weights[name + ".weight"]
        padding = weight.size(2) // 2
        return torch.cudnn_convolution_relu(x, weight, weights[name + ".bias"], [1, 1], [padding, padding], [1, 1], 1)
    return torch.relu_(conv(weights, name, x))


def upconv(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """A transposed convolution whose stride is its kernel size."""
    weight = weights[name + ".weight"]
    return torch.conv_transpose2d(x, weight, weights[name + ".bias"], [weight.size(2), weight.size(3)])


def interpolation(size: int, to: int, x: Tensor) -> Tensor:
    """The weights [to, size] of bilinear interpolation with aligned corners along one axis, as x has its numbers."""
    unit = torch.eye(size, dtype=torch.float32, device=x.device).unsqueeze(0).unsqueeze(0)
    return torch._C._nn.upsample_bilinear2d(unit, [to, size], True)[0, 0].to(x.dtype)


def resize(x: Tensor, height: int, width: int) -> Tensor:
    """Bilinear interpolation with aligned corners; of many images in fp16, on a GPU, as two products, in a fifth of the time."""
    if x.dtype == torch.float16 and x.size(0) >= 4:
        b, c, h, w = x.size(0), x.size(1), x.size(2), x.size(3)
        rows = torch.matmul(interpolation(h, height, x), x.permute(0, 2, 3, 1).reshape(b, h, w * c))
        image = torch.matmul(interpolation(w, width, x), rows.view(b * height, w, c))
        return image.view(b, height, width, c).permute(0, 3, 1, 2)
    return torch._C._nn.upsample_bilinear2d(x, [height, width], True)


def residual_conv_unit(weights: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    """x + conv2(relu(conv1(relu(x)))); works in place on its own maps, as fresh memory costs more than the sums."""
    hidden = conv_relu(weights, name + ".conv1", torch.relu(x))
    return conv(weights, name + ".conv2", hidden).add_(x)


def refine(weights: Dict[str, Tensor], name: str, x: Tensor, skip: Optional[Tensor]) -> Tensor:
    """One refinement block: fuses the skip layer and doubles the resolution.

    The 1x1 out_conv commutes with the interpolation (whose weights sum to one), so it runs before it, on a
    quarter of the pixels.
    """
    if skip is not None:
        x = residual_conv_unit(weights, name + ".resConfUnit1", skip).add_(x)
    x = conv(weights, name + ".out_conv", residual_conv_unit(weights, name + ".resConfUnit2", x))
    return resize(x, 2 * x.size(2), 2 * x.size(3))


def token_map(tokens: Tensor, rows: int, columns: int) -> Tensor:
    """Tokens [B, N, C] as a map [B, C, h, w] in channels-last memory, without a copy."""
    return tokens.reshape(tokens.size(0), rows, columns, tokens.size(2)).permute(0, 3, 1, 2)


def reassemble(weights: Dict[str, Tensor], name: str, layers: List[Tensor], rows: int, columns: int) -> List[Tensor]:
    """The four layers as maps of 4h, 2h, h and h/2 rows with the fusion width."""
    maps: List[Tensor] = []
    for k in range(4):
        stage = name + ".act_postprocess." + str(k)
        tokens = layers[k].to(weights[stage + ".0.weight"].dtype)
        x = conv(weights, stage + ".0", token_map(tokens, rows, columns))
        if k < 2:
            x = upconv(weights, stage + ".1", x)
        elif k == 3:
            x = conv(weights, stage + ".1", x, 2)
        maps.append(convolve(x, weights[name + ".scratch.layer" + str(k + 1) + "_rn.weight"], None, 1))
    return maps


def dpt_head(
    weights: Dict[str, Tensor], name: str, layers: List[Tensor], patch_size: int, height: int, width: int
) -> Tensor:
    """Four layers [B, N, C] to a dense map [B, H, W, 4]: x, y, z and the confidence logit."""
    rows, columns = height // patch_size, width // patch_size
    maps = reassemble(weights, name, layers, rows, columns)
    x = refine(weights, name + ".scratch.refinenet4", maps[3], None)[:, :, :rows, :columns]
    for k in [3, 2, 1]:
        x = refine(weights, name + ".scratch.refinenet" + str(k), x, maps[k - 1])
    x = conv(weights, name + ".head.0", x)
    if x.size(2) != height or x.size(3) != width:
        x = resize(x, height, width)
    x = conv_relu(weights, name + ".head.2", x)
    return conv(weights, name + ".head.4", x.to(torch.float32)).permute(0, 2, 3, 1)
