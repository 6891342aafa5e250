"""The workbook and the screen show the proposal's own figures, to the fen."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from fundledger.budget import Proposal
from fundledger.budget.form import lines_of
from fundledger.report.forms import forms
from fundledger.report.proposal import (
    fund_table,
    proposal_table,
    proposal_workbook,
    write_proposal,
)
from fundledger.report.proposal_words import shown_source
from support.budgets import CREATED, of_every_kind
from support.sheets import body, fen, sheet_xml, sheets, sums

T1 = [
    *("序号", "资金名称", "牵头部门", "救助类别", "支出功能分类", "上年预算数", "上年实际列支数"),
    *("执行率", "剔除一次性因素", "年化调整", "标准调整因素", "人数变动因素", "可比测算数"),
    *("部门申报数", "差异额", "差异率", "差异原因", "核定建议数", "其中:结转安排"),
    *("其中:当年拨款", "资金来源", "备注"),
]
T2 = [
    *("申报部门", "资金", "救助类别", "对象户数", "对象人数", "补助标准\n(元/人·月)", "月(次)数"),
    *("需求金额", "政策依据(文号)", "测算说明", "佐证材料", "其中有佐证金额"),
    *("经办人", "部门负责人", "申报日期"),
]
T3 = ["预算数", "账面列支", "银行实付", "退汇未补发", "名册应发", "差异", "说明"]
SHEETS = ["预算建议表", "需求申报汇总", "上年列支核对", "测算过程", "说明"]


@pytest.fixture(scope="module")
def proposal(tmp_path_factory: pytest.TempPathFactory) -> Proposal:
    """Return a proposal with every decision, a reserve, blocked lines and a fraction of a fen."""
    return of_every_kind(tmp_path_factory.mktemp("office"))


def test_the_columns_of_a_line_add_up_across(proposal: Proposal) -> None:
    rows = body(sheets(proposal_workbook(proposal, CREATED))["预算建议表"])
    whole = [row for row in rows if row[17] != ""]

    assert len(whole) > 3
    for row in whole:
        effects = [fen(row[column]) or 0 for column in (6, 8, 9, 10, 11)]
        assert sum(effects) == fen(row[12])
        assert (fen(row[13]) or 0) == (fen(row[12]) or 0) + (fen(row[14]) or 0)


def test_the_forms_have_the_sheets_and_headings_of_the_joint_conference(proposal: Proposal) -> None:
    found = sheets(proposal_workbook(proposal, CREATED))

    assert list(found) == SHEETS
    assert found["预算建议表"][0][0] == "2027年度社会救助资金预算建议表"
    assert found["预算建议表"][2] == T1
    assert found["需求申报汇总"][2] == ["序号", *T2]
    assert found["上年列支核对"][2][4:] == T3


def test_every_line_of_the_form_says_what_the_proposal_says(proposal: Proposal) -> None:
    rows = body(sheets(proposal_workbook(proposal, CREATED))["预算建议表"])

    by_name = {(row[1], row[3]): row for row in rows}
    for line in proposal.lines:
        row = by_name[line.place.fund.zh, line.place.category.zh]
        shown = dict(zip((step.name for step in line.steps), line.shown_fen(), strict=True))
        assert [fen(row[column]) for column in (5, 6, 9, 13, 17, 18, 19)] == [
            line.history.adjusted_fen,
            line.history.actual_fen,
            shown.get("annualisation"),
            line.need_fen if line.need else None,
            line.proposed_fen,
            line.carry_over_fen,
            line.appropriation_fen,
        ]
        base_fen, gap_fen = fen(row[12]), fen(row[14])
        assert base_fen == line.history.actual_fen + shown.get("annualisation", 0)
        assert gap_fen == line.need_fen - base_fen
        assert row[8] == row[10] == row[11] == ""
    ended = by_name["元旦春节帮困送温暖资金", "领导走访慰问"]
    assert (fen(ended[6]), fen(ended[17]), ended[21]) == (70_000_00, 0, "不再安排，资金用途已终止")
    for item in proposal.blocked:
        row = by_name[item.place.fund.zh, item.place.category.zh]
        assert row[12] == row[17] == row[19] == ""
        assert row[21].endswith("暂不测算")
    assert len(rows) == len(proposal.lines) + len(proposal.blocked)


def test_the_sum_of_the_form_is_the_sum_of_the_funds(proposal: Proposal) -> None:
    rows = sheets(proposal_workbook(proposal, CREATED))["预算建议表"]

    (total,) = (row for row in rows if row[0] == "合计")
    assert fen(total[17]) == sum(item.need_fen for item in proposal.totals)
    assert fen(total[18]) == sum(item.carry_over_fen for item in proposal.totals)
    assert fen(total[19]) == sum(item.request_fen for item in proposal.totals)
    reserves = [fen(row[17]) for row in rows if row[3] == "预备金"]
    assert reserves == [item.reserve_fen for item in proposal.totals if item.reserve_fen]
    signatures = " ".join(str(cell) for cell in rows[-1])
    for place in ("制表", "审核", "分管领导", "联席会议审议意见", "日期"):
        assert place in signatures


def test_sums_are_formulas_over_the_rows_above_with_their_values(proposal: Proposal) -> None:
    found = sheet_xml(proposal_workbook(proposal, CREATED))

    assert [name for name in SHEETS if name != "说明" and not sums(found[name])] == []


def test_print_is_no_smaller_than_eight_points(proposal: Proposal) -> None:
    with zipfile.ZipFile(io.BytesIO(proposal_workbook(proposal, CREATED))) as book:
        styles = book.read("xl/styles.xml").decode()
    points = min(float(size) for size in re.findall(r'<sz val="([\d.]+)"', styles))
    wide_mm = {True: 420, False: 297}
    for form in forms(proposal):
        # a character of a workbook's column is 7 pixels of 1/96 inch, and a column has 5 more
        inches = sum(7 * column.width + 5 for column in form.columns) / 96
        printable = wide_mm[form.large] / 25.4 - 2 * 0.4
        assert points * min(1, printable / inches) >= 8, form.sheet


def test_the_steps_on_paper_add_up_to_the_figure(proposal: Proposal) -> None:
    rows = body(sheets(proposal_workbook(proposal, CREATED))["测算过程"])

    for line in proposal.lines:
        name = (line.place.fund.zh, line.place.category.zh)
        amounts = {row[4]: fen(row[5]) for row in rows if (row[1], row[3]) == name}
        result = amounts.pop("核定建议数")
        assert result == line.proposed_fen == sum(amount or 0 for amount in amounts.values())
        goes_on = ["年化调整"] if line.place.in_force else []
        assert list(amounts) == ["上年实际列支", *goes_on, "采纳的需求差异", "取整"]


def test_the_steps_say_in_chinese_where_their_figures_stand(proposal: Proposal) -> None:
    rows = sheets(proposal_workbook(proposal, CREATED))["测算过程"]

    head = next(book for book in proposal.provenance.books if book.fund == "low-income")
    journal = f"low-income 日记账第{head.records}号记录（摘要 {head.head[:12]}）"
    places = {row[8] for row in body(rows)}
    assert {journal, f"2027/CASC.xlsx 第4行；{journal}", "rules/budget.toml"} <= places
    assert not [place for place in places if re.search("row|journal", place)]
    assert shown_source("journal union#0 ", "zh") == "union 日记账（尚无记录）"
    assert shown_source("2027/CASC.xlsx row 4", "en") == "2027/CASC.xlsx row 4"


def test_how_bad_a_finding_is_has_the_word_of_the_screen(proposal: Proposal) -> None:
    rows = sheets(proposal_workbook(proposal, CREATED))["说明"]

    words = {(row[0], row[1]) for row in rows if str(row[0]).startswith("FL")}
    assert {("FL540", "错误"), ("FL536", "警告"), ("FL548", "提示")} <= words
    assert {word for _, word in words} == {"错误", "警告", "提示"}


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("十个字的一行十个字的", 20, 1),
        ("十个字的一行十个字的一", 20, 2),
        ("十个字的一行十个字的。", 20, 2),
        ("上行\n下行", 20, 2),
        ("凭证号如 2026-03-0007。", 20, 2),
        ("a" * 50, 20, 3),
        ("（" * 3, 20, 1),
    ],
)
def test_a_row_is_as_high_as_its_text_is_long(text: str, width: int, lines: int) -> None:
    assert lines_of(text, width, 21) == lines


def test_the_declared_needs_and_the_payments_are_shown_as_they_are(proposal: Proposal) -> None:
    found = sheets(proposal_workbook(proposal, CREATED))

    needs = [need for item in proposal.declarations for need in item.needs]
    assert [fen(row[8]) for row in body(found["需求申报汇总"])] == [
        need.amount_fen for need in needs
    ]
    assert [row[1] for row in found["需求申报汇总"] if row[10] == "未报送"] == [
        item.names.zh for item in proposal.declarations if not item.sha256
    ]
    paid_rows = {(row[1], row[3]): row for row in body(found["上年列支核对"])}
    for line in proposal.lines:
        row = paid_rows[line.place.fund.zh, line.place.category.zh]
        assert [fen(cell) for cell in row[4:10]] == [
            line.history.adjusted_fen,
            line.history.actual_fen,
            line.history.bank_fen,
            None,
            None,
            line.history.actual_fen - line.history.bank_fen,
        ]


def test_the_notes_name_what_waits_what_is_put_off_and_every_digest(proposal: Proposal) -> None:
    rows = sheets(proposal_workbook(proposal, CREATED))["说明"]

    text = "\n".join(str(cell) for row in rows for cell in row if cell != "")
    assert "未报送申报表的部门：总工会、妇联、社区服务办" in text
    assert "传统民政救济对象" in text
    assert "2026-07-31" in text
    for book in proposal.provenance.books:
        assert book.head in text
    for _, digest in (*proposal.provenance.needs, *proposal.provenance.rules):
        assert digest in text
    for finding in proposal.findings:
        assert finding.sentence("zh") in text


def test_the_same_proposal_gives_the_same_bytes(proposal: Proposal, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"

    write_proposal(proposal, path, CREATED)

    assert path.read_bytes() == proposal_workbook(proposal, CREATED)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_screen_has_a_row_for_every_line_and_every_fund(
    proposal: Proposal, language: str
) -> None:
    headings, rows = proposal_table(proposal, language)
    assert len(rows) == len(proposal.lines) + len(proposal.blocked)
    assert {len(row) for row in rows} == {len(headings)}
    illness = next(row for row in rows if row[4] == "520,000.00")
    assert illness[2:8] == (
        *("233,333.31", "399,999.96", "520,000.00"),
        *("460,000.00", "200,000.04", "60,000.00"),
    )
    headings, rows = fund_table(proposal, language)
    assert {len(row) for row in rows} == {len(headings)}
    assert len(rows) == len(proposal.totals)
