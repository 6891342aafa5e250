"""A statement that is not as its bank exports it is refused, with every reason at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundledger.bank import read_statement
from fundledger.bankfile.layouts import layout_of
from support.exports import PROFILES
from support.layouts import layouts, river
from support.statements import ACCOUNT, TABLE, Rows, moves, refused, text_file, xlsx_file

RIVER_ROWS: Rows = (
    ("江边银行",),
    ("客户户头", ACCOUNT),
    ("哪天", "多少", "还剩"),
    ("2026-03-05", "20.00", "80.00"),
    ("2026-03-05", "-50.00", "100.00"),
)
SPDB: Rows = PROFILES["spdb"]
BOCOM: Rows = PROFILES["bocom"]


def changed(rows: Rows, row: int, column: int, cell: object) -> Rows:
    """Return rows with one cell changed."""
    cells = [list(one) for one in rows]
    cells[row][column] = cell
    return cells


def without(rows: Rows, column: int, header: int) -> Rows:
    """Return rows without a column of the table."""
    return [
        [cell for at, cell in enumerate(row) if number < header or at != column]
        for number, row in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [
        # columns that must be there
        ("spdb", without(SPDB, 0, 1), [("FL835", 2, "顺序号")]),
        ("spdb", without(without(SPDB, 5, 1), 5, 1),
         [("FL835", 2, "余额"), ("FL835", 2, "交易对手名称")]),
        ("bocom", without(BOCOM, 4, 1), [("FL835", 2, "借贷")]),
        ("bocom", changed(BOCOM, 1, 10, "备注"), [("FL835", 2, "摘要")]),
        ("ccb-corporate", without(PROFILES["ccb-corporate"], 13, 0),
         [("FL835", 1, "账户明细编号-交易流水号")]),
        ("ccb-card", TABLE, [("FL835", 2, word) for word in
         ("记账日", "交易时间", "支出", "收入", "账户余额")]),
        ("icbc-card", changed(PROFILES["icbc-card"], 4, 8, "贷方"),
         [("FL835", 5, "记账金额(收入)")]),
        ("icbc-corporate", changed(PROFILES["icbc-corporate"], 0, 5, "支出"),
         [("FL835", 1, "借方发生额")]),
        ("abc-app", changed(PROFILES["abc-app"], 1, 4, "余额"), [("FL835", 2, "本次余额")]),
        ("abc-corporate", changed(PROFILES["abc-corporate"], 1, 1, "贷方"),
         [("FL835", 2, "收入金额")]),
        ("bocom", (("甲", "乙"), ("1", "2")), [("FL810",)]),
        # a column twice
        ("spdb", changed(SPDB, 1, 8, "余额"), [("FL835", 2, "附言")]),
        ("bocom", changed(BOCOM, 1, 9, "余额"), [("FL812", 2, "G 余额、J 余额")]),
        # what stands above
        ("spdb", (("",), *SPDB), [("FL835", 3, "2")]),
        ("ccb-card", PROFILES["ccb-card"][1:], [("FL835", 5, "6")]),
        ("spdb", changed(SPDB, 0, 0, "户名"), [("FL835", 2, "账号")]),
        ("spdb", changed(SPDB, 0, 4, "备注"), [("FL835", 2, "日期范围")]),
        ("spdb", changed(SPDB, 0, 5, "三月"), [("FL818", 1, "F"), ("FL835", 2, "日期范围")]),
        ("ccb-card", changed(PROFILES["ccb-card"], 3, 0, "账　　号：3100****0101"),
         [("FL835", 6, "账号")]),
        # days in the bank's own form
        ("spdb", changed(SPDB, 2, 1, "2026-03-02 10:00:00"), [("FL818", 3, "交易日期")]),
        ("spdb", changed(SPDB, 2, 1, "2026/3/2"), [("FL818", 3, "交易日期")]),
        ("ccb-card", changed(PROFILES["ccb-card"], 6, 0, "2026-03-02"), [("FL818", 7, "记账日")]),
        # directions in the bank's own words
        ("bocom", changed(BOCOM, 2, 4, "支"), [("FL820", 3, "借贷")]),
        ("bocom", changed(BOCOM, 2, 4, ""), [("FL820", 3, "借贷")]),
        ("bocom", changed(BOCOM, 3, 4, "贷 Cr"), [("FL824", 4)]),
        # the same rules as for all
        ("bocom", changed(BOCOM, 3, 6, "1300.01"), [("FL824", 4)]),
        ("bocom", changed(BOCOM, 2, 5, "1,00.00"), [("FL816", 3, "交易金额")]),
        ("spdb", changed(SPDB, 3, 4, ""), [("FL819", 4)]),
        ("spdb", changed(SPDB, 3, 3, "1.00"), [("FL819", 4)]),
        ("spdb", changed(SPDB, 0, 5, "20260303-20260331"), [("FL828", 3)]),
        ("ccb-corporate", changed(PROFILES["ccb-corporate"], 2, 0, "31"), [("FL833", "2、3")]),
        ("ccb-corporate", changed(PROFILES["ccb-corporate"], 1, 6, "美元"), [("FL823", 2, "币种")]),
        ("icbc-card", changed(PROFILES["icbc-card"], 5, 10, "USD"), [("FL823", 6, "记账币种")]),
        ("abc-app", changed(PROFILES["abc-app"], 2, 3, "壹仟"), [("FL816", 3, "交易金额")]),
    ],
)  # fmt: skip
def test_what_is_not_as_the_bank_exports_it_is_said_with_its_place(
    tmp_path: Path, name: str, rows: Rows, expected: list[tuple[object, ...]]
) -> None:
    path = xlsx_file(tmp_path, rows)
    assert refused(path, layouts=layouts(name)) == expected


@pytest.mark.parametrize(
    ("old", "new", "rows", "expected"),
    [
        # the order that the bank's layout says is not guessed against
        ("", "", RIVER_ROWS, [("in", 5000, 10000), ("out", 2000, 8000)]),
        ('order = "down"', 'order = "up"', RIVER_ROWS, [("FL824", 5)]),
        ('order = "down"\n', "", (*RIVER_ROWS[:3], ("2026-03-05", "20.00", "-20.00")),
         [("out", 2000, -2000)]),
        ('plus = "out"', 'plus = "in"', RIVER_ROWS, [("FL824", 4)]),
        ("above = 2", "above = 3", RIVER_ROWS, [("FL835", 3, "4")]),
    ],
)  # fmt: skip
def test_what_a_layout_says_is_held(
    tmp_path: Path, old: str, new: str, rows: Rows, expected: list[tuple[object, ...]]
) -> None:
    layout = layout_of(river(tmp_path, old=old, new=new))
    path = text_file(tmp_path, rows, encoding="gb18030")
    found = refused(path, layouts=(layout,))
    assert (moves(found[0][1]) if found[0][0] == "read" else found) == expected  # type: ignore[arg-type]


def test_a_known_order_settles_what_ties_both_ways(tmp_path: Path) -> None:
    rows = (*RIVER_ROWS[:3], ("2026-03-02", "-1.00", "11.00"), ("2026-03-02", "1.00", "10.00"))
    path = text_file(tmp_path, rows, encoding="gb18030")
    for order, opening_fen in (("down", 1100), ("up", 1000)):
        form = river(tmp_path, old='order = "down"', new=f'order = "{order}"')
        statement = read_statement(path, layouts=(layout_of(form),))
        assert statement.opening_fen == opening_fen
    form = river(tmp_path, old='order = "down"\n')
    assert refused(path, layouts=(layout_of(form),)) == [("FL825",)]


def test_a_text_in_another_encoding_than_the_banks_is_refused(tmp_path: Path) -> None:
    layout = layout_of(river(tmp_path, old='"gb18030"', new='"utf-8"'))
    path = text_file(tmp_path, RIVER_ROWS, encoding="gb18030")
    assert refused(path, layouts=(layout,)) == [("FL809",)]
    assert moves(read_statement(path, encoding="gb18030", layouts=(layout,)))
