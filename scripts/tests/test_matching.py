"""Matching on the device against an independent walk over exact sequential sums, on CPU tensors."""

import numpy as np
import pytest
import torch

from network import PairNetwork
from network.matching import laid_out, nearest_of, reciprocal_matches, scores_of_runs, seed_grid


def unit(values: np.ndarray) -> np.ndarray:
    return (values / np.linalg.norm(values, axis=-1, keepdims=True)).astype(np.float32)


def random_map(seed: int, height: int, width: int, dim: int = 24) -> np.ndarray:
    return unit(np.random.default_rng(seed).standard_normal((height, width, dim)))


def smooth_map(seed: int, height: int, width: int, dim: int, step: int) -> np.ndarray:
    """Bilinear between random knots: neighbours are nearly alike."""
    rng = np.random.default_rng(7)
    knots = rng.standard_normal((height // step + 3, width // step + 3, dim))
    y, x = np.mgrid[:height, :width] / step + 0.25 * seed
    i, j = y.astype(int), x.astype(int)
    fy, fx = (y - i)[..., None], (x - j)[..., None]
    top = (1 - fx) * knots[i, j] + fx * knots[i, j + 1]
    return unit((1 - fy) * top + fy * ((1 - fx) * knots[i + 1, j] + fx * knots[i + 1, j + 1]))


def exact_nearest(queries: np.ndarray, points: np.ndarray) -> np.ndarray:
    """One query at a time, fp32 products and sums in order; argmax takes the first of equals."""
    found = []
    for query in queries:
        score = query[0] * points[:, 0]
        for k in range(1, points.shape[1]):
            score = score + query[k] * points[:, k]
        assert score.dtype == np.float32
        found.append(int(np.argmax(score)))
    return np.array(found)


def exact_walk(a: np.ndarray, b: np.ndarray, allowed_a, allowed_b, width: int, height: int, subsample: int) -> set:
    """Matches (u, v) of the seeds in A, with indices into all pixels."""
    pixels_a, pixels_b = np.flatnonzero(allowed_a), np.flatnonzero(allowed_b)
    found = set()
    first = subsample // 2
    for y in range(first, height, subsample):
        for x in range(first, width, subsample):
            u, v = y * width + x, -1
            if not allowed_a[u] or len(pixels_b) == 0:
                continue
            for _ in range(10):
                hop = int(pixels_b[exact_nearest(a[u : u + 1], b[pixels_b])[0]])
                if hop == v:
                    found.add((u, v))
                    break
                v = hop
                hop = int(pixels_a[exact_nearest(b[v : v + 1], a[pixels_a])[0]])
                if hop == u:
                    found.add((u, v))
                    break
                u = hop
    return found


def exact_matches(a: np.ndarray, b: np.ndarray, subsample: int, mask_a=None, mask_b=None, both=False) -> list:
    flat_a, flat_b = a.reshape(-1, a.shape[2]), b.reshape(-1, b.shape[2])
    allowed_a = np.ones(len(flat_a)) if mask_a is None else mask_a
    allowed_b = np.ones(len(flat_b)) if mask_b is None else mask_b
    found = exact_walk(flat_a, flat_b, allowed_a, allowed_b, a.shape[1], a.shape[0], subsample)
    if both:
        back = exact_walk(flat_b, flat_a, allowed_b, allowed_a, b.shape[1], b.shape[0], subsample)
        found |= {(u, v) for v, u in back}
    return sorted(found)


ALL = torch.empty([0], dtype=torch.uint8)


def pairs_of(found: torch.Tensor) -> list:
    return [tuple(pair) for pair in found.t().tolist()]


@pytest.mark.parametrize("many", [0, 16, 10**6], ids=["exactly", "in half if few are near", "in half"])
@pytest.mark.parametrize("run, block, pairs", [(7, 14, 5), (64, 64, 1000), (1, 300, 17), (512, 1024, 1)])
def test_finds_the_nearest_of_equals_at_the_lowest_index(run, block, pairs, many):
    points = random_map(1, 10, 30).reshape(-1, 24)
    points[250] = points[40]
    points[100:200] = points[40]
    queries = np.concatenate([points[40:41], random_map(2, 1, 50).reshape(-1, 24), points[120:122]])

    searched = laid_out(torch.from_numpy(points), run, in_half=many > 0)
    found = nearest_of(torch.from_numpy(queries), searched, block, 16, pairs, many)

    np.testing.assert_array_equal(found.numpy(), exact_nearest(queries, points))
    assert found[0] == 40 and found[-1] == 40


def test_sums_in_order_without_fusing():
    queries, points = random_map(3, 4, 5).reshape(-1, 24), random_map(4, 6, 7).reshape(-1, 24)
    expected = np.zeros((20, 42), np.float32)
    for k in range(24):
        expected = expected + queries[:, k, None] * points[None, :, k]
    components = torch.from_numpy(points).t().reshape(24, 3, 14).contiguous()
    query, run = torch.arange(20).repeat_interleave(3), torch.arange(3).repeat(20)
    actual = scores_of_runs(torch.from_numpy(queries), components, query, run)
    np.testing.assert_array_equal(actual.reshape(20, 42).numpy(), expected)


@pytest.mark.parametrize("scripted", [False, True], ids=["eager", "scripted"])
@pytest.mark.parametrize(
    "a, b",
    [
        (random_map(5, 20, 24), random_map(6, 16, 28)),
        (smooth_map(0, 24, 32, 24, 8), smooth_map(1, 24, 32, 24, 8)),
        (smooth_map(0, 24, 32, 3, 12), smooth_map(1, 20, 36, 3, 12)),
        (np.ones((9, 9, 4), np.float32), np.ones((9, 9, 4), np.float32)),
        (np.round(random_map(8, 16, 16, 4)), np.round(random_map(9, 16, 16, 4))),
    ],
    ids=["random", "smooth", "smoother", "constant", "many-ties"],
)
@pytest.mark.parametrize("subsample", [1, 3])
def test_finds_the_pixels_of_the_exact_walk(a, b, subsample, scripted):
    function = torch.jit.script(reciprocal_matches) if scripted else reciprocal_matches

    found, bad = function(torch.from_numpy(a), torch.from_numpy(b), ALL, ALL, subsample, False)

    assert pairs_of(found) == exact_matches(a, b, subsample)
    assert bad.tolist() == [-1, -1]


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("share_a, share_b", [(0.7, 0.5), (1.0, 0.1), (0.0, 1.0), (1.0, 0.0)])
def test_masked_pixels_neither_seed_nor_answer(share_a, share_b, both):
    a, b = smooth_map(0, 18, 24, 24, 8), smooth_map(1, 20, 22, 24, 8)
    rng = np.random.default_rng(4)
    mask_a, mask_b = (rng.random(m.shape[0] * m.shape[1]) < s for m, s in ((a, share_a), (b, share_b)))
    masks = (torch.from_numpy(mask.astype(np.uint8)) for mask in (mask_a, mask_b))

    found, _ = reciprocal_matches(torch.from_numpy(a), torch.from_numpy(b), *masks, 3, both)

    assert pairs_of(found) == exact_matches(a, b, 3, mask_a, mask_b, both)


def test_seeds_in_both_images_find_more_than_those_of_one():
    a, b = smooth_map(0, 24, 32, 24, 8), smooth_map(1, 20, 30, 24, 8)
    found, _ = reciprocal_matches(torch.from_numpy(a), torch.from_numpy(b), ALL, ALL, 4, True)
    assert pairs_of(found) == exact_matches(a, b, 4, both=True)
    assert set(pairs_of(found)) > set(exact_matches(a, b, 4))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2e19])
