"""The figures of a stage of a budget: where they come from, and how the stages compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fundledger.cli.named import Line, line_named
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.stages import STAGE_NAMES, STAGES, Staged
from fundledger.money import display_fen
from fundledger.report.table import Column

if TYPE_CHECKING:
    from fundledger.budget.kept import Kept
    from fundledger.charter import FundCharter
    from fundledger.cli.session import Session
    from fundledger.ledger.chart import Chart


def once(rows: Iterable[tuple[Line, int]], what: str) -> dict[Line, int]:
    """Return the rows by line.

    Raises:
        InputInvalid: FL579, a line stands there twice; FL928, an amount is below zero.

    """
    figures: dict[Line, int] = {}
    wrong = []
    for line, fen in rows:
        if line in figures:
            wrong.append(Finding("FL579", what, {"line": ":".join(line)}, amount_fen=fen))
        if fen < 0:
            text = f"{':'.join(line)}={display_fen(fen)}"
            wrong.append(Finding("FL928", what, {"text": text}))
        figures[line] = fen
    if wrong:
        raise InputInvalid(wrong)
    return figures


def typed(
    shares: Sequence[tuple[str, int]], charter: FundCharter, what: str
) -> list[tuple[Line, int]]:
    """Return lines as they were typed, each by any of its names.

    Raises:
        InputInvalid: FL923, the fund has no such line.

    """
    found: list[tuple[Line, int]] = []
    wrong: list[Finding] = []
    for text, fen in shares:
        try:
            found.append((line_named(text, charter, what), fen))
        except InputInvalid as error:
            wrong += error.findings
    if wrong:
        raise InputInvalid(wrong)
    return found


def proposed_in(kept: Kept, fund: str, year: int, stage: str) -> dict[Line, int]:
    """Return what a proposal says: what was declared of each line, or what is proposed for it.

    Raises:
        InputInvalid: FL578, it is of another year, has nothing of the fund, or a line waits in it.

    """
    name, said = kept.file, kept.proposal
    if said.year != year:
        raise InputInvalid(_unfit(name, "year", f"{said.year}"))
    blocked = [one for one in said.blocked if one.fund == fund]
    own = [one for one in said.lines if one.fund == fund]
    if not own and not blocked:
        raise InputInvalid(_unfit(name, "fund", fund))
    declared = stage == "declared"
    figures = {one.line: one.need_fen if declared else one.proposed_fen for one in own}
    wrong: list[Finding] = []
    for waiting in blocked:
        if declared and waiting.need_fen is not None:
            figures[waiting.line] = waiting.need_fen
        else:
            wrong.append(_unfit(name, "undeclared" if declared else "blocked", waiting.line))
    if wrong:
        raise InputInvalid(wrong)
    found: dict[Line, int] = {}
    for line, fen in sorted(figures.items()):
        unit, _, category = line.partition(":")
        found[unit, category] = fen
    return found


def _unfit(path: str, reason: str, value: str = "-") -> Finding:
    return Finding("FL578", path, {"reason": reason, "value": value or "-"})


def compared(
    stages: Mapping[str, Staged], chart: Chart, coming: Mapping[str, Mapping[Line, int]]
) -> list[dict[str, Any]]:
    """Return a row for each line: its fen at every stage, and what each stage changed in it.

    `coming` are figures that are not recorded yet, by stage; they stand in the place of what is.
    """
    figures = {name: staged.amounts_fen for name, staged in stages.items()}
    figures |= {name: dict(amounts) for name, amounts in coming.items()}
    every = sorted({line for amounts in figures.values() for line in amounts})
    rows = []
    for line in every:
        zh, en = chart.names(f"Expenses:{':'.join(line)}")
        row: dict[str, Any] = {"line": ":".join(line), "name_zh": zh, "name_en": en}
        row["stages"], before_fen = {}, None
        for name in STAGES:
            if name not in figures:
                continue
            fen = figures[name].get(line)
            change_fen = (
                None if before_fen is None and fen is None else (fen or 0) - (before_fen or 0)
            )
            first = not row["stages"]
            row["stages"][name] = {"amount_fen": fen, "change_fen": None if first else change_fen}
            before_fen = fen
        rows.append(row)
    return rows


def tell_stages(session: Session, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    """Print the stages side by side, and beside each what it changed (差异)."""
    columns = [
        Column(session.pick("部门:类别", "line"), wraps=True, spare=1),
        Column(session.pick("名称", "name"), wraps=True, spare=3),
    ]
    for place, name in enumerate(names):
        columns.append(Column(session.pick(*STAGE_NAMES[name]), right=True))
        if place:
            columns.append(Column(session.pick("差异", "change"), right=True, spare=2))
    body = []
    sums = dict.fromkeys(names, 0)
    for row in rows:
        cells = [row["line"], session.pick(row["name_zh"], row["name_en"])]
        for place, name in enumerate(names):
            found = row["stages"][name]
            sums[name] += found["amount_fen"] or 0
            cells.append(_shown(found["amount_fen"]))
            if place:
                cells.append(_shown(found["change_fen"]))
        body.append(cells)
    total = [session.pick("合计", "total"), ""]
    for place, name in enumerate(names):
        total.append(display_fen(sums[name]))
        if place:
            total.append(display_fen(sums[name] - sums[names[place - 1]]))
    session.table(columns, body, total)


def _shown(fen: int | None) -> str:
    return "-" if fen is None else display_fen(fen)
