"""Tables that people fill in (.xlsx, .csv): opened with care, each cell known by its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.errors import InputInvalid, StatementInvalid
from fundledger.findings import Finding
from fundledger.people.personal import personal
from fundledger.tables.files import read_bytes
from fundledger.tables.foot import Foot, sheets_without_formulas
from fundledger.tables.unfit import (
    ABOVE,
    BINARY,
    ERROR_VALUE,
    FORMULA,
    MERGED,
    OTHER_SHEET,
    SHEETS,
    lacking,
    unread,
    unread_for,
    untaken,
)

if TYPE_CHECKING:
    from fundledger.bank.tables import Cell, Row, Sheet

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000
_HEADING_ROWS = 10
_LONGEST_ASIDE = 40
_HIDDEN = "…"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELLS = {"FL814": FORMULA, "FL815": ERROR_VALUE}
_CELL = re.compile(r"([A-Z]+)(\d+)", re.ASCII)
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
    """A table as it was found: its file's name, filled rows, digest, and columns left aside.

    Those are named by their letters: who knows what stands in a heading that nobody asked for.
    """

    file: str
    rows: tuple[Filled, ...]
    sha256: str
    aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What kind of table is taken: how large, in .xls too, and with columns nobody asked for.

    In a row that is a sum by its `foot`, formulas stand for what they came to.
    """

    most_rows: int = MAX_ROWS
    most_bytes: int = MAX_FILE_BYTES
    old: bool = False
    others: bool = False
    foot: Foot | None = None


_STRICT = Terms()


def read_table(path: Path, headings: Sequence[Heading], terms: Terms = _STRICT) -> Table:
    """Return the rows of the table in a file.

    Raises:
        InputInvalid: FL927, FL933, FL934, FL937, FL939, FL940, FL949: all that can be seen.

    """
    name = path.name
    data = read_bytes(path, terms.most_bytes)
    sheets = _sheets(data, headings, name, terms)
    found = [(sheet, at) for sheet in sheets if (at := _heading_row(sheet, headings)) is not None]
    if len(found) > 1:
        raise InputInvalid(unread(name, SHEETS))
    if not found:
        raise InputInvalid(_missing(name, headings, set()))
    sheet, at = found[0]
    if terms.others:
        _expect_nothing_else(sheets, sheet, at, name, sum(heading.needed for heading in headings))
    _check_merged(sheet, at, name, terms.foot)
    columns, aside = _columns(sheet, at, headings, name, others=terms.others)
    rows = [
        _filled(row, columns, name)
        for row in sheet.rows[at + 1 :]
        if any(row.cell(index) != "" for index in columns)
    ]
    if not rows:
        raise InputInvalid(Finding("FL939", name))
    if len(rows) > terms.most_rows:
        raise InputInvalid(Finding("FL940", name, {"limit": f"{terms.most_rows} rows"}))
    return Table(name, tuple(rows), hashlib.sha256(data).hexdigest(), aside)


def _expect_nothing_else(
    sheets: Sequence[Sheet], sheet: Sheet, at: int, name: str, many: int
) -> None:
    """Refuse rows that nobody would read: above the headings, or on another sheet.

    A title above them fills a cell or two; a row of people fills as `many` as are needed.
    """
    above = [row.number for row in sheet.rows[:at] if len(row.filled()) >= many]
    if above:
        raise InputInvalid(unread(name, ABOVE, rows=", ".join(map(str, above[:5]))))
    for place, other in enumerate(sheets, 1):
        if other is not sheet and any(row.filled() for row in other.rows):
            raise InputInvalid(unread(name, OTHER_SHEET, place=place))


def _check_merged(sheet: Sheet, at: int, name: str, foot: Foot | None) -> None:
    """Refuse cells that are merged from the headings down: which row's they are is unclear.

    Within a row that is a sum by the `foot`, or signed, they are not.
    """
    head = sheet.rows[at].number
    beside = {
        row.number
        for row in sheet.rows
        if sheet.merged and foot is not None and foot(row.cell(index) for index in row.filled())
    }
    last = max((row.number for row in sheet.rows if len(row.filled()) > 1), default=head)
    merged = [
        first
        for first, end in sheet.merged
        if end >= head and first <= last and not (first == end and first in beside)
    ]
    if merged:
        raise InputInvalid([unread(name, MERGED, row=row) for row in sorted(set(merged))])


