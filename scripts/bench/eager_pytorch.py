"""Compares time and memory of the network with a plain eager PyTorch implementation, on this machine and in one run.

    mvn -DskipTests package
    python scripts/make_random_checkpoint.py --out random.pth
    python scripts/bench/eager_pytorch.py random.pth testdata/images/motorcycle_left.png testdata/images/motorcycle_right.png

Ours is `mast3r bench`; the other loads the checkpoint by torch.load and runs scripts/plain_network.py in float32 on images
of the same size, in a process of its own with as many threads. Both warm up twice. Seconds are those of encoder,
decoders and heads of one pair, the median and the least of --runs; memory is the most anonymous memory that the process
held (weights that are mapped from their file are not part of it) and the most resident memory with them.
Needs PyTorch, 7 GB of memory, and a machine with nothing else to do.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, List, Tuple

SCRIPTS = Path(__file__).resolve().parents[1]
NETWORK_STAGES = ("encode", "decoders", "heads")
WARM_UPS = 2


def run_measured(command: List[str]) -> Tuple[str, Dict[str, float]]:
    """Standard output of a command, and the peaks of its memory in GB, sampled every 10 ms."""
    # threads of both wait asleep, as bin/mast3r has it: else a busy machine slows the other one more
    environment = os.environ | {"OMP_WAIT_POLICY": "PASSIVE"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    peaks = {"RssAnon": 0.0, "VmHWM": 0.0}
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            break
        for key in peaks:
            found = re.search(key + r":\s+(\d+) kB", status)
            if found:
                peaks[key] = max(peaks[key], int(found.group(1)) * 1024 / 1e9)
        time.sleep(0.01)
    output = process.stdout.read()
    if process.wait() != 0:
        sys.exit(f"{command[0]} ended with exit code {process.returncode}")
    return output, peaks


def run_eager(checkpoint: Path, size_a: str, size_b: str, runs: int, threads: int) -> None:
    """The child process: prints the seconds of every run as a JSON list."""
    import torch

    sys.path.insert(0, str(SCRIPTS))
    import network
    import plain_network

    torch.set_num_threads(threads)
    torch.serialization.add_safe_globals([argparse.Namespace])
    weights = torch.load(checkpoint, map_location="cpu", weights_only=True)["model"]
    images = []
    for size in (size_a, size_b):
        width, height = (int(side) for side in size.split("x"))
        images.append(torch.randint(0, 256, (1, height, width, 3), dtype=torch.uint8))
    seconds = []
    for _ in range(WARM_UPS + runs):
        start = time.perf_counter()
        plain_network.run_pair(weights, network.OFFICIAL, *images)
        seconds.append(time.perf_counter() - start)
    print(json.dumps(seconds[WARM_UPS:]))


def launcher() -> str:
    found = sorted(SCRIPTS.parent.glob("target/mast3r-*-application/mast3r-*/bin/mast3r"))
    if not found:
        sys.exit("no application in target/: run mvn -DskipTests package")
    return str(found[-1])


def main(options: argparse.Namespace) -> None:
    program = options.program or launcher()
    command = [program, "bench", "--json", "--runs", str(options.runs), "--threads", str(options.threads)]
    output, our_memory = run_measured(command + ["--model", *map(str, (options.checkpoint, options.a, options.b))])
    report = json.loads(output)
    stages = {stage["name"]: stage for stage in report["stages"]}
    ours = [sum(stages[name][key] for name in NETWORK_STAGES) for key in ("median_s", "min_s")]
    sizes = [report["network_a"], report["network_b"]]
    child = [sys.executable, __file__, "--eager", *sizes, "--runs", str(options.runs)]
    output, memory = run_measured(child + ["--threads", str(options.threads), str(options.checkpoint), "-", "-"])
    seconds = json.loads(output)
    eager = [statistics.median(seconds), min(seconds)]
    print(f"{sizes[0]} and {sizes[1]}, {options.threads} threads, {options.runs} runs")
    print(f"{'':22s}{'ours':>8s}{'eager':>8s}{'ratio':>8s}")
    rows = (("median s", ours[0], eager[0]), ("least s", ours[1], eager[1])) + tuple(
        (name, our_memory[key], memory[key])
        for name, key in (("anonymous memory GB", "RssAnon"), ("resident memory GB", "VmHWM"))
    )
    for name, our, other in rows:
        print(f"{name:22s}{our:8.2f}{other:8.2f}{our / other:8.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("checkpoint", type=Path, help="an official .pth, or one of make_random_checkpoint.py")
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--program", help="bin/mast3r; default: that of target/")
    parser.add_argument("--eager", nargs=2, metavar="WxH", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.eager:
        run_eager(given.checkpoint, *given.eager, given.runs, given.threads)
    else:
        main(given)
