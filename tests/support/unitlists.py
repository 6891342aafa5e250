"""Payment lists as units hand them in, of people made up at run time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

from support.people import card_of, number_of

HEAD = (
    "序号",
    "姓名",
    "身份证号",
    "居委",
    "救助类别",
    "所属月份",
    "金额",
    "户名",
    "银行账号",
    "开户行",
)
GIVEN = "甲乙丙丁戊己庚辛"


def row(serial: int, **changes: object) -> list[object]:
    """Return a sound row, with some of its cells changed by heading."""
    name = f"某{GIVEN[serial % 8]}{GIVEN[serial // 8 % 8]}"
    cells: dict[str, object] = {
        "序号": serial,
        "姓名": name,
        "身份证号": number_of("310112", date(1950, 2, 1), serial),
        "居委": "某居委",
        "救助类别": "低保",
        "所属月份": "2026-03",
        "金额": 1510,
        "户名": name,
        "银行账号": card_of(f"622202{serial:012d}"),
        "开户行": "某银行",
    }
    return list({**cells, **changes}.values())


def write_list(path: Path, rows: Sequence[Sequence[object]], head: Sequence[str] = HEAD) -> Path:
    """Write a workbook with two lines above the headings; texts as text, numbers as numbers."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("发放清单")
        sheet.write_string(0, 0, "某街道救助金发放清单")
        for column, word in enumerate(head):
            sheet.write_string(2, column, word)
        for at, cells in enumerate(rows, 3):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(at, column, cell)
                elif isinstance(cell, date):
                    style = book.add_format({"num_format": "yyyy-mm-dd"})
                    sheet.write_datetime(at, column, cell, style)
                elif cell is not None:
                    sheet.write_number(at, column, cell)
    return path
