"""Configurations, their files, and the tensors that follow from them."""

import dataclasses
import json
import math

import pytest
import torch

import network


def count(config):
    return sum(math.prod(shape) for shape in network.tensor_shapes(config).values())


def test_official_models_have_the_published_number_of_parameters():
    assert count(network.OFFICIAL) == 688_638_856
    assert count(network.DUST3R_DPT) == 571_171_208
    assert count(network.DUST3R_LINEAR) == 532_342_784


@pytest.mark.parametrize("config", [network.OFFICIAL, network.DUST3R_DPT, network.DUST3R_LINEAR, network.SMALL])
def test_config_survives_its_file(config, tmp_path):
    network.write_config(config, tmp_path / "config.json")
    restored = network.read_config(tmp_path / "config.json")
    assert restored.architecture() == config.architecture()


def test_config_file_has_the_official_form(tmp_path):
    network.write_config(network.OFFICIAL, tmp_path / "config.json")
    text = (tmp_path / "config.json").read_text()
    assert "-Infinity" in text
    stored = json.loads(text)
    assert list(stored) == sorted(stored)
    assert stored["conf_mode"] == ["exp", 1, math.inf]
    assert stored["head_type"] == "catmlp+dpt"
    assert stored["output_mode"] == "pts3d+desc24"
    assert stored["pos_embed"] == "RoPE100"


def test_absent_keys_take_the_defaults_of_the_official_class(tmp_path):
    path = tmp_path / "config.json"
    path.write_text('{"pos_embed": "RoPE100", "dec_num_heads": 8, "unknown": 1}')
    config = network.read_config(path)
    assert (config.enc_embed_dim, config.dec_embed_dim, config.dec_depth) == (768, 512, 8)
    assert (config.points_head, config.desc_dim, config.two_confs) == ("linear", 0, False)


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(enc_num_heads=7), "divisible by 4"),
        (dict(dec_depth=1), "at least 2"),
        (dict(dec_depth=-1, head_type="catmlp+linear"), "at least 0"),
        (dict(head_type="catconv"), "catconv"),
        (dict(head_type="dpt"), "does not go with"),
        (dict(output_mode="desc24"), "expected pts3d"),
    ],
)
def test_an_impossible_config_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(network.OFFICIAL, **change)


@pytest.mark.parametrize("produce", [network.init_weights, network.random_weights])
def test_weights_depend_on_the_seed_alone(produce):
    first, second, other = produce(network.TINY, 1), produce(network.TINY, 1), produce(network.TINY, 2)
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["enc_blocks.0.attn.qkv.weight"], other["enc_blocks.0.attn.qkv.weight"])


def test_initial_weights_follow_the_official_rules():
    weights = network.init_weights(network.SMALL, 1)
    qkv = weights["enc_blocks.0.attn.qkv.weight"]
    bound = math.sqrt(6 / sum(qkv.shape))
    assert 0.99 * bound < qkv.abs().max() <= bound
    assert weights["enc_blocks.0.attn.qkv.bias"].abs().max() == 0
    assert weights["dec_norm.weight"].eq(1).all()
    for name, tensor in weights.items():
        if name.startswith("dec_blocks2."):
            assert torch.equal(tensor, weights[name.replace("dec_blocks2", "dec_blocks")])
    fc1 = "downstream_head1.head_local_features.fc1."
    bound = 1 / math.sqrt(weights[fc1 + "weight"].shape[1])
    for part in ("weight", "bias"):
        assert 0.9 * bound < weights[fc1 + part].abs().max() <= bound
