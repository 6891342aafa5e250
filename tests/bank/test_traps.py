"""What banks do to a statement, and that it is read all the same, exactly."""

from __future__ import annotations

import struct
from datetime import date, datetime, time
from pathlib import Path

import pytest

from fundledger.bank import Statement, read_statement
from support.statements import (
    ACCOUNT,
    HEAD,
    LINES,
    TABLE,
    biff,
    compound,
    moves,
    text_file,
    xls_bytes,
    xlsx_bytes,
    xlsx_file,
)

EXPECTED = [("in", 100000, 150000), ("out", 20000, 130000), ("in", 55, 130055)]


def is_whole(statement: Statement) -> bool:
    return (
        moves(statement) == EXPECTED
        and (statement.opening_fen, statement.closing_fen) == (50000, 130055)
        and (statement.start, statement.end) == (date(2026, 3, 2), date(2026, 3, 21))
        and statement.account == ACCOUNT
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sep", [",", "\t", "|", ";"])
def test_text_is_read_in_every_encoding_and_with_every_separator(
    tmp_path: Path, encoding: str, sep: str
) -> None:
    assert is_whole(read_statement(text_file(tmp_path, TABLE, encoding=encoding, sep=sep)))


def test_an_encoding_that_is_said_is_taken(tmp_path: Path) -> None:
    path = text_file(tmp_path, TABLE, encoding="utf-16-le")
    assert is_whole(read_statement(path, encoding="utf-16-le"))


def test_xlsx_and_xls_are_read(tmp_path: Path) -> None:
    assert is_whole(read_statement(xlsx_file(tmp_path, TABLE)))
    path = tmp_path / "statement.xls"
    path.write_bytes(xls_bytes(TABLE))
    assert is_whole(read_statement(path))


def test_small_and_large_xls_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "statement.xls"
    path.write_bytes(compound({"Workbook": biff(TABLE)}, small=True))
    assert is_whole(read_statement(path))
    path.write_bytes(compound({"Workbook": biff(TABLE), "Other": bytes(8 * 1024 * 1024)}))
    assert is_whole(read_statement(path))


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = text_file(tmp_path, TABLE, encoding="gb18030", sep="\t").rename(tmp_path / "ccb.xls")
    assert is_whole(read_statement(path))


def test_a_link_to_a_statement_is_followed(tmp_path: Path) -> None:
    link = tmp_path / "march.csv"
    link.symlink_to(text_file(tmp_path, TABLE))
    assert is_whole(read_statement(link))


def test_cells_written_as_text_formulas_and_padded_with_tabs_are_unwrapped(tmp_path: Path) -> None:
    rows = [[f'="{cell}"\t' if cell else "\t" for cell in row] for row in TABLE]
    assert is_whole(read_statement(text_file(tmp_path, rows)))


def test_a_leading_apostrophe_is_no_part_of_an_account(tmp_path: Path) -> None:
    rows = (("账号", f"'{ACCOUNT}"), *TABLE[1:])
    assert is_whole(read_statement(text_file(tmp_path, rows)))


def test_a_dash_is_an_empty_cell_and_a_trailing_comma_nothing(tmp_path: Path) -> None:
    rows = [[cell or "-" for cell in row] + [""] for row in TABLE]
    assert is_whole(read_statement(text_file(tmp_path, rows)))


def test_missing_trailing_cells_are_empty(tmp_path: Path) -> None:
    rows = (*TABLE[:2], *(line[:4] for line in LINES))
    assert is_whole(read_statement(text_file(tmp_path, rows)))


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u3000", "\t", "\u200b"])
def test_header_words_and_labels_may_hold_any_space(tmp_path: Path, space: str) -> None:
    head = [f"{space}{word[0]}{space}{word[1:]}{space}" for word in HEAD]
    rows = ((f"账{space}{space}号：", ACCOUNT), head, *LINES)
    assert is_whole(read_statement(xlsx_file(tmp_path, rows)))


def test_header_words_may_carry_full_width_signs_and_the_unit(tmp_path: Path) -> None:
    head = ("记账日期", "借方发生额（支取）", "贷方发生额（收入）", "余额（元）", *HEAD[4:])
    assert is_whole(read_statement(text_file(tmp_path, (TABLE[0], head, *LINES))))


def test_a_repeated_header_and_blank_rows_are_passed_over(tmp_path: Path) -> None:
    rows = (*TABLE[:3], (), HEAD, *LINES[1:])
    assert is_whole(read_statement(text_file(tmp_path, rows)))


def test_the_foot_of_the_table_is_no_line(tmp_path: Path) -> None:
    foot = (
        ("合计", "200.00", "1000.55"),
        ("以上数据仅供参考，具体内容请以柜台为准",),
        ("第1页/共1页",),
    )
    assert is_whole(
        read_statement(text_file(tmp_path, [list(r) for r in (*TABLE, *foot)], sep="\t"))
    )


def test_a_file_that_runs_backward_is_turned(tmp_path: Path) -> None:
    assert is_whole(read_statement(text_file(tmp_path, (*TABLE[:2], *reversed(LINES)))))


def test_backward_lines_of_one_day_are_turned_by_their_balance(tmp_path: Path) -> None:
    head = ("交易日期", "收入", "支出", "余额")
    lines = [("2026-03-02", "5.00", "", "12.00"), ("2026-03-02", "", "3.00", "7.00")]
    statement = read_statement(text_file(tmp_path, (head, *lines)))
    assert moves(statement) == [("out", 300, 700), ("in", 500, 1200)]
    assert (statement.opening_fen, statement.closing_fen) == (1000, 1200)


def test_the_bank_debit_is_money_out_for_us_and_its_credit_money_in(tmp_path: Path) -> None:
    head = ("交易日期", "借贷", "交易金额", "余额")
    lines = (("20260302", "借 Dr", "30.00", "70.00"), ("20260303", "贷 Cr", "5.00", "75.00"))
    statement = read_statement(text_file(tmp_path, (head, *lines)))
    assert moves(statement) == [("out", 3000, 7000), ("in", 500, 7500)]
    assert [line.signed_fen for line in statement.lines] == [-3000, 500]


def test_a_signed_amount_says_its_direction(tmp_path: Path) -> None:
    head = ("交易日期", "交易时间", "交易摘要", "交易金额", "本次余额")
    lines = (
        ("20260302", "", "工资", "+10.00", "10.00"),
        ("20260303", "101530", "支", "-4.5", "5.5"),
    )
    statement = read_statement(text_file(tmp_path, (head, *lines)))
    assert moves(statement) == [("in", 1000, 1000), ("out", 450, 550)]
    assert [line.time for line in statement.lines] == [None, time(10, 15, 30)]


def test_the_bank_red_ink_is_the_other_direction(tmp_path: Path) -> None:
    lines = (("2026-03-02", "30.00", "", "70.00"), ("2026-03-03", "-30.00", "", "100.00"))
    statement = read_statement(text_file(tmp_path, (HEAD[:4], *lines)))
    assert moves(statement) == [("out", 3000, 7000), ("in", 3000, 10000)]


def test_amounts_may_have_thousands_commas_and_trailing_zeros(tmp_path: Path) -> None:
    line = ("2026-03-02", "", "1,234,567.80", "1,234,567.800")
    statement = read_statement(text_file(tmp_path, (HEAD[:4], line), sep="\t"))
    assert moves(statement) == [("in", 123456780, 123456780)]


def test_booked_amounts_go_before_amounts_of_the_trade(tmp_path: Path) -> None:
    head = (
        "交易日期",
        "交易金额(收入)",
        "交易金额(支出)",
        "记账金额(收入)",
        "记账金额(支出)",
        "余额",
    )
    line = ("2026-03-02", "1.00", "", "7.00", "", "7.00")
    assert moves(read_statement(text_file(tmp_path, (head, line)))) == [("in", 700, 700)]


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("20260302", None),
        ("2026-03-02", None),
        ("2026/3/2", None),
        ("2026年3月2日", None),
        ("2026/03/02  14:06:51", time(14, 6, 51)),
        ("20260302 14:06:51", time(14, 6, 51)),
        ("20260302140651", time(14, 6, 51)),
        ("2026-03-02 14:06:51.0", time(14, 6, 51)),
        (date(2026, 3, 2), None),
        (datetime(2026, 3, 2, 14, 6, 51), time(14, 6, 51)),  # noqa: DTZ001 - cells have no zone
        (20260302.0, None),
    ],
)
def test_a_day_is_read_however_it_is_written(
    tmp_path: Path, cell: object, moment: time | None
) -> None:
    line = (cell, "", "7.00", "7.00")
    (read,) = read_statement(xlsx_file(tmp_path, (HEAD[:4], line))).lines
    assert (read.date, read.time) == (date(2026, 3, 2), moment)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        (time(14, 6, 51), time(14, 6, 51)),
        (datetime(2026, 3, 2, 14, 6, 51), time(14, 6, 51)),  # noqa: DTZ001 - the same
        ("20260302 14:06:51", time(14, 6, 51)),
        ("14:06", time(14, 6)),
        ("", None),
    ],
)
def test_a_time_may_stand_in_its_own_column(
    tmp_path: Path, cell: object, moment: time | None
) -> None:
    head = (*HEAD[:4], "交易时间")
    rows = (head, ("2026-03-02", "", "7.00", "7.00", cell))
    (read,) = read_statement(xlsx_file(tmp_path, rows)).lines
    assert (read.date, read.time) == (date(2026, 3, 2), moment)


