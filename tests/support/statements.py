"""Statements as banks export them, made at run time: text, .xlsx, and a small .xls by hand."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter

from fundledger.bank import Layout, Statement, read_statement
from fundledger.errors import StatementInvalid

Rows = Sequence[Sequence[object]]

ACCOUNT = "3100000000000000101"
HEAD = ("交易日期", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号", "摘要", "流水号")
LINES = (
    ("2026-03-02", "", "1000.00", "1500.00", "区财政局", "31001", "拨款", "A1"),
    ("2026-03-05", "200.00", "", "1300.00", "某学校", "31002", "助学", "A2"),
    ("2026-03-21", "", "0.55", "1300.55", "", "", "结息", "A3"),
)
TABLE: Rows = (("账号", ACCOUNT), HEAD, *LINES)


def text_file(folder: Path, rows: Rows | str, *, encoding: str = "utf-8", sep: str = ",") -> Path:
    """Write rows as delimited text, or a text as it stands."""
    if not isinstance(rows, str):
        rows = "".join(sep.join(map(str, row)) + "\r\n" for row in rows)
    path = folder / "statement.csv"
    path.write_bytes(rows.encode(encoding))
    return path


def xlsx_bytes(
    sheets: Mapping[str, Rows], *, merged: Sequence[str] = (), formulas: Mapping[str, object] = {}
) -> bytes:
    """Return a workbook; dates become date cells, numbers number cells, texts text cells."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 4, 1)})  # noqa: DTZ001 - the same bytes each time
    shapes = {
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        time: book.add_format({"num_format": "hh:mm:ss"}),
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, (date, time)):
                    sheet.write_datetime(row, column, cell, shapes[type(cell)])
                elif isinstance(cell, (int, float)):
                    sheet.write_number(row, column, cell)
                elif cell != "":
                    sheet.write_string(row, column, str(cell))
        for place in merged:
            sheet.merge_range(place, "合并")
        for place, value in formulas.items():
            sheet.write_formula(place, "=1+1", None, value)
    book.close()
    return stream.getvalue()


def xlsx_file(folder: Path, rows: Rows) -> Path:
    """Write rows as a workbook of one sheet."""
    path = folder / "statement.xlsx"
    path.write_bytes(xlsx_bytes({"明细": rows}))
    return path


