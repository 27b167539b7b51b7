"""The committed archive: made from these sources, free of weights, and equal to the eager network."""

import io
import zipfile

import pytest
import torch

import export
import network
from pairs import put, random_images, run

RESOURCES = export.ROOT / export.RESOURCES


def test_archive_is_not_older_than_its_sources():
    stored, *paths = (RESOURCES / "network.sources.sha256").read_text(encoding="utf-8").split("\n")[:-1]
    assert paths == export.source_paths()
    assert stored == export.hash_sources(export.ROOT, paths), "run scripts/export.py"


def test_archived_modules_are_all_that_the_scripted_module_uses():
    used = {name.rsplit("/", 1)[1].removesuffix(".py") for name in export.scripted_entries() if name.endswith(".py")}
    assert used == set(export.ARCHIVED_MODULES)


def test_hash_does_not_depend_on_line_ends(tmp_path):
    (tmp_path / "unix.py").write_bytes(b"a\nb\n")
    unix = export.hash_sources(tmp_path, ["unix.py"])
    (tmp_path / "unix.py").write_bytes(b"a\r\nb\r\n")
    assert export.hash_sources(tmp_path, ["unix.py"]) == unix


def test_export_writes_the_same_bytes_twice(tmp_path):
    for folder in ("first", "second"):
        export.export(tmp_path / folder)
    for name in (*export.ARCHIVES, "network.sources.sha256"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


@pytest.mark.parametrize("name", export.ARCHIVES)
def test_archive_is_small_and_of_a_version_that_older_runtimes_read(name):
    path = RESOURCES / name
    assert path.stat().st_size < 40_000  # code alone; the smallest model has megabytes
    with zipfile.ZipFile(path) as archive:
        assert int(archive.read("network/version")) <= 10
        assert not [name for name in archive.namelist() if "/data/" in name or name.endswith(".debug_pkl")]


def test_archives_ask_for_the_library_of_their_name():
    for name in export.ARCHIVES:
        with zipfile.ZipFile(RESOURCES / name) as archive:
            code = b"".join(archive.read(entry) for entry in archive.namelist() if entry.endswith(".py"))
        assert (b"ops.mkldnn." in code) == ("onednn" in name)
        assert (b"is_deep" in code) == (name == "network-onednn.pt")


@pytest.mark.parametrize("name", export.ARCHIVES)
@pytest.mark.parametrize("config", [network.TINY, network.SMALL], ids=["tiny", "small"])
def test_archive_equals_the_eager_network(config, name):
    archived = torch.jit.load(io.BytesIO((RESOURCES / name).read_bytes()))
    weights = network.random_weights(config, seed=12)
    archived.put(weights, *config.architecture(), "fp32")
    images_a, images_b = random_images(1, 1, (48, 64)), random_images(2, 1, (80, 48))
    predictions = run(archived, images_a, images_b)
    for key, value in run(put(weights, config), images_a, images_b).items():
        # another library rounds otherwise: then what every fp32 network is held to against float64, 1e-4 of |value| + rms
        rtol, atol = (1e-5, 1e-6) if name == "network.pt" else (1e-4, 1e-4 * value.square().mean().sqrt().item())
        torch.testing.assert_close(predictions[key], value, rtol=rtol, atol=atol)