def _sheets(data: bytes, headings: Sequence[Heading], name: str, terms: Terms) -> Sequence[Sheet]:
    from fundledger.bank.compound import guard_xls  # noqa: PLC0415 - beside the readers
    from fundledger.bank.problems import Problems  # noqa: PLC0415 - beside the readers
    from fundledger.bank.tables import delimited, text_of  # noqa: PLC0415 - as above
    from fundledger.bank.zipped import guard_xlsx  # noqa: PLC0415 - as above

    problems = Problems(name)
    try:
        if data.startswith(_ZIP):
            guard_xlsx(data, problems)
            return sheets_without_formulas(data, problems, terms.foot)
        if data.startswith(_OLE):
            guard_xls(data, problems)
            if not terms.old:
                problems.refuse()
                problems.stop("FL804", found="OLE")
            return sheets_without_formulas(data, problems, terms.foot)
        text, _ = text_of(data, None, problems)
        if "\0" in text:
            raise InputInvalid(unread(name, BINARY))
        return [delimited(text, "," if "," in text else "\t", problems)]
    except StatementInvalid as error:
        told = [_unnamed(finding) if terms.others else finding for finding in error.findings]
        raise InputInvalid(_ours(told, data, headings, name)) from None


def _unnamed(finding: Finding) -> Finding:
    """Return what was found without the name of a sheet, which may be anybody's."""
    if "sheet" not in finding.details:
        return finding
    return replace(finding, details={**finding.details, "sheet": _HIDDEN})


def _ours(
    found: Sequence[Finding], data: bytes, headings: Sequence[Heading], name: str
) -> list[Finding]:
    """Return what the readers of bank files found, said of a table of vouchers.

    FL937 for a cell, with its heading if that can be seen; else FL949.
    """
    only_cells = all(finding.code in _CELLS for finding in found)
    heads = _heads(data, headings, name) if only_cells else {}
    wrong = []
    for finding in found:
        if finding.code not in _CELLS:
            wrong.append(unread_for(finding, name))
            continue
        cell = str(finding.details["cell"])
        place = f"{name} {cell}"
        if (match := _CELL.fullmatch(cell)) and match[1] in heads:
            place = str(Place(name, int(match[2]), match[1], heads[match[1]]))
        wrong.append(untaken(place, _CELLS[finding.code]))
    return wrong


def _heads(data: bytes, headings: Sequence[Heading], name: str) -> Mapping[str, str]:
    """Return the headings of the one table in a workbook, by the letters of their columns."""
    from fundledger.bank.problems import Problems  # noqa: PLC0415 - beside the readers
    from fundledger.bank.tables import workbook  # noqa: PLC0415 - as above

    try:
        sheets = workbook(data, Problems(name))
    except StatementInvalid:
        return {}
    found = [(sheet, at) for sheet in sheets if (at := _heading_row(sheet, headings)) is not None]
    if len(found) != 1:
        return {}
    row = found[0][0].rows[found[0][1]]
    known = {word for heading in headings for word in heading.words}
    words = {letters(index): plain(row.cell(index)) for index in row.filled()}
    return {column: word for column, word in words.items() if word in known}


def _heading_row(sheet: Sheet, headings: Sequence[Heading]) -> int | None:
    """Return the index of the row with the most headings that are needed, if it has two."""
    needed = {word for heading in headings if heading.needed for word in heading.words}
    counts = [
        sum(plain(row.cell(at)) in needed for at in row.filled())
        for row in sheet.rows[:_HEADING_ROWS]
    ]
    best = max(counts, default=0)
    return counts.index(best) if best > 1 else None


def _columns(
    sheet: Sheet, at: int, headings: Sequence[Heading], name: str, *, others: bool
) -> tuple[dict[int, tuple[str, str]], tuple[str, ...]]:
    """Return each column's field and heading, and the headings of those that are left aside."""
    fields = {word: heading.field for heading in headings for word in heading.words}
    columns: dict[int, tuple[str, str]] = {}
    wrong = []
    aside = []
    seen: set[str] = set()
    row = sheet.rows[at]
    for index in row.filled():
        text = plain(row.cell(index))
        field = fields.get(text)
        if field is None and others and len(text) <= _LONGEST_ASIDE and not personal(text):
            aside.append(letters(index))
        elif field is None or (field in seen and field != "remark"):
            shown = _HIDDEN if others and field is None else text
            place = Place(name, row.number, letters(index), shown)
            allowed = "、".join(heading.words[0] for heading in headings)
            wrong.append(Finding("FL934", str(place), {"text": shown[:40], "allowed": allowed}))
        else:
            seen.add(field)
            columns[index] = (field, text)
    if any(heading.needed and heading.field not in seen for heading in headings):
        wrong += _missing(name, headings, seen)
    if wrong:
        raise InputInvalid(wrong)
    kept = {index: named for index, named in columns.items() if named[0] != "remark"}
    return kept, tuple(aside)


def _missing(name: str, headings: Sequence[Heading], seen: set[str]) -> list[Finding]:
    needed = [heading for heading in headings if heading.needed]
    allowed = "、".join(heading.words[0] for heading in needed)
    missing = [heading.words[0] for heading in needed if heading.field not in seen]
    if not missing:
        return []
    return [lacking(name, "、".join(missing), allowed)]


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
