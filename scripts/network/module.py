"""The scripted module: the network's code without weights, which are put into it at run time."""

from typing import Dict, List

import torch
from torch import Tensor

from . import blocks
from .architecture import Architecture, decoder_tensors, encoder_tensors, head_tensors, kept_layers
from .blocks import decoder_rest, decoder_self_attention, encoder_qkv, norm
from .both_decoders import prepare_both_decoders
from .heads import predict
from .matching import reciprocal_matches
from .resize import weigh
from .rope import by_pairs, stored_by_pairs
from .trunk import (
    decode_layers,
    decoder_embed,
    decoder_name,
    decoder_norm,
    decoder_rope,
    encode_pixels,
    encoder_attention_part,
    encoder_block_rest,
    encoder_name,
    encoder_tokens,
    normalise,
)


def alias(name: str) -> str:
    """The second name of a tensor that checkpoints store under two: scratch.layerK_rn is scratch.layer_rn.(K-1)."""
    for k in range(1, 5):
        name = name.replace(".scratch.layer" + str(k) + "_rn.", ".scratch.layer_rn." + str(k - 1) + ".")
    return name


def find_tensor(weights: Dict[str, Tensor], name: str) -> Tensor:
    if name in weights:
        return weights[name].detach()
    if alias(name) in weights:
        return weights[alias(name)].detach()
    raise ValueError("the model has no tensor '" + name + "'")


def trunk_dtype(precision: str) -> torch.dtype:
    if precision == "fp32":
        return torch.float32
    if precision == "bf16":
        return torch.bfloat16
    if precision == "fp16":
        return torch.float16
    raise ValueError("precision '" + precision + "': expected fp32, bf16 or fp16")


def rotated_by_pairs(name: str, tensor: Tensor, heads: int) -> Tensor:
    """A tensor of attention with the rows that make queries and keys in the order of pairs."""
    if ".projq." in name or ".projk." in name:
        return by_pairs(tensor, heads)
    if ".qkv." in name:
        both = tensor.size(0) // 3 * 2
        return torch.cat([by_pairs(tensor[:both], 2 * heads), tensor[both:]])
    return tensor


def prepare_trunk(weights: Dict[str, Tensor], names: List[str], heads: int, dtype: torch.dtype) -> Dict[str, Tensor]:
    """Products in `dtype`; norms and the patch embedding, whose rounding reaches everything, in fp32.

    With bf16 the products of attention are in fp16: it has three bits more at the same cost, and its range does for
    queries, keys and values, which come of norms. The rest of a block may need the range of bf16.
    """
    prepared: Dict[str, Tensor] = {}
    for name in names:
        chosen = dtype
        if "norm" in name or name.startswith("patch_embed."):
            chosen = torch.float32
        elif "attn." in name and dtype == torch.bfloat16:
            chosen = torch.float16
        tensor = find_tensor(weights, name).to(chosen)
        prepared[name] = rotated_by_pairs(name, tensor, heads) if stored_by_pairs(tensor) else tensor
    return prepared


def prepare_weights(weights: Dict[str, Tensor], arch: Architecture, precision: str) -> Dict[str, Tensor]:
    """The tensors that the network reads: products of the trunk in `precision`, heads in fp32; with a reduced precision on
    a GPU their products in fp16, as precise as the TF32 in which a GPU convolves, but for the last layer of a DPT head.

    A tensor that already has its dtype is taken as it is, without a copy.
    """
    dtype = trunk_dtype(precision)
    prepared = prepare_trunk(weights, encoder_tensors(arch), arch.enc_heads, dtype)
    prepared.update(prepare_trunk(weights, decoder_tensors(arch), arch.dec_heads, dtype))
    if arch.dec_depth > 0 and stored_by_pairs(prepared["dec_blocks.0.attn.qkv.weight"]):
        prepared.update(prepare_both_decoders(weights, arch, torch.float16, dtype))
    for name in head_tensors(arch):
        tensor = find_tensor(weights, name)
        if tensor.is_cuda and dtype != torch.float32 and ".head.4." not in name:
            tensor = tensor.to(torch.float16)
            if tensor.dim() == 4:
                tensor = tensor.contiguous(memory_format=torch.channels_last)
        else:
            tensor = tensor.to(torch.float32)
        prepared[name] = tensor
    return prepared


