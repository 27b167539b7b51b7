"""What the network's functions must know beside the weights, and which tensors they read.

Widths (embedding and MLP sizes, DPT channels) are not listed: they are read from the weights' shapes.
"""

from typing import List, NamedTuple


class Architecture(NamedTuple):
    """Depths, head counts and output modes of one model; fields in the order of ``PairNetwork.put``."""

    patch_size: int  # pixels a side
    enc_depth: int
    enc_heads: int
    dec_depth: int
    dec_heads: int
    rope_base: float  # 100.0 for RoPE100
    points_head: str  # 'dpt' or 'linear'
    desc_dim: int  # 0: no descriptors
    depth_mode: str  # 'exp', 'linear' or 'square'
    conf_mode: str  # 'exp' or 'sigmoid'
    conf_min: float
    conf_max: float
    desc_conf_mode: str  # 'exp' or 'sigmoid'
    desc_conf_min: float
    desc_conf_max: float
    two_confs: bool  # False: the descriptor confidence is the point confidence


def points_head_wanted(arch: Architecture, want_points: bool, want_descriptors: bool) -> bool:
    """Whether the points head has to run: without a second confidence, descriptors borrow the points' one."""
    return want_points or (want_descriptors and arch.desc_dim > 0 and not arch.two_confs)


def kept_layers(arch: Architecture, want_points: bool) -> List[int]:
    """Indices into the layer list [F, x_1 .. x_{d-1}, dec_norm(x_d)] that the heads read, ascending.

    The first is always the encoder output and the last the normalised end of the decoder (without decoder
    blocks: of decoder_embed); the DPT head hooks two more (d/2 and 3d/4).
    """
    depth = arch.dec_depth
    if arch.points_head == "dpt" and points_head_wanted(arch, want_points, True):
        return [0, depth * 2 // 4, depth * 3 // 4, depth]
    return [0, depth]


def affine(name: str) -> List[str]:
    """The weight and the bias of one layer."""
    return [name + ".weight", name + ".bias"]


def mlp_tensors(name: str) -> List[str]:
    return affine(name + ".fc1") + affine(name + ".fc2")


def encoder_tensors(arch: Architecture) -> List[str]:
    names = affine("patch_embed.proj") + affine("enc_norm")
    for i in range(arch.enc_depth):
        block = "enc_blocks." + str(i)
        for layer in [".norm1", ".attn.qkv", ".attn.proj", ".norm2"]:
            names += affine(block + layer)
        names += mlp_tensors(block + ".mlp")
    return names


def decoder_tensors(arch: Architecture) -> List[str]:
    names = affine("decoder_embed") + affine("dec_norm")
    for side in ["dec_blocks.", "dec_blocks2."]:
        for i in range(arch.dec_depth):
            block = side + str(i)
            for layer in [".norm1", ".attn.qkv", ".attn.proj", ".norm2", ".norm_y", ".norm3"]:
                names += affine(block + layer)
            for layer in ["projq", "projk", "projv", "proj"]:
                names += affine(block + ".cross_attn." + layer)
            names += mlp_tensors(block + ".mlp")
    return names


def dpt_tensors(name: str) -> List[str]:
    """Tensors of one DPT head; refinenet4 has one input, so its resConfUnit1 is not read."""
    names: List[str] = []
    for layer in ["0.0", "0.1", "1.0", "1.1", "2.0", "3.0", "3.1"]:
        names += affine(name + ".act_postprocess." + layer)
    for k in range(1, 5):
        names.append(name + ".scratch.layer" + str(k) + "_rn.weight")
        refinenet = name + ".scratch.refinenet" + str(k)
        for unit in [".resConfUnit1", ".resConfUnit2"]:
            if k < 4 or unit == ".resConfUnit2":
                names += affine(refinenet + unit + ".conv1") + affine(refinenet + unit + ".conv2")
        names += affine(refinenet + ".out_conv")
    for layer in ["0", "2", "4"]:
        names += affine(name + ".head." + layer)
    return names


def head_tensors(arch: Architecture) -> List[str]:
    names: List[str] = []
    for side in range(1, 3):
        head = "downstream_head" + str(side)
        if arch.points_head == "dpt":
            names += dpt_tensors(head + ".dpt")
        else:
            names += affine(head + ".proj")
        if arch.desc_dim > 0:
            names += mlp_tensors(head + ".head_local_features")
    return names
