"""Force into a fund's journal what the gate would refuse: the chain holds, the content does not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs

from fundledger.ledger.record import Kind, Record, encode_line, genesis
from fundledger.ledger.voucher import Draft, Voucher, numbered

if TYPE_CHECKING:
    from fundledger import Fund

LATE = "2026-10-31T18:00:00+08:00"


class Forger:
    """One fund's journal in memory, written anew with `write`; for tests and demonstrations."""

    def __init__(self, root: Path, fund: Fund) -> None:
        """Read the journal of a fund, whose directory is `root`."""
        self.fund = fund
        self.root = root
        names = sorted((root / "journal").iterdir())
        places = [path.name for path in names for _ in path.read_bytes().splitlines()]
        self._lines = list(zip(places, fund.records(), strict=True))
        self._numbers: dict[str, int] = {}
        for _, record in self._lines:
            for voucher in record.vouchers:
                last = self._numbers.get(voucher.month, 0)
                self._numbers[voucher.month] = max(last, voucher.number)

    def vouchers(self) -> list[Voucher]:
        """Return every voucher in the order of recording."""
        return [voucher for _, record in self._lines for voucher in record.vouchers]

    def add(self, draft: Draft, *, skip: int = 0, at: str = LATE) -> str:
        """Force a voucher in, `skip` numbers further than its turn; return its reference."""
        month = draft.date.isoformat()[:7]
        number = self._numbers.get(month, 0) + 1 + skip
        self._numbers[month] = max(number, self._numbers.get(month, 0))
        voucher = numbered(replace(draft), number)
        self.add_record("voucher", draft.poster or draft.maker, {}, (voucher,), at=at)
        return voucher.ref

    def add_record(
        self,
        kind: Kind,
        actor: str,
        body: dict[str, Any],
        vouchers: tuple[Voucher, ...] = (),
        *,
        at: str = LATE,
    ) -> None:
        """Force a record in at the end."""
        sequence = len(self._lines) + 1
        key = f"forced-{self.fund.id}-{sequence}"
        record = Record(sequence, at, actor, kind, key, "", body, vouchers)
        self._lines.append((self._lines[-1][0], record))

    def change(self, ref: str, how: Callable[[Voucher], Voucher]) -> None:
        """Change a voucher where it stands, as somebody would who can compute the chain anew."""
        for index, (name, record) in enumerate(self._lines):
            if any(voucher.ref == ref for voucher in record.vouchers):
                vouchers = tuple(how(v) if v.ref == ref else v for v in record.vouchers)
                self._lines[index] = (name, structs.replace(record, vouchers=vouchers))

    def balance_fen(self, account: str, on: date) -> int:
        """Return an account's balance at the end of a day, with what was forced in."""
        return sum(
            posting.signed_fen
            for voucher in self.vouchers()
            for posting in voucher.postings
            if posting.account == account and voucher.date <= on
        )

    def write(self) -> None:
        """Write the journal with a chain that holds, and the books that follow from it."""
        self.fund.close_files()
        digest = genesis(self.fund.id)
        contents: dict[str, bytes] = {}
        for name, record in self._lines:
            line, digest = encode_line(record, digest)
            contents[name] = contents.get(name, b"") + line
        for name, content in contents.items():
            (self.root / "journal" / name).write_bytes(content)
        shutil.rmtree(self.root / ".state", ignore_errors=True)
        self.fund.rebuild()
        self.fund.close_files()
