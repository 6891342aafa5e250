"""What a reissue pays once more: each line with the one that failed or came back before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fundledger.ledger.batches.files import lines_in
from fundledger.ledger.batches.states import LineState

if TYPE_CHECKING:
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.books import Books


class Reissued(NamedTuple):
    """A line of a reissue: the line `of` another batch that it pays once more, and why.

    `state` and `reason` are how that one stood; `moved` says that this one goes to another account.
    """

    line: str
    batch: str
    of: str
    state: str
    reason: str
    amount_fen: int
    moved: bool


def reissued_in(batch: Batch, books: Books) -> list[Reissued]:
    """Return what a batch pays once more, but for what was dropped; nothing of another kind.

    Raises:
        Unfit: FL751, a list is not there or not as it was.

    """
    if batch.kind != "reissue":
        return []
    before: dict[str, str] = {}
    for name in {parent.batch for parent in batch.parents.values()}:
        earlier = books.batch(name)
        if earlier is not None:
            before |= {line.line: line.account for line in lines_in(books, earlier.list)}
    found = []
    for line in lines_in(books, batch.list):
        parent = batch.parents.get(line.line)
        if parent is None or batch.standing(line.line).state is LineState.DROPPED:
            continue
        stood = parent.standing
        moved = before.get(parent.line) != line.account
        found.append(
            Reissued(
                line.line,
                parent.batch,
                parent.line,
                stood.state.value,
                stood.reason,
                line.amount_fen,
                moved,
            )
        )
    return found
