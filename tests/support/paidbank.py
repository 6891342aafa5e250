"""A fund that pays in batches, and what its bank says of it: statements made row by row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from fundledger.bank import BankLine, Statement
from fundledger.ledger.chart import BANK
from fundledger.reconcile import Known, Trial, sign, try_out
from support.paying import Payments

NUMBER = "3100000000000000101"
KNOWN = Known(lambda number: number)
"""The bank of these tests writes pseudonyms where another has numbers."""


class Said(NamedTuple):
    """A row of a statement: its day, fen as they move the account, and what else it says."""

    on: str
    signed_fen: int
    account: str = ""
    name: str = ""
    memo: str = ""
    serial: str = ""


class Bank:
    """The bank of a fund's account: one month after the other, each opening where one closed."""

    def __init__(self, payments: Payments) -> None:
        """Open the account with what the books hold before the first month."""
        self.payments = payments
        self.written: dict[str, Statement] = {}
        self._closing_fen: dict[str, int] = {}

    def month(self, month: str, rows: Iterable[Said], opening_fen: int | None = None) -> Statement:
        """Return the statement of a month such as `2026-03`."""
        start = date.fromisoformat(f"{month}-01")
        end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        if opening_fen is None:
            before = start - timedelta(days=1)
            opening_fen = self._closing_fen.get(
                before.isoformat(), self.payments.fund.books().fen(BANK, before)
            )
        lines = tuple(
            BankLine(
                number,
                date.fromisoformat(row.on),
                "in" if row.signed_fen > 0 else "out",
                abs(row.signed_fen),
                counterparty=row.name,
                counterparty_account=row.account,
                summary="代发" if row.signed_fen < 0 else "转入",
                text=row.memo,
                serial=row.serial,
            )
            for number, row in enumerate(rows, 2)
        )
        closing_fen = opening_fen + sum(line.signed_fen for line in lines)
        self._closing_fen[end.isoformat()] = closing_fen
        digest = hashlib.sha256(repr((month, lines)).encode()).hexdigest()
        self.written[month] = Statement(
            f"{month}.csv",
            digest,
            NUMBER,
            start,
            end,
            opening_fen,
            closing_fen,
            lines,
            stated_period=True,
        )
        return self.written[month]

    def tried(self, *statements: Statement, known: Known | None = KNOWN) -> Trial:
        """Reconcile statements without signing."""
        return try_out(self.payments.fund, statements, known=known)

    def signed(self, *statements: Statement) -> Trial:
        """Reconcile statements and sign."""
        trial = self.tried(*statements)
        sign(self.payments.fund, trial, actor="S05")
        return trial


def shown(trial: Trial, names: Mapping[str, str]) -> str:
    """Return what a reconciliation says, in words that do not change with keys and digests."""
    adjustment = trial.adjustment
    settled = "settled" if adjustment.settled else "not settled"
    parts = [f"difference {adjustment.difference_fen}, {settled}"]
    parts += [
        f"open {item.kind.value} {item.date} {item.ref} {item.signed_fen}"
        for item in adjustment.items
    ]
    parts += [
        f"match {match.tier} {match.bank_ref} {match.book_ref} {match.signed_fen}"
        for match in adjustment.matches
    ]
    for finding in adjustment.findings:
        parts += [
            f"{finding.code} {finding.severity.value}",
            f"  {finding.sentence('zh')}",
            f"  {finding.sentence('en')}",
        ]
    parts += [
        f"cure {cure.code}: fundledger {' '.join(cure.words('dibao'))}" for cure in adjustment.cures
    ]
    text = "\n".join(parts) + "\n"
    for name, letter in names.items():
        text = text.replace(name, letter)
    return text
