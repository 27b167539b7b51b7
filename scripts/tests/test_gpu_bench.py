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
            assert all(stage["peak_bytes"] > 0 for stage in measured.values())
            assert len(measured["network"]["first_calls_seconds"]) == 3
    assert toy["plain"]["fp32"][1]["network"]["flops_a_pair"] == toy["exported"]["fp32"][1]["network"]["flops_a_pair"]


def test_compares_reduced_precision_with_fp32(toy):
    accuracy = toy["accuracy"]["bf16"]
    assert 0.99 < accuracy["descriptor_cosine_mean"] <= 1.0001
    assert accuracy["matches_in_fp32"] > 0
    assert 0.5 < accuracy["share_of_fp32_matches_within_1_px"] <= 1
    assert "fp32" not in toy["accuracy"]


def test_resizes_a_photo(toy):
    assert toy["resize"]["photo"] == "320x240"
    assert toy["resize"]["seconds"] >= toy["resize"]["of_which_upload"] >= 0


@pytest.mark.parametrize("size, to", [((97, 130), (61, 83)), ((200, 64), (16, 16)), ((31, 31), (31, 30))])
def test_resizes_as_pillow_does(size, to):
    np = pytest.importorskip("numpy")
    image = pytest.importorskip("PIL.Image")
    pixels = np.random.default_rng(7).integers(0, 256, (*size, 3), dtype=np.uint8)
    pixels[: size[0] // 3] = 0
    pixels[size[0] // 2 :, : size[1] // 2] = 255
    axes = (*gpu.lanczos_weights(size[1], to[1]), *gpu.lanczos_weights(size[0], to[0]))
    resized = gpu.load_archive(network.random_weights(network.TINY, 1), network.TINY, "fp32").resize(
        torch.from_numpy(pixels), *axes
    )
    expected = image.fromarray(pixels).resize((to[1], to[0]), image.LANCZOS)
    assert np.array_equal(resized.numpy(), np.array(expected))


def test_names_the_attention_that_was_taken(toy):
    assert any("flash_attention" in name for name in toy["attention"]["bf16"])


def test_names_what_took_longest_first(toy):
    seconds = [of_kernel for _, of_kernel in toy["longest_kernels"]["bf16"]]
    assert seconds == sorted(seconds, reverse=True) and seconds[0] > 0


def test_matches_by_every_size_of_run(toy):
    assert {figure["run"] for figure in toy["matching"]} == {16, 64}
    assert all(figure["seconds"] > 0 and figure["same_as_on_a_cpu"] for figure in toy["matching"])


def test_holds_the_figures_against_what_is_asked(toy):
    text = "\n".join(toy["asked"])
    for words in ("ms a pair at batch", "batch 1 ", "matching ", "times as fast as plain fp32", "within 1 px"):
        assert words in text


def test_reads_the_bundled_model():
    folder = gpu.ROOT / "models/mast3r-small"
    weights = gpu.read_safetensors(folder / "model.safetensors")
    shapes = network.tensor_shapes(network.read_config(folder / "config.json"))
    assert all(weights[name].dtype == torch.float32 for name in weights)
    assert weights["patch_embed.proj.weight"].shape == (256, 3, 8, 8)
    assert set(weights) <= set(shapes) and "enc_norm.weight" in weights


@pytest.mark.parametrize(
    "a, b, size",
    [("motorcycle_left.png", "motorcycle_right.png", "448x304"), ("leuvenA.jpg", "leuvenB.jpg", "448x336")],
)
def test_the_bundled_model_keeps_its_matches_in_bf16(a, b, size):
    """95 % within a pixel is what is asked; measured are 99.2 and 96.6 % (92.5 % for Leuven with bf16 in all products)."""
    images = [str(gpu.ROOT / "testdata/images" / name) for name in (a, b)]
    args = gpu.arguments(["--device", "cpu", "--size", size])
    config = network.read_config(gpu.ROOT / "models/mast3r-small/config.json")
    weights = gpu.read_safetensors(gpu.ROOT / "models/mast3r-small/model.safetensors")
    pair = gpu.photos(images, 1, gpu.size_of(args), torch.device("cpu"))
    bf16, fp32 = (gpu.load_archive(weights, config, precision) for precision in ("bf16", "fp32"))

    changed = gpu.accuracy(bf16, fp32, pair, 8)

    assert changed["matches_in_fp32"] > 1500
    assert changed["share_of_fp32_matches_within_1_px"] >= 0.95


def test_runs_the_source_where_the_archive_cannot_be_read(monkeypatch, tmp_path):
    broken = tmp_path / "network.pt"
    broken.write_bytes(b"not an archive")
    monkeypatch.setattr(gpu, "ARCHIVE", broken)
    module = gpu.load_archive(network.random_weights(network.TINY, 1), network.TINY, "fp32")
    assert isinstance(module, network.PairNetwork)


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
