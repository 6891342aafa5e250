"""A file that is no plain statement, by accident or on purpose, is refused before it does harm."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from support.statements import (
    TABLE,
    biff,
    compound,
    encrypted_flag,
    refused,
    repacked,
    xls_bytes,
    xlsx_bytes,
)

SHEET = "xl/worksheets/sheet1.xml"
GOOD = xlsx_bytes({"明细": TABLE})


def zip_of(name: str) -> bytes:
    """Return a zip with one member."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "x")
    return stream.getvalue()


def hiding(*, state: bytes = b"", row: bytes = b"") -> bytes:
    """Return a statement with a second sheet in this state, or a line with these attributes."""
    data = xlsx_bytes({"明细": TABLE, "旧账": [["别处"]]})
    if state:
        name = '<sheet name="旧账"'.encode()
        data = repacked(data, change={"xl/workbook.xml": (name, name + b' state="' + state + b'"')})
    if row:
        data = repacked(data, change={SHEET: (b'<row r="4"', b'<row r="4" ' + row)})
    return data


def looping(data: bytes, at: int, number: int = 1) -> bytes:
    """Return the file with the chain entry at this byte pointing to itself."""
    at %= len(data)
    return data[:at] + number.to_bytes(4, "little") + data[at + 4 :]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [("FL802",)]),
        (b"\xef\xbb\xbf \r\n", [("FL802",)]),
        (b"\x00" * 64, [("FL802",)]),
        (b"a" * (20 * 1024 * 1024 + 1), [("FL803",)]),
        (b"<html><table><tr><td>x</td></tr></table></html>", [("FL804",)]),
        (b"\xef\xbb\xbf\r\n<?xml version='1.0'?>", [("FL804",)]),
        (b"%PDF-1.7", [("FL804",)]),
        (b"PK\x03\x04junk", [("FL808",)]),
        (GOOD[:-40], [("FL808",)]),
        (zip_of("word/document.xml"), [("FL804",)]),
        (encrypted_flag(GOOD), [("FL807",)]),
        (repacked(GOOD, add={"../../evil": b"x"}), [("FL805",)]),
        (repacked(GOOD, add={"/etc/evil": b"x"}), [("FL805",)]),
        (repacked(GOOD, add={f"xl/m{n}": b"" for n in range(1001)}), [("FL805",)]),
        (repacked(GOOD, add={"XL/workbook.xml": b""}), [("FL805",)]),
        (repacked(GOOD, add={"xl/bomb.bin": bytes(30 * 1024 * 1024)}), [("FL805",)]),
        (repacked(GOOD, add={"xl/a": bytes(101 * 1024 * 1024)}), [("FL805",)]),
        (repacked(GOOD, add={"xl/x.xml": b"<!DOCTYPE x [<!ENTITY e 'e'>]>"}), [("FL805",)]),
        (
            repacked(GOOD, change={SHEET: (b'r="A1"', b'r="XFD1048576"')}),
            [("FL805",)],
        ),
        (repacked(GOOD, add={"xl/vbaProject.bin": b""}), [("FL806",)]),
        (repacked(GOOD, change={SHEET: (b"</sheetData>", b"</sheetDat>")}), [("FL808",)]),
        (xlsx_bytes({"明细": TABLE}, formulas={"D5": 1300.55}), [("FL814", "D5")]),
        (repacked(GOOD, change={SHEET: (b'r="D5" t="s"', b'r="D5" t="e"')}), [("FL815", "D5")]),
        (xlsx_bytes({"明细": TABLE}, merged=["E4:E5"]), [("FL813", 4)]),
        (hiding(state=b"hidden"), [("FL867", "旧账")]),
        (hiding(state=b"veryHidden"), [("FL867", "旧账")]),
        (hiding(row=b'hidden="1"'), [("FL868", "明细", "4")]),
        (hiding(row=b'hidden="true"'), [("FL868", "明细", "4")]),
        (hiding(row=b'ht="0" customHeight="1"'), [("FL868", "明细", "4")]),
        (
            repacked(GOOD, change={SHEET: (b"<sheetFormatPr ", b'<sheetFormatPr zeroHeight="1" ')}),
            [("FL868", "明细", "1、2、3、4、5")],
        ),
        (repacked(GOOD, add={"xl/externalLinks/externalLink1.xml": b"<x/>"}), [("FL869",)]),
        (
            repacked(GOOD, change={SHEET: (b"?>", b"?><!DOCTYPE x>")}),
            [("FL805",)],
        ),
        (xlsx_bytes({"一": TABLE, "二": TABLE}), [("FL829",)]),
        (xlsx_bytes({"一": [["说明"]]}), [("FL810",)]),
        (xlsx_bytes({"明细": [*TABLE[:-1], ["2026-03-21", "x"]]}), [("FL816", 5, "借方发生额")]),
        (
            repacked(GOOD, change={SHEET: (b'<c r="A1" t="s"><v>', b'<c t="s"><f>1</f><v>')}),
            [("FL814", "A1")],
        ),
        (xls_bytes(TABLE, extra=b"\x06\x00\x04\x00\x04\x00\x03\x00"), [("FL814", "D5")]),
        (
            xls_bytes(TABLE, extra=b"\x05\x02\x08\x00\x04\x00\x03\x00\x00\x00\x07\x01"),
            [("FL815", "D5")],
        ),
        (
            xls_bytes(
                TABLE,
                extra=b"\x03\x02\x0e\x00\xff\xff\xff\x00" + bytes(10),
            ),
            [("FL805",)],
        ),
        (xls_bytes(TABLE, first=b"\x2f\x00\x02\x00\x00\x00"), [("FL807",)]),
        (xls_bytes(TABLE, extra=b"\x03\x02\xff\xff"), [("FL808",)]),
        (looping(compound({"Workbook": biff(TABLE)}), 512 + 4), [("FL808",)]),
        (looping(compound({"Workbook": biff(TABLE)}, small=True), -512, 0), [("FL808",)]),
        (compound({"EncryptedPackage": b"x"}), [("FL807",)]),
        (compound({"Workbook": biff(TABLE), "_VBA_PROJECT_CUR": b"x"}), [("FL806",)]),
        (compound({"WordDocument": b"x"}), [("FL804",)]),
        (compound({"Workbook": biff(TABLE)})[:1500], [("FL808",)]),
        (xls_bytes(TABLE)[:600], [("FL808",)]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), [("FL808",)]),
    ],
)
def test_a_file_that_is_no_plain_statement_is_refused(
    tmp_path: Path, data: bytes, expected: list[tuple[object, ...]]
) -> None:
    path = tmp_path / "statement.xlsx"
    path.write_bytes(data)
    assert refused(path) == expected


def test_a_hidden_sheet_and_hidden_rows_that_are_empty_are_harmless(tmp_path: Path) -> None:
    empty = b'<sheetData><row r="90" hidden="1"><c r="A90"/></row>'
    data = repacked(
        xlsx_bytes({"明细": TABLE, "旧账": []}),
        change={
            "xl/workbook.xml": ('name="旧账"'.encode(), 'name="旧账" state="hidden"'.encode()),
            SHEET: (b"<sheetData>", empty),
        },
    )
    path = tmp_path / "statement.xlsx"
    path.write_bytes(data)
    ((said, _),) = refused(path)
    assert said == "read"


def test_a_logical_value_among_the_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "statement.xlsx"
    path.write_bytes(
        repacked(
            GOOD,
            change={
                SHEET: (b'<c r="G4" t="s"><v>', b'<c r="G4" t="b"><v>1</v></c><c r="H4" t="s"><v>')
            },
        )
    )
    assert ("FL822", 4, "摘要") in refused(path)


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "dangling").symlink_to("nowhere")
    for path in (tmp_path, tmp_path / "fifo", tmp_path / "dangling", tmp_path / "missing"):
        assert refused(path) == [("FL801",)]
