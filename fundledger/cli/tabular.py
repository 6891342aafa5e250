"""Tables that people fill in (.xlsx, .csv): opened with care, each cell known by its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.cli.files import read_bytes
from fundledger.errors import InputInvalid, StatementInvalid
from fundledger.findings import Finding

if TYPE_CHECKING:
    from fundledger.bank.tables import Cell, Row, Sheet

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000
_HEADING_ROWS = 10
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REASONS = {
    "FL801": ("无法打开", "it cannot be opened"),
    "FL804": ("不是 .xlsx 或 .csv 文件", "it is neither .xlsx nor .csv"),
    "FL805": ("压缩包内部结构异常", "the inside of the zip is not that of a workbook"),
    "FL806": ("含有宏", "it has macros in it"),
    "FL807": ("有打开密码", "it has a password"),
    "FL808": ("已损坏", "it is damaged"),
    "FL809": ("编码不是 UTF-8 或 GB18030", "it is in neither UTF-8 nor GB18030"),
}
_SHEETS = ("有几张表都像凭证表，只能有一张", "several sheets look like it; there may be one only")
_BINARY = ("不是文本", "it is no text")
_HIDDEN_SHEET = (
    "工作表“{sheet}”是隐藏的，其中有内容",
    'its sheet "{sheet}" is hidden and holds something',
)
_HIDDEN_ROWS = (
    "工作表“{sheet}”有隐藏的行，其中有内容：第 {rows} 行",
    'its sheet "{sheet}" has hidden rows that hold something: {rows}',
)
_LINKED = ("引用了其他文件（{member}）", "it links to other files ({member})")
_MERGED = ("第 {row} 行有合并的单元格", "cells are merged in row {row}")
_OUT_OF_SIGHT = {"FL867": _HIDDEN_SHEET, "FL868": _HIDDEN_ROWS, "FL869": _LINKED}
_FORMULA = ("公式", "a formula")
_ERROR_VALUE = ("错误值", "an error value")
_SPACES = re.compile(r"[\s\u00a0\u3000]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: its field, the words it may be headed with, whether it must be there."""

    field: str
    words: tuple[str, ...]
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: the file, its spreadsheet name such as `D3`, and its heading, as people find it."""

    file: str
    row: int
    column: str
    heading: str

    def __str__(self) -> str:
        """Return it as sentences show it."""
        return f"{self.file} {self.column}{self.row} [{self.heading}]"


@dataclass(frozen=True, slots=True)
class Filled:
    """One row that somebody filled in: its cells by field, and the place of each field."""

    number: int
    cells: Mapping[str, Cell]
    places: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was found: its file's name, and its filled rows."""

    file: str
    rows: tuple[Filled, ...]


def read_table(path: Path, headings: Sequence[Heading]) -> Table:
    """Return the rows of the table in a file.

    Raises:
        InputInvalid: FL927, FL933, FL934, FL937, FL939, FL940, FL949: all that can be seen.

    """
    name = path.name
    data = read_bytes(path, MAX_FILE_BYTES)
    sheets = _sheets(data, name)
    found = [(sheet, at) for sheet in sheets if (at := _heading_row(sheet, headings)) is not None]
    if len(found) > 1:
        raise InputInvalid(_unread(name, _SHEETS))
    if not found:
        raise InputInvalid(_missing(name, headings, set()))
    sheet, at = found[0]
    _check_merged(sheet, at, name)
    columns = _columns(sheet, at, headings, name)
    rows = [
        _filled(row, columns, name)
        for row in sheet.rows[at + 1 :]
        if any(row.cell(index) != "" for index in columns)
    ]
    if not rows:
        raise InputInvalid(Finding("FL939", name))
    if len(rows) > MAX_ROWS:
        raise InputInvalid(Finding("FL940", name, {"limit": f"{MAX_ROWS} rows"}))
    return Table(name, tuple(rows))


def _check_merged(sheet: Sheet, at: int, name: str) -> None:
    """Refuse cells that are merged from the headings down: which row's they are is unclear."""
    head = sheet.rows[at].number
    last = max((row.number for row in sheet.rows if len(row.filled()) > 1), default=head)
    merged = [first for first, end in sheet.merged if end >= head and first <= last]
    if merged:
        raise InputInvalid([_unread(name, _MERGED, row=row) for row in sorted(set(merged))])


