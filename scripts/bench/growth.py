"""Fits how the time of matches grows with the number of pixels, from a JMH result file.

    java ... org.openjdk.jmh.Main ReciprocalMatchingBenchmark.match ... -rf json -rff sweep.json
    python scripts/bench/growth.py sweep.json

Prints a table row for each kind of maps, subsampling, kernel and number of threads: milliseconds by size, and the exponent e of the
least-squares line log t = e log(pixels) + c. An exponent of 1 is linear growth.
"""
from __future__ import annotations

import json
import math
import sys
from collections import defaultdict


def pixels(size: str) -> int:
    width, height = map(int, size.split("x"))
    return width * height


def exponent(times: dict[str, float]) -> float:
    points = [(math.log(pixels(size)), math.log(time)) for size, time in times.items()]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)


def main() -> None:
    series: dict[tuple, dict[str, float]] = defaultdict(dict)
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            for run in json.load(file):
                parameters = run["params"]
                name = run["benchmark"].rsplit(".", 1)[1]
                key = (name, parameters["kind"], int(parameters["subsample"]), parameters["kernel"], int(parameters["threads"]))
                series[key][parameters["size"]] = run["primaryMetric"]["score"]
    sizes = sorted({size for times in series.values() for size in times}, key=pixels)
    print(f"| what | maps | S | kernel | threads | {' | '.join(sizes)} | exponent |")
    print(f"|{' --- |' * (6 + len(sizes))}")
    for key in sorted(series):
        times = series[key]
        cells = [f"{times[size]:.0f}" if size in times else "" for size in sizes]
        fit = f"{exponent(times):.2f}" if len(times) > 1 else ""
        print(f"| {' | '.join(map(str, key))} | {' | '.join(cells)} | {fit} |")


if __name__ == "__main__":
    main()
