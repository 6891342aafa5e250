"""What each line of a year was given and paid, as its vouchers say, up to a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from fundledger.budget.inputs import History
from fundledger.budget.movements import Movements
from fundledger.budget.spending import expended_of, memo_of
from fundledger.ledger.chart import ADVANCE, BANK, SOURCE_KINDS
from fundledger.ledger.voucher import Voucher

_FIELDS = {
    "Approved": "adjusted_fen",
    "Provisional": "adjusted_fen",
    "BroughtForward": "adjusted_fen",
    "Available": "available_fen",
    "Encumbered": "encumbered_fen",
}
_PAID_OUT = frozenset({BANK, ADVANCE})


class Payment(NamedTuple):
    """A voucher that pays budget lines, and what of each in fen; below zero what came back."""

    voucher: Voucher
    paid: Mapping[tuple[str, str], int]


def payments_of(movements: Movements, year: int) -> list[Payment]:
    """Return the vouchers that pay lines of a year, and what; its closing is left out."""
    spent = {
        account
        for account in movements.net_fen
        if (own := expended_of(account)) is not None and own[0] == str(year)
    }
    months = movements.months_of(spent)
    payments = []
    for voucher in movements.vouchers:
        closes = voucher.event == "year-end" and voucher.date.year == year
        if not closes and voucher.month in months and (paid := _paid(voucher, str(year))):
            payments.append(Payment(voucher, paid))
    return payments


def paid_months(payments: Sequence[Payment], year: int) -> Mapping[tuple[str, str], int]:
    """Return in how many months of `year` each line was paid.

    What was reversed was never paid, in whichever month its red copy stands.
    """
    undone = {voucher.reverses for voucher, _ in payments if voucher.reverses}
    by_month: dict[str, dict[tuple[str, str], int]] = {}
    for voucher, paid in payments:
        if voucher.date.year == year and not voucher.reverses and voucher.ref not in undone:
            of_month = by_month.setdefault(voucher.month, {})
            for line, fen in paid.items():
                of_month[line] = of_month.get(line, 0) + fen
    return Counter(
        line for of_month in by_month.values() for line, fen in of_month.items() if fen > 0
    )


def year_lines(
    movements: Movements, payments: Iterable[Payment], year: int
) -> Mapping[tuple[str, str], History]:
    """Return the budget lines of `year` as the movements leave them.

    The year's closing vouchers are left out, and corrections of earlier years out of what was paid.
    What settles an emergency advance was paid by the bank when it was advanced.
    """
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for account, fen in movements.before_closing_fen(year).items():
        memo = memo_of(account)
        if memo is None or memo.year != str(year):
            continue
        fields = sums.setdefault(memo.line, {})
        if name := _FIELDS.get(memo.kind):
            sign = -1 if memo.kind in SOURCE_KINDS else 1
            fields[name] = fields.get(name, 0) + sign * fen
    for payment in payments:
        _add_paid(sums, payment.paid, payment.voucher)
    return {line: History(**fields) for line, fields in sums.items()}


def _paid(voucher: Voucher, year: str) -> dict[tuple[str, str], int]:
    """Return what a voucher paid of each line of a year; a correction of an earlier one nothing."""
    corrected = voucher.corrects if voucher.event == "correction" else None
    if corrected is not None and corrected[:4] < year:
        return {}
    paid: dict[tuple[str, str], int] = {}
    for posting in voucher.postings:
        spent = expended_of(posting.account)
        if spent is not None and spent[0] == year:
            line = spent[1]
            paid[line] = paid.get(line, 0) + posting.signed_fen
    return paid


def _add_paid(
    sums: dict[tuple[str, str], dict[str, int]],
    paid: Mapping[tuple[str, str], int],
    voucher: Voucher,
) -> None:
    """Add what a voucher paid, and what the bank paid out in it.

    Where a voucher pays several lines and the bank paid another sum, no line is given the sum.
    """
    bank_fen = -sum(one.signed_fen for one in voucher.postings if one.account in _PAID_OUT)
    ties = sum(paid.values()) == bank_fen
    for line, fen in paid.items():
        fields = sums[line]
        fields["actual_fen"] = fields.get("actual_fen", 0) + fen
        out_fen = bank_fen if len(paid) == 1 else fen if ties else 0
        fields["bank_fen"] = fields.get("bank_fen", 0) + out_fen
