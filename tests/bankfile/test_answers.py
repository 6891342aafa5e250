"""What an answer may leave unclear, and that no damage to one makes it say something else."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.bankfile import BankProfile, BankResults, Result, read_results, render
from fundledger.bankfile.profile import ReasonWords, ResultHead
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from support.answers import (
    FAILED,
    ORDER,
    PAID,
    SENT,
    Told,
    bank,
    results_of,
    table,
    told,
    totalled,
    xlsx,
)
from support.honest_bank import Verdict, account_of, answered, line_of, taken


def noted(found: BankResults) -> list[Told]:
    return [(finding.code, finding.subject.removeprefix(found.file).strip())
            for finding in found.findings]  # fmt: skip


@pytest.mark.parametrize("said", ["", "某甲的卡丢了", "已销户且户名不符", "请勿重复提交"])
def test_a_reason_that_is_unclear_is_other_and_its_words_are_not_kept(
    tmp_path: Path, said: str
) -> None:
    path = xlsx(tmp_path, table(PAID, {**FAILED, "失败原因": said}))

    found = read_results(path, bank("generic"), SENT)
    assert [(r.reason, r.text) for r in found.results] == [(None, ""), ("NARR", "")]
    assert noted(found) == [("FL784", "F4 [失败原因]"), ("FL785", "")]
    assert all("某甲" not in f.sentence("zh") for f in found.findings)


def test_lines_that_the_bank_says_nothing_of_are_not_among_the_results(tmp_path: Path) -> None:
    found = read_results(xlsx(tmp_path, table(PAID)), bank("generic"), SENT)

    assert [result.line for result in found.results] == [line_of(0)]
    (finding,) = found.findings
    assert finding.details == {"count": 2, "of": 3}


@pytest.mark.parametrize("day", ["20261128", "2026/11/28", "2026年11月28日",
                                 "2026-11-28 09:30:00", datetime(2026, 11, 28, 9, 30),  # noqa: DTZ001
                                 date(2026, 11, 28), 20261128])  # fmt: skip
def test_a_day_may_be_written_in_any_of_the_usual_ways(tmp_path: Path, day: object) -> None:
    (result,) = read_results(
        xlsx(tmp_path, table({**PAID, "交易日期": day})), bank("generic"), SENT
    ).results
    assert result.on == date(2026, 11, 28)


def test_a_file_that_is_not_there_or_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "x.xlsx", tmp_path):
        with pytest.raises(InputInvalid) as caught:
            read_results(path, bank("generic"), SENT)
        assert caught.value.codes == ("FL927",)


def changed_result(**how: object) -> BankProfile:
    """Return the generic bank with its answers laid out in another way."""
    result = bank("generic").result.model_copy(update=how)
    return bank("generic").model_copy(update={"result": result})


def test_what_is_needed_above_the_rows_must_be_there(tmp_path: Path) -> None:
    profile = changed_result(head=(ResultHead(field="batch", words=("批次号",), needed=True),))

    assert len(read_results(xlsx(tmp_path, table(PAID)), profile, SENT).results) == 1
    assert told(xlsx(tmp_path, table(PAID)[1:]), profile) == [("FL789", "")]


def test_columns_that_do_not_suffice_are_told_by_their_headings(tmp_path: Path) -> None:
    """Nothing that stands there ties a row to a line."""
    columns = tuple(
        column.model_copy(update={"needed": False}) for column in bank("generic").result.columns
    )
    rows = [["状态", "应发金额"], ["成功", "1510.00"]]

    with pytest.raises(InputInvalid) as caught:
        read_results(xlsx(tmp_path, rows), changed_result(columns=columns), SENT)
    (finding,) = caught.value.findings
    assert (finding.code, finding.details["column"]) == ("FL789", "状态、应发金额")


def test_amounts_in_fen_may_be_whole_numbers(tmp_path: Path) -> None:
    rows = table({**PAID, "应发金额": 151000, "实发金额": 151000})
    half = table({**PAID, "应发金额": 151000, "实发金额": 1510.5})

    assert read_results(xlsx(tmp_path, rows), changed_result(unit="fen"), SENT).results
    assert told(xlsx(tmp_path, half), changed_result(unit="fen")) == [("FL787", "D3 [实发金额]")]


def test_a_remark_of_the_bank_below_its_table_is_left_out(tmp_path: Path) -> None:
    """It is known by its beginning, stands alone in its row, and is the last."""
    profile = changed_result(notes=("以上数据仅供参考", "打印时间"))
    foot: list[object] = ["以上数据仅供参考，以柜台为准"]
    rows = table(PAID, FAILED)

    path = xlsx(tmp_path, [*rows, foot, ["", "打印时间：2026-11-28"]])
    assert len(read_results(path, profile, SENT).results) == 2
    last: list[list[object]] = [[*foot, "1510.00"], ["其他"]]
    for wrong in ([*rows[:-1], foot, rows[-1]], *([*rows, row] for row in last)):
        assert "FL774" in [code for code, _ in told(xlsx(tmp_path, wrong), profile)]
    assert "FL774" in [code for code, _ in told(xlsx(tmp_path, [*rows, foot]), bank("generic"))]


def test_a_status_or_reason_may_be_a_whole_number(tmp_path: Path) -> None:
    reasons = (ReasonWords(code="AC06", words=("203",)),)
    profile = changed_result(paid=("1",), failed=("2",), reasons=reasons)
    rows = table({**PAID, "状态": 1}, {**FAILED, "状态": 2, "失败原因": 203})

    found = read_results(xlsx(tmp_path, rows), profile, SENT)
    assert [(r.outcome, r.reason) for r in found.results] == [("paid", None), ("failed", "AC06")]


def test_a_text_that_is_called_a_workbook_is_read_by_what_it_is(tmp_path: Path) -> None:
    """Some banks write cells parted by tabs, as formulas of a text, into an .xls."""
    rows = table(PAID)
    text = "".join("\t".join(f'="{cell}"' for cell in row) + "\r\n" for row in rows)
    path = tmp_path / "回盘.xls"
    path.write_bytes(text.encode("gb18030"))

    assert [r.line for r in read_results(path, bank("generic"), SENT).results] == [line_of(0)]


WHOLE = tuple(
    (name, form, answered(name, ORDER, [
        Verdict(one, outcome, reason if outcome == "failed" else "", date(2026, 11, 27))
        for one, outcome in zip(
            taken(name, render(ORDER, bank(name)).data), ("paid", "failed", "failed"), strict=True
        )
    ], form))
    for name, form, reason in (
        ("generic", "csv", "账户已销户"),
        ("sh-platform", "csv", "账户已销户"),
        ("pipe-text", "", "账户已销户"),
        ("iso20022", "", "AC04"),
        ("fixed-fen", "", "账户已销户"),
        ("generic", "xlsx", "账户已销户"),
        ("generic", "xls", "账户已销户"),
    )
)  # fmt: skip
SHAPES = [f"{name} {form}" for name, form, _ in WHOLE]


@pytest.mark.parametrize(("name", "form", "data"), WHOLE[:5], ids=SHAPES[:5])
def test_an_answer_cut_anywhere_says_nothing_that_the_whole_does_not(
    tmp_path: Path, name: str, form: str, data: bytes
) -> None:
    path = tmp_path / f"回盘{form}"
    whole = results_of(path, data, name)

    assert len(whole) == 3
    for end in range(len(data)):
        assert results_of(path, data[:end], name) < whole, end


@pytest.mark.parametrize(("name", "form", "data"), WHOLE, ids=SHAPES)
@given(places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1,
                       max_size=4))  # fmt: skip
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    form: str,
    data: bytes,
    places: list[tuple[int, int]],
) -> None:
    changed = bytearray(data)
    for at, byte in places:
        changed[at % len(changed)] = byte

    path = tmp_path_factory.getbasetemp() / f"changed{form}"
    assert all(result.amount_fen in {0, 5, 151000} for result in
               results_of(path, bytes(changed), name))  # fmt: skip


CELLS = st.one_of(
    st.text(max_size=6).map(lambda text: f"{text}秘密{text}"),
    st.sampled_from(
        ("", "-", "0", "0.00", "1510.00", "-1", "1e9", "成功", "失败", "合计", "批次号")
    ),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**19), 10**19),
    st.datetimes(min_value=datetime(1900, 3, 1), max_value=datetime(9000, 1, 1)),  # noqa: DTZ001 - as spreadsheets have them
    st.sampled_from((line_of(0), line_of(2), account_of(0), account_of(2))),
)


@given(
    changes=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 9), CELLS), min_size=1, max_size=4
    ),
    profile=st.sampled_from((bank("generic"), totalled("generic"))),
)
def test_whatever_stands_in_a_cell_is_read_or_refused_and_never_told(
    tmp_path_factory: pytest.TempPathFactory,
    changes: list[tuple[int, int, object]],
    profile: BankProfile,
) -> None:
    rows = table(PAID, FAILED, foot=("合计", "", 1510.05, 1510.0))
    for row, column, cell in changes:
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = cell
    path = xlsx(tmp_path_factory.getbasetemp(), rows)

    findings: tuple[Finding, ...]
    results: tuple[Result, ...] = ()
    try:
        found = read_results(path, profile, SENT)
    except InputInvalid as error:
        findings = error.findings
    else:
        findings, results = found.findings, found.results
    for finding in findings:
        said = f"{finding.subject} {dict(finding.details)} {finding.sentence('zh')}"
        assert "秘密" not in said
        assert account_of(0) not in said
    assert {(r.line, r.amount_fen) for r in results} <= {
        (line_of(0), 151000),
        (line_of(0), 0),
        (line_of(1), 5),
        (line_of(1), 0),
        (line_of(2), 0),
        (line_of(2), 151000),
    }
