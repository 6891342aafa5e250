"""Rows of an answer that do not hold are refused, each by its code and place; nobody is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fundledger.bankfile import read_results
from support.answers import (
    FAILED,
    HEAD,
    PAID,
    SENT,
    Cells,
    Told,
    bank,
    table,
    told,
    xlsx,
)
from support.honest_bank import account_of, line_of

ROWS: tuple[tuple[str, tuple[Cells, ...], list[Told]], ...] = (
    ("line of another batch", ({**PAID, "附言": line_of(9)},), [("FL774", "H3 [附言]")]),
    ("no line", ({**PAID, "附言": ""},), [("FL774", "H3 [附言]")]),
    ("memo without a line", ({**PAID, "附言": "低保"},), [("FL774", "H3 [附言]")]),
    ("two lines in a memo", ({**PAID, "附言": f"{line_of(0)} {line_of(1)}"},),
     [("FL774", "H3 [附言]")]),
    ("a line cut short", ({**PAID, "附言": line_of(0)[:-1]},), [("FL774", "H3 [附言]")]),
    ("a line with more behind it", ({**PAID, "附言": f"{line_of(0)}A"},),
     [("FL774", "H3 [附言]")]),
    ("a reissue that was not sent", ({**PAID, "附言": f"{line_of(0)}-1"},),
     [("FL774", "H3 [附言]")]),
    ("a line in small letters", ({**PAID, "附言": line_of(0).lower()},),
     [("FL774", "H3 [附言]")]),
    ("the memo is a number", ({**PAID, "附言": 12},), [("FL774", "H3 [附言]")]),
    ("row twice", (PAID, PAID), [("FL776", "[4]")]),
    ("row three times", (PAID, FAILED, PAID, PAID), [("FL776", "[5]"), ("FL776", "[6]")]),
    ("paid less", ({**PAID, "实发金额": "1509.99"},), [("FL777", "D3 [实发金额]")]),
    ("paid more", ({**PAID, "实发金额": "1510.01"},), [("FL777", "D3 [实发金额]")]),
    ("other amount", ({**PAID, "应发金额": "1510.01", "实发金额": "1510.01"},),
     [("FL777", "C3 [应发金额]"), ("FL777", "D3 [实发金额]")]),
    ("the amount in fen", ({**PAID, "应发金额": "151000"},), [("FL777", "C3 [应发金额]")]),
    ("failed with an amount", ({**FAILED, "实发金额": "0.05"},), [("FL778", "D3 [实发金额]")]),
    ("in work with an amount", ({**PAID, "状态": "处理中"},), [("FL778", "D3 [实发金额]")]),
    ("paid with zero", ({**PAID, "实发金额": "0.00"},), [("FL778", "D3 [实发金额]")]),
    ("paid with nothing", ({**PAID, "实发金额": ""},), [("FL778", "D3 [实发金额]")]),
    ("unknown status", ({**PAID, "状态": "部分成功"},), [("FL779", "E3 [状态]")]),
    ("no status", ({**PAID, "状态": ""},), [("FL779", "E3 [状态]")]),
    ("a status that is true", ({**PAID, "状态": 1},), [("FL779", "E3 [状态]")]),
    ("no day", ({**PAID, "交易日期": ""},), [("FL780", "G3 [交易日期]")]),
    ("failed on no day", ({**FAILED, "交易日期": ""},), [("FL780", "G3 [交易日期]")]),
    ("a day that is none", ({**PAID, "交易日期": "2026-11-31"},), [("FL780", "G3 [交易日期]")]),
    ("a day in words", ({**PAID, "交易日期": "昨日"},), [("FL780", "G3 [交易日期]")]),
    ("a spreadsheet's bare number", ({**PAID, "交易日期": 46354},),
     [("FL780", "G3 [交易日期]")]),
    ("before the sending", ({**PAID, "交易日期": "2026-11-26"},), [("FL780", "G3 [交易日期]")]),
    ("before the sending, in work", ({**PAID, "状态": "处理中", "实发金额": "",
                                      "交易日期": "2026-11-26"},),
     [("FL780", "G3 [交易日期]")]),
    ("the account as a number", ({**PAID, "收款账号": 6222020000000000000},),
     [("FL781", "A3 [收款账号]")]),
    ("a short account as a number", ({**PAID, "收款账号": 62220200},),
     [("FL781", "A3 [收款账号]")]),
    ("another account", ({**PAID, "收款账号": account_of(1)},), [("FL781", "A3 [收款账号]")]),
    ("an account with a letter", ({**PAID, "收款账号": "622202O"},), [("FL781", "A3 [收款账号]")]),
    ("a masked account of somebody else", ({**PAID, "收款账号": "622202*********0001"},),
     [("FL781", "A3 [收款账号]")]),
    ("a masked account of another length", ({**PAID, "收款账号": "622202***0000"},),
     [("FL781", "A3 [收款账号]")]),
    ("no amount", ({**PAID, "应发金额": ""},), [("FL787", "C3 [应发金额]")]),
    ("an amount in words", ({**PAID, "应发金额": "壹仟伍佰壹拾元整"},),
     [("FL787", "C3 [应发金额]")]),
    ("an amount with its unit", ({**PAID, "应发金额": "1510.00元"},),
     [("FL787", "C3 [应发金额]")]),
    ("an amount below zero", ({**FAILED, "实发金额": "-0.05"},), [("FL787", "D3 [实发金额]")]),
    ("three decimals", ({**PAID, "实发金额": "1510.001"},), [("FL787", "D3 [实发金额]")]),
    ("a number that is no fen", ({**PAID, "实发金额": 1510.001},), [("FL787", "D3 [实发金额]")]),
    ("full-width digits", ({**PAID, "实发金额": "１５１０.００"},), [("FL787", "D3 [实发金额]")]),
    ("an exponent", ({**PAID, "实发金额": "1.51E3"},), [("FL787", "D3 [实发金额]")]),
    ("an amount that is a day", ({**PAID, "应发金额": date(2026, 11, 28)},),
     [("FL787", "C3 [应发金额]")]),
    ("all that is wrong in all rows", ({**PAID, "状态": "?"}, {**FAILED, "交易日期": ""}),
     [("FL779", "E3 [状态]"), ("FL780", "G4 [交易日期]")]),
    ("all that is wrong in one row", ({**PAID, "状态": "?", "应发金额": "x", "附言": ""},),
     [("FL774", "H3 [附言]"), ("FL787", "C3 [应发金额]"), ("FL779", "E3 [状态]")]),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), [case[1:] for case in ROWS],
                         ids=[case[0] for case in ROWS])  # fmt: skip
def test_a_row_that_does_not_hold_is_refused(
    tmp_path: Path, rows: tuple[Cells, ...], expected: list[Told]
) -> None:
    assert told(xlsx(tmp_path, table(*rows)), bank("generic")) == expected


FILES: tuple[tuple[str, list[list[object]], list[Told]], ...] = (
    ("another batch", table(PAID, head=[("批次号", "PB-2026-11-002")]), [("FL783", "B1 [批次号]")]),
    ("another batch in one cell", table(PAID, head=[("批次号：PB-2026-11-002",)]),
     [("FL783", "A1 [批次号]")]),
    ("another payer", table(PAID, head=[("付款账号", account_of(7))]),
     [("FL783", "B1 [付款账号]")]),
    ("the payer as a number", table(PAID, head=[("付款账号", 31000000)]),
     [("FL781", "B1 [付款账号]")]),
    ("count that differs", table(PAID, FAILED, head=[("总笔数", "3")]), [("FL782", "B1 [总笔数]")]),
    ("count that is none", table(PAID, head=[("总笔数", "一")]), [("FL782", "B1 [总笔数]")]),
    ("count and a half", table(PAID, head=[("总笔数", 1.5)]), [("FL782", "B1 [总笔数]")]),
    ("sum that differs", table(PAID, FAILED, head=[("总金额", "1510.06")]),
     [("FL782", "B1 [总金额]")]),
    ("count of paid", table(PAID, FAILED, head=[("成功笔数", 2)]), [("FL782", "B1 [成功笔数]")]),
    ("sum of paid", table(PAID, FAILED, head=[("成功金额", 1510.05)]),
     [("FL782", "B1 [成功金额]")]),
    ("count of failed", table(PAID, FAILED, head=[("失败笔数", "0")]),
     [("FL782", "B1 [失败笔数]")]),
    ("sum of failed", table(PAID, FAILED, head=[("失败金额", "0.00")]),
     [("FL782", "B1 [失败金额]")]),
    (
        "a label without its value",
        table(PAID, head=[("批次号", "", "总笔数", "2")]),
        [("FL782", "D1 [总笔数]")],
    ),
    ("no rows", table(), [("FL939", "")]),
    ("no headings", [["甲", "乙"], ["1", "2"]], [("FL789", "")]),
    ("no column of status",
     [["应发金额", "交易日期", "附言"], ["1510.00", "2026-11-28", line_of(0)]], [("FL789", "")]),
    ("a heading twice", [[*HEAD, "状态"], [*PAID.values(), "失败"]], [("FL789", "I1")]),
    ("rows above the headings", [list(PAID.values()), *table(FAILED)[1:]], [("FL949", "")]),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), [case[1:] for case in FILES],
                         ids=[case[0] for case in FILES])  # fmt: skip
def test_a_table_that_does_not_hold_is_refused(
    tmp_path: Path, rows: list[list[object]], expected: list[Told]
) -> None:
    assert told(xlsx(tmp_path, rows), bank("generic")) == expected


def test_a_column_that_was_left_aside_is_told_by_its_letter(tmp_path: Path) -> None:
    rows = [[*row, "某甲"] for row in table(PAID)]

    assert read_results(xlsx(tmp_path, rows), bank("generic"), SENT).aside == ("I",)


PLATFORM = ("XPayDate", "XAgentBusinessNo", "XPayeeAcctNo", "XPayeeAcctName", "XPayAmt", "XAddWord")
NATIONAL: tuple[tuple[str, tuple[object, ...], list[Told]], ...] = (
    ("paid in part", ("20261128", line_of(0), account_of(0), "某甲", "1500.00", ""),
     [("FL777", "E2 [xpayamt]")]),
    ("no amount", ("20261128", line_of(0), account_of(0), "某甲", "", ""),
     [("FL787", "E2 [xpayamt]")]),
    ("another account", ("20261128", line_of(0), account_of(2), "某甲", "0.00", "已销户"),
     [("FL781", "C2 [xpayeeacctno]")]),
    ("no day", ("", line_of(0), account_of(0), "某甲", "0.00", "已销户"),
     [("FL780", "A2 [xpaydate]")]),
)  # fmt: skip


@pytest.mark.parametrize(("row", "expected"), [case[1:] for case in NATIONAL],
                         ids=[case[0] for case in NATIONAL])  # fmt: skip
def test_the_national_form_is_refused_where_it_does_not_hold(
    tmp_path: Path, row: tuple[object, ...], expected: list[Told]
) -> None:
    assert told(xlsx(tmp_path, [PLATFORM, row]), bank("sh-platform")) == expected


def test_what_failed_in_the_national_form_has_no_amount_and_its_reason(tmp_path: Path) -> None:
    row = ("20261128", line_of(0), account_of(0), "某甲", "0.00", "账户已销户，请核实")

    (result,) = read_results(xlsx(tmp_path, [PLATFORM, row]), bank("sh-platform"), SENT).results
    assert (result.outcome, result.amount_fen, result.reason) == ("failed", 0, "AC04")
    assert result.text == "账户已销户"
