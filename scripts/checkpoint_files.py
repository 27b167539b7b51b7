"""Writers of the two published forms of a checkpoint: a torch.save .pth, and model.safetensors with config.json."""

import argparse
import json
import math
from collections import OrderedDict
from pathlib import Path
from typing import Dict

import torch
from torch import Tensor

from network.config import NetworkConfig, write_config

DTYPE_NAMES = {torch.float32: "F32", torch.float16: "F16"}


def fusion_aliases(weights: Dict[str, Tensor]) -> Dict[str, str]:
    """The second names of the DPT fusion layers: scratch.layer_rn.(K-1).weight to scratch.layerK_rn.weight."""
    aliases = {}
    for name in weights:
        for k in range(1, 5):
            if name.endswith(f".scratch.layer{k}_rn.weight"):
                aliases[name.replace(f"layer{k}_rn", f"layer_rn.{k - 1}")] = name
    return aliases


def write_safetensors(weights: Dict[str, Tensor], path: Path) -> None:
    """Tensors in the order of their names, each stored once; the metadata names the aliases, removed to kept."""
    header: Dict[str, object] = {"__metadata__": {"format": "pt", **fusion_aliases(weights)}}
    offset = 0
    for name in sorted(weights):
        tensor = weights[name]
        end = offset + tensor.numel() * tensor.element_size()
        header[name] = {"dtype": DTYPE_NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name in sorted(weights):
            file.write(memoryview(weights[name].contiguous().numpy()).cast("B"))


def write_hub_form(config: NetworkConfig, weights: Dict[str, Tensor], folder: Path) -> None:
    """config.json and model.safetensors."""
    folder.mkdir(parents=True, exist_ok=True)
    write_config(config, folder / "config.json")
    write_safetensors(weights, folder / "model.safetensors")


def _literal(value: object) -> str:
    """A constructor argument as the model string spells it."""
    if isinstance(value, tuple):
        return "(" + ", ".join(_literal(item) for item in value) + ")"
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return repr(value)


def model_string(config: NetworkConfig) -> str:
    """The constructor expression that a .pth stores in args.model."""
    arguments = dict(pos_embed=config.pos_embed, patch_embed_cls="ManyAR_PatchEmbed", img_size=config.img_size)
    if config.patch_size != 16:
        arguments["patch_size"] = config.patch_size
    for name in ("head_type", "output_mode", "depth_mode", "conf_mode"):
        arguments[name] = getattr(config, name)
    for side in ("enc", "dec"):
        for name in ("embed_dim", "depth", "num_heads"):
            arguments[f"{side}_{name}"] = getattr(config, f"{side}_{name}")
    if config.desc_dim > 0:
        arguments.update(two_confs=config.two_confs, desc_conf_mode=config.desc_conf_mode)
    name = "AsymmetricMASt3R" if config.desc_dim > 0 else "AsymmetricCroCo3DStereo"
    return f"{name}({', '.join(f'{key}={_literal(value)}' for key, value in arguments.items())})"


def _training_arguments(config: NetworkConfig) -> argparse.Namespace:
    """A Namespace with values of every kind that a training command leaves in its checkpoint."""
    return argparse.Namespace(
        model=model_string(config),
        pretrained=None,
        train_criterion="ConfLoss(Regr3D(L21, norm_mode='?avg_dis'), alpha=0.2)",
        seed=0,
        batch_size=4,
        accum_iter=2,
        epochs=50,
        weight_decay=0.05,
        lr=0.0001,
        min_lr=1e-06,
        amp=0,
        disable_cudnn_benchmark=True,
        num_workers=8,
        world_size=8,
        local_rank=-1,
        dist_url="env://",
        output_dir="checkpoints/random",
        distributed=False,
    )


def write_pth(config: NetworkConfig, weights: Dict[str, Tensor], path: Path) -> None:
    """The dictionary of a training checkpoint; the two names of a fusion layer share one storage."""
    model = OrderedDict(weights)
    for alias, name in fusion_aliases(weights).items():
        model[alias] = weights[name]
    model._metadata = OrderedDict({"": {"version": 1}, "patch_embed.proj": {"version": 1}})
    path.parent.mkdir(parents=True, exist_ok=True)
    checkpoint = {"args": _training_arguments(config), "model": model, "epoch": 49, "best_so_far": 1.5}
    torch.save(checkpoint, path)
