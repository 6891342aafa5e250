"""A workbook of declared needs on disk: opened with care, its form held to the letter."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.budget.form import HEADING_ROW, HEADINGS, SHEET, TITLE, TITLE_PATTERN
from fundledger.errors import NeedInvalid, StatementInvalid
from fundledger.findings import Finding

if TYPE_CHECKING:
    from fundledger.bank.tables import Row, Sheet

MAX_FILE_BYTES = 5 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_CELL = re.compile(r"([A-Z]+)(\d+)", re.ASCII)
_CODES = {
    "FL804": "FL511",
    "FL805": "FL512",
    "FL806": "FL513",
    "FL807": "FL514",
    "FL808": "FL510",
    "FL814": "FL517",
    "FL815": "FL517",
    "FL867": "FL512",
    "FL868": "FL512",
    "FL869": "FL512",
}


@dataclass(slots=True)
class Faults:
    """Everything that is wrong with one workbook, in the order it was met."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, row: int = 0, column: int | None = None, **details: Any) -> None:  # noqa: ANN401 - the places of a sentence hold anything
        """Note what is wrong with a cell; `column` is its index in `HEADINGS`."""
        from fundledger.bank.problems import letters  # noqa: PLC0415 - beside the reader

        place: dict[str, Any] = {"file": self.file, "sheet": SHEET}
        if row:
            place["row"] = row
        if column is not None:
            place["column"] = letters(column)
            place["field"] = HEADINGS[column] if column < len(HEADINGS) else ""
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


def opened(path: Path, year: int, faults: Faults) -> tuple[tuple[Row, ...], str]:
    """Return the rows below the headings of a unit's workbook, and the file's sha256.

    Raises:
        NeedInvalid: FL510 to FL518 and FL534, the file is not the form of that year.

    """
    data = _bytes_of(path, faults)
    sheet = _sheet(data, faults)
    _check_form(sheet, year, faults)
    faults.refuse()
    return sheet.rows[HEADING_ROW:], hashlib.sha256(data).hexdigest()


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


def _sheet(data: bytes, faults: Faults) -> Sheet:
    from fundledger.bank.problems import Problems  # noqa: PLC0415
    from fundledger.bank.tables import workbook  # noqa: PLC0415
    from fundledger.bank.zipped import guard_xlsx  # noqa: PLC0415

    if not data.startswith(_ZIP):
        faults.add("FL511", found="ZIP?")
        faults.refuse()
    problems = Problems(faults.file)
    try:
        guard_xlsx(data, problems)
        problems.refuse()
        sheets = workbook(data, problems)
    except StatementInvalid as error:
        for finding in error.findings:
            _add_guarded(finding, faults)
        raise NeedInvalid(faults.findings) from error
    found = [sheet for sheet in sheets if sheet.name == SHEET]
    if not found:
        faults.add("FL515", found="、".join(sheet.name for sheet in sheets))
    faults.refuse()
    return found[0]


def _add_guarded(finding: Finding, faults: Faults) -> None:
    cell = _CELL.fullmatch(str(finding.details.get("cell", "")))
    if cell is None:
        reason = finding.details.get("reason") or finding.title("zh")
        faults.add(_CODES[finding.code], reason=reason)
        return
    column = 0
    for letter in cell.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    faults.add(_CODES[finding.code], int(cell.group(2)), column - 1)


def _check_form(sheet: Sheet, year: int, faults: Faults) -> None:
    """Note a title of another year, headings that differ, and cells that are merged below them."""
    rows = {row.number: row for row in sheet.rows}
    title = str(rows[1].cell(0)) if 1 in rows else ""
    match = TITLE_PATTERN.fullmatch(title)
    if match is None or int(match.group(1)) != year:
        faults.add("FL518", 1, 0, found=title[:40], expected=TITLE.format(year=year))
    headings = rows[HEADING_ROW].cells if HEADING_ROW in rows else ()
    for column in range(max(len(HEADINGS), len(headings))):
        found = str(headings[column]) if column < len(headings) else ""
        expected = HEADINGS[column] if column < len(HEADINGS) else ""
        if found != expected:
            faults.add("FL516", HEADING_ROW, column, found=found[:40], expected=expected)
    for first, last in sheet.merged:
        if last >= HEADING_ROW and first <= _last_data_row(sheet):
            faults.add("FL534", first)


def _last_data_row(sheet: Sheet) -> int:
    return max((row.number for row in sheet.rows if len(row.filled()) > 1), default=HEADING_ROW)
