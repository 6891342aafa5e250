"""Recording one voucher in a fresh process: does it cost more in a large fund than in a small one?"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from funds import write_fund

SMALL = 1_000
LARGE = 100_000
ROUNDS = 15
_TESTS = str(Path(__file__).resolve().parents[1] / "tests")
_RECORD = """
import sys
sys.path.insert(0, sys.argv[3])
from datetime import date, datetime
from pathlib import Path
from support.offices import DIBAO, charter, draft
from fundledger.fund import SHANGHAI, Surroundings, open_fund
from fundledger.ledger import drafts

surroundings = Surroundings(lambda: datetime(2026, 12, 20, 9, 0, tzinfo=SHANGHAI))
fund = open_fund(Path(sys.argv[1]), charter(), surroundings)
one = draft(drafts.expense(2026, DIBAO, 1_00), date(2026, 12, 1), "expense")
assert fund.record(one, key=sys.argv[2]).sequence
fund.close_files()
"""


def _seconds(folder: Path, key: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", _RECORD, str(folder), key, _TESTS], check=True)
    return time.perf_counter() - start


def measured(small: int = SMALL, large: int = LARGE, rounds: int = ROUNDS) -> dict[str, float]:
    """Return the medians of fresh processes by turns, what recovery took, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        funds = {count: write_fund(Path(folder) / str(count), count) for count in (small, large)}
        first = {count: _seconds(path, "first") for count, path in funds.items()}
        taken: dict[int, list[float]] = {small: [], large: []}
        for number in range(rounds):
            for count, path in funds.items():
                taken[count].append(_seconds(path, f"K-{number}"))
    medians = {count: statistics.median(seconds) for count, seconds in taken.items()}
    return {
        "small": small,
        "large": large,
        "small_milliseconds": round(medians[small] * 1000, 1),
        "large_milliseconds": round(medians[large] * 1000, 1),
        "ratio": round(medians[large] / medians[small], 3),
        "large_recovery_seconds": round(first[large], 2),
    }


def main() -> None:
    """Print the figures as one line of JSON."""
    print(json.dumps({"record_cost": measured()}))


if __name__ == "__main__":
    main()
