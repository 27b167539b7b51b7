"""The training program at toy size: the renderer's truth, falling loss, and a resumed run that equals an unbroken one."""
import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from safetensors.torch import save_file

from network import NetworkConfig, encode_pixels, tensor_shapes, write_config
from network.blocks import linear, norm, split_heads
from network.rope import rope_table, rotate
from train.evaluate import STEP, by_angle, evaluate, evaluate_set, validation, view_angles
from train.export import trained_parts
from train.initialise import RING, structured_weights
from train.losses import matching, metric_kinds, regression, sample_correspondences
from train.pairs import make_pairs
from train.scenes import Dice
from train.photometric import lose_detail
from train.textures import Atlas, decoded, encoded
from train.training import Plan, Stage, Training, forward
from train.validation_set import Slot, make

TOY = NetworkConfig(enc_embed_dim=64, enc_depth=2, enc_num_heads=4, dec_embed_dim=32, dec_depth=2, dec_num_heads=2, patch_size=8,
                    head_type="catmlp+linear", local_feature_ratio=0.5)


@pytest.fixture(scope="module")
def atlas():
    return Atlas.tiny()


@pytest.fixture(scope="module")
def pairs(atlas):
    return make_pairs(Dice(4), atlas, 8, 64, 80, hardness=0.6)


def toy_plan(**changes) -> Plan:
    stages = [Stage(until=30, height=48, width=48, batch=2, hardness=0.2, change=0.3, distil=0.5, points=0.1, reuse=2)]
    return dataclasses.replace(Plan(network=TOY, stages=stages, warm_up=5, correspondences=96, negatives=64, fit_batches=1), **changes)


def test_pointmap_of_b_lands_on_its_own_pixel_when_projected_into_camera_b(pairs):
    first, second = pairs.cameras
    world = (pairs.points_b.flatten(1, 2) - first.translation[:, None]) @ first.rotation
    pixels, depth = second.project(world.view(pairs.points_b.shape))
    y, x = torch.meshgrid(torch.arange(64), torch.arange(80), indexing="ij")
    error = (pixels - torch.stack([x, y], -1)).norm(dim=-1)[pairs.valid_b]
    assert error.max() < 0.05
    assert (depth[pairs.valid_b] > 0).all()


def test_correspondences_there_and_back_agree(pairs):
    item, y, x = pairs.seen_a.nonzero(as_tuple=True)
    there = pairs.forth[item, y, x].round().long()
    u, v = there[:, 0].clamp(0, 79), there[:, 1].clamp(0, 63)
    back = pairs.back[item, v, u] - torch.stack([x, y], -1)
    assert len(item) > 5000
    assert back.norm(dim=-1).median() < 0.6
    assert (back.norm(dim=-1) < 4).float().mean() > 0.97


def test_corresponding_points_coincide(pairs):
    item, y, x = pairs.seen_a.nonzero(as_tuple=True)
    there = pairs.forth[item, y, x].round().long()
    a = pairs.points_a[item, y, x]
    b = pairs.points_b[item, there[:, 1].clamp(0, 63), there[:, 0].clamp(0, 79)]
    assert ((a - b).norm(dim=-1) / a.norm(dim=-1)).quantile(0.9) < 0.05


def test_swapped_pairs_hold_the_same_geometry(pairs):
    twice = pairs.swapped().swapped()
    assert torch.allclose(twice.points_a[pairs.valid_a], pairs.points_a[pairs.valid_a], atol=1e-3, rtol=1e-3)
    assert torch.equal(pairs.swapped().image_a, pairs.image_b)


