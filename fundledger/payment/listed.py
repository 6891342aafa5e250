"""A list held against the batches that there are: who is paid already for the same, by its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.ledger.batches.paylist import line_id, root_of
from fundledger.ledger.batches.prepare import live_lines
from fundledger.payment.intake import entitlements_of

if TYPE_CHECKING:
    from fundledger.ledger.batches.acts import Entitlement
    from fundledger.ledger.batches.prepare import Earlier
    from fundledger.ledger.books import Books
    from fundledger.payment.unitlist import Entry, UnitList
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
    live = _live(wanted, books)
    found = []
    for entry, own in zip(entries, wanted, strict=True):
        one = live.get((own.person, own.category, own.period))
        if one is not None:
            details = {"other": one.line.line, "batch": one.batch, "state": one.standing.state}
            found.append(Finding(_PAID, _row(file, entry), details, books.fund, gates=True))
    return found


def left_out(file: str, entries: Sequence[Entry], made: Pseudonyms, books: Books) -> list[Finding]:
    """Return FL351 for each row of a register of the entitled whom no batch pays (遗漏).

    Whichever unit's list it is, and whatever amount it has; what was given up pays nobody.

    Raises:
        Unfit: FL751, a list is not there or not as it was.

    """
    wanted = entitlements_of(entries, made)
    live = _live(wanted, books)
    return [
        Finding(
            "FL351",
            _row(file, entry),
            {"category": own.category, "period": own.period},
            books.fund,
            amount_fen=own.amount_fen,
        )
        for entry, own in zip(entries, wanted, strict=True)
        if (own.person, own.category, own.period) not in live
    ]


def _live(wanted: Sequence[Entitlement], books: Books) -> dict[tuple[str, str, str], Earlier]:
    """Return the lines that pay any of this and count, by person, category and month."""
    return {
        (one.line.person, one.line.category, one.line.period): one
        for one in live_lines(books, wanted)
    }


@contextmanager
def by_rows(found: UnitList, made: Pseudonyms, fund: str) -> Iterator[None]:
    """Let a refusal of lines that are paid already (FL753) name the rows of their list, in order.

    Raises:
        Refused: what was raised in here, by the rows.

    """
    try:
        yield
    except Refused as refused:
        rows = {
            line_id(fund, own.unit, own.category, own.period, own.person): entry
            for entry, own in zip(found.entries, entitlements_of(found.entries, made), strict=True)
        }
        ordered = sorted(refused.findings, key=lambda one: _place(one, rows))
        raise Refused([_by_row(one, found.file, rows) for one in ordered]) from refused


def _place(finding: Finding, rows: Mapping[str, Entry]) -> int:
    entry = rows.get(root_of(finding.subject))
    return entry.row if entry is not None else 0


def _by_row(finding: Finding, file: str, rows: Mapping[str, Entry]) -> Finding:
    entry = rows.get(root_of(finding.subject)) if finding.code == _PAID else None
    return finding if entry is None else replace(finding, subject=_row(file, entry))


def _row(file: str, entry: Entry) -> str:
    return f"{file} [{entry.row}]"
