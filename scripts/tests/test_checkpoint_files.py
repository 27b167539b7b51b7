"""Random checkpoints: the layout of the published files."""

import json
import pickletools
import zipfile

import pytest
import torch

import network
from checkpoint_files import model_string, write_hub_form, write_pth
from make_random_checkpoint import FAMILIES, checkpoint_config


@pytest.fixture(scope="module")
def pth(tmp_path_factory):
    config = checkpoint_config("tiny", "mast3r")
    path = tmp_path_factory.mktemp("checkpoint") / "model.pth"
    write_pth(config, network.random_weights(config, 1), path)
    return path


def test_pth_has_both_names_of_a_fusion_layer_over_one_storage(pth):
    checkpoint = torch.load(pth, weights_only=False)
    model = checkpoint["model"]
    assert len(model) == len(network.tensor_shapes(network.TINY)) + 8
    for side in (1, 2):
        for k in range(4):
            scratch = f"downstream_head{side}.dpt.scratch."
            kept, alias = model[f"{scratch}layer{k + 1}_rn.weight"], model[f"{scratch}layer_rn.{k}.weight"]
            assert kept.data_ptr() == alias.data_ptr()


def test_pth_uses_the_globals_of_the_published_file_and_no_others(pth):
    with zipfile.ZipFile(pth) as archive:
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
        name = next(name for name in archive.namelist() if name.endswith("/data.pkl"))
        opcodes = list(pickletools.genops(archive.read(name)))
    found = {argument for opcode, argument, _ in opcodes if opcode.name == "GLOBAL"}
    assert found == {
        "collections OrderedDict",
        "torch._utils _rebuild_tensor_v2",
        "torch FloatStorage",
        "argparse Namespace",
    }


def test_full_layout_has_1017_entries():
    assert len(network.tensor_shapes(network.OFFICIAL)) + 8 == 1017


def test_model_string_of_the_official_model():
    assert model_string(network.OFFICIAL) == (
        "AsymmetricMASt3R(pos_embed='RoPE100', patch_embed_cls='ManyAR_PatchEmbed', img_size=(512, 512), "
        "head_type='catmlp+dpt', output_mode='pts3d+desc24', depth_mode=('exp', -inf, inf), "
        "conf_mode=('exp', 1, inf), enc_embed_dim=1024, enc_depth=24, enc_num_heads=16, dec_embed_dim=768, "
        "dec_depth=12, dec_num_heads=12, two_confs=True, desc_conf_mode=('exp', 0, inf))"
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_safetensors_store_every_tensor_once_in_order(family, tmp_path):
    config = checkpoint_config("tiny", family)
    weights = network.random_weights(config, 2)
    write_hub_form(config, weights, tmp_path)
    assert network.read_config(tmp_path / "config.json").architecture() == config.architecture()
    data = (tmp_path / "model.safetensors").read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    metadata = header.pop("__metadata__")
    assert list(header) == sorted(weights)
    assert len(metadata) == (9 if config.points_head == "dpt" else 1)
    assert all(kept in header and removed not in header for removed, kept in metadata.items() if removed != "format")
    assert max(entry["data_offsets"][1] for entry in header.values()) == len(data) - start
    begin, end = header["enc_norm.bias"]["data_offsets"]
    assert data[start + begin : start + end] == weights["enc_norm.bias"].numpy().tobytes()
