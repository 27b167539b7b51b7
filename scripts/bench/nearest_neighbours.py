"""Compares whole fast reciprocal matches on this machine: ours, blocks of torch products (the way of the official code), FAISS.

    mvn test-compile
    python scripts/bench/nearest_neighbours.py --kind smooth
    python scripts/bench/nearest_neighbours.py --maps a.npy b.npy        real descriptor maps, H x W x d

All three make the same hops from the same seeds (arXiv 2406.09756, section 3.3). torch and FAISS sum a dot product in
another order than we do, so a few near-ties may differ; "same" counts the matches that all of the method's and ours share.
Wall seconds depend on what else runs; processor seconds hardly do. Needs numpy, torch, faiss-cpu and a JDK 17.
"""
from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Callable

import faiss
import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
BLOCK = 8192
MAX_ROUND_TRIPS = 10

Search = Callable[[np.ndarray], np.ndarray]


def smooth_field(columns: int, rows: int, dimension: int, rng: np.random.Generator) -> np.ndarray:
    return rng.standard_normal((rows, columns, dimension)).astype(np.float32)


def view(field: np.ndarray, width: int, height: int, shift: float, zoom: float, patch: int, noise: float,
         rng: np.random.Generator) -> np.ndarray:
    """The field, bilinear between knots `patch` pixels apart, through a shift and a zoom, with noise, of unit norm."""
    x = np.clip((np.arange(width) * zoom + shift) / patch, 0, field.shape[1] - 1.001)
    y = np.clip((np.arange(height) * zoom + shift / 2) / patch, 0, field.shape[0] - 1.001)
    column, row = x.astype(int), y.astype(int)
    fx, fy = (x - column)[None, :, None], (y - row)[:, None, None]
    top = (1 - fx) * field[row][:, column] + fx * field[row][:, column + 1]
    bottom = (1 - fx) * field[row + 1][:, column] + fx * field[row + 1][:, column + 1]
    out = (1 - fy) * top + fy * bottom
    return unit(out + noise * np.sqrt(field.shape[2]) * rng.standard_normal(out.shape))


def unit(values: np.ndarray) -> np.ndarray:
    return (values / np.linalg.norm(values, axis=-1, keepdims=True)).astype(np.float32)


def torch_search(points: np.ndarray) -> Search:
    database = torch.from_numpy(points)

    def search(queries: np.ndarray) -> np.ndarray:
        rows = torch.from_numpy(queries)
        best = torch.full((len(rows),), -torch.inf)
        index = torch.zeros(len(rows), dtype=torch.int64)
        for i in range(0, len(rows), BLOCK):
            for j in range(0, len(database), BLOCK):
                value, at = (rows[i:i + BLOCK] @ database[j:j + BLOCK].T).max(1)
                better = value > best[i:i + BLOCK]
                best[i:i + BLOCK][better] = value[better]
                index[i:i + BLOCK][better] = at[better] + j
        return index.numpy()

    return search


def faiss_search(points: np.ndarray) -> Search:
    index = faiss.IndexFlatIP(points.shape[1])
    index.add(points)
    return lambda queries: index.search(queries, 1)[1][:, 0]


def reciprocal_matches(a: np.ndarray, b: np.ndarray, subsample: int, new_search: Callable[[np.ndarray], Search]) -> set:
    height, width, _ = a.shape
    flat_a, flat_b = a.reshape(-1, a.shape[2]), b.reshape(-1, b.shape[2])
    in_a, in_b = new_search(flat_a), new_search(flat_b)
    y, x = np.mgrid[subsample // 2:height:subsample, subsample // 2:width:subsample]
    u = (y * width + x).ravel()
    v = np.full_like(u, -1)
    old_u, old_v = u.copy(), v.copy()
    active = np.ones(len(u), bool)
    for _ in range(MAX_ROUND_TRIPS):
        v[active] = in_b(flat_a[u[active]])
        active &= v != old_v
        if active.any():
            u[active] = in_a(flat_b[v[active]])
        active &= u != old_u
        if not active.any():
            break
        old_u, old_v = u.copy(), v.copy()
    return set(zip(u[~active].tolist(), v[~active].tolist()))


def ours(a: np.ndarray, b: np.ndarray, subsample: int, threads: int, runs: int, kernel: str) -> tuple[list, set]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        a.tofile(folder / "a.f32")
        b.tofile(folder / "b.f32")
        modules = ["--add-modules", "jdk.incubator.vector"] if kernel == "vector" else []
        command = ["java", *modules, "-cp", f"{ROOT / 'target/test-classes'}:{ROOT / 'target/classes'}",
                   "dev.mast3r.match.RawMapsMatching", name, str(a.shape[1]), str(a.shape[0]), str(a.shape[2]),
                   str(subsample), str(threads), str(runs)]
        lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        times = [tuple(map(float, line.split())) for line in lines.splitlines()]
        text = (folder / "matches.csv").read_text().split()
        return times, {tuple(map(int, line.split(","))) for line in text}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--maps", nargs=2, type=Path, metavar=("A", "B"))
    parser.add_argument("--kind", choices=("smooth", "random"), default="smooth")
    parser.add_argument("--size", default="512x384")
    parser.add_argument("--subsample", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5, help="of ours in one process; the last is told, and the first")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    faiss.omp_set_num_threads(args.threads)

    rng = np.random.default_rng(7)
    width, height = map(int, args.size.split("x"))
    if args.maps:
        a, b = (np.ascontiguousarray(np.load(path), np.float32) for path in args.maps)
        if a.shape != b.shape:
            parser.error("both maps must have one shape here")
    elif args.kind == "random":
        a, b = (unit(rng.standard_normal((height, width, 24))) for _ in range(2))
    else:
        field = smooth_field(2 * width // 16 + 4, 2 * height // 16 + 4, 24, rng)
        a = view(field, width, height, 20, 1.0, 16, 0.02, rng)
        b = view(field, width, height, 40, 1.1, 16, 0.02, rng)
    print(f"{a.shape[1]} x {a.shape[0]} x {a.shape[2]}, subsample {args.subsample}, {args.threads} threads")

    found = None
    for kernel in ("vector", "scalar"):
        times, found = ours(a, b, args.subsample, args.threads, args.runs, kernel)
        print(f"ours, {kernel:6s}: {times[-1][0]:8.3f} s wall {times[-1][1]:8.3f} s processor"
              f" (first run {times[0][0]:.3f}, {times[0][1]:.3f}); {len(found)} matches", flush=True)
    for name, search in (("torch", torch_search), ("FAISS flat", faiss_search)):
        wall, processor = time.perf_counter(), time.process_time()
        matches = reciprocal_matches(a, b, args.subsample, search)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        print(f"{name:12s}: {wall:8.3f} s wall {processor:8.3f} s processor; {len(matches)} matches,"
              f" {len(matches & found)} same as ours", flush=True)


if __name__ == "__main__":
    main()
