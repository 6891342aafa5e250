"""What the bank says that it received of a batch, held against the file that was sent."""

from __future__ import annotations

from typing import NamedTuple

from fundledger.ledger.batches.batch import Batch
from fundledger.ledger.batches.states import LineState
from fundledger.ledger.bodies import BankReceipt

_WAITING = frozenset({LineState.EXPORTED, LineState.UNKNOWN})


class Unlike(NamedTuple):
    """A receipt that is not about the file that was sent: what was sent, and what it states.

    `what` is "figures", or "digest" where count and sum are the same and the file is another.
    """

    batch: str
    what: str
    sent: int
    sent_fen: int
    received: int
    received_fen: int


def expected(batch: Batch) -> BankReceipt:
    """Return what a receipt of the file that was sent has to state."""
    groups = [
        total for standing, _, total in batch.groups() if standing.state is not LineState.DROPPED
    ]
    count = sum(total.payments for total in groups)
    return BankReceipt(count, sum(total.amount_fen for total in groups), batch.file)


def is_as_sent(batch: Batch) -> bool:
    """Whether the bank's receipt states count and sum of what was sent, and its digest if any."""
    if batch.receipt is None:
        return False
    wanted, stated = expected(batch), batch.receipt
    same = (stated.payments, stated.amount_fen) == (wanted.payments, wanted.amount_fen)
    return same and stated.digest in {"", wanted.digest}


def unlike(batch: Batch) -> Unlike | None:
    """Return a receipt that is not of the file that was sent, as long as payments wait for it.

    Once the bank has answered for each line, that is what is held against the lines (R8).
    """
    if batch.receipt is None or batch.unread or not waits(batch) or is_as_sent(batch):
        return None
    wanted, stated = expected(batch), batch.receipt
    figures = stated.payments, stated.amount_fen
    same = figures == (wanted.payments, wanted.amount_fen)
    what = "digest" if same else "figures"
    return Unlike(batch.id, what, wanted.payments, wanted.amount_fen, *figures)


def waits(batch: Batch) -> bool:
    """Whether a line was sent that the bank has not answered for."""
    return any(standing.state in _WAITING for standing, _, _ in batch.groups())
