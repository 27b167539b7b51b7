"""Pack photos and materials out of unpacked Debian packages into one texture file.

The photos themselves are never part of the repository; only this recipe is. Packages are fetched and unpacked by hand::

    apt-get download opencv-doc palapeli-data gcompris-qt-data ... && dpkg -x X.deb ROOT
    python -m train.textures ROOT textures.npz

Photos become 448 x 448 (whole image, squeezed), materials 256 x 256, both JPEG: the file has to travel to where a GPU is. A
tenth of the photos is kept aside for validation.
"""
from __future__ import annotations

import argparse
import bz2
import io
import re
from pathlib import Path

import numpy as np
import torch
from PIL import Image

PHOTO, MATERIAL = 448, 256
QUALITY = 92  # of the packed JPEG files
PLAIN = 32  # textures of hardly any detail, beside the packed ones

# (pattern below the root, kind, most images taken, licence as the package states it)
SOURCES = [
    ("usr/share/palapeli/collection/{cincinnati-bridge,citrus-fruits,european-honey-bee}.jpg", "photo", 9, "public domain"),
    ("usr/lib/python3/dist-packages/sklearn/datasets/images/*.jpg", "photo", 9, "CC-BY-2.0"),
    ("usr/lib/python3/dist-packages/skimage/data/{astronaut,camera,chelsea,coffee,coins}.png", "photo", 9, "CC0"),
    ("usr/lib/python3/dist-packages/skimage/data/{rocket,hubble_deep_field}.jpg", "photo", 9, "public domain"),
    ("usr/lib/python3/dist-packages/skimage/data/{brick,grass,gravel}.png", "material", 9, "CC0"),
    ("usr/lib/python3/dist-packages/scipy/misc/face.dat", "photo", 1, "public domain"),
    ("usr/share/doc/opencv-doc/examples/data/{building,home,fruits,butterfly,stuff,board,messi5,baboon}.jpg", "photo", 9,
     "Apache-2.0/BSD-3-Clause"),
    ("usr/share/backgrounds/{Bridge,Dragonfly,Fossa,Kleiber,Wine,aitzgorri,free,friends,greentock,life,picosdeeuropa,"
     "seeding,sunset,umang}_by_*.jpg", "photo", 20, "CC-BY-4.0, CC-BY-SA-3.0/4.0 or CC0"),
    ("usr/share/backgrounds/mate/nature/*.jpg", "photo", 12, "GPL-2+"),
    ("usr/share/gcompris-qt/rcc/{explore_monuments,details,erase,explore_world_animals,explore_farm_animals,"
     "explore_world_music,clickgame}.rcc", "photo", 140, "public domain, CC0, CC-BY or CC-BY-SA"),
    ("usr/share/games/supertuxkart/data/textures/*.jpg", "material", 110, "mostly CC-BY-SA-3.0/4.0; CC0, CC-BY"),
]
DRAWN = re.compile(r"_nm|normal|gloss|mask|sky|spec|logo|particle|icon|font|gui|light", re.I)


def expand(pattern: str) -> list[str]:
    """Shell-like alternatives: one pair of braces becomes several patterns."""
    m = re.search(r"\{(.*?)\}", pattern)
    return [pattern] if not m else [pattern[:m.start()] + s + pattern[m.end():] for s in m.group(1).split(",")]


def carve(blob: bytes):
    """JPEG and WebP images that lie uncompressed inside a Qt resource file."""
    for m in re.finditer(rb"\xff\xd8\xff[\xe0\xe1\xdb]|RIFF....WEBP", blob, re.S):
        try:
            image = Image.open(io.BytesIO(blob[m.start():m.start() + 8_000_000]))
            image.load()
        except Exception:
            continue
        if min(image.size) >= 400:
            yield image


def images(path: Path):
    if path.suffix == ".rcc":
        yield from carve(path.read_bytes())
    elif path.name == "face.dat":
        yield Image.fromarray(np.frombuffer(bz2.decompress(path.read_bytes()), np.uint8).reshape(768, 1024, 3))
    else:
        yield Image.open(path)


