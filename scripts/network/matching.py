"""Fast reciprocal matching on the network's device (arXiv 2406.09756, section 3.3), so that a GPU sends down matches, not maps.

Finds the pixels that the Java matchers find, to the last index: nearest is the largest dot product, its terms summed in
order in fp32 without fused operations; of equal ones the lowest pixel index.
"""

from typing import List, Tuple

import torch
from torch import Tensor


def largest_of_runs(queries: Tensor, points: Tensor, run: int, block: int) -> Tensor:
    """Largest dot product [Q, R] of each query [Q, d] with each run of points [R * run, d], a block at a time."""
    found: List[Tensor] = []
    for start in range(0, points.size(0), block):
        scores = torch.mm(queries, points[start : start + block].t())
        found.append(scores.view(queries.size(0), -1, run).amax(2))
    return torch.cat(found, 1)


def scores_of_runs(queries: Tensor, components: Tensor, query: Tensor, run: Tensor) -> Tensor:
    """Dot products [P, points a run] of queries [Q, d] and runs of points [d, R, points a run] for the pairs query, run
    [P], terms summed in order and rounded one by one."""
    scores = queries[query, 0].unsqueeze(1) * components[0, run]
    for k in range(1, queries.size(1)):
        # a product and a sum: a fused operation would round once less
        scores = scores + queries[query, k].unsqueeze(1) * components[k, run]
    return scores


def nearest_in_chunk(
    queries: Tensor, points: Tensor, components: Tensor, largest_norm: Tensor, block: int, pairs: int
) -> Tensor:
    """As `nearest`, for as many queries as their scores against one block of points fit the memory.

    Library products sum in an order of their own, so they only tell which runs of points can hold the nearest one;
    in those the scores are summed again, in order.
    """
    count = queries.size(0)
    run_length = components.size(2)
    of_run = largest_of_runs(queries, points, run_length, block)
    # each sum is off by less than dim roundings of |q| |p|; there are two sums and two rivals
    norm = torch.linalg.vector_norm(queries, 2, [1])
    margin = norm * largest_norm * (4.0 * (queries.size(1) + 2) * 2.0**-24)
    near = torch.nonzero(of_run >= (of_run.amax(1) - margin).unsqueeze(1))
    best = torch.full([count], -float("inf"), dtype=torch.float32, device=queries.device)
    index = torch.full([count], points.size(0), dtype=torch.int64, device=queries.device)
    # ascending by query, then by run: a later part has the higher indices
    for start in range(0, near.size(0), pairs):
        part = near[start : start + pairs]
        query = part[:, 0]
        value, at = scores_of_runs(queries, components, query, part[:, 1]).max(1)
        at = at + part[:, 1] * run_length
        better = best.scatter_reduce(0, query, value, "amax")
        index = torch.where(better > best, points.size(0), index)
        wins = value == better[query]
        index = index.scatter_reduce(0, query[wins], at[wins], "amin")
        best = better
    return index


def nearest(
    queries: Tensor, points: Tensor, run: int = 64, block: int = 0, chunk: int = 0, pairs: int = 32768
) -> Tensor:
    """Index [Q] of the point [N, d] with the largest dot product for each query [Q, d], never all scores in memory.

    `run` neighbouring points share a bound, `block` (a multiple of it) points and `chunk` queries one product, and at
    most `pairs` queries and runs are summed again at a time. They change the speed alone; 0 is what suits the device: a
    product that fills a GPU, or one that stays in a CPU's cache.
    """
    if block == 0:
        block = 16384 if queries.is_cuda else 1024
    if chunk == 0:
        chunk = 4096 if queries.is_cuda else 512
    largest_norm = torch.linalg.vector_norm(points, 2, [1]).max()
    short = -points.size(0) % run
    if short > 0:
        # copies of the last point: they never win, as it has the lower index
        points = torch.cat([points, points[-1:].expand(short, -1)])
    components = points.t().reshape(points.size(1), -1, run).contiguous()
    found: List[Tensor] = []
    for start in range(0, queries.size(0), chunk):
        part = queries[start : start + chunk]
        found.append(nearest_in_chunk(part, points, components, largest_norm, block, pairs))
    return torch.cat(found)


def seed_grid(height: int, width: int, subsample: int, device: torch.device) -> Tensor:
    """Linear indices of the pixels x, y = S/2, S/2 + S, ..., row by row."""
    first = subsample // 2
    y = torch.arange(first, max(height, first), subsample, device=device)
    x = torch.arange(first, max(width, first), subsample, device=device)
    return (y.unsqueeze(1) * width + x.unsqueeze(0)).flatten()


