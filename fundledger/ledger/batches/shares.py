"""The part of a batch's voucher that pays one line: what a bank's row may be, and a voucher not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fundledger.ledger.batches.files import Unfit, outcomes_in, some_facts_of
from fundledger.ledger.batches.states import BATCH_EVENT, UNDOES, Standing, Way

if TYPE_CHECKING:
    from fundledger.ledger.books import Books

WAYS: Mapping[str, Way] = {
    "batch-debit": "out",
    "batch-credit-back": "in",
    "batch-return": "in",
    "batch-take-back": "in",
}
"""Which way the events move the account that a bank's rows of payments are compared with."""

_UNDOES: Mapping[str, Way] = {f"{BATCH_EVENT}{step}": way for step, way in UNDOES.items()}


class Share(NamedTuple):
    """The day and the fen by which a line moves the account."""

    on: str
    signed_fen: int


def share_name(voucher: str, line: str) -> str:
    """Return how the part of a voucher that pays one line is named: `2026-03-0007/L-…`."""
    return f"{voucher}/{line}"


def voucher_of(ref: str) -> str:
    """Return the voucher that a reference names, in whole or in part."""
    return ref.partition("/")[0]


def shares_of(refs: Iterable[str], books: Books) -> dict[str, Share]:
    """Return the parts of vouchers by their names; left out is one that pays no such line.

    That a voucher pays a line follows from its record: the batch and, where the step names lines,
    the file of them; and from the list and how the line stands.  Each file is read once; where one
    is lost, nothing is proved.
    """
    by_voucher: dict[str, list[str]] = {}
    for ref in refs:
        of, slash, line = ref.partition("/")
        if slash:
            by_voucher.setdefault(of, []).append(line)
    found: dict[str, Share] = {}
    for of, lines in by_voucher.items():
        try:
            shares = _shares(of, lines, books)
        except Unfit:
            continue
        found.update((share_name(of, line), share) for line, share in shares.items())
    return found


def _shares(of: str, lines: Sequence[str], books: Books) -> dict[str, Share]:
    record, voucher = books.record_of(of), books.voucher(of)
    if record is None or voucher is None or record.kind != "batch":
        return {}
    way, undoes = WAYS.get(voucher.event), _UNDOES.get(voucher.event)
    batch = books.batch(record.body["batch"])
    if (way is None and undoes is None) or batch is None or batch.unread:
        return {}
    on = voucher.date.isoformat()
    named = record.body.get("lines", "")
    taken = {one.line for one in outcomes_in(books, named) if one.on == on} if named else None
    facts = some_facts_of(books, batch, lines)
    undone = {
        one.line
        for one in batch.undone
        if one.way == way and one.on == on and one.sequence > record.sequence
    }
    sign = 1 if way == "in" or undoes == "out" else -1
    return {
        line: Share(on, sign * facts[line].amount_fen)
        for line in lines
        if line in facts
        and (taken is None or line in taken)
        and (undoes or line in undone or on == moved_on(batch.standing(line), way or "out"))
    }


def moved_on(standing: Standing, way: Way) -> str:
    """Return the day on which the books have a line's money out of the account, or back, or ''."""
    return standing.debited_on if way == "out" else standing.credited_on


def was_sent(line: str, books: Books) -> bool:
    """Whether a line is one that the bank was sent; of lists that are lost nothing is denied."""
    for batch in books.batches():
        if batch.unread:
            return True
        try:
            if batch.exported_on and some_facts_of(books, batch, [line]):
                return True
        except Unfit:
            return True
    return False