@pytest.mark.parametrize("value", [1981.33, 0.1, 100.0, 99999999.99, 8123456789012.34])
def test_a_number_cell_that_is_exactly_an_amount_is_one(tmp_path: Path, value: float) -> None:
    line = ("2026-03-02", "", value, value)
    (read,) = read_statement(xlsx_file(tmp_path, (HEAD[:4], line))).lines
    assert read.amount_fen == round(value * 100)


def test_the_preamble_says_account_and_period(tmp_path: Path) -> None:
    rows = (
        ("账号", ACCOUNT, "账户类型", "专户", "日期范围", "20260301-20260331"),
        *TABLE[1:],
    )
    statement = read_statement(text_file(tmp_path, rows))
    assert (statement.start, statement.end) == (date(2026, 3, 1), date(2026, 3, 31))
    assert statement.stated_period
    assert statement.account == ACCOUNT


def test_the_preamble_may_stand_in_one_cell(tmp_path: Path) -> None:
    preamble = "币种：人民币 查询期间：20260301至20260331 金额单位：元\n"
    rows = f"{preamble}账　　号：{ACCOUNT}\n" + "\n".join(
        "\t".join(map(str, row)) for row in TABLE[1:]
    )
    statement = read_statement(text_file(tmp_path, rows))
    assert statement.account == ACCOUNT
    assert (statement.start, statement.end) == (date(2026, 3, 1), date(2026, 3, 31))


