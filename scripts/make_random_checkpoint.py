"""Writes a checkpoint of the official layout with random weights, to try the program without the official ones.

    python scripts/make_random_checkpoint.py --size tiny --form pth --out runs/random-tiny.pth
    python scripts/make_random_checkpoint.py --size full --form safetensors --out runs/random

The weights keep activations near one through the whole depth. A full model takes 2.8 GB of disk and of memory.
"""

import argparse
import dataclasses
from pathlib import Path

from checkpoint_files import write_hub_form, write_pth
from network import DUST3R_DPT, DUST3R_LINEAR, OFFICIAL, TINY, random_weights
from network.config import NetworkConfig

FAMILIES = {"mast3r": OFFICIAL, "dust3r-dpt": DUST3R_DPT, "dust3r-linear": DUST3R_LINEAR}


def checkpoint_config(size: str, family: str) -> NetworkConfig:
    """The official configuration of a family, or one with its heads and the widths of TINY."""
    official = FAMILIES[family]
    if size == "full":
        return official
    output_mode = TINY.output_mode if official.desc_dim > 0 else official.output_mode
    kept = {name: getattr(official, name) for name in ("head_type", "desc_conf_mode", "two_confs")}
    return dataclasses.replace(TINY, output_mode=output_mode, **kept)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--size", choices=("full", "tiny"), default="full")
    parser.add_argument("--family", choices=tuple(FAMILIES), default="mast3r")
    parser.add_argument("--form", choices=("pth", "safetensors"), default="pth")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, help="the .pth file, or the folder of the safetensors form")
    options = parser.parse_args()
    config = checkpoint_config(options.size, options.family)
    write = write_pth if options.form == "pth" else write_hub_form
    write(config, random_weights(config, options.seed), options.out)
