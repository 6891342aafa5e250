"""Answers as text that do not hold are refused, each by its code and place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fundledger.bankfile import Sent, SentLine, read_results
from support.answers import (
    SENT,
    Told,
    bank,
    told,
)
from support.honest_bank import PAYER, account_of, line_of


def without(text: str, begin: str) -> str:
    """Return a text without the line that begins so."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(begin))


PIPED = (
    f"PB-2026-11-001|{PAYER}|2|1510.05|20261127\r\n"
    f"1|{account_of(0)}|某甲|1510.00|1510.00|S||20261128|{line_of(0)}\r\n"
    f"2|{account_of(1)}|某乙|0.05|0.00|F|户名不符|20261128|{line_of(1)}\r\n"
    "合计|2|1510.05\r\n"
)
FIXED = (
    "PB-2026-11-001".ljust(35) + "00000002"
    "00000001"
    "000000000151000"
    "20261127\n"
    "00000001" + account_of(0).ljust(32) + "000000000151000"
    "00" + " " * 40 + "\n"
    "00000002" + account_of(1).ljust(32) + "000000000000005"
    "01" + "E102".ljust(40) + "\n"
)
TEXTS: tuple[tuple[str, str, Callable[[str], str | bytes], list[Told]], ...] = (
    ("empty", "pipe-text", lambda _: "", [("FL939", "")]),
    ("no end", "pipe-text", lambda t: t[:-2], [("FL773", "")]),
    ("no total", "pipe-text", lambda t: t[: t.index("合计")], [("FL773", "")]),
    ("head alone", "pipe-text", lambda t: t.split("\n", 1)[0] + "\n", [("FL773", "")]),
    ("no rows", "pipe-text", lambda t: t.split("\n", 1)[0] + "\n合计|0|0.00\r\n",
     [("FL939", "")]),
    ("cut in the middle", "pipe-text", lambda t: t[: t.index("户名")] + "\n", [("FL773", "")]),
    ("a cell too many", "pipe-text", lambda t: t.replace("某甲", "某|甲"), [("FL772", "[2]")]),
    ("a cell too few", "pipe-text", lambda t: t.replace("|S|", "|"), [("FL772", "[2]")]),
    ("an empty line", "pipe-text", lambda t: t.replace("\n2|", "\n\r\n2|"), [("FL772", "[3]")]),
    ("a head too short", "pipe-text", lambda t: t.replace(f"{PAYER}|", ""), [("FL772", "[1]")]),
    ("in UTF-8", "pipe-text", lambda t: t.encode(), [("FL773", "")]),
    ("not in GB18030", "pipe-text", lambda t: t.encode("gb18030").replace(b"1510.00|S", b"\xff|S"),
     [("FL771", "[2]")]),
    ("another batch", "pipe-text", lambda t: t.replace("11-001", "11-002"),
     [("FL783", "A1 [批次号]")]),
    ("another payer", "pipe-text", lambda t: t.replace(PAYER, PAYER[:-1] + "2"),
     [("FL783", "B1 [付款账号]")]),
    ("count in the head", "pipe-text", lambda t: t.replace("|2|1510.05|", "|3|1510.05|"),
     [("FL782", "C1 [总笔数]")]),
    ("sum in the head", "pipe-text", lambda t: t.replace("|1510.05|2", "|1510.06|2"),
     [("FL782", "D1 [总金额]")]),
    ("count in the total", "pipe-text", lambda t: t.replace("合计|2", "合计|3"),
     [("FL782", "B4 [合计]")]),
    ("sum in the total", "pipe-text", lambda t: t.replace("2|1510.05\r", "2|1510.50\r"),
     [("FL782", "C4 [合计]")]),
    ("a day before", "pipe-text", lambda t: t.replace("|20261127", "|20261126"),
     [("FL780", "E1 [日期]")]),
    ("a row left out", "pipe-text", lambda t: without(t, "2|"),
     [("FL782", "C1 [总笔数]"), ("FL782", "D1 [总金额]"), ("FL782", "B3 [合计]"),
      ("FL782", "C3 [合计]")]),
    ("fixed: a short line", "fixed-fen", lambda t: t[:-2] + "\n", [("FL772", "[3]")]),
    ("fixed: torn", "fixed-fen", lambda t: t[:-9], [("FL773", "")]),
    ("fixed: half a sign", "fixed-fen", lambda t: t.encode("gb18030")[:-2] + b"\xb3\n",
     [("FL771", "[3]")]),
    ("fixed: other amount", "fixed-fen",
     lambda t: t.replace("00000000015100000 ", "00000000015100100 "),
     [("FL777", "C2 [金额]")]),
    ("fixed: no such account", "fixed-fen", lambda t: t.replace(account_of(0), account_of(8)),
     [("FL774", "B2 [账号]")]),
    ("fixed: status", "fixed-fen",
     lambda t: t.replace("00000000015100000 ", "00000000015100099 "),
     [("FL779", "D2 [状态]")]),
    ("fixed: amount in yuan", "fixed-fen",
     lambda t: t.replace("00000000000000501", "00000000000.05001"),
     [("FL787", "C3 [金额]")]),
    ("fixed: paid sum", "fixed-fen",
     lambda t: t.replace("0000000001510002026", "0000000001510012026"),
     [("FL782", "D1 [成功金额]")]),
)  # fmt: skip


