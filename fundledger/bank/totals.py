"""The totals that a bank states under the table, against its lines."""

from __future__ import annotations

from collections.abc import Sequence

from fundledger.bank.cells import amount_fen
from fundledger.bank.headers import Header
from fundledger.bank.problems import Problems, shown
from fundledger.bank.statement import BankLine
from fundledger.bank.tables import Row


def check_totals(
    row: Row, slots: Sequence[BankLine | None], header: Header, problems: Problems
) -> None:
    """Add FL827 for each column whose stated total the lines do not give.

    A bank's red ink (negative figures) counts either in no total, which is then the gross of the
    positive figures, or with its sign in the total of its own column, which is then the net; in
    both columns the same way.  Told is the way that comes nearer, the net if both do.
    """
    lines = [line for line in slots if line is not None]
    if len(lines) != len(slots):
        return
    stated = _stated(row, header, problems)
    net, gross = (
        [(role, fen, _total_fen(lines, role, red=red)) for role, fen in stated.items()]
        for red in (True, False)
    )
    off = [
        [
            (role, stated_fen, found_fen)
            for role, stated_fen, found_fen in way
            if stated_fen != found_fen
        ]
        for way in (net, gross)
    ]
    for role, stated_fen, found_fen in min(off, key=len):
        problems.add(
            "FL827",
            row=row.number,
            which=f"total of money {role}",
            which_zh=f"合计“{header.label(header.columns[role])}”",
            stated_fen=stated_fen,
            found_fen=found_fen,
            amount_fen=stated_fen - found_fen,
        )


def _stated(row: Row, header: Header, problems: Problems) -> dict[str, int]:
    stated = {}
    for role in ("out", "in"):
        index = header.columns.get(role)
        if index is None or row.cell(index) == "":
            continue
        try:
            stated[role] = amount_fen(row.cell(index))
        except ValueError:
            text = shown(row.cell(index))
            problems.add("FL816", row=row.number, column=header.label(index), text=text)
    return stated


def _total_fen(lines: Sequence[BankLine], role: str, *, red: bool) -> int:
    """Return the sum of a column: its figures above zero and, with `red`, those below."""
    above_fen = sum(line.amount_fen for line in lines if line.direction == role and not line.red)
    below_fen = sum(line.amount_fen for line in lines if line.direction != role and line.red)
    return above_fen - below_fen if red else above_fen
