"""Fast reciprocal matching on the network's device (arXiv 2406.09756, section 3.3), so that a GPU sends down matches, not maps.

Finds the pixels that the Java matchers find, to the last index: nearest is the largest dot product, its terms summed in
order in fp32 without fused operations; of equal ones the lowest pixel index.
"""

from typing import List, NamedTuple, Tuple

import torch
from torch import Tensor


class Points(NamedTuple):
    """What is searched, laid out once for all searches."""

    points: Tensor  # [R * run, d], the last one repeated at the end: its copies never win, as it has the lower index
    components: Tensor  # [d, R, run]
    halves: Tensor  # the points in fp16, their largest norm 1; empty where that is not faster
    largest_norm: Tensor


def laid_out(points: Tensor, run: int, in_half: bool) -> Points:
    """Points [N, d] in runs of so many neighbours, which share a bound."""
    short = -points.size(0) % run
    largest_norm = torch.linalg.vector_norm(points, 2, [1]).max()
    if short > 0:
        points = torch.cat([points, points[-1:].expand(short, -1)])
    components = points.t().reshape(points.size(1), -1, run).contiguous()
    halves = torch.empty([0], dtype=torch.float16, device=points.device)
    if in_half:
        halves = (points / largest_norm.clamp(min=1e-30)).to(torch.float16)
    return Points(points, components, halves, largest_norm)


def largest_of_runs(queries: Tensor, points: Tensor, run: int, block: int) -> Tensor:
    """Largest dot product [Q, R] of each query [Q, d] with each run of points [R * run, d], a block at a time."""
    found: List[Tensor] = []
    for start in range(0, points.size(0), block):
        scores = torch.mm(queries, points[start : start + block].t())
        found.append(scores.view(queries.size(0), -1, run).amax(2))
    return torch.cat(found, 1)


def near_runs(queries: Tensor, points: Points, block: int) -> Tensor:
    """Every query and run [P, 2], ascending, that may hold the query's nearest point.

    Library products sum in an order of their own: each sum is off by less than dim roundings of |q| |p|, and there are
    two sums and two rivals.
    """
    of_run = largest_of_runs(queries, points.points, points.components.size(2), block)
    norm = torch.linalg.vector_norm(queries, 2, [1])
    margin = norm * points.largest_norm * (4.0 * (queries.size(1) + 2) * 2.0**-24)
    return torch.nonzero(of_run >= (of_run.amax(1) - margin).unsqueeze(1))


