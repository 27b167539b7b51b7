"""The network written a second time, from its formulas: numpy, float64, one pair at a time, no regard to speed.

It shares no code with the package `network`, whose results it judges, and makes the golden data. Weights are a
dictionary of arrays by checkpoint names; maps are [C, H, W]; tokens are [N, C].
"""

import math

import numpy as np


def tensor(weights, name):
    return np.asarray(weights[name], dtype=np.float64)


def linear(weights, name, x):
    return np.einsum("oi,ni->no", tensor(weights, name + ".weight"), x, optimize=True) + tensor(weights, name + ".bias")


def layer_norm(weights, name, x):
    centred = x - x.mean(axis=1, keepdims=True)
    variance = (centred**2).mean(axis=1, keepdims=True)
    return centred / np.sqrt(variance + 1e-6) * tensor(weights, name + ".weight") + tensor(weights, name + ".bias")


def gelu(x):
    return 0.5 * x * (1 + np.vectorize(math.erf, otypes=[np.float64])(x / math.sqrt(2)))


def softmax(scores):
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def mlp(weights, name, x):
    return linear(weights, name + ".fc2", gelu(linear(weights, name + ".fc1", x)))


def grid_positions(height, width, patch_size):
    """(y, x) of every token, row-major."""
    return [(y, x) for y in range(height // patch_size) for x in range(width // patch_size)]


def rope(vectors, positions, base):
    """Rotates head vectors [N, D]: quarters u_y, v_y, u_x, v_x."""
    quarter = vectors.shape[1] // 4
    omega = [base ** (-j / quarter) for j in range(quarter)]
    rotated = np.empty_like(vectors)
    for n, position in enumerate(positions):
        for axis in range(2):
            for j in range(quarter):
                u_index = 2 * quarter * axis + j
                u, v = vectors[n, u_index], vectors[n, u_index + quarter]
                angle = position[axis] * omega[j]
                rotated[n, u_index] = u * math.cos(angle) - v * math.sin(angle)
                rotated[n, u_index + quarter] = v * math.cos(angle) + u * math.sin(angle)
    return rotated


def attention(q, k, v, heads, positions_q, positions_k, base):
    head_dim = q.shape[1] // heads
    outputs = []
    for head in range(heads):
        channels = slice(head * head_dim, (head + 1) * head_dim)
        q_rotated = rope(q[:, channels], positions_q, base)
        k_rotated = rope(k[:, channels], positions_k, base)
        scores = np.einsum("nd,md->nm", q_rotated, k_rotated) * head_dim**-0.5
        outputs.append(np.einsum("nm,md->nd", softmax(scores), v[:, channels]))
    return np.concatenate(outputs, axis=1)


def self_attention(weights, name, x, heads, positions, base):
    q, k, v = np.split(linear(weights, name + ".qkv", x), 3, axis=1)
    return linear(weights, name + ".proj", attention(q, k, v, heads, positions, positions, base))


def cross_attention(weights, name, x, memory, heads, positions_x, positions_memory, base):
    q = linear(weights, name + ".projq", x)
    k = linear(weights, name + ".projk", memory)
    v = linear(weights, name + ".projv", memory)
    return linear(weights, name + ".proj", attention(q, k, v, heads, positions_x, positions_memory, base))


def encode(weights, config, image):
    """Encoder tokens after enc_norm of one image [H, W, 3], uint8."""
    pixels = (image.astype(np.float64) / 255 - 0.5) / 0.5
    height, width, _ = image.shape
    patch = config.patch_size
    kernel = tensor(weights, "patch_embed.proj.weight")
    positions = grid_positions(height, width, patch)
    tokens = []
    for y, x in positions:
        window = pixels[patch * y : patch * (y + 1), patch * x : patch * (x + 1)]
        tokens.append(np.einsum("ocij,ijc->o", kernel, window) + tensor(weights, "patch_embed.proj.bias"))
    x = np.stack(tokens)
    for i in range(config.enc_depth):
        block = f"enc_blocks.{i}"
        normed = layer_norm(weights, block + ".norm1", x)
        x = x + self_attention(weights, block + ".attn", normed, config.enc_num_heads, positions, config.rope_base)
        x = x + mlp(weights, block + ".mlp", layer_norm(weights, block + ".norm2", x))
    return layer_norm(weights, "enc_norm", x)


def decoder_block(weights, config, block, x, y, positions_x, positions_y):
    heads, base = config.dec_num_heads, config.rope_base
    x = x + self_attention(weights, block + ".attn", layer_norm(weights, block + ".norm1", x), heads, positions_x, base)
    memory = layer_norm(weights, block + ".norm_y", y)
    query = layer_norm(weights, block + ".norm2", x)
    x = x + cross_attention(weights, block + ".cross_attn", query, memory, heads, positions_x, positions_y, base)
    return x + mlp(weights, block + ".mlp", layer_norm(weights, block + ".norm3", x))


def decode(weights, config, features_a, features_b, size_a, size_b):
    """Both lists [F, x_1, ..., x_{d-1}, dec_norm(x_d)]; sizes are (height, width) in pixels."""
    positions_a = grid_positions(*size_a, config.patch_size)
    positions_b = grid_positions(*size_b, config.patch_size)
    stream_a = [linear(weights, "decoder_embed", features_a)]
    stream_b = [linear(weights, "decoder_embed", features_b)]
    for i in range(config.dec_depth):
        a, b = stream_a[i], stream_b[i]
        stream_a.append(decoder_block(weights, config, f"dec_blocks.{i}", a, b, positions_a, positions_b))
        stream_b.append(decoder_block(weights, config, f"dec_blocks2.{i}", b, a, positions_b, positions_a))
    layers_a = [features_a] + stream_a[1:-1] + [layer_norm(weights, "dec_norm", stream_a[-1])]
    layers_b = [features_b] + stream_b[1:-1] + [layer_norm(weights, "dec_norm", stream_b[-1])]
    return layers_a, layers_b


def convolve(x, kernel, bias=None, stride=1):
    """Zero-padded convolution of a map [C, H, W] by a kernel [O, C, k, k], k odd."""
    size = kernel.shape[2]
    pad = size // 2
    height, width = x.shape[1:]
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    result = np.zeros((kernel.shape[0], -(-height // stride), -(-width // stride)))
    for i in range(size):
        for j in range(size):
            shifted = padded[:, i : i + height : stride, j : j + width : stride]
            result += np.einsum("oc,chw->ohw", kernel[:, :, i, j], shifted, optimize=True)
    return result if bias is None else result + bias[:, None, None]


def conv(weights, name, x, stride=1):
    return convolve(x, tensor(weights, name + ".weight"), tensor(weights, name + ".bias"), stride)


def transposed_conv(weights, name, x):
    """Transposed convolution whose stride is its kernel size: every pixel paints its own square."""
    kernel = tensor(weights, name + ".weight")
    size = kernel.shape[2]
    result = np.zeros((kernel.shape[1], size * x.shape[1], size * x.shape[2]))
    for i in range(size):
        for j in range(size):
            result[:, i::size, j::size] = np.einsum("co,chw->ohw", kernel[:, :, i, j], x, optimize=True)
    return result + tensor(weights, name + ".bias")[:, None, None]


def interpolation_matrix(length, target):
    """[target, length] weights of linear interpolation with aligned corners."""
    matrix = np.zeros((target, length))
    for i in range(target):
        source = i * (length - 1) / (target - 1) if target > 1 else 0.0
        low = min(int(source), length - 1)
        high = min(low + 1, length - 1)
        matrix[i, low] += 1 - (source - low)
        matrix[i, high] += source - low
    return matrix


def bilinear(x, height, width):
    rows = interpolation_matrix(x.shape[1], height)
    columns = interpolation_matrix(x.shape[2], width)
    return np.einsum("yh,chw,xw->cyx", rows, x, columns, optimize=True)


def relu(x):
    return np.maximum(x, 0)


def residual_conv_unit(weights, name, x):
    return x + conv(weights, name + ".conv2", relu(conv(weights, name + ".conv1", relu(x))))


def refine(weights, name, x, skip=None):
    if skip is not None:
        x = x + residual_conv_unit(weights, name + ".resConfUnit1", skip)
    x = residual_conv_unit(weights, name + ".resConfUnit2", x)
    return conv(weights, name + ".out_conv", bilinear(x, 2 * x.shape[1], 2 * x.shape[2]))


def dpt(weights, config, name, layers, height, width):
    """[4, H, W] of the layers [F, ..., dec_norm(x_d)]."""
    rows, columns = height // config.patch_size, width // config.patch_size
    maps = []
    for k, layer in enumerate((0, config.dec_depth * 2 // 4, config.dec_depth * 3 // 4, config.dec_depth)):
        stage = f"{name}.act_postprocess.{k}"
        x = conv(weights, stage + ".0", layers[layer].T.reshape(-1, rows, columns))
        if k in (0, 1):
            x = transposed_conv(weights, stage + ".1", x)
        if k == 3:
            x = conv(weights, stage + ".1", x, stride=2)
        maps.append(convolve(x, tensor(weights, f"{name}.scratch.layer{k + 1}_rn.weight")))
    x = refine(weights, name + ".scratch.refinenet4", maps[3])[:, :rows, :columns]
    x = refine(weights, name + ".scratch.refinenet3", x, maps[2])
    x = refine(weights, name + ".scratch.refinenet2", x, maps[1])
    x = refine(weights, name + ".scratch.refinenet1", x, maps[0])
    x = bilinear(conv(weights, name + ".head.0", x), height, width)
    return conv(weights, name + ".head.4", relu(conv(weights, name + ".head.2", x)))


def shuffle(tokens, patch_size, height, width):
    """[K, H, W] of tokens [N, K * p * p]."""
    channels = tokens.shape[1] // patch_size**2
    result = np.empty((channels, height, width))
    for n, (ty, tx) in enumerate(grid_positions(height, width, patch_size)):
        for i in range(patch_size):
            for j in range(patch_size):
                components = [c * patch_size**2 + i * patch_size + j for c in range(channels)]
                result[:, patch_size * ty + i, patch_size * tx + j] = tokens[n, components]
    return result


def point_activation(raw, mode):
    """Points [..., 3] of raw ones [..., 3]."""
    if mode == "linear":
        return raw
    d = np.sqrt((raw**2).sum(axis=-1, keepdims=True))
    return raw / np.maximum(d, 1e-8) * (np.expm1(d) if mode == "exp" else d**2)


def confidence_activation(logit, mode):
    kind, minimum, maximum = mode
    if kind == "exp":
        return minimum + np.minimum(np.exp(logit), maximum - minimum)
    return (maximum - minimum) / (1 + np.exp(-logit)) + minimum


def predict(weights, config, side, layers, height, width):
    """All predictions of side 1 or 2, channel-last."""
    head = f"downstream_head{side}"
    if config.points_head == "dpt":
        raw = dpt(weights, config, head + ".dpt", layers, height, width)
    else:
        raw = shuffle(linear(weights, head + ".proj", layers[-1]), config.patch_size, height, width)
    predictions = {
        "points": point_activation(raw[:3].transpose(1, 2, 0), config.depth_mode[0]),
        "point_confidence": confidence_activation(raw[3], config.conf_mode),
    }
    if config.desc_dim > 0:
        tokens = np.concatenate([layers[0], layers[-1]], axis=1)
        raw = shuffle(mlp(weights, head + ".head_local_features", tokens), config.patch_size, height, width)
        descriptors = raw[: config.desc_dim].transpose(1, 2, 0)
        predictions["descriptors"] = descriptors / np.sqrt((descriptors**2).sum(axis=-1, keepdims=True))
        predictions["descriptor_confidence"] = predictions["point_confidence"]
        if config.two_confs:
            mode = config.desc_conf_mode or config.conf_mode
            predictions["descriptor_confidence"] = confidence_activation(raw[config.desc_dim], mode)
    return predictions


def run_pair(weights, config, image_a, image_b):
    """Every stage of one pair of images [H, W, 3], uint8: encoder tokens, layer lists, predictions by name."""
    size_a, size_b = image_a.shape[:2], image_b.shape[:2]
    features_a, features_b = encode(weights, config, image_a), encode(weights, config, image_b)
    layers_a, layers_b = decode(weights, config, features_a, features_b, size_a, size_b)
    stages = {"features_a": features_a, "features_b": features_b, "layers_a": layers_a, "layers_b": layers_b}
    stages |= {f"{key}_a": value for key, value in predict(weights, config, 1, layers_a, *size_a).items()}
    stages |= {f"{key}_b": value for key, value in predict(weights, config, 2, layers_b, *size_b).items()}
    return stages
