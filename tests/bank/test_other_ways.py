"""What banks say in other ways: accounts in groups, red ink, months as periods, running sums."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fundledger.bank import Statement, read_statement
from support.statements import (
    ACCOUNT,
    HEAD,
    LINES,
    TABLE,
    moves,
    text_file,
    xlsx_file,
)


def is_whole(statement: Statement) -> bool:
    return statement.account == ACCOUNT and moves(statement) == [
        ("in", 100000, 150000),
        ("out", 20000, 130000),
        ("in", 55, 130055),
    ]


GROUPS = "3100 0000 0000 0000 101"


@pytest.mark.parametrize(
    "cells",
    [
        (f"账号：{GROUPS}",),
        (f"账　　号： {GROUPS}　户名：示例基金",),
        ("账号：" + GROUPS.replace(" ", "-"),),
        ("账号：" + GROUPS.replace(" ", "\u00a0"),),
        ("账号", GROUPS),
        ("账号：", GROUPS.replace(" ", "-")),
        ("账号", GROUPS.replace(" ", "\u00a0")),
        (f"账号：{GROUPS} 2026-03-01至2026-03-31",),
        (f"账号：{GROUPS} 2026年3月",),
        (f"账号：{GROUPS} 20260301-20260331",),
        (f"账号：{ACCOUNT} 0000 查询期间：20260301-20260331",),
    ],
)
def test_an_account_may_stand_in_groups_of_digits(tmp_path: Path, cells: tuple[str, ...]) -> None:
    assert read_statement(xlsx_file(tmp_path, (cells, *TABLE[1:]))).account == ACCOUNT


def test_an_account_in_groups_and_whole_is_one_account(tmp_path: Path) -> None:
    rows = (
        (f"账号：{GROUPS}",),
        (*HEAD, "本方账号"),
        *(
            (*line, account)
            for line, account in zip(
                LINES,
                (
                    ACCOUNT,
                    GROUPS,
                    "",
                ),
                strict=True,
            )
        ),
    )
    assert is_whole(read_statement(xlsx_file(tmp_path, rows)))


def test_groups_of_digits_behind_another_label_stay_as_they_are(tmp_path: Path) -> None:
    rows = ((f"账号：{ACCOUNT}", "期初余额：500 00"), *TABLE[1:])
    assert is_whole(read_statement(xlsx_file(tmp_path, rows)))


RED = (
    ("2026-03-02", "30.00", "", "70.00"),
    ("2026-03-03", "", "5.00", "75.00"),
    ("2026-03-04", "-30.00", "", "105.00"),
)


@pytest.mark.parametrize(("out", "into"), [("30.00", "5.00"), ("0.00", "5.00"), ("", "5.00")])
def test_totals_are_the_gross_or_the_net_of_red_ink(tmp_path: Path, out: str, into: str) -> None:
    rows = (HEAD[:4], *RED, ("合计", out, into))
    statement = read_statement(text_file(tmp_path, rows))
    assert [line.red for line in statement.lines] == [False, False, True]


def test_red_ink_is_a_negative_figure_under_a_direction(tmp_path: Path) -> None:
    head = ("交易日期", "借贷", "交易金额", "余额")
    lines = (("20260302", "借", "30.00", "70.00"), ("20260303", "借", "-30.00", "100.00"))
    statement = read_statement(text_file(tmp_path, (head, *lines)))
    assert [(line.signed_fen, line.red) for line in statement.lines] == [
        (-3000, False),
        (3000, True),
    ]


def test_a_signed_amount_is_no_red_ink(tmp_path: Path) -> None:
    head = ("交易日期", "交易摘要", "交易金额", "本次余额")
    lines = (("20260302", "工资", "+10.00", "10.00"), ("20260303", "支", "-4.50", "5.50"))
    statement = read_statement(text_file(tmp_path, (head, *lines)))
    assert [line.red for line in statement.lines] == [False, False]


@pytest.mark.parametrize(
    ("out", "into"),
    [
        ("借方发生额（支出）", "贷方发生额（收入）"),
        ("借方发生额(支取)", "贷方发生额(存入)"),
        ("借方金额（支出）（元）", "贷方金额（收入）（元）"),
        ("借方（支出）", "贷方（收入）"),
        ("支出（借方）", "收入（贷方）"),
    ],
)
def test_the_banks_debit_may_say_in_brackets_that_it_is_money_out(
    tmp_path: Path, out: str, into: str
) -> None:
    head = ("交易日期", out, into, *HEAD[3:])
    assert is_whole(read_statement(text_file(tmp_path, (TABLE[0], head, *LINES))))


@pytest.mark.parametrize(
    "cells",
    [
        ("起止日期：2026年3月",),
        ("起止日期", "2026年03月"),
        ("查询期间：2026年3月份 币种：人民币",),
        ("起止日期：", "2026-03", "打印日期", "2026-04-01"),
        ("对账期间", "2026/03"),
    ],
)
def test_a_period_may_be_a_month(tmp_path: Path, cells: tuple[str, ...]) -> None:
    statement = read_statement(xlsx_file(tmp_path, (("账号", ACCOUNT), cells, *TABLE[1:])))
    assert (statement.start, statement.end) == (date(2026, 3, 1), date(2026, 3, 31))
    assert statement.stated_period


def test_a_month_has_the_days_of_its_year(tmp_path: Path) -> None:
    line = ("2024-02-29", "", "7.00", "7.00")
    statement = read_statement(text_file(tmp_path, (("起止日期：2024年2月",), HEAD[:4], line)))
    assert (statement.start, statement.end) == (date(2024, 2, 1), date(2024, 2, 29))


@pytest.mark.parametrize(
    "row",
    [
        ("本月累计", "200.00", "1000.55", "1300.55"),
        ("", "200.00", "1000.55", "1300.55", "", "", "本月累计"),
        ("", "900.00", "2000.00", "", "", "", "本年累计："),
        ("", "", "1000.55", "", "", "", "本 月 累 计"),
        ("2026-03-21", "200.00", "1000.55", "1300.55", "", "", "本月合计"),
        ("2026-03-31", "200.00", "0.00", "1300.55", "", "", "本年累计"),
    ],
)
def test_what_was_cumulated_is_no_line(tmp_path: Path, row: tuple[str, ...]) -> None:
    assert is_whole(read_statement(text_file(tmp_path, (*TABLE, row))))


def test_what_was_cumulated_may_stand_between_the_lines(tmp_path: Path) -> None:
    rows = (
        ("", "0.00", "1000.00", "", "", "", "本年累计"),
        ("2026-03-02", "0.00", "1000.00", "1500.00", "", "", "本月累计"),
    )
    assert is_whole(read_statement(text_file(tmp_path, (*TABLE[:3], *rows, *TABLE[3:]))))


def test_a_line_that_speaks_of_what_was_cumulated_is_one(tmp_path: Path) -> None:
    lines = (
        ("2026-03-02", "0.00", "7.00", "7.00", "", "", "本月累计利息"),
        ("2026-03-03", "0.00", "2.00", "9.00", "", "", "本月累计"),
    )
    statement = read_statement(text_file(tmp_path, (HEAD[:7], *lines)))
    assert moves(statement) == [("in", 700, 700), ("in", 200, 900)]
    turned = read_statement(text_file(tmp_path, (HEAD[:7], *reversed(lines))))
    assert moves(turned) == moves(statement)
