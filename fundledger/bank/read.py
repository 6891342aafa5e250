"""Read a bank statement from any bank's export: everything wrong at once, nothing guessed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fundledger.bank.camt import camt_lines, is_message
from fundledger.bank.compound import guard_xls
from fundledger.bank.finish import finished
from fundledger.bank.headers import HEADER_WITHIN_ROWS, Header, find_header, map_header, missing
from fundledger.bank.layout import Layout, by_words
from fundledger.bank.preamble import Stated, read_label_row
from fundledger.bank.problems import Problems, letters, shown
from fundledger.bank.rows import read_rows
from fundledger.bank.statement import BankLine, Statement
from fundledger.bank.tables import DELIMITERS, Row, Sheet, delimited, text_of, workbook
from fundledger.bank.zipped import guard_xlsx
from fundledger.errors import InputInvalid
from fundledger.findings import Finding

MAX_FILE_BYTES = 20 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_HEAD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class _Found:
    sheet: Sheet
    row: Row
    layout: Layout


def read_statement(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    layouts: Sequence[Layout] = (),
    binding: bool = True,
) -> Statement:
    """Return the statement in the file at `path`, exact to the fen.

    Formats by their first bytes: .xlsx, .xls, delimited text in UTF-8, UTF-16 or GB18030
    (`encoding` says it where the file does not show it), and camt.053.001.02 and later, whatever
    the file is called.  A table is read by the first of the bank's `layouts` that it has; if it
    has none and they are not `binding`, or if there are none, its columns are found by the words
    of `headers.toml`.  The running balance must tie from line to line.

    Raises:
        StatementInvalid: FL801 to FL835, FL838, FL839, all that is wrong, each with its row and
            column.
        InputInvalid: FL909, an argument is of another type.

    """
    _expect(
        path=isinstance(path, (str, os.PathLike)) and isinstance(os.fspath(path), str),
        encoding=encoding is None or isinstance(encoding, str),
        layouts=isinstance(layouts, (tuple, list))
        and all(isinstance(layout, Layout) for layout in layouts),
        binding=isinstance(binding, bool),
    )
    name = Path(path).name
    problems = Problems(name)
    data = _bytes_of(Path(path), problems)
    file = (name, hashlib.sha256(data).hexdigest())
    if _is_markup(data) and is_message(data):
        slots, stated = camt_lines(data, problems)
        return finished(slots, stated, file, problems)
    known = layouts if binding else (*layouts, by_words())
    found = _table(data, encoding, known or (by_words(),), problems)
    return _statement(found, file, problems)


def _expect(**holds: bool) -> None:
    """Refuse each argument that is of another type (FL909)."""
    wrong = [Finding("FL909", field, {"field": field}) for field, held in holds.items() if not held]
    if wrong:
        raise InputInvalid(wrong)


def _bytes_of(path: Path, problems: Problems) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode):
                problems.stop("FL801", reason="not a regular file")
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        problems.stop("FL801", reason=reason or type(error).__name__)
    if len(data) > MAX_FILE_BYTES:
        problems.stop("FL803", limit=MAX_FILE_BYTES // 1024 // 1024)
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        problems.stop("FL802")
    return data


def _is_markup(data: bytes) -> bool:
    return data[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _table(
    data: bytes, encoding: str | None, layouts: Sequence[Layout], problems: Problems
) -> _Found:
    if data.startswith(_OLE):
        guard_xls(data, problems)
        problems.refuse()
        return _pick(workbook(data, problems), layouts, problems)
    if data.startswith(_ZIP):
        guard_xlsx(data, problems)
        problems.refuse()
        return _pick(workbook(data, problems), layouts, problems)
    if data.startswith(b"%PDF"):
        problems.stop("FL804", found="PDF")
    if _is_markup(data):
        problems.stop("FL804", found="HTML/XML")
    return _from_text(data, encoding, layouts, problems)


def _pick(sheets: Sequence[Sheet], layouts: Sequence[Layout], problems: Problems) -> _Found:
    for layout in layouts:
        found = [
            _Found(sheet, row, layout) for sheet in sheets if (row := find_header(sheet, layout))
        ]
        if len(found) > 1:
            named = "、".join(shown(item.sheet.name) for item in found)
            problems.stop("FL829", what=named)
        if found:
            return found[0]
    _tell_unlike(sheets, layouts, problems)
    return problems.stop("FL810")


def _tell_unlike(sheets: Sequence[Sheet], layouts: Sequence[Layout], problems: Problems) -> None:
    """Stop with FL835 for each column that the row most like a bank's header lacks, if one is."""
    lacking = [
        (missing(row, layout), layout, row)
        for layout in layouts
        if layout.id
        for sheet in sheets
        for row in sheet.rows[:HEADER_WITHIN_ROWS]
    ]
    like = [one for one in lacking if len(one[0]) < len(one[1].needed)]
    if not like:
        return
    names, layout, row = min(like, key=lambda one: len(one[0]) / len(one[1].needed))
    for name in names:
        problems.add("FL835", row=row.number, column=name, layout=layout.id, reason="missing")
    problems.refuse()


