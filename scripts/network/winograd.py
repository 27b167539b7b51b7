"""Convolutions of 3 x 3 with 4 multiplications in place of 9 (Winograd's F(2 x 2, 3 x 3); Lavin and Gray, arXiv 1509.09308), for
one thread of a processor. The products are oneDNN's; what is between them is sums, of strips that stay in the caches.
"""

from typing import List, Optional

import torch
from torch import Tensor


def transformed_kernel(kernel: Tensor) -> Tensor:
    """G g G^T of a kernel [O, C, 3, 3]: [16, O, C]."""
    g = torch.tensor([[1.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.0, 0.0, 1.0]])
    both = (g.unsqueeze(1).unsqueeze(3) * g.unsqueeze(0).unsqueeze(2)).view(16, 9)
    return torch.mm(both, kernel.reshape(-1, 9).t()).view(16, kernel.size(0), kernel.size(1))


def product(x: Tensor, kernel: Tensor, bias: Optional[Tensor]) -> Tensor:
    return torch.ops.mkldnn._linear_pointwise(x.reshape(-1, x.size(3)), kernel, bias, "none", [], "")


def transformed_strip(x: Tensor, kernels: Tensor, bias: Optional[Tensor]) -> List[Tensor]:
    """M A of the transformed products M = U (B^T d B): for each of four rows, both columns [tiles, O]; of a strip
    [B, h + 2, w + 2, C] with its margins. The bias at place (1, 1) reaches all four results of a tile once.
    """
    h, w = x.size(1) - 2, x.size(2) - 2
    columns: List[Tensor] = []
    for i in range(4):
        if i == 0:
            t = x[:, 0:h:2] - x[:, 2 : h + 2 : 2]
        elif i == 1:
            t = x[:, 1 : h + 1 : 2] + x[:, 2 : h + 2 : 2]
        elif i == 2:
            t = x[:, 2 : h + 2 : 2] - x[:, 1 : h + 1 : 2]
        else:
            t = x[:, 1 : h + 1 : 2] - x[:, 3 : h + 3 : 2]
        first, second = t[:, :, 0:w:2], t[:, :, 1 : w + 1 : 2]
        third, fourth = t[:, :, 2 : w + 2 : 2], t[:, :, 3 : w + 3 : 2]
        m0 = product(first - third, kernels[4 * i], None)
        m1 = product(second + third, kernels[4 * i + 1], bias if i == 1 else None)
        m2 = product(third - second, kernels[4 * i + 2], None)
        m3 = product(second - fourth, kernels[4 * i + 3], None)
        columns.append((m1 + m2).add_(m0))
        columns.append(m1.sub_(m2).sub_(m3))
    return columns


def convolve_strip(x: Tensor, kernels: Tensor, bias: Optional[Tensor], result: Tensor) -> None:
    """Convolves a strip with its margins into `result` [B, h, w, O]."""
    columns = transformed_strip(x, kernels, bias)
    b, h, w, channels = result.size(0), result.size(1), result.size(2), result.size(3)
    tiles = result.view(b, h // 2, 2, w // 2, 2, channels)
    shape = [b, h // 2, w // 2, channels]
    for j in range(2):
        m0, m1, m2, m3 = columns[j], columns[2 + j], columns[4 + j], columns[6 + j]
        tiles[:, :, 0, :, j] = (m1 + m2).add_(m0).view(shape)
        tiles[:, :, 1, :, j] = m1.sub_(m2).sub_(m3).view(shape)


def convolve(x: Tensor, kernel: Tensor, bias: Optional[Tensor], tiles: int = 1024) -> Tensor:
    """Convolution of maps [B, C, H, W], H and W even, channels last, by a kernel [O, C, 3, 3], zero-padded to keep the size;
    about `tiles` tiles of 2 x 2 results at once."""
    kernels = transformed_kernel(kernel)
    pixels = x.permute(0, 2, 3, 1)
    b, height, width = pixels.size(0), pixels.size(1), pixels.size(2)
    result = torch.empty([b, height, width, kernel.size(0)], dtype=x.dtype)
    rows = max(1, 2 * tiles // width) * 2
    for n in range(b):
        for y in range(0, height, rows):
            end = min(height, y + rows)
            above, below = int(y == 0), int(end == height)
            strip = pixels[n : n + 1, y - 1 + above : end + 1 - below]
            convolve_strip(torch.constant_pad_nd(strip, [0, 0, 1, 1, above, below]), kernels, bias, result[n : n + 1, y:end])
    return result.permute(0, 3, 1, 2)
