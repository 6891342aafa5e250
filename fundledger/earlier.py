"""A fund as it stood when its journal was shorter."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from fundledger.ledger.door import Snapshot
from fundledger.ledger.journal import Torn
from fundledger.ledger.note import NO_NOTE
from fundledger.reader import Reader


def earlier(fund: Reader, records: int) -> Reader:
    """Return a fund as it stood after so many records; all of them if it has fewer.

    What a later writer left beside the journal is not seen.
    """
    return _Earlier(fund, records)


class _Earlier(Reader):
    """A fund as its first records left it."""

    def __init__(self, whole: Reader, records: int) -> None:
        super().__init__(whole._disk, whole._charter, whole._surroundings, whole._read_rules)  # noqa: SLF001 - its own kind
        self._records = records
        self._cut: dict[str, int] | None = None

    def _snapshot(self) -> Snapshot:
        """Look at the files, each segment only as far as those records reach."""
        snapshot = super()._snapshot()
        if self._cut is None:
            self._cut = {}
            for line in islice(self._scanned(self._sizes(snapshot)), self._records):
                if not isinstance(line, Torn):
                    self._cut[line.segment] = line.end
        return replace(snapshot, segments=self._cut, books={}, contents={}, note=NO_NOTE)
