"""The GPU benchmark in miniature on the CPU: it runs, its FLOPs are right, and it says what it measured."""

import json

import pytest
import torch

import network
from bench import gpu


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    file = tmp_path_factory.mktemp("gpu") / "out.json"
    result = gpu.main(["--device", "cpu", "--toy", "--precisions", "bf16,fp32", "--batches", "1,2", "--json", str(file)])
    assert json.loads(file.read_text()) == json.loads(json.dumps(result))
    return result


def test_measures_every_stage_at_every_batch(toy):
    for precision in ("bf16", "fp32"):
        for batch in (1, 2):
            measured = toy["exported"][precision][batch]
            assert set(measured) == {"encode", "decoders", "heads", "match", "network"}
            assert all(stage["seconds_a_pair"] > 0 for stage in measured.values())
            assert measured["network"]["peak_bytes"] > 0
    assert toy["plain"]["fp32"][1]["network"]["flops_a_pair"] == toy["exported"]["fp32"][1]["network"]["flops_a_pair"]


def test_compares_reduced_precision_with_fp32(toy):
    accuracy = toy["accuracy"]["bf16"]
    assert 0.99 < accuracy["descriptor_cosine_mean"] <= 1.0001
    assert accuracy["matches_in_fp32"] > 0
    assert 0.5 < accuracy["share_of_fp32_matches_within_1_px"] <= 1
    assert "fp32" not in toy["accuracy"]


def test_names_the_attention_that_was_taken(toy):
    assert any("flash_attention" in name for name in toy["attention"]["bf16"])


def test_counts_the_flops_of_the_official_network():
    """523 GFLOP an image in the encoder, 435 and 553 a pair in decoders and heads."""
    flops = gpu.pair_flops(network.OFFICIAL, (384, 512))
    assert flops["encode"] / 1e9 == pytest.approx(2 * 523, rel=0.02)
    assert flops["decoders"] / 1e9 == pytest.approx(435, rel=0.02)
    assert flops["heads"] / 1e9 == pytest.approx(553, rel=0.05)


def test_attention_by_products_is_the_attention_it_is_compared_with():
    q, k, v = (torch.randn(2, 3, n, 8, generator=torch.Generator().manual_seed(n)) for n in (5, 7, 7))
    fused = gpu.blocks.attend
    expected = fused(q, k, v)
    with gpu.attention_by_products():
        torch.testing.assert_close(gpu.blocks.attend(q, k, v), expected)
    assert gpu.blocks.attend is fused


def test_agreement_counts_expected_matches_with_one_found_within_a_pixel():
    width = 10
    expected = torch.tensor([[11, 55], [22, 77]])
    found = torch.tensor([[12, 55], [33, 79]])
    assert gpu.agreement(found, expected, width) == 0.5
    assert gpu.agreement(expected, expected, width) == 1
    assert gpu.agreement(torch.empty((2, 0), dtype=torch.int64), expected, width) == 0


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_says_that_there_is_no_gpu(capsys):
    with pytest.raises(SystemExit):
        gpu.main([])
    assert "sees no GPU" in capsys.readouterr().err
