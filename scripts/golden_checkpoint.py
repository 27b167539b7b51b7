"""Writes the golden checkpoint: a torch.save file in the official layout, and what is in it, tensor by tensor.

    python scripts/golden_checkpoint.py

checkpoint.pth has random weights of a model far smaller than any useful one. tensors.txt has one line a name in the
state dict, aliases included: SHA-256 of the values as little-endian fp32, shape, name.
"""

import argparse
import dataclasses
import hashlib
from pathlib import Path

from checkpoint_files import fusion_aliases, write_pth
from network import TINY, random_weights

GOLDEN = Path(__file__).resolve().parent.parent / "testdata/golden/checkpoint-tiny"

CONFIG = dataclasses.replace(
    TINY,
    enc_embed_dim=8,
    enc_depth=1,
    enc_num_heads=2,
    dec_embed_dim=8,
    dec_depth=2,
    dec_num_heads=1,
    patch_size=4,
    output_mode="pts3d+desc3",
    dpt_layer_dims=(4, 4, 4, 4),
    dpt_feature_dim=4,
    dpt_last_dim=4,
)


def write_golden(folder: Path) -> None:
    weights = random_weights(CONFIG, seed=30)
    write_pth(CONFIG, weights, folder / "checkpoint.pth")
    names = {name: name for name in weights} | fusion_aliases(weights)
    lines = []
    for name, stored in sorted(names.items()):
        digest = hashlib.sha256(weights[stored].numpy().tobytes()).hexdigest()
        lines.append(f"{digest} {list(weights[stored].shape)} {name}".replace(", ", ","))
    (folder / "tensors.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", type=Path, default=GOLDEN, help="folder to write into (default: %(default)s)")
    write_golden(parser.parse_args().out)