def near_runs_in_half(queries: Tensor, points: Points) -> Tensor:
    """As near_runs, but more of them, in a quarter of its time on a GPU: half the bytes, and the largest of a run is looked
    for across rows, which reads memory in its order. A sum of unit vectors is off by 2^-10 for the rounding of its terms
    and by 2^-11 for its own."""
    margin = 2.0 * 1.01 * (2.0**-10 + 2.0**-11)
    count = queries.size(0)
    norm = torch.linalg.vector_norm(queries, 2, [1], True).clamp(min=1e-30)
    columns = torch.zeros([(count + 63) // 64 * 64, queries.size(1)], dtype=torch.float16, device=queries.device)
    columns[:count] = (queries / norm).to(torch.float16)
    scores = torch.mm(points.halves, columns.t())
    of_run = scores.view(-1, points.components.size(2), columns.size(0)).amax(1)[:, :count]
    near = of_run >= of_run.amax(0).to(torch.float32) - margin
    return torch.nonzero(near.t())


def scores_of_runs(queries: Tensor, components: Tensor, query: Tensor, run: Tensor) -> Tensor:
    """Dot products [P, points a run] of queries [Q, d] and runs of points [d, R, points a run] for the pairs query, run
    [P], terms summed in order and rounded one by one."""
    # products, then sums: a fused operation would round once less
    if queries.is_cuda:
        # there a running sum down the columns takes one term after the other
        return (queries[query].t().unsqueeze(2) * components[:, run]).cumsum(0)[-1]
    scores = queries[query, 0].unsqueeze(1) * components[0, run]
    for k in range(1, queries.size(1)):
        scores = scores + queries[query, k].unsqueeze(1) * components[k, run]
    return scores


def nearest_in_chunk(queries: Tensor, points: Points, block: int, pairs: int, many: int) -> Tensor:
    """As `nearest`, for as many queries as their scores against one block of points fit the memory.

    Library products only tell which runs of points can hold the nearest one; in those the scores are summed again, in
    order.
    """
    count = queries.size(0)
    run_length = points.components.size(2)
    nobody = points.points.size(0)
    near = torch.empty([0, 2], dtype=torch.int64, device=queries.device)
    in_half = points.halves.numel() > 0
    if in_half:
        near = near_runs_in_half(queries, points)
    if not in_half or near.size(0) > many * count:
        near = near_runs(queries, points, block)
    best = torch.full([count], -float("inf"), dtype=torch.float32, device=queries.device)
    index = torch.full([count], nobody, dtype=torch.int64, device=queries.device)
    # ascending by query, then by run: a later part has the higher indices
    for start in range(0, near.size(0), pairs):
        part = near[start : start + pairs]
        query = part[:, 0]
        value, at = scores_of_runs(queries, points.components, query, part[:, 1]).max(1)
        at = at + part[:, 1] * run_length
        better = best.scatter_reduce(0, query, value, "amax")
        index = torch.where(better > best, nobody, index)
        index = index.scatter_reduce(0, query, torch.where(value == better[query], at, nobody), "amin")
        best = better
    return index


def nearest_of(queries: Tensor, points: Points, block: int = 0, chunk: int = 0, pairs: int = 32768, many: int = 16) -> Tensor:
    """Index [Q] of the point with the largest dot product for each query [Q, d], never all scores in memory.

    `block` (a multiple of a run) points and `chunk` queries make one product, at most `pairs` queries and runs are summed
    again at a time, and where fp16 leaves more than `many` runs a query, fp32 is asked. They change the speed alone; 0 is
    what suits the device: a product that fills a GPU, or one that stays in a CPU's cache.
    """
    if block == 0:
        block = 65536 if queries.is_cuda else 1024
    if chunk == 0:
        chunk = 4096 if queries.is_cuda else 512
    found: List[Tensor] = []
    for start in range(0, queries.size(0), chunk):
        found.append(nearest_in_chunk(queries[start : start + chunk], points, block, pairs, many))
    return torch.cat(found)


def seed_grid(height: int, width: int, subsample: int, device: torch.device) -> Tensor:
    """Linear indices of the pixels x, y = S/2, S/2 + S, ..., row by row."""
    first = subsample // 2
    y = torch.arange(first, max(height, first), subsample, device=device)
    x = torch.arange(first, max(width, first), subsample, device=device)
    return (y.unsqueeze(1) * width + x.unsqueeze(0)).flatten()


def walk(seeds: Tensor, a: Points, b: Points, round_trips: int) -> Tuple[Tensor, Tensor]:
    """Mutual nearest neighbours, as indices into a and b, that the seeds in a come to rest at.

    After each round trip the seeds that came to rest are taken out and those that met go on as one, which waits for the
    device but saves most of the products.
    """
    u = seeds
    nothing = torch.empty([0], dtype=torch.int64, device=seeds.device)
    of_a = [nothing]
    of_b = [nothing]
    resting = [nothing > 0]
    for _ in range(round_trips):
        if u.size(0) > 0:
            v = nearest_of(a.points[u], b)
            back = nearest_of(b.points[v], a)
            rests = back == u
            of_a.append(u)
            of_b.append(v)
            resting.append(rests)
            u = torch._unique2(back[~rests], True)[0]
    rest = torch.nonzero(torch.cat(resting)).flatten()
    return torch.cat(of_a)[rest], torch.cat(of_b)[rest]


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
    run: int = 64,
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
    runs_a = laid_out(a, run, a.is_cuda)
    runs_b = laid_out(b, run, b.is_cuda)
    u, v = walk(allowed_seeds(descriptors_a, allowed_a, subsample), runs_a, runs_b, round_trips)
    if both:
        from_v, from_u = walk(allowed_seeds(descriptors_b, allowed_b, subsample), runs_b, runs_a, round_trips)
        u, v = torch.cat([u, from_u]), torch.cat([v, from_v])
    key = torch._unique2(u * b.size(0) + v, True)[0]
    u, v = torch.div(key, b.size(0), rounding_mode="floor"), key % b.size(0)
    return torch.stack([allowed_a[u], allowed_b[v]]), bad
