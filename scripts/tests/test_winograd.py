"""Winograd's convolution against that of the engine in float64."""

import pytest
import torch

from network.winograd import convolve


@pytest.mark.parametrize("scripted", [False, True], ids=["eager", "scripted"])
@pytest.mark.parametrize("with_bias", [False, True], ids=["no bias", "bias"])
@pytest.mark.parametrize("batch, channels, results, height, width, tiles", [
    (1, 8, 16, 2, 2, 1024), (2, 24, 8, 12, 20, 16), (1, 5, 7, 34, 6, 1), (1, 32, 16, 64, 48, 200), (3, 16, 16, 16, 64, 1024),
])  # fmt: skip
def test_equals_the_direct_convolution(batch, channels, results, height, width, tiles, with_bias, scripted):
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(batch, channels, height, width, generator=generator).to(memory_format=torch.channels_last)
    kernel = torch.randn(results, channels, 3, 3, generator=generator) / (9 * channels) ** 0.5
    bias = torch.randn(results, generator=generator) if with_bias else None
    found = (torch.jit.script(convolve) if scripted else convolve)(x, kernel, bias, tiles)
    exact = torch.conv2d(x.double(), kernel.double(), None if bias is None else bias.double(), [1, 1], [1, 1])
    assert found.shape == exact.shape and found.is_contiguous(memory_format=torch.channels_last)
    assert (found - exact).abs().max() < 3e-6


def test_an_image_does_not_hang_on_those_beside_it():
    generator = torch.Generator().manual_seed(2)
    x = torch.randn(2, 32, 64, 48, generator=generator).to(memory_format=torch.channels_last)
    kernel = torch.randn(16, 32, 3, 3, generator=generator)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        assert torch.equal(convolve(x, kernel, None)[1:], convolve(x[1:], kernel, None))
    finally:
        torch.set_num_threads(threads)
