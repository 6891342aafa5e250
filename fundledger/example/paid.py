"""How many payments of a fund's batches were made, failed, came back, were paid again, are open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fundledger.ledger.batches.states import LineState

if TYPE_CHECKING:
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.batches.states import Standing
    from fundledger.ledger.books import Books

_PAID = frozenset(
    {LineState.PAID, LineState.RECOVERABLE, LineState.RECOVERED, LineState.WRITTEN_OFF}
)


class Paid(NamedTuple):
    """Counts of payments: `listed` once each, `paid` at the first or a later time; money in fen.

    What failed or came back counts each time; `reissued` are those of them that were paid again,
    and `asked_back` those of the paid that were too much.
    """

    batches: int = 0
    listed: int = 0
    paid: int = 0
    paid_fen: int = 0
    failed: int = 0
    returned: int = 0
    reissued: int = 0
    asked_back: int = 0
    open: int = 0
    open_fen: int = 0

    def plus(self, other: Paid) -> Paid:
        """Return the sums of two."""
        return Paid(*map(sum, zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Open:
    """Payments of a batch about which something is still to be done, and that stand alike."""

    batch: str
    state: LineState
    count: int
    fen: int


def paid_of(books: Books) -> Paid:
    """Return the counts of a fund; what was struck off before it was sent is in none of them."""
    total = Paid()
    for batch in books.batches():
        total = total.plus(Paid(batches=1))
        for standing, _, (count, fen) in batch.groups():
            if standing.state is not LineState.DROPPED:
                total = total.plus(_counted(batch, standing, count, fen))
    return total


def _counted(batch: Batch, standing: Standing, count: int, fen: int) -> Paid:
    state = standing.state
    paid = state in _PAID
    failed = bool(standing.turned_on) and not standing.claimed_fen
    return Paid(
        listed=count * (batch.kind == "payment"),
        paid=count * paid,
        paid_fen=fen * paid,
        failed=count * failed,
        returned=count * (bool(standing.credited_on) and not failed),
        reissued=count * (state is LineState.REISSUED),
        asked_back=count * bool(standing.claimed_fen),
        open=count * standing.open,
        open_fen=fen * standing.open,
    )


def open_of(books: Books) -> Iterator[Open]:
    """Yield what is open, in the order of the batches."""
    for batch in books.batches():
        for standing, _, (count, fen) in batch.groups():
            if standing.open:
                yield Open(batch.id, standing.state, count, fen)
