"""Writes a run's averaged weights as model.safetensors (fp16, checkpoint names) and config.json.

    python -m train.export train/plans/small-cpu.json runs/small models/mast3r-small

Decoders that no stage of the plan has run are left out: the descriptors ignore them, exactly, and points are untrained.
"""
from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from network import NetworkConfig, write_config
from .training import Plan, Training


def trained_parts(plan: Plan, weights: dict[str, Tensor]) -> tuple[dict[str, Tensor], NetworkConfig]:
    """The weights and their configuration, without decoder blocks that no stage of the plan has run."""
    if any(s.decoders or s.points > 0 for s in plan.stages):
        return weights, plan.network
    rest = {k: v for k, v in weights.items() if not k.startswith("dec_blocks")}
    return rest, dataclasses.replace(plan.network, dec_depth=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("target", type=Path)
    args = parser.parse_args()
    args.target.mkdir(parents=True, exist_ok=True)
    weights, network = trained_parts(Plan.read(args.plan), Training.average_of(args.run))
    halves = {k: v.to(torch.float16).contiguous().clone() for k, v in sorted(weights.items()) if k != "mask_token"}
    path = args.target / "model.safetensors"
    save_file(halves, path, metadata={"format": "pt"})
    path.chmod(0o644)
    write_config(network, args.target / "config.json")
    state = json.loads((args.run / "checkpoint" / "state.json").read_text())
    print(f"step {state['step']}, {state['seconds'] / 60:.1f} min, {path.stat().st_size} bytes")
    print(f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
