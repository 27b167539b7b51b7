"""A pool of rendered pairs on disk: one process renders, another trains, and each pair is seen more than once.

    python -m train.pool POOL --textures textures.npz --pairs 8000 [--producer 0 --producers 2]

Records are as rendered, without photometric changes: two images and, for every pixel of A, where B shows the same point. A
full pool is written over from its beginning. Producers write every n-th record each; `count.N` tells how many are whole.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from .pairs import make_pairs
from .scenes import Dice
from .textures import Atlas

SIDE = 320
UNIT = 64  # of a stored position: 1/64 pixel
UNSEEN = -32768


class Pool:
    """Fixed numbers of records of SIDE x SIDE pixels, mapped from two files."""

    def __init__(self, folder: Path, records: int = 0):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        paths = [self.folder / name for name in ("images.bin", "there.bin")]
        sizes = (2 * SIDE * SIDE * 3, SIDE * SIDE * 4)
        if not records:
            records = paths[0].stat().st_size // sizes[0]
        for path, size in zip(paths, sizes):
            with path.open("ab") as file:
                file.truncate(records * size)
        self.records = records
        self.images = np.memmap(paths[0], np.uint8, "r+", shape=(records, 2, SIDE, SIDE, 3))
        self.there = np.memmap(paths[1], np.int16, "r+", shape=(records, SIDE, SIDE, 2))

    def filled(self) -> np.ndarray:
        """Numbers of the records that have been written."""
        counts = sorted(self.folder.glob("count.[0-9]"))
        ready = [np.arange(int(p.suffix[1:]), self.records, len(counts))[:int(p.read_text() or 0)] for p in counts]
        return np.concatenate(ready) if ready else np.zeros(0, int)


def render_batch(pool: Pool, atlas: Atlas, seed: int, slots) -> None:
    """Renders one pair for each of the records `slots`; the seed fixes them."""
    dice = Dice(seed)
    hardness = dice.uniform(0.35, 1.1, 1).item()
    pairs = make_pairs(dice, atlas, len(slots), SIDE, SIDE, hardness, 0.4, 1.0, versions=0, bare_rooms=0.6)
    there = (pairs.forth * UNIT).round().clamp(-30000, 30000)
    there = torch.where(pairs.seen_a[..., None], there, UNSEEN).to(torch.int16)
    for k, slot in enumerate(slots):
        pool.images[slot, 0], pool.images[slot, 1] = pairs.image_a[k].numpy(), pairs.image_b[k].numpy()
        pool.there[slot] = there[k].numpy()


def render_into(pool: Pool, atlas: Atlas, seed: int, producer: int, producers: int, batch: int = 4) -> None:
    """Renders until it is stopped."""
    mine = np.arange(producer, pool.records, producers)
    progress, fresh = pool.folder / f"count.{producer}", pool.folder / f"fresh.{producer}"
    done = int(progress.read_text()) if progress.exists() else 0
    while True:
        slots = mine[np.arange(done, done + batch) % len(mine)]
        render_batch(pool, atlas, seed * 1_000_003 + producer * 100_000_007 + done, slots)
        done += batch
        fresh.write_text(str(done))
        fresh.replace(progress)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pool", type=Path)
    parser.add_argument("--textures", type=Path)
    parser.add_argument("--pairs", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--producer", type=int, default=0)
    parser.add_argument("--producers", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    atlas = Atlas.load(args.textures) if args.textures else Atlas.tiny()
    render_into(Pool(args.pool, args.pairs), atlas, args.seed, args.producer, args.producers)


if __name__ == "__main__":
    main()
