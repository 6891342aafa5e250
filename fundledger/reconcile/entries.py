"""The lines of both sides as they are matched: of statements, of the book, and open from before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from fundledger.reconcile.match import Entry, Ref

if TYPE_CHECKING:
    from fundledger.bank import BankLine, Statement
    from fundledger.reconcile.model import BookLine, Carried, Item

_NUMBER = re.compile(r"[0-9０-９*＊Xx]{8,}")


def entries_of(statements: Iterable[Statement], reach_days: int) -> list[Entry]:
    """Return the rows of statements."""
    return [
        Entry(
            line.date,
            (Ref(f"{item.sha256}:{line.row}", f"{item.name}:{line.row}"),),
            line.signed_fen,
            nameless(line),
            reach_days,
        )
        for item in statements
        for line in item.lines
    ]


def nameless(line: BankLine) -> str:
    """Return what the bank says a row is for, without whom it names and without long numbers."""
    said = line.summary
    for name in filter(None, (line.counterparty, line.counterparty_account)):
        said = said.replace(name, "…")
    return _NUMBER.sub("…", said)


def entry_of(line: BookLine, reach_days: int) -> Entry:
    """Return a posting of the book."""
    refs = (Ref(line.ref, line.ref),)
    return Entry(line.date, refs, line.signed_fen, line.narration, reach_days, since=line.since)


def carried_in(previous: Carried | None, *, of_book: bool) -> list[Entry]:
    """Return what was open on one side when it was signed last."""
    if previous is None:
        return []
    return [
        Entry(item.date, _refs_of(item), item.signed_fen, item.text, carried=True)
        for item in previous.items
        if item.of_book is of_book
    ]


def _refs_of(item: Item) -> tuple[Ref, ...]:
    shown = item.candidates or (item.ref,)
    return tuple(map(Ref, item.marks or shown, shown))