def repacked(
    data: bytes, *, add: Mapping[str, bytes] = {}, change: Mapping[str, tuple[bytes, bytes]] = {}
) -> bytes:
    """Return the zip with members added, or one text replaced in a member."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", 8) as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename in change:
                before, after = change[member.filename]
                assert before in content
                content = content.replace(before, after, 1)
            new.writestr(member.filename, content)
        for name, content in add.items():
            new.writestr(name, content)
    return stream.getvalue()


def encrypted_flag(data: bytes) -> bytes:
    """Return a workbook whose members all say that they are encrypted."""
    at = data.index(b"PK\x01\x02")
    local = bytearray(data)
    local[6] |= 1
    while at != -1:
        local[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(local)


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def biff(rows: Rows, *, extra: bytes = b"", first: bytes = b"") -> bytes:
    """Return a BIFF8 workbook stream of one sheet of text and number cells."""
    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(value, float):
                cells += _record(0x0203, place + struct.pack("<d", value))
            elif value != "":
                text = str(value)
                packed = struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
                cells += _record(0x0204, place + packed)
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + first
    name = b"\x01s"
    bound = len(start) + 4 + 6 + len(name) + 1 + 4
    sheet = _record(0x0085, struct.pack("<IH", bound, 0) + name[:1] + b"\0" + name[1:])
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    return start + sheet + _record(0x000A) + body + cells + extra + _record(0x000A)


def compound(streams: Mapping[str, bytes], *, small: bool = False) -> bytes:
    """Return a compound file of these streams; `small` keeps them in the stream of small ones."""
    end, none, sector = 0xFFFFFFFE, 0xFFFFFFFF, 512
    chains: list[bytes] = []
    entries: list[tuple[str, int, int, int]] = []
    mini, mini_fat = b"", list[int]()
    for name, content in streams.items():
        if small:
            count = -(-len(content) // 64)
            entries.append((name, 2, len(mini_fat), len(content)))
            mini_fat += [*range(len(mini_fat) + 1, len(mini_fat) + count), end]
            mini += content.ljust(count * 64, b"\0")
        else:
            entries.append((name, 2, -len(chains) - 1, max(len(content), 4096)))
            chains.append(content.ljust(4096, b"\0"))
    directory_at, mini_at, mini_fat_at = len(chains), len(chains) + 1, len(chains) + 2
    chains += [b"\0" * 128 * (len(streams) + 1), mini, struct.pack(f"<{len(mini_fat)}I", *mini_fat)]
    counts = [-(-len(chain) // sector) for chain in chains]
    fat_sectors = 1
    while True:
        difat_sectors = max(0, -(-(fat_sectors - 109) // 127))
        before = fat_sectors + difat_sectors
        if fat_sectors * 128 >= before + sum(counts):
            break
        fat_sectors += 1
    fat = [0xFFFFFFFD] * fat_sectors + [0xFFFFFFFC] * difat_sectors
    starts = []
    for count in counts:
        starts.append(len(fat) if count else end)
        fat += [*range(len(fat) + 1, len(fat) + count), end] if count else []
    directory = _entry("Root Entry", 5, starts[mini_at], len(mini), (none, 1))
    for number, (name, kind, start, size) in enumerate(entries, 1):
        following = number + 1 if number < len(entries) else none
        begin = start if small else starts[-start - 1]
        directory += _entry(name, kind, begin, size, (following, none))
    chains[directory_at] = directory
    numbers = [*range(fat_sectors)]
    difat = b""
    for index in range(difat_sectors):
        part = numbers[109 + 127 * index : 109 + 127 * (index + 1)]
        part += [none] * (127 - len(part))
        following = fat_sectors + index + 1 if index + 1 < difat_sectors else end
        difat += struct.pack("<128I", *part, following)
    head = [*numbers[:109], *[none] * (109 - len(numbers[:109]))]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x2I", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors)
    header += struct.pack("<3I", starts[directory_at], 0, 4096)
    header += struct.pack("<2I", starts[mini_fat_at], counts[mini_fat_at])
    header += struct.pack("<2I", fat_sectors if difat else end, difat_sectors)
    header += struct.pack("<109I", *head)
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_sectors * sector, b"\xff")
    body = b"".join(
        chain.ljust(count * sector, b"\0") for chain, count in zip(chains, counts, strict=True)
    )
    return header + table + difat + body


def _entry(name: str, kind: int, start: int, size: int, links: tuple[int, int]) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    head += struct.pack("<III", 0xFFFFFFFF, *links)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def xls_bytes(rows: Rows, **options: bytes) -> bytes:
    """Return an .xls of one sheet."""
    return compound({"Workbook": biff(rows, **options)})


def refused(
    path: Path, *, encoding: str | None = None, layouts: Sequence[Layout] = ()
) -> list[tuple[object, ...]]:
    """Return the code, row and column (or cell) of each finding with which `path` is refused."""
    try:
        statement = read_statement(path, encoding=encoding, layouts=layouts)
    except StatementInvalid as error:
        for finding in error.findings:
            assert finding.subject == path.name
            for language in ("zh", "en"):
                assert "?" not in finding.sentence(language)
        return [_place(finding.code, finding.details) for finding in error.findings]
    return [("read", statement)]


def _place(code: str, details: Mapping[str, object]) -> tuple[object, ...]:
    keys = ("row", "column", "cell", "sheet", "rows")
    return (code, *(details[key] for key in keys if key in details))


def moves(statement: Statement) -> list[tuple[str, int, int | None]]:
    """Return the direction, fen and balance of each line."""
    return [(line.direction, line.amount_fen, line.balance_fen) for line in statement.lines]
