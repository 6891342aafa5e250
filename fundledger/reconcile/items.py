"""What a matching left open, and what it found, as a reconciliation shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from fundledger.reconcile.model import Item, Kind, Match

if TYPE_CHECKING:
    from datetime import date

    from fundledger.reconcile.joined import Joined
    from fundledger.reconcile.match import Entry, Pair, Ref, Rest

_CANDIDATES_SHOWN = 3


def items_of(rests: Iterable[Rest], as_of: date, *, of_book: bool) -> tuple[Item, ...]:
    """Return the open items of one side on a day."""
    items = [item for rest in rests for item in _each(rest, as_of, of_book=of_book)]
    return tuple(sorted(items, key=lambda item: (item.kind, item.date, item.ref, item.signed_fen)))


def _each(rest: Rest, as_of: date, *, of_book: bool) -> Iterator[Item]:
    known = rest.count == len(rest.entries)
    every = refs_of(rest.entries)
    for entry in rest.entries[: rest.count]:
        refs = refs_of((entry,)) if known else every
        texts = {entry.text} if known else {other.text for other in rest.entries}
        received = entry.signed_fen > 0
        if of_book:
            kind = Kind.BOOK_IN if received else Kind.BOOK_OUT
        else:
            kind = Kind.BANK_IN if received else Kind.BANK_OUT
        yield Item(
            kind=kind,
            date=entry.date,
            ref=shown(refs),
            signed_fen=entry.signed_fen,
            text=texts.pop() if len(texts) == 1 else "",
            age_days=(as_of - entry.date).days,
            candidates=tuple(ref.shown for ref in refs) if len(refs) > 1 else (),
            marks=tuple(ref.mark for ref in refs),
        )


def refs_of(entries: Sequence[Entry]) -> tuple[Ref, ...]:
    """Return how all of these entries are named."""
    return tuple(sorted({ref for entry in entries for ref in entry.refs}))


def shown(refs: Sequence[Ref]) -> str:
    """Return the names of lines as people read them, a few of many."""
    few = " | ".join(ref.shown for ref in refs[:_CANDIDATES_SHOWN])
    return few if len(refs) <= _CANDIDATES_SHOWN else f"{few} | … ({len(refs)})"


def named(names: Iterable[str]) -> str:
    """Return the names of lines of batches in one text, a few of many."""
    every = list(names)
    more = f" … ({len(every)})" if len(every) > _CANDIDATES_SHOWN else ""
    return "、".join(every[:_CANDIDATES_SHOWN]) + more


def match_of(pair: Pair) -> Match:
    """Return how a row and a voucher were found to be one."""
    bank, book = pair.bank, pair.book
    if bank.carried or book.carried:
        tier = "carried"
    else:
        tier = "corrected" if book.since else "window"
        if bank.date == book.date:
            tier = "same-date"
    return Match(
        bank.date,
        shown(bank.refs),
        book.date,
        shown(book.refs),
        bank.signed_fen,
        tier,
        pair.certain,
    )


def matches_of(joined: Joined) -> Iterator[Match]:
    """Yield a match for each payment that a row was found to be the sum of, or for each sum."""
    if joined.in_parts:
        refs = refs_of(joined.book)
        for bank in joined.bank:
            names = (shown(bank.refs), joined.book[0].date, shown(refs))
            yield Match(bank.date, *names, bank.signed_fen, joined.tier)
        return
    (bank,) = joined.bank
    for entry in joined.book:
        names = (shown(bank.refs), entry.date, shown(entry.refs))
        yield Match(bank.date, *names, entry.signed_fen, joined.tier)