@pytest.mark.parametrize(("name", "change", "expected"), [case[1:] for case in TEXTS],
                         ids=[case[0] for case in TEXTS])  # fmt: skip
def test_a_text_that_does_not_hold_is_refused(
    tmp_path: Path, name: str, change: Callable[[str], str | bytes], expected: list[Told]
) -> None:
    path = tmp_path / "回盘.txt"
    changed = change(PIPED if name == "pipe-text" else FIXED)
    path.write_bytes(changed if isinstance(changed, bytes) else changed.encode("gb18030"))

    assert told(path, bank(name)) == expected


@pytest.mark.parametrize(("name", "text"), [("pipe-text", PIPED), ("fixed-fen", FIXED)])
def test_the_texts_that_are_spoiled_hold_as_they_are(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / "回盘.txt"
    path.write_bytes(text.encode("gb18030"))

    found = read_results(path, bank(name), SENT)
    assert [(r.line, r.outcome, r.amount_fen, r.reason) for r in found.results] == [
        (line_of(0), "paid", 151000, None),
        (line_of(1), "failed", 0, "BE01"),
    ]


def test_a_text_with_headings_is_read_by_them(tmp_path: Path) -> None:
    """Labels stand above, the columns in an order of their own, and one is not asked for."""
    result = bank("pipe-text").result.model_copy(
        update={
            "encoding": "utf-8",
            "separator": "tab",
            "headings": True,
            "head_as": "pairs",
            "head": bank("pipe-text").result.head[:1],
        }
    )
    profile = bank("pipe-text").model_copy(update={"result": result})
    lines = (
        "批次号\tPB-2026-11-001",
        "附言\t网点\t状态\t交易日期\t账号\t应发金额\t实发金额\t失败原因",
        f"{line_of(0)}\t东路\tS\t20261128\t{account_of(0)}\t1,510.00\t1510\t",
        "合计\t1\t1510.00",
    )
    path = tmp_path / "回盘.txt"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8-sig"))

    found = read_results(path, profile, SENT)
    assert [(r.line, r.outcome, r.amount_fen) for r in found.results] == [
        (line_of(0), "paid", 151000)
    ]
    assert found.aside == ("B",)
    other = "".join(f"{line}\n" for line in lines).replace("11-001", "11-002")
    path.write_text(other, encoding="utf-8")
    assert told(path, profile) == [("FL783", "B1 [批次号]")]
    path.write_text("\n".join(lines[1:]).replace("合计", "x\n合计") + "\n", encoding="utf-8")
    assert [code for code, _ in told(path, profile)] == ["FL772"]


def test_a_row_that_two_lines_fit_is_not_given_to_either(tmp_path: Path) -> None:
    """Two people are paid the same into one account, and the bank says no line id."""
    lines = (*SENT.lines, SentLine(line_of(5), account_of(0), 151000))
    sent = Sent(SENT.batch, SENT.payer_account, SENT.on, lines)
    path = tmp_path / "回盘.txt"
    path.write_bytes(FIXED.encode("gb18030"))

    assert told(path, bank("fixed-fen"), sent) == [("FL775", "[2]")]


def test_a_masked_account_ties_where_exactly_one_fits(tmp_path: Path) -> None:
    path = tmp_path / "回盘.txt"
    path.write_bytes(FIXED.replace(account_of(0), "622202*********0000").encode("gb18030"))

    assert [r.line for r in read_results(path, bank("fixed-fen"), SENT).results] == [
        line_of(0),
        line_of(1),
    ]
