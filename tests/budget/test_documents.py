"""What stands beside a proposal rests on the records that the proposal rests on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fundledger.budget import Documents, Proposal, documents
from fundledger.ledger import drafts
from fundledger.office import Office
from fundledger.report.proposal import proposal_workbook
from fundledger.report.proposal_page import proposal_page
from support.budgets import (
    AS_OF,
    CREATED,
    ILLNESS,
    JOBLESS,
    KEY,
    LOW_INCOME,
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