def procedural(count: int, size: int, seed: int) -> torch.Tensor:
    """Blotches, bricks, tiles, stripes and glyph-like marks in random colours, uint8 [count, size, size, 3]."""
    g = torch.Generator().manual_seed(seed)
    rand = lambda *s: torch.rand(*s, generator=g)
    out = []
    for k in range(count):
        noise = torch.zeros(3, size, size)
        for octave in range(2, 8):
            shared = rand(1, 2 ** octave, 2 ** octave) + 0.3 * rand(3, 2 ** octave, 2 ** octave) - 0.65
            noise += torch.nn.functional.interpolate(shared[None], (size, size), mode="bicubic")[0] * 0.75 ** octave
        noise = noise / noise.std()
        ys, xs = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
        base, other = rand(3, 1, 1), rand(3, 1, 1)
        kind = k % 5
        n = int(torch.randint(4, 17, (1,), generator=g))
        if kind == 0:
            mask = (noise[:1] > 0.3).float()
        elif kind == 1:  # bricks
            h = size // n
            row = ys // h
            mask = (((xs + (row % 2) * h) % (2 * h) < 3) | (ys % h < 3)).float()[None]
            other = other + 0.3 * rand(3, n + 1, n + 1)[:, row.clamp(max=n), (xs // (2 * h)).clamp(max=n)] * (1 - mask)
        elif kind == 2:  # tiles of random grey
            cells = rand(3, n + 1, n + 1) * 0.5 + rand(1, n + 1, n + 1) * 0.5
            h = size // n
            base = cells[:, (ys // h).clamp(max=n), (xs // h).clamp(max=n)]
            mask = torch.zeros(1, size, size)
        elif kind == 3:  # stripes of random width
            edges = torch.cumsum(rand(64) * 2 * size / n + 2, 0)
            mask = (torch.searchsorted(edges, xs.float() + 0.15 * ys.float()) % 2).float()[None]
        else:  # glyph-like blocks on a page
            cells = (rand(size // 4, size // 4) > 0.55)
            lines = (ys // 4) % 5 < 3
            mask = (cells[ys // 4, xs // 4] & lines & ((xs // 4) % 5 < 4)).float()[None]
        image = base * (1 - mask) + other * mask + noise * (0.03 + 0.12 * rand(1))
        out.append((image.clamp(0, 1) * 255).byte().permute(1, 2, 0))
    return torch.stack(out)


def plain(count: int, size: int, seed: int) -> torch.Tensor:
    """Painted walls, carpets and boards: one colour, pale more often than not, hardly uneven; uint8 [count, size, size, 3]."""
    g = torch.Generator().manual_seed(seed)
    rand = lambda *s: torch.rand(*s, generator=g)
    out = []
    for _ in range(count):
        noise = torch.zeros(1, size, size)
        roughness = 0.5 + rand(1)
        for octave in range(1, 8):
            layer = rand(1, 1, 2 ** octave, 2 ** octave) - 0.5
            noise += torch.nn.functional.interpolate(layer, (size, size), mode="bicubic")[0] * roughness ** octave
        grey = 0.25 + 0.65 * rand(1).sqrt()
        colour = (grey + 0.25 * rand(1) * (rand(3) - 0.5)).view(3, 1, 1)
        image = colour + noise / noise.std() * 0.04 * rand(1)
        out.append((image.clamp(0, 1) * 255).byte().permute(1, 2, 0))
    return torch.stack(out)


def encoded(name: str, images) -> dict[str, np.ndarray]:
    """Images as JPEG files one behind the other, and where each of them ends."""
    files = []
    for image in images:
        file = io.BytesIO()
        Image.fromarray(image).save(file, "JPEG", quality=QUALITY)
        files.append(np.frombuffer(file.getvalue(), np.uint8))
    return {name: np.concatenate(files), name + "_ends": np.cumsum([len(f) for f in files])}


def decoded(packed, name: str) -> np.ndarray:
    """The images [n, side, side, 3] that `encoded` packed."""
    parts = np.split(packed[name], packed[name + "_ends"][:-1])
    return np.stack([np.asarray(Image.open(io.BytesIO(part.tobytes()))) for part in parts])


def pack(root: Path, target: Path) -> None:
    photos, materials, origins = [], [], []
    for pattern, kind, most, licence in SOURCES:
        taken = 0
        for path in sorted(p for alternative in expand(pattern) for p in root.glob(alternative)):
            if DRAWN.search(path.name) and kind == "material":
                continue
            for image in images(path):
                size = PHOTO if kind == "photo" else MATERIAL
                if taken >= most or min(image.size) < 200:
                    continue
                small = np.asarray(image.convert("RGB").resize((size, size), Image.LANCZOS, reducing_gap=3.0))
                if small.std() < 12:
                    continue
                (photos if kind == "photo" else materials).append(small)
                taken += 1
        origins.append(f"{taken:4d} {kind:8s} {pattern}: {licence}")
    materials = np.concatenate([np.stack(materials), procedural(40, MATERIAL, 5).numpy()])
    np.savez(target, **encoded("photos", photos), **encoded("materials", materials))
    print("\n".join(origins))
    print(f"{len(photos)} photos, {len(materials)} materials (40 procedural), {target.stat().st_size / 2**20:.1f} MiB")


class Atlas:
    """All textures as one flat list of texels with their mip levels; bilinear in two levels."""

    def __init__(self, photos: torch.Tensor, materials: torch.Tensor, device="cpu"):
        rows, self.base, self.side = [], [], []
        offset = 0
        for stack in (photos, materials, plain(PLAIN, 128, 11)):
            for texture in stack:
                level = texture.permute(2, 0, 1)[None].float()
                bases, sides = [], []
                for _ in range(7):
                    texels = level[0].flatten(1).T.round().byte()
                    rows.append(texels)
                    bases.append(offset)
                    sides.append(level.shape[-1])
                    offset += len(texels)
                    level = torch.nn.functional.avg_pool2d(level, 2)
                self.base.append(bases)
                self.side.append(sides)
        self.texels = torch.cat(rows).to(device)
        self.base = torch.tensor(self.base, device=device)
        self.side = torch.tensor(self.side, device=device)
        self.photos = torch.arange(len(photos))
        self.materials = torch.arange(len(photos), len(photos) + len(materials))
        self.plain = torch.arange(len(photos) + len(materials), len(self.base))

    @staticmethod
    def load(path, split="train", device="cpu") -> "Atlas":
        packed = np.load(path)
        photos, materials = decoded(packed, "photos"), decoded(packed, "materials")
        held_out = np.arange(len(photos)) % 10 == 4
        held_out_material = np.arange(len(materials)) % 10 == 4
        if split == "train":
            held_out, held_out_material = ~held_out, ~held_out_material
        return Atlas(torch.from_numpy(photos[held_out]), torch.from_numpy(materials[held_out_material]), device)

    @staticmethod
    def tiny(seed=3) -> "Atlas":
        """Procedural textures only: what the tests use."""
        return Atlas(procedural(8, 128, seed), procedural(8, 128, seed + 1))

    def _bilinear(self, texture, level, uv):
        side = self.side[texture, level]
        base = self.base[texture, level]
        folded = (uv % 2.0)
        folded = torch.minimum(folded, 2.0 - folded)  # mirrored repeat: no seams
        at = folded * side[:, None] - 0.5
        low = at.floor()
        f = at - low
        last = (side - 1)[:, None]
        lo = low.long().clamp(min=0).minimum(last)
        hi = (low.long() + 1).clamp(min=0).minimum(last)
        row0, row1 = base + lo[:, 1] * side, base + hi[:, 1] * side
        t = self.texels
        top = t[row0 + lo[:, 0]].float() * (1 - f[:, :1]) + t[row0 + hi[:, 0]].float() * f[:, :1]
        bottom = t[row1 + lo[:, 0]].float() * (1 - f[:, :1]) + t[row1 + hi[:, 0]].float() * f[:, :1]
        return top * (1 - f[:, 1:]) + bottom * f[:, 1:]

    def sample(self, texture, uv, footprint):
        """Colours in [0, 1], [n, 3]; `uv` in texture units, `footprint` = texture units that a pixel covers."""
        lod = (footprint * self.side[texture, 0]).clamp(min=1e-6).log2().clamp(0, 5.99)
        low = lod.floor().long()
        f = (lod - low)[:, None]
        return (self._bilinear(texture, low, uv) * (1 - f) + self._bilinear(texture, low + 1, uv) * f) / 255.0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("target", type=Path)
    args = parser.parse_args()
    pack(args.root, args.target)
