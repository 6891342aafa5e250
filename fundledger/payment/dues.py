"""What the lines of a batch are to pay, and what other batches pay the same households."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fundledger.ledger.batches.files import lines_in
from fundledger.ledger.batches.states import LineState
from fundledger.payment.standards import Due, ceiling_fen

if TYPE_CHECKING:
    from fundledger.charter.models import Rate
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.batches.paylist import PaymentLine
    from fundledger.ledger.books import Books


def dues_of(batch: Batch, books: Books) -> list[Due]:
    """Return what a batch is to pay, but for what was dropped.

    Raises:
        Unfit: FL751, its list is not there or not as it was.

    """
    return [
        _due(line)
        for line in lines_in(books, batch.list)
        if batch.standing(line.line).state is not LineState.DROPPED
    ]


def dues_beside(batch: Batch, books: Books, rates: Sequence[Rate]) -> list[Due]:
    """Return what the households of a batch get for one month, by this list and by others.

    Only of budget lines with a standard for households; what is paid once more, or was given up,
    does not count.

    Raises:
        Unfit: FL751, a list is not there or not as it was.

    """
    found = [due for due in _live(batch, books) if due.household]
    limited = {
        key
        for key in {(due.line, due.period) for due in found}
        if ceiling_fen(rates, *key) is not None
    }
    asked = {
        (due.line, due.period, due.household) for due in found if (due.line, due.period) in limited
    }
    names = {
        name
        for line, period in limited
        for name in books.batches_of(line.partition(":")[2], period)
    }
    for name in sorted(names - {batch.id}):
        other = books.batch(name)
        if other is not None:
            found += [
                due._replace(place=f"{name}/{due.place}")
                for due in _live(other, books)
                if (due.line, due.period, due.household) in asked
            ]
    return found


def _live(batch: Batch, books: Books) -> Iterator[Due]:
    for line in lines_in(books, batch.list):
        if batch.standing(line.line).live:
            yield _due(line)


def _due(line: PaymentLine) -> Due:
    name = f"{line.unit}:{line.category}"
    return Due(line.line, name, line.period, line.amount_fen, line.household)
