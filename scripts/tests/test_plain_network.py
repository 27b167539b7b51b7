"""The plain PyTorch network, which judges at full size, against the numpy reference at small ones."""

import numpy as np
import pytest
import torch

import network
import plain_network
from pairs import random_images, reference_stages, relative_error


@pytest.mark.parametrize("grid_a, grid_b", [((3, 4), (5, 2)), ((3, 3), (3, 3))], ids=["two-sizes", "square"])
def test_in_float64_it_equals_the_reference(grid_a, grid_b):
    config = network.TINY
    weights = network.random_weights(config, seed=5)
    images_a, images_b = (
        random_images(seed, 2, (16 * rows, 16 * columns)) for seed, (rows, columns) in ((1, grid_a), (2, grid_b))
    )
    doubles = {name: tensor.double() for name, tensor in weights.items()}

    predictions = plain_network.run_pair(doubles, config, images_a, images_b)

    expected = reference_stages(weights, config, images_a, images_b)
    assert set(predictions) == {name for name in expected if not name.startswith(("features", "layer"))}
    for name, prediction in predictions.items():
        assert prediction.dtype == torch.float64
        assert np.isfinite(prediction.numpy()).all()
        # both round at 1e-16
        assert relative_error(prediction, expected[name]) < 1e-11, name
