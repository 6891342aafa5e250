"""What can be wrong in a table of vouchers that is handed in as a file."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from bad_input.desk import Desk, Given, Row
from bad_input.vouchers import CARD, PHONE

from support.statements import compound

HEAD = ("日期", "摘要", "业务", "金额", "部门类别", "来源", "附件", "制单", "审核", "出纳")
GIFT: tuple[Any, ...] = (
    *("2026-03-06", "捐赠", "donation", "1.00", "", "", "1", "S03", "S01", "S06"),
)
Put = Callable[[Path], object]


def _said(rows: list[tuple[Any, ...]], head: tuple[str, ...] = HEAD) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows((head, *rows))
    return stream.getvalue()


def _text(text: str, encoding: str = "utf-8") -> Put:
    return lambda path: path.write_bytes(text.encode(encoding, "surrogatepass"))


def _cells(**changes: Given) -> tuple[Any, ...]:
    said = ("day", "text", "event", "amount", "line", "source", "papers")
    names = (*said, "maker", "reviewer", "cashier")
    return tuple({**dict(zip(names, GIFT, strict=True)), **changes}.values())


def _table(**changes: Given) -> Put:
    return _text(_said([GIFT, _cells(**changes)]))


def _book(**changes: Given) -> Put:
    def put(path: Path) -> None:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate((HEAD, _cells(**changes))):
                for column, cell in enumerate(row):
                    if cell != "":
                        sheet.write(number, column, cell)

    return put


def _shaped(shape: Callable[[xlsxwriter.Workbook, Any], object]) -> Put:
    """Write a workbook of two gifts, and do something to it that shows in no cell."""

    def put(path: Path) -> None:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("凭证")
            for number, row in enumerate((HEAD, GIFT, GIFT)):
                sheet.write_row(number, 0, row)
            shape(book, sheet)

    return put


def _with_sheet(state: str) -> Put:
    def shape(book: xlsxwriter.Workbook, _: object) -> None:
        more = book.add_worksheet("旧账")
        more.write(0, 0, "别处")
        getattr(more, state)()

    return _shaped(shape)


def _day_cell(value: float, *, since_1904: bool = False) -> Put:
    """Write a gift whose day is a date cell of this serial number."""

    def put(path: Path) -> None:
        with xlsxwriter.Workbook(path, {"date_1904": since_1904}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, GIFT)
            sheet.write_number(1, 0, value, book.add_format({"num_format": "yyyy-mm-dd"}))

    return put


def _bytes(content: bytes) -> Put:
    return lambda path: path.write_bytes(content)


def _member(name: str, content: bytes = b"x") -> Put:
    def put(path: Path) -> None:
        _book()(path)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)

    return put


def _entities(path: Path) -> None:
    """Write a workbook whose sheet asks for a file of this machine."""
    _book()(path)
    kept = {}
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    kept[name] = kept[name].replace(b"?>", b"?>" + evil, 1).replace(b"<v>0<", b"<v>&e;<", 1)
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in kept.items():
            archive.writestr(member, content)


def _row(given: str, codes: str, name: str, put: Put) -> Row:
    return Row(
        f"{name}: {given}",
        codes,
        lambda desk: desk.call("record", "dibao", "--from", str(desk.tray / name)),
        lambda desk: put(desk.tray / name),
    )


def _mojibake() -> str:
    """Return the table as it looks when its UTF-8 was read as GBK."""
    return _said([GIFT]).encode().decode("gb18030", "replace")


CELLS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("amount in full-width digits", "FL901", {"amount": "１００"}),
    ("amount in capitals", "FL901", {"amount": "壹佰元整"}),
    ("amount with a sign of currency", "FL901", {"amount": "￥5"}),
    ("amount in ten thousands", "FL901", {"amount": "1.5万元"}),
    ("amount with separators", "FL901", {"amount": "1,000.00"}),
    ("amount with an exponent", "FL901", {"amount": "1e3"}),
    ("amount of NaN", "FL901", {"amount": "NaN"}),
    ("amount of three decimals", "FL901", {"amount": "1.005"}),
    ("amount as a formula in text", "FL901", {"amount": "=1+1"}),
    ("amount below zero", "FL928", {"amount": "-1.00"}),
    ("amount missing", "FL935", {"amount": ""}),
    ("day that is none", "FL903", {"day": "2026-02-29"}),
    ("day month first", "FL903", {"day": "03/05/2026"}),
    ("day as a serial number", "FL937", {"day": "46024"}),
    ("day in a closed month", "FL307 FL948", {"day": "2026-01-31"}),
    ("day to come", "FL312 FL948", {"day": "2026-12-31"}),
    ("narration with bidi", "FL937", {"text": "a\u202eb"}),
    ("narration with a line more", "FL937", {"text": "a\nb"}),
    ("narration with a phone number", "FL205 FL948", {"text": PHONE}),
    ("narration with a card", "FL205 FL948", {"text": CARD}),
    ("narration of 513 letters", "FL311 FL948", {"text": "x" * 513}),
    ("event unknown", "FL936", {"event": "=cmd|' /C calc'!A0"}),
    ("line for a donation", "FL925", {"line": "CASC:Dibao"}),
    ("papers below zero", "FL930", {"papers": "-1"}),
    ("papers beyond counting", "FL930", {"papers": "9" * 400}),
    ("papers none", "FL303 FL948", {"papers": "0"}),
    ("maker by name", "FL315 FL948", {"maker": "某某"}),
    ("maker that reviews", "FL304 FL315 FL948", {"maker": "S01"}),
    ("maker missing", "FL935", {"maker": ""}),
)
NUMBERS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("amount with noise", "FL901", {"amount": 100.0000000000001}),
    ("amount of three decimals", "FL901", {"amount": 1.005}),
    ("amount beyond exactness", "FL901", {"amount": 1e16}),
    ("amount by a formula", "FL937", {"amount": "=1+1"}),
    ("amount true", "FL901", {"amount": True}),
    ("day as a number", "FL937", {"day": 46024.0}),
    ("narration of a card as a number", "FL937", {"text": 6222021234567890123.0}),
    ("maker as a number", "FL937", {"maker": 3.0}),
    ("papers with a fraction", "FL930", {"papers": 1.5}),
)

ROWS: list[Row] = [
    *(_row(given, codes, "a.csv", _table(**changes)) for given, codes, changes in CELLS),
    *(_row(given, codes, "a.xlsx", _book(**changes)) for given, codes, changes in NUMBERS),
    _row("empty", "FL933", "a.csv", _bytes(b"")),
    _row("a BOM and nothing", "FL933", "a.csv", _bytes(b"\xef\xbb\xbf")),
    _row("headings only", "FL939", "a.csv", _text(_said([]))),
    _row("a column missing", "FL933", "a.csv", _text(_said([GIFT[:3]], HEAD[:3]))),
    _row("a heading twice", "FL934", "a.csv", _text(_said([GIFT], (*HEAD[:-1], "日期")))),
    _row("a heading unknown", "FL934", "a.csv", _text(_said([GIFT], (*HEAD[:-1], "心情")))),
    _row("a row too short", "FL935", "a.csv", _text(_said([GIFT[:3]]))),
    _row("UTF-16 without its mark", "FL949", "a.csv", _text(_said([GIFT]), "utf-16-le")),
    _row("Latin-1", "FL949", "a.csv", _bytes(b"\xff\xff\xff\xff")),
    _row("mojibake", "FL933", "a.csv", _text(_mojibake())),
    _row("NUL", "FL949", "a.csv", _text(_said([_cells(text="a\0b")]))),
    _row("a line of a million columns", "FL933", "a.csv", _bytes(b"," * 1_000_000)),
    _row("a quote that never ends", "FL949", "a.csv", _text('"' + "x" * 200_000)),
    _row(
        "a field of 200,000 letters", "FL949", "a.csv", _text(_said([_cells(text="x" * 200_000)]))
    ),
    _row("6 MB", "FL940", "a.csv", _bytes(b"x" * 6_000_000)),
    _row("5,001 rows", "FL940", "a.csv", _text(_said([GIFT] * 5_001))),
    _row("two keys", "FL938", "a.csv", _text(_said([(*GIFT, "a"), (*GIFT, "b")], (*HEAD, "键")))),
    _row(
        "a key of 513 letters", "FL909", "a.csv", _text(_said([(*GIFT, "k" * 513)], (*HEAD, "键")))
    ),
    _row(
        "a key of another record", "FL904", "a.csv", _text(_said([(*GIFT, "FIRST")], (*HEAD, "键")))
    ),
    _row(
        "a document that is not there",
        "FL927",
        "a.csv",
        _text(_said([(*GIFT, "../no.pdf")], (*HEAD, "单据"))),
    ),
    _row("HTML", "FL933", "a.xls", _bytes(b"<html><table><tr><td>1</td></tr></table></html>")),
    _row(
        "an old workbook", "FL949", "a.xls", _bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    ),
    _row("garbage after PK", "FL949", "a.xlsx", _bytes(b"PK\x03\x04" + b"x" * 50)),
    _row(
        "half a workbook",
        "FL949",
        "a.xlsx",
        lambda path: (_book()(path), path.write_bytes(path.read_bytes()[:2_000])),
    ),
    _row("macros", "FL949", "a.xlsm", _member("xl/vbaProject.bin")),
    _row("a path out of the zip", "FL949", "a.xlsx", _member("../../x")),
    _row("a zip bomb", "FL949", "a.xlsx", _member("xl/media/zeros", bytes(50_000_000))),
    _row("a member twice", "FL949", "a.xlsx", _member("xl/WORKBOOK.xml")),
    _row("an entity of this machine", "FL949", "a.xlsx", _entities),
    _row("links to other files", "FL949", "a.xlsx", _member("xl/externalLinks/externalLink1.xml")),
    _row("a hidden sheet", "FL949", "a.xlsx", _with_sheet("hide")),
    _row("a sheet that is very hidden", "FL949", "a.xlsx", _with_sheet("very_hidden")),
    _row(
        "a hidden row",
        "FL949",
        "a.xlsx",
        _shaped(lambda _, sheet: sheet.set_row(2, None, None, {"hidden": True})),
    ),
    _row("a row of no height", "FL949", "a.xlsx", _shaped(lambda _, sheet: sheet.set_row(2, 0))),
    _row(
        "merged cells",
        "FL949",
        "a.xlsx",
        _shaped(lambda _, sheet: sheet.merge_range("B2:B3", "捐赠")),
    ),
    _row("a password", "FL949", "a.xlsx", _bytes(compound({"EncryptedPackage": b"x"}))),
    _row("a day of serial 60", "FL903", "a.xlsx", _day_cell(60)),
    _row("a day counted since 1904", "FL312 FL948", "a.xlsx", _day_cell(46087, since_1904=True)),
    _row("not there", "FL927", "a.xlsx", lambda _: None),
    _row("a directory", "FL927", "a.xlsx", lambda path: path.mkdir()),
    _row("a pipe", "FL927", "a.xlsx", os.mkfifo),
    _row("a link to nothing", "FL927", "a.xlsx", lambda path: path.symlink_to("nosuch")),
    _row("a link to itself", "FL927", "a.xlsx", lambda path: path.symlink_to(path.name)),
]


def _budget(given: str, codes: str, content: str) -> Row:
    def arrange(desk: Desk) -> None:
        (desk.tray / "b.csv").write_text(content, encoding="utf-8")

    def act(desk: Desk) -> object:
        signed = ("--maker", "S03", "--reviewer", "S01", "--attachments", "1")
        file = str(desk.tray / "b.csv")
        return desk.call(
            "budget", "adopt", "dibao", "--date", "2026-03-06", "--from", file, *signed
        )

    return Row(f"b.csv: {given}", codes, act, arrange)


ROWS += [
    _budget("a budget in words", "FL901", "部门类别,金额\nCASC:Dibao,壹万元\n"),
    _budget("a budget of zero", "FL928", "部门类别,金额\nCASC:Dibao,0.00\n"),
    _budget("a budget of another fund", "FL923", "部门类别,金额\nCASC:Tekun,1.00\n"),
    _budget("a budget with an empty cell", "FL935", "部门类别,金额\nCASC:Dibao,\n"),
    _budget("a budget without its column", "FL933", "部门类别,数\nCASC:Dibao,1\n"),
]
