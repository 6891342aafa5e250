"""A complete cold check of a fund of 100,000 four-posting vouchers beside `bean-check -C`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from funds import FUND, build
from processes import in_turn, python, tool

BOUND_TIME = 1 / 8
BOUND_MEMORY = 1 / 2
PROCESSES = 2  # that a check of a large journal is, each at most as large as the larger


def main(vouchers: int = 100_000, runs: int = 3) -> None:
    """Print both costs and their ratios as a line of JSON."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        book = build(root, vouchers) / "book.beancount"
        ours = python("-m", "fundledger", "-C", str(root), "check", FUND)
        theirs = [tool("bean-check"), "-C", str(book)]
        check, bean_check, ratio = in_turn(ours, theirs, runs)
    memory_mib = PROCESSES * check.memory_mib
    memory_ratio = memory_mib / bean_check.memory_mib
    figures = {
        "benchmark": "check",
        "vouchers": vouchers,
        "check_seconds": round(check.seconds, 2),
        "bean_check_seconds": round(bean_check.seconds, 2),
        "time_ratio": round(ratio, 4),
        "time_bound": BOUND_TIME,
        "check_mib_at_most": round(memory_mib),
        "bean_check_mib": round(bean_check.memory_mib),
        "memory_ratio": round(memory_ratio, 3),
        "memory_bound": BOUND_MEMORY,
        "holds": ratio <= BOUND_TIME and memory_ratio <= BOUND_MEMORY,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
