#!/usr/bin/env python3
"""Writes the .npz files that the reader is tested with, as NumPy makes them.

    python3 scripts/make_npz_testdata.py src/test/resources/dev/mast3r/output
"""

import sys
from pathlib import Path

import numpy as np


def main():
    folder = Path(sys.argv[1])
    np.savez(
        folder / "stored.npz",
        f4=np.arange(6, dtype=np.float32).reshape(2, 3) / 4,
        f8=np.array([0.1, -2e300]),
        u1=np.array([[[0, 1, 255]]], dtype=np.uint8),
        scalar=np.float64(7.5),
        empty=np.zeros((0, 2), np.float32),
    )
    np.savez_compressed(folder / "compressed.npz", f4=np.linspace(0, 1, 5, dtype=np.float32))
    np.savez(
        folder / "refused.npz",
        i8=np.arange(3),
        big_endian=np.arange(3, dtype=">f4"),
        pickled=np.array([{"a": 1}], dtype=object),
        fortran=np.asfortranarray(np.ones((2, 3), np.float32)),
    )
    # maps as another program may save them: float64, no points, no confidences
    height, width = 2, 3
    descriptors = np.arange(height * width * 4, dtype=np.float64).reshape(height, width, 4)
    view = {
        "image": np.arange(height * width * 3, dtype=np.uint8).reshape(height, width, 3),
        "original_from_network": np.array([[2.5, 0, 0.75], [0, 2.0, 0.5]]),
        "desc": descriptors / np.linalg.norm(descriptors, axis=2, keepdims=True),
    }
    np.savez(folder / "foreign_maps.npz", **{k + s: v for k, v in view.items() for s in ("_a", "_b")})


if __name__ == "__main__":
    main()
