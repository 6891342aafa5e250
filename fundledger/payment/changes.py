"""What a batch pays otherwise than the last one did: who is new or gone, whose money moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundledger.ledger.batches.files import lines_in
from fundledger.ledger.batches.states import LineState

if TYPE_CHECKING:
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.batches.paylist import PaymentLine
    from fundledger.ledger.books import Books


_GIVEN_UP = frozenset({LineState.CANCELLED, LineState.UNCLAIMED, LineState.REMITTED})


@dataclass(frozen=True, slots=True)
class Changes:
    """How the payments of one unit and category differ from those of the period before.

    `before` is that period, empty where there is none; people are pseudonyms.  Nobody is `dropped`
    whom another batch pays for the period.
    """

    unit: str
    category: str
    period: str
    before: str
    new: tuple[str, ...]
    dropped: tuple[str, ...]
    amount: Mapping[str, tuple[int, int]]
    account: tuple[str, ...]


def changes_of(batch: Batch, books: Books) -> list[Changes]:
    """Return what a batch changes, for each unit, category and period that it pays.

    What was rejected or withdrawn counts on neither side.

    Raises:
        Unfit: FL751, a list is not there or not as it was.

    """
    own: dict[tuple[str, str, str], dict[str, PaymentLine]] = {}
    for line in _standing(batch, books):
        own.setdefault((line.unit, line.category, line.period), {})[line.person] = line
    found = []
    for (unit, category, period), people in sorted(own.items()):
        earlier, beside = _elsewhere(batch, books, unit, category, period)
        before = max(earlier, default="")
        then = earlier.get(before, {})
        found.append(_between((unit, category, period), before, people, then, beside))
    return found


def _standing(batch: Batch, books: Books) -> Iterable[PaymentLine]:
    for line in lines_in(books, batch.list):
        if batch.standing(line.line).state is not LineState.DROPPED:
            yield line


def _elsewhere(
    own: Batch, books: Books, unit: str, category: str, period: str
) -> tuple[dict[str, dict[str, PaymentLine]], set[str]]:
    """Return who was paid in each earlier period, and whom another batch pays for this one.

    What was reissued counts as it was paid last.
    """
    found: dict[str, dict[str, PaymentLine]] = {}
    beside: set[str] = set()
    for batch in books.batches():
        if f"{unit}:{category}" not in batch.totals:
            continue
        for line in _standing(batch, books):
            if (line.unit, line.category) != (unit, category):
                continue
            if line.period < period:
                found.setdefault(line.period, {})[line.person] = line
            elif line.period == period and batch.id != own.id and _pays(batch, line):
                beside.add(line.person)
    return found, beside


def _pays(batch: Batch, line: PaymentLine) -> bool:
    return batch.standing(line.line).state not in _GIVEN_UP


def _between(
    what: tuple[str, str, str],
    before: str,
    now: Mapping[str, PaymentLine],
    then: Mapping[str, PaymentLine],
    beside: AbstractSet[str],
) -> Changes:
    both = sorted(now.keys() & then.keys())
    return Changes(
        *what,
        before,
        tuple(sorted(now.keys() - then.keys())),
        tuple(sorted(then.keys() - now.keys() - beside)),
        {
            person: (then[person].amount_fen, now[person].amount_fen)
            for person in both
            if then[person].amount_fen != now[person].amount_fen
        },
        tuple(person for person in both if then[person].account != now[person].account),
    )
