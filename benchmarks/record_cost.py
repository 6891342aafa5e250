"""Recording one voucher in a fresh process: what it costs in a large fund beside a small one.

It is recorded into October, the last month that both funds have vouchers of: by the library, and
by the command that a clerk types, which also looks for the same voucher among the latest.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from funds import FUND, build
from processes import in_turn, python, run

BOUND = 1.3
_RECORD = """
import sys
from datetime import date, datetime
from pathlib import Path
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.ledger import drafts
from fundledger.ledger.voucher import Draft
from fundledger.office import Office

surroundings = Surroundings(lambda: datetime(2026, 10, 30, 9, 0, tzinfo=SHANGHAI))
fund = Office(Path(sys.argv[1]), surroundings).fund(sys.argv[2])
postings = drafts.expense(2026, ("CASC", "Dibao"), 1_00)
fund.record(
    Draft(
        date=date(2026, 10, 28),
        narration="10月救助金发放",
        maker="S03",
        reviewer="S01",
        poster="S05",
        cashier="S06",
        event="expense",
        attachments=1,
        postings=postings,
    )
)
fund.close_files()
"""
_COMMAND = (
    *("record", FUND, "expense", "--line", "CASC:Dibao", "--amount", "1.00", "--yes"),
    *("--date", "2026-10-28", "--narration", "10月救助金发放", "--attachments", "1"),
    *("--maker", "S03", "--reviewer", "S01", "--poster", "S05", "--cashier", "S06"),
)


def main(small: int = 1_000, large: int = 100_000, runs: int = 15) -> None:
    """Print the medians of fresh processes by turns, and what the first after a start costs."""
    with tempfile.TemporaryDirectory() as folder:
        roots = [Path(folder) / str(count) for count in (large, small)]
        for root, count in zip(roots, (large, small), strict=True):
            build(root, count)
        commands = [python("-c", _RECORD, str(root), FUND) for root in roots]
        first = run(commands[0])
        cost, small_cost, ratio = in_turn(commands[0], commands[1], runs)
        typed = [python("-m", "fundledger", "-C", str(root), *_COMMAND) for root in roots]
        command, small_command, command_ratio = in_turn(typed[0], typed[1], runs)
    figures = {
        "benchmark": "record",
        "vouchers": [small, large],
        "small_milliseconds": round(small_cost.seconds * 1000, 1),
        "large_milliseconds": round(cost.seconds * 1000, 1),
        "ratio": round(ratio, 3),
        "small_command_milliseconds": round(small_command.seconds * 1000, 1),
        "large_command_milliseconds": round(command.seconds * 1000, 1),
        "command_ratio": round(command_ratio, 3),
        "bound": BOUND,
        "holds": max(ratio, command_ratio) <= BOUND,
        "large_first_after_a_start_seconds": round(first.seconds, 2),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
