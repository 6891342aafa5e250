"""The outturn of a fund's year (收支决算表, T8): what came in, what went out, and what is left.

What is left is held against the dedicated account: money that is owed still is on it, and claims
are not, so that nothing but these may lie between them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from fundledger.budget.inputs import Names
from fundledger.ledger.asserted import reconciled
from fundledger.ledger.chart import (
    BANK,
    CARRIED_FORWARD,
    DONATION,
    INTEREST,
    PRIOR_YEAR_ADJUSTMENT,
    Role,
)
from fundledger.ledger.given import expect, is_day, is_year

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.ledger.chart import Chart
    from fundledger.ledger.voucher import Voucher
    from fundledger.reader import Folded, Reader

_FIELDS = {
    Role.APPROPRIATION: "appropriated_fen",
    INTEREST: "interest_fen",
    DONATION: "donated_fen",
    Role.EXPENSE: "spent_fen",
}
_EQUITY = frozenset({CARRIED_FORWARD, PRIOR_YEAR_ADJUSTMENT})
_SURRENDERS = frozenset({"surrender", "batch-remit"})


@dataclass(frozen=True, slots=True)
class Outturn:
    """One fund's year through a day, in fen: `closing_fen` is what its money has become.

    `spent_fen` is net of what came back, `surrendered_fen` what went to the treasury out of what
    the fund had left, `adjusted_fen` what else changed of earlier years.  `bank_fen` is on the
    dedicated account by the books, `owed_fen` of it the fund's debts, and `claims_fen` what others
    owe or hold of it.  `signed_on` is the last day of the statements that were signed, or None.
    """

    fund: str
    names: Names
    year: int
    as_of: date
    opening_fen: int = 0
    appropriated_fen: int = 0
    interest_fen: int = 0
    donated_fen: int = 0
    spent_fen: int = 0
    surrendered_fen: int = 0
    adjusted_fen: int = 0
    bank_fen: int = 0
    owed_fen: int = 0
    claims_fen: int = 0
    signed_on: date | None = None

    @property
    def closing_fen(self) -> int:
        """What is left (年末结余): carried over, and what the year gave and took."""
        given_fen = self.appropriated_fen + self.interest_fen + self.donated_fen
        taken_fen = self.spent_fen + self.surrendered_fen
        return self.opening_fen + given_fen - taken_fen + self.adjusted_fen

    @property
    def figures_fen(self) -> tuple[int, ...]:
        """The figures of the form (T8) in its order, from what was carried over to the account."""
        return (
            *(self.opening_fen, self.appropriated_fen, self.interest_fen, self.donated_fen),
            *(self.spent_fen, self.surrendered_fen, self.adjusted_fen, self.closing_fen),
            *(self.owed_fen, self.claims_fen, self.bank_fen),
        )

    @property
    def apart_fen(self) -> int:
        """What nothing explains between what is left and the account: none, in books that hold."""
        return self.closing_fen + self.owed_fen - self.claims_fen - self.bank_fen

    @property
    def signed(self) -> bool:
        """Whether the account is reconciled through the day."""
        return self.signed_on is not None and self.signed_on >= self.as_of

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values: ASCII keys, amounts in whole fen, days in ISO form."""
        return {
            "fund": self.fund,
            "year": self.year,
            "as_of": self.as_of.isoformat(),
            "opening_fen": self.opening_fen,
            "appropriated_fen": self.appropriated_fen,
            "interest_fen": self.interest_fen,
            "donated_fen": self.donated_fen,
            "spent_fen": self.spent_fen,
            "surrendered_fen": self.surrendered_fen,
            "adjusted_fen": self.adjusted_fen,
            "closing_fen": self.closing_fen,
            "owed_fen": self.owed_fen,
            "claims_fen": self.claims_fen,
            "bank_fen": self.bank_fen,
            "apart_fen": self.apart_fen,
            "signed_on": self.signed_on.isoformat() if self.signed_on else None,
        }


def outturn(fund: Reader, year: int, as_of: date, charter: FundCharter) -> Outturn:
    """Return the outturn of a fund's `year` through a day, which lies in it or after.

    `charter` names the fund where its journal is empty.  The year's closing vouchers move nothing
    here: they carry over what the year has left.

    Raises:
        InputInvalid: FL909, an argument is of another type, or the day before the year.

    """
    expect(year=is_year(year), as_of=is_day(as_of) and as_of.year >= year)
    day = min(as_of, date(year, 12, 31))
    return outturn_of(fund.folded(), year, day, charter)


def outturn_of(folded: Folded, year: int, day: date, charter: FundCharter) -> Outturn:
    """Return the outturn of a fund whose journal was read already, through a day of the year."""
    books, vouchers = folded
    names = Names(charter.fund.zh, charter.fund.en)
    if books.chart is None:
        return Outturn(books.fund, names, year, day)
    sums = _summed((one for one in vouchers if one.date <= day), year, books.accounts)
    signed = [one.body.date for one in reconciled(books, BANK) if one.body.date <= day]
    return Outturn(books.fund, names, year, day, **sums, signed_on=max(signed, default=None))


def _summed(vouchers: Iterable[Voucher], year: int, chart: Chart) -> dict[str, int]:
    sums: Counter[str] = Counter()
    events: dict[str | None, str] = {}
    for voucher in vouchers:
        # Red ink takes away what its voucher was, not something else of an earlier year.
        event = events[voucher.ref] = events.get(voucher.reverses, voucher.event)
        before = voucher.date.year < year or voucher.event == "opening"
        for posting in voucher.cny:
            role = chart.account(posting.account).role
            fen = posting.signed_fen
            if role in _FIELDS or role in _EQUITY:
                if before:
                    sums["opening_fen"] -= fen
                elif not voucher.closing:
                    _take(sums, role, event, fen)
            elif posting.account == BANK:
                sums["bank_fen"] += fen
            elif posting.account.startswith("Liabilities:"):
                sums["owed_fen"] -= fen
            else:
                sums["claims_fen"] += fen
    return dict(sums)


def _take(sums: Counter[str], role: str, event: str, fen: int) -> None:
    if role == Role.EXPENSE:
        sums["spent_fen"] += fen
    elif role in _FIELDS:
        sums[_FIELDS[role]] -= fen
    elif event in _SURRENDERS:
        sums["surrendered_fen"] += fen
    else:
        sums["adjusted_fen"] -= fen
