"""How long `fundledger --help` takes to start beside `python -c "import click"`."""

from __future__ import annotations

import json
import sys

from processes import in_turn, python, tool

BOUND = 2.0


def main(runs: int = 15) -> None:
    """Print both costs and their ratio as a line of JSON."""
    ours, click, ratio = in_turn([tool("fundledger"), "--help"], python("-c", "import click"), runs)
    figures = {
        "benchmark": "help",
        "help_seconds": round(ours.seconds, 4),
        "import_click_seconds": round(click.seconds, 4),
        "time_ratio": round(ratio, 3),
        "time_bound": BOUND,
        "holds": ratio <= BOUND,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
