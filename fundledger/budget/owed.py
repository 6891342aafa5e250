"""What each budget line owed for the years before a year, and what became of it since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from fundledger.budget.facts import Owed
from fundledger.budget.movements import Movements, corrects_an_earlier_year
from fundledger.budget.spending import BudgetLine, memo_of
from fundledger.ledger.chart import EXPENSES
from fundledger.ledger.voucher import BUDGET_ROOT

if TYPE_CHECKING:
    from fundledger.ledger.voucher import Voucher

_OPENS = frozenset({"opening", "year-opening"})
_GIVES_UP = frozenset({"batch-withdraw", "batch-cancel", "batch-unclaimed"})
_TOLD = _OPENS | _GIVES_UP | {"release", "advance-return"}
_HOLDING = ("batch-", "advance")
_TURNS_OF_THE_YEAR = _OPENS | {"year-end"}
_EXPENSE = EXPENSES
_BROUGHT = "BroughtForward"
_ENCUMBERED = "Encumbered"
_OWING = frozenset({_ENCUMBERED, _BROUGHT, _EXPENSE})
_APART = _GIVES_UP | _TURNS_OF_THE_YEAR | {"advance-return", "correction"}


class _Account(NamedTuple):
    """For which line an account holds what; of which year, '' if it is none of the budget."""

    year: str
    line: BudgetLine
    kind: str


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
        encumbered_fen = moved_fen[_ENCUMBERED]
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
    movements: Movements, year: int, without: Collection[str] = ()
) -> dict[BudgetLine, Owed]:
    """Return what each line owed for the years before `year`.

    What of it was paid since is in what the year spent, and what is still owed in what is due: it
    belongs to neither.  So what was released instead does not count, and what an earlier year had
    paid and came back counts, for it is owed, and paid, again.  A batch gives up an expense of an
    earlier year where it releases more than it takes back of the year's own.  Vouchers in
    `without` are left aside; what was carried of them is in the opening still.
    """
    every = movements.vouchers
    sums: dict[BudgetLine, _Sums] = {}
    accounts = f"{BUDGET_ROOT}{year}:{_BROUGHT}:"
    brought = {account for account in movements.net_fen if account.startswith(accounts)}
    # What is held is asked for by what is released alone, which is seldom.
    since = 0 if any(one.event == "release" and one.date.year == year for one in every) else year
    for voucher in every:
        if not since <= voucher.date.year <= year or voucher.ref in without:
            continue
        of = _first(voucher, movements.by_ref)
        if voucher.date.year < year:
            if of.event.startswith(_HOLDING):
                for line, moved_fen in _moved_fen(voucher).items():
                    sums.setdefault(line, _Sums()).held_fen += moved_fen.get(_ENCUMBERED, 0)
            continue
        told = of.event in _TOLD or any(one.account in brought for one in voucher.postings)
        for line, moved_fen in _moved_fen(voucher).items() if told else ():
            if moved_fen.get(_ENCUMBERED):
                sums.setdefault(line, _Sums()).take(of, moved_fen)
    return {line: own.owed for line, own in sums.items() if any(own.owed)}


def _first(voucher: Voucher, by_ref: Mapping[str, Voucher]) -> Voucher:
    """Return what a voucher takes back or corrects, up to the first of them; itself if nothing."""
    of = voucher
    for _ in by_ref:  # however a forged one goes round in a circle
        ref = of.reverses or (of.corrects if of.event == "correction" else None)
        if ref not in by_ref:
            break
        of = by_ref[ref or ""]
    return of


def due_by_month(
    movements: Movements, lines: Collection[BudgetLine], without: Collection[str] = ()
) -> dict[BudgetLine, dict[str, int]]:
    """Return what lines came to owe in each month beside what they spent, in fen; not nothing.

    With that, the months of a year through a day add up to what it spent, less what was owed for
    years before, with what is due: it counts when it is approved, and again when it is given up.
    Vouchers in `without` are left aside.
    """
    accounts = {name: own for name in movements.net_fen if (own := _of_line(name, lines))}
    found: dict[BudgetLine, dict[str, int]] = {}
    for month, line, fen in chain(
        _encumbered(movements, accounts), _otherwise(movements, accounts, without)
    ):
        of_month = found.setdefault(line, {})
        of_month[month] = of_month.get(month, 0) + fen
    something = {line: _but_nothing(months) for line, months in found.items()}
    return {line: months for line, months in something.items() if months}


def _but_nothing(months: Mapping[str, int]) -> dict[str, int]:
    return {month: fen for month, fen in months.items() if fen}


def _encumbered(
    movements: Movements, accounts: Mapping[str, _Account]
) -> Iterator[tuple[str, BudgetLine, int]]:
    """Yield month, line and fen of what was encumbered of the year's own budget, net."""
    for month, moved in movements.usual.items():
        for account, fen in moved.items():
            own = accounts.get(account)
            if own is not None and own.kind == _ENCUMBERED and own.year == month[:4]:
                yield month, own.line, fen


