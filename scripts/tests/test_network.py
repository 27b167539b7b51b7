"""The network against its float64 reference, stage by stage."""

import dataclasses

import numpy as np
import pytest
import torch

import network
from network import architecture, both_decoders, module, rope, trunk
from pairs import put, random_images, reference_stages, relative_error, run, run_stages

# fp32 rounds at 6e-8; hundreds of roundings in a row, amplified by exp and expm1, reach 2e-5 at the largest points.
TOLERANCE = 1e-4

DUST3R = dict(output_mode="pts3d", two_confs=False, desc_conf_mode=None)
MINI = dataclasses.replace(network.TINY, patch_size=8, head_type="catmlp+linear")
CONFIGS = {
    "tiny": network.TINY,
    "small": dataclasses.replace(network.SMALL, enc_depth=2, dec_depth=2),
    "dust3r-dpt": dataclasses.replace(network.TINY, head_type="dpt", **DUST3R),
    "dust3r-linear": dataclasses.replace(network.TINY, head_type="linear", **DUST3R),
    "patch8-dpt": dataclasses.replace(network.TINY, patch_size=8),
    "patch14-dpt": dataclasses.replace(network.TINY, patch_size=14),
    "one-confidence": dataclasses.replace(MINI, two_confs=False),
    "other-modes": dataclasses.replace(
        MINI, depth_mode=("square", -np.inf, np.inf), conf_mode=("sigmoid", 1.0, 5.0), desc_conf_mode=("exp", 0.0, 2.0)
    ),
    "no-decoders": dataclasses.replace(MINI, dec_depth=0),
    "linear-depth": dataclasses.replace(MINI, depth_mode=("linear", -np.inf, np.inf), desc_conf_mode=None),
}


def assert_equals_reference(config, batch, grid_a, grid_b):
    """Compares all stages on images of the given token grids (rows, columns)."""
    weights = network.random_weights(config, seed=3)
    images_a, images_b = (
        random_images(seed, batch, (rows * config.patch_size, columns * config.patch_size))
        for seed, (rows, columns) in ((1, grid_a), (2, grid_b))
    )
    expected = reference_stages(weights, config, images_a, images_b)
    actual = run_stages(put(weights, config), config, images_a, images_b)
    assert actual.keys() == expected.keys()
    errors = {name: relative_error(actual[name], expected[name]) for name in expected}
    assert max(errors.values()) < TOLERANCE, errors


@pytest.mark.parametrize("name", ["tiny", "small"])
@pytest.mark.parametrize(
    "batch, grid_a, grid_b",
    [
        pytest.param(1, (3, 4), (3, 4), id="landscape+landscape"),
        pytest.param(1, (5, 3), (2, 4), id="portrait+landscape"),
        pytest.param(3, (3, 3), (3, 3), id="square-batch-of-3"),
        pytest.param(1, (1, 1), (1, 2), id="one-token"),
    ],
)
def test_every_stage_equals_the_reference(name, batch, grid_a, grid_b):
    assert_equals_reference(CONFIGS[name], batch, grid_a, grid_b)


def test_odd_token_rows_of_a_512x336_image_equal_the_reference():
    config = dataclasses.replace(network.TINY, enc_depth=1, dec_depth=2, enc_num_heads=1, dec_num_heads=1)
    assert_equals_reference(config, 1, (21, 32), (3, 2))


@pytest.mark.parametrize("name", [name for name in CONFIGS if name not in ("tiny", "small")])
def test_other_families_equal_the_reference(name):
    assert_equals_reference(CONFIGS[name], 1, (3, 4), (5, 2))


@pytest.mark.slow
def test_full_size_network_equals_the_reference():
    assert_equals_reference(network.OFFICIAL, 1, (2, 3), (3, 2))


@pytest.mark.parametrize("name", CONFIGS)
def test_scripted_network_equals_the_eager_one(name):
    config = CONFIGS[name]
    weights = network.random_weights(config, seed=4)
    images_a = random_images(1, 2, (3 * config.patch_size, 4 * config.patch_size))
    images_b = random_images(2, 2, (4 * config.patch_size, 2 * config.patch_size))
    eager = run(put(weights, config), images_a, images_b)
    scripted = put(weights, config, scripted=True)
    for _ in range(3):  # the first calls are profiled, later ones run optimised
        predictions = run(scripted, images_a, images_b)
        assert predictions.keys() == eager.keys()
        for key, value in eager.items():
            torch.testing.assert_close(predictions[key], value, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["tiny", "small", "one-confidence", "patch14-dpt"])
