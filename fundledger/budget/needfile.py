"""A workbook of declared needs on disk: opened with care, its form held to the letter."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.budget import form
from fundledger.budget.needcells import Marks, Place, marks_of, says_macros
from fundledger.errors import NeedInvalid, StatementInvalid
from fundledger.findings import Finding

if TYPE_CHECKING:
    from fundledger.bank.tables import Row, Sheet
    from fundledger.budget.places import Remit

MAX_FILE_BYTES = 5 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CODES = {
    "FL804": "FL511",
    "FL805": "FL512",
    "FL806": "FL513",
    "FL807": "FL514",
    "FL808": "FL510",
    "FL867": "FL512",
    "FL868": "FL512",
    "FL869": "FL512",
}
_BY_CELL = frozenset({"FL814", "FL815"})
"""Formulas and errors, which are told of the sheets that are read, with sheet, row and column."""


@dataclass(slots=True)
class Faults:
    """Everything that is wrong with one workbook, in the order it was met.

    `unread` are cells of which nothing can be said beside what was said, `unsure` the columns whose
    heading is another one: more that would be wrong with them is not told.
    """

    file: str
    sheet: str = form.SHEET
    headings: Sequence[str] = form.HEADINGS
    findings: list[Finding] = field(default_factory=list)
    unread: set[Place] = field(default_factory=set)
    unsure: set[int] = field(default_factory=set)

    def on(self, sheet: str, headings: Sequence[str]) -> Faults:
        """Return the faults of another sheet of the workbook, which are told with these."""
        return Faults(self.file, sheet, headings, self.findings)

    def reads(self, row: int, column: int) -> bool:
        """Tell whether a cell says what it seems to say."""
        return column not in self.unsure and (row, column) not in self.unread

    def add(self, code: str, row: int = 0, column: int | None = None, **details: Any) -> None:  # noqa: ANN401 - the places of a sentence hold anything
        """Note what is wrong with a cell; `column` is its index in the headings."""
        from fundledger.bank.problems import letters  # noqa: PLC0415 - beside the reader

        place: dict[str, Any] = {"file": self.file, "sheet": self.sheet}
        if row:
            place["row"] = row
        if column is not None:
            place["column"] = letters(column)
            place["field"] = self.headings[column] if column < len(self.headings) else ""
        amount_fen = details.get("amount_fen")
        self.findings.append(
            Finding(code, self.file, {**place, **details}, amount_fen=amount_fen, gates=True)
        )

    def refuse(self) -> None:
        """Raise if anything is wrong.

        Raises:
            NeedInvalid: with every finding.

        """
        if self.findings:
            raise NeedInvalid(self.findings)


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of the form: the rows below its headings, and what its cells are."""

    rows: tuple[Row, ...]
    marks: Marks
    faults: Faults


@dataclass(frozen=True, slots=True)
class NeedBook:
    """A unit's workbook: its needs, the persons it names (None without that sheet), its sha256."""

    needs: Table
    named: Table | None
    sha256: str


def opened(path: Path, year: int, remit: Remit, faults: Faults) -> NeedBook:
    """Return the tables of a unit's workbook; what is wrong with their form is in `faults`.

    Raises:
        NeedInvalid: FL510 to FL515, there is no table to read.

    """
    data = _bytes_of(path, faults)
    sheets = _sheets(data, faults)
    marks = marks_of(data)
    names = [sheet.name for sheet in sheets]
    if len(set(names)) < len(names) or not marks.keys() >= set(names):
        faults.add("FL512", reason="、".join(names)[:80])
        faults.refuse()
    found = next((sheet for sheet in sheets if sheet.name == form.SHEET), None)
    if found is None:
        faults.add("FL515", found="、".join(names)[:80])
        faults.refuse()
        raise AssertionError
    needs = _table(found, marks, faults)
    _check_title(found, form.TITLE.format(year=year), faults)
    _check_unit(found, remit, faults)
    named = next((sheet for sheet in sheets if sheet.name == form.NAMED), None)
    persons = None
    if named is not None:
        persons = _table(named, marks, faults.on(form.NAMED, form.NAMED_HEADINGS))
        _check_title(named, form.NAMED_TITLE.format(year=year), persons.faults)
        _check_unit(named, remit, persons.faults)
    return NeedBook(needs, persons, hashlib.sha256(data).hexdigest())


