"""Losses: confidence-weighted pointmap regression and symmetric InfoNCE (arXiv 2406.09756, sections 3.1 and 3.2)."""
from __future__ import annotations

import torch
from torch import Tensor

from .pairs import Pairs
from .scenes import KINDS


def metric_kinds(kinds: Tensor) -> Tensor:
    """Of which scenes, indices into KINDS, the size can be told from an image: rooms and streets, not photographs and tables."""
    return (kinds == KINDS.index("room")) | (kinds == KINDS.index("street"))


def regression(points_a: Tensor, points_b: Tensor, conf_a: Tensor, conf_b: Tensor, pairs: Pairs, metric: Tensor,
               alpha: float = 0.2) -> tuple[Tensor, Tensor]:
    """Confidence loss and plain error of both pointmaps, in mean distances of the true points; where a pair is not `metric`
    [B], the guess is divided by its own mean distance before."""
    valid = torch.cat([pairs.valid_a.flatten(1), pairs.valid_b.flatten(1)], 1)
    truth = torch.cat([pairs.points_a.flatten(1, 2), pairs.points_b.flatten(1, 2)], 1)
    truth = torch.where(valid[..., None], truth, 0.0)
    guess = torch.cat([points_a.flatten(1, 2), points_b.flatten(1, 2)], 1)
    count = valid.sum(1).clamp(min=1)
    scale = ((truth.norm(dim=-1) * valid).sum(1) / count).clamp(min=1e-8)
    own = ((guess.norm(dim=-1) * valid).sum(1) / count).clamp(min=1e-8)
    own = torch.where(metric, scale, own)
    error = (guess / own.view(-1, 1, 1) - truth / scale.view(-1, 1, 1)).norm(dim=-1)
    half = valid.shape[1] // 2
    total = 0.0
    for side, conf in ((slice(None, half), conf_a), (slice(half, None), conf_b)):
        on = valid[:, side]
        sky = ~on
        conf = conf.flatten(1)
        e = torch.where(sky, 2.0, error[:, side])
        total = total + (conf * e - alpha * conf.log()).mean()
    return total, error[valid].mean().detach()


def sample_correspondences(pairs: Pairs, count: int, generator: torch.Generator, near: float = 0.6):
    """True pairs of pixels: flat indices into A and B, [B, count] each, and which of them are true, [B, count].

    A share `near` of the pixels is drawn within 12 pixels of an earlier one, so that close negatives are plenty.
    """
    b, h, w = pairs.seen_a.shape
    device = pairs.seen_a.device
    seeds = max(1, int(count * (1 - near)))
    chance = pairs.seen_a.flatten(1).float() + 1e-7
    seed = torch.multinomial(chance, seeds, generator=generator)
    parent = torch.randint(seeds, (b, count - seeds), generator=generator, device=device)
    origin = seed.gather(1, parent)
    radius = 2.5 + 10 * torch.rand(b, count - seeds, 1, generator=generator, device=device)
    angle = 6.2831853 * torch.rand(b, count - seeds, 1, generator=generator, device=device)
    step = (torch.cat([angle.cos(), angle.sin()], -1) * radius).round().long()
    x = (origin % w + step[..., 0]).clamp(0, w - 1)
    y = (origin // w + step[..., 1]).clamp(0, h - 1)
    index_a = torch.cat([seed, y * w + x], 1)
    true = pairs.seen_a.flatten(1).gather(1, index_a)
    at = pairs.forth.flatten(1, 2).gather(1, index_a[..., None].expand(-1, -1, 2))
    at = torch.where(true[..., None], at, 0.0).round().long()
    index_b = at[..., 1].clamp(0, h - 1) * w + at[..., 0].clamp(0, w - 1)
    return index_a, index_b, true


def other_pixels(pairs: Pairs, count: int, generator: torch.Generator) -> Tensor:
    """Flat indices of pixels drawn anywhere, [B, count]."""
    b, h, w = pairs.seen_a.shape
    return torch.randint(h * w, (b, count), generator=generator, device=pairs.seen_a.device)


def gather(maps: Tensor, index: Tensor) -> Tensor:
    flat = maps.flatten(1, 2)
    if flat.dim() == 2:
        return flat.gather(1, index)
    return flat.gather(1, index[..., None].expand(-1, -1, flat.shape[-1]))


def distances(first: Tensor, second: Tensor, width: int) -> Tensor:
    """Squared pixel distances between flat indices [B, N] and [B, M] of one image."""
    first, second = first.int(), second.int()
    dx = (first % width)[:, :, None] - (second % width)[:, None]
    dy = (first // width)[:, :, None] - (second // width)[:, None]
    return dx * dx + dy * dy


def matching(desc_a: Tensor, desc_b: Tensor, conf_a: Tensor, conf_b: Tensor, pairs: Pairs, count: int, extra: int,
             temperature: float, generator: torch.Generator, weighted: bool, alpha: float = 10.0, apart: float = 2.0,
             hopeless: float = 0.0):
    """Symmetric InfoNCE over `count` true pairs with `extra` further pixels as negatives on either side.

    Candidates nearer than `apart` pixels to the truth are no negatives. Returns the loss, the plain InfoNCE and the share
    of pixels whose true partner scores best. With `weighted` the loss is the paper's L Q - alpha log Q; else confidences
    learn from L beside it, without changing its gradient. Pixels whose partner's probability p lies below `hopeless`, on
    blank walls for instance, are all but left alone: the loss is -log(p + hopeless).
    """
    h, w = pairs.seen_a.shape[1:]
    index_a, index_b, true = sample_correspondences(pairs, count, generator)
    more_a, more_b = other_pixels(pairs, extra, generator), other_pixels(pairs, extra, generator)
    a, b = gather(desc_a, index_a), gather(desc_b, index_b)
    logs, hits = [], []
    for queries, own, keys_index, keys in ((a, index_b, torch.cat([index_b, more_b], 1), desc_b),
                                           (b, index_a, torch.cat([index_a, more_a], 1), desc_a)):
        score = queries @ gather(keys, keys_index).transpose(1, 2) / temperature
        close = distances(own, keys_index, w) < apart * apart
        close[:, :, :count] &= ~torch.eye(count, dtype=torch.bool, device=close.device)
        padding = torch.cat([~true, torch.zeros_like(true[:, :1]).expand(-1, extra)], 1)[:, None]
        score = score.masked_fill(close | padding & ~torch.eye(count, count + extra, dtype=torch.bool, device=close.device),
                                  -1e4)
        logs.append(score.log_softmax(-1).diagonal(dim1=1, dim2=2).clamp(min=-18.4))
        hits.append(score.argmax(-1) == torch.arange(count, device=score.device))
    plain = -(logs[0] + logs[1])[true]
    robust = -sum((x.exp() + hopeless).log() for x in logs)[true] if hopeless > 0 else plain
    quality = ((gather(conf_a, index_a) + gather(conf_b, index_b)) / 2)[true]
    if weighted:
        loss = (robust * quality - alpha * quality.log()).mean()
    else:
        loss = robust.mean() + 0.02 * (robust.detach() * quality - alpha * quality.log()).mean()
    hit = (hits[0] & hits[1])[true].float().mean()
    return loss, plain.mean().detach(), hit
