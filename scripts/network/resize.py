"""Resizing of 8-bit photos on the network's device, bit for bit as the Java program and Pillow do it."""

import torch
from torch import Tensor


def weigh(samples: Tensor, first: Tensor, weights: Tensor, axis: int) -> Tensor:
    """A pass along one axis of samples [H, W, 3], uint8: sample i of the result is the sum over k of weights[i, k] times
    sample first[i] + k, rounded and clipped to 8 bits.

    Weights are int32 multiples of 2^-22, 0 where there is no such sample.
    """
    last = samples.size(axis) - 1
    size = [1, 1, 1]
    size[axis] = first.size(0)
    total = torch.empty([0], dtype=torch.int32, device=samples.device)
    for k in range(weights.size(1)):
        taken = samples.index_select(axis, (first + k).clamp(max=last)).to(torch.int32)
        if k == 0:
            total = torch.full_like(taken, 1 << 21)
        total.addcmul_(taken, weights[:, k].view(size))
    return torch.bitwise_right_shift(total, 22).clamp(0, 255).to(torch.uint8)
