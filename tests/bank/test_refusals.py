"""A statement that cannot be read without guessing is refused, with every reason at its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fundledger.bank import read_statement
from fundledger.errors import StatementInvalid
from support.statements import (
    ACCOUNT,
    HEAD,
    LINES,
    TABLE,
    Rows,
    refused,
    text_file,
    xls_bytes,
    xlsx_file,
)

FOUR = HEAD[:4]
RED: Rows = (
    FOUR,
    ("2026-03-02", "30.00", "", "70.00"),
    ("2026-03-03", "", "5.00", "75.00"),
    ("2026-03-04", "-30.00", "", "105.00"),
    ("2026-03-05", "", "-2.00", "103.00"),
)


def line(*cells: object) -> Rows:
    """Return a table of one line under the first four header words."""
    return (FOUR, cells)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # amounts
        (line("2026-03-02", "", "１００.00", "1.00"), [("FL816", 2, "贷方发生额")]),
        (line("2026-03-02", "", "1.005", "1.00"), [("FL816", 2, "贷方发生额")]),
        (line("2026-03-02", "", "1e5", "1.00"), [("FL816", 2, "贷方发生额")]),
        (line("2026-03-02", "", "12,34.00", "1.00"), [("FL816", 2, "贷方发生额")]),
        (line("2026-03-02", "", "1234,567.00", "1.00"), [("FL816", 2, "贷方发生额")]),
        (line("2026-03-02", "", "1.000,00", "1.00"), [("FL816", 2, "贷方发生额")]),
        (line("2026-03-02", "", "¥1.00", "1.00"), [("FL816", 2, "贷方发生额")]),
        (line("2026-03-02", "", "1万元", "1.00"), [("FL816", 2, "贷方发生额")]),
        (line("2026-03-02", "", "壹佰", "1.00"), [("FL816", 2, "贷方发生额")]),
        (line("2026-03-02", "", "-0.00", "1.00"), [("FL816", 2, "贷方发生额")]),
        (line("2026-03-02", "", "99999999999999.00", "1.00"), [("FL816", 2, "贷方发生额")]),
        (line("2026-03-02", "", "1.00", "NaN"), [("FL816", 2, "余额")]),
        (line("2026-03-02", "", 1.005, 1.0), [("FL817", 2, "贷方发生额")]),
        (line("2026-03-02", "", 1e15, 1.0), [("FL817", 2, "贷方发生额")]),
        (line("2026-03-02", "", "", "1.00"), [("FL819", 2)]),
        (line("2026-03-02", "0.00", "0.00", "1.00"), [("FL819", 2)]),
        (line("2026-03-02", "2.00", "1.00", "1.00"), [("FL819", 2)]),
        # days
        (line("2026-02-29", "", "1.00", "1.00"), [("FL818", 2, "交易日期")]),
        (line("03/02/2026", "", "1.00", "1.00"), [("FL818", 2, "交易日期")]),
        (line("２０２６0302", "", "1.00", "1.00"), [("FL818", 2, "交易日期")]),
        (line("0226-03-02", "", "1.00", "1.00"), [("FL818", 2, "交易日期")]),
        (line("2026-03/02", "", "1.00", "1.00"), [("FL818", 2, "交易日期")]),
        (line(46024.0, "", "1.00", "1.00"), [("FL818", 2, "交易日期")]),
        (line("", "", "1.00", "1.00"), [("FL818", 2, "交易日期")]),
        # rows
        (line("2026-03-02", "", "1.00", "1.00", "多"), [("FL822", 2, "E")]),
        # balances
        (
            (FOUR, ("2026-03-02", "", "1.00", "1.00"), ("2026-03-03", "", "1.00", "2.01")),
            [("FL824", 3)],
        ),
        (
            (FOUR, ("2026-03-02", "", "1.00", "11.00"), ("2026-03-02", "1.00", "", "10.00")),
            [("FL825",)],
        ),
        ((FOUR[:3], ("2026-03-02", "", "1.00")), [("FL826",)]),
        ((FOUR,), [("FL826",)]),
        ((("期初余额", "9.00"), *line("2026-03-02", "", "1.00", "1.00")), [("FL827",)]),
        ((("期末余额", "9.00"), *line("2026-03-02", "", "1.00", "1.00")), [("FL827",)]),
        (
            (
                *line("2026-03-05", "", "1.00", "4.00"),
                ("2026-03-04", "", "1.00", "2.00"),
                ("2026-03-03", "", "1.00", "1.00"),
            ),
            [("FL824", 2)],
        ),
        (
            (FOUR, ("2026-03-01", "", "", "x", "承前页"), ("2026-03-05", "", "1.00", "4.00")),
            [("FL816", 2, "余额")],
        ),
        (
            ((*FOUR, "交易时间"), ("2026-03-05", "", "1.00", "4.00", "25:00")),
            [("FL818", 2, "交易时间")],
        ),
        (
            ((*FOUR, "本方账号"), ("2026-03-05", "", "1.00", "4.00", "３１")),
            [("FL832", 2, "本方账号")],
        ),
        (
            (
                ("终止日期", "20260301", "开始日期", "20260331"),
                *line("2026-03-05", "", "1.00", "4.00"),
            ),
            [("FL831",)],
        ),
        (
            ((*FOUR, "对方账号"), ("2026-03-02", "", "1.00", "1.00", date(2026, 3, 2))),
            [("FL822", 2, "对方账号")],
        ),
        (
            (("期初余额", "9.00", "期末余额", "9.00"), FOUR[:3], ("2026-03-02", "", "1.00")),
            [("FL827",)],
        ),
        ((*line("2026-03-02", "", "1.00", "1.00"), ("合计", "", "2.00")), [("FL827", 3)]),
        ((("起止日期：2026年13月",), *line("2026-03-02", "", "1.00", "1.00")), [("FL818", 1, "A")]),
        (
            (
                (*FOUR, "摘要"),
                ("2026-03-02", "", "1.00", "1.00"),
                ("", "", "2.00", "3.00", "累计利息"),
            ),
            [("FL818", 3, "交易日期")],
        ),
        (
            (
                (*FOUR, "摘要"),
                ("2026-03-02", "", "1.00", "1.00"),
                ("2026-03-31", "", "1.00", "1.50", "本月累计"),
            ),
            [("FL824", 3)],
        ),
        (
            (
                (*FOUR, "摘要"),
                ("2026-03-02", "", "1.00", "1.00"),
                ("2026-03-31", "贰元", "1.00", "1.00", "本月累计"),
            ),
            [("FL816", 3, "借方发生额")],
        ),
        # the gross is 30.00 and 5.00, the net 0.00 and 3.00
        ((*RED, ("合计", "30.00", "3.00")), [("FL827", 6)]),
        ((*RED, ("合计", "0.00", "5.00")), [("FL827", 6)]),
        ((*RED, ("合计", "32.00", "35.00")), [("FL827", 6), ("FL827", 6)]),
        (
            (*line("2026-03-02", "", "1.00", "1.00"), ("合计", "", "贰元")),
            [("FL816", 3, "贷方发生额")],
        ),
        (
            (("日期范围", "20260301-20260331"), *line("2026-04-01", "", "1.00", "1.00")),
            [("FL828", 3)],
        ),
        (
            (
                ("日期范围", "20260301-20260331"),
                *line("2026-04-01", "", "1.00", "1.00"),
                ("2026-04-02", "", "1.00", "2.00"),
                ("2026-04-03", "", "1.00", "3.00"),
            ),
            [("FL834",)],
        ),
        (
            (
                ("日期范围", "20260301-20260331"),
                *line("2026-03-31", "", "1.00", "1.00"),
                ("2026-04-02", "", "1.00", "2.00"),
            ),
            [("FL828", 4)],
        ),
        ((("日期范围", "三月"), *line("2026-03-02", "", "1.00", "1.00")), [("FL818", 1, "B")]),
        ((("起始日期", "2026-3"), *line("2026-03-02", "", "1.00", "1.00")), [("FL818", 1, "B")]),
        ((("期初余额", "无"), *line("2026-03-02", "", "1.00", "1.00")), [("FL816", 1, "B")]),
        (
            (*line("2026-03-02", "", "1.00", "1.00"), ("9.00",)),
            [("FL818", 3, "交易日期"), ("FL819", 3)],
        ),
        ((("期初余额", "1.00", "期末余额", "1.00"), FOUR), [("FL826",)]),
        (
            (
                FOUR,
                ("2026-03-02", "", "1.00", "4.00"),
                ("2026-03-02", "", "1.00", "2.00"),
                ("2026-03-02", "", "1.00", "1.00"),
            ),
            [("FL824", 2)],
        ),
        # yuan
        ((("单位", "万元"), *line("2026-03-02", "", "1.00", "1.00")), [("FL823", 1, "B")]),
        ((("币种", "美元"), *line("2026-03-02", "", "1.00", "1.00")), [("FL823", 1, "B")]),
        (
            ((*FOUR, "币种"), ("2026-03-02", "", "1.00", "1.00", "USD")),
            [("FL823", 2, "币种")],
        ),
        # columns
        ((("甲", "乙"), ("1", "2")), [("FL810",)]),
        (
            ((*FOUR, "余额"), ("2026-03-02", "", "1.00", "1.00", "1.00")),
            [("FL812", 1, "D 余额、E 余额")],
        ),
        (
            ((*FOUR, "支出"), ("2026-03-02", "", "1.00", "1.00", "")),
            [("FL812", 1, "B 借方发生额、E 支出")],
        ),
        (
            ((*FOUR, "发生额"), ("2026-03-02", "", "1.00", "1.00", "1.00")),
            [("FL812", 1, "B、C、E")],
        ),
        # direction
        (
            (("交易日期", "借贷", "交易金额", "余额"), ("2026-03-02", "平", "1.00", "1.00")),
            [("FL820", 2, "借贷")],
        ),
        # accounts
        (
            (("账号", 6222021234567890123.0), *line("2026-03-02", "", "1.00", "1.00")),
            [("FL821", 1, "B")],
        ),
        ((("账号", "３１００"), *line("2026-03-02", "", "1.00", "1.00")), [("FL832", 1, "B")]),
        (
            ((*FOUR, "对方账号"), ("2026-03-02", "", "1.00", "1.00", 6222021234567890.0)),
            [("FL821", 2, "对方账号")],
        ),
        (
            ((*FOUR, "对方账号"), ("2026-03-02", "", "1.00", "1.00", "6.22E+18")),
            [("FL821", 2, "对方账号")],
        ),
        (
            ((*FOUR, "本方账号"), ("2026-03-02", "", "1.00", "1.00", 6222021234567890.0)),
            [("FL821", 2, "本方账号")],
        ),
        (
            (("账号", ACCOUNT), (*FOUR, "本方账号"), ("2026-03-02", "", "1.00", "1.00", "31")),
            [("FL833", "1、3")],
        ),
        # the same line twice, where no balance shows it
        (
            (
                ("期初余额", "0.00", "期末余额", "2.00"),
                (*FOUR[:3], "流水号"),
                ("2026-03-02", "", "1.00", "A"),
                ("2026-03-02", "", "1.00", "A"),
            ),
            [("FL830", 4)],
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    tmp_path: Path, rows: Rows, expected: list[tuple[object, ...]]
) -> None:
    assert refused(xlsx_file(tmp_path, rows)) == expected


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (("交易日期", "贷方发生额", "余额", "摘要"), "借方发生额(支取)"),
        (("交易日期", "支出", "余额", "摘要"), "存入金额"),
        (("借方发生额", "贷方发生额", "余额"), "记账日期"),
    ],
)
def test_a_missing_column_is_named_by_the_words_it_may_have(
    tmp_path: Path, head: tuple[str, ...], known: str
) -> None:
    ((code, row, words),) = refused(text_file(tmp_path, (head,)))
    assert (code, row) == ("FL811", 1)
    assert known in str(words).split("/")


def test_a_number_that_was_computed_with_is_not_rounded(tmp_path: Path) -> None:
    path = tmp_path / "statement.xls"
    path.write_bytes(xls_bytes(line("2026-03-02", "", 0.1 + 0.2, 0.3)))
    assert refused(path) == [("FL817", 2, "贷方发生额")]


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    rows = (
        ("单位", "万元"),
        FOUR,
        ("2026-03-02", "", "1.00", "1.00"),
        ("2026-03-99", "", "x", "y"),
        ("2026-03-04", "1.00", "1.00", "5.00"),
        ("2026-03-05", "", "1.00", "6.00"),
        ("2026-03-06", "", "1.00", "8.00"),
    )
    assert refused(xlsx_file(tmp_path, rows)) == [
        ("FL823", 1, "B"),
        ("FL818", 4, "交易日期"),
        ("FL816", 4, "贷方发生额"),
        ("FL816", 4, "余额"),
        ("FL819", 5),
        ("FL824", 7),
    ]


@pytest.mark.parametrize("dropped", range(1, 3))
def test_a_line_taken_out_breaks_the_balance(tmp_path: Path, dropped: int) -> None:
    lines = [*LINES, ("2026-03-25", "1.00", "", "1299.55", "", "", "", "A4")]
    del lines[dropped]
    assert {place[0] for place in refused(text_file(tmp_path, (HEAD, *lines)))} == {"FL824"}


def test_a_line_break_inside_a_cell_is_refused_for_it_may_hide_lines(tmp_path: Path) -> None:
    text = ",".join(HEAD[:4]) + ',摘要\n2026-03-02,,1.00,1.00,"x\n2026-03-03,,1.00,2.00,y\n'
    assert ("FL822", 2, "E") in refused(text_file(tmp_path, text))


def test_text_in_no_known_encoding_or_without_known_words_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "statement.csv"
    text = "\n".join(",".join(map(str, row)) for row in TABLE)
    cases = {
        b"\xff\xff,\x81\n": "FL809",
        text.encode("big5", "replace"): "FL809",
        text.encode("utf-8").replace("余".encode(), b"\xe4\xbd", 1) + b"\xff\xff": "FL809",
        b"\xff\xfe\x00": "FL809",
        b"a,b\x00,c\n": "FL804",
        b"one,two\n1,2\n": "FL810",
        f"{','.join(HEAD)}\n{'x' * 200_000},".encode(): "FL808",
    }
    for data, code in cases.items():
        path.write_bytes(data)
        assert [place[0] for place in refused(path)] == [code]
    path.write_bytes(text.encode("gb18030"))
    assert [place[0] for place in refused(path, encoding="utf-8")] == ["FL809"]
    assert [place[0] for place in refused(path, encoding="no-such")] == ["FL809"]


def test_findings_show_no_party_of_a_line(tmp_path: Path) -> None:
    rows = (HEAD, ("2026-03-02", "x", "", "y", "某某某", 6222021234567890.0, "某某某", "某某某"))
    with pytest.raises(StatementInvalid) as caught:
        read_statement(xlsx_file(tmp_path, rows))
    for finding in caught.value.findings:
        assert "某某某" not in str(finding.as_json())
        assert "62220212" not in str(finding.as_json())


@pytest.mark.parametrize(
    ("out", "into"),
    [
        ("借方发生额（收入）", "贷方发生额（支出）"),
        ("借方（存入）", "贷方（支取）"),
        ("收入（借方）", "支出（贷方）"),
    ],
)
def test_words_of_our_own_side_are_not_read_as_the_banks(
    tmp_path: Path, out: str, into: str
) -> None:
    rows = (("交易日期", out, into, "余额", "流水号"), ("2026-03-02", "", "1.00", "1.00", "A1"))
    found = refused(text_file(tmp_path, rows))
    assert [code for code, *_ in found] == ["FL811", "FL811"]


def test_a_missing_column_is_told_with_the_names_that_are_known(tmp_path: Path) -> None:
    rows = (("交易日期", "本行扣", "余额", "流水号"), ("2026-03-02", "1.00", "1.00", "A1"))
    with pytest.raises(StatementInvalid) as error:
        read_statement(text_file(tmp_path, rows))
    out, _ = error.value.findings
    assert "借方发生额/" in out.sentence("zh")
    assert "把对账单另存一份" in out.remedy("zh")
    assert ".toml" not in out.remedy("zh") + out.remedy("en")
