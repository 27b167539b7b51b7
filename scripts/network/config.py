"""Model configurations and their config.json (same keys and defaults as the official checkpoints')."""

import dataclasses
import json
import math
import re
from pathlib import Path
from typing import Optional, Tuple, Union

from .architecture import Architecture

Mode = Tuple[str, float, float]


@dataclasses.dataclass(frozen=True)
class NetworkConfig:
    """One model: the constructor arguments of the official class, then the widths that only its weights carry.

    The defaults are MASt3R_ViTLarge_BaseDecoder_512_catmlpdpt_metric.
    """

    enc_embed_dim: int = 1024
    enc_depth: int = 24
    enc_num_heads: int = 16
    dec_embed_dim: int = 768
    dec_depth: int = 12
    dec_num_heads: int = 12
    patch_size: int = 16
    img_size: Tuple[int, int] = (512, 512)  # (width, height), nominal
    pos_embed: str = "RoPE100"
    patch_embed_cls: str = "PatchEmbedDust3R"
    head_type: str = "catmlp+dpt"  # or catmlp+linear; without descriptors dpt or linear
    output_mode: str = "pts3d+desc24"  # or pts3d
    depth_mode: Mode = ("exp", -math.inf, math.inf)
    conf_mode: Mode = ("exp", 1, math.inf)
    desc_mode: str = "norm"
    desc_conf_mode: Optional[Mode] = ("exp", 0, math.inf)  # None: as conf_mode
    two_confs: bool = True
    landscape_only: bool = False

    mlp_ratio: float = 4
    local_feature_ratio: float = 4  # hidden width of the descriptor MLP over that of its input
    dpt_layer_dims: Tuple[int, int, int, int] = (96, 192, 384, 768)
    dpt_feature_dim: int = 256
    dpt_last_dim: int = 128

    def __post_init__(self) -> None:
        for dim, heads in ((self.enc_embed_dim, self.enc_num_heads), (self.dec_embed_dim, self.dec_num_heads)):
            if dim % (4 * heads) != 0:
                raise ValueError(f"{dim} channels in {heads} heads: RoPE needs head dims divisible by 4")
        if self.points_head not in ("dpt", "linear"):
            raise ValueError(f"head_type {self.head_type!r}: expected dpt or linear, alone or behind 'catmlp+'")
        least = 2 if self.points_head == "dpt" else 0  # the DPT head hooks two decoder layers
        if self.dec_depth < least:
            raise ValueError(f"dec_depth {self.dec_depth}: expected at least {least}")
        if ("catmlp" in self.head_type) != (self.desc_dim > 0):
            raise ValueError(f"head_type {self.head_type!r} does not go with output_mode {self.output_mode!r}")

    @property
    def points_head(self) -> str:
        return self.head_type.removeprefix("catmlp+")

    @property
    def desc_dim(self) -> int:
        """Descriptor channels; 0 for a model without descriptors."""
        match = re.fullmatch(r"pts3d(?:\+desc(\d+))?", self.output_mode)
        if match is None:
            raise ValueError(f"output_mode {self.output_mode!r}: expected pts3d or pts3d+desc<channels>")
        return int(match.group(1) or 0)

    @property
    def rope_base(self) -> float:
        match = re.fullmatch(r"RoPE(\d+(?:\.\d+)?)", self.pos_embed)
        if match is None:
            raise ValueError(f"pos_embed {self.pos_embed!r}: expected RoPE<base>")
        return float(match.group(1))

    def architecture(self) -> Architecture:
        """The arguments of `PairNetwork.put` behind the weights, without the precision."""
        conf_mode, conf_min, conf_max = self.conf_mode
        desc_conf_mode, desc_conf_min, desc_conf_max = self.desc_conf_mode or self.conf_mode
        return Architecture(
            patch_size=self.patch_size,
            enc_depth=self.enc_depth,
            enc_heads=self.enc_num_heads,
            dec_depth=self.dec_depth,
            dec_heads=self.dec_num_heads,
            rope_base=self.rope_base,
            points_head=self.points_head,
            desc_dim=self.desc_dim,
            depth_mode=self.depth_mode[0],
            conf_mode=conf_mode,
            conf_min=float(conf_min),
            conf_max=float(conf_max),
            desc_conf_mode=desc_conf_mode,
            desc_conf_min=float(desc_conf_min),
            desc_conf_max=float(desc_conf_max),
            two_confs=self.two_confs,
        )


OFFICIAL = NetworkConfig()

_WITHOUT_DESCRIPTORS = dict(output_mode="pts3d", desc_conf_mode=None, two_confs=False)
DUST3R_DPT = NetworkConfig(head_type="dpt", **_WITHOUT_DESCRIPTORS)
DUST3R_LINEAR = NetworkConfig(head_type="linear", **_WITHOUT_DESCRIPTORS)

# The official layout in miniature, for tests and golden data.
TINY = NetworkConfig(
    enc_embed_dim=24,
    enc_depth=2,
    enc_num_heads=2,
    dec_embed_dim=16,
    dec_depth=4,
    dec_num_heads=2,
    img_size=(64, 64),
    output_mode="pts3d+desc4",
    local_feature_ratio=0.3,
    dpt_layer_dims=(4, 6, 8, 10),
    dpt_feature_dim=8,
    dpt_last_dim=6,
)

# The model that this project trains itself.
SMALL = NetworkConfig(
    enc_embed_dim=192,
    enc_depth=8,
    enc_num_heads=6,
    dec_embed_dim=192,
    dec_depth=4,
    dec_num_heads=6,
    patch_size=8,
    img_size=(256, 256),
    head_type="catmlp+linear",
    local_feature_ratio=2,
)

# config.json leaves a key out where the official class has this default.
_CLASS_DEFAULTS = dict(
    enc_embed_dim=768,
    enc_depth=12,
    enc_num_heads=12,
    dec_embed_dim=512,
    dec_depth=8,
    dec_num_heads=16,
    patch_size=16,
    img_size=(224, 224),
    pos_embed="cosine",
    patch_embed_cls="PatchEmbedDust3R",
    head_type="linear",
    output_mode="pts3d",
    depth_mode=("exp", -math.inf, math.inf),
    conf_mode=("exp", 1, math.inf),
    desc_mode="norm",
    desc_conf_mode=None,
    two_confs=False,
    landscape_only=True,
)


def write_config(config: NetworkConfig, path: Union[str, Path]) -> None:
    """Writes config.json: sorted keys, tuples as lists, infinities as the tokens Infinity and -Infinity."""
    values = {name: getattr(config, name) for name in _CLASS_DEFAULTS}
    if config.desc_dim == 0:
        for name in ("desc_mode", "desc_conf_mode", "two_confs"):
            del values[name]
    Path(path).write_text(json.dumps(values, indent=2, sort_keys=True) + "\n", encoding="utf-8", newline="\n")


def read_config(path: Union[str, Path]) -> NetworkConfig:
    """Reads config.json; unknown keys are ignored, and widths that only the weights carry keep the official values."""
    stored = json.loads(Path(path).read_text(encoding="utf-8"))
    values = dict(_CLASS_DEFAULTS)
    for name in values:
        if name in stored:
            values[name] = tuple(stored[name]) if isinstance(stored[name], list) else stored[name]
    return NetworkConfig(**values)
