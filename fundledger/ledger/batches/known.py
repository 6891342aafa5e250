"""What a bank's answer tells that is not known already: banks answer again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fundledger.ledger.batches.batch import Batch
from fundledger.ledger.batches.files import Shelf, lines_in
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.states import LineState

_AFTER_PAYMENT = frozenset(
    {
        LineState.PAID,
        LineState.RETURNED,
        LineState.REVERSED,
        LineState.RECOVERABLE,
        LineState.RECOVERED,
        LineState.WRITTEN_OFF,
    }
)
_AFTER_EITHER = frozenset(
    {LineState.REISSUED, LineState.CANCELLED, LineState.UNCLAIMED, LineState.REMITTED}
)
_KNOWN: Mapping[str, frozenset[LineState]] = {
    "paid": _AFTER_PAYMENT | _AFTER_EITHER,
    "failed": frozenset({LineState.FAILED}) | _AFTER_EITHER,
    "unknown": frozenset({LineState.UNKNOWN, LineState.FAILED}) | _AFTER_PAYMENT | _AFTER_EITHER,
}
"""The states of lines of which a result tells nothing new."""


def news(shelf: Shelf, batch: Batch, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Return what a result says that is not known; what it says of no line stays, to be refused.

    Raises:
        Unfit: FL751, the list is gone, or another, or none.

    """
    amounts = {line.line: line.amount_fen for line in lines_in(shelf, batch.list)}
    return tuple(
        one
        for one in outcomes
        if amounts.get(one.line) != one.amount_fen
        or batch.standing(one.line).state not in _KNOWN.get(one.outcome, ())
    )
