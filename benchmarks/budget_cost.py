"""Deriving the budget of a large office, and how the time grows with the number of funds.

100 funds of 50 categories, three years of books, a million payment lines.  The offices are built
outside of the timing and kept under `out/`.  Each run is a process of its own, its second process
counted.  The proposal reads no index, so that there is none to be warm; the first run is told too.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from statistics import median

import big_office
from processes import ROOT, Cost, python, run

BOUND_SECONDS = 10
GROWTH_BOUND = 1.3
PROCESSES = 2  # that read the journals, each at most as large as the larger
_PROPOSE = """
import sys
from datetime import date, datetime
from pathlib import Path
from fundledger.budget import propose
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.office import Office

surroundings = Surroundings(lambda: datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI))
office = Office(Path(sys.argv[1]), surroundings)
proposal = propose(office, int(sys.argv[2]), as_of=date(2026, 10, 31))
sys.exit(len(proposal.lines) != int(sys.argv[3]))
"""


def main(small: int = 25, large: int = 100, runs: int = 3) -> None:
    """Print what the derivation costs, and its growth from a quarter of the funds, as JSON."""
    few, _ = _measure(small, runs)
    many, first = _measure(large, runs)
    growth = (many.seconds / few.seconds) / (large / small)
    figures = {
        "benchmark": "budget",
        "funds": [small, large],
        "lines": [funds * big_office.CATEGORIES for funds in (small, large)],
        "payment_lines": [
            funds * big_office.MONTHS * big_office.LISTED for funds in (small, large)
        ],
        "seconds": [round(few.seconds, 2), round(many.seconds, 2)],
        "first_seconds": round(first.seconds, 2),
        "processor_seconds": [round(one.processor_seconds, 2) for one in (few, many)],
        "bound_seconds": BOUND_SECONDS,
        "mib_at_most": round(PROCESSES * many.memory_mib),
        "time_by_funds": round(growth, 2),
        "growth_bound": GROWTH_BOUND,
        "holds": many.seconds <= BOUND_SECONDS and growth <= GROWTH_BOUND,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def _measure(funds: int, runs: int) -> tuple[Cost, Cost]:
    """Return the median cost of some runs after the first, and the cost of the first."""
    root = _kept(funds)
    big_office.build(root, funds)
    lines = str(funds * big_office.CATEGORIES)
    first, *costs = [
        run(python("-c", _PROPOSE, str(root), str(big_office.YEAR), lines)) for _ in range(runs + 1)
    ]
    middle = (
        median(cost.seconds for cost in costs),
        median(cost.memory_mib for cost in costs),
        median(cost.processor_seconds for cost in costs),
    )
    return Cost(*middle), first


def _kept(funds: int) -> Path:
    """Return where an office is kept, by all that it is built from."""
    made_from = [Path(big_office.__file__), *sorted((ROOT / "rules").glob("*.toml"))]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in made_from)).hexdigest()
    return ROOT / "out" / "benchmarks" / f"budget-{funds}-{digest[:12]}"


if __name__ == "__main__":
    main()
