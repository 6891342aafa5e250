"""Lots of carry-over (结转结余): what a budget line has left, by the year that it comes from.

Spending takes the oldest lot first, and so does what is given back in the course of a year; what
lapses at the end of a year takes the newest, for it is what that year had too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import add
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fundledger.ledger.books import Books

LEFT = ("Unallotted", "Available", "Encumbered")
"""The kinds of account that hold what nobody carried yet."""


class Lot(NamedTuple):
    """What became in one year of the money of a year of origin; all in fen.

    `opening_fen` was carried into the year, `income_fen` given in it, `spent_fen` paid net of
    returns, `given_back_fen` surrendered or lapsed.  `or_before` says that the books began with it,
    so that its origin is that year or an earlier one.
    """

    origin: int
    opening_fen: int = 0
    income_fen: int = 0
    spent_fen: int = 0
    given_back_fen: int = 0
    or_before: bool = False

    @property
    def figures(self) -> tuple[int, int, int, int]:
        """The amounts, in their order."""
        return self[1:5]

    @property
    def open_fen(self) -> int:
        """What of it is left."""
        return self.opening_fen + self.income_fen - self.spent_fen - self.given_back_fen


@dataclass(frozen=True, slots=True)
class LineYear:
    """What one line was given in a year and what became of it, in fen, sources positive.

    `given_back_fen` was surrendered in the course of the year, `ended_fen` lapsed at its end.
    `left_fen` is what nobody carried yet: not allotted, available, or encumbered.
    """

    approved_fen: int = 0
    brought_fen: int = 0
    expended_fen: int = 0
    given_back_fen: int = 0
    ended_fen: int = 0
    left_fen: int = 0


def lots_by_line(books: Books, as_of: date) -> dict[tuple[str, str], tuple[Lot, ...]]:
    """Return the lots of each line, by unit and category, in the year of a day up to that day.

    The open lots of a line are what it has left, to the fen: on the last day of a year that was
    ended, what is carried forward.
    """
    kinds: dict[tuple[str, str], dict[int, dict[str, int]]] = {}
    for name in books.account_names():
        account = books.accounts.account(name)
        if account.kind == "budget" and not account.strange and account.year <= as_of.year:
            years = kinds.setdefault((account.unit, account.category), {})
            of_year = years.setdefault(account.year, {})
            of_year[account.budget_kind] = books.fen(name, as_of)
            end = date(account.year, 12, 31)
            if account.budget_kind in LEFT and end <= as_of:
                emptied_fen = books.emptied[f"{name}@{end.isoformat()}"]
                of_year["emptied"] = of_year.get("emptied", 0) - emptied_fen
    return lots_of_kinds(kinds, as_of.year)


def lots_of_kinds(
    kinds: Mapping[tuple[str, str], Mapping[int, Mapping[str, int]]], until: int
) -> dict[tuple[str, str], tuple[Lot, ...]]:
    """Return the lots of each line in the year `until`, from the fen of its accounts.

    They are by line, year and kind, a debit above zero; `emptied` among the kinds is what the
    closing of the year took from what was left.
    """
    found = {}
    for line, years in sorted(kinds.items()):
        lots = lots_of({year: _line_year(own) for year, own in years.items()}, until)
        if lots:
            found[line] = lots
    return found


def _line_year(kinds: Mapping[str, int]) -> LineYear:
    ended_fen = kinds.get("emptied", 0) - kinds.get("CarriedForward", 0)
    return LineYear(
        approved_fen=-kinds.get("Approved", 0) - kinds.get("Provisional", 0),
        brought_fen=-kinds.get("BroughtForward", 0),
        expended_fen=kinds.get("Expended", 0),
        given_back_fen=kinds.get("Lapsed", 0) - ended_fen,
        ended_fen=ended_fen,
        left_fen=sum(kinds.get(kind, 0) for kind in LEFT),
    )


def lots_of(years: Mapping[int, LineYear], until: int) -> tuple[Lot, ...]:
    """Return the lots of one line in the year `until`, the oldest first; none that never was.

    Of a year that is not ended yet nothing was carried; its lots stand beside those of the next.
    """
    lots: tuple[Lot, ...] = ()
    waiting: tuple[Lot, ...] = ()
    first = min(years, default=until)
    for year in range(first, until + 1):
        opened = _opened(lots)
        if year - 1 in years and years[year - 1].left_fen:
            waiting, opened = merged((*waiting, *opened)), ()
        lots = _year(opened, year, years.get(year, LineYear()), or_before=year == first)
    return merged((*waiting, *lots))


def merged(lots: Iterable[Lot]) -> tuple[Lot, ...]:
    """Return one lot for each year of origin, the oldest first: of several lines, their sums."""
    sums: dict[int, Lot] = {}
    for lot in lots:
        own = sums.get(lot.origin)
        sums[lot.origin] = lot if own is None else _together(own, lot)
    return tuple(sorted(lot for lot in sums.values() if any(lot.figures)))


def _together(one: Lot, other: Lot) -> Lot:
    """Return two lots of one origin as one."""
    opening_fen, income_fen, spent_fen, given_back_fen = map(add, one.figures, other.figures)
    or_before = one.or_before or other.or_before
    return Lot(one.origin, opening_fen, income_fen, spent_fen, given_back_fen, or_before)


def _opened(lots: Sequence[Lot]) -> tuple[Lot, ...]:
    """Return what is left as the lots of the next year.

    What a line overspent (only past the gate, FL502) is covered by its oldest lots.
    """
    opened = [Lot(lot.origin, lot.open_fen, or_before=lot.or_before) for lot in lots]
    short_fen = -sum(lot.opening_fen for lot in opened if lot.opening_fen < 0)
    covered = []
    for lot in opened:
        if lot.opening_fen > 0:
            used_fen = min(short_fen, lot.opening_fen)
            short_fen -= used_fen
            left_fen = lot.opening_fen - used_fen
            covered.append(lot._replace(opening_fen=left_fen) if used_fen else lot)
    if short_fen:
        covered.append(Lot(opened[-1].origin, -short_fen))
    return tuple(lot for lot in covered if lot.opening_fen)


def _year(
    opened: tuple[Lot, ...], year: int, moved: LineYear, *, or_before: bool
) -> tuple[Lot, ...]:
    """Return the lots at the end of what was moved in a year, its own last.

    What is brought forward beyond the lots is money of an earlier year that came back, or that the
    books began with: it counts as of the year before.
    """
    late_fen = moved.brought_fen - sum(lot.opening_fen for lot in opened)
    if late_fen > 0:
        opened = merged((*opened, Lot(year - 1, income_fen=late_fen, or_before=or_before)))
    lots = [*opened, Lot(year, income_fen=moved.approved_fen)]
    lots = _taken(lots, moved.given_back_fen + max(-late_fen, 0))
    lots = _taken(lots, moved.expended_fen, spent=True)
    lots = _taken(lots[::-1], moved.ended_fen)[::-1]
    return tuple(lots)


def _taken(lots: Sequence[Lot], fen: int, *, spent: bool = False) -> list[Lot]:
    """Return the lots after an amount was taken, in their order; the newest is short of the rest.

    So is an amount below nothing, such as what came back beyond all payments, added to the newest.
    """
    if not fen:
        return list(lots)
    newest = max(range(len(lots)), key=lambda at: lots[at].origin)
    takes = []
    for lot in lots:
        takes.append(max(min(fen, lot.open_fen), 0))
        fen -= takes[-1]
    takes[newest] += fen
    return [_less(lot, take, spent=spent) for lot, take in zip(lots, takes, strict=True)]


def _less(lot: Lot, fen: int, *, spent: bool) -> Lot:
    """Return a lot after so much of it was spent or given back."""
    if not fen:
        return lot
    if spent:
        return lot._replace(spent_fen=lot.spent_fen + fen)
    return lot._replace(given_back_fen=lot.given_back_fen + fen)
