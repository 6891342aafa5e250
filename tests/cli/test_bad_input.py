"""What is typed or filled in wrongly: a code, a sentence, what to do, and nothing changes."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from support.calls import instead
from support.tables import GOOD, HEAD, write_csv, write_xlsx
from support.terminals import PAPERS, SIGNED, Terminal

SAID = ("--date", "2026-04-01", "--narration", "一笔", *PAPERS)
GIFT = ("record", "dibao", "donation", "--amount", "1.00")
MOVE = ("record", "dibao", "transfer", "--amount", "1.00")
PAY = ("record", "dibao", "expense", "--amount", "1.00")
MOVED = ("budget", "virement", "dibao", "--amount", "1", "--reason", "不足")

# What is typed, the exit code, and the codes that must be told, all of them at once.
CALLS: tuple[tuple[tuple[str, ...], int, set[str]], ...] = (
    (("rekord", "dibao"), 2, {"FL920"}),
    (("budget", "adapt"), 2, {"FL920"}),
    (("status", "--as-off", "2026-03-31"), 2, {"FL921"}),
    (("--langage", "en", "status"), 2, {"FL921"}),
    (("status", "--as-of"), 2, {"FL922"}),
    (("explain", "FL304", "FL305"), 2, {"FL924"}),
    ((*GIFT, "--dry-run=1", *SAID), 2, {"FL924"}),
    (("--lang", "fr", "status"), 2, {"FL923"}),
    (("status", "--format", "yaml"), 2, {"FL923"}),
    (("status", "--as-of", "2026-02-30"), 2, {"FL903"}),
    (("status", "--as-of", "2026-3-1"), 2, {"FL903"}),
    (("status", "--as-of", "２０２６-03-01"), 2, {"FL903"}),
    (("status", "nosuch"), 2, {"FL030"}),
    (("check", "dibao", "nosuch"), 2, {"FL030"}),
    (("balance", "../dibao"), 2, {"FL030"}),
    (("check", "--select", "FL9999"), 2, {"FL942"}),
    (("check", "--ignore", ""), 2, {"FL942"}),
    (("explain", "FLX"), 2, {"FL942"}),
    (("ledger", "dibao", "9999"), 2, {"FL943"}),
    (("ledger", "dibao"), 2, {"FL922"}),
    (("ledger", "dibao", "1002", "--from", "2026-04-01", "--to", "2026-03-31"), 2, {"FL966"}),
    (("journal", "dibao", "--from", "2026-04-01", "--to", "2026-03-31"), 2, {"FL966"}),
    (("journal", "dibao", "--records", "--from", "2027-01-01", "--to", "2026-12-31"), 2, {"FL966"}),
    (("verify", "dibao", "--known-head", "xyz"), 2, {"FL923"}),
    (("verify", "--known-head", "0" * 64), 2, {"FL922"}),
    (("-C", "/nonexistent/office", "status"), 2, {"FL912"}),
    (("record",), 2, {"FL922"}),
    (("record", "dibao"), 2, {"FL958"}),
    (("record", "dibao", "gift", *SAID), 2, {"FL923"}),
    (("record", "dibao", "donation"), 2, {"FL922", "FL926"}),
    (("record", "nosuch", "donation", "--amount", "1.00", *SAID), 2, {"FL030"}),
    (("record", "dibao", "donation", "--amount", "1,000.00", *SAID), 2, {"FL901"}),
    (("record", "dibao", "donation", "--amount", "１.00", *SAID), 2, {"FL901"}),
    (("record", "dibao", "donation", "--amount", "1.005", *SAID), 2, {"FL901"}),
    (("record", "dibao", "donation", "--amount", "1e3", *SAID), 2, {"FL901"}),
    (("record", "dibao", "donation", "--amount", "¥5", *SAID), 2, {"FL901"}),
    (("record", "dibao", "donation", "--amount", "0", *SAID), 2, {"FL928"}),
    (("record", "dibao", "donation", "--amount", "-5.00", *SAID), 2, {"FL928"}),
    (
        (
            *("record", "dibao", "donation", "--amount", "x", "--date", "y", "--attachments", "-1"),
            *("--narration", "一笔", *SIGNED),
        ),
        2,
        {"FL901", "FL903", "FL930"},
    ),
    ((*GIFT, "--line", "CASC:Dibao", "--source", "District", *SAID), 2, {"FL925"}),
    ((*GIFT, "--debit", "Assets:Cash=1.00", *SAID), 2, {"FL947"}),
    ((*GIFT, *SAID, "--amount", "10.00"), 2, {"FL979"}),
    ((*GIFT, *SAID, "--amount", "1.00", "--date=2026-04-01", "--maker", "S03"), 2, {"FL979"}),
    ((*GIFT, *SAID, "--amount", "x"), 2, {"FL979", "FL901"}),
    ((*GIFT, "--document", "/nonexistent.pdf", *SAID), 2, {"FL927"}),
    ((*GIFT, "--document", "/dev/zero", *SAID), 2, {"FL927"}),
    (instead((*GIFT, *SAID), "--attachments", "0"), 1, {"FL303"}),
    (instead((*GIFT, *SAID), "--narration", "一\n笔"), 1, {"FL311"}),
    (instead((*GIFT, *SAID), "--reviewer", "S03"), 1, {"FL304", "FL315"}),
    (instead((*GIFT, *SAID), "--maker", "S99"), 1, {"FL315"}),
    (instead((*GIFT, *SAID), "--date", "2027-01-01"), 1, {"FL312"}),
    ((*PAY, *SAID), 2, {"FL926"}),
    ((*PAY, "--line", "CASC", *SAID), 2, {"FL923"}),
    ((*PAY, "--line", "CSO:Tekun", *SAID), 2, {"FL923"}),
    (("record", "dibao", "allocation", "--amount", "1.00", *SAID), 2, {"FL926"}),
    (
        ("record", "dibao", "allocation", "--amount", "1.00", "--source", "Union", *SAID),
        2,
        {"FL923"},
    ),
    (("record", "dibao", "interfund", "--amount", "1.00", *SAID), 2, {"FL932"}),
    (
        (*("record", "dibao", "interfund", "--amount", "1.00", "--due-from", "union"), *SAID),
        2,
        {"FL926"},
    ),
    (
        (
            *("record", "dibao", "interfund", "--amount", "1.00", "--settle"),
            *("--due-from", "nosuch", *SAID),
        ),
        2,
        {"FL923"},
    ),
    (
        ("record", "dibao", "opening", "--debit", "Assets:Cash", "--credit", "X=y", *SAID),
        2,
        {"FL931", "FL901"},
    ),
    (("record", "dibao", "opening", "--debit", "Assets:Cash=1.00", *SAID), 1, {"FL308", "FL319"}),
    (
        (
            *("record", "dibao", "opening", "--debit", "Assets:Nosuch=1.00"),
            *("--credit", "Assets:Cash=1.00", *SAID),
        ),
        2,
        {"FL943"},
    ),
    (("record", "dibao", "--from", "/nonexistent.xlsx"), 1, {"FL927"}),
    (("record", "dibao", "--from", "."), 1, {"FL927"}),
    (("record", "dibao", "--from", "/dev/null"), 1, {"FL927"}),
    (("record", "dibao", "--from", "a.xlsx", "--amount", "1.00"), 2, {"FL947"}),
    (("reverse", "dibao", "2026-03-0099", "--date", "2026-03-25", *SIGNED), 2, {"FL911"}),
    (("reverse", "dibao", "../../etc", "--date", "2026-03-25", *SIGNED), 2, {"FL911"}),
    (("reverse", "dibao"), 2, {"FL922"}),
    (("assert", "dibao", "--amount", "x", "--date", "y"), 2, {"FL901", "FL903", "FL922"}),
    (
        ("assert", "dibao", "--amount", "1.00", "--date", "2026-03-31", "--by", "S03"),
        1,
        {"FL323"},
    ),
    (
        ("assert", "dibao", "--amount", "1.00", "--date", "2027-03-31", "--by", "S01"),
        1,
        {"FL322"},
    ),
    (
        (
            *("assert", "dibao", "--amount", "1.00", "--date", "2026-03-31", "--by", "S01"),
            *("--account", "Nosuch"),
        ),
        2,
        {"FL943"},
    ),
    ((*MOVE, "--from", "1002", "--to", "1218", *SAID), 2, {"FL955"}),
    ((*MOVE, "--from", "专户", "--to", "Assets:Bank", *SAID), 2, {"FL943"}),
    ((*MOVE, "--from", "1002", "--to", "捐赠收入", *SAID), 2, {"FL956"}),
    ((*MOVE, "--from", "捐赠收入", "--to", "待查来款", *SAID), 2, {"FL956"}),
    (("ledger", "dibao", "2307"), 2, {"FL955"}),
    (("balance", "dibao", "--account", "9999"), 2, {"FL943"}),
    (("close", "dibao", "2026-13", "--by", "S05"), 1, {"FL903"}),
    (("close", "dibao", "2026-11", "--by", "S05"), 1, {"FL320"}),
    (("close", "dibao", "2026", "--year-end", "--by", "S05"), 2, {"FL922"}),
    (("close", "dibao", "March", "--year-end", "--by", "S05", *SIGNED), 2, {"FL929"}),
    (("budget", "adopt", "dibao", *SAID), 2, {"FL922"}),
    (("budget", "adopt", "dibao", "--line", "CASC:Dibao", *SAID), 2, {"FL931"}),
    (("budget", "adopt", "dibao", "--line", "CASC:Dibao=0", *SAID), 2, {"FL928"}),
    (("budget", "adopt", "dibao", "--line", "CASC:Nosuch=1", *SAID), 2, {"FL923"}),
    (("budget", "adopt", "dibao", "--year", "26", "--line", "CASC:Dibao=1", *SAID), 2, {"FL929"}),
    (
        (*MOVED, "--from", "X:Y", "--to", "Z", *SAID),
        2,
        {"FL923"},
    ),
    (("budget", "encumber", "dibao", "--line", "CASC:Dibao=70000.01", *SAID), 1, {"FL502"}),
    (("budget", "propose", "next"), 2, {"FL929"}),
    (("budget", "propose", "2027", "--as-of", "2026-11-03"), 1, {"FL552"}),
    (("reconcile", "dibao"), 2, {"FL922"}),
    (("reconcile", "dibao", "--statement", "/nonexistent.xlsx"), 1, {"FL801"}),
    (("init",), 2, {"FL922"}),
)


@pytest.mark.parametrize(
    ("call", "code", "told"),
    CALLS,
    ids=lambda v: " ".join(v)[:60] if isinstance(v, tuple) else None,
)
def test_what_is_wrong_is_told_with_its_codes_and_nothing_changes(
    office: Terminal, call: tuple[str, ...], code: int, told: set[str]
) -> None:
    before = _kept(office)

    chinese, english = office.run(*call), office.run(*call, lang="en")

    for result in (chinese, english):
        assert result.exit_code == code, result.output
        assert told <= {word for word in result.stderr.split() if word.startswith("FL")}
    assert "处理：" in chinese.stderr or call[0] == "--lang"
    assert "Do: " in english.stderr or call[0] == "--lang"
    assert "?" not in chinese.stderr
    assert _kept(office) == before


@pytest.mark.parametrize("call", [("status", "nosuch"), instead((*GIFT, *SAID), "--maker", "S99")])
def test_what_is_wrong_is_told_as_json_where_json_is_asked_for(
    office: Terminal, call: tuple[str, ...]
) -> None:
    result = office.run(*call, "--format", "json")

    assert result.exit_code in {1, 2}
    assert result.stderr == ""
    assert '"code": "FL' in result.stdout


def _kept(office: Terminal) -> dict[str, bytes]:
    """Return all that is proof; the index and the lock are not."""
    return {name: data for name, data in office.bytes().items() if ".state" not in name}


def _row(**changes: object) -> list[tuple[Any, ...]]:
    said = ("day", "text", "event", "amount", "line", "source", "papers")
    names = (*said, "maker", "reviewer", "cashier")
    return [GOOD[0], tuple({**dict(zip(names, GOOD[1], strict=True)), **changes}.values()), GOOD[2]]


# One changed cell of the second row of three: the code, and the cell that is named.
CELLS: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"day": "2026-02-30"}, "FL903", "A3"),
    ({"day": "03/05/2026"}, "FL903", "A3"),
    ({"day": ""}, "FL935", "A3"),
    ({"day": "2026-03-05 10:30"}, "FL937", "A3"),
    ({"day": True}, "FL903", "A3"),
    ({"text": ""}, "FL935", "B3"),
    ({"text": 12.0}, "FL937", "B3"),
    ({"text": "一\n笔"}, "FL937", "B3"),
    ({"event": "gift"}, "FL936", "C3"),
    ({"event": ""}, "FL935", "C3"),
    ({"event": 7}, "FL936", "C3"),
    ({"amount": "1,000.00"}, "FL901", "D3"),
    ({"amount": "壹佰元整"}, "FL901", "D3"),
    ({"amount": 0.105}, "FL901", "D3"),
    ({"amount": 100.0000000000001}, "FL901", "D3"),
    ({"amount": 1e15}, "FL901", "D3"),
    ({"amount": "0.00"}, "FL928", "D3"),
    ({"amount": -5.0}, "FL928", "D3"),
    ({"amount": True}, "FL901", "D3"),
    ({"amount": "=1+1"}, "FL937", "D3"),
    ({"line": "CASC:Nosuch"}, "FL923", "E3"),
    ({"line": ""}, "FL926", "E3"),
    ({"source": "District"}, "FL925", "F3"),
    ({"papers": "two"}, "FL930", "G3"),
    ({"papers": 1.5}, "FL930", "G3"),
    ({"maker": ""}, "FL935", "H3"),
    ({"reviewer": 3}, "FL937", "I3"),
)


@pytest.mark.parametrize(("changes", "code", "cell"), CELLS, ids=str)
def test_a_bad_cell_is_named_and_nothing_of_the_table_recorded(
    office: Terminal, tmp_path: Path, changes: dict[str, Any], code: str, cell: str
) -> None:
    path = write_xlsx(tmp_path / "表.xlsx", _row(**changes))
    before = office.bytes()

    found = office.json("record", "dibao", "--from", str(path), code=1)

    assert [(f["code"], f["subject"].split(" [")[0]) for f in found["findings"]] == [
        (code, f"表.xlsx {cell}")
    ]
    assert office.bytes() == before


def test_every_bad_row_is_named_at_once(office: Terminal, tmp_path: Path) -> None:
    rows = [_row(**changes)[1] for changes, *_ in CELLS if changes != {"amount": "=1+1"}]
    path = write_xlsx(tmp_path / "表.xlsx", rows)

    found = office.json("record", "dibao", "--from", str(path), code=1)

    named = {int(f["subject"].split(" [")[0].split()[1][1:]) for f in found["findings"]}
    assert named == set(range(2, 2 + len(rows)))


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        (("", "1.00"), "FL935", "A2"),
        (("CASC:Dibao", ""), "FL935", "B2"),
        (("CASC:Nosuch", "1.00"), "FL923", "A2"),
        (("CASC:Dibao", "1元"), "FL901", "B2"),
        (("CASC:Dibao", "-1.00"), "FL928", "B2"),
        ((3.0, "1.00"), "FL937", "A2"),
    ],
)
def test_a_bad_cell_of_a_budget_is_named(
    office: Terminal, tmp_path: Path, row: tuple[Any, ...], code: str, cell: str
) -> None:
    path = write_xlsx(tmp_path / "批复.xlsx", [row], ("部门类别", "金额"))
    before = office.bytes()

    found = office.json(
        "budget", "adopt", "dibao", "--from", str(path), "--date", "2026-04-01", *PAPERS, code=1
    )

    assert [(f["code"], f["subject"].split(" [")[0]) for f in found["findings"]] == [
        (code, f"批复.xlsx {cell}")
    ]
    assert office.bytes() == before


def _macro(path: Path) -> None:
    write_xlsx(path, GOOD)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")


def _bomb(path: Path) -> None:
    write_xlsx(path, GOOD)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros", bytes(50_000_000))


def _two_sheets(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name in ("一", "二"):
            sheet = book.add_worksheet(name)
            for column, word in enumerate(HEAD):
                sheet.write_string(0, column, word)


FILES: tuple[tuple[str, Callable[[Path], object], set[str]], ...] = (
    ("empty.csv", lambda path: path.write_bytes(b""), {"FL933"}),
    ("words.csv", lambda path: path.write_text("甲,乙\n1,2\n", "utf-8"), {"FL933"}),
    ("head.csv", lambda path: write_csv(path, []), {"FL939"}),
    ("short.csv", lambda path: write_csv(path, [], ("日期", "摘要", "业务")), {"FL933"}),
    ("twice.csv", lambda path: write_csv(path, GOOD, (*HEAD[:-1], "日期")), {"FL934"}),
    ("strange.csv", lambda path: write_csv(path, GOOD, (*HEAD[:-1], "心情")), {"FL934"}),
    ("latin.csv", lambda path: path.write_bytes(b"\xff\xff\xff\xff"), {"FL949"}),
    ("zeros.csv", lambda path: path.write_bytes(bytes(100)), {"FL949"}),
    ("large.csv", lambda path: path.write_bytes(b"x" * 6_000_000), {"FL940"}),
    ("long.csv", lambda path: write_csv(path, [GOOD[2]] * 5_001), {"FL940"}),
    (
        "keys.csv",
        lambda path: write_csv(path, [(*r, str(n)) for n, r in enumerate(GOOD)], (*HEAD, "键")),
        {"FL938"},
    ),
    ("cut.xlsx", lambda path: path.write_bytes(b"PK\x03\x04" + b"x" * 50), {"FL949"}),
    ("macro.xlsx", _macro, {"FL949"}),
    ("bomb.xlsx", _bomb, {"FL949"}),
    ("two.xlsx", _two_sheets, {"FL949"}),
    ("pipe.xlsx", os.mkfifo, {"FL927"}),
)


@pytest.mark.parametrize(("name", "make", "codes"), FILES, ids=[name for name, *_ in FILES])
def test_a_file_that_is_no_table_of_vouchers_is_refused(
    office: Terminal, tmp_path: Path, name: str, make: Callable[[Path], object], codes: set[str]
) -> None:
    path = tmp_path / name
    make(path)
    before = office.bytes()

    found = office.json("record", "dibao", "--from", str(path), code=1)

    assert {finding["code"] for finding in found["findings"]} == codes
    for finding in found["findings"]:
        form = "fundledger record --template" in finding["remedy_en"]
        assert form is (finding["code"] in {"FL933", "FL949"})
    assert office.bytes() == before


def test_a_day_of_the_spreadsheet_with_a_time_is_refused(office: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        shape = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for column, word in enumerate(HEAD):
            sheet.write_string(0, column, word)
        sheet.write_datetime(1, 0, datetime(2026, 3, 5, 10, 30), shape)  # noqa: DTZ001 - a cell
        for column, cell in enumerate(("手续费", "bank-fee", "0.10", "", "", "1", "S03", "S01"), 1):
            sheet.write_string(1, column, cell)

    found = office.json("record", "dibao", "--from", str(path), code=1)

    assert [finding["code"] for finding in found["findings"]] == ["FL937"]
