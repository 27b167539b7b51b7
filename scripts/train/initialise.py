"""A start from which a small model learns fast: the network begins as a dense, SIFT-like descriptor.

Patch embedding: low frequencies of the DCT of luma and of two opponent colours, orthogonal. First block's MLP: rectified
derivatives in eight directions at 4 x 4 places of a patch, summed in 2 x 2 cells. Attention heads look at one fixed neighbour
token each: a query and a key that come from biases alone, rotated by RoPE, score sum_j a_j cos(w_j (p_key - p_query -
offset)), which is largest at the offset; the second block's copy the neighbours' cells into free channels. What is left
starts small and random. The descriptor MLP's last layer is fitted by ridge regression to classical descriptors.
"""
from __future__ import annotations

import math

import torch
from torch import Tensor

from network import NetworkConfig, init_weights
from network.blocks import linear, norm
from network.trunk import encode_pixels, normalise, patch_embed

from .photometric import dct_basis

RING = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]
REACH = (1, 1, 2, 3, 1, 4, 2, 6)  # of the neighbours, in tokens, block by block
DIRECTIONS, CELLS = 8, 2
COLOURS = torch.tensor([[0.33, 0.5, 0.17], [0.6, -0.6, 0.0], [0.3, 0.3, -0.6]])


def zigzag(size: int) -> list[tuple[int, int]]:
    return sorted(((y, x) for y in range(size) for x in range(size)), key=lambda p: (p[0] + p[1], p))


