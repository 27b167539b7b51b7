"""The committed golden data: what the reference makes of it, and what the network does."""

import json

import numpy as np
import pytest
import torch

import golden
import network
from pairs import put, relative_error, run


def read_safetensors(path):
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__")
    dtypes = {"F32": np.float32, "F16": np.float16}
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[start + begin : start + end], dtypes[entry["dtype"]])
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return tensors


@pytest.fixture(params=golden.MODELS)
def model(request):
    """Configuration, weights, images and expected values of one committed model."""
    folder = golden.GOLDEN / request.param
    config = network.read_config(folder / "config.json")
    weights = read_safetensors(folder / "model.safetensors")
    return config, weights, np.load(folder / "images.npz"), np.load(folder / "expected.npz")


def test_expected_values_are_the_references(model):
    config, weights, images, expected = model
    stages = golden.expected_stages(config, weights, images["image_a"], images["image_b"])
    assert set(stages) == set(expected)
    for name, values in stages.items():
        np.testing.assert_allclose(values, expected[name], rtol=1e-6, atol=1e-6)


def test_network_reproduces_the_expected_values(model):
    config, weights, images, expected = model
    module = put(weights, config, scripted=True)
    image_a, image_b = (torch.from_numpy(images[name])[None] for name in ("image_a", "image_b"))
    predictions = run(module, image_a, image_b)
    for name, values in predictions.items():
        assert relative_error(values[0], expected[name].astype(np.float64)) < 1e-4, name
    assert relative_error(module.encode(image_a)[0], expected["features_a"].astype(np.float64)) < 1e-4


def test_golden_data_stays_small():
    files = [path for path in golden.GOLDEN.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 1.5 * 2**20
