"""Holds the shipped network at full size and with random weights against a float64 implementation of its own.

    python scripts/bench/reference_errors.py

Prints the largest error of each output for each kind of pair and each archive, relative to the value's size plus the output's root mean
square, and ends with exit code 1 if one is above 2e-4. Needs PyTorch, 14 GB of memory, and some 20 minutes on two cores.
"""

import argparse
import io
import sys
from pathlib import Path

import torch

SCRIPTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SCRIPTS))

import network  # noqa: E402
import plain_network  # noqa: E402

RESOURCES = SCRIPTS.parent / "src/main/resources/dev/mast3r/model"
ARCHIVES = ("network.pt", "network-onednn.pt", "network-onednn-1.pt")
LIMIT = 2e-4
OUTPUTS = ("points", "point_confidence", "descriptors", "descriptor_confidence")

# name: pairs in the batch, height x width of A, of B
CASES = {
    "landscape+landscape 512x384": (1, (384, 512), (384, 512)),
    "portrait+portrait 384x512": (1, (512, 384), (512, 384)),
    "landscape+portrait": (1, (384, 512), (512, 384)),
    "square 384x384": (1, (384, 384), (384, 384)),
    "odd token rows 512x336": (1, (336, 512), (336, 512)),
    "batch of 3, 256x192": (3, (192, 256), (192, 256)),
}


def largest_error(actual: torch.Tensor, expected: torch.Tensor) -> float:
    scale = expected.abs() + expected.square().mean().sqrt()
    return ((actual.double() - expected).abs() / scale).max().item()


@torch.no_grad()
def errors(modules, weights, config, batch, size_a, size_b, seed):
    """The largest error of each output, over both sides, for each module."""
    generator = torch.Generator().manual_seed(seed)
    images_a, images_b = (
        torch.randint(0, 256, (batch, *size, 3), dtype=torch.uint8, generator=generator) for size in (size_a, size_b)
    )
    doubles = {name: tensor.double() for name, tensor in weights.items()}
    expected = plain_network.run_pair(doubles, config, images_a, images_b)
    found = []
    for module in modules:
        features_a, features_b = module.encode(images_a), module.encode(images_b)
        actual = module.decode(features_a, features_b, *size_a, *size_b, True, True)
        pairs = {output: [(actual[output + side], expected[output + side]) for side in ("_a", "_b")] for output in OUTPUTS}
        found.append({output: max(largest_error(*pair) for pair in sides) for output, sides in pairs.items()})
    return found


def main(seed: int) -> int:
    config = network.OFFICIAL
    weights = network.random_weights(config, seed)
    modules = [torch.jit.load(io.BytesIO((RESOURCES / name).read_bytes())) for name in ARCHIVES]
    for module in modules:
        module.put(weights, *config.architecture(), "fp32")
    print(f"{'pair':28s}{'archive':20s}" + "".join(f"{output:>23s}" for output in OUTPUTS))
    worst = 0.0
    for name, (batch, size_a, size_b) in CASES.items():
        for archive, found in zip(ARCHIVES, errors(modules, weights, config, batch, size_a, size_b, seed)):
            print(f"{name:28s}{archive:20s}" + "".join(f"{found[output]:23.1e}" for output in OUTPUTS), flush=True)
            worst = max(worst, *found.values())
    print(f"largest {worst:.1e}, limit {LIMIT:.0e}")
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=0, help="of weights and images")
    sys.exit(main(parser.parse_args().seed))
