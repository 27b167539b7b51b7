"""Fast reciprocal matching on the network's device (arXiv 2406.09756, section 3.3), so that a GPU sends down matches, not maps.

Finds the pixels that the Java matchers find, to the last index: nearest is the largest dot product, its terms summed in
order in fp32 without fused operations; of equal ones the lowest pixel index.
"""

from typing import List

import torch
from torch import Tensor


def sequential_scores(queries: Tensor, points: Tensor) -> Tensor:
    """Dot products [Q, N] of queries [Q, d] and points [N, d], terms summed in order and rounded one by one."""
    scores = queries[:, 0].unsqueeze(1) * points[:, 0].unsqueeze(0)
    for k in range(1, queries.size(1)):
        # a product and a sum: a fused operation would round once less
        scores = scores + queries[:, k].unsqueeze(1) * points[:, k].unsqueeze(0)
    return scores


def nearest_in_chunk(queries: Tensor, points: Tensor, largest_norm: Tensor, block: int) -> Tensor:
    """As `nearest`, for as many queries as their scores against one block of points fit the memory.

    Library products sum in an order of their own. Where a rival is so near that this could decide, the scores are
    summed again in order; else the product's answer stands.
    """
    count = queries.size(0)
    dim = queries.size(1)
    # each sum is off by less than dim roundings of |q| |p|; there are two sums and two rivals
    margin = torch.linalg.vector_norm(queries, 2, [1]) * largest_norm * (4.0 * (dim + 2) * 2.0**-24)
    best = torch.full([count], -float("inf"), dtype=torch.float32, device=queries.device)
    index = torch.zeros([count], dtype=torch.int64, device=queries.device)
    near = torch.zeros([count], dtype=torch.int64, device=queries.device)
    for start in range(0, points.size(0), block):
        scores = torch.mm(queries, points[start : start + block].t())
        value, at = scores.max(1)
        in_block = (scores >= (value - margin).unsqueeze(1)).sum(1)
        rivals = torch.where(value < best - margin, near, near + in_block)
        near = torch.where(value > best + margin, in_block, rivals)
        index = torch.where(value > best, at + start, index)
        best = torch.maximum(best, value)
    unsure = torch.nonzero(near > 1).flatten()
    step = max(1, block * 4096 // max(1, points.size(0)) // 16)
    for start in range(0, unsure.size(0), step):
        part = unsure[start : start + step]
        index[part] = sequential_scores(queries[part], points).argmax(1)
    return index


def nearest(queries: Tensor, points: Tensor, block: int = 16384, chunk: int = 4096) -> Tensor:
    """Index [Q] of the point [N, d] with the largest dot product for each query [Q, d], never all scores in memory."""
    largest_norm = torch.linalg.vector_norm(points, 2, [1]).max()
    found: List[Tensor] = []
    for start in range(0, queries.size(0), chunk):
        found.append(nearest_in_chunk(queries[start : start + chunk], points, largest_norm, block))
    return torch.cat(found)


def seed_grid(height: int, width: int, subsample: int, device: torch.device) -> Tensor:
    """Linear indices of the pixels x, y = S/2, S/2 + S, ..., row by row."""
    first = subsample // 2
    y = torch.arange(first, max(height, first), subsample, device=device)
    x = torch.arange(first, max(width, first), subsample, device=device)
    return (y.unsqueeze(1) * width + x.unsqueeze(0)).flatten()


def reciprocal_matches(descriptors_a: Tensor, descriptors_b: Tensor, subsample: int, round_trips: int = 10) -> Tensor:
    """Mutual nearest neighbours [2, M] as linear pixel indices, unique, ordered by index in A, then in B.

    Takes maps [Ha, Wa, d] and [Hb, Wb, d] in fp32. A seed that still moves after the round trips is dropped. Between
    hops the seeds that came to rest are taken out, which waits for the device but saves most of the products.
    """
    if subsample < 1:
        raise ValueError("the seed step must be at least 1, found {}".format(subsample))
    a = descriptors_a.flatten(0, 1).contiguous()
    b = descriptors_b.flatten(0, 1).contiguous()
    u = seed_grid(descriptors_a.size(0), descriptors_a.size(1), subsample, a.device)
    v = torch.full_like(u, -1)
    pairs: List[Tensor] = [torch.empty([0], dtype=torch.int64, device=a.device)]
    for _ in range(round_trips):
        if u.size(0) > 0:
            hop = nearest(a[u], b)
            rests = hop == v
            pairs.append((u * b.size(0) + v)[rests])
            u = u[~rests]
            v = hop[~rests]
        if u.size(0) > 0:
            hop = nearest(b[v], a)
            rests = hop == u
            pairs.append((u * b.size(0) + v)[rests])
            u = hop[~rests]
            v = v[~rests]
    key = torch._unique2(torch.cat(pairs), True)[0]
    return torch.stack([torch.div(key, b.size(0), rounding_mode="floor"), key % b.size(0)])
