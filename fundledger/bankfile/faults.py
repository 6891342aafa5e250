"""What can be wrong with an entry of `banks.toml` beyond its form: code, place and details."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fundledger.bankfile.profile import (
    ResultColumn,
    ResultHead,
    StatementColumn,
    StatementHead,
)
from fundledger.charter.files import KeyPath
from fundledger.tables.tabular import plain

Fault = tuple[str, KeyPath, dict[str, str]]
Cells = Sequence[ResultColumn | ResultHead | StatementColumn | StatementHead]

_MANY = frozenset(("other", "memo", "summary"))


def of_needed(path: KeyPath, *, given: bool, wanted: bool) -> Iterator[Fault]:
    """A key is there where the format needs it, and only there (FL760)."""
    if wanted and not given:
        yield "FL760", path, {"reason": "missing"}
    if given and not wanted:
        yield "FL760", path, {"reason": "unwanted"}


def of_cells(cells: Cells, path: KeyPath, *, named: bool) -> Iterator[Fault]:
    """Each field and each word stands once; what is found by its words has some."""
    seen: set[str] = set()
    for at, cell in enumerate(cells):
        if named and not cell.words:
            yield "FL760", (*path, at, "words"), {"reason": "missing"}
        if cell.field not in _MANY and f"field {cell.field}" in seen:
            yield "FL021", (*path, at, "field"), {"found": cell.field}
        seen.add(f"field {cell.field}")
        for word in map(plain, cell.words):
            if f"word {word}" in seen:
                yield "FL021", (*path, at, "words"), {"found": word}
            seen.add(f"word {word}")


def of_meanings(holder: object, keys: Sequence[str], path: KeyPath) -> Iterator[Fault]:
    """A word means one thing (FL761)."""
    meanings: dict[str, str] = {}
    for key in keys:
        for word in getattr(holder, key):
            if meanings.setdefault(plain(word), key) != key:
                yield "FL761", (*path, "in" if key == "into" else key), {"found": word}