def test_tells_the_first_pixel_that_cannot_be_compared_unless_it_is_masked(value):
    good, bad = torch.from_numpy(random_map(1, 4, 5, 3)), torch.from_numpy(random_map(2, 4, 5, 3))
    bad[2, 1, 1] = bad[3, 4, 0] = value
    mask = torch.ones(20, dtype=torch.uint8)
    found, first = reciprocal_matches(good, bad, ALL, ALL, 1, False)
    assert found.shape == (2, 0) and first.tolist() == [-1, 11]
    mask[11] = 0
    assert reciprocal_matches(bad, good, mask, ALL, 1, False)[1].tolist() == [19, -1]
    mask[19] = 0
    found, first = reciprocal_matches(bad, good, mask, ALL, 1, False)
    assert found.size(1) > 0 and first.tolist() == [-1, -1]


def test_a_map_smaller_than_the_first_seed_has_no_match():
    small = torch.from_numpy(random_map(1, 3, 3))
    assert reciprocal_matches(small, small, ALL, ALL, 8, False)[0].shape == (2, 0)


def test_seeds_are_those_of_the_grid():
    assert seed_grid(5, 7, 4, torch.device("cpu")).tolist() == [2 * 7 + 2, 2 * 7 + 6]


def test_matches_of_the_module_are_those_of_its_pair_with_the_less_sure_confidence():
    a = torch.from_numpy(np.stack([random_map(1, 6, 7, 5), random_map(2, 6, 7, 5)]))
    b = torch.from_numpy(np.stack([random_map(3, 5, 8, 5), random_map(4, 5, 8, 5)]))
    sure_a, sure_b = torch.rand(2, 6, 7), torch.rand(2, 5, 8)
    module = torch.jit.script(PairNetwork())

    matches, confidence, bad = module.match(a, b, sure_a, sure_b, ALL, ALL, 1, 1, False)

    assert pairs_of(matches) == exact_matches(a[1].numpy(), b[1].numpy(), 1)
    expected = [min(sure_a[1].flatten()[u], sure_b[1].flatten()[v]) for u, v in pairs_of(matches)]
    assert confidence.tolist() == expected and bad.tolist() == [-1, -1]
    assert module.match(a, b, torch.empty(0), torch.empty(0), ALL, ALL, 1, 1, False)[1].numel() == 0
