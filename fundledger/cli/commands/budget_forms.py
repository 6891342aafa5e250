"""`fundledger budget forms`: the empty forms on which units declare their needs."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.cli.framework import argument, command, option
from fundledger.cli.kinds import YEAR
from fundledger.cli.options import as_of, formatted

if TYPE_CHECKING:
    from fundledger.budget.forms import Form
    from fundledger.cli.session import Session


@command(
    "budget forms",
    zh="为每个有当年有效项目的部门写出申报表（.xlsx）：每个可申报的项目一行，浅黄色单元格填写，"
    "需求金额自动计算；上年申报、列支和发放人数列在旁边供参考。已有的文件（可能已填写）不覆盖。"
    "填好后放回 rules/needs/年度/，由 budget propose 读取。",
    en="Writes a form (.xlsx) for each unit with a line in force: a row for each line that it may "
    "declare, the yellow cells to be filled in, the need computed; what was declared, paid and how "
    "many were on the lists the year before stands beside. A file that is there, perhaps filled "
    "in, is left as it is. Filled in, it goes to rules/needs/YEAR/, where budget propose reads it.",
    examples=(
        "budget forms 2027 --dry-run",
        "budget forms 2027 --output out/申报表 --unit CASC --as-of 2026-10-31",
        "budget forms 2027 --output out/申报表 --named --as-of 2026-10-31",
    ),
)
@argument("year", type=YEAR, zh="预算年度，例如 2027", en="the budget's year, such as 2027")
@option(
    "--output",
    metavar="DIR",
    zh="写到该目录；默认 rules/needs/年度",
    en="the folder to write to; rules/needs/YEAR if not said",
)
@option(
    "--unit",
    "units",
    multiple=True,
    metavar="UNIT",
    zh="只写这个部门的（代码或名称），可写多个；默认全部",
    en="of that unit alone, by slug or name, more than once for several; of all if not said",
)
@option(
    "--named",
    is_flag=True,
    zh="对象名单按各项最近一个月的发放清单预填（只有对象代码），由部门增减",
    en="fill in whom the payment lists pay in their last month, by code, for the unit to change",
)
@as_of
@option(
    "-n",
    "--dry-run",
    is_flag=True,
    zh="只显示将要写的文件，不写入任何内容",
    en="show what would be written and write nothing",
)
@formatted
def forms(  # noqa: PLR0913 - as many as the command has options
    session: Session,
    *,
    year: int,
    output: str | None,
    units: tuple[str, ...],
    named: bool,
    as_of: date | None,
    dry_run: bool,
) -> None:
    """Write the empty forms of a year."""
    from fundledger.budget.forms import forms as made  # noqa: PLC0415 - heavy
    from fundledger.cli.outputs import expect_new, write_new  # noqa: PLC0415 - heavy

    usual = session.office.root / "rules" / "needs" / str(year)
    folder = usual if output is None else Path(output)
    slugs = _units(session, year, units)
    session.refuse_wrong()
    found = made(session.office, year, units=slugs, as_of=as_of, named=named)
    new = [form for form in found if not os.path.lexists(folder / form.file)]
    for form in new:
        expect_new(folder / form.file)
    if not dry_run:
        for form in new:
            write_new(folder / form.file, form.data)
    if session.tells:
        _tell(session, folder, found, new, dry_run=dry_run)
        return
    forms_said = [
        {
            "unit": form.unit,
            "file": str(folder / form.file),
            "lines": form.lines,
            "written": form in new and not dry_run,
            "exists": form not in new,
        }
        for form in found
    ]
    session.put({"year": year, "dry_run": dry_run, "forms": forms_said})


def _units(session: Session, year: int, named: tuple[str, ...]) -> tuple[str, ...]:
    """Return the slugs of units that have something to declare."""
    from fundledger.budget.forms import remits_for  # noqa: PLC0415 - heavy

    if not named:
        return ()
    remits = remits_for(session.office, year)
    slugs = {name: one.unit for one in remits for name in (one.unit, *one.names)}
    allowed = ", ".join(f"{one.unit} ({one.names.zh})" for one in remits)
    for name in named:
        if name not in slugs:
            session.wrong_once("FL923", "--unit", {"text": name[:40], "allowed": allowed})
    return tuple(slugs[name] for name in named if name in slugs)


def _tell(
    session: Session, folder: Path, found: tuple[Form, ...], new: list[Form], *, dry_run: bool
) -> None:
    for form in found:
        path = folder / form.file
        if form not in new:
            session.say(f"{path} 已有，未改动。", f"{path} is there already and was left as it is.")
        elif dry_run:
            session.say(
                f"将写出 {path}：{form.name}，{form.lines} 行。",
                f"Would write {path}: {form.unit}, {form.lines} rows.",
            )
        else:
            session.say(
                f"已写出 {path}：{form.name}，{form.lines} 行。",
                f"Wrote {path}: {form.unit}, {form.lines} rows.",
            )
