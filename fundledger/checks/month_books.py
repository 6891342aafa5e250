"""The books of months on disk, held byte for byte against what the journal makes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from fundledger.ledger.door import Disk
from fundledger.ledger.text import month_file, month_header

_BLOCK_BYTES = 1 << 18
_AT_ONCE = 64


@dataclass(slots=True)
class _Month:
    """How far a file agrees with the journal, and once it does not, the digest of the journal."""

    name: str
    size: int
    agreed: int = 0
    block: bytes = b""
    block_start: int = 0
    waiting: list[str] = field(default_factory=list)
    digest: hashlib._Hash | None = None


class MonthBooks:
    """Compares the month books with vouchers as these pass, a block of each file at a time."""

    def __init__(self, disk: Disk, fund: str, sizes: Mapping[str, int]) -> None:
        """Start with no voucher; `sizes` are those of the files when the disk was looked at."""
        self._disk = disk
        self._fund = fund
        self._sizes = sizes
        self._months: dict[str, _Month] = {}

    def add(self, text: str) -> None:
        """Hold the text of a voucher, which begins with its day, against its month's file."""
        month = text[:7]
        found = self._months.get(month)
        if found is None:
            name = month_file(month)
            found = self._months[month] = _Month(name, self._sizes.get(name, 0))
            found.waiting.append(month_header(self._fund, month))
        found.waiting.append(text)
        if len(found.waiting) >= _AT_ONCE:
            self._compare(found)

    def _compare(self, found: _Month) -> None:
        """Hold the texts that wait against the file."""
        data = "".join(found.waiting).encode()
        found.waiting.clear()
        if found.digest is not None:
            found.digest.update(data)
        elif found.block.startswith(data, found.agreed - found.block_start):
            found.agreed += len(data)
        else:
            self._read_on(found, data)

    def _read_on(self, month: _Month, data: bytes) -> None:
        """Hold `data` against the next block; what differs is digested from here on."""
        month.block_start = month.agreed
        end = min(month.size, month.agreed + max(_BLOCK_BYTES, len(data)))
        rest = month.agreed < end
        month.block = self._disk.read(month.name, month.agreed, end) if rest else b""
        if month.block.startswith(data):
            month.agreed += len(data)
        else:
            month.digest = self._agreed(month)
            month.digest.update(data)

    def _agreed(self, month: _Month) -> hashlib._Hash:
        """Return the digest of the part of a file that the journal says too."""
        digest = hashlib.sha256()
        for start in range(0, month.agreed, _BLOCK_BYTES):
            end = min(month.agreed, start + _BLOCK_BYTES)
            digest.update(self._disk.read(month.name, start, end))
        return digest

    def sha256(self, month: str) -> str:
        """Return the sha256 of what the journal made a month's book so far; empty without one."""
        found = self._months.get(month)
        if found is None:
            return ""
        self._compare(found)
        return (self._agreed(found) if found.digest is None else found.digest).hexdigest()

    def __contains__(self, name: str) -> bool:
        """Whether a file is the book of a month in which something was recorded."""
        return any(month.name == name for month in self._months.values())

    def wrong(self) -> Iterator[tuple[str, str]]:
        """Yield each file that is `missing`, or `differs` in a byte or in its length."""
        for month in sorted(self._months.values(), key=lambda month: month.name):
            self._compare(month)
            if month.name not in self._sizes:
                yield month.name, "missing"
            elif month.digest is not None or month.agreed != month.size:
                yield month.name, "differs"
