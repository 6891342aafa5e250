"""Tables stand straight with Chinese in them, and give way on a narrow screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.report.table import Column, centred, fitting, pad, table, width, wrapped

TEXTS = st.text(
    st.one_of(
        st.characters(codec="ascii", min_codepoint=32), st.sampled_from("专户存款（，。）拨")
    ),
    max_size=30,
)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("专户", 4),
        ("（）", 4),
        ("ｆｕｌｌ", 8),
        ("e\u0301", 1),
        ("a\u200bb", 2),
        ("3月拨款", 7),
        ("—…", 2),
    ],
)
def test_a_chinese_character_is_two_columns_wide(text: str, columns: int) -> None:
    assert width(text) == columns


def test_padding_fills_to_the_column_on_either_side() -> None:
    assert pad("专户", 6) == "专户  "
    assert pad("专户", 6, right=True) == "  专户"
    assert pad("专户存款", 6) == "专户存款"
    assert centred("专户", 8) == "  专户"


def test_figures_line_up_on_the_right_whatever_stands_before_them() -> None:
    columns = (Column("科目"), Column("金额", right=True))
    rows = [("1002 专户存款", "120,000.00"), ("Cash", "5.00"), ("应收工作经费", "-12.50")]

    lines = table(columns, rows, total=("合计", "119,992.50"))

    assert lines == [
        "科目                 金额",
        "-------------  ----------",
        "1002 专户存款  120,000.00",
        "Cash                 5.00",
        "应收工作经费       -12.50",
        "-------------  ----------",
        "合计           119,992.50",
    ]


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_every_row_of_a_table_is_as_wide_as_the_rule(rows: list[tuple[str, str]]) -> None:
    columns = (Column("摘要", wraps=True), Column("金额", right=True))

    lines = table(columns, [(text, f"{figure}.") for text, figure in rows])

    rule = lines[1]
    assert len(lines) == 2 + len(rows)
    assert all(width(line) <= len(rule) for line in lines)
    assert all(width(line) == len(rule) for line in lines[2:])


def test_a_long_narration_wraps_on_a_narrow_screen_and_nothing_is_lost() -> None:
    columns = (Column("摘要", wraps=True), Column("金额", right=True))
    narration = "2026年3月城乡最低生活保障金（社会化发放）"

    lines = table(columns, [(narration, "98,000.00")], limit=30)

    assert all(width(line) <= 30 for line in lines)
    assert "".join(line[:20].split("  ")[0].strip() for line in lines[2:]) == narration
    assert sum("98,000.00" in line for line in lines) == 1


def test_figures_never_give_way() -> None:
    columns = (Column("摘要", wraps=True), Column("金额", right=True))

    lines = table(columns, [("一二三四五六七八九十", "9,999,999,999,999.99")], limit=10)

    assert any(line.endswith("9,999,999,999,999.99") for line in lines)


@given(TEXTS, st.integers(4, 40))
def test_wrapping_keeps_every_character_and_the_limit(text: str, columns: int) -> None:
    lines = wrapped(text, columns)

    assert lines
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= columns for line in lines)


def test_a_closing_mark_does_not_begin_a_line_nor_an_opening_one_end_it() -> None:
    assert wrapped("专户存款。拨款", 8) == ["专户存", "款。拨款"]
    assert wrapped("专户存（拨款）", 8) == ["专户存", "（拨款）"]


def test_a_table_is_widened_to_fill_a_form() -> None:
    columns = (Column("摘要", wraps=True), Column("金额", right=True))

    assert all(width(line) == 40 for line in table(columns, [("甲", "1.00")], least=40)[1:])


def test_the_path_of_an_account_breaks_at_its_colons_and_words() -> None:
    assert wrapped("Equity:Budget:2026:Available:CASC:Dibao", 16) == [
        "Equity:Budget:",
        "2026:Available:",
        "CASC:Dibao",
    ]
    assert wrapped("Liabilities:SubsidyPayable", 12) == ["Liabilities:", "Subsidy", "Payable"]
    assert wrapped("at 09:30, S01:x", 10) == ["at 09:30,", "S01:x"]


COLUMNS = (
    Column("科目", wraps=True),
    Column("账户", wraps=True, spare=1),
    Column("期初余额", right=True, spare=2),
    Column("期末余额", right=True),
)
ROWS = [("1002 银行存款（专户存款）", "Assets:Bank:Dedicated", "120,000.00", "90,000.00")]


def test_a_narrow_screen_spares_columns_rather_than_cutting_words() -> None:
    assert fitting(COLUMNS, ROWS, None) == (0, 1, 2, 3)
    assert fitting(COLUMNS, ROWS, 80) == (0, 1, 2, 3)
    assert fitting(COLUMNS, ROWS, 49) == (0, 1, 2, 3)
    assert fitting(COLUMNS, ROWS, 48) == (0, 1, 3)
    assert fitting(COLUMNS, ROWS, 30) == (0, 3)
    assert fitting(COLUMNS, ROWS, 5) == (0, 3)

    lines = table(COLUMNS, ROWS, limit=49)

    assert lines[2:] == [
        "1002 银行存   Assets:Bank:  120,000.00  90,000.00",
        "款（专户存    Dedicated",
        "款）",
    ]