@pytest.mark.parametrize("scripted", [False, True])
def test_descriptors_alone_equal_those_with_points(name, scripted):
    config = CONFIGS[name]
    module = put(network.random_weights(config, seed=5), config, scripted=scripted)
    images = random_images(1, 1, (2 * config.patch_size, 4 * config.patch_size))
    everything = run(module, images, images)
    alone = run(module, images, images, points=False)
    assert set(alone) == {"descriptors_a", "descriptors_b", "descriptor_confidence_a", "descriptor_confidence_b"}
    for key, value in alone.items():
        assert torch.equal(value, everything[key])


def test_points_alone_equal_those_with_descriptors():
    module = put(network.random_weights(network.TINY, seed=5), network.TINY)
    images = random_images(1, 1, (32, 64))
    everything = run(module, images, images)
    alone = run(module, images, images, descriptors=False)
    assert set(alone) == {"points_a", "points_b", "point_confidence_a", "point_confidence_b"}
    for key, value in alone.items():
        assert torch.equal(value, everything[key])


def test_points_head_does_not_run_for_descriptors_alone():
    weights = network.random_weights(network.TINY, seed=5)
    for name in weights:
        if ".dpt." in name:
            weights[name] = torch.zeros(1)  # any product with it would fail
    images = random_images(1, 1, (32, 64))
    run(put(weights, network.TINY), images, images, points=False)


def test_predictions_are_contiguous_fp32_and_descriptors_unit_vectors():
    module = put(network.random_weights(network.TINY, seed=6), network.TINY)
    predictions = run(module, random_images(1, 2, (48, 64)), random_images(2, 2, (32, 32)))
    for value in predictions.values():
        assert value.dtype == torch.float32 and value.is_contiguous()
    lengths = predictions["descriptors_b"].norm(dim=-1)
    torch.testing.assert_close(lengths, torch.ones(2, 32, 32))
    assert predictions["point_confidence_a"].min() > 1