def _table(sheet: Sheet, marks: Mapping[str, Marks], faults: Faults) -> Table:
    own = marks.get(sheet.name, Marks())
    _check_headings(sheet, faults)
    _check_merged(sheet, own, faults)
    return Table(sheet.rows[form.HEADING_ROW :], own, faults)


def _bytes_of(path: Path, faults: Faults) -> bytes:
    data = b""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                faults.add("FL510", reason="not a regular file")
            else:
                data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        faults.add("FL510", reason=error.strerror or type(error).__name__)
    if len(data) > MAX_FILE_BYTES:
        faults.add("FL510", reason=f"> {MAX_FILE_BYTES // 1024 // 1024} MB")
    faults.refuse()
    return data


def _sheets(data: bytes, faults: Faults) -> Sequence[Sheet]:
    from fundledger.bank.problems import Problems  # noqa: PLC0415
    from fundledger.bank.tables import workbook  # noqa: PLC0415
    from fundledger.bank.zipped import guard_xlsx  # noqa: PLC0415

    if data.startswith(_COMPOUND) and _ENCRYPTED in data:
        faults.add("FL514")
    elif not data.startswith(_ZIP):
        faults.add("FL511", found="ZIP?")
    faults.refuse()
    problems = Problems(faults.file)
    try:
        guard_xlsx(data, problems)
        if says_macros(data):
            faults.add("FL513")
            faults.refuse()
        sheets = workbook(data, problems)
    except StatementInvalid as error:
        _add_guarded(error.findings, faults)
        raise NeedInvalid(faults.findings) from error
    _add_guarded(problems.found(), faults)
    return sheets


def _add_guarded(findings: Sequence[Finding], faults: Faults) -> None:
    for finding in findings:
        if finding.code not in _BY_CELL:
            said = finding.details
            where = (str(said[name]) for name in ("sheet", "rows", "member") if said.get(name))
            reason = said.get("reason") or " ".join((finding.title("zh"), *where))
            faults.add(_CODES[finding.code], reason=reason)


def _check_title(sheet: Sheet, expected: str, faults: Faults) -> None:
    """Note a title of another year."""
    title = str(_at(sheet, 1).cell(0))
    if title != expected:
        faults.add("FL518", 1, 0, found=title[:40], expected=expected)


def _check_unit(sheet: Sheet, remit: Remit, faults: Faults) -> None:
    """Note that the line below the title names another unit."""
    line = str(_at(sheet, 2).cell(0))
    unit = line.removeprefix(form.UNIT_LINE).strip()
    if unit not in (remit.unit, remit.names.zh):
        allowed = f"{remit.names.zh} / {remit.unit}"
        faults.add("FL519", 2, 0, found=unit[:40], allowed=allowed)


def _check_headings(sheet: Sheet, faults: Faults) -> None:
    headings = _at(sheet, form.HEADING_ROW).cells
    for column in range(max(len(faults.headings), len(headings))):
        found = str(headings[column]) if column < len(headings) else ""
        expected = faults.headings[column] if column < len(faults.headings) else ""
        if found != expected:
            faults.unsure.add(column)
            faults.add("FL516", form.HEADING_ROW, column, found=found[:40], expected=expected)


def _check_merged(sheet: Sheet, marks: Marks, faults: Faults) -> None:
    """Note cells that are merged from the headings to the last row that holds more than a note."""
    last_row = max((row.number for row in sheet.rows if len(row.filled()) > 1), default=0)
    for first, last in sorted(marks.merged):
        if last[0] >= form.HEADING_ROW and first[0] <= max(last_row, form.HEADING_ROW):
            faults.add("FL534", *first)
            faults.unread.update(
                (row, column)
                for row in range(first[0], min(last[0], last_row) + 1)
                for column in range(first[1], min(last[1], len(faults.headings)) + 1)
            )


def _at(sheet: Sheet, number: int) -> Row:
    from fundledger.bank.tables import Row  # noqa: PLC0415 - beside the reader

    return next((row for row in sheet.rows if row.number == number), Row(number, ()))
