"""What each budget line owed for the years before a year, and what became of it since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundledger.budget.facts import Owed
from fundledger.budget.spending import BudgetLine, memo_of
from fundledger.ledger.chart import EXPENSES
from fundledger.ledger.voucher import BUDGET_ROOT

if TYPE_CHECKING:
    from datetime import date

    from fundledger.ledger.voucher import Posting, Voucher

_OPENS = frozenset({"opening", "year-opening"})
_GIVES_UP = frozenset({"batch-withdraw", "batch-cancel", "batch-unclaimed"})
_TOLD = _OPENS | _GIVES_UP | {"release", "advance-return"}
_HOLDING = ("batch-", "advance")
_TURNS_OF_THE_YEAR = _OPENS | {"year-end"}
_EXPENSE = "expense"
_BROUGHT = "BroughtForward"


@dataclass(slots=True)
class _Sums:
    """What the vouchers of a line say so far, in fen."""

    opening_fen: int = 0
    came_back_fen: int = 0
    given_up_fen: int = 0
    released_fen: int = 0
    held_fen: int = 0
    """What batches and advances of earlier years had encumbered when the year began."""

    def take(self, of: Voucher, moved_fen: Mapping[str, int]) -> None:
        """Take in what a voucher, or what it reverses, moved on the accounts of the line.

        Of what is neither in `_TOLD` nor moves what was brought forward nothing is taken in.
        """
        encumbered_fen = moved_fen["Encumbered"]
        if of.event in _OPENS:
            self.opening_fen += encumbered_fen
        elif _BROUGHT in moved_fen:
            self.came_back_fen -= moved_fen[_BROUGHT]
        elif of.event in _GIVES_UP or _of_an_earlier_advance(of):
            self.given_up_fen += moved_fen.get(_EXPENSE, 0) - encumbered_fen
        elif of.event == "release":
            self.released_fen -= encumbered_fen

    @property
    def owed(self) -> Owed:
        """All of it.

        What is released without naming what it was for is of the opening first, but never of what
        batches and advances hold.
        """
        free_fen = max(self.opening_fen - max(self.held_fen, 0), 0)
        released_fen = min(max(self.released_fen, 0), free_fen)
        return Owed(self.opening_fen, self.came_back_fen, self.given_up_fen + released_fen)


def owed_before(
    vouchers: Iterable[Voucher], year: int, until: date, without: Collection[str] = ()
) -> dict[BudgetLine, Owed]:
    """Return what each line owed for the years before `year`, through a day.

    What of it was paid since is in what the year spent, and what is still owed in what is due: it
    belongs to neither.  So what was released instead does not count, and what an earlier year had
    paid and came back counts, for it is owed, and paid, again.  A batch gives up an expense of an
    earlier year where it releases more than it takes back of the year's own.  Vouchers in
    `without` are left aside; what was carried of them is in the opening still.  The order of the
    vouchers is nothing.
    """
    every = list(vouchers)
    by_ref = {voucher.ref: voucher for voucher in every}
    sums: dict[BudgetLine, _Sums] = {}
    # What is held is asked for by what is released alone, which is seldom.
    since = 0 if any(one.event == "release" and one.date.year == year for one in every) else year
    for voucher in every:
        if voucher.date > until or not since <= voucher.date.year <= year:
            continue
        if voucher.ref in without:
            continue
        of = _first(voucher, by_ref)
        if voucher.date.year < year:
            if of.event.startswith(_HOLDING):
                for line, moved_fen in _moved_fen(voucher.postings, str(voucher.date.year)).items():
                    sums.setdefault(line, _Sums()).held_fen += moved_fen.get("Encumbered", 0)
            continue
        if of.event not in _TOLD and not _brings_forward(voucher, year):
            continue
        for line, moved_fen in _moved_fen(voucher.postings, str(year)).items():
            if moved_fen.get("Encumbered"):
                sums.setdefault(line, _Sums()).take(of, moved_fen)
    return {line: own.owed for line, own in sums.items() if any(own.owed)}


def _first(voucher: Voucher, by_ref: Mapping[str, Voucher]) -> Voucher:
    """Return what a voucher takes back or corrects, up to the first of them; itself if nothing."""
    of = voucher
    while (ref := of.reverses or (of.corrects if of.event == "correction" else None)) in by_ref:
        of = by_ref[ref or ""]
    return of


def due_by_month(
    vouchers: Iterable[Voucher],
    until: date,
    lines: Collection[BudgetLine],
    without: Collection[str] = (),
) -> dict[BudgetLine, dict[str, int]]:
    """Return what lines came to owed in each month beside what they spent, in fen.

    With that, the months of a year through a day add up to what it spent, less what was owed for
    years before, with what is due: it counts when it is approved, and again when it is given up.
    Vouchers in `without` are left aside.
    """
    if not lines:
        return {}
    every = list(vouchers)
    by_ref = {voucher.ref: voucher for voucher in every}
    accounts = _accounts_of(lines, {voucher.date.year for voucher in every})
    found: dict[BudgetLine, dict[str, int]] = {}
    for voucher in every:
        postings = [posting for posting in voucher.postings if posting.account in accounts]
        if voucher.date > until or not postings or voucher.ref in without:
            continue
        of = _first(voucher, by_ref)
        if of.event in _TURNS_OF_THE_YEAR:
            continue
        for line, moved_fen in _moved_fen(postings, str(voucher.date.year)).items():
            due_fen = moved_fen.get("Encumbered", 0)
            if not due_fen:
                continue
            if of.event in _GIVES_UP or _of_an_earlier_advance(of):
                due_fen = moved_fen.get(_EXPENSE, 0)
            of_month = found.setdefault(line, {})
            due_fen += moved_fen.get(_BROUGHT, 0)
            of_month[voucher.month] = of_month.get(voucher.month, 0) + due_fen
    return found


def _brings_forward(voucher: Voucher, year: int) -> bool:
    accounts = f"{BUDGET_ROOT}{year}:{_BROUGHT}:"
    return any(posting.account.startswith(accounts) for posting in voucher.postings)


def _accounts_of(lines: Iterable[BudgetLine], years: Iterable[int]) -> frozenset[str]:
    """Return the accounts by which lines come to owe something, of these years' budgets."""
    names = [":".join(line) for line in lines]
    roots = [f"{BUDGET_ROOT}{year}:{kind}:" for year in years for kind in ("Encumbered", _BROUGHT)]
    return frozenset(f"{root}{name}" for root in (EXPENSES, *roots) for name in names)


def _moved_fen(postings: Iterable[Posting], year: str) -> dict[BudgetLine, dict[str, int]]:
    """Return what postings moved on the accounts of each line, by kind; a debit is above zero."""
    moved: dict[BudgetLine, dict[str, int]] = {}
    for posting in postings:
        memo = memo_of(posting.account)
        if memo is not None and memo.year == year:
            line, kind = memo.line, memo.kind
        elif posting.account.startswith(EXPENSES):
            unit, _, category = posting.account.removeprefix(EXPENSES).partition(":")
            line, kind = (unit, category), _EXPENSE
        else:
            continue
        by_kind = moved.setdefault(line, {})
        by_kind[kind] = by_kind.get(kind, 0) + posting.signed_fen
    return moved


def _of_an_earlier_advance(voucher: Voucher) -> bool:
    """Whether a voucher takes back what was advanced in an earlier year and not used."""
    advanced = voucher.corrects or ""
    return voucher.event == "advance-return" and advanced[:4] < str(voucher.date.year)
