"""Measures where the time of one pair goes when Java has just started, for several ways to run it, in turns.

    scripts/mast3r doctor                                   builds the application
    python scripts/bench/fresh_process.py A.jpg B.jpg "" "--kernel vector" "--kernel scalar"

Each way is a string of options for `mast3r pose`; words that begin with -X go to Java. The table has medians of the runs: the
stages that the command itself reports, and seconds and peak memory of the whole process.
"""
from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(command: str, photos: list[str], way: str) -> dict[str, float]:
    words = way.split()
    of_java = [word for word in words if word.startswith("-X")]
    options = [word for word in words if not word.startswith("-X")]
    start = time.monotonic()
    process = subprocess.Popen([command, "pose", *photos, "-q", *options], stdout=subprocess.PIPE, text=True,
                               env=dict(os.environ, MAST3R_JAVA_OPTS=" ".join(of_java)))
    seconds = json.loads(process.stdout.read())["seconds"]
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"mast3r pose {way}: failed")
    return {**seconds, "process": time.monotonic() - start, "MiB": usage.ru_maxrss / 1024}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", nargs=2)
    parser.add_argument("ways", nargs="+", help="options of each way, as one word; empty: defaults")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--command", default=str(ROOT / "scripts/mast3r"))
    arguments = parser.parse_args()
    found: list[list[dict[str, float]]] = [[] for _ in arguments.ways]
    for _ in range(arguments.rounds):
        for runs, way in zip(found, arguments.ways):
            runs.append(run(arguments.command, arguments.photos, way))
    columns = list(found[0][0])
    print("| way | " + " | ".join(columns) + " |")
    print("| --- |" + " --- |" * len(columns))
    for runs, way in zip(found, arguments.ways):
        medians = [statistics.median(r[column] for r in runs) for column in columns]
        print(f"| `{way or 'defaults'}` | " + " | ".join(f"{m:.0f}" if m > 100 else f"{m:.2f}" for m in medians) + " |")


if __name__ == "__main__":
    main()