class PairNetwork(torch.nn.Module):
    """Encoder, decoders and heads over weights given by `put`. Sizes are in pixels; results are fp32."""

    weights: Dict[str, Tensor]
    arch: Architecture

    def __init__(self) -> None:
        super().__init__()
        self.weights = {}
        # Scripting wants a value of the type; `put` replaces it.
        self.arch = Architecture(16, 0, 1, 0, 1, 100.0, "dpt", 0, "exp", "exp", 1.0, 2.0, "exp", 0.0, 1.0, True)

    @torch.jit.export
    def put(
        self,
        weights: Dict[str, Tensor],
        patch_size: int,
        enc_depth: int,
        enc_heads: int,
        dec_depth: int,
        dec_heads: int,
        rope_base: float,
        points_head: str,
        desc_dim: int,
        depth_mode: str,
        conf_mode: str,
        conf_min: float,
        conf_max: float,
        desc_conf_mode: str,
        desc_conf_min: float,
        desc_conf_max: float,
        two_confs: bool,
        precision: str,
    ) -> None:
        """Takes the weights (by checkpoint names) and the architecture; a tensor that is missing is an error."""
        arch = Architecture(
            patch_size,
            enc_depth,
            enc_heads,
            dec_depth,
            dec_heads,
            rope_base,
            points_head,
            desc_dim,
            depth_mode,
            conf_mode,
            conf_min,
            conf_max,
            desc_conf_mode,
            desc_conf_min,
            desc_conf_max,
            two_confs,
        )
        self.weights = prepare_weights(weights, arch, precision)
        self.arch = arch

    @torch.jit.export
    def product(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        """x weight^T + bias as the layers compute it, to measure its speed."""
        return blocks.product(x, weight, bias)

    @torch.jit.export
    def resize(
        self, photo: Tensor, first_column: Tensor, column_weights: Tensor, first_row: Tensor, row_weights: Tensor
    ) -> Tensor:
        """A photo [H, W, 3], uint8, weighed along its rows, then along its columns (see `weigh`). Needs no weights of the
        network."""
        return weigh(weigh(photo, first_column, column_weights, 1), first_row, row_weights, 0)

    @torch.jit.export
    def encode(self, image: Tensor) -> Tensor:
        """Encoder tokens [B, N, C] of images [B, H, W, 3], uint8."""
        return encode_pixels(self.weights, self.arch, normalise(image))

    @torch.jit.export
    def decoders(
        self,
        features_a: Tensor,
        features_b: Tensor,
        height_a: int,
        width_a: int,
        height_b: int,
        width_b: int,
        want_points: bool,
    ) -> List[Tensor]:
        """The layers that the heads need: image A's, then as many of image B's."""
        layers_a, layers_b = decode_layers(
            self.weights,
            self.arch,
            features_a,
            features_b,
            height_a,
            width_a,
            height_b,
            width_b,
            kept_layers(self.arch, want_points),
        )
        return layers_a + layers_b

    @torch.jit.export
    def heads(
        self,
        layers: List[Tensor],
        height_a: int,
        width_a: int,
        height_b: int,
        width_b: int,
        want_points: bool,
        want_descriptors: bool,
    ) -> Dict[str, Tensor]:
        """The predictions of both images (see `predict`), keys with the suffix _a or _b."""
        half = len(layers) // 2
        predictions = self.head(1, layers[:half], height_a, width_a, want_points, want_descriptors)
        predictions.update(self.head(2, layers[half:], height_b, width_b, want_points, want_descriptors))
        return predictions

    # What the encoder does of one image, for those who share it out: rows of tokens, and heads where all rows meet.

    @torch.jit.export
    def encoder_tokens(self, image: Tensor) -> Tensor:
        """What enters the encoder's first layer, [B, N, C], of images [B, H, W, 3], uint8."""
        return encoder_tokens(self.weights, self.arch, normalise(image))

    @torch.jit.export
    def encoder_qkv(self, layer: int, x: Tensor) -> Tensor:
        """[q | k | v] of some rows of tokens."""
        return encoder_qkv(self.weights, encoder_name(layer), x)

    @torch.jit.export
    def encoder_attention(self, qkv: List[Tensor], part: int, parts: int, height: int, width: int) -> Tensor:
        """One of so many parts of the heads' attention of all rows, given in blocks (see `encoder_attention_part`)."""
        return encoder_attention_part(self.arch, qkv, part, parts, height, width)

    @torch.jit.export
    def encoder_rest(self, layer: int, x: Tensor, first_row: int, attended: List[Tensor]) -> Tensor:
        """What the layer makes of the rows x from `first_row` on and of all parts of all rows' attention."""
        return encoder_block_rest(self.weights, layer, x, first_row, attended)

    @torch.jit.export
    def encoder_norm(self, x: Tensor) -> Tensor:
        """What leaves the last layer of the encoder."""
        return norm(self.weights, "enc_norm", x)

    # What decoders and heads do of one image, side 1 is A and 2 is B, for those who run both at once.

    @torch.jit.export
    def kept_layers(self, want_points: bool) -> List[int]:
        """The layers that the heads need (see architecture.kept_layers)."""
        return kept_layers(self.arch, want_points)

    @torch.jit.export
    def decoder_embed(self, features: Tensor) -> Tensor:
        """What enters the first layer of a decoder."""
        return decoder_embed(self.weights, features)

    @torch.jit.export
    def decoder_self_attention(self, side: int, layer: int, x: Tensor, height: int, width: int) -> Tensor:
        """The part of a layer of a side's decoder that needs its own tokens x alone."""
        rope = decoder_rope(self.weights, self.arch, x, height, width)
        return decoder_self_attention(self.weights, decoder_name(side) + str(layer), x, self.arch.dec_heads, rope)

    @torch.jit.export
    def decoder_rest(
        self, side: int, layer: int, x: Tensor, y: Tensor, height_x: int, width_x: int, height_y: int, width_y: int
    ) -> Tensor:
        """The part behind it: of its answer x, and the other side's tokens y as the layer before left them."""
        rope_x = decoder_rope(self.weights, self.arch, x, height_x, width_x)
        rope_y = decoder_rope(self.weights, self.arch, y, height_y, width_y)
        return decoder_rest(self.weights, decoder_name(side) + str(layer), x, y, self.arch.dec_heads, rope_x, rope_y)

    @torch.jit.export
    def decoder_norm(self, x: Tensor) -> Tensor:
        """What leaves the last layer of a decoder."""
        return decoder_norm(self.weights, x)

    @torch.jit.export
    def head(
        self, side: int, layers: List[Tensor], height: int, width: int, want_points: bool, want_descriptors: bool
    ) -> Dict[str, Tensor]:
        """The predictions of one image (see `predict`), keys with its suffix, _a or _b."""
        suffix = "_a" if side == 1 else "_b"
        predictions: Dict[str, Tensor] = {}
        found = predict(self.weights, self.arch, side, layers, height, width, want_points, want_descriptors)
        for key, value in found.items():
            predictions[key + suffix] = value.contiguous()
        return predictions

    @torch.jit.export
    def decode(
        self,
        features_a: Tensor,
        features_b: Tensor,
        height_a: int,
        width_a: int,
        height_b: int,
        width_b: int,
        want_points: bool,
        want_descriptors: bool,
    ) -> Dict[str, Tensor]:
        """Decoders and heads in one call."""
        layers = self.decoders(features_a, features_b, height_a, width_a, height_b, width_b, want_points)
        return self.heads(layers, height_a, width_a, height_b, width_b, want_points, want_descriptors)

    @torch.jit.export
    def match(
        self,
        descriptors_a: Tensor,
        descriptors_b: Tensor,
        confidence_a: Tensor,
        confidence_b: Tensor,
        mask_a: Tensor,
        mask_b: Tensor,
        pair: int,
        subsample: int,
        both: bool,
    ) -> List[Tensor]:
        """The matches of one pair of a batch's maps (see `reciprocal_matches`): pixels [2, M], confidences [M], the pixels
        that cannot be matched [2]. A match is as sure as the less sure of its pixels; without confidences, maps [B, H, W]
        that may be empty, it has none. Needs no weights."""
        matches, bad = reciprocal_matches(descriptors_a[pair], descriptors_b[pair], mask_a, mask_b, subsample, both)
        confidence = torch.empty([0], dtype=torch.float32, device=matches.device)
        if confidence_a.numel() > 0:
            of_a = confidence_a[pair].flatten()[matches[0]]
            confidence = torch.minimum(of_a, confidence_b[pair].flatten()[matches[1]])
        return [matches, confidence, bad]
