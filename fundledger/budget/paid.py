"""What each line of a year was given and paid, as its vouchers say, up to a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from fundledger.budget.inputs import History
from fundledger.budget.spending import expended_of, memo_of, moved_fen
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


def paid_months(
    vouchers: Sequence[Voucher], year: int, until: date
) -> Mapping[tuple[str, str], int]:
    """Return in how many months of `year` through the day `until` each line was paid.

    What was reversed was never paid, in whichever month its red copy stands.
    """
    undone = {voucher.reverses for voucher in vouchers if voucher.reverses}
    by_month: dict[str, dict[tuple[str, str], int]] = {}
    for voucher in vouchers:
        paid_then = voucher.date.year == year and not voucher.reverses
        if paid_then and _counts(voucher, year, until) and voucher.ref not in undone:
            of_month = by_month.setdefault(voucher.month, {})
            for line, fen in _paid(voucher, str(year)).items():
                of_month[line] = of_month.get(line, 0) + fen
    return Counter(
        line for of_month in by_month.values() for line, fen in of_month.items() if fen > 0
    )


def year_lines(
    vouchers: Iterable[Voucher], year: int, until: date
) -> Mapping[tuple[str, str], History]:
    """Return the budget lines of `year` through the day `until`, whatever the vouchers' order.

    The year's closing vouchers are left out, and corrections of earlier years out of what was paid.
    What settles an emergency advance was paid by the bank when it was advanced.
    """
    counted = [voucher for voucher in vouchers if _counts(voucher, year, until)]
    sums: dict[tuple[str, str], dict[str, int]] = {}
    expended = set()
    for account, fen in moved_fen(counted).items():
        memo = memo_of(account)
        if memo is None or memo.year != str(year):
            continue
        fields = sums.setdefault(memo.line, {})
        if memo.kind == "Expended":
            expended.add(account)
        if name := _FIELDS.get(memo.kind):
            sign = -1 if memo.kind in SOURCE_KINDS else 1
            fields[name] = fields.get(name, 0) + sign * fen
    for voucher in counted:
        if not expended.isdisjoint([posting.account for posting in voucher.postings]):
            _add_paid(sums, _paid(voucher, str(year)), voucher)
    return {line: History(**fields) for line, fields in sums.items()}


def _counts(voucher: Voucher, year: int, until: date) -> bool:
    closes = voucher.event == "year-end" and voucher.date.year == year
    return voucher.date <= until and not closes


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