def _from_text(
    data: bytes, encoding: str | None, layouts: Sequence[Layout], problems: Problems
) -> _Found:
    written = {layout.encoding for layout in layouts}
    text, unsure = text_of(
        data, encoding or (written.pop() if len(written) == 1 else None), problems
    )
    if "\0" in text:
        problems.stop("FL804", found="binary")
    sheets = [
        delimited(text, delimiter, Problems(problems.name))
        for delimiter in DELIMITERS
        if delimiter in text
    ]
    best = next(filter(None, (_widest(sheets, layout) for layout in layouts)), None)
    if best is None:
        if unsure:
            problems.stop("FL809", encoding="UTF-8/GB18030")
        _tell_unlike(sheets, layouts, problems)
        problems.stop("FL810")
    for row in best.sheet.rows:
        for index, cell in enumerate(row.cells):
            if isinstance(cell, str) and "\n" in cell:
                problems.add("FL822", row=row.number, column=letters(index))
    return best


def _widest(sheets: Sequence[Sheet], layout: Layout) -> _Found | None:
    """Return the way to part the cells of a text in which its header has most of them."""
    found = [_Found(sheet, row, layout) for sheet in sheets if (row := find_header(sheet, layout))]
    return max(found, key=lambda one: len(one.row.cells), default=None)


def _statement(found: _Found, file: tuple[str, str], problems: Problems) -> Statement:
    sheet, layout = found.sheet, found.layout
    header = map_header(found.row, layout, problems)
    above = _index(sheet, header)
    if layout.above is not None and header.row != layout.above + 1:
        place: dict[str, Any] = {"row": header.row, "column": str(layout.above + 1)}
        problems.add("FL835", layout=layout.id, reason="above", **place)
    problems.refuse()
    stated = Stated(layout.words)
    for row in sheet.rows[:above]:
        read_label_row(row, stated, problems)
    body = read_rows(sheet.rows[above + 1 :], header, stated, problems)
    _check_merged(sheet, header, body.slots, problems)
    _check_stated(header, stated, problems)
    return finished(body.slots, stated, file, problems, layout.order)


def _check_stated(header: Header, stated: Stated, problems: Problems) -> None:
    """Add FL835 for what a bank always says around its table, and does not here."""
    said = {
        "account": bool(stated.accounts),
        "period": stated.start is not None and stated.end is not None,
        "start": stated.start is not None,
        "end": stated.end is not None,
        "opening": stated.opening_fen is not None,
        "closing": stated.closing_fen is not None,
    }
    for role, name in header.layout.stated:
        if not said[role]:
            place: dict[str, Any] = {"row": header.row, "column": name}
            problems.add("FL835", layout=header.layout.id, reason="label", **place)


def _index(sheet: Sheet, header: Header) -> int:
    return next(index for index, row in enumerate(sheet.rows) if row.number == header.row)


def _check_merged(
    sheet: Sheet, header: Header, slots: Sequence[BankLine | None], problems: Problems
) -> None:
    last = max((line.row for line in slots if line is not None), default=header.row)
    for first_row, last_row in sheet.merged:
        if first_row <= last and last_row >= header.row:
            problems.add("FL813", row=first_row)
