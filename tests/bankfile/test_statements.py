"""Layouts of statements are data: each is read back as the bank wrote it, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.bank import Statement, read_statement
from fundledger.bankfile import load_layouts
from fundledger.bankfile.layouts import layout_of
from fundledger.errors import InputInvalid
from fundledger.money import display_fen, format_fen
from support.exports import IN_OUT, PROFILES
from support.honest_bank import line_of
from support.layouts import ALL, FORMS, RULES, Told, exported, layouts, river
from support.statements import (
    ACCOUNT,
    HEAD,
    LINES,
    TABLE,
    Rows,
    moves,
    refused,
    text_file,
    xls_bytes,
    xlsx_bytes,
    xlsx_file,
)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls"])
@pytest.mark.parametrize("bank", PROFILES)
def test_each_known_header_has_its_layout(bank: str, kind: str, tmp_path: Path) -> None:
    rows = [[str(cell) for cell in row] for row in PROFILES[bank]]
    path = tmp_path / "statement"
    if kind == "csv":
        texts = [[f'"{cell}"' if "," in cell else cell for cell in row] for row in rows]
        path = text_file(tmp_path, texts, encoding="gb18030")
    else:
        path.write_bytes(xlsx_bytes({"明细": rows}) if kind == "xlsx" else xls_bytes(rows))

    statement = read_statement(path, layouts=layouts(bank))

    assert moves(statement) == IN_OUT
    assert statement.account == ACCOUNT
    assert [(line.date, line.serial) for line in statement.lines] == [
        (line.date, line.serial) for line in read_statement(path).lines
    ]


@pytest.mark.parametrize("bank", ["ccb", "icbc", "abc"])
def test_of_several_layouts_that_is_taken_which_the_file_has(bank: str, tmp_path: Path) -> None:
    expected = load_layouts(RULES).named(bank)
    assert len(expected.layouts) > 1
    for name in (name for name in PROFILES if name.startswith(bank)):
        path = xlsx_file(tmp_path, PROFILES[name])
        assert moves(read_statement(path, layouts=expected.layouts)) == IN_OUT


names = st.text("甲乙丙丁某街道办事处", min_size=1, max_size=6)
lines = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(-(10**9), 10**9).filter(bool),
        names,
        st.integers(10**11, 10**18),
        st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=8,
)


def told(drawn: Sequence[tuple[int, int, str, int, int]], opening_fen: int) -> list[Told]:
    """Return lines that happened one after the other, no two at one moment."""
    days = accumulate((later for later, *_ in drawn), lambda day, more: day + more)
    balances = list(accumulate((fen for _, fen, *_ in drawn), initial=opening_fen))[1:]
    return [
        Told(
            day=date(2026, 1, 1) + timedelta(days=day),
            moment=time(9, at),
            fen=fen,
            balance_fen=balance_fen,
            party=name,
            account=str(account),
            summary="代发",
            memo=f"三月低保 {line_of(number)}",
            serial=f"T{at}",
        )
        for at, (day, balance_fen, (_, fen, name, account, number)) in enumerate(
            zip(days, balances, drawn, strict=True)
        )
    ]


def as_text(rows: Rows) -> bytes:
    return "\r\n".join("\t".join(map(str, row)) for row in rows).encode("gb18030")


WRITERS: dict[str, Callable[[Rows], bytes]] = {
    "text": as_text,
    "xlsx": lambda rows: xlsx_bytes({"明细": rows}),
    "xls": xls_bytes,
}


@pytest.mark.parametrize("name", ALL)
@given(lines, st.integers(0, 10**9), st.sampled_from([format_fen, display_fen]), st.data())
def test_what_a_bank_exports_in_its_layout_is_what_is_read(
    name: str,
    drawn: Sequence[tuple[int, int, str, int, int]],
    opening_fen: int,
    say: Callable[[int], str],
    data: st.DataObject,
) -> None:
    form = ALL[name]
    written = told(drawn, opening_fen)
    rows = exported(form, written, say=say)
    content = WRITERS[data.draw(st.sampled_from(list(WRITERS)))](rows)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "statement"
        path.write_bytes(content)
        statement = read_statement(path, layouts=(layout_of(form),))
        assert read_statement(path, layouts=(layout_of(form),)) == statement
        if name in FORMS:
            assert bare(read_statement(path)) == bare(statement)

    assert (statement.opening_fen, statement.closing_fen) == (opening_fen, written[-1].balance_fen)
    assert moves(statement) == [
        ("in" if line.fen > 0 else "out", abs(line.fen), line.balance_fen) for line in written
    ]
    for read, line in zip(statement.lines, written, strict=True):
        assert (read.date, read.time) == (line.day, line.moment)
        assert read.counterparty == (line.party if form.has("party") else "")
        assert read.counterparty_account == (line.account if form.has("party_account") else "")
        assert read.serial == (line.serial if form.has("serial") else "")
        assert read.summary == (line.summary if form.has("summary") else "")
        assert read.text == " ".join(
            text
            for field, text in (("summary", line.summary), ("memo", line.memo))
            if form.has(field)  # type: ignore[arg-type]
        )


def bare(statement: Statement) -> list[tuple[object, ...]]:
    """Return what is read of money and days, which no layout may change."""
    return [
        (line.row, line.date, line.signed_fen, line.balance_fen, line.serial)
        for line in statement.lines
    ]


def test_a_new_bank_is_a_few_lines(tmp_path: Path) -> None:
    form = river(tmp_path)
    rows = (
        ("江边银行",),
        ("客户户头", ACCOUNT),
        ("哪天", "多少", "还剩", "给谁", "柜员", "捎话"),
        ("2026-03-05", "20.00", "80.00", "某甲", "007", f"低保 {line_of(1)}"),
        ("2026-03-05", "-50.00", "100.00", "某乙", "007", ""),
        ("谢谢惠顾，欢迎再来", "2026-03-31"),
    )
    path = text_file(tmp_path, rows, encoding="gb18030")
    statement = read_statement(path, layouts=(layout_of(form),))

    assert moves(statement) == [("in", 5000, 10000), ("out", 2000, 8000)]
    assert statement.account == ACCOUNT
    last = statement.lines[-1]
    assert (last.counterparty, last.text) == ("某甲", f"低保 {line_of(1)}")
    assert [code for code, *_ in refused(path)] == ["FL809"]
    assert load_layouts(tmp_path).of_bank("江边银行古美支行").binding


def test_layouts_that_nobody_verified_do_not_bind(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path, TABLE)
    expected = load_layouts(RULES).of_bank("中国建设银行上海古美支行")

    assert not expected.binding
    assert [layout.id for layout in expected.layouts] == ["ccb-corporate", "ccb-card"]
    read = read_statement(path, layouts=expected.layouts, binding=expected.binding)
    assert read == read_statement(path)
    assert {code for code, *_ in refused(path, layouts=expected.layouts)} == {"FL835"}
    card = xlsx_file(tmp_path, PROFILES["ccb-corporate"])
    (line, _) = read_statement(card, layouts=expected.layouts, binding=False).lines
    assert (line.summary, line.text) == ("拨款", "拨款")


def test_a_bank_is_named_by_its_own_name_or_one_layouts() -> None:
    known = load_layouts(RULES)

    assert [layout.id for layout in known.named("ccb").layouts] == ["ccb-corporate", "ccb-card"]
    assert [layout.id for layout in known.named("ccb-card").layouts] == ["ccb-card"]
    assert known.named("generic").layouts == ()
    assert known.of_bank("示例银行古美支行").layouts == ()
    assert known.of_bank("上海浦东发展银行闵行支行").layouts == layouts("spdb")
    with pytest.raises(InputInvalid) as caught:
        known.named("spbd")
    (finding,) = caught.value.findings
    assert (finding.code, finding.details["allowed"]) == ("FL762", finding.details["allowed"])
    assert str(finding.details["allowed"]).startswith("spdb")


def test_an_office_without_the_file_reads_by_words(tmp_path: Path) -> None:
    known = load_layouts(tmp_path)
    assert known.of_bank("中国建设银行").layouts == ()
    with pytest.raises(InputInvalid):
        known.named("ccb")


def test_all_that_a_bank_says_of_a_line_is_in_its_text(tmp_path: Path) -> None:
    """A line id may travel in any column of free text, by words and by layout."""
    for column in (
        "摘要",
        "用途",
        "附言",
        "备注",
        "个性化信息",
        "企业流水号",
        "交易详情",
        "批次号",
    ):
        head = tuple(word for word in HEAD if word != "摘要")
        rows = ((*head, column), *((*line[:6], line[7], line_of(7)) for line in LINES))
        statement = read_statement(xlsx_file(tmp_path, rows))
        assert {line.text for line in statement.lines} == {line_of(7)}
    for name, export in PROFILES.items():
        widths = [len(row) for row in export]
        header = widths.index(max(widths))
        longer = [
            [*row, *[""] * (max(widths) - len(row)), "捎话" if at == header else line_of(9)]
            if at >= header and len(row) > 2
            else row
            for at, row in enumerate(export)
        ]
        statement = read_statement(xlsx_file(tmp_path, longer), layouts=layouts(name))
        assert {line.text.split()[-1] for line in statement.lines} == {line_of(9)}
