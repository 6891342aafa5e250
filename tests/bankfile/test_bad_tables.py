"""Files that are no answer as a table are refused, and so are torn ones and wrong totals."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from fundledger.bankfile import read_results
from support.answers import (
    FAILED,
    PAID,
    SENT,
    Told,
    bank,
    table,
    told,
    totalled,
    xlsx,
)
from support.honest_bank import line_of
from support.statements import encrypted_flag, repacked, xls_bytes, xlsx_bytes

WORKBOOKS: tuple[tuple[str, bytes, list[Told]], ...] = (
    ("formula", xlsx_bytes({"a": table(PAID)}, formulas={"D3": 1510}), [("FL937", "D3")]),
    ("merged", xlsx_bytes({"a": table(PAID, FAILED)}, merged=["A5:A6"]), [("FL949", "")]),
    ("torn", xlsx_bytes({"a": table(PAID)})[:-30], [("FL949", "")]),
    ("password", encrypted_flag(xlsx_bytes({"a": table(PAID)})), [("FL949", "")]),
    ("macros", repacked(xlsx_bytes({"a": table(PAID)}), add={"xl/vbaProject.bin": b"x"}),
     [("FL949", "")]),
    ("document type", repacked(xlsx_bytes({"a": table(PAID)}),
                               add={"xl/a.xml": b"<!DOCTYPE x>"}), [("FL949", "")]),
    ("two such sheets", xlsx_bytes({"a": table(PAID), "b": table(FAILED)}), [("FL949", "")]),
    ("another sheet", xlsx_bytes({"a": table(PAID), "b": [["某甲"]]}), [("FL949", "")]),
    ("a hidden sheet", repacked(
        xlsx_bytes({"a": table(PAID), "某甲": [["某甲"]]}),
        change={"xl/workbook.xml": ('name="某甲"'.encode(), 'name="某甲" state="hidden"'.encode())},
    ), [("FL949", "")]),
    ("a hidden row", repacked(
        xlsx_bytes({"a": table(PAID, FAILED)}),
        change={"xl/worksheets/sheet1.xml": (b'<row r="4"', b'<row r="4" hidden="1"')},
    ), [("FL949", "")]),
    ("no zip", b"PK\x03\x04" + bytes(100), [("FL949", "")]),
    ("old and torn", xls_bytes(table(PAID))[:-600], [("FL949", "")]),
    ("binary", b"\x00\x01,\x02\n", [("FL949", "")]),
    ("empty", b"", [("FL789", "")]),
    ("no encoding", "附言,状态\n".encode() + b"\xff\xff\x80,1\n", [("FL949", "")]),
)  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), [case[1:] for case in WORKBOOKS],
                         ids=[case[0] for case in WORKBOOKS])  # fmt: skip
def test_a_file_that_is_no_such_table_is_refused(
    tmp_path: Path, data: bytes, expected: list[Told]
) -> None:
    path = tmp_path / "回盘.xlsx"
    path.write_bytes(data)

    assert told(path, bank("generic")) == expected


def delimited(rows: Sequence[Sequence[object]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "回盘.csv"
    path.write_bytes(delimited(table(PAID, FAILED)).encode(encoding))

    found = read_results(path, bank("generic"), SENT)
    assert [(r.line, r.outcome, r.reason) for r in found.results] == [
        (line_of(0), "paid", None),
        (line_of(1), "failed", "BE01"),
    ]


@pytest.mark.parametrize(("change", "expected"), [
    (lambda text: text[: text.rindex(",2026")], [("FL773", "")]),
    (lambda text: text[: text.rindex(",2026")] + "\n", [("FL772", "[4]")]),
    (lambda text: text.replace("户名不符,", "户名不符,x,"), [("FL772", "[4]")]),
    (lambda text: text.replace("批次号,PB-2026-11-001", "批次号,PB-2026-11-009"),
     [("FL783", "B1 [批次号]")]),
])  # fmt: skip
def test_a_csv_that_is_torn_is_refused(
    tmp_path: Path, change: Callable[[str], str], expected: list[Told]
) -> None:
    path = tmp_path / "回盘.csv"
    path.write_text(change(delimited(table(PAID, FAILED))), encoding="utf-8")

    assert told(path, bank("generic")) == expected


def test_a_line_of_totals_is_held_against_the_rows(tmp_path: Path) -> None:
    foot = ("合计：", "", 1510.05, "1510.00")

    path = xlsx(tmp_path, table(PAID, FAILED, foot=foot))
    assert len(read_results(path, totalled("generic"), SENT).results) == 2


@pytest.mark.parametrize(("rows", "expected"), [
    (table(PAID, FAILED, foot=("合计", "", "1510.06", "1510.00")), [("FL782", "C5 [应发金额]")]),
    (table(PAID, FAILED, foot=("合计", "", "1510.05", "1510.05")), [("FL782", "D5 [实发金额]")]),
    (table(PAID, FAILED), [("FL773", "")]),
    ([*table(PAID, foot=("合计", "", "1510.00")), list(FAILED.values())], [("FL788", "[5]")]),
    ([*table(PAID, foot=("合计", "", "1510.00")), ["总计", "合计"]], [("FL788", "[5]")]),
])  # fmt: skip
def test_a_line_of_totals_that_does_not_hold_is_refused(
    tmp_path: Path, rows: list[list[object]], expected: list[Told]
) -> None:
    assert told(xlsx(tmp_path, rows), totalled("generic")) == expected
