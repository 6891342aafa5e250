"""Read a bank statement from any bank's export: everything wrong at once, nothing guessed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fundledger.bank.balance import settle
from fundledger.bank.compound import guard_xls
from fundledger.bank.headers import Header, find_header, map_header
from fundledger.bank.preamble import Stated, read_label_row
from fundledger.bank.problems import Problems, letters, shown
from fundledger.bank.rows import read_rows
from fundledger.bank.statement import BankLine, Statement
from fundledger.bank.tables import DELIMITERS, Row, Sheet, delimited, text_of, workbook
from fundledger.bank.zipped import guard_xlsx

MAX_FILE_BYTES = 20 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_HEAD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class _Found:
    sheet: Sheet
    row: Row


def read_statement(path: str | os.PathLike[str], *, encoding: str | None = None) -> Statement:
    """Return the statement in the file at `path`, exact to the fen.

    Formats by their first bytes: .xlsx, .xls, and delimited text in UTF-8, UTF-16 or GB18030
    (`encoding` says it where the file does not show it), whatever the file is called.  Columns
    are found by the words of `headers.toml`; the running balance must tie from line to line.

    Raises:
        StatementInvalid: FL801 to FL834, all that is wrong, each with its row and column.

    """
    name = Path(path).name
    problems = Problems(name)
    data = _bytes_of(Path(path), problems)
    found = _table(data, encoding, problems)
    return _statement(found, name, hashlib.sha256(data).hexdigest(), problems)


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


def _table(data: bytes, encoding: str | None, problems: Problems) -> _Found:
    if data.startswith(_OLE):
        guard_xls(data, problems)
        problems.refuse()
        return _pick(workbook(data, problems), problems)
    if data.startswith(_ZIP):
        guard_xlsx(data, problems)
        problems.refuse()
        return _pick(workbook(data, problems), problems)
    if data.startswith(b"%PDF"):
        problems.stop("FL804", found="PDF")
    head = data[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<"):
        problems.stop("FL804", found="HTML/XML")
    return _from_text(data, encoding, problems)


def _pick(sheets: Sequence[Sheet], problems: Problems) -> _Found:
    found = [_Found(sheet, row) for sheet in sheets if (row := find_header(sheet))]
    if not found:
        problems.stop("FL810")
    if len(found) > 1:
        named = "、".join(shown(item.sheet.name) for item in found)
        problems.stop("FL829", what=named)
    return found[0]


def _from_text(data: bytes, encoding: str | None, problems: Problems) -> _Found:
    text, unsure = text_of(data, encoding, problems)
    if "\0" in text:
        problems.stop("FL804", found="binary")
    best: _Found | None = None
    for delimiter in DELIMITERS:
        if delimiter not in text:
            continue
        sheet = delimited(text, delimiter, Problems(problems.name))
        row = find_header(sheet)
        if row and (best is None or len(row.cells) > len(best.row.cells)):
            best = _Found(sheet, row)
    if best is None:
        if unsure:
            problems.stop("FL809", encoding="UTF-8/GB18030")
        problems.stop("FL810")
    for row in best.sheet.rows:
        for index, cell in enumerate(row.cells):
            if isinstance(cell, str) and "\n" in cell:
                problems.add("FL822", row=row.number, column=letters(index))
    return best


def _statement(found: _Found, name: str, sha256: str, problems: Problems) -> Statement:
    sheet = found.sheet
    header = map_header(found.row, problems)
    problems.refuse()
    stated = Stated()
    for row in sheet.rows[: _index(sheet, header)]:
        read_label_row(row, stated, problems)
    body = read_rows(sheet.rows[_index(sheet, header) + 1 :], header, stated, problems)
    _check_merged(sheet, header, body.slots, problems)
    if len(stated.accounts) > 1:
        rows = "、".join(str(row) for row in sorted(stated.accounts.values()))
        problems.add("FL833", rows=rows)
    readable = any(body.slots) or not problems
    settled = settle(body.slots, stated, problems) if readable else None
    lines = settled.lines if settled else ()
    _check_repeats(lines, problems)
    start, end = _period(lines, stated, problems)
    problems.refuse()
    if settled is None or start is None or end is None:
        problems.stop("FL826")
    return Statement(
        name=name,
        sha256=sha256,
        account=next(iter(stated.accounts), None),
        start=start,
        end=end,
        opening_fen=settled.opening_fen,
        closing_fen=settled.closing_fen,
        lines=lines,
        stated_period=stated.start is not None and stated.end is not None,
    )


def _index(sheet: Sheet, header: Header) -> int:
    return next(index for index, row in enumerate(sheet.rows) if row.number == header.row)


def _check_merged(
    sheet: Sheet, header: Header, slots: Sequence[BankLine | None], problems: Problems
) -> None:
    last = max((line.row for line in slots if line is not None), default=header.row)
    for first_row, last_row in sheet.merged:
        if first_row <= last and last_row >= header.row:
            problems.add("FL813", row=first_row)


def _check_repeats(lines: Sequence[BankLine], problems: Problems) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for line in lines:
        if not line.serial:
            continue
        key = (line.serial, line.date, line.time, line.signed_fen, line.counterparty_account)
        if key in seen:
            problems.add("FL830", row=line.row, first=seen[key], amount_fen=line.amount_fen)
        seen.setdefault(key, line.row)


def _period(
    lines: Sequence[BankLine], stated: Stated, problems: Problems
) -> tuple[date | None, date | None]:
    days = [line.date for line in lines]
    start = stated.start or min(days, default=None)
    end = stated.end or max(days, default=None)
    if start and end and start > end:
        problems.add("FL831", start=start, end=end)
        return start, end
    outside = [
        line
        for line in lines
        if (stated.start and line.date < stated.start) or (stated.end and line.date > stated.end)
    ]
    if len(outside) == len(lines) > 1:
        count = len(lines)
        problems.add("FL834", start=start, end=end, count=count, first=min(days), last=max(days))
        return start, end
    for line in outside:
        problems.add("FL828", row=line.row, date=line.date, start=start, end=end)
    return start, end
