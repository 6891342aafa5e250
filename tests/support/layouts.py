"""A bank that exports statements in any layout of `banks.toml`, cell by cell from the layout."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from fundledger.bank import Layout
from fundledger.bankfile import load_layouts
from fundledger.bankfile.layouts import layout_of
from fundledger.bankfile.profile import StatementForm
from fundledger.money import format_fen
from support.statements import ACCOUNT, Rows

RULES = Path(__file__).parents[2] / "rules"
FORMS: Mapping[str, StatementForm] = {form.id: form for form in load_layouts(RULES).forms}
_DAYS = {"YYYYMMDD": "%Y%m%d", "YYYY-MM-DD": "%Y-%m-%d", "YYYY/MM/DD": "%Y/%m/%d", None: "%Y-%m-%d"}
RIVER = """
[[statement]]
id = "river"
bank = "river"
known_as = ["江边银行"]
zh = "江边银行"
en = "River Bank"
source = "made up"
verified = true
encoding = "gb18030"
order = "down"
above = 2
plus = "out"
head = [{ field = "account", words = ["客户户头"], needed = true }]
columns = [
  { field = "date", words = ["哪天"], needed = true },
  { field = "amount", words = ["多少"], needed = true },
  { field = "balance", words = ["还剩"], needed = true },
  { field = "party", words = ["给谁"] },
  { field = "other", words = ["柜员"] },
]
notes = ["谢谢惠顾"]
"""

ALL = {**FORMS, "river": StatementForm.model_validate(tomllib.loads(RIVER)["statement"][0])}


def river(folder: Path, *, old: str = "", new: str = "") -> StatementForm:
    """Return the made-up bank, as `banks.toml` says it beside the others, one text changed."""
    assert old in RIVER
    text = (RULES / "banks.toml").read_text(encoding="utf-8") + RIVER.replace(old, new, 1)
    (folder / "banks.toml").write_text(text, encoding="utf-8")
    return load_layouts(folder).forms[-1]


def layouts(*names: str) -> tuple[Layout, ...]:
    """Return these layouts of the example office."""
    return tuple(layout_of(FORMS[name]) for name in names)


@dataclass(frozen=True)
class Told:
    """One line as the bank knows it; `fen` is below zero for money out."""

    day: date
    moment: time
    fen: int
    balance_fen: int
    party: str = ""
    account: str = ""
    summary: str = ""
    memo: str = ""
    serial: str = ""


def exported(
    form: StatementForm, lines: Sequence[Told], *, say: Callable[[int], str] = format_fen
) -> Rows:
    """Return the rows of a statement: what stands above, the headings, and the lines."""
    stated = [cell for cell in form.head if cell.field in {"account", "period"}]
    said = {
        "account": ACCOUNT,
        "period": f"{lines[0].day:%Y%m%d}-{lines[-1].day:%Y%m%d}" if lines else "",
    }
    pairs = [text for cell in stated for text in (cell.words[0], said[cell.field])]
    blank: list[Sequence[str]] = [("",)] * max(0, (form.above or len(stated)) - bool(pairs))
    above = [*blank, pairs] if pairs else blank
    headings = tuple(column.words[0] for column in form.columns)
    ordered = lines[::-1] if form.order == "down" else lines
    return (*above, headings, *(_row(form, line, say) for line in ordered))


def _row(form: StatementForm, line: Told, say: Callable[[int], str]) -> tuple[str, ...]:
    plus_out = form.plus == "out"
    sides = {True: form.into or ("贷",), False: form.out or ("借",)}
    signed = -line.fen if plus_out else line.fen
    day = line.day.strftime(_DAYS[form.dates])
    cells = {
        "date": day if form.has("time") else f"{day} {line.moment:%H:%M:%S}",
        "time": f"{line.moment:%H:%M:%S}",
        "out": say(-line.fen) if line.fen < 0 else "",
        "in": say(line.fen) if line.fen > 0 else "",
        "amount": say(abs(line.fen)) if form.has("direction") else f"{say(signed)}",
        "direction": sides[line.fen > 0][0],
        "balance": say(line.balance_fen),
        "party": line.party,
        "party_account": line.account,
        "serial": line.serial,
        "own_account": ACCOUNT,
        "currency": "人民币",
        "other": "别的",
    }
    told = {"summary": line.summary, "memo": line.memo}
    row = []
    for column in form.columns:
        if column.field in told:
            row.append(told.pop(column.field))
            told[column.field] = ""
        else:
            row.append(cells[column.field])
    return tuple(row)
