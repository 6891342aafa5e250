"""Emergency advances (应急预付): what of each is open, by day and by budget line."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from fundledger.ledger.chart import ADVANCE
from fundledger.ledger.entry import Entry
from fundledger.ledger.tables import Advanced, Tables


class Open(NamedTuple):
    """What is open of the advance that a voucher paid, in fen."""

    ref: str
    since: str
    amount_fen: int


class Advances:
    """What is kept of emergency advances; a settlement names the voucher that paid the advance."""

    def __init__(self, tables: Tables) -> None:
        """Take what the tables hold."""
        self.advances = tables.table("advances")
        self.settling = tables.table("settling")

    def advance_of(self, ref: str) -> Advanced | None:
        """Return the advance that a voucher paid, or None."""
        found: Advanced | None = self.advances[ref]
        return found

    def settled_by(self, ref: str) -> str:
        """Return the voucher that paid the advance which this one settles, or an empty text."""
        found: str = self.settling[ref]
        return found

    def open_advances(self, on: date) -> list[Open]:
        """Return the advances that are open at the end of a day, in the order of vouchers."""
        day = on.isoformat()
        found = []
        for ref, one in sorted(self.advances.rows()):
            if one is not None:
                left_fen = sum(fen for moved_on, fen in one.moved.items() if moved_on <= day)
                if left_fen > 0:
                    found.append(Open(ref, one.day, left_fen))
        return found

    def advanced_fen(self, unit: str, category: str) -> int:
        """Return what of a budget line is set aside for open advances, in all years."""
        line = f"{unit}:{category}"
        every = (one for _, one in self.advances.rows() if one is not None)
        return sum(max(one.lines.get(line, 0), 0) for one in every)

    def _take_advance(self, entry: Entry) -> None:
        """Take in a voucher that moves advances: it pays one, settles one, or undoes either.

        The lines of opening balances are kept only where all that is encumbered is for advances.
        """
        voucher = entry.voucher
        moved_fen = 0
        lines: dict[str, int] = {}
        for posting, account in entry.lines:
            if account.name == ADVANCE:
                moved_fen += posting.signed_fen
            elif account.budget_kind == "Encumbered":
                line = f"{account.unit}:{account.category}"
                lines[line] = lines.get(line, 0) + posting.signed_fen
        if moved_fen > 0 and not voucher.reverses:
            kept = lines if sum(lines.values()) == moved_fen else {}
            self.advances[entry.ref] = Advanced(entry.day, {entry.day: moved_fen}, kept)
            return
        named = voucher.reverses or voucher.corrects or ""
        ref = named if self.advances[named] is not None else self.settled_by(named)
        if not ref:
            return
        if not voucher.reverses:
            self.settling[entry.ref] = ref
        day, moved, before = self.advances[ref]
        moved = {**moved, entry.day: moved.get(entry.day, 0) + moved_fen}
        if before:
            lines = {line: before.get(line, 0) + lines.get(line, 0) for line in {**before, **lines}}
        self.advances[ref] = Advanced(day, moved, lines if before else {})
