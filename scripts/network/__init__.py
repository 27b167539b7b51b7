"""The network as plain functions over a dictionary of tensors by checkpoint names (method: arXiv 2406.09756).

One source serves training (eager, with gradients), the tests and the scripted archive that the Java program runs.
"""

from .architecture import Architecture, kept_layers
from .config import DUST3R_DPT, DUST3R_LINEAR, OFFICIAL, SMALL, TINY, NetworkConfig, read_config, write_config
from .heads import predict
from .initialisation import init_weights, random_weights, tensor_shapes
from .module import PairNetwork
from .trunk import decode_layers, encode_pixels, normalise

__all__ = [
    "Architecture",
    "DUST3R_DPT",
    "DUST3R_LINEAR",
    "NetworkConfig",
    "OFFICIAL",
    "PairNetwork",
    "SMALL",
    "TINY",
    "decode_layers",
    "encode_pixels",
    "init_weights",
    "kept_layers",
    "normalise",
    "predict",
    "random_weights",
    "read_config",
    "tensor_shapes",
    "write_config",
]