def test_the_account_may_stand_in_a_column(tmp_path: Path) -> None:
    rows = ((*HEAD, "本方账号"), *((*line, f"{ACCOUNT}\t") for line in LINES))
    assert is_whole(read_statement(text_file(tmp_path, rows)))


def test_a_masked_account_is_not_known(tmp_path: Path) -> None:
    rows = (("账号", "3100****0101"), *TABLE[1:])
    assert read_statement(text_file(tmp_path, rows)).account is None


def test_stated_balances_stand_in_for_a_missing_balance_column(tmp_path: Path) -> None:
    rows = (
        ("期初余额", "500.00", "期末余额", "1300.55"),
        HEAD[:3],
        *(line[:3] for line in reversed(LINES)),
    )
    statement = read_statement(text_file(tmp_path, rows))
    assert (statement.opening_fen, statement.closing_fen) == (50000, 130055)
    assert [line.date.day for line in statement.lines] == [2, 5, 21]


def test_opening_and_closing_rows_inside_the_table_are_no_lines(tmp_path: Path) -> None:
    rows = (
        *TABLE[:2],
        ("2026-03-01", "", "", "500.00", "", "", "承前页"),
        *LINES,
        ("2026-03-31", "", "", "1300.55", "", "", "期末余额"),
    )
    assert is_whole(read_statement(text_file(tmp_path, rows)))


def test_balances_may_stand_at_the_foot(tmp_path: Path) -> None:
    rows = (
        HEAD[:3],
        *(line[:3] for line in LINES),
        ("期初余额：", "500.00", "期末余额：", "1300.55"),
    )
    statement = read_statement(text_file(tmp_path, rows, sep="\t"))
    assert (statement.opening_fen, statement.closing_fen) == (50000, 130055)