def _sheets(data: bytes, name: str) -> Sequence[Sheet]:
    from fundledger.bank.compound import guard_xls  # noqa: PLC0415 - beside the readers
    from fundledger.bank.problems import Problems  # noqa: PLC0415 - beside the readers
    from fundledger.bank.tables import delimited, text_of, workbook  # noqa: PLC0415 - as above
    from fundledger.bank.zipped import guard_xlsx  # noqa: PLC0415 - as above

    problems = Problems(name)
    try:
        if data.startswith(_ZIP):
            guard_xlsx(data, problems)
            problems.refuse()
            return workbook(data, problems)
        if data.startswith(_OLE):
            guard_xls(data, problems)
            problems.stop("FL804", found="OLE")
        text, _ = text_of(data, None, problems)
        if "\0" in text:
            raise InputInvalid(_unread(name, _BINARY))
        return [delimited(text, "," if "," in text else "\t", problems)]
    except StatementInvalid as error:
        raise InputInvalid([_ours(finding, name) for finding in error.findings]) from None


def _ours(finding: Finding, name: str) -> Finding:
    """Return what the readers of bank files found, said of a table of vouchers."""
    if finding.code in {"FL814", "FL815"}:
        zh, en = _FORMULA if finding.code == "FL814" else _ERROR_VALUE
        subject = f"{name} {finding.details['cell']}"
        return Finding("FL937", subject, {"reason_zh": zh, "reason_en": en})
    if finding.code in _OUT_OF_SIGHT:
        return _unread(name, _OUT_OF_SIGHT[finding.code], **finding.details)
    return _unread(name, _REASONS.get(finding.code, _REASONS["FL808"]))


def _unread(name: str, reason: tuple[str, str], **details: object) -> Finding:
    zh, en = (words.format(**details) for words in reason)
    return Finding("FL949", name, {"reason_zh": zh, "reason_en": en})


def _heading_row(sheet: Sheet, headings: Sequence[Heading]) -> int | None:
    """Return the index of the row with the most headings that are needed, if it has two."""
    needed = {word for heading in headings if heading.needed for word in heading.words}
    counts = [
        sum(plain(cell) in needed for cell in row.cells) for row in sheet.rows[:_HEADING_ROWS]
    ]
    best = max(counts, default=0)
    return counts.index(best) if best > 1 else None


def _columns(
    sheet: Sheet, at: int, headings: Sequence[Heading], name: str
) -> dict[int, tuple[str, str]]:
    """Return each column's field and heading."""
    fields = {word: heading.field for heading in headings for word in heading.words}
    columns: dict[int, tuple[str, str]] = {}
    wrong = []
    seen: set[str] = set()
    row = sheet.rows[at]
    for index in row.filled():
        text = plain(row.cell(index))
        field = fields.get(text)
        if field is None or (field in seen and field != "remark"):
            place = Place(name, row.number, letters(index), text)
            allowed = "、".join(heading.words[0] for heading in headings)
            wrong.append(Finding("FL934", str(place), {"text": text[:40], "allowed": allowed}))
        else:
            seen.add(field)
            columns[index] = (field, text)
    if any(heading.needed and heading.field not in seen for heading in headings):
        wrong += _missing(name, headings, seen)
    if wrong:
        raise InputInvalid(wrong)
    return {index: named for index, named in columns.items() if named[0] != "remark"}


def _missing(name: str, headings: Sequence[Heading], seen: set[str]) -> list[Finding]:
    needed = [heading for heading in headings if heading.needed]
    allowed = "、".join(heading.words[0] for heading in needed)
    missing = [heading.words[0] for heading in needed if heading.field not in seen]
    if not missing:
        return []
    return [Finding("FL933", name, {"column": "、".join(missing), "allowed": allowed})]


def _filled(row: Row, columns: Mapping[int, tuple[str, str]], name: str) -> Filled:
    return Filled(
        row.number,
        {field: row.cell(index) for index, (field, _) in columns.items()},
        {
            field: Place(name, row.number, letters(index), heading)
            for index, (field, heading) in columns.items()
        },
    )


def plain(cell: Cell) -> str:
    """Return a heading without spaces, in small letters and with plain brackets."""
    text = _SPACES.sub("", str(cell)).lower()
    return text.replace("（", "(").replace("）", ")").replace("：", ":")


def letters(index: int) -> str:
    """Return a column's spreadsheet name: 0 is A."""
    from fundledger.bank.problems import letters as lettered  # noqa: PLC0415 - beside the readers

    return lettered(index)
