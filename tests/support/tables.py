"""Tables of vouchers as clerks save them, made when a test runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

HEAD = ("日期", "摘要", "业务", "金额", "部门类别", "来源", "附件", "制单", "审核", "出纳")
GOOD: tuple[tuple[Any, ...], ...] = (
    (date(2026, 3, 5), "区级拨款到账", "拨款到账", 1500.25, "", "District", 2, "S03", "S01", "S06"),
    ("2026-03-06", "低保金", "直接支付", "700.00", "CASC:Dibao", "", "1", "S03", "S01", "S06"),
    ("2026/3/21", "手续费", "bank-fee", "0.10", "", "", "1", "S03", "S01", "S06"),
)


def write_xlsx(path: Path, rows: Sequence[Sequence[Any]], head: Sequence[str] = HEAD) -> Path:
    """Write a workbook: dates as dates, numbers as numbers, `=…` as formulas."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("凭证")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate((head, *rows)):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif cell != "":
                    sheet.write(number, column, cell)
    return path


def write_csv(
    path: Path,
    rows: Sequence[Sequence[Any]],
    head: Sequence[str] = HEAD,
    encoding: str = "utf-8",
) -> Path:
    """Write delimited text, whatever a cell is."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows((head, *rows))
    path.write_bytes(stream.getvalue().encode(encoding))
    return path
