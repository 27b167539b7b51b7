"""What bf16 or fp16 changes in the matches of real pairs, on a CPU or a GPU.

    python scripts/bench/precision.py --precision bf16 --every 4 SET/pairs.txt ...

For each pair the share of the fp32 matches that have one in the other precision within a pixel of the network, in both
images; then the mean of each list and of all. Lists hold two image names a line, relative to their folder.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import mean
from typing import List, Tuple

import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import network  # noqa: E402
from bench import gpu  # noqa: E402


def network_size(image: Path, long_side: int, patch: int) -> gpu.Size:
    """Multiples of the patch next to the image's own shape."""
    width, height = Image.open(image).size
    scale = long_side / max(width, height)
    return tuple(max(patch, round(side * scale / patch) * patch) for side in (height, width))


def pairs_of(file: Path, every: int) -> List[Tuple[Path, Path]]:
    lines = [line.split() for line in file.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return [(file.parent / words[0], file.parent / words[1]) for words in lines[::every]]


def compare(reduced, exact, a: Path, b: Path, long_side: int, patch: int, device: torch.device) -> dict:
    images = [
        gpu.photos([file], 1, network_size(file, long_side, patch), device)[0] for file in (a, b)
    ]
    return gpu.accuracy(reduced, exact, images, 8)


def main(given: List[str] | None = None) -> float:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lists", nargs="+", type=Path)
    parser.add_argument("--model", type=Path, default=gpu.ROOT / "models/mast3r-small")
    parser.add_argument("--precision", default="bf16", choices=("bf16", "fp16"))
    parser.add_argument("--size", type=int, default=448, help="long side in pixels; default: the bundled model's own, 448")
    parser.add_argument("--every", type=int, default=1, help="take every N-th pair")
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args(given)
    device = torch.device(args.device)
    config = network.read_config(args.model / "config.json")
    weights = {n: t.to(device) for n, t in gpu.read_safetensors(args.model / "model.safetensors").items()}
    reduced, exact = (gpu.load_archive(weights, config, precision) for precision in (args.precision, "fp32"))
    of_lists = []
    for file in args.lists:
        shares = []
        for a, b in pairs_of(file, args.every):
            figures = compare(reduced, exact, a, b, args.size, config.patch_size, device)
            shares.append(figures["share_of_fp32_matches_within_1_px"])
            print(f"  {100 * shares[-1]:5.1f} % of {figures['matches_in_fp32']:5d}  {a.name} {b.name}", flush=True)
        of_lists.append(mean(shares))
        print(f"{100 * of_lists[-1]:5.1f} % mean, {100 * min(shares):.1f} % least of {len(shares)}: {file.parent.name}", flush=True)
    print(f"{100 * mean(of_lists):5.1f} % mean of the lists", flush=True)
    return mean(of_lists)


if __name__ == "__main__":
    main()
