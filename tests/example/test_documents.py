"""What stands beside a proposal is what the books say, to the fen."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from fundledger.budget import (
    Documents,
    Line,
    Proposal,
    budget_status,
    documents,
    fund_lots,
    outturn,
    propose,
)
from fundledger.budget.watch.plain import office_json
from fundledger.money import display_fen
from fundledger.office import Office
from fundledger.report.forms import forms, forms_beside, items
from fundledger.report.proposal import proposal_workbook
from fundledger.report.proposal_page import proposal_page
from support.budgets import CREATED
from support.sheets import body, fen, heights, links, room, sheet_xml, sheets, sums

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 15)
SIGNED = 30.0  # the height of the row for signatures, which run on over the cells beside them
T4 = ["资金", "形成年度", "年初结转", "本年收入", "本年支出", "上缴收回", "年末结转", "结转年限"]
T5 = [
    *(
        "资金",
        "部门",
        "类别",
        "调整后预算",
        "其中:\n批复前指标",
        "累计支出",
        "已占用",
        "可用",
        "未分配",
    ),
    *("上缴收回", "结转下年", "执行率", "序时进度", "偏差\n(百分点)"),
]
T7 = ["资金", "调出类别", "调入类别", "金额", "理由", "批准文号", "日期"]
T8 = ["资金", "上年结转", "拨入", "利息", "捐赠", "支出", "上缴", "以前年度调整", "年末结余"]


@pytest.fixture(scope="module")
def office() -> Office:
    return Office(ROOT)


@pytest.fixture(scope="module")
def proposal(office: Office) -> Proposal:
    return propose(office, 2027, as_of=DAY)


@pytest.fixture(scope="module")
def beside(office: Office, proposal: Proposal) -> Documents:
    return documents(office, proposal)


@pytest.fixture(scope="module")
def data(proposal: Proposal, beside: Documents) -> bytes:
    return proposal_workbook(proposal, CREATED, beside)


@pytest.fixture(scope="module")
def found(data: bytes) -> dict[str, list[list[Any]]]:
    return sheets(data)


def test_they_are_the_values_of_the_commands(
    office: Office, proposal: Proposal, beside: Documents
) -> None:
    charters = [office.charter.fund_charter(fund) for fund in office.fund_ids]
    assert [one.as_json() for one in beside.lots] == [
        fund_lots(office.fund(one.fund.id).books(), DAY, one).as_json() for one in charters
    ]
    assert list(beside.outturns) == [
        outturn(office.fund(one.fund.id), 2026, DAY, one) for one in charters
    ]
    assert beside.status == budget_status(office, office.fund_ids, 2026, DAY)
    for fund in ("dibao", "tekun"):
        (key,) = [key for key in beside.listed if key.fund == fund]
        months = [
            row.tally
            for row in office.fund(fund).timeliness(DAY)
            if "2026-01" <= row.month <= "2026-10"
        ]
        assert beside.listed[key].due_fen == sum(one.approved.amount_fen for one in months)
        assert beside.listed[key].unpaid_fen == sum(
            total.amount_fen
            for batch in office.fund(fund).books().batches()
            for state, total in batch.by_state().items()
            if state in {"returned", "reversed"}
        )
        assert proposal.months == 10


def test_the_workbook_has_the_forms_in_their_order(found: dict[str, list[list[Any]]]) -> None:
    assert list(found) == [
        *("预算建议表", "需求申报汇总", "上年列支核对", "结转结余", "执行进度", "绩效目标"),
        *("预算调剂", "收支决算", "测算过程", "说明"),
    ]
    for sheet, headings in (("结转结余", T4), ("执行进度", T5), ("预算调剂", T7), ("收支决算", T8)):
        assert found[sheet][2][1 : len(headings) + 1] == headings
        assert "截至2026-11-15" in found[sheet][0][0]
    assert "年度未终了" in found["收支决算"][0][0]


def test_lots_add_up(found: dict[str, list[list[Any]]], beside: Documents) -> None:
    rows = body(found["结转结余"])

    lots = [lot for fund in beside.lots for lot in fund.lots]
    assert [[fen(cell) for cell in row[3:8]] for row in rows] == [
        [lot.opening_fen, lot.income_fen, lot.spent_fen, lot.given_back_fen, lot.open_fen]
        for lot in lots
    ]
    for row in rows:
        opening, income, spent, given_back, left = (fen(cell) or 0 for cell in row[3:8])
        assert left == opening + income - spent - given_back
    assert {row[10] for row in rows} <= {"当年资金", "已用完", "结转继续使用"}


def test_execution_is_that_of_each_line(
    found: dict[str, list[list[Any]]], beside: Documents
) -> None:
    by_name = {(row[1], row[2], row[3]): row for row in body(found["执行进度"])}

    lines = [line for fund in beside.status.funds for line in fund.lines]
    assert len(by_name) == len(lines)
    warned = set()
    for line in lines:
        place, used = line.place, line.used
        row = by_name[place.fund.zh, place.unit.zh, place.category.zh]
        adjusted_fen, provisional_fen, *became_fen = [fen(cell) or 0 for cell in row[4:12]]
        assert (adjusted_fen, provisional_fen) == (used.adjusted_fen, 0)
        assert became_fen[0] == used.expended_fen
        assert sum(became_fen) == adjusted_fen
        assert (line.deviation is None) == (row[14] == "")
        if line.deviation is not None:
            assert row[14] == pytest.approx(float(100 * line.deviation))
            assert row[14] == pytest.approx(100 * (row[12] - row[13]))
        assert fen(row[15]) == line.outlook.whole_fen
        if row[16]:
            warned.add(place.key.line)
    told = {one.subject for fund in beside.status.funds for one in fund.findings}
    assert warned == told & {line.place.key.line for line in lines}


@pytest.mark.parametrize(
    ("day", "given_back", "carried"),
    [
        (date(2025, 6, 30), False, False),
        (date(2025, 12, 30), False, False),
        (date(2025, 12, 31), True, True),
        (date(2026, 1, 1), True, True),
        (date(2026, 3, 15), True, False),
        (DAY, True, False),
    ],
)
def test_each_row_balances_on_any_day(
    office: Office,
    day: date,
    *,
    given_back: bool,
    carried: bool,
) -> None:
    """In the course of a year, when it was ended, and when its batches had given back."""
    year = 2025 if day < date(2026, 1, 2) else 2026
    status = budget_status(office, office.fund_ids, year, day)

    plain = office_json(status)
    lines = [line.used for fund in status.funds for line in fund.lines]
    assert len(lines) > 30
    became = ("expended", "encumbered", "available", "unallotted", "given_back", "carried_forward")
    for used in lines:
        assert used.adjusted_fen == sum(getattr(used, f"{name}_fen") for name in became)
    for row in (*plain["funds"], plain["total"]):
        assert row["adjusted_fen"] == sum(row[f"{name}_fen"] for name in became)
    assert any(used.given_back_fen for used in lines) is given_back
    assert any(used.carried_forward_fen for used in lines) is carried


def test_what_is_printed_has_room(data: bytes, found: dict[str, list[list[Any]]]) -> None:
    """No line of text is cut, though each is a narrow character shorter, and no amount either.

    Lines are counted character by character; 15.2 points are what the tallest of the usual
    Chinese fonts needs at 10.5.
    """
    for name, xml in sheet_xml(data).items():
        has_room, tall = room(xml), heights(xml)
        merged = {place for place in has_room if place[0] >= 0}
        for number, row in enumerate(found[name][1:-1], 1):
            for column, cell in enumerate(row):
                width = has_room.get((number, column), has_room[-1, column])
                if isinstance(cell, str) and cell and (tall.get(number) != SIGNED):
                    needed = sum(lines_in(part, width - 1) for part in cell.split("\n"))
                    assert 15.2 * needed <= tall.get(number, 15), (name, number, cell)
                elif isinstance(cell, float) and not cell.is_integer():
                    assert len(f"{cell:,.2f}") < width, (name, number, cell)
        assert merged


def lines_in(text: str, width: int) -> int:
    """Return the lines of a text whose words and numbers are not broken unless they must be."""
    lines, used = 1, 0
    for word in re.findall(r"[!-~]+|.", text):
        length = len(word) if word.isascii() else 2
        if used and used + length > width and word != " ":
            lines, used = lines + 1, 0
        while length > width:
            lines, length = lines + 1, length - width
        used += length
    return lines


def test_the_outturn_is_held_against_the_account(
    found: dict[str, list[list[Any]]], beside: Documents
) -> None:
    rows = body(found["收支决算"])

    assert len(rows) == len(beside.outturns)
    for row, one in zip(rows, beside.outturns, strict=True):
        figures = [fen(cell) or 0 for cell in row[2:13]]
        opening, given, interest, donated, spent, back, adjusted, left, owed, claims, bank = figures
        assert left == opening + given + interest + donated - spent - back + adjusted
        assert bank == left + owed - claims == one.bank_fen
        assert row[13].startswith("相符")


def test_payment_lists_stand_in_the_comparison(
    found: dict[str, list[list[Any]]], proposal: Proposal, beside: Documents
) -> None:
    rows = {(row[1], row[3]): row for row in body(found["上年列支核对"])}

    seen = 0
    for item in items(proposal):
        row = rows[item.place.fund.zh, item.place.category.zh]
        listed = beside.listed.get(item.key)
        assert (fen(row[7]), fen(row[8])) == (
            (None, None) if listed is None else (listed.unpaid_fen, listed.due_fen)
        )
        seen += listed is not None
    assert seen == len(beside.listed) > 2
    (total,) = [row for row in found["上年列支核对"] if row[0] == "合计"]
    assert fen(total[8]) == sum(one.due_fen for one in beside.listed.values())


def test_what_was_reached_comes_from_the_tallies(
    found: dict[str, list[list[Any]]], office: Office, proposal: Proposal, beside: Documents
) -> None:
    rows = {row[1]: row for row in body(found["绩效目标"])}

    performance = beside.performance
    tally, sent = performance.tally, performance.sent
    assert 0 < tally.on_time.payments < tally.due.payments
    assert 0 < sent.sound < sent.payments
    through_fen = payments = wrong = 0
    for fund in map(office.fund, office.fund_ids):
        through_fen += sum(
            posting.signed_fen
            for voucher in fund.vouchers()
            if voucher.event.startswith("batch-") and voucher.date <= proposal.cut_off
            for posting in voucher.postings
            if posting.account.startswith("Equity:Budget:2026:Expended:")
        )
        for batch in fund.books().batches():
            if "2026-01-01" <= batch.exported_on <= "2026-10-31":
                for state, total in batch.by_state().items():
                    payments += total.payments * (state != "dropped")
                    wrong += total.payments * (state in {"reissued", "returned"})
    assert performance.through_fen == through_fen
    assert (sent.payments, sent.payments - sent.sound) == (payments, wrong)
    reached = {
        "按时发放率": 10_000 * tally.on_time.payments // tally.due.payments,
        "足额发放率": 10_000 * tally.paid.amount_fen // tally.approved.amount_fen,
        "社会化发放率": 10_000 * performance.through_fen // performance.spent_fen,
        "发放准确率": 10_000 * sent.sound // sent.payments,
    }
    for name, basis_points in reached.items():
        assert rows[name][3] == pytest.approx(basis_points / 10_000)
        assert 0 < basis_points < 10_000
    assert rows["应保尽保率"][3] == rows["投诉处理率"][3] == ""
    assert {row[2] for row in rows.values()} == {""}  # the example's rules aim at nothing yet
    assert performance.through_fen <= performance.spent_fen


def test_each_sum_is_a_formula_over_all_rows_above(data: bytes) -> None:
    for name, xml in sheet_xml(data).items():
        if name not in {"说明", "绩效目标"}:
            told = sums(xml)
            if name != "测算过程":
                last = max(row for _, row, _, _ in told)
                assert {rows for _, row, rows, _ in told if row == last} == {last - 4}, name


def test_each_figure_leads_to_its_steps_and_back(
    data: bytes, found: dict[str, list[list[Any]]], proposal: Proposal
) -> None:
    xml = sheet_xml(data)
    there, back = links(xml["预算建议表"]), links(xml["测算过程"])

    suggested, steps = found["预算建议表"], found["测算过程"]
    lines = items(proposal)
    leading = [number for number, row in enumerate(suggested, 1) if isinstance(row[0], float)]
    assert len(leading) == len(lines)
    for number, item in zip(leading, lines, strict=True):
        row = suggested[number - 1]
        sheet, target = there[f"A{number}"]
        assert sheet == "测算过程"
        assert steps[target - 1][1:4] == row[1:4]
        assert steps[target - 2][1:4] != row[1:4]
        assert back[f"A{target}"] == ("预算建议表", number)
        if isinstance(item, Line):
            assert there[f"R{number}"] == (sheet, target)
            assert fen(row[17]) == item.proposed_fen


def test_each_form_has_all_its_places_to_sign(
    found: dict[str, list[list[Any]]], proposal: Proposal, beside: Documents
) -> None:
    for form in forms(proposal, beside):
        signed = [str(cell) for cell in found[form.sheet][-1] if cell != ""]
        assert signed == list(form.signatures), form.sheet


def test_each_form_prints_no_smaller_than_eight_points(
    proposal: Proposal, beside: Documents
) -> None:
    for form in forms(proposal, beside):
        # a character of a workbook's column is 7 pixels of 1/96 inch, and a column has 5 more
        inches = sum(7 * column.width + 5 for column in form.columns) / 96
        printable = (420 if form.large else 297) / 25.4 - 2 * 0.4
        assert 10.5 * min(1, printable / inches) >= 8, form.sheet


def test_the_page_has_the_same_rows(proposal: Proposal, beside: Documents) -> None:
    page = unescape(proposal_page(proposal, beside))

    places = [page.index(f"<h2>{form.title}</h2>") for form in forms_beside(proposal, beside)]
    assert page.index("<h2>预算建议</h2>") < places[0]
    assert places == sorted(places)
    assert places[-1] < page.index("<h2>测算过程</h2>")
    for one in beside.outturns:
        assert f"{display_fen(one.closing_fen)}</td>" in page
    assert page == unescape(proposal_page(proposal, beside))


def test_the_same_input_gives_the_same_bytes(
    data: bytes, office: Office, proposal: Proposal
) -> None:
    assert proposal_workbook(proposal, CREATED, documents(office, proposal)) == data
