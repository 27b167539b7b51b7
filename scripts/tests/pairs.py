"""Random image pairs and both implementations side by side, for the tests."""

from typing import Dict, List, Tuple

import numpy as np
import torch

import network
import reference_network

Size = Tuple[int, int]  # height, width in pixels


def random_images(seed: int, batch: int, size: Size) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (batch, *size, 3), dtype=torch.uint8, generator=generator)


def put(weights, config: network.NetworkConfig, precision: str = "fp32", scripted: bool = False):
    """A network with these weights, ready to run."""
    module = network.PairNetwork()
    if scripted:
        module = torch.jit.script(module)
    module.put(weights, *config.architecture(), precision)
    return module


@torch.no_grad()
def run(module, images_a: torch.Tensor, images_b: torch.Tensor, points: bool = True, descriptors: bool = True):
    """Predictions of the batch by name."""
    size_a, size_b = images_a.shape[1:3], images_b.shape[1:3]
    features_a, features_b = module.encode(images_a), module.encode(images_b)
    return module.decode(features_a, features_b, *size_a, *size_b, points, descriptors)


@torch.no_grad()
def run_stages(module, config: network.NetworkConfig, images_a: torch.Tensor, images_b: torch.Tensor):
    """Features, all decoder layers, and predictions of the batch by name."""
    size_a, size_b = images_a.shape[1:3], images_b.shape[1:3]
    features_a, features_b = module.encode(images_a), module.encode(images_b)
    kept = list(range(config.dec_depth + 1))
    layers_a, layers_b = network.decode_layers(
        module.weights, config.architecture(), features_a, features_b, *size_a, *size_b, kept
    )
    stages = {"features_a": features_a, "features_b": features_b}
    for k, (layer_a, layer_b) in enumerate(zip(layers_a, layers_b)):
        stages[f"layer{k}_a"], stages[f"layer{k}_b"] = layer_a, layer_b
    return stages | module.decode(features_a, features_b, *size_a, *size_b, True, True)


def reference_stages(weights, config: network.NetworkConfig, images_a: torch.Tensor, images_b: torch.Tensor):
    """The same by the float64 reference."""
    arrays = {name: tensor.numpy() for name, tensor in weights.items()}
    samples: List[Dict[str, np.ndarray]] = []
    for image_a, image_b in zip(images_a.numpy(), images_b.numpy()):
        stages = reference_network.run_pair(arrays, config, image_a, image_b)
        for side in ("a", "b"):
            for k, layer in enumerate(stages.pop("layers_" + side)):
                stages[f"layer{k}_{side}"] = layer
        samples.append(stages)
    return {name: np.stack([sample[name] for sample in samples]) for name in samples[0]}


def relative_error(actual, expected: np.ndarray) -> float:
    """Largest deviation, each relative to its expected value plus the root mean square of all of them."""
    actual = np.asarray(actual, dtype=np.float64)
    assert actual.shape == expected.shape
    scale = np.abs(expected) + np.sqrt(np.mean(expected**2))
    return float(np.max(np.abs(actual - expected) / scale))