def _otherwise(
    movements: Movements, accounts: Mapping[str, _Account], without: Collection[str]
) -> Iterator[tuple[str, BudgetLine, int]]:
    """Yield by how much what came to be owed is another sum than what was encumbered."""
    for voucher in _not_as_encumbered(movements, accounts, without):
        moves = [
            (own, one.signed_fen) for one in voucher.postings if (own := accounts.get(one.account))
        ]
        if not moves:
            continue
        of = _first(voucher, movements.by_ref)
        left_aside = of.event in _TURNS_OF_THE_YEAR or voucher.ref in without
        given_up = of.event in _GIVES_UP or _of_an_earlier_advance(of)
        counted = voucher.event != "year-end" and not corrects_an_earlier_year(voucher)
        for line, moved_fen in _by_line(moves, voucher.date.year).items():
            encumbered_fen = moved_fen.get(_ENCUMBERED, 0)
            if encumbered_fen and counted:
                yield voucher.month, line, -encumbered_fen
            if encumbered_fen and not left_aside:
                due_fen = moved_fen.get(_EXPENSE, 0) if given_up else encumbered_fen
                yield voucher.month, line, due_fen + moved_fen.get(_BROUGHT, 0)


def _not_as_encumbered(
    movements: Movements, accounts: Mapping[str, _Account], without: Collection[str]
) -> Iterator[Voucher]:
    """Yield the vouchers of which not just what they encumbered came to be owed.

    Those that give something up or turn the year, that take another back or correct it, that move
    what was brought forward, and those that are left aside.
    """
    brought = {name for name, own in accounts.items() if own.kind == _BROUGHT}
    months = movements.months_of(brought)
    for voucher in movements.vouchers if accounts else ():
        if (
            voucher.event in _APART
            or voucher.reverses
            or (without and voucher.ref in without)
            or (voucher.month in months and any(one.account in brought for one in voucher.postings))
        ):
            yield voucher


def _of_line(name: str, lines: Collection[BudgetLine]) -> _Account | None:
    """Return an account that tells what one of these lines came to owe, None for any other."""
    own = _account(name)
    return own if own is not None and own.line in lines and own.kind in _OWING else None


@lru_cache(maxsize=100_000)
def _account(name: str) -> _Account | None:
    """Return for which line an account holds what; None for one that does so for none."""
    memo = memo_of(name)
    if memo is not None:
        return _Account(memo.year, memo.line, memo.kind)
    if name.startswith(EXPENSES):
        unit, _, category = name.removeprefix(EXPENSES).partition(":")
        return _Account("", (unit, category), _EXPENSE)
    return None


def _moved_fen(voucher: Voucher) -> dict[BudgetLine, dict[str, int]]:
    """Return what a voucher moved on the accounts of each line, by kind; a debit is above zero."""
    moves = ((_account(one.account), one.signed_fen) for one in voucher.postings)
    return _by_line([(own, fen) for own, fen in moves if own is not None], voucher.date.year)


def _by_line(moves: Iterable[tuple[_Account, int]], year: int) -> dict[BudgetLine, dict[str, int]]:
    """Add up what was moved for each line by kind; of budgets only that of the year."""
    moved: dict[BudgetLine, dict[str, int]] = {}
    own_year = str(year)
    for (of_year, line, kind), fen in moves:
        if of_year in {"", own_year}:
            by_kind = moved.setdefault(line, {})
            by_kind[kind] = by_kind.get(kind, 0) + fen
    return moved


def _of_an_earlier_advance(voucher: Voucher) -> bool:
    """Whether a voucher takes back what was advanced in an earlier year and not used."""
    advanced = voucher.corrects or ""
    return voucher.event == "advance-return" and advanced[:4] < str(voucher.date.year)
