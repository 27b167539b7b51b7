"""Matching on the device against an independent walk over exact sequential sums, on CPU tensors."""

import numpy as np
import pytest
import torch

from network.matching import nearest, reciprocal_matches, seed_grid, sequential_scores


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


def exact_matches(a: np.ndarray, b: np.ndarray, subsample: int) -> list:
    flat_a, flat_b = a.reshape(-1, a.shape[2]), b.reshape(-1, b.shape[2])
    found = set()
    first = subsample // 2
    for y in range(first, a.shape[0], subsample):
        for x in range(first, a.shape[1], subsample):
            u, v = y * a.shape[1] + x, -1
            for _ in range(10):
                hop = int(exact_nearest(flat_a[u : u + 1], flat_b)[0])
                if hop == v:
                    found.add((u, v))
                    break
                v = hop
                hop = int(exact_nearest(flat_b[v : v + 1], flat_a)[0])
                if hop == u:
                    found.add((u, v))
                    break
                u = hop
    return sorted(found)


@pytest.mark.parametrize("block", [7, 64, 10_000])
def test_finds_the_nearest_of_equals_at_the_lowest_index(block):
    points = random_map(1, 10, 30).reshape(-1, 24)
    points[250] = points[40]
    points[100:200] = points[40]
    queries = np.concatenate([points[40:41], random_map(2, 1, 50).reshape(-1, 24), points[120:122]])

    found = nearest(torch.from_numpy(queries), torch.from_numpy(points), block, 16)

    np.testing.assert_array_equal(found.numpy(), exact_nearest(queries, points))
    assert found[0] == 40 and found[-1] == 40


def test_sums_in_order_without_fusing():
    queries, points = random_map(3, 4, 5).reshape(-1, 24), random_map(4, 6, 7).reshape(-1, 24)
    expected = np.zeros((20, 42), np.float32)
    for k in range(24):
        expected = expected + queries[:, k, None] * points[None, :, k]
    actual = sequential_scores(torch.from_numpy(queries), torch.from_numpy(points)).numpy()
    np.testing.assert_array_equal(actual, expected)


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

    found = function(torch.from_numpy(a), torch.from_numpy(b), subsample)

    assert [tuple(pair) for pair in found.t().tolist()] == exact_matches(a, b, subsample)


def test_a_map_smaller_than_the_first_seed_has_no_match():
    small = torch.from_numpy(random_map(1, 3, 3))
    assert reciprocal_matches(small, small, 8).shape == (2, 0)


def test_seeds_are_those_of_the_grid():
    assert seed_grid(5, 7, 4, torch.device("cpu")).tolist() == [2 * 7 + 2, 2 * 7 + 6]