def test_whole_numbers_of_old_workbooks_are_read(tmp_path: Path) -> None:
    """An RK record keeps 7 as an integer."""
    cells = b"".join(
        struct.pack("<HHHHHI", 0x027E, 10, 1, column, 0, 7 << 2 | 2) for column in (2, 3)
    )
    path = tmp_path / "statement.xls"
    path.write_bytes(xls_bytes((HEAD[:4], ("2026-03-02",)), extra=cells))
    assert moves(read_statement(path)) == [("in", 700, 700)]


def test_a_month_without_lines_is_a_statement_if_its_balances_are_stated(tmp_path: Path) -> None:
    rows = (
        ("账号", ACCOUNT, "日期范围", "20260401-20260430", "期初余额", "7.00", "期末余额", "7.00"),
        HEAD,
    )
    statement = read_statement(text_file(tmp_path, rows))
    assert (statement.lines, statement.opening_fen, statement.closing_fen) == ((), 700, 700)


def test_merged_cells_above_and_below_the_table_are_harmless(tmp_path: Path) -> None:
    rows = (("",), *TABLE, ("",))
    path = tmp_path / "statement.xlsx"
    path.write_bytes(xlsx_bytes({"明细": rows}, merged=["A1:H1", "A7:H7"]))
    assert is_whole(read_statement(path))


def test_other_sheets_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "statement.xlsx"
    path.write_bytes(xlsx_bytes({"说明": [["使用说明"]], "明细": TABLE}))
    assert is_whole(read_statement(path))


def test_numbers_in_text_columns_are_kept_whole(tmp_path: Path) -> None:
    line = ("2026-03-02", "", "7.00", "7.00", "某学校", 310011, 2026, 17.0)
    (read,) = read_statement(xlsx_file(tmp_path, (HEAD, line))).lines
    assert (read.counterparty_account, read.summary, read.serial) == ("310011", "2026", "17")


def test_a_fee_and_its_payment_may_share_a_serial(tmp_path: Path) -> None:
    head = (*HEAD[:4], "流水号")
    lines = (("2026-03-02", "9.00", "", "91.00", "S"), ("2026-03-02", "1.00", "", "90.00", "S"))
    assert len(read_statement(text_file(tmp_path, (head, *lines))).lines) == 2


def test_what_the_bank_says_of_a_line_is_kept_apart_from_its_memo(tmp_path: Path) -> None:
    head = (*HEAD, "附言", "交易对手开户行")
    (line, *_) = read_statement(
        text_file(tmp_path, (head, *((*line, "三月份", "某行") for line in LINES)))
    ).lines
    assert (line.summary, line.text) == ("拨款", "拨款 三月份")
    assert (line.counterparty, line.counterparty_account) == ("区财政局", "31001")
    assert (line.row, line.serial) == (2, "A1")


def test_the_digest_names_the_bytes(tmp_path: Path) -> None:
    first = read_statement(text_file(tmp_path, TABLE))
    again = read_statement(text_file(tmp_path, TABLE).rename(tmp_path / "copy.csv"))
    other = read_statement(text_file(tmp_path, TABLE, sep="\t"))
    assert first.sha256 == again.sha256 != other.sha256


@pytest.mark.parametrize(
    "cells",
    [
        ("起止日期：", "2026-03-01", "至", "2026-03-31"),
        ("起止日期：2026-03-01", "至", "2026-03-31", "账户类型", "专户"),
        ("起止日期：2026-03-01 至 2026-03-31",),
        ("起止日期", "2026-03-01 00:00:00", "-", "2026-03-31 23:59:59"),
        ("起止日期", date(2026, 3, 1), "到", date(2026, 3, 31)),
        ("起止日期", 20260301, 20260331),
        ("起止日期", "2026-03-01", "至2026-03-31", "打印日期", "2026-04-01"),
    ],
)
def test_a_period_may_stand_in_several_cells(tmp_path: Path, cells: tuple[object, ...]) -> None:
    statement = read_statement(xlsx_file(tmp_path, (("账号", ACCOUNT), cells, *TABLE[1:])))
    assert (statement.start, statement.end) == (date(2026, 3, 1), date(2026, 3, 31))
    assert statement.stated_period


def test_a_period_of_one_day_stays_one(tmp_path: Path) -> None:
    rows = (("起止日期", "2026-03-02", "打印日期", "2026-04-01"), HEAD, LINES[0])
    statement = read_statement(xlsx_file(tmp_path, rows))
    assert (statement.start, statement.end) == (date(2026, 3, 2), date(2026, 3, 2))
