"""Draws pairs with a few true correspondences on one sheet, to be looked at before any training.

    python -m train.contact_sheet textures.npz sheet.png [hardness]
"""
from __future__ import annotations

import sys

import torch
from PIL import Image, ImageDraw

from .pairs import make_pairs
from .scenes import Dice
from .textures import Atlas


def sheet(pairs, columns: int = 5) -> Image.Image:
    b, h, w, _ = pairs.image_a.shape
    rows = -(-b // columns)
    page = Image.new("RGB", (columns * (2 * w + 8), rows * (h + 6)), "white")
    draw = ImageDraw.Draw(page)
    for i in range(b):
        x0, y0 = (i % columns) * (2 * w + 8), (i // columns) * (h + 6)
        page.paste(Image.fromarray(pairs.image_a[i].numpy()), (x0, y0))
        page.paste(Image.fromarray(pairs.image_b[i].numpy()), (x0 + w, y0))
        seen = pairs.seen_a[i].nonzero()
        for k in torch.linspace(0, len(seen) - 1, 7).long().tolist() if len(seen) else []:
            y, x = seen[k].tolist()
            u, v = pairs.forth[i, y, x].tolist()
            colour = tuple(int(c) for c in torch.randint(60, 256, (3,)))
            draw.ellipse((x0 + x - 2, y0 + y - 2, x0 + x + 2, y0 + y + 2), outline=colour, fill=colour)
            draw.ellipse((x0 + w + u - 2, y0 + v - 2, x0 + w + u + 2, y0 + v + 2), outline=colour, fill=colour)
        draw.text((x0 + 2, y0 + 2), f"{int(100 * pairs.seen_a[i].float().mean())}%", fill="red")
    return page


if __name__ == "__main__":
    textures, target = sys.argv[1:3]
    hardness = float(sys.argv[3]) if len(sys.argv) > 3 else 0.6
    sheet(make_pairs(Dice(11), Atlas.load(textures), 50, 144, 176, hardness)).save(target)
