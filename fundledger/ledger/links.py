"""Where each voucher stands, and which ones it undoes, corrects and rests on."""

from __future__ import annotations

from collections.abc import Callable

from fundledger.ledger.entry import Entry
from fundledger.ledger.given import expect
from fundledger.ledger.record import Place, Record
from fundledger.ledger.tables import Tables
from fundledger.ledger.voucher import Voucher


class Links:
    """What is kept of vouchers by their references; `fetch` returns the record at a place."""

    def __init__(self, tables: Tables, fetch: Callable[[Place], Record] | None) -> None:
        """Take what the tables hold."""
        self.places = tables.table("places")
        self.undone = tables.table("undone")
        self.corrected = tables.table("corrected")
        self.documents = tables.table("documents")
        self.at_hand: tuple[Voucher, ...] = ()
        self._fetch = fetch

    def voucher(self, ref: str) -> Voucher | None:
        """Return a posted voucher by its reference, or None; of a record not yet written too.

        Raises:
            InputInvalid: FL909, that is no text.

        """
        expect(ref=isinstance(ref, str))
        place = self.places[ref]
        if place is None or self._fetch is None:
            return None
        found = Place(*place)
        held = self.at_hand if found.offset < 0 else self._fetch(found).vouchers
        return held[found.position]

    def record_of(self, ref: str) -> Record | None:
        """Return the record that posted a voucher, or None."""
        place = self.places[ref]
        if place is None or self._fetch is None:
            return None
        return self._fetch(Place(*place))

    def righted(self, ref: str) -> dict[str, int]:
        """Return the vouchers that correct one, or claim it from a fund, and stand; fen moved.

        What was reversed is followed to what took its place.
        """
        found: dict[str, int] = {}
        seen = {ref}
        following = [ref]
        while following:
            for by, fen in self.corrected[following.pop()].items():
                if self.undone[by] is None:
                    found[by] = fen
                elif by not in seen:
                    seen.add(by)
                    following.append(by)
        return found

    def _corrected(self, ref: str) -> tuple[int, int]:
        """Return how many corrections of a voucher stand, and the fen they moved in all."""
        standing = self.righted(ref)
        return len(standing), sum(standing.values())

    def _link(self, entry: Entry) -> None:
        """Take in what a voucher undoes, corrects and rests on."""
        voucher = entry.voucher
        if voucher.reverses:
            self.undone[voucher.reverses] = entry.ref
        if voucher.corrects:
            moved_fen = sum(max(posting.signed_fen, 0) for posting in voucher.cny)
            self.corrected[voucher.corrects] = {
                **self.corrected[voucher.corrects],
                entry.ref: moved_fen,
            }
        for digest in voucher.documents:
            if self.documents[digest] is None:
                self.documents[digest] = entry.ref
