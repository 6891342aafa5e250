"""What a person decided: which line a row pays, where a statement alone leaves it open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.asserted import short_refs
from fundledger.reconcile.rows import LINE_ID, BankRow, Decisions

if TYPE_CHECKING:
    from fundledger.reconcile.register import Register


def expect_decidable(register: Register, rows: Iterable[BankRow], decided: Decisions) -> None:
    """Refuse what cannot be decided: of a row that names a line nothing is left open.

    Raises:
        InputInvalid: FL896.

    """
    by_mark = {row.mark: (row, f" {line.summary} {line.text} ") for row, line, *_ in rows}
    lines = Counter(line for line in decided.values() if line)
    findings = []
    for mark, name in sorted(decided.items()):
        row, said = by_mark.get(mark, (None, ""))
        line = register.lines.get(name)
        reason = ""
        if row is None:
            reason = "row"
        elif LINE_ID.search(said):
            reason = "named"
        elif name and (line is None or not line.sent_on):
            reason = "line"
        elif line is not None and line.of.amount_fen != abs(row.signed_fen):
            reason = "amount"
        elif lines[name] > 1:
            reason = "twice"
        if reason:
            shown = row.shown if row is not None else short_refs((mark,))
            findings.append(Finding("FL896", f"{shown}={name or '-'}", {"reason": reason}))
    if findings:
        raise InputInvalid(findings)


def as_decided(row: BankRow, decided: Decisions) -> BankRow:
    """Return a row with nothing but the line that it was decided to be, if it was."""
    of, line, account, name = row
    if of.mark not in decided:
        return row
    return of, replace(line, serial="", summary="", text=decided[of.mark]), account, name
