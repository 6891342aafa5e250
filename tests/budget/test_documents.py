"""What stands beside a proposal rests on the records that the proposal rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fundledger.budget import Documents, Proposal, Used, documents
from fundledger.ledger import drafts
from fundledger.ledger.books import Books
from fundledger.ledger.door import Disk
from fundledger.ledger.indexed import books_on
from fundledger.ledger.tables import Tables
from fundledger.office import Office
from fundledger.report.forms import Fen, forms
from fundledger.report.forms.used import used
from fundledger.report.proposal import proposal_workbook
from fundledger.report.proposal_page import proposal_page
from support.budgets import (
    AS_OF,
    CREATED,
    ILLNESS,
    JOBLESS,
    KEY,
    LOW_INCOME,
    funded,
    paid,
    proposed,
    ruled,
    three_lines_at,
    voucher,
)
from support.sheets import body, fen, sheet_xml, sheets, sums


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return three_lines_at(tmp_path)


def moved(office: Office, giver: tuple[str, str], taker: tuple[str, str], fen: int) -> str:
    """Move budget between two lines on 20 October, and return the voucher's number."""
    postings = drafts.virement(2026, giver, taker, fen)
    draft = voucher(postings, date(2026, 10, 20), "virement")
    (ref,) = office.fund(KEY.fund).record((draft,)).refs
    return ref


def beside_of(office: Office) -> tuple[Proposal, Documents]:
    proposal = proposed(office)
    return proposal, documents(office, proposal)


def test_without_documents_their_sheets_are_left_out(office: Office) -> None:
    proposal = proposed(office)

    found = sheets(proposal_workbook(proposal, CREATED))
    assert {"结转结余", "执行进度", "预算调剂", "收支决算"}.isdisjoint(found)
    assert "收支决算表" not in proposal_page(proposal)


def notes_of(beside: Documents, proposal: Proposal) -> dict[str, tuple[str, ...]]:
    return {form.sheet: form.notes for form in forms(proposal, beside)}


BESIDE = ["结转结余", "执行进度", "预算调剂", "收支决算"]
THROUGH_THE_CUT_OFF = ["上年列支核对", "绩效目标"]


def test_a_form_says_whose_books_end_before_its_day_each_fund_once(office: Office) -> None:
    """Low-income has October, dibao September and festival nothing but a closed October.

    On 15 November those three lack November, and of what goes through October dibao alone lacks it.
    """
    funded(office, "dibao", ("CASC", "Dibao"), 500_00)
    paid(office, "dibao", ("CASC", "Dibao"), [(date(2026, 9, 10), 1_00)])
    funded(office, "festival", ("Joint", "Visit"), 500_00)
    for month in range(1, 11):
        office.fund("festival").close(f"2026-{month:02d}", actor="S07")
    proposal = proposed(office, date(2026, 11, 15))
    beside = documents(office, proposal)

    found = notes_of(beside, proposal)
    october, september, none = found["结转结余"]
    assert october == (
        "账簿只记到2026年10月：低收入和因病支出型困难家庭救助资金、元旦春节帮困送温暖资金"
    )
    assert september == "账簿只记到2026年9月：最低生活保障资金"
    assert none.startswith("账簿尚无凭证：特困人员救助供养资金、临时救助资金")
    assert [found[sheet] for sheet in BESIDE] == [(october, september, none)] * len(BESIDE)
    assert [found[sheet] for sheet in THROUGH_THE_CUT_OFF] == [(september, none)] * 2
    assert found["预算建议表"] == found["需求申报汇总"] == found["测算过程"] == ()
    named = "、".join(note.partition("：")[2] for note in found["收支决算"]).split("、")
    assert sorted(named) == sorted(fund.names.zh for fund in beside.lots)

    head = sheets(proposal_workbook(proposal, CREATED, beside))["收支决算"][1][0]
    assert head.split("\n")[1:] == [october, september, none]
    page = proposal_page(proposal, beside)
    assert page.count(f'<p class="note">{october}</p>') == len(BESIDE)
    assert page.count(f'<p class="note">{september}</p>') == len(BESIDE) + 1  # and T6; no T3 there


def test_books_that_go_on_after_its_day_do_not_end_before_it(office: Office) -> None:
    paid(office, KEY.fund, ILLNESS, [(date(2026, 11, 10), 1_00)])
    proposal = proposed(office)

    notes = notes_of(documents(office, proposal), proposal)["执行进度"]
    assert not any("低收入" in note for note in notes)
    assert [note.partition("：")[0] for note in notes] == ["账簿尚无凭证"]


def test_each_fund_is_folded_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal = proposed(office)
    folded = []

    def counted(disk: Disk, fund: str, tables: Tables) -> Books:
        folded.append(fund)
        return books_on(disk, fund, tables)

    monkeypatch.setattr("fundledger.reader.books_on", counted)
    documents(office, proposal)

    assert folded == list(office.fund_ids)


