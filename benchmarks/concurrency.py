"""Sixteen processes record into one fund: how many durable vouchers a second, all together?"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.offices import granted
from support.writers import fund_of_writers, run_writers

WRITERS = 16
EACH = 150


def measured(writers: int = WRITERS, each: int = EACH) -> dict[str, float]:
    """Return vouchers a second in sum, and how long one took to be acknowledged."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "dibao"
        fund = fund_of_writers(root)
        granted(fund, 90_000_000_00)
        fund.close_files()
        seconds, told = run_writers(root, writers, each)
    waits = sorted(one.seconds for log in told for one in log)
    return {
        "writers": writers,
        "vouchers": len(waits),
        "vouchers_per_second": round(len(waits) / seconds, 1),
        "median_milliseconds": round(waits[len(waits) // 2] * 1000, 2),
        "p99_milliseconds": round(waits[len(waits) * 99 // 100] * 1000, 2),
    }


def main() -> None:
    """Print the figures as one line of JSON."""
    print(json.dumps({"concurrency": measured()}))


if __name__ == "__main__":
    main()
