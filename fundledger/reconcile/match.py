"""Matching of equal amounts: exclusive, deterministic, and silent about nothing it cannot know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from fundledger.reconcile.flow import maximum_flow, reachable
from fundledger.reconcile.model import Day


class Ref(NamedTuple):
    """How the journal names a line, and how people do."""

    mark: str
    shown: str


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One line of either side; `reach_days` is how far its partner's date may be, or no limit.

    `payees` are the accounts of whom it pays, where that is known: an empty set is of several, and
    fits nobody's alone.  The reach begins at `since`, where that is: the day of the voucher in
    whose place it stands.

    `refs` has one reference, or all that compete if it is not known which line this is, each as
    the journal names the line and as people do.
    """

    date: date
    refs: tuple[Ref, ...]
    signed_fen: int
    text: str = ""
    reach_days: int = 0
    carried: bool = False
    since: Day | None = None
    payees: frozenset[str] | None = field(default=None, compare=False)

    def fits(self, other: Entry) -> bool:
        """Whether both may be of one payee: one that states none fits any."""
        if self.payees is None or other.payees is None:
            return True
        return not self.payees.isdisjoint(other.payees)


@dataclass(frozen=True, slots=True)
class Pair:
    """One bank entry and one book entry taken together; both surely matched if `certain`."""

    bank: Entry
    book: Entry
    certain: bool


@dataclass(frozen=True, slots=True)
class Rest:
    """`count` of these equal entries found no partner; more entries than that: not known which."""

    entries: tuple[Entry, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Matching:
    """All pairs, and what is left of the bank's and of the book's entries."""

    pairs: tuple[Pair, ...]
    bank: tuple[Rest, ...]
    book: tuple[Rest, ...]


@dataclass(slots=True)
class _Day:
    """Equal entries of one side and date; `free` of them are not matched on that date."""

    entries: list[Entry]
    free: int
    used: int = 0

    @property
    def date(self) -> date:
        return self.entries[0].date

    def take(self) -> Entry:
        self.used += 1
        return self.entries[self.used - 1]


def match(bank: Iterable[Entry], book: Iterable[Entry]) -> Matching:
    """Match entries of equal signed fen, each at most once; the order of the input is nothing.

    Where both state whom they pay, it has to be the same.

    First those of one date, then as many as can be of those within reach of each other (the wider
    `reach_days` of the two).  Where equal entries outnumber their partners, the number left over
    is certain but not which of them: `Rest` names all that could be.
    """
    by_amount: dict[int, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((bank, book)):
        for entry in sorted(entries):
            by_amount[entry.signed_fen][side].append(entry)
    pairs: list[Pair] = []
    bank_rests: list[Rest] = []
    book_rests: list[Rest] = []
    for signed_fen in sorted(by_amount):
        found = _match_equal(*by_amount[signed_fen])
        pairs += found.pairs
        bank_rests += found.bank
        book_rests += found.book
    return Matching(tuple(pairs), tuple(bank_rests), tuple(book_rests))


def _match_equal(bank: list[Entry], book: list[Entry]) -> Matching:
    left, right = _days(bank), _days(book)
    same = _same_dates(left, right)
    edges = {
        (b, k)
        for b, of_bank in enumerate(left)
        for k, of_book in enumerate(right)
        if of_bank.free and of_book.free and _near(of_bank, of_book)
    }
    flow = maximum_flow([day.free for day in left], [day.free for day in right], edges)
    spare_left = [day.free - sum(flow[b].values()) for b, day in enumerate(left)]
    spare_right = [
        day.free - sum(row.get(k, 0) for row in flow.values()) for k, day in enumerate(right)
    ]
    backward: dict[int, dict[int, int]] = {k: {} for k in range(len(right))}
    for b, row in flow.items():
        for k, amount in row.items():
            backward[k][b] = amount
    loose_left = reachable(spare_left, edges, backward)
    loose_right = reachable(spare_right, {(k, b) for b, k in edges}, flow)
    doubtful_left = {b for group in loose_left for b in group}
    doubtful_right = {k for group in loose_right for k in group}
    pairs = []
    near = [(b, k, count) for b, row in flow.items() for k, count in sorted(row.items())]
    for b, k, count in same + near:
        certain = b not in doubtful_left and k not in doubtful_right
        pairs += [Pair(left[b].take(), right[k].take(), certain) for _ in range(count)]
    return Matching(
        tuple(pairs),
        tuple(_rests(left, loose_left, spare_left)),
        tuple(_rests(right, loose_right, spare_right)),
    )


def _days(entries: list[Entry]) -> list[_Day]:
    days: dict[tuple[date, int, bool, date, tuple[str, ...]], _Day] = {}
    for entry in entries:
        payees = ("*",) if entry.payees is None else tuple(sorted(entry.payees))
        key = (entry.date, entry.reach_days, entry.carried, entry.since or entry.date, payees)
        day = days.setdefault(key, _Day([], 0))
        day.entries.append(entry)
        day.free += 1
    return [days[key] for key in sorted(days)]


def _same_dates(left: Sequence[_Day], right: Sequence[_Day]) -> list[tuple[int, int, int]]:
    """Take those of one date together, but where that would pick one of several payees."""
    same = []
    for of_bank, of_book in _of_one_date(left, right):
        supply = [left[b].free for b in of_bank]
        demand = [right[k].free for k in of_book]
        picks = (len(of_book) > 1 and sum(supply) < sum(demand)) or (
            len(of_bank) > 1 and sum(demand) < sum(supply)
        )
        if picks:
            continue
        edges = (
            (at, to)
            for at, b in enumerate(of_bank)
            for to, k in enumerate(of_book)
            if left[b].entries[0].fits(right[k].entries[0])
        )
        for at, row in maximum_flow(supply, demand, edges).items():
            for to, count in sorted(row.items()):
                left[of_bank[at]].free -= count
                right[of_book[to]].free -= count
                same.append((of_bank[at], of_book[to], count))
    return same


def _of_one_date(
    left: Sequence[_Day], right: Sequence[_Day]
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the days of both sides that are of one date and may be of one payee, in their order."""
    groups: list[tuple[set[int], set[int]]] = []
    for b, of_bank in enumerate(left):
        fitting = {
            k
            for k, of_book in enumerate(right)
            if of_book.date == of_bank.date and of_bank.entries[0].fits(of_book.entries[0])
        }
        if not fitting:
            continue
        bank, book = {b}, fitting
        for group in [one for one in groups if not one[1].isdisjoint(fitting)]:
            groups.remove(group)
            bank, book = bank | group[0], book | group[1]
        groups.append((bank, book))
    return (
        (sorted(bank), sorted(book)) for bank, book in sorted(groups, key=lambda g: sorted(g[0]))
    )


def _near(of_bank: _Day, of_book: _Day) -> bool:
    first, second = of_bank.entries[0], of_book.entries[0]
    if not first.fits(second):
        return False
    if first.carried or second.carried:
        return True
    reach_days = max(first.reach_days, second.reach_days)
    since = min(second.since or second.date, second.date)
    apart_days = max((since - first.date).days, (first.date - second.date).days)
    return apart_days <= reach_days


def _rests(
    days: Sequence[_Day], groups: Iterable[frozenset[int]], spare: Sequence[int]
) -> Iterator[Rest]:
    for group in groups:
        entries = [entry for index in sorted(group) for entry in days[index].entries]
        yield Rest(tuple(sorted(entries)), sum(spare[index] for index in group))