def test_the_execution_form_balances_and_says_what_is_provisional(office: Office) -> None:
    office.fund(KEY.fund).record(
        (
            voucher(drafts.encumbrance(2026, ILLNESS, 70_00), date(2026, 10, 20), "encumber"),
            voucher(drafts.adoption(2026, ILLNESS, 5_00), date(2026, 10, 20), "supplement"),
        )
    )
    proposal, beside = beside_of(office)

    rows = sheets(proposal_workbook(proposal, CREATED, beside))["执行进度"]
    assert rows[2][4:12] == [
        *("调整后预算", "其中:\n批复前指标", "累计支出", "已占用", "可用", "未分配", "上缴收回"),
        "结转下年",
    ]
    (illness,) = [row for row in body(rows) if row[3] == "大重病患者"]
    assert [fen(cell) for cell in illness[4:12]] == [
        *(48_005_00, 0, 40_000_00, 70_00, 7_930_00, 5_00, 0, 0)
    ]
    status = beside.status
    line = replace(
        next(one for one in status.funds[2].lines if one.place.key == KEY),
        used=Used(provisional_fen=9_00, brought_forward_fen=1_00, available_fen=10_00),
    )
    told = replace(status, funds=(replace(status.funds[2], lines=(line,)),))
    (row, _) = used(proposal, replace(beside, status=told)).rows
    assert row.cells[4:6] == (Fen(10_00), Fen(9_00))


def test_where_nothing_was_moved_the_form_says_so(office: Office) -> None:
    proposal, beside = beside_of(office)

    rows = sheets(proposal_workbook(proposal, CREATED, beside))["预算调剂"]
    assert rows[3][1] == "无"
    assert (rows[4][0], fen(rows[4][4])) == ("合计", 0)


def test_what_was_moved_is_told_and_what_was_undone_is_not_added(office: Office) -> None:
    kept = moved(office, LOW_INCOME, ILLNESS, 1_500_00)
    undone = moved(office, ILLNESS, JOBLESS, 700_00)
    fund = office.fund(KEY.fund)
    (original,) = [one for one in fund.vouchers() if one.ref == undone]
    fund.record((drafts.reversal(original, date(2026, 10, 21), "S03", "S01"),))
    proposal, beside = beside_of(office)

    data = proposal_workbook(proposal, CREATED, beside)
    first, second = body(sheets(data)["预算调剂"])
    assert first[1:7] == [
        *("低收入和因病支出型困难家庭救助资金", "社区事务受理服务中心 · 低收入家庭"),
        *("社区事务受理服务中心 · 大重病患者", 1500.0, "测试凭证", "例批〔2026〕1号"),
    ]
    assert (first[7], first[8]) == ("2026-10-20", kept)
    assert second[4] == ""
    assert f"{undone}（已由" in second[8]
    assert "原 700.00" in second[8]
    assert [value for *_, value in sums(sheet_xml(data)["预算调剂"])] == [1500.0]


def test_what_is_recorded_after_the_proposal_is_not_in_it(office: Office) -> None:
    proposal, before = beside_of(office)
    moved(office, LOW_INCOME, ILLNESS, 1_500_00)
    paid(office, KEY.fund, ILLNESS, [(date(2026, 10, 30), 3_00)])

    assert documents(office, proposal) == before
    _, after = beside_of(office)
    assert after.status.used.expended_fen == before.status.used.expended_fen + 3_00
    assert len(after.virements[KEY.fund]) == 1


def test_a_day_after_the_year_counts_the_whole_year(office: Office) -> None:
    proposal = proposed(office, date(2027, 2, 1))

    beside = documents(office, proposal)
    assert (beside.year, beside.day) == (2026, date(2026, 12, 31))
    title = sheets(proposal_workbook(proposal, CREATED, beside))["收支决算"][0][0]
    assert title == "2026年度收支决算表（截至2026-12-31）"


def test_a_line_that_no_list_pays_has_no_figure_of_lists(office: Office) -> None:
    proposal, beside = beside_of(office)

    assert beside.listed == {}
    assert proposal.as_of == beside.day == AS_OF
    rows = sheets(proposal_workbook(proposal, CREATED, beside))["上年列支核对"]
    assert {cell for row in rows[3:7] for cell in row[7:9]} == {""}


def test_a_target_stands_beside_what_was_reached_in_the_years_that_it_holds_for(
    office: Office,
) -> None:
    target = '\n[[target]]\nindicator = "{}"\nfrom = {}\nbasis_points = {}\nsource = "例文"\n'
    office = ruled(
        office,
        target.format("timely", "2027-01-01", 9950)
        + target.format("full", "2027-01-02", 10_000)
        + target.format("coverage", "2026-01-01", 10_000),
    )
    proposal, beside = beside_of(office)

    rows = body(sheets(proposal_workbook(proposal, CREATED, beside))["绩效目标"])
    assert [(row[1], row[2], row[5]) for row in rows] == [
        ("按时发放率", 0.995, "例文"),
        ("足额发放率", "", ""),
        ("社会化发放率", "", ""),
        ("发放准确率", "", ""),
        ("应保尽保率", 1.0, "例文"),
        ("投诉处理率", "", ""),
    ]
    assert [row[3] for row in rows] == ["", "", 0.0, "", "", ""]
    assert ">99.50%</td>" in proposal_page(proposal, beside)
