"""Vouchers that say the same: perhaps one thing that was recorded twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fundledger.findings import Finding
from fundledger.ledger.journal import record_at
from fundledger.ledger.record import Place
from fundledger.ledger.twins import by_itself, in_order, plain_narration, said

if TYPE_CHECKING:
    from fundledger.ledger.books import Books
    from fundledger.ledger.door import Disk
    from fundledger.ledger.voucher import Voucher

_SHOWN = 3


class Twins:
    """Notices, as vouchers pass, which may say what an earlier one says.

    By day, narration and first amount alone, of which it keeps a number of 64 bits: that is a tenth
    of what comparing vouchers costs.  `pairs` are the numbers of an earlier and a later voucher
    with their month, to be compared by `FL343`.
    """

    def __init__(self) -> None:
        """Begin with no voucher."""
        self._first: dict[int, int] = {}
        self.pairs: list[tuple[str, str]] = []

    def take(self, voucher: Voucher) -> None:
        """Take the next voucher in."""
        postings = voucher.postings
        narration = plain_narration(voucher.narration)
        key = hash((voucher.date, narration, postings[0].signed_fen if postings else 0))
        first = self._first.setdefault(key, voucher.number)
        if first != voucher.number and by_itself(voucher):
            self.pairs.append((f"{voucher.month}-{first:04d}", voucher.ref))


def twins_in(books: Books, pairs: Sequence[tuple[str, str]], disk: Disk) -> Iterator[Finding]:
    """Yield FL343 for each set of vouchers that stand and say the same, of the last of them."""
    groups: dict[object, list[str]] = {}
    wanted = dict.fromkeys(ref for pair in pairs for ref in pair)
    lines = {books.places[ref][:2] for ref in wanted if books.places[ref] is not None}
    for segment, offset in sorted(lines):
        for voucher in record_at(disk, Place(segment, offset, 0)).vouchers:
            ref = voucher.ref
            if ref in wanted and by_itself(voucher) and not books.undone[ref]:
                groups.setdefault(said(voucher), []).append(ref)
    for refs in groups.values():
        if len(refs) > 1:
            *others, last = sorted(refs, key=in_order)
            shown = ", ".join(others[:_SHOWN])
            refs_shown = shown if len(others) <= _SHOWN else f"{shown}, …"
            details = {"refs": refs_shown, "count": len(refs)}
            yield Finding("FL343", last, details, books.fund, voucher=last)
