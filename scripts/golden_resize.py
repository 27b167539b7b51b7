"""Writes testdata/golden/resize and testdata/golden/decode with Pillow.

    python scripts/golden_resize.py

The loader of the published models works on Pillow images; these files pin its
steps: decode, turn upright, resize, crop. Every target is lossless.
"""

from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageOps

TESTDATA = Path(__file__).resolve().parent.parent / "testdata"
RESIZE = TESTDATA / "golden" / "resize"
DECODE = TESTDATA / "golden" / "decode"
BRIDGE = TESTDATA / "images" / "cincinnati-bridge.jpg"
CAT = TESTDATA / "images" / "chelsea.png"


def load(image, size, patch=16, keep_square=False):
    """Resizes the long side to `size` (short side for 224) and crops the middle."""
    width, height = image.size
    if size == 224:
        target = round(size * max(width / height, height / width))
    else:
        target = size
    longest = max(width, height)
    method = Image.Resampling.LANCZOS if longest > target else Image.Resampling.BICUBIC
    new_size = tuple(int(round(side * target / longest)) for side in image.size)
    image = image.resize(new_size, method)
    cx, cy = image.width // 2, image.height // 2
    if size == 224:
        half_w = half_h = min(cx, cy)
    else:
        half_w = 2 * cx // patch * patch // 2
        half_h = 2 * cy // patch * patch // 2
        if image.width == image.height and not keep_square:
            half_h = 3 * half_w // 4
    return image.crop((cx - half_w, cy - half_h, cx + half_w, cy + half_h))


def write_resized():
    bridge = Image.open(BRIDGE).convert("RGB")
    cat = Image.open(CAT).convert("RGB")
    square = cat.crop((100, 20, 220, 140))
    square.save(RESIZE / "square-input.png")
    load(bridge, 512).save(RESIZE / "landscape-512.png")
    load(bridge.transpose(Image.Transpose.ROTATE_270), 512).save(RESIZE / "portrait-512.png")
    load(bridge, 224).save(RESIZE / "landscape-224.png")
    load(bridge, 518, patch=14).save(RESIZE / "landscape-518.png")
    load(cat, 512).save(RESIZE / "upscaled-512.png")
    load(cat, 160).save(RESIZE / "landscape-160.png")
    load(square, 512).save(RESIZE / "square-512.png")
    load(square, 96, keep_square=True).save(RESIZE / "square-kept-96.png")
    load(square.crop((0, 0, 20, 31)), 64).save(RESIZE / "small-64.png")


def write_reference(name):
    """Decodes a file as the published loader does, but for 16-bit grey, which Pillow clips."""
    image = ImageOps.exif_transpose(Image.open(DECODE / name))
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    image.convert("RGB").save(DECODE / f"{name}.png")


def write_patched_jpegs():
    """Files that Pillow reads but does not write: YCCK, and YCbCr without any marker."""
    cmyk = (DECODE / "cmyk.jpg").read_bytes()
    adobe = cmyk.index(b"Adobe") + 11
    (DECODE / "ycck.jpg").write_bytes(cmyk[:adobe] + b"\2" + cmyk[adobe + 1 :])
    write_reference("ycck.jpg")
    jfif = (DECODE / "baseline-444.jpg").read_bytes()
    length = int.from_bytes(jfif[4:6], "big")
    (DECODE / "no-marker.jpg").write_bytes(jfif[:2] + jfif[4 + length :])
    write_reference("no-marker.jpg")


def write_formats():
    cat = Image.open(CAT).convert("RGB").crop((100, 20, 161, 67))
    grey = cat.convert("L")
    alpha = cat.copy()
    alpha.putalpha(Image.linear_gradient("L").resize(cat.size))
    grey16 = Image.fromarray((np.asarray(grey).astype(np.uint16) * 257) ^ 0x5A)
    palette = cat.quantize(64)
    files = {
        "baseline-444.jpg": (cat, dict(quality=90, subsampling=0)),
        "baseline-422.jpg": (cat, dict(quality=90, subsampling=1)),
        "baseline-420.jpg": (cat, dict(quality=90, subsampling=2)),
        "progressive.jpg": (cat, dict(quality=90, progressive=True)),
        "rgb.jpg": (cat, dict(quality=90, keep_rgb=True)),
        "grey.jpg": (grey, dict(quality=90)),
        "cmyk.jpg": (cat.convert("CMYK"), dict(quality=90)),
        "rgb.png": (cat, {}),
        "alpha.png": (alpha, {}),
        "grey.png": (grey, {}),
        "grey-alpha.png": (cat.convert("LA"), {}),
        "grey16.png": (grey16, {}),
        "palette.png": (palette, {}),
        "bits.png": (cat.convert("1"), {}),
        "rgb-lzw.tif": (cat, dict(compression="tiff_lzw")),
        "rgb-jpeg.tif": (cat, dict(compression="jpeg")),
        "alpha.tif": (alpha, {}),
        "grey16.tif": (grey16, {}),
        "cmyk.tif": (cat.convert("CMYK"), {}),
        "palette.tif": (palette, {}),
        "bits.tif": (cat.convert("1"), {}),
        "rgb.bmp": (cat, {}),
        "alpha.bmp": (alpha, {}),
        "palette.bmp": (cat.quantize(16), {}),
        "bits.bmp": (cat.convert("1"), {}),
        "lossless.webp": (cat, dict(lossless=True)),
        "alpha.webp": (alpha, dict(lossless=True)),
        "lossy.webp": (cat, dict(quality=90)),
    }
    for name, (image, options) in files.items():
        image.save(DECODE / name, **options)
        write_reference(name)
    write_patched_jpegs()
    turned = cat.crop((0, 0, 24, 16))
    for tag in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = tag
        name = f"orientation-{tag}.jpg"
        turned.save(DECODE / name, exif=exif, quality=90)
        write_reference(name)
    exif = Image.Exif()
    exif[0x0112] = 6
    for suffix, options in {"png": {}, "webp": {"lossless": True}, "tif": {}}.items():
        turned.save(DECODE / f"orientation-6.{suffix}", exif=exif, **options)
        write_reference(f"orientation-6.{suffix}")
    bridge = Image.open(BRIDGE).convert("RGB")
    bridge.crop((520, 380, 776, 572)).save(DECODE / "cincinnati-bridge-520-380.png")


if __name__ == "__main__":
    RESIZE.mkdir(parents=True, exist_ok=True)
    DECODE.mkdir(parents=True, exist_ok=True)
    write_resized()
    write_formats()
    print(f"written with Pillow {PIL.__version__}")
