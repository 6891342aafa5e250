"""What the books of a fund say of the year before a budget: per line, up to a day."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from fundledger.budget.annual import YEAR_MONTHS
from fundledger.budget.facts import Heads
from fundledger.budget.heads import heads_by_line
from fundledger.budget.model import History
from fundledger.budget.spending import Spent, opening_encumbered, spent_by_month
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.chart import ADVANCE, BANK, SOURCE_KINDS
from fundledger.ledger.voucher import BUDGET_ROOT, Voucher

if TYPE_CHECKING:
    from fundledger.reader import Reader

_FIELDS = {
    "Approved": "approved_fen",
    "BroughtForward": "approved_fen",
    "Expended": "actual_fen",
    "Available": "available_fen",
    "Encumbered": "encumbered_fen",
}
_PAID_OUT = frozenset({BANK, ADVANCE})
_CLOSINGS = frozenset({"close", "year-end"})
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class FundHistory:
    """The lines of one fund's year, by unit and category; how far the journal was read.

    `first_month` is that of the earliest voucher, with which the books begin; "" if there is none.
    `paid_months` says of each line in how many months it was paid, `spent` what in which month, of
    all years; `opening` what was encumbered at the beginning of the year; `heads` whom its payment
    lists pay in which month.
    """

    fund: str
    records: int
    head: str
    lines: Mapping[tuple[str, str], History]
    findings: tuple[Finding, ...]
    first_month: str
    paid_months: Mapping[tuple[str, str], int]
    spent: Mapping[tuple[str, str], Mapping[str, Spent]]
    opening: Mapping[tuple[str, str], int]
    heads: Mapping[tuple[str, str], tuple[Heads, ...]]


def cut_off(year: int, as_of: date, today: date) -> tuple[date, int]:
    """Return the last day of the last whole month before `year` is budgeted, and the months.

    Only whole months of the year before are counted, so that twelve can be told from them; a month
    that lies ahead is none that nothing was spent in.

    Raises:
        InputInvalid: FL552, `as_of` is a day after today; FL549, not one whole month of that year
            has passed on `as_of`.

    """
    if as_of > today:
        ahead = {"as_of": as_of.isoformat(), "today": today.isoformat()}
        raise InputInvalid(Finding("FL552", as_of.isoformat(), ahead))
    sane = isinstance(year, int) and _FIRST_YEAR <= year <= _LAST_YEAR
    if sane and as_of.year >= year:
        return date(year - 1, YEAR_MONTHS, 31), YEAR_MONTHS
    tomorrow = as_of + timedelta(days=1)
    if not sane or tomorrow < date(year - 1, 2, 1):
        details = {"year": year, "as_of": as_of.isoformat()}
        raise InputInvalid(Finding("FL549", str(year), details))
    months = YEAR_MONTHS if tomorrow.year == year else tomorrow.month - 1
    return date(year - 1, months, monthrange(year - 1, months)[1]), months


def fund_history(fund: Reader, year: int, until: date) -> FundHistory:
    """Return what a fund's journal says of `year` through the day `until`.

    The chain is verified on the way; FL536 and FL547 say that the books are empty or end before
    the last month.
    """
    chain = fund.verify()
    last_month, closed_through = "", ""
    vouchers: list[Voucher] = []
    for record in islice(fund.records(), chain.records):
        if record.kind in _CLOSINGS:
            closed_through = max(closed_through, record.body["month"])
        for voucher in record.vouchers:
            if voucher.date <= until:
                last_month = max(last_month, voucher.month)
                vouchers.append(voucher)
    findings = list(chain.findings)
    if not last_month:
        findings.append(Finding("FL536", fund.id, {"cut_off": until.isoformat()}, fund.id))
    elif max(last_month, closed_through) < until.isoformat()[:7]:
        details = {"last_month": last_month, "cut_off": until.isoformat()}
        findings.append(Finding("FL547", fund.id, details, fund.id))
    lines = year_lines(vouchers, year, until)
    first_month = min((voucher.month for voucher in vouchers), default="")
    return FundHistory(
        fund.id,
        chain.records,
        chain.head,
        lines,
        tuple(findings),
        first_month,
        paid_months(vouchers, year, until),
        spent_by_month(vouchers, until),
        opening_encumbered(vouchers, year),
        heads_by_line(fund.books(), until),
    )


def paid_months(
    vouchers: Sequence[Voucher], year: int, until: date
) -> Mapping[tuple[str, str], int]:
    """Return in how many months of `year` through the day `until` each line was paid.

    What was reversed was never paid, in whichever month its red copy stands.
    """
    undone = {voucher.reverses for voucher in vouchers if voucher.reverses}
    by_month: dict[str, list[Voucher]] = {}
    for voucher in vouchers:
        if not voucher.reverses and voucher.ref not in undone:
            by_month.setdefault(voucher.month, []).append(voucher)
    return Counter(
        line
        for of_month in by_month.values()
        for line, history in year_lines(of_month, year, until).items()
        if history.actual_fen > 0
    )


def year_lines(
    vouchers: Iterable[Voucher], year: int, until: date
) -> Mapping[tuple[str, str], History]:
    """Return the budget lines of `year` through the day `until`, whatever the vouchers' order.

    The year's closing vouchers are left out, and corrections of earlier years out of what was paid.
    What settles an emergency advance was paid by the bank when it was advanced.
    """
    sums: dict[tuple[str, str], dict[str, int]] = {}
    root = f"{BUDGET_ROOT}{year}:"
    for voucher in vouchers:
        if voucher.date > until or (voucher.event == "year-end" and voucher.date.year == year):
            continue
        corrected = voucher.corrects if voucher.event == "correction" else None
        earlier = corrected is not None and corrected[:4] < str(year)
        paid: dict[tuple[str, str], int] = {}
        bank_fen = 0
        for posting in voucher.postings:
            account, signed_fen = posting.account, posting.signed_fen
            if account in _PAID_OUT:
                bank_fen -= signed_fen
            if not account.startswith(root):
                continue
            kind, unit, category = account[len(root) :].split(":")
            line = sums.setdefault((unit, category), {})
            if kind == "Expended":
                if not earlier:
                    paid[unit, category] = paid.get((unit, category), 0) + signed_fen
            elif field := _FIELDS.get(kind):
                sign = -1 if kind in SOURCE_KINDS else 1
                line[field] = line.get(field, 0) + sign * signed_fen
        _add_paid(sums, paid, bank_fen)
    return {line: History(**fields) for line, fields in sums.items()}


def _add_paid(
    sums: dict[tuple[str, str], dict[str, int]], paid: Mapping[tuple[str, str], int], bank_fen: int
) -> None:
    """Add what a voucher paid, and what the bank paid out in it.

    Where a voucher pays several lines and the bank paid another sum, no line is given the sum.
    """
    ties = sum(paid.values()) == bank_fen
    for line, fen in paid.items():
        fields = sums[line]
        fields["actual_fen"] = fields.get("actual_fen", 0) + fen
        out_fen = bank_fen if len(paid) == 1 else fen if ties else 0
        fields["bank_fen"] = fields.get("bank_fen", 0) + out_fen
