"""Compares whole fast reciprocal matches in one run, method after method in turns: our search, the same kernel comparing
everything, blocks of torch products (the way of the official code), FAISS flat.

    mvn test-compile
    mast3r reconstruct A B --size 512 -o MAPS.npz
    python scripts/bench/nearest_neighbours.py MAPS.npz smooth random                 a table of seconds and ratios
    python scripts/bench/nearest_neighbours.py MAPS.npz --subsample 1 --methods ours  every pixel a seed

All make the same hops from the same seeds (arXiv 2406.09756, section 3.3). torch and FAISS sum a dot product in another order
than we do, so a few near-ties may differ; "same" counts the matches that the method and ours share. Seconds are medians over the
rounds, with the least and the most; ratios are medians of each round's ratio. "first" is our first call in a fresh Java, compiler at
work; the rounds come after two more. Needs numpy, torch, faiss-cpu and a JDK 17.
"""
from __future__ import annotations

import argparse
import statistics
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
WARM_UPS = 2

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


def synthetic(kind: str, size: str) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    width, height = map(int, size.split("x"))
    if kind == "random":
        return unit(rng.standard_normal((height, width, 24))), unit(rng.standard_normal((height, width, 24)))
    field = smooth_field(2 * width // 16 + 4, 2 * height // 16 + 4, 24, rng)
    return view(field, width, height, 20, 1.0, 16, 0.02, rng), view(field, width, height, 40, 1.1, 16, 0.02, rng)


def read_maps(path: Path) -> tuple[np.ndarray, np.ndarray]:
    with np.load(path) as maps:
        return np.ascontiguousarray(maps["desc_a"], np.float32), np.ascontiguousarray(maps["desc_b"], np.float32)


class Java:
    """Our matcher and our comparison of everything, in one process that waits for orders."""

    def __init__(self, a: np.ndarray, b: np.ndarray, subsample: int, threads: int):
        self.folder = tempfile.TemporaryDirectory()
        a.tofile(Path(self.folder.name, "a.f32"))
        b.tofile(Path(self.folder.name, "b.f32"))
        self.order = f"{subsample} {threads}"
        command = ["java", "-XX:+UseParallelGC", "-Xmn200m", "--add-modules", "jdk.incubator.vector",
                   "-cp", f"{ROOT / 'target/test-classes'}:{ROOT / 'target/classes'}", "dev.mast3r.match.RawMapsMatching",
                   self.folder.name, *map(str, (a.shape[1], a.shape[0], b.shape[1], b.shape[0], a.shape[2]))]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def match(self, what: str) -> tuple[float, set]:
        self.process.stdin.write(f"{what} {self.order}\n")
        self.process.stdin.flush()
        seconds = float(self.process.stdout.readline().split()[0])
        pixels = np.fromfile(Path(self.folder.name, "matches.i32"), np.int32).reshape(-1, 2)
        return seconds, set(map(tuple, pixels.tolist()))

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.folder.cleanup()


def timed(a: np.ndarray, b: np.ndarray, subsample: int, new_search: Callable[[np.ndarray], Search]) -> tuple[float, set]:
    start = time.perf_counter()
    matches = reciprocal_matches(a, b, subsample, new_search)
    return time.perf_counter() - start, matches


def compare(name: str, a: np.ndarray, b: np.ndarray, subsample: int, args: argparse.Namespace) -> None:
    java = Java(a, b, subsample, args.threads)
    ways = {"ours": lambda: java.match("ours"), "all": lambda: java.match("all"),
            "torch": lambda: timed(a, b, subsample, torch_search), "faiss": lambda: timed(a, b, subsample, faiss_search)}
    first, found = java.match("ours")
    for _ in range(WARM_UPS):
        java.match("ours")
    if "all" in args.methods:
        java.match("all")
    seconds: dict[str, list[float]] = {method: [] for method in args.methods}
    same = {}
    for round_number in range(args.rounds):
        # in turns, each round in the other direction
        for method in args.methods if round_number % 2 == 0 else args.methods[::-1]:
            elapsed, matches = ways[method]()
            seconds[method].append(elapsed)
            same[method] = len(matches & found) if len(matches) == len(found) else f"{len(matches & found)} of {len(matches)}"
    java.close()
    for method in args.methods:
        times = seconds[method]
        ratios = [other / ours for other, ours in zip(times, seconds["ours"])]
        note = f"first {first:.2f}; {len(found)} matches" if method == "ours" else f"{same[method]} same"
        print(f"| {name}, S={subsample} | {method} | {statistics.median(times):.3f} | {min(times):.3f} - {max(times):.3f} |"
              f" {statistics.median(ratios):.2f} ({min(ratios):.2f} - {max(ratios):.2f}) | {note} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("maps", nargs="+", help="'smooth', 'random', or a file that `mast3r match --maps` wrote")
    parser.add_argument("--size", default="512x384", help="of the synthetic maps")
    parser.add_argument("--subsample", type=int, nargs="+", default=[8])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--methods", nargs="+", default=["ours", "all", "torch", "faiss"])
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    faiss.omp_set_num_threads(args.threads)
    print(f"{args.threads} threads, {args.rounds} rounds\n")
    print("| maps | method | seconds | least - most | times ours (least - most) | matches |\n| --- | --- | --- | --- | --- | --- |")
    for name in args.maps:
        a, b = synthetic(name, args.size) if name in ("smooth", "random") else read_maps(Path(name))
        label = f"{Path(name).stem} {a.shape[1]}x{a.shape[0]}"
        for subsample in args.subsample:
            compare(label, a, b, subsample, args)


if __name__ == "__main__":
    main()
