"""Training on from a model with pairs from a pool: true correspondences, the same network, a resumed run equals an unbroken one."""
import dataclasses

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from network import NetworkConfig, init_weights, read_config, write_config
from train.pool import SIDE, UNIT, UNSEEN, Pool, render_batch
from train.refine import Half, Refinement, RefinePlan, deeper, describe, encode
from train.textures import Atlas
from train.training import forward
from train.views import apply, cut, draw, invert, similarity

TOY = NetworkConfig(enc_embed_dim=64, enc_depth=2, enc_num_heads=4, dec_embed_dim=32, dec_depth=0, dec_num_heads=2, patch_size=8,
                    head_type="catmlp+linear", local_feature_ratio=0.5)


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    pool = Pool(tmp_path_factory.mktemp("pool"), records=2)
    render_batch(pool, Atlas.tiny(), seed=3, slots=[0, 1])
    (pool.folder / "count.0").write_text("2")
    return pool


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    weights = init_weights(TOY, 3)
    weights["downstream_head1.head_local_features.fc1.weight"][:, 64:] = 0  # nothing from the decoder
    for layer in ("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"):
        name = "downstream_head1.head_local_features." + layer
        weights[name.replace("head1", "head2")] = weights[name].clone()
    save_file({k: v.contiguous() for k, v in weights.items() if k != "mask_token"}, folder / "model.safetensors")
    write_config(TOY, folder / "config.json")
    return folder


def toy_plan(**changes) -> RefinePlan:
    return dataclasses.replace(RefinePlan(enc_depth=3, sizes=((64, 80, 2), (80, 64, 2)), correspondences=64, negatives=64,
                                          warm_up=2), **changes)


def test_what_is_in_the_pool_shows_the_same_points(pool):
    assert list(pool.filled()) == [0, 1]
    there = pool.there[0]
    y, x = np.nonzero(there[..., 0] != UNSEEN)
    at = there[y, x] / UNIT
    assert len(y) > 500
    assert (at > -0.6).all() and (at < SIDE - 0.4).all()
    colour = pool.images[0, 0][y, x].astype(float).mean(1)
    other = pool.images[0, 1][at[:, 1].round().astype(int).clip(0, SIDE - 1), at[:, 0].round().astype(int).clip(0, SIDE - 1)].mean(1)
    assert np.corrcoef(colour, other)[0, 1] > 0.7


def test_a_crop_shows_the_record_where_its_matrix_says():
    y, x = np.meshgrid(np.arange(SIDE), np.arange(SIDE), indexing="ij")
    ramps = np.stack([x * 255 / SIDE, y * 255 / SIDE, 0 * x], -1).astype(np.uint8)
    matrix = similarity(0.7, 1.3, [150, 170], 64, 80)
    crop = cut(ramps, matrix, 64, 80, 1.0)
    for u, v in ((10, 20), (60, 40), (39, 31)):
        expected = apply(matrix, np.array([[u, v]]))[0] / SIDE
        assert crop[:2, v, u].tolist() == pytest.approx(expected.tolist(), abs=0.01)
    there_and_back = apply(invert(matrix), apply(matrix, np.array([[3.0, 5.0]])))
    assert there_and_back[0].tolist() == pytest.approx([3, 5])


def test_sampled_pixels_of_an_unmoved_scene_lie_under_the_same_colours():
    pool = type("Still", (), {})()
    coarse = torch.rand(1, 3, 20, 20, generator=torch.Generator().manual_seed(1))
    smooth = torch.nn.functional.interpolate(coarse, (SIDE, SIDE), mode="bicubic")
    image = (smooth[0].clamp(0, 1) * 255).byte().permute(1, 2, 0).numpy()
    y, x = np.meshgrid(np.arange(SIDE), np.arange(SIDE), indexing="ij")
    pool.images, pool.there = np.stack([[image, image]]), (np.stack([x, y], -1) * UNIT)[None].astype(np.int16)
    views = draw(pool, np.array([0]), 5, 6, 96, 128, 100, 50, strength=0.0, turned=1.0)
    assert views.index.shape == (2, 6, 150) and views.true.float().mean() > 0.3
    plain = views.images.flatten(2, 3).float()
    colours = [plain[s].gather(1, views.index[s][..., None].expand(-1, -1, 3))[:, :100][views.true] for s in range(2)]
    grey = [(c - c.mean(0)) / c.std(0) for c in colours]  # exposure differs even at strength zero: by nothing but rounding
    assert (grey[0] * grey[1]).mean() > 0.95


def test_more_blocks_change_nothing_at_first_and_the_fast_form_is_the_network(model):
    weights = {k: v.float() for k, v in load_file(model / "model.safetensors").items()}
    network = read_config(model / "config.json")
    grown, deep = deeper(weights, network, 4, 1)
    images = torch.randint(0, 256, (2, 48, 64, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    index = torch.arange(48 * 64).expand(2, -1)
    with torch.no_grad():
        plain, _, _ = forward(weights, network.architecture(), images, images, points=False, decoders=False)
        more, _, _ = forward(grown, deep.architecture(), images, images, points=False, decoders=False)
        half = Half(grown)
        fast, sure = describe(half, deep, encode(half, deep, images), index, 64)
    assert torch.equal(plain["descriptors"], more["descriptors"])
    assert (fast * plain["descriptors"].flatten(1, 2)).sum(-1).mean() > 0.999
    assert torch.allclose(sure, plain["descriptor_confidence"].flatten(1), rtol=0.05)


def test_a_resumed_refinement_equals_an_unbroken_one_and_is_exported(pool, model, tmp_path):
    ready = pool.filled()
    unbroken, broken = (Refinement(toy_plan(), model, tmp_path / name) for name in ("one", "two"))
    for _ in range(4):
        unbroken.advance(pool, ready, 1.0)
    for _ in range(2):
        broken.advance(pool, ready, 1.0)
    broken.save()
    resumed = Refinement(toy_plan(), model, tmp_path / "two")
    assert resumed.step == 2
    for _ in range(2):
        resumed.advance(pool, ready, 1.0)
    for name in unbroken.names:
        assert torch.allclose(resumed.weights[name], unbroken.weights[name], atol=1e-5, rtol=1e-4), name
    resumed.export(tmp_path / "out")
    weights = {k: v.float() for k, v in load_file(tmp_path / "out" / "model.safetensors").items()}
    network = read_config(tmp_path / "out" / "config.json")
    assert network.enc_depth == 3
    images = torch.from_numpy(np.array(pool.images[:1, 0, :64, :80]))
    with torch.no_grad():
        a, b, _ = forward(weights, network.architecture(), images, images)
    assert torch.allclose(a["descriptors"], b["descriptors"], atol=1e-5)


def test_refinement_lowers_the_loss(pool, model, tmp_path):
    plan = toy_plan(learning_rate=2e-3, strength=0.2, turned=0.0, hopeless=0.0)  # from nothing, nothing is beyond hope
    refinement = Refinement(plan, model, tmp_path)
    rows = [refinement.advance(pool, pool.filled(), 1.0)["nce"] for _ in range(40)]
    assert sum(rows[-10:]) < 0.95 * sum(rows[:10])
