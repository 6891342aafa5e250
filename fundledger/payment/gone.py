"""Who was paid for the month before and is on no list of the month, without a reason on record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fundledger.findings import Finding
from fundledger.ledger.batches.files import lines_in
from fundledger.ledger.batches.states import LineState, Standing
from fundledger.ledger.batches.timely import is_paid, month_from

if TYPE_CHECKING:
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.batches.paylist import PaymentLine
    from fundledger.ledger.books import Books

_NAMED = 3
_NOT_ASKED_BACK = frozenset({LineState.EXPORTED, LineState.PAID})


def gone_without_reason(batch: Batch, books: Books) -> Iterator[Finding]:
    """Yield FL350 for each unit, category and month of a batch whose list leaves people out.

    What was cancelled, not claimed or asked back of the month before is a reason; so is the
    withdrawal of one line of a list that stands.  Only lists of the two months are read, and what
    is paid once more leaves nobody out.

    Raises:
        Unfit: FL751, a list is not there or not as it was.

    """
    if batch.kind != "payment":
        return
    paid_here = {
        (line.unit, line.category, line.period)
        for line, standing in _lines(batch, books)
        if standing.state is not LineState.DROPPED
    }
    for unit, category, period in sorted(paid_here):
        before = month_from(period, -1)
        then = {
            line.person
            for line, standing in _of(books, unit, category, before)
            if is_paid(standing) and standing.state in _NOT_ASKED_BACK
        }
        listed = {line.person for line, _ in _of(books, unit, category, period)}
        gone = sorted(then - listed)
        if gone:
            more = ", …" if len(gone) > _NAMED else ""
            of = {"unit": unit, "category": category, "period": period, "before": before}
            people = {"count": len(gone), "people": ", ".join(gone[:_NAMED]) + more}
            yield Finding("FL350", batch.id, {**of, **people})


def _of(
    books: Books, unit: str, category: str, period: str
) -> Iterator[tuple[PaymentLine, Standing]]:
    """Yield the lines of a unit's category and month on lists that were not refused whole."""
    for name in dict.fromkeys(books.batches_of(category, period)):
        batch = books.batch(name)
        if batch is None or set(batch.by_state()) == {LineState.DROPPED}:
            continue
        for line, standing in _lines(batch, books):
            if (line.unit, line.category, line.period) == (unit, category, period):
                yield line, standing


def _lines(batch: Batch, books: Books) -> Iterator[tuple[PaymentLine, Standing]]:
    for line in lines_in(books, batch.list):
        yield line, batch.standing(line.line)
