"""Who signed when, and which payments a little more would have put before an approver."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fundledger.ledger.entry import Entry
from fundledger.ledger.links import Links
from fundledger.ledger.record import Place, Record
from fundledger.ledger.tables import Tables
from fundledger.ledger.voucher import Posting, Voucher

ROLES = ("maker", "reviewer", "poster", "cashier")
MAKER_POSTS = "maker-poster"


class Conduct(Links):
    """What is kept of how people worked, for checks on a whole book."""

    def __init__(self, tables: Tables, fetch: Callable[[Place], Record] | None) -> None:
        """Take what the tables hold."""
        Links.__init__(self, tables, fetch)
        self.duties = tables.table("duties")
        self.near = tables.table("near")
        self._signatures: set[tuple[str | None, ...]] = set()

    def _take_signatures(self, signatures: tuple[str | None, ...], voucher: Voucher) -> None:
        """Note who signed in which role on the day of a record."""
        self._signatures.add(signatures)
        day, *persons = signatures
        for person, role in zip(persons, ROLES, strict=True):
            if person is not None and day is not None:
                self._sign(person, role, day)
        if voucher.maker == voucher.poster and day is not None:
            self._sign(voucher.maker, MAKER_POSTS, day)

    def _sign(self, person: str, duty: str, day: str) -> None:
        key = f"{person} {duty}@{day[:7]}"
        days = self.duties[key]
        if day not in days:
            self.duties[key] = [*days, day]

    def signers(self) -> dict[tuple[str, str], list[str]]:
        """Return the days on which each person signed in each role or kind of record."""
        found: dict[tuple[str, str], list[str]] = {}
        for key, days in self.duties.rows():
            person, _, duty = key.rpartition("@")[0].rpartition(" ")
            found.setdefault((person, duty), []).extend(days)
        return found

    def _near(self, entry: Entry, spent: Posting, limit_fen: int) -> None:
        """Note a payment that a little more would have put before an approver."""
        if spent.signed_fen < limit_fen and not entry.voucher.approval:
            key = f"{spent.account}@{entry.day[:7]}"
            self.near[key] = [*self.near[key], [entry.day, entry.ref, spent.signed_fen]]

    def near_limit(self, on: date) -> dict[str, list[tuple[str, str, int]]]:
        """Return day, reference and fen of payments just under the limit by account, in order.

        Those up to a day that stand, and that nobody approved.
        """
        found: dict[str, list[tuple[str, str, int]]] = {}
        for key, payments in self.near.rows():
            for day, ref, fen in payments:
                if day <= on.isoformat() and self.undone[ref] is None:
                    found.setdefault(key.rpartition("@")[0], []).append((day, ref, fen))
        return {account: sorted(payments) for account, payments in found.items()}
