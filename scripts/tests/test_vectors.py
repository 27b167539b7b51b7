"""Single functions against numbers computed with the official ones, for the network and for its reference."""

import math

import numpy as np
import pytest
import torch

import reference_network
from network.blocks import attend
from network.dpt import resize
from network.heads import activate_confidence, activate_points, unpatchify
from network.rope import by_pairs, pair_table, rope_table, rotate

VECTOR = [k / 64 for k in range(64)]
ROTATED = {
    0: -0.227324, 1: -0.263847, 15: 0.221375, 16: -0.104037, 17: 0.034431, 31: 0.490453,
    32: 0.861024, 33: 0.014012, 47: 0.667158, 48: -0.266715, 49: -0.922960, 63: 1.031117,
}  # fmt: skip


def test_rope_of_the_token_at_row_2_column_5():
    rope = rope_table(3, 6, 64, 100.0, torch.device("cpu"))
    tokens = torch.tensor(VECTOR).expand(1, 18, 64)
    rotated = rotate(tokens, rope)[0, 2 * 6 + 5]
    for index, value in ROTATED.items():
        assert rotated[index].item() == pytest.approx(value, abs=1e-6)


def test_channels_by_pairs_rotate_like_those_of_the_checkpoints():
    rope = rope_table(3, 6, 64, 100.0, torch.device("cpu"))
    channels = torch.randn(18, 2 * 64, generator=torch.Generator().manual_seed(1)).half()
    expected = rotate(channels.float().unflatten(1, (2, 64)).transpose(0, 1), rope)
    by_pairs_ = by_pairs(channels.t(), 2).t().contiguous().unflatten(1, (2, 64)).transpose(0, 1)
    rotated = rotate(by_pairs_, pair_table(rope))
    expected = by_pairs(expected.transpose(0, 1).flatten(1).t(), 2).t().unflatten(1, (2, 64)).transpose(0, 1)
    assert torch.allclose(rotated.float(), expected, atol=3e-3)
    assert not torch.equal(by_pairs(channels.t(), 2), channels.t())


def test_rope_of_the_reference():
    rotated = reference_network.rope(np.array([VECTOR]), [(2, 5)], 100.0)[0]
    for index, value in ROTATED.items():
        assert rotated[index] == pytest.approx(value, abs=1e-6)


def test_exponential_points():
    expected = [0.7151, -0.4767, 3.5755]
    raw = [0.3, -0.2, 1.5]
    assert activate_points(torch.tensor(raw), "exp").tolist() == pytest.approx(expected, abs=1e-4)
    assert reference_network.point_activation(np.array(raw), "exp").tolist() == pytest.approx(expected, abs=1e-4)


def test_a_point_at_the_origin_stays_there():
    assert activate_points(torch.zeros(3), "exp").tolist() == [0, 0, 0]


@pytest.mark.parametrize("minimum, expected", [(1.0, [1.3679, 2.0, 8.3891]), (0.0, [0.3679, 1.0, 7.3891])])
def test_exponential_confidence(minimum, expected):
    logits = [-1.0, 0.0, 2.0]
    actual = activate_confidence(torch.tensor(logits), "exp", minimum, math.inf)
    reference = reference_network.confidence_activation(np.array(logits), ("exp", minimum, math.inf))
    assert actual.tolist() == pytest.approx(expected, abs=1e-4)
    assert reference.tolist() == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("size", [(13, 9), (24, 16), (7, 30)])
def test_interpolation_by_products_is_that_of_the_engine(size):
    x = torch.randn(4, 5, 12, 8, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(resize(x.half(), *size).float(), resize(x, *size), atol=6e-3)


def test_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="'log': expected exp"):
        activate_points(torch.ones(3), "log")
    with pytest.raises(ValueError, match="'log': expected exp"):
        activate_confidence(torch.ones(3), "log", 0.0, 1.0)


def test_bilinear_doubling():
    expected = [0, 0.4, 0.8, 1.2, 1.6, 2.0]
    assert resize(torch.tensor([[[[0.0, 1.0, 2.0]]]]), 1, 6).flatten().tolist() == pytest.approx(expected)
    assert reference_network.bilinear(np.array([[[0.0, 1.0, 2.0]]]), 1, 6).ravel().tolist() == pytest.approx(expected)


def test_gelu():
    expected = [-0.1587, 0.3457, 1.9545]
    assert torch._C._nn.gelu(torch.tensor([-1.0, 0.5, 2.0])).tolist() == pytest.approx(expected, abs=1e-4)
    assert reference_network.gelu(np.array([-1.0, 0.5, 2.0])).tolist() == pytest.approx(expected, abs=1e-4)


def test_attention_of_equal_keys_is_the_mean_of_the_values():
    values = torch.arange(6.0).view(1, 1, 3, 2)
    attended = attend(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 3, 2), values)
    torch.testing.assert_close(attended, torch.tensor([[[2.0, 3.0], [2.0, 3.0]]]))


def test_unpatchify_puts_component_c_i_j_of_a_token_at_its_pixel():
    tokens = torch.arange(2 * 12.0).view(1, 2, 12)  # one row of two tokens, three channels, patches of 2x2
    image = unpatchify(tokens, 2, 2, 4)
    for ty, tx, c, i, j in np.ndindex(1, 2, 3, 2, 2):
        assert image[0, 2 * ty + i, 2 * tx + j, c] == tokens[0, tx, c * 4 + i * 2 + j]
