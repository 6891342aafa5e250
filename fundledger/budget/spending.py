"""What each budget line spent, month by month over the years."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from fundledger.budget.facts import Season
from fundledger.budget.movements import (
    ByAccount,
    Movements,
    corrects_an_earlier_year,
    moved_fen,
)
from fundledger.ledger.voucher import BUDGET_ROOT

if TYPE_CHECKING:
    from fundledger.ledger.voucher import Voucher

ONE_OFF = "one-off"
"""The link of a voucher that is documented as a one-off (一次性因素): not to come again."""

_YEAR_MONTHS = 12
_ENDS = frozenset({"year-end"})

BudgetLine = tuple[str, str]
"""Unit and category."""


class Spent(NamedTuple):
    """What a line spent in a month, net of what came back, and how much of it is a one-off; fen."""

    fen: int
    one_off_fen: int


class Memo(NamedTuple):
    """What an account of the budget is: of which year, what it holds, and for which line."""

    year: str
    kind: str
    line: BudgetLine


@lru_cache(maxsize=100_000)
def memo_of(account: str) -> Memo | None:
    """Return what an account of the budget is; None for one of money."""
    if not account.startswith(BUDGET_ROOT):
        return None
    year, kind, unit, category = account[len(BUDGET_ROOT) :].split(":")
    return Memo(year, kind, (unit, category))


@lru_cache(maxsize=100_000)
def expended_of(account: str) -> tuple[str, BudgetLine] | None:
    """Return of which year and line an account holds what was spent; None for any other."""
    memo = memo_of(account)
    return (memo.year, memo.line) if memo is not None and memo.kind == "Expended" else None


def spent_by_month(
    movements: Movements, named: Collection[str] = ()
) -> dict[BudgetLine, dict[str, Spent]]:
    """Return what each line spent in each month, by the month of the voucher.

    The year's closing vouchers are left out, and corrections of earlier years.  One-offs are the
    vouchers that are `named` as such, and what takes one back or corrects it.
    """
    one_offs = frozenset(named)
    once: dict[str, list[Voucher]] = {}
    for voucher in movements.vouchers if one_offs else ():
        left_out = voucher.event in _ENDS or corrects_an_earlier_year(voucher)
        if not left_out and not one_offs.isdisjoint(chain(voucher, movements.by_ref)):
            once.setdefault(voucher.month, []).append(voucher)
    accounts = {
        account: spent[1] for account in movements.net_fen if (spent := expended_of(account))
    }
    found: dict[BudgetLine, dict[str, Spent]] = {}
    for month in sorted(movements.usual):
        once_fen = _spent(moved_fen(once.get(month, ())), accounts)
        for line, fen in _spent(movements.usual[month], accounts).items():
            found.setdefault(line, {})[month] = Spent(fen, once_fen.get(line, 0))
    return found


def _spent(moved: ByAccount, accounts: Mapping[str, BudgetLine]) -> dict[BudgetLine, int]:
    """Return what of it was spent of each line, by the accounts that hold it, of all years."""
    sums: dict[BudgetLine, int] = {}
    for account, fen in moved.items():
        line = accounts.get(account)
        if line is not None:
            sums[line] = sums.get(line, 0) + fen
    return sums


def chain(voucher: Voucher, by_ref: Mapping[str, Voucher]) -> list[str]:
    """Return a voucher's number and those of what it takes back or corrects, up to the first."""
    refs: list[str] = []
    one: Voucher | None = voucher
    while one is not None and one.ref not in refs:
        refs.append(one.ref)
        one = by_ref.get(one.reverses or one.corrects or "")
    return refs


def lines_spent(voucher: Voucher) -> frozenset[BudgetLine]:
    """Return the lines of which a voucher changes what they have spent."""
    spent = (expended_of(posting.account) for posting in voucher.postings)
    return frozenset(one[1] for one in spent if one is not None)


@lru_cache(maxsize=1024)
def months_before(month: str, count: int) -> tuple[str, ...]:
    """Return so many months that end with this one, the earliest first: `2025-12`, `2026-01`."""
    at = int(month[:4]) * 12 + int(month[5:]) - 1
    return tuple(f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(at - count + 1, at + 1))


def came_due(spent: Mapping[str, Spent], due: Mapping[str, int]) -> Mapping[str, Spent]:
    """Return what a line spent by month, but as it came to be owed: `due` is that beside, in fen.

    So a month in which arrears were paid is like others, and one that is paid later too.
    """
    if not due:
        return spent
    nothing = Spent(0, 0)
    return {
        month: Spent(own.fen + due.get(month, 0), own.one_off_fen)
        for month in {*spent, *due}
        for own in (spent.get(month, nothing),)
    }


def recent(spent: Mapping[str, Spent], last: str, first: str, count: int) -> tuple[int, ...]:
    """Return the fen, without one-offs, of the months up to `last`, but none before `first`."""
    months = [month for month in months_before(last, count) if month >= first]
    nothing = Spent(0, 0)
    every = (spent.get(month, nothing) for month in months)
    return tuple(one.fen - one.one_off_fen for one in every)


def seasons(
    spent: Mapping[str, Spent], first: str, last: str, round_from: int = 1
) -> tuple[Season, ...]:
    """Return the earlier rounds that the books have whole, each as of the month of `last`.

    A round (届) has twelve months from `round_from` on and goes by the year in which it ends: with
    1 it is that year.  Of those before the one that is due in the year of `last`, what had accrued
    by the same month; all of it once that month is past the end of the round.
    """
    year, month = int(last[:4]), int(last[5:])
    passed = _YEAR_MONTHS - 1 if month >= round_from > 1 else (month - round_from) % _YEAR_MONTHS
    sums: dict[int, list[int]] = {}
    for at, one in spent.items():
        of, place = _place(at, round_from)
        own = sums.setdefault(of, [0, 0])
        fen = one.fen - one.one_off_fen
        own[0] += fen if place <= passed else 0
        own[1] += fen
    found = []
    for before in range(year - 1, int(first[:4] or year) - 1, -1):
        if _begins(before, round_from) < first:
            break
        found.append(Season(str(before), *sums.get(before, (0, 0))))
    return tuple(found)


def turned(spent: Mapping[str, Spent], first: str, last: str, round_from: int) -> int | None:
    """Return what the round of the year of `last` took beyond that year, without one-offs.

    What it took before the year began, less what the year paid for the next round already.  None
    where the books begin after the round did.
    """
    year = int(last[:4])
    if round_from == 1:
        return 0
    if _begins(year, round_from) < first:
        return None
    turned_fen = 0
    for at, one in spent.items():
        of, _ = _place(at, round_from)
        if at <= last and (of == year) != (at[:4] == last[:4]):
            turned_fen += (1 if of == year else -1) * (one.fen - one.one_off_fen)
    return turned_fen


def _begins(year: int, round_from: int) -> str:
    """Return the month in which the round of a year begins."""
    return f"{year}-01" if round_from == 1 else f"{year - 1}-{round_from:02d}"


@lru_cache(maxsize=10_000)
def _place(month: str, round_from: int) -> tuple[int, int]:
    """Return of which year the round of a month is, and its place in it from 0 on."""
    year, number = int(month[:4]), int(month[5:])
    return year + (number >= round_from > 1), (number - round_from) % _YEAR_MONTHS
