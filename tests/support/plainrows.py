"""A fund that pays nobody in batches, and a statement of March that says little of its rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fundledger.bank import BankLine, Statement
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.reconcile import Proposed
from support.offices import draft, fund_at

NUMBER = "3100000000000000101"
OPENING_FEN = 1_000_00


def statement(*moves: tuple[int, int, str]) -> Statement:
    """Return March with these (day, signed fen, summary), after what the fund was given."""
    lines = tuple(
        BankLine(
            row,
            date(2026, 3, day),
            "in" if fen > 0 else "out",
            abs(fen),
            counterparty="某某某",
            summary=summary,
        )
        for row, (day, fen, summary) in enumerate(((1, OPENING_FEN, "捐款"), *moves), 2)
    )
    closing_fen = sum(line.amount_fen * (1 if line.direction == "in" else -1) for line in lines)
    return Statement(
        "march.csv",
        "3" * 64,
        NUMBER,
        date(2026, 3, 1),
        date(2026, 3, 31),
        0,
        closing_fen,
        lines,
        stated_period=True,
    )


def opened(root: Path) -> Fund:
    fund = fund_at(root)
    fund.record(draft(drafts.donation(OPENING_FEN), date(2026, 3, 1), "donation"))
    return fund


def recorded(fund: Fund, one: Proposed) -> None:
    day = date.fromisoformat(one.on)
    fund.record(draft(one.postings, day, one.event), key=f"row-{one.ref}")
