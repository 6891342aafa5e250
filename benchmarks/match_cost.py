"""All tiers and classes of a matching beside one bare occurrence-counting full outer join.

Both read the same tables in memory with the same threads, in turn.  The bare join counts equal
(account, amount) on both sides and joins the first with the first: no tiers, no dates, no reasons.
Where pandas is installed its merge is timed as well, and datacompy where that is (neither belongs
to fundledger: `pip install pandas datacompy pyarrow`).

`python benchmarks/match_cost.py 10000000` measures other numbers of lines, once each, with no more
memory for tables than `MEMORY_MIB`; what does not fit is put aside in a folder of its own.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import NamedTuple

import duckdb
from matchings import make

from fundledger.matching import connect, match

BOUND = 8
BOUND_FROM_LINES = 1_000_000  # below, some hundred statements cost more than what they do
GROWTH_BOUND = 1.3
AS_OF = date(2026, 11, 27)
THREADS = 2
MEMORY_MIB = 5_500
PEAK_BOUND_MIB = 8 * 1024
TIERS = 8  # T1 to T9 but for T8, which matches nothing
CLASSES = 22

_BARE = """
CREATE OR REPLACE TABLE bare AS
WITH l AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY account, amount_fen ORDER BY line) AS nth
    FROM lines
),
b AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY account, signed_fen ORDER BY statement, "row") AS nth
    FROM bank
)
SELECT l.line, b.statement, b."row"
FROM l
FULL OUTER JOIN b ON l.account = b.account AND l.amount_fen = -b.signed_fen AND l.nth = b.nth
"""


class Cost(NamedTuple):
    """What a piece of work took: by the clock, and of all processors together."""

    seconds: float
    processor: float


def main(sizes: tuple[int, ...] = (100_000, 300_000, 1_000_000), runs: int = 5) -> None:
    """Print the ratio at each size, and how the time grows, as lines of JSON."""
    measured = [_measure(size, runs) for size in sizes]
    first, last = measured[0], measured[-1]
    growth = (last / first) / (sizes[-1] / sizes[0])
    sys.stdout.write(
        json.dumps(
            {
                "benchmark": "match growth",
                "lines": [sizes[0], sizes[-1]],
                "seconds": [round(first, 2), round(last, 2)],
                "time_by_lines": round(growth, 2),
                "bound": GROWTH_BOUND,
                "holds": growth <= GROWTH_BOUND,
            }
        )
        + "\n"
    )


def in_bounded_memory(sizes: tuple[int, ...]) -> None:
    """Print the same for each size, run once, where memory is short."""
    with tempfile.TemporaryDirectory(prefix="matching-") as spill:
        for size in sizes:
            _measure(size, 1, Path(spill))


def _measure(lines: int, runs: int, spill: Path | None = None) -> float:
    connection = connect(threads=THREADS, memory_mib=MEMORY_MIB if spill else None, spill=spill)
    make(connection, lines)
    _bare(connection)
    match(connection, as_of=AS_OF)
    pairs = [
        (
            _timed(lambda: _bare(connection)),
            _timed(lambda: match(connection, as_of=AS_OF)),
        )
        for _ in range(runs)
    ]
    ratio = median(ours.seconds / bare.seconds for bare, ours in pairs)
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures = {
        "benchmark": "match",
        "lines": lines,
        "bank_rows": _count(connection, "SELECT COUNT(*) FROM bank"),
        "tiers": _count(connection, "SELECT COUNT(DISTINCT tier) FROM matches"),
        "classes": _count(connection, "SELECT COUNT(DISTINCT class) FROM exceptions"),
        "bare_seconds": round(median(bare.seconds for bare, _ in pairs), 2),
        "match_seconds": round(median(ours.seconds for _, ours in pairs), 2),
        "ratio": round(ratio, 2),
        "processor_ratio": round(
            median(ours.processor / bare.processor for bare, ours in pairs), 2
        ),
        "bound": BOUND,
        "peak_mib": peak_mib,
        "peak_bound_mib": PEAK_BOUND_MIB,
        **({} if spill else _others(connection)),
    }
    whole = figures["tiers"] == TIERS and figures["classes"] == CLASSES
    fits = peak_mib <= PEAK_BOUND_MIB
    figures["holds"] = whole and fits and (ratio <= BOUND or lines < BOUND_FROM_LINES)
    sys.stdout.write(json.dumps(figures) + "\n")
    connection.close()
    return median(ours.seconds for _, ours in pairs)


def _bare(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(_BARE)


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    ((count,),) = connection.execute(query).fetchall()
    return int(count)


def _timed(work: Callable[[], object]) -> Cost:
    start, processor = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - start, time.process_time() - processor)


def _others(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Time pandas' merge by occurrence, and datacompy's comparison, where they are installed."""
    try:
        importlib.import_module("pandas")
    except ModuleNotFoundError:
        return {}
    lines = connection.table("lines").df()
    bank = connection.table("bank").df()
    bank["amount_fen"] = -bank["signed_fen"]
    keys = ["account", "amount_fen"]

    def merged() -> None:
        for side in (lines, bank):
            side["nth"] = side.groupby(keys).cumcount()
        lines.merge(bank, on=[*keys, "nth"], how="outer")

    seconds = {"pandas_merge_seconds": round(_timed(merged).seconds, 2)}
    try:
        datacompy = importlib.import_module("datacompy")
    except ModuleNotFoundError:
        return seconds
    compare = getattr(datacompy, "PandasCompare", None) or datacompy.Compare
    columns = [*keys, "person"]
    cost = _timed(
        lambda: compare(lines[columns], bank[columns], join_columns=keys).count_matching_rows()
    )
    seconds["datacompy_seconds"] = round(cost.seconds, 2)
    return seconds


if __name__ == "__main__":
    if len(sys.argv) > 1:
        in_bounded_memory(tuple(map(int, sys.argv[1:])))
    else:
        main()
