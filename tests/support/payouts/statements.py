"""What a bank that errs writes, reconciled with the books: nothing is open that was booked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from fundledger.bank import BankLine, Statement
from fundledger.errors import Refused
from fundledger.ledger.batches.paylist import root_of
from fundledger.reconcile import Known, Trial, sign, try_out
from support.paidbank import NUMBER, Said
from support.paying import Payments

_KNOWN = Known(lambda number: number)
_TWICE = {"FL883", "FL886", "FL897"}


class Statements:
    """One statement after the other, each from the day after the one that was signed last."""

    def __init__(self, desk: Payments, start: date, opening_fen: int) -> None:
        """Begin on a day, with what was on the account before."""
        self._desk = desk
        self.start = start
        self.slips: list[tuple[str, str, int]] = []
        """What was booked and never was: on which day, when it was undone, and fen as booked."""
        self._opening_fen = opening_fen

    def reconcile(self, rows: Sequence[Said], end: date, *, sign: bool) -> None:
        """Reconcile the rows of these days, and sign if it may be; what must hold, holds."""
        if end < self.start:
            return
        trial = self.tried(rows, end)
        self._expect(trial, self.within(rows, end))
        if sign:
            self.sign(trial)

    def within(self, rows: Sequence[Said], end: date) -> list[Said]:
        """Return the rows since the day after the one that was signed last."""
        start, last = self.start.isoformat(), end.isoformat()
        return [row for row in rows if start <= row.on <= last]

    def tried(self, rows: Sequence[Said], end: date) -> Trial:
        """Reconcile the rows of these days, signing nothing."""
        statement = self._written(self.within(rows, end), end)
        return try_out(self._desk.fund, [statement], known=_KNOWN)

    def stands_in_the_way(self, rows: Sequence[Said], end: date) -> None:
        """Hold rows against books that have not all of them yet: it must not be signed."""
        trial = self.tried(rows, end)
        assert not trial.adjustment.settled
        with pytest.raises(Refused):
            sign(self._desk.fund, trial, actor="S05")

    def _written(self, rows: Sequence[Said], end: date) -> Statement:
        lines = tuple(
            BankLine(
                number,
                date.fromisoformat(row.on),
                "in" if row.signed_fen > 0 else "out",
                abs(row.signed_fen),
                counterparty_account=row.account,
                text=row.memo,
            )
            for number, row in enumerate(rows, 2)
        )
        said = repr((self.start, end, lines)).encode()
        return Statement(
            "bank.csv",
            hashlib.sha256(said).hexdigest(),
            NUMBER,
            self.start,
            end,
            self._opening_fen,
            self._opening_fen + sum(row.signed_fen for row in rows),
            lines,
            stated_period=True,
        )

    def _expect(self, trial: Trial, rows: Sequence[Said]) -> None:
        """All was booked on its day, by its line or as unexplained: so nothing is open at all.

        But for what never was, and is undone only after the statement's end.
        """
        adjustment = trial.adjustment
        assert adjustment.difference_fen == 0
        end = adjustment.as_of.isoformat()
        slips = sorted(fen for on, undone_on, fen in self.slips if on <= end < undone_on)
        assert sorted(item.signed_fen for item in adjustment.items) == slips
        assert adjustment.cures == ()
        assert [one for one in trial.identities if not one.holds and one.rule != "R4"] == []
        named = Counter(row.memo for row in rows if row.signed_fen < 0 and row.memo[:2] == "L-")
        told = {one.subject for one in adjustment.findings if one.code in _TWICE}
        assert {root_of(line) for line, count in named.items() if count > 1} <= set(
            map(root_of, told)
        )

    def sign(self, trial: Trial) -> bool:
        """Sign if it may be; whether it was."""
        try:
            sign(self._desk.fund, trial, actor="S05")
        except Refused:
            assert not trial.adjustment.settled
            return False
        assert trial.adjustment.settled
        self.start = trial.adjustment.as_of + timedelta(days=1)
        self._opening_fen = trial.adjustment.bank_fen
        return True
