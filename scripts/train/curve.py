"""The learning curve of a run as a CSV file."""
from __future__ import annotations

import csv
from pathlib import Path


def append_row(path: Path, columns: list[str], row: dict[str, float]) -> None:
    """Adds a row, behind a header in a new file; what the row lacks stays empty, what has no column is left out."""
    fresh = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        if fresh:
            writer.writeheader()
        writer.writerow({k: f"{v:.5g}" for k, v in row.items()})