def raw_channels(dim: int, patch: int) -> tuple[int, int]:
    """How many channels hold luma and how many each colour."""
    return min(patch * patch, dim // 7), max(1, dim // 40)


def patch_basis(dim: int, patch: int) -> Tensor:
    """Kernels [dim, 3, p, p]: luma, then each colour, then zeros."""
    basis = dct_basis(patch)
    luma, colour = raw_channels(dim, patch)
    kernels = torch.zeros(dim, 3, patch, patch)
    row = 0
    for weights, count in zip(COLOURS, (luma, colour, colour)):
        for y, x in zigzag(patch)[:count]:
            gain = 0.35 if y + x == 0 else 1.4 * (1 + y + x) ** 0.9
            kernels[row] = gain * weights.view(3, 1, 1) * basis[y][:, None] * basis[x][None]
            row += 1
    return kernels


def derivative_bank(dim: int, patch: int) -> Tensor:
    """Rows [directions * 16, luma channels] that turn the luma channels into smoothed directional derivatives."""
    basis = dct_basis(patch)
    luma, _ = raw_channels(dim, patch)
    places = torch.linspace(0.12, 0.88, 2 * CELLS) * patch - 0.5
    pixel = torch.arange(patch, dtype=torch.float32)
    sigma = patch / 8
    bell = torch.exp(-(pixel[None] - places[:, None]) ** 2 / (2 * sigma * sigma))
    slope = -(pixel[None] - places[:, None]) * bell
    slope = slope - bell * slope.sum(1, keepdim=True) / bell.sum(1, keepdim=True)  # blind to a constant
    rows = []
    for o in range(DIRECTIONS):
        angle = 2 * math.pi * o / DIRECTIONS
        for i in range(2 * CELLS):
            for j in range(2 * CELLS):
                kernel = math.cos(angle) * bell[i][:, None] * slope[j][None] + math.sin(angle) * slope[i][:, None] * bell[j][None]
                row = []
                for y, x in zigzag(patch)[:luma]:
                    gain = 0.35 if y + x == 0 else 1.4 * (1 + y + x) ** 0.9
                    row.append((kernel * basis[y][:, None] * basis[x][None]).sum() / gain)
                rows.append(torch.stack(row))
    return torch.stack(rows)


def look_aside(weights, block: str, heads: int, dim: int, offsets, base: float, sharpness: float) -> None:
    """Sets the query and key biases of `block` so that head h attends to the token at offsets[h] (dy, dx)."""
    size = dim // heads
    count = size // 4
    omega = base ** (-torch.arange(count) / count)
    amplitude = torch.where(omega > 0.15, math.sqrt(sharpness), 0.3)
    bias, weight = weights[block + ".attn.qkv.bias"], weights[block + ".attn.qkv.weight"]
    for head, offset in enumerate(offsets):
        for axis, delta in enumerate(offset):
            start = head * size + axis * size // 2
            bias[start:start + count] = amplitude * (omega * delta).cos()
            bias[start + count:start + 2 * count] = amplitude * (omega * delta).sin()
            bias[dim + start:dim + start + count] = amplitude
        weight[head * size:(head + 1) * size] *= 0.1
        weight[dim + head * size:dim + (head + 1) * size] *= 0.1


def cell_channel(first: int, direction: int, y: int, x: int) -> int:
    return first + (direction * CELLS + y) * CELLS + x


def structured_weights(config: NetworkConfig, seed: int) -> dict[str, Tensor]:
    weights = init_weights(config, seed)
    generator = torch.Generator().manual_seed(seed + 1)
    dim, heads = config.enc_embed_dim, config.enc_num_heads
    size = dim // heads
    luma, colour = raw_channels(dim, config.patch_size)
    own = luma + 2 * colour  # first of the patch's own cells
    free = own + DIRECTIONS * CELLS ** 2  # first of the neighbours' cells
    weights["patch_embed.proj.weight"] = patch_basis(dim, config.patch_size)
    for block in range(config.enc_depth):
        name = f"enc_blocks.{block}"
        reach = REACH[block % len(REACH)]
        aside = [(reach * dy, reach * dx) for dy, dx in (RING * heads)[:heads]]
        look_aside(weights, name, heads, dim, aside, config.rope_base, 34.0 * math.sqrt(size / 32))
        value = weights[name + ".attn.qkv.weight"][2 * dim:]
        out = weights[name + ".attn.proj.weight"]
        value.copy_(torch.linalg.qr(torch.randn(dim, dim, generator=generator))[0])
        out.copy_(0.12 * torch.linalg.qr(torch.randn(dim, dim, generator=generator))[0])
        fc1, fc2 = weights[name + ".mlp.fc1.weight"], weights[name + ".mlp.fc2.weight"]
        fc2 *= 0.2
        if block == 0:
            bank = derivative_bank(dim, config.patch_size)[:len(fc1)]
            fc1[:len(bank)] = 0
            fc1[:len(bank), :luma] = bank
            fc2[:, :len(bank)] = 0
            for unit in range(len(bank)):
                direction, i, j = unit // (4 * CELLS ** 2), unit // (2 * CELLS) % (2 * CELLS), unit % (2 * CELLS)
                fc2[cell_channel(own, direction, i // 2, j // 2), unit] = 1.0
        if block == 1:
            channel = free
            for head in range(heads):
                dy, dx = RING[head % len(RING)]
                near = [(o, y, x) for o in range(DIRECTIONS) for y in range(CELLS) for x in range(CELLS)
                        if dy == 0 or dx == 0 or (y == (dy < 0) and x == (dx < 0))]
                for k, cell in enumerate(near[:size]):
                    if channel >= dim - 1:
                        break
                    value[head * size + k] = 0
                    value[head * size + k, cell_channel(own, *cell)] = 1.0
                    out[:, head * size + k] = 0
                    out[channel, head * size + k] = 1.0
                    channel += 1
    for name in list(weights):
        if name.startswith("dec_blocks.") and name.endswith(("proj.weight", "fc2.weight")):
            weights[name] *= 0.3
            weights[name.replace("dec_blocks.", "dec_blocks2.")] = weights[name].clone()
    pixels = config.patch_size ** 2
    for side in (1, 2):
        head = f"downstream_head{side}"
        if config.points_head == "linear":
            weights[head + ".proj.weight"] *= 0.2
            weights[head + ".proj.bias"].zero_()
            weights[head + ".proj.bias"][2 * pixels:3 * pixels] = math.log1p(3.0)
    local = "downstream_head1.head_local_features"
    fc1, bias = weights[local + ".fc1.weight"], weights[local + ".fc1.bias"]
    fc1.copy_(torch.randn(fc1.shape, generator=generator) / math.sqrt(dim))
    half = min(dim, len(fc1) // 2)
    turn = torch.linalg.qr(torch.randn(dim, dim, generator=generator))[0][:half]
    fc1[:half, :dim], fc1[half:2 * half, :dim] = turn, -turn  # GELU(x) - GELU(-x) = x: nothing is lost
    fc1[:, dim:] = 0  # nothing from the decoder at first: training may skip it
    bias.zero_()
    for layer in (".fc1.weight", ".fc1.bias", ".fc2.weight", ".fc2.bias"):
        weights["downstream_head2.head_local_features" + layer] = weights[local + layer].clone()
    return weights


@torch.no_grad()
def calibrate(weights, config: NetworkConfig, images: Tensor) -> None:
    """Brings patch embedding, derivatives and cells to unit spread on byte images [B, H, W, 3].

    One spare channel gets a constant, so that the norm does not blow up the noise of blank patches.
    """
    tokens = patch_embed(weights, config.patch_size, normalise(images)).flatten(0, 1)
    energy = (tokens ** 2).sum(1)
    luma, colour = raw_channels(config.enc_embed_dim, config.patch_size)
    own = luma + 2 * colour
    weights["patch_embed.proj.weight"] *= (own / energy.median()).sqrt()
    weights["patch_embed.proj.bias"][-1] = 0.3 * math.sqrt(own)
    tokens = patch_embed(weights, config.patch_size, normalise(images))
    count = 4 * CELLS ** 2 * DIRECTIONS
    hidden = linear(weights, "enc_blocks.0.mlp.fc1", norm(weights, "enc_blocks.0.norm2", tokens))[..., :count]
    weights["enc_blocks.0.mlp.fc1.weight"][:count] *= 2.0 / hidden.std()
    hidden = torch.nn.functional.gelu(hidden * (2.0 / hidden.std()))
    cells = hidden @ weights["enc_blocks.0.mlp.fc2.weight"][own:own + DIRECTIONS * CELLS ** 2, :count].T
    weights["enc_blocks.0.mlp.fc2.weight"][own:own + DIRECTIONS * CELLS ** 2, :count] *= 1.0 / cells.std()
    features = encode_pixels(weights, config.architecture(), normalise(images)).flatten(0, 1)
    weights["enc_norm.weight"].copy_(1 / features.std(0).clamp(min=0.05))
    weights["enc_norm.bias"].copy_(-features.mean(0) * weights["enc_norm.weight"])


@torch.no_grad()
def fit_descriptors(weights, config: NetworkConfig, tokens: Tensor, target: Tensor, ridge: float = 1e-3) -> float:
    """Fits the last descriptor layer to target descriptors [B, H, W, D] given the MLP's input tokens [B, N, C].

    Sets both sides' layers and returns the mean cosine that the fit reaches.
    """
    name, p, d = "downstream_head1.head_local_features", config.patch_size, config.desc_dim
    hidden = torch.nn.functional.gelu(linear(weights, name + ".fc1", tokens)).flatten(0, 1)
    b, h, w, _ = target.shape
    wanted = target.view(b, h // p, p, w // p, p, d).permute(0, 1, 3, 5, 2, 4).reshape(len(hidden), d * p * p)
    hidden = torch.cat([hidden, torch.ones_like(hidden[:, :1])], 1).double()
    gram = hidden.T @ hidden
    gram += ridge * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype, device=gram.device)
    solution = torch.linalg.solve(gram, hidden.T @ wanted.double())
    cosine = torch.nn.functional.cosine_similarity(
        (hidden @ solution).view(-1, d, p * p), wanted.view(-1, d, p * p), dim=1).mean()
    for side in (1, 2):
        local = f"downstream_head{side}.head_local_features.fc2"
        weights[local + ".weight"][:d * p * p] = solution[:-1].T.float()
        weights[local + ".bias"][:d * p * p] = solution[-1].float()
        weights[local + ".weight"][d * p * p:] *= 0.1
        weights[local + ".bias"][d * p * p:] = 0
    return cosine.item()
