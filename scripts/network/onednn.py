"""Twins of the products in blocks.py by oneDNN, for fp32 on a CPU: up to twice as fast where MKL, which the engine's own
products call, leaves the processor's widest instructions unused.

Only for inference, and only in engines that are built with oneDNN; so the export makes archives of their own of them.
"""

from typing import List, Optional

import torch
from torch import Tensor

from . import winograd


def is_deep(x: Tensor, weight: Tensor, least: int = 1024, most: int = 1 << 20) -> bool:
    """Whether a product of tokens sums over many channels to few values: there two threads and more take a slower kernel
    for a linear layer than for a convolution, which rounds otherwise than one thread's. Of one image's tokens, so that no
    answer hangs on what is computed along with it.
    """
    return x.dim() == 3 and x.size(2) >= least and x.size(1) * weight.size(0) < most


def product_by_convolution(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The product of tokens [B, N, C] as a convolution of 1 x 1 over images of one row, channels last."""
    image = x.unsqueeze(1).permute(0, 3, 1, 2)
    kernel = weight.unsqueeze(2).unsqueeze(3)
    result = torch.ops.mkldnn._convolution_pointwise(image, kernel, bias, [0, 0], [1, 1], [1, 1], 1, "none", [], "")
    return result.permute(0, 2, 3, 1).squeeze(1)


def product_on_one_thread(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The fastest product. On a single thread a row of it does not hang on the rows beside it."""
    return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")


def product_onto_on_one_thread(x: Tensor, weight: Tensor, bias: Tensor, residual: Tensor) -> Tensor:
    return torch.ops.mkldnn._linear_pointwise(x, residual, weight, bias, "add")


def product(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    if is_deep(x, weight):
        return product_by_convolution(x, weight, bias)
    return product_on_one_thread(x, weight, bias)


def product_gelu(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "gelu", [], "none")


def product_onto(x: Tensor, weight: Tensor, bias: Tensor, residual: Tensor) -> Tensor:
    if is_deep(x, weight):
        return product_by_convolution(x, weight, bias).add_(residual)
    return product_onto_on_one_thread(x, weight, bias, residual)


def attend_one_head(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """softmax(ln 2 q k^T) v for q [N, D] and k, v [M, D]: [N, D]. k and v are contiguous: with gaps between rows or columns
    the library takes a kernel that is a hundred times slower. Powers of two take less time than the engine's softmax,
    and the sums divide D values a row, not M.
    """
    scores = torch.ops.mkldnn._linear_pointwise(q, k, None, "none", [], "")
    scores.sub_(scores.amax([-1], True)).exp2_()
    return torch.ops.mkldnn._linear_pointwise(scores, v.t(), None, "none", [], "").div_(scores.sum([-1], True))


def attend(q: Tensor, k: Tensor, v: Tensor, largest: int = 1 << 20) -> Tensor:
    """As blocks.attend. The whole scores of one head after the other are faster than the engine's fused attention, as
    long as they stay in the caches: up to `largest` of them.
    """
    if q.size(2) * k.size(2) > largest:
        return torch._C._nn.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
    log2_e = 1.4426950408889634
    q = q * (q.size(3) ** -0.5 * log2_e)
    images: List[Tensor] = []
    for i in range(q.size(0)):
        heads: List[Tensor] = []
        for h in range(q.size(1)):
            heads.append(attend_one_head(q[i, h], k[i, h], v[i, h]))
        images.append(torch.cat(heads, 1))
    return images[0].unsqueeze(0) if len(images) == 1 else torch.stack(images)


def convolve(x: Tensor, kernel: Tensor, bias: Optional[Tensor], stride: int) -> Tensor:
    """As dpt.convolve. Those of 1 x 1, all of stride 1, the engine itself would not take to the library on a single thread."""
    padding = kernel.size(2) // 2
    if padding > 0:
        return torch.conv2d(x, kernel, bias, [stride, stride], [padding, padding])
    return torch.ops.mkldnn._convolution_pointwise(x, kernel, bias, [0, 0], [1, 1], [1, 1], 1, "none", [], "")


def convolve_on_one_thread(x: Tensor, kernel: Tensor, bias: Optional[Tensor], stride: int, least: int = 512) -> Tensor:
    """As convolve; with maps of `least` pixels and more in two thirds of the time."""
    h, w = x.size(2), x.size(3)
    if kernel.size(2) == 3 and stride == 1 and h % 2 == 0 and w % 2 == 0 and h * w >= least:
        return winograd.convolve(x, kernel, bias)
    return convolve(x, kernel, bias, stride)