def test_images_of_a_batch_do_not_influence_each_other():
    module = put(network.random_weights(network.TINY, seed=7), network.TINY)
    images_a, images_b = random_images(1, 3, (48, 32)), random_images(2, 3, (32, 64))
    together = run(module, images_a, images_b)
    last = run(module, images_a[2:], images_b[2:])
    for key, value in last.items():
        torch.testing.assert_close(together[key][2:], value, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("precision, tolerance", [("bf16", 0.1), ("fp16", 0.02)])
def test_half_precision_stays_near_fp32(precision, tolerance):
    config = CONFIGS["small"]
    weights = network.random_weights(config, seed=8)
    images_a, images_b = random_images(1, 1, (48, 64)), random_images(2, 1, (64, 40))
    expected = run(put(weights, config), images_a, images_b)
    actual = run(put(weights, config, precision, scripted=True), images_a, images_b)
    for key, value in expected.items():
        assert actual[key].dtype == torch.float32
        assert relative_error(actual[key], value.numpy()) < tolerance, key


@pytest.mark.parametrize("name", ["tiny", "patch8-dpt", "no-decoders", "dust3r-linear"])
def test_what_a_gpu_computes_in_reduced_precision_stays_near_fp32(name, monkeypatch):
    """Channels by pairs and heads in fp16, all but the kernels themselves."""
    for part in (module, rope, trunk):
        monkeypatch.setattr(part, "stored_by_pairs", lambda t: t.dtype == torch.float16)
    config = CONFIGS[name]
    weights = network.random_weights(config, seed=3)
    exact, reduced = put(weights, config), put(weights, config, "fp16")
    for key, tensor in reduced.weights.items():
        if key.startswith("downstream") and ".head.4." not in key:
            reduced.weights[key] = tensor.half()
    image, alike, turned = (
        random_images(seed, 1, (rows * config.patch_size, columns * config.patch_size))
        for seed, rows, columns in ((1, 4, 6), (2, 4, 6), (3, 6, 4))
    )
    for other in (alike, turned):  # both decoders at once, and in turns
        expected, actual = run(exact, image, other), run(reduced, image, other)
        for key in expected:
            assert actual[key].dtype == torch.float32
            assert relative_error(actual[key], expected[key].numpy()) < 0.02, key


def both_and_one_after_the_other(monkeypatch, config, weights, images):
    """The layers of decoders that run as one, and those of decoders that take turns; all in fp32."""
    arch = config.architecture()
    prepared = module.prepare_trunk(weights, architecture.decoder_tensors(arch), arch.dec_heads, torch.float32)
    prepared.update(module.prepare_trunk(weights, architecture.encoder_tensors(arch), arch.enc_heads, torch.float32))
    both = both_decoders.prepare_both_decoders(weights, arch, torch.float32, torch.float32)
    features = [trunk.encode_pixels(prepared, arch, trunk.normalise(image)) for image in images]
    height, width = images[0].shape[1:3]
    sizes = height, width, height, width, network.kept_layers(arch, True)
    turns = trunk.decode_layers(prepared, arch, *features, *sizes)
    prepared.update(both)
    rotated = trunk.decoder_rope(prepared, arch, features[0][..., : config.dec_embed_dim], height, width)
    pairs = torch.stack([rotated[0].select(2, 0), rotated[1].select(2, 1)], 3).flatten(1, 2)
    monkeypatch.setattr(trunk, "decoder_rope", lambda *_: (pairs, torch.empty(0)))
    return trunk.decode_layers(prepared, arch, *features, *sizes), turns


@pytest.mark.parametrize("batch", [1, 3])
def test_both_decoders_at_once_are_the_two_decoders(monkeypatch, batch):
    config = CONFIGS["tiny"]
    weights = network.random_weights(config, seed=5)
    images = [random_images(seed, batch, (4 * config.patch_size, 6 * config.patch_size)) for seed in (1, 2)]
    taken = []
    layer = both_decoders.both_decoders_layer
    monkeypatch.setattr(trunk, "both_decoders_layer", lambda *args: taken.append(args[1]) or layer(*args))
    at_once, turns = both_and_one_after_the_other(monkeypatch, config, weights, images)
    assert taken == list(range(config.dec_depth))
    for side in range(2):
        assert len(at_once[side]) == len(turns[side])
        for x, y in zip(at_once[side], turns[side]):
            assert relative_error(x, y.numpy()) < 1e-5


def test_decoders_take_turns_on_images_of_two_sizes_and_on_many_tokens():
    weights = {"both_decoders.0.enter.weight": torch.empty(0)}
    few, many = torch.empty(2, 2048, 1), torch.empty(2, 2049, 1)
    assert both_decoders.can_run_at_once(weights, few, True)
    assert not both_decoders.can_run_at_once(weights, few, False)
    assert not both_decoders.can_run_at_once(weights, many, True)
    assert not both_decoders.can_run_at_once({}, few, True)


def test_fp32_weights_are_taken_without_a_copy():
    weights = network.random_weights(network.TINY, seed=9)
    module = put(weights, network.TINY)
    assert len(module.weights) > 100
    for name, tensor in module.weights.items():
        assert tensor.data_ptr() == weights[name].data_ptr()


def test_weights_are_not_written_to():
    weights = network.random_weights(network.TINY, seed=9)
    before = {name: tensor.clone() for name, tensor in weights.items()}
    images = random_images(1, 1, (32, 64))
    run(put(weights, network.TINY, scripted=True), images, images)
    assert all(torch.equal(tensor, before[name]) for name, tensor in weights.items())


def test_half_precision_weights_are_widened_for_fp32():
    weights = {name: tensor.half() for name, tensor in network.random_weights(network.TINY, seed=9).items()}
    images = random_images(1, 1, (32, 64))
    widened = run(put({name: tensor.float() for name, tensor in weights.items()}, network.TINY), images, images)
    predictions = run(put(weights, network.TINY), images, images)
    assert all(torch.equal(predictions[key], value) for key, value in widened.items())


def test_either_alias_of_a_fusion_layer_is_accepted():
    weights = network.random_weights(network.TINY, seed=10)
    renamed = {}
    for name, tensor in weights.items():
        for k in range(1, 5):
            name = name.replace(f"scratch.layer{k}_rn.weight", f"scratch.layer_rn.{k - 1}.weight")
        renamed[name] = tensor
    assert renamed.keys() != weights.keys()
    images = random_images(1, 1, (32, 64))
    expected = run(put(weights, network.TINY), images, images)
    predictions = run(put(renamed, network.TINY, scripted=True), images, images)
    for key, value in expected.items():
        torch.testing.assert_close(predictions[key], value, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "name", ["enc_norm.bias", "dec_blocks2.3.cross_attn.projk.weight", "downstream_head2.dpt.head.4.bias"]
)
def test_a_missing_tensor_is_named(name):
    weights = network.random_weights(network.TINY, seed=10)
    del weights[name]
    with pytest.raises(ValueError, match=name):
        put(weights, network.TINY)


@pytest.mark.parametrize("name", ["tiny", "no-decoders", "dust3r-linear"])
def test_one_image_at_a_time_gives_what_both_together_give(name):
    config = CONFIGS[name]
    module = put(network.random_weights(config, seed=12), config)
    patch = config.patch_size
    sizes = [3 * patch, 4 * patch, 5 * patch, 2 * patch]
    features = [module.encode(random_images(seed, 1, size)) for seed, size in ((1, sizes[:2]), (2, sizes[2:]))]
    expected = module.decode(*features, *sizes, True, True)

    kept = module.kept_layers(True)
    a, b = (module.decoder_embed(x) for x in features)
    layers_a, layers_b = [features[0]], [features[1]]
    for layer in range(config.dec_depth):
        attended_a = module.decoder_self_attention(1, layer, a, *sizes[:2])
        attended_b = module.decoder_self_attention(2, layer, b, *sizes[2:])
        next_a = module.decoder_rest(1, layer, attended_a, b, *sizes)
        b = module.decoder_rest(2, layer, attended_b, a, *sizes[2:], *sizes[:2])
        a = next_a
        if layer + 1 in kept[1:-1]:
            layers_a.append(a)
            layers_b.append(b)
    actual = module.head(1, layers_a + [module.decoder_norm(a)], *sizes[:2], True, True)
    actual |= module.head(2, layers_b + [module.decoder_norm(b)], *sizes[2:], True, True)

    assert actual.keys() == expected.keys()
    for key, value in expected.items():
        assert torch.equal(actual[key], value), key


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_an_image_by_rows_and_heads_gives_what_it_gives_whole(parts):
    config = network.SMALL
    module = put(network.random_weights(config, seed=14), config)
    size = 3 * config.patch_size, 5 * config.patch_size
    image = random_images(3, 1, size)
    rows = list(module.encoder_tokens(image).tensor_split(parts, 1))
    first_rows = [sum(block.size(1) for block in rows[:part]) for part in range(parts)]

    for layer in range(config.enc_depth):
        qkv = [module.encoder_qkv(layer, block) for block in rows]
        attended = [module.encoder_attention(qkv, part, parts, *size) for part in range(parts)]
        rows = [module.encoder_rest(layer, block, first, attended) for block, first in zip(rows, first_rows)]
    features = torch.cat([module.encoder_norm(block) for block in rows], 1)

    torch.testing.assert_close(features, module.encode(image), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", ["mask_token", "downstream_head1.dpt.scratch.refinenet4.resConfUnit1.conv1.weight"])
def test_an_unused_tensor_may_be_missing(name):
    weights = network.random_weights(network.TINY, seed=10)
    del weights[name]
    put(weights, network.TINY)


def test_an_image_that_is_no_multiple_of_the_patch_size_is_refused():
    module = put(network.random_weights(network.TINY, seed=10), network.TINY)
    with pytest.raises(ValueError, match="40x32 pixels.*multiples of 16"):
        module.encode(random_images(1, 1, (32, 40)))


def test_every_used_weight_gets_a_gradient():
    config = network.TINY
    weights = {name: tensor.requires_grad_() for name, tensor in network.init_weights(config, seed=11).items()}
    arch = config.architecture()
    features_a = network.encode_pixels(weights, arch, network.normalise(random_images(1, 1, (32, 48))))
    features_b = network.encode_pixels(weights, arch, network.normalise(random_images(2, 1, (48, 32))))
    layers_a, layers_b = network.decode_layers(
        weights, arch, features_a, features_b, 32, 48, 48, 32, network.kept_layers(arch, True)
    )
    side_a = network.predict(weights, arch, 1, layers_a, 32, 48, True, True)
    side_b = network.predict(weights, arch, 2, layers_b, 48, 32, True, True)
    sum(value.square().mean() for value in [*side_a.values(), *side_b.values()]).backward()
    without = {name for name, tensor in weights.items() if tensor.grad is None}
    assert all(name == "mask_token" or "refinenet4.resConfUnit1" in name for name in without)
