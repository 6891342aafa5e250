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

    @property
    def apart_fen(self) -> int:
        """How much more the receipt states than was sent."""
        return self.received_fen - self.sent_fen


def expected(batch: Batch) -> BankReceipt:
    """Return what a receipt of the file that was sent has to state."""
    groups = [
        total for standing, _, total in batch.groups() if standing.state is not LineState.DROPPED
    ]
    count = sum(total.payments for total in groups)
    return BankReceipt(count, sum(total.amount_fen for total in groups), batch.file)


def is_as_sent(batch: Batch) -> bool:
    """Whether the bank's receipt states count and sum of what was sent, and its digest if any."""
    return batch.receipt is not None and _unlike(batch, batch.receipt) is None


def unlike(batch: Batch) -> Unlike | None:
    """Return a receipt that is not of the file that was sent, as long as payments wait for it.

    Once the bank has answered for each line, that is what is held against the lines (R8).
    """
    if batch.receipt is None or batch.unread or not waits(batch):
        return None
    return _unlike(batch, batch.receipt)


def _unlike(batch: Batch, stated: BankReceipt) -> Unlike | None:
    wanted = expected(batch)
    figures = stated.payments, stated.amount_fen
    same = figures == (wanted.payments, wanted.amount_fen)
    if same and stated.digest in {"", wanted.digest}:
        return None
    what = "digest" if same else "figures"
    return Unlike(batch.id, what, wanted.payments, wanted.amount_fen, *figures)


def waits(batch: Batch) -> bool:
    """Whether a line was sent that the bank has not answered for."""
    return any(standing.state in _WAITING for standing, _, _ in batch.groups())
