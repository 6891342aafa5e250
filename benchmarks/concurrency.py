"""Sixteen processes record into one fund: how many durable vouchers a second, all together?"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from processes import ROOT

sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT))

from support.offices import granted
from support.writers import fund_of_writers, run_writers

BOUND = 500


def main(writers: int = 16, each: int = 200) -> None:
    """Print vouchers a second in sum, and how long one took to be acknowledged, as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "dibao"
        fund = fund_of_writers(root)
        granted(fund, 90_000_000_00)
        fund.close_files()
        seconds, told = run_writers(root, writers, each)
    waits = sorted(one.seconds for log in told for one in log)
    figures = {
        "benchmark": "concurrency",
        "writers": writers,
        "vouchers": len(waits),
        "vouchers_per_second": round(len(waits) / seconds),
        "bound": BOUND,
        "holds": len(waits) / seconds >= BOUND,
        "median_milliseconds": round(waits[len(waits) // 2] * 1000, 1),
        "p99_milliseconds": round(waits[len(waits) * 99 // 100] * 1000, 1),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
