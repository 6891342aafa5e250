"""A list held against the batches that there are: who is paid already for the same, by its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fundledger.findings import Finding
from fundledger.ledger.batches.paylist import line_id, root_of
from fundledger.ledger.batches.prepare import live_lines
from fundledger.payment.intake import entitlements_of

if TYPE_CHECKING:
    from fundledger.ledger.books import Books
    from fundledger.payment.unitlist import Entry
    from fundledger.people.pseudonyms import Pseudonyms

_PAID = "FL753"


def paid_already(
    file: str, entries: Sequence[Entry], made: Pseudonyms, books: Books
) -> list[Finding]:
    """Return FL753 for each row whose person is in a batch for its category and month already.

    Raises:
        Unfit: FL751, a list is not there or not as it was.

    """
    wanted = entitlements_of(entries, made)
    live = {
        (one.line.person, one.line.category, one.line.period): one
        for one in live_lines(books, wanted)
    }
    found = []
    for entry, own in zip(entries, wanted, strict=True):
        one = live.get((own.person, own.category, own.period))
        if one is not None:
            details = {"other": one.line.line, "batch": one.batch, "state": one.standing.state}
            found.append(Finding(_PAID, _row(file, entry), details, books.fund, gates=True))
    return found


def by_rows(
    findings: Iterable[Finding], file: str, entries: Sequence[Entry], made: Pseudonyms, fund: str
) -> list[Finding]:
    """Return findings that name a row where they named a line of the list (FL753), in order."""
    rows = {
        line_id(fund, own.unit, own.category, own.period, own.person): entry
        for entry, own in zip(entries, entitlements_of(entries, made), strict=True)
    }
    return [_by_row(one, file, rows) for one in sorted(findings, key=lambda f: _place(f, rows))]


def _place(finding: Finding, rows: Mapping[str, Entry]) -> int:
    entry = rows.get(root_of(finding.subject))
    return entry.row if entry is not None else 0


def _by_row(finding: Finding, file: str, rows: Mapping[str, Entry]) -> Finding:
    entry = rows.get(root_of(finding.subject)) if finding.code == _PAID else None
    return finding if entry is None else replace(finding, subject=_row(file, entry))


def _row(file: str, entry: Entry) -> str:
    return f"{file} [{entry.row}]"
