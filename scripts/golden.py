"""Writes the golden data of the network: two tiny models, their images, and every stage's results in float64.

    python scripts/golden.py

Each model's folder gets config.json, model.safetensors, images.npz (image_a, image_b: [H, W, 3], uint8) and
expected.npz: features, the decoder layers that the heads read, and the predictions, computed by reference_network
and rounded to fp32.
"""

import argparse
import dataclasses
from pathlib import Path
from typing import Dict, Tuple

import numpy as np
import torch
from torch import Tensor

import reference_network
from checkpoint_files import write_hub_form
from network import TINY, kept_layers, random_weights
from network.config import NetworkConfig

GOLDEN = Path(__file__).resolve().parent.parent / "testdata/golden/network-tiny"

# Name: configuration, storage of the weights, (height, width) of image A and of image B.
MODELS = {
    "catmlp-dpt": (TINY, torch.float32, (48, 64), (64, 32)),
    "catmlp-linear": (
        dataclasses.replace(TINY, patch_size=8, head_type="catmlp+linear"),
        torch.float16,
        (40, 64),
        (48, 32),
    ),
}


def synthetic_image(seed: int, size: Tuple[int, int]) -> np.ndarray:
    """A smooth random pattern with some noise, [H, W, 3], uint8."""
    rng = np.random.default_rng(seed)
    y, x = np.meshgrid(*(np.arange(length) for length in size), indexing="ij")
    image = np.full((*size, 3), 127.5) + rng.normal(0, 10, (*size, 3))
    for _ in range(6):
        frequency_y, frequency_x = rng.uniform(-0.4, 0.4, 2)
        wave = np.sin(frequency_y * y + frequency_x * x + rng.uniform(0, 2 * np.pi))
        image += 35 * wave[:, :, None] * rng.uniform(-1, 1, 3)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def expected_stages(
    config: NetworkConfig, weights: Dict[str, Tensor], image_a: np.ndarray, image_b: np.ndarray
) -> Dict[str, np.ndarray]:
    """Features, kept decoder layers and predictions of the pair, by name."""
    arrays = {name: tensor.numpy() for name, tensor in weights.items()}
    stages = reference_network.run_pair(arrays, config, image_a, image_b)
    for side in ("a", "b"):
        layers = stages.pop("layers_" + side)
        for k in kept_layers(config.architecture(), want_points=True)[1:]:
            stages[f"layer{k}_{side}"] = layers[k]
    return {name: values.astype(np.float32) for name, values in sorted(stages.items())}


def write_golden(folder: Path) -> None:
    for name, (config, dtype, size_a, size_b) in MODELS.items():
        weights = {key: tensor.to(dtype) for key, tensor in random_weights(config, seed=20).items()}
        image_a, image_b = synthetic_image(1, size_a), synthetic_image(2, size_b)
        write_hub_form(config, weights, folder / name)
        np.savez(folder / name / "images.npz", image_a=image_a, image_b=image_b)
        np.savez(folder / name / "expected.npz", **expected_stages(config, weights, image_a, image_b))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", type=Path, default=GOLDEN, help="folder to write into")
    write_golden(parser.parse_args().out)
