"""What a bank that errs writes, reconciled with the books: nothing is open that was booked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from fundledger.bank import BankLine, Statement
from fundledger.errors import Refused
from fundledger.reconcile import Known, Trial, sign, try_out
from support.paidbank import NUMBER, Said
from support.paying import Payments

_KNOWN = Known(lambda number: number)


class Statements:
    """One statement after the other, each from the day after the one that was signed last."""

    def __init__(self, desk: Payments, start: date, opening_fen: int) -> None:
        """Begin on a day, with what was on the account before."""
        self._desk = desk
        self._start = start
        self._opening_fen = opening_fen

    def reconcile(self, rows: Sequence[Said], end: date, *, sign: bool) -> None:
        """Reconcile the rows of these days, and sign if it may be; what must hold, holds."""
        if end < self._start:
            return
        start, last = self._start.isoformat(), end.isoformat()
        own = [row for row in rows if start <= row.on <= last]
        statement = self._written(own, end)
        trial = try_out(self._desk.fund, [statement], known=_KNOWN)
        self._expect(trial, own)
        if sign:
            self._sign(trial, statement)

    def _written(self, rows: Sequence[Said], end: date) -> Statement:
        lines = tuple(
            BankLine(
                number,
                date.fromisoformat(row.on),
                "in" if row.signed_fen > 0 else "out",
                abs(row.signed_fen),
                text=row.memo,
            )
            for number, row in enumerate(rows, 2)
        )
        said = repr((self._start, end, lines)).encode()
        return Statement(
            "bank.csv",
            hashlib.sha256(said).hexdigest(),
            NUMBER,
            self._start,
            end,
            self._opening_fen,
            self._opening_fen + sum(row.signed_fen for row in rows),
            lines,
            stated_period=True,
        )

    def _expect(self, trial: Trial, rows: Sequence[Said]) -> None:
        """All was booked on its day, by its line or as unexplained: so nothing is open at all."""
        adjustment = trial.adjustment
        assert adjustment.difference_fen == 0
        assert adjustment.items == ()
        assert adjustment.cures == ()
        assert [one for one in trial.identities if not one.holds and one.rule != "R4"] == []
        named = Counter(row.memo for row in rows if row.signed_fen < 0 and row.memo[:2] == "L-")
        if any(count > 1 for count in named.values()):
            assert not adjustment.settled

    def _sign(self, trial: Trial, statement: Statement) -> None:
        try:
            sign(self._desk.fund, trial, actor="S05")
        except Refused:
            assert not trial.adjustment.settled
            return
        assert trial.adjustment.settled
        self._start = statement.end + timedelta(days=1)
        self._opening_fen = statement.closing_fen