def walk(seeds: Tensor, a: Tensor, b: Tensor, round_trips: int) -> Tuple[Tensor, Tensor]:
    """Mutual nearest neighbours, as indices into the points a [N, d] and b [M, d], that the seeds in a come to rest at.

    Between hops the seeds that came to rest are taken out, which waits for the device but saves most of the products.
    """
    u = seeds
    v = torch.full_like(u, -1)
    of_a: List[Tensor] = []
    of_b: List[Tensor] = []
    for _ in range(round_trips):
        if u.size(0) > 0:
            hop = nearest(a[u], b)
            rests = hop == v
            of_a.append(u[rests])
            of_b.append(hop[rests])
            u = u[~rests]
            v = hop[~rests]
        if u.size(0) > 0:
            hop = nearest(b[v], a)
            rests = hop == u
            of_a.append(hop[rests])
            of_b.append(v[rests])
            u = hop[~rests]
            v = v[~rests]
    nothing = torch.empty([0], dtype=torch.int64, device=a.device)
    return torch.cat(of_a + [nothing]), torch.cat(of_b + [nothing])


def allowed_pixels(descriptors: Tensor, mask: Tensor) -> Tensor:
    """Ascending indices of the pixels of a map [H, W, d] that take part: all, or those of a mask [H * W] that are not 0."""
    if mask.numel() == 0:
        return torch.arange(descriptors.size(0) * descriptors.size(1), device=descriptors.device)
    return torch.nonzero(mask).flatten()


def allowed_seeds(descriptors: Tensor, allowed: Tensor, subsample: int) -> Tensor:
    """Places in `allowed` of the seeds that take part."""
    grid = seed_grid(descriptors.size(0), descriptors.size(1), subsample, descriptors.device)
    place = torch.full([descriptors.size(0) * descriptors.size(1)], -1, dtype=torch.int64, device=allowed.device)
    place[allowed] = torch.arange(allowed.size(0), device=allowed.device)
    seeds = place[grid]
    return seeds[seeds >= 0]


def first_bad(points: Tensor, allowed: Tensor) -> Tensor:
    """Index [1] of the first pixel that takes part and whose squared norm is no number or too large; -1 if there is none."""
    bad = ~(points.square().sum(1) < 1.7014117331926443e38)  # half of the largest number
    none = torch.full([1], -1, dtype=torch.int64, device=points.device)
    return torch.cat([allowed[bad], none])[:1]


def reciprocal_matches(
    descriptors_a: Tensor,
    descriptors_b: Tensor,
    mask_a: Tensor,
    mask_b: Tensor,
    subsample: int,
    both: bool,
    round_trips: int = 10,
) -> Tuple[Tensor, Tensor]:
    """Mutual nearest neighbours [2, M] as linear pixel indices, unique, ordered by index in A, then in B; and the first
    pixel of A and of B that cannot be matched, [2], -1 if all can: where one cannot, there are no matches.

    Takes maps [Ha, Wa, d] and [Hb, Wb, d] in fp32, and masks [Ha * Wa] and [Hb * Wb], 0 for pixels that neither seed
    nor answer; an empty one allows all. Starts at every `subsample`-th pixel of A, of both images with `both`. A seed
    that still moves after the round trips is dropped.
    """
    if subsample < 1:
        raise ValueError("the seed step must be at least 1, found {}".format(subsample))
    allowed_a = allowed_pixels(descriptors_a, mask_a)
    allowed_b = allowed_pixels(descriptors_b, mask_b)
    a = descriptors_a.flatten(0, 1)[allowed_a]
    b = descriptors_b.flatten(0, 1)[allowed_b]
    bad = torch.cat([first_bad(a, allowed_a), first_bad(b, allowed_b)])
    if a.size(0) == 0 or b.size(0) == 0 or bool((bad >= 0).any()):
        return torch.empty([2, 0], dtype=torch.int64, device=a.device), bad
    u, v = walk(allowed_seeds(descriptors_a, allowed_a, subsample), a, b, round_trips)
    if both:
        from_v, from_u = walk(allowed_seeds(descriptors_b, allowed_b, subsample), b, a, round_trips)
        u, v = torch.cat([u, from_u]), torch.cat([v, from_v])
    key = torch._unique2(u * b.size(0) + v, True)[0]
    u, v = torch.div(key, b.size(0), rounding_mode="floor"), key % b.size(0)
    return torch.stack([allowed_a[u], allowed_b[v]]), bad
