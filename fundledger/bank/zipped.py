"""Guards for .xlsx files: what a hostile or careless zip or sheet can hold, before it is read."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from fundledger.bank.hidden import tell_hidden
from fundledger.bank.problems import Problems, letters

MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_RATIO = 100
MAX_MEMBERS = 1000
MAX_CELLS = 4_000_000
_SMALL_BYTES = 1024 * 1024
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_TAG = re.compile(rb"<(?:\w+:)?(row|c|f|v|is)\b([^>]*)>")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{0,3})(\d{1,9})[\"']")
_IS_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")


@dataclass(slots=True)
class _Cursor:
    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0


def guard_xlsx(data: bytes, problems: Problems) -> None:
    """Refuse a zip that is no plain workbook, and cells that no bank's export holds.

    FL805 for a zip bomb, strange member names, a document type or a sheet of too many cells;
    FL806 for macros; FL808 for damage; FL804 for a zip that is no workbook; FL814 for each
    formula and FL815 for each error cell (the reader would show them as values or as empty);
    FL867 to FL869 for what is out of sight.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _guard_members(archive, len(data), problems)
            for member in archive.infolist():
                content = archive.read(member)
                if member.filename.lower().endswith((".xml", ".rels")) and b"<!DOCTYPE" in content:
                    problems.stop("FL805", reason=f"DOCTYPE: {member.filename}")
                if _SHEET.fullmatch(member.filename):
                    _scan_sheet(content, problems)
            tell_hidden(archive, problems)
    # NotImplementedError is what zipfile raises for a way of packing that it does not know.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        problems.stop("FL808", reason=type(error).__name__)
    except RuntimeError:
        problems.stop("FL807")


def _guard_members(archive: zipfile.ZipFile, packed_bytes: int, problems: Problems) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(names) > MAX_MEMBERS:
        problems.stop("FL805", reason=f"{len(names)} members")
    for name in names:
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
            problems.stop("FL805", reason="../")
    if len({name.lower() for name in names}) != len(names):
        problems.stop("FL805", reason="duplicate members")
    unpacked_bytes = sum(member.file_size for member in members)
    if unpacked_bytes > MAX_UNPACKED_BYTES:
        problems.stop("FL805", reason=f"{unpacked_bytes} B")
    if unpacked_bytes > max(_SMALL_BYTES, packed_bytes * MAX_RATIO):
        problems.stop("FL805", reason=f"{unpacked_bytes // packed_bytes} : 1")
    if any("vbaproject" in name.lower() or "/macrosheets/" in name.lower() for name in names):
        problems.stop("FL806")
    if "xl/workbook.xml" not in names:
        problems.stop("FL804", found="zip")


def _scan_sheet(content: bytes, problems: Problems) -> None:
    at = _Cursor()
    for match in _TAG.finditer(content):
        tag, attributes = match.groups()
        if tag == b"row":
            place = _PLACE.search(attributes)
            at.row, at.column = (int(place.group(2)) if place else at.row + 1), 0
        elif tag == b"c":
            place = _PLACE.search(attributes)
            if place and place.group(1):
                at.column, at.row = _column(place.group(1)), int(place.group(2))
            else:
                at.column += 1
            if _IS_ERROR.search(attributes):
                problems.add("FL815", cell=_named(at))
        elif tag == b"f":
            problems.add("FL814", cell=_named(at))
        else:
            at.last_row = max(at.last_row, at.row)
            at.last_column = max(at.last_column, at.column)
    if at.last_row * at.last_column > MAX_CELLS:
        problems.stop("FL805", reason=f"{at.last_row} x {at.last_column}")


def _column(name: bytes) -> int:
    column = 0
    for letter in name:
        column = column * 26 + letter - ord("A") + 1
    return column


def _named(at: _Cursor) -> str:
    return f"{letters(at.column - 1)}{at.row}"
