"""Measures what --fine and --fine=local give: error against the true poses of a pair list, time and memory of the command.

    scripts/mast3r doctor                                   builds the application
    python scripts/bench/fine_accuracy.py ../shared/data/strecha-fountain-P11/pairs-full.txt --pairs 2

The list needs intrinsics and T_AtoB (A B K_A(9) K_B(9) T_AtoB(16)). The error of a match is the mean of its distances in
original pixels to the epipolar lines of the true pose in A and in B; the table has the median over the matches of a pair.
"gain" is by how much of the coarse error it is lower. Seconds and peak memory are those of the whole process. --enlarge N
makes the photos N times as wide and high, for photos of any size. Needs numpy and Pillow.
"""
from __future__ import annotations

import argparse
import io
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
Image.MAX_IMAGE_PIXELS = None


def cross(t: np.ndarray) -> np.ndarray:
    return np.array([[0, -t[2], t[1]], [t[2], 0, -t[0]], [-t[1], t[0], 0]])


def epipolar_error(rows: np.ndarray, k_a: np.ndarray, k_b: np.ndarray, b_from_a: np.ndarray) -> np.ndarray:
    f = np.linalg.inv(k_b).T @ cross(b_from_a[:3, 3]) @ b_from_a[:3, :3] @ np.linalg.inv(k_a)
    a, b = (np.column_stack([rows[:, i:i + 2], np.ones(len(rows))]) for i in (0, 2))
    in_b, in_a = a @ f.T, b @ f
    residual = np.abs((b * in_b).sum(1))
    return (residual / np.hypot(in_b[:, 0], in_b[:, 1]) + residual / np.hypot(in_a[:, 0], in_a[:, 1])) / 2


def run(command: str, arguments: list[str]) -> tuple[np.ndarray, float, float]:
    """Returns the rows of the CSV, the seconds and the peak memory in MiB."""
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen([command, "match", "-q", *arguments], stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status != 0:
            raise SystemExit(f"mast3r match {' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
        out.seek(0)
        rows = np.loadtxt(io.TextIOWrapper(out), delimiter=",", skiprows=1, ndmin=2)
        return rows, seconds, usage.ru_maxrss / 1024


def enlarged(photo: Path, times: int, folder: Path) -> Path:
    if times == 1:
        return photo
    target = folder / f"{photo.stem}-{times}.jpg"
    if not target.exists():
        image = Image.open(photo)
        image.resize((image.width * times, image.height * times), Image.BICUBIC).save(target, quality=95)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("list", type=Path)
    parser.add_argument("--pairs", type=int, default=3, help="the first N of the list")
    parser.add_argument("--modes", default="coarse,local,windows")
    parser.add_argument("--enlarge", type=int, default=1)
    parser.add_argument("--mast3r", default=str(ROOT / "scripts/mast3r"), help="the command to measure")
    parser.add_argument("options", nargs="*", help="further options of match, after --")
    args = parser.parse_args()

    lines = [line.split() for line in args.list.read_text().splitlines() if line.strip() and not line.startswith("#")]
    print("pair                   mode     matches  median px  within 1 px   gain  seconds  peak MiB")
    with tempfile.TemporaryDirectory() as name:
        for line in lines[:args.pairs]:
            a, b = (enlarged(args.list.parent / photo, args.enlarge, Path(name)) for photo in line[:2])
            values = np.array(line[2:], float)
            zoom = np.array([[args.enlarge, 0, (args.enlarge - 1) / 2], [0, args.enlarge, (args.enlarge - 1) / 2], [0, 0, 1]])
            k_a, k_b = zoom @ values[:9].reshape(3, 3), zoom @ values[9:18].reshape(3, 3)
            coarse = None
            for mode in args.modes.split(","):
                option = [] if mode == "coarse" else [f"--fine={mode}"]
                rows, seconds, peak = run(args.mast3r, [str(a), str(b), *option, *args.options])
                error = epipolar_error(rows, k_a, k_b, values[18:].reshape(4, 4))
                median = np.median(error)
                coarse = median if coarse is None else coarse
                print(f"{a.stem + ' ' + b.stem:22s} {mode:8s} {len(rows):7d} {median:10.3f} {np.mean(error < 1):11.1%}"
                      f" {1 - median / coarse:6.0%} {seconds:8.2f} {peak:9.0f}", flush=True)


if __name__ == "__main__":
    main()