def test_sampled_correspondences_are_true_ones(pairs):
    index_a, index_b, true = sample_correspondences(pairs, 64, torch.Generator().manual_seed(1))
    at = pairs.forth.flatten(1, 2).gather(1, index_a[..., None].expand(-1, -1, 2))
    b = torch.stack([index_b % 80, index_b // 80], -1)
    assert true.float().mean() > 0.5
    assert ((at - b).abs().amax(-1)[true] <= 1.0).all()
    assert pairs.seen_a.flatten(1).gather(1, index_a)[true].all()


def test_heads_of_the_first_block_start_looking_at_their_neighbour():
    weights = structured_weights(TOY, seed=0)
    heads, rows, columns = TOY.enc_num_heads, 6, 8
    x = torch.randn(1, rows * columns, TOY.enc_embed_dim, generator=torch.Generator().manual_seed(2))
    qkv = linear(weights, "enc_blocks.0.attn.qkv", norm(weights, "enc_blocks.0.norm1", x))
    rope = rope_table(rows, columns, TOY.enc_embed_dim // heads, TOY.rope_base, x.device)
    q, k = rotate(split_heads(qkv, 3 * heads)[:, :2 * heads], rope)[0].split(heads)
    best = (q @ k.transpose(1, 2)).argmax(-1)
    inner = 2 * columns + 3
    for head in range(heads):
        dy, dx = RING[head]
        assert best[head, inner] == inner + dy * columns + dx
    assert torch.isfinite(encode_pixels(weights, TOY.architecture(), torch.zeros(1, 3, 48, 64))).all()


def test_loss_falls(atlas, tmp_path):
    training = Training(toy_plan(), atlas, tmp_path)
    rows = [training.advance() for _ in range(30)]
    start, end = (sum(r["nce"] for r in part) / 6 for part in (rows[:6], rows[-6:]))
    assert end < 0.95 * start


def test_pixels_beyond_hope_get_hardly_any_gradient(pairs):
    noise = torch.randn(len(pairs.kinds), 64, 80, 8, generator=torch.Generator().manual_seed(3))
    sure = torch.ones(noise.shape[:3])
    lengths = []
    for hopeless in (0.0, 0.02):
        a = torch.nn.functional.normalize(noise, dim=-1).requires_grad_()
        b = torch.nn.functional.normalize(noise.roll(17, 2), dim=-1)
        loss, _, hit = matching(a, b, sure, sure, pairs, 128, 128, 0.05, torch.Generator().manual_seed(4), weighted=True,
                                hopeless=hopeless)
        loss.backward()
        lengths.append(a.grad.norm().item())
        assert hit < 0.05  # chance descriptors
    assert lengths[1] < 0.2 * lengths[0]


def test_a_resumed_run_equals_an_unbroken_one(atlas, tmp_path):
    unbroken = Training(toy_plan(), atlas, tmp_path / "one")
    for _ in range(5):
        unbroken.advance()
    broken = Training(toy_plan(), atlas, tmp_path / "two")
    for _ in range(3):
        broken.advance()
    broken.save()
    resumed = Training(toy_plan(), atlas, tmp_path / "two")
    assert resumed.step == 3
    last = [resumed.advance() for _ in range(2)][-1]
    assert last["step"] == 4
    for name in unbroken.names:
        assert torch.allclose(resumed.weights[name], unbroken.weights[name], atol=1e-5, rtol=1e-4), name
        assert torch.allclose(resumed.average[name], unbroken.average[name], atol=1e-5, rtol=1e-4), name


def test_a_part_is_every_nth_pair_with_its_cameras(pairs):
    part = pairs.part(1, 3)
    assert torch.equal(part.image_b, pairs.image_b[1::3]) and torch.equal(part.kinds, pairs.kinds[1::3])
    assert torch.equal(part.cameras[1].focal, pairs.cameras[1].focal[1::3])
    assert torch.equal(part.swapped().points_a, pairs.swapped().points_a[1::3])


def test_batches_rendered_at_once_are_seen_again_with_views_swapped(atlas, tmp_path):
    stage = Stage(until=99, height=48, width=64, batch=2, render=3, reuse=2, portrait=True)
    training = Training(toy_plan(stages=[stage]), atlas, tmp_path)
    batches = []
    for training.step in range(7):
        batches.append(training.pairs(stage))
    again = Training(toy_plan(stages=[stage]), atlas, tmp_path / "two").pairs(stage)
    assert torch.equal(batches[0].points_a, again.points_a)
    for k in range(3):
        assert torch.equal(batches[k].swapped().points_a, batches[k + 3].points_a)
        assert not torch.equal(batches[k].image_b, batches[k + 3].image_a)  # other photometric changes
    assert batches[0].image_a.shape == (2, 48, 64, 3) and batches[6].image_a.shape == (2, 64, 48, 3)


def test_a_plan_of_minutes_goes_on_with_the_time_that_is_spent(atlas, tmp_path):
    stages = [Stage(until=50, height=48, width=48, batch=2), Stage(until=100, height=64, width=64, batch=2)]
    training = Training(toy_plan(stages=stages, minutes=10.0), atlas, tmp_path)
    training.step, training.seconds = 7, 0.0
    assert training.position() == 7
    training.seconds = 330.0
    assert training.position() == 55 and training.plan.stage(training.position()) is stages[1]
    training.step = 70
    assert training.position() == 70


def test_a_larger_network_begins_as_the_smaller_one(atlas, tmp_path, pairs):
    small = Training(toy_plan(), atlas, tmp_path / "run")
    small.advance()
    small.save()
    folder = tmp_path / "model"
    folder.mkdir()
    save_file({k: v.clone() for k, v in Training.average_of(tmp_path / "run").items()}, folder / "model.safetensors")
    write_config(TOY, folder / "config.json")
    wide = dataclasses.replace(TOY, enc_depth=4, dec_depth=3, dec_embed_dim=64, dec_num_heads=4, local_feature_ratio=1.5)
    grown = Training(toy_plan(network=wide), atlas, tmp_path / "grown", model=folder)
    images = pairs.image_a[:2, :48, :48], pairs.image_b[:2, :48, :48]
    without = dataclasses.replace(TOY, dec_depth=0)  # the old decoders' blocks are of another width
    with torch.no_grad():
        before, _, _ = forward(small.average, without.architecture(), *images)
        after, _, _ = forward(grown.weights, wide.architecture(), *images)
    for name in ("descriptors", "points", "descriptor_confidence"):
        assert torch.allclose(before[name], after[name], atol=1e-4), name
    row = grown.advance()
    assert np.isfinite(row["loss"]) and grown.weights["dec_blocks.2.mlp.fc2.weight"].abs().max() > 0


def test_the_size_of_photographs_and_tables_is_not_asked_for(pairs):
    truth = pairs.points_a, pairs.points_b
    sure = torch.ones(pairs.valid_a.shape)
    metric = metric_kinds(torch.tensor([0, 1, 2, 3, 0, 1, 2, 3]))
    assert metric.tolist() == [False, True, True, False] * 2
    errors = []
    for k in range(8):
        one = pairs.part(k, 8)
        _, error = regression(2 * truth[0][k:k + 1], 2 * truth[1][k:k + 1], sure[:1], sure[:1], one, metric[k:k + 1])
        errors.append(error.item())
    assert max(e for e, m in zip(errors, metric) if not m) < 1e-5
    assert all(abs(e - 1) < 0.01 for e, m in zip(errors, metric) if m)  # off by the true mean distance


def test_images_lose_detail_as_often_as_asked():
    images = torch.rand(64, 32, 48, 3, generator=torch.Generator().manual_seed(1))
    worse = lose_detail(images, Dice(3), 0.5)
    changed = (worse - images).abs().amax((1, 2, 3)) > 1e-3
    assert 0.3 < changed.float().mean() < 0.7
    slope = lambda x: (x[:, :, 1:] - x[:, :, :-1]).abs().mean((1, 2, 3))
    assert (slope(worse)[changed] < 0.75 * slope(images)[changed]).all()
    assert torch.equal(worse[~changed], images[~changed]) and torch.equal(lose_detail(images, Dice(3), 0.0), images)


def test_packed_textures_are_read_back():
    smooth = torch.nn.functional.interpolate(torch.rand(3, 3, 5, 5), (64, 64), mode="bicubic").clamp(0, 1)
    images = (smooth * 255).byte().permute(0, 2, 3, 1).numpy()
    back = decoded(encoded("photos", images), "photos")
    assert back.shape == images.shape
    assert np.abs(back.astype(int) - images).mean() < 3


def test_the_exported_average_is_read_back_and_evaluated(atlas, tmp_path):
    training = Training(toy_plan(bf16=True), atlas, tmp_path / "run")
    assert all(torch.isfinite(torch.tensor(training.advance()["loss"])) for _ in range(2))
    training.save()
    weights = Training.average_of(tmp_path / "run")
    assert set(tensor_shapes(TOY)) - {"mask_token"} == set(weights)
    figures = evaluate(weights, TOY, validation(atlas, 4, 48, 64), classical=True)
    assert 0 <= figures["within_2"] <= figures["within_5"] <= 1
    assert all(shard.stat().st_size < 16 * 2**20 for shard in (tmp_path / "run" / "checkpoint").iterdir())
    training.save(tmp_path / "left")
    left = Training.average_of(tmp_path / "left")
    assert set(left) == set(weights) and all(torch.equal(left[k], weights[k].half()) for k in weights)
    for name in ("angle_0_30_within_2", "angle_0_60_median_px"):
        assert name in figures, name


def test_decoders_that_no_stage_ran_are_left_out_and_no_descriptor_changes(atlas, tmp_path, pairs):
    plan = toy_plan(stages=[Stage(until=30, height=48, width=48, batch=2)])
    training = Training(plan, atlas, tmp_path)
    training.advance()
    training.save()
    average = Training.average_of(tmp_path)
    weights, network = trained_parts(plan, average)
    assert network.dec_depth == 0
    assert set(tensor_shapes(network)) - {"mask_token"} == set(weights)
    images = pairs.image_a[:1, :48, :48], pairs.image_b[:1, :48, :48]
    with torch.no_grad():
        with_decoders, _, _ = forward(average, TOY.architecture(), *images)
        without, _, _ = forward(weights, network.architecture(), *images)
    assert torch.equal(with_decoders["descriptors"], without["descriptors"])


def test_decoders_that_a_stage_ran_stay(atlas):
    plan = toy_plan()
    weights = structured_weights(TOY, 0)
    assert trained_parts(plan, weights) == (weights, TOY)


def test_view_angles_are_those_between_the_two_rays():
    points = torch.tensor([[0.0, 0, 1], [0, 0, 2], [0, 0, -5]])
    angles = view_angles(points, torch.tensor([1.0, 0, 0]))
    assert torch.allclose(angles, torch.rad2deg(torch.atan(torch.tensor([1.0, 0.5, 0.2]))), atol=1e-3)


def test_errors_are_binned_by_view_angle():
    errors = torch.tensor([0.5, 1.0, 3.0, 9.0, 30.0])
    figures = by_angle(errors, torch.tensor([0.0, 29.9, 30.0, 59.9, 60.0]))
    assert figures["angle_0_30_within_2"] == 1 and figures["angle_30_60_within_5"] == 0.5
    assert figures["angle_60_180_median_px"] == 30 and figures["angle_0_60_within_5"] == 0.75
    assert "angle_60_180_within_2" not in by_angle(errors[:2], torch.tensor([0.0, 3.0]))


def check_truth(folder: Path, count: int):
    """The correspondences of the set must be what its depths, intrinsics and poses imply."""
    truth = np.load(folder / "truth.npz")
    lines = (folder / "pairs.txt").read_text().splitlines()
    assert len(lines) == count and len(truth.files) == 2 * count
    for number, line in enumerate(lines):
        name_a, name_b, *rest = line.split()
        assert (folder / name_a).exists() and (folder / name_b).exists()
        n = np.array([float(x) for x in rest])
        k_a, k_b, motion = n[:9].reshape(3, 3), n[9:18].reshape(3, 3), n[18:].reshape(4, 4)
        assert np.allclose(motion[:3, :3] @ motion[:3, :3].T, np.eye(3), atol=1e-6)
        width, height = Image.open(folder / name_a).size
        y, x = np.mgrid[STEP // 2:height:STEP, STEP // 2:width:STEP].reshape(2, -1)
        depth, there = truth[f"{number:02d}_depth"].astype(float), truth[f"{number:02d}_there"]
        seen = np.isfinite(there[:, 0])
        assert seen.mean() > 0.1 and (depth[seen] > 0).all()
        points = np.linalg.inv(k_a) @ np.stack([x, y, np.ones_like(x)]) * depth
        in_b = k_b @ (motion[:3, :3] @ points + motion[:3, 3:])
        error = np.linalg.norm((in_b[:2] / in_b[2]).T - there, axis=1)[seen]
        assert np.quantile(error, 0.99) < 0.3  # depths are halves: 11 bits


def test_a_validation_set_is_rendered_and_measured(atlas, tmp_path):
    make([Slot("photo", 20), Slot("table", 30, portrait=True)], atlas, tmp_path, long=96, short=64)
    check_truth(tmp_path, 2)
    training = Training(toy_plan(), atlas, tmp_path / "run")
    figures = evaluate_set(training.average, TOY, tmp_path)
    assert figures["median_px"] > 0 and np.isfinite(figures["depth"]) and np.isfinite(figures["focal"])


def test_the_committed_validation_set_is_true_to_itself():
    check_truth(Path(__file__).parents[2] / "testdata" / "validation", 12)
