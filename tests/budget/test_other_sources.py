"""What other sources announce for a year comes off what a fund asks for, and off nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.budget import (
    Announced,
    FundTotal,
    Names,
    Proposal,
    compared_of,
    difference,
    kept_bytes,
    read_kept,
    verified,
    what_if,
)
from fundledger.budget.kept import FORMAT, digest
from fundledger.budget.totals import fund_totals
from fundledger.charter import load_budget_rules
from fundledger.money import display_fen
from fundledger.office import Office
from fundledger.report.forms import forms
from fundledger.report.proposal import fund_table, proposal_workbook
from fundledger.report.proposal_changes import difference_told
from fundledger.report.proposal_page import proposal_page
from support.budgets import (
    AS_OF,
    CREATED,
    ILLNESS,
    KEY,
    RULES_OF_BUDGET,
    YEAR,
    declared,
    funded,
    need,
    of_every_kind,
    proposed,
    ruled,
    rules_refused,
    three_lines_at,
)
from support.sheets import fen, sheet_xml, sheets, sums

OTHER = """
[[other_source]]
fund = "low-income"
year = 2027
amount = "30000.50"
source = "District"
document = "例财〔2026〕40号"
"""
LATER = OTHER.replace("40号", "41号").replace("30000.50", "4000.00").replace("District", "Street")
CHARITY = OTHER.replace("low-income", "charity").replace("District", "Donation")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an office whose low-income fund needs 199,400.00, of it 50,400.00 carried over."""
    office = three_lines_at(tmp_path)
    funded(office, KEY.fund, ILLNESS, 500_000_00)
    return office


def total_of(proposal: Proposal, fund: str = KEY.fund) -> FundTotal:
    (total,) = (total for total in proposal.totals if total.fund == fund)
    return total


# What the rules say.


def test_what_is_announced_for_the_year_comes_off_the_request(office: Office) -> None:
    """199,400.00 are needed, 50,400.00 carried over and 34,000.50 announced."""
    before = proposed(office)
    after = proposed(ruled(office, OTHER + OTHER.replace("year = 2027", "year = 2026") + LATER))

    total = total_of(after)
    assert (total.need_fen, total.carry_over_fen) == (199_400_00, 50_400_00)
    assert (total.other_sources_fen, total.other_sources_over_fen) == (34_000_50, 0)
    assert total.request_fen == 114_999_50
    assert [(one.names.zh, one.amount_fen, one.document) for one in total.other_sources] == [
        ("区级财政", 30_000_50, "例财〔2026〕40号"),
        ("街道预算", 4_000_00, "例财〔2026〕41号"),
    ]
    assert after.lines == before.lines
    assert [one for one in after.totals if one.fund != KEY.fund] == [
        one for one in before.totals if one.fund != KEY.fund
    ]
    assert (total_of(before).other_sources_fen, total_of(before).request_fen) == (0, 149_000_00)


def test_more_than_is_needed_asks_for_nothing_and_says_what_is_over(office: Office) -> None:
    """149,000.00 are left to be asked for."""
    for amount, request_fen, over_fen in (
        ("148999.99", 1, 0),
        ("149000.00", 0, 0),
        ("149000.01", 0, 1),
    ):
        rules = office.root / "rules" / "budget.toml"
        text = rules.read_text(encoding="utf-8")
        total = total_of(proposed(ruled(office, OTHER.replace("30000.50", amount))))
        rules.write_text(text, encoding="utf-8")

        assert (total.request_fen, total.other_sources_over_fen) == (request_fen, over_fen)


def test_donors_are_a_source_where_a_fund_takes_donations(office: Office) -> None:
    declared(office, "Charity", [need("charity", "EduAid", 80_000_00, basis="例会纪〔2026〕3号")])

    total = total_of(proposed(ruled(office, CHARITY)), "charity")

    (one,) = total.other_sources
    assert (one.source, one.names) == ("Donation", Names("捐赠", "donations"))
    assert total.request_fen == 80_000_00 - 30_000_50


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        (OTHER * 2, [("FL021", "other_source[2].document")]),
        (OTHER + OTHER.replace("30000.50", "1.00"), [("FL021", "other_source[2].document")]),
        (OTHER.replace("low-", "l-"), [("FL020", "other_source[1].fund")]),
        (OTHER.replace("District", "Districts"), [("FL020", "other_source[1].source")]),
        (OTHER.replace("District", "Lottery"), [("FL020", "other_source[1].source")]),
        (OTHER.replace("District", "Donation"), [("FL020", "other_source[1].source")]),
        (OTHER.replace("District", "district"), [("FL014", "other_source[1].source")]),
        (OTHER.replace("year = 2027", "year = 2020"), [("FL562", "other_source[1]")]),
        (OTHER.replace("30000.50", "0.00"), [("FL011", "other_source[1].amount")]),
        (OTHER.replace("30000.50", "-1.00"), [("FL011", "other_source[1].amount")]),
        (OTHER.replace('"30000.50"', "30000"), [("FL009", "other_source[1].amount")]),
        (OTHER.replace("30000.50", "0.001"), [("FL009", "other_source[1].amount")]),
        (OTHER.replace('document = "例财〔2026〕40号"\n', ""),
         [("FL006", "other_source[1].document")]),
        (OTHER.replace("例财〔2026〕40号", ""), [("FL013", "other_source[1].document")]),
        (OTHER.replace("amount", "amount_fen"), [
            ("FL006", "other_source[1].amount"), ("FL007", "other_source[1].amount_fen"),
        ]),
    ],
)  # fmt: skip
def test_what_no_clerk_can_mean_is_rules_refused(
    office: Office, more: str, codes: list[tuple[str, str]]
) -> None:
    assert rules_refused(ruled(office, more)) == codes


def test_a_source_counts_in_the_years_in_which_the_fund_has_it(office: Office) -> None:
    funds = office.root / "rules" / "funds.toml"
    text = funds.read_text(encoding="utf-8")
    head, fund, rest = text.partition('id = "low-income"')
    had = '{ source = "District", from = 2025-01-01 }'
    rest = rest.replace(had, had.replace(" }", ", until = 2027-03-31 }"), 1)
    funds.write_text(head + fund + rest, encoding="utf-8")
    ruled(office, OTHER)
    load_budget_rules(office.root / "rules")

    ruled(office, OTHER.replace("2027", "2028"))
    assert rules_refused(office) == [("FL020", "other_source[2].source")]


def test_a_fund_that_is_closed_by_then_gets_nothing(office: Office) -> None:
    funds = office.root / "rules" / "funds.toml"
    text = funds.read_text(encoding="utf-8")
    head, fund, rest = text.partition('id = "low-income"')
    rest = rest.replace("opened = 2025-01-01", "opened = 2025-01-01\nclosed = 2026-12-31", 1)
    funds.write_text(head + fund + rest, encoding="utf-8")

    assert rules_refused(ruled(office, OTHER)) == [("FL562", "other_source[1]")]


# The laws.

MONEY = st.integers(min_value=0, max_value=10**12)
LINES = st.lists(st.tuples(MONEY, MONEY), min_size=1, max_size=3)
OTHERS = st.lists(st.integers(min_value=1, max_value=10**12), max_size=3)


@cache
def example() -> Proposal:
    """Return a proposal whose lines stand for others."""
    with TemporaryDirectory() as root:
        return proposed(three_lines_at(Path(root)))


def announced(amounts: list[int]) -> tuple[Announced, ...]:
    names = Names("区级财政", "district treasury")
    return tuple(Announced("District", names, fen, f"例财〔2026〕{fen}号") for fen in amounts)


def totals(
    lines: list[tuple[int, int]], amounts: list[int], reserve: int
) -> tuple[FundTotal, FundTotal]:
    """Return what a fund of such lines asks for, and another one with the same lines."""
    (one, *_) = (line for line in example().lines if not line.place.rigid)
    keys = (one.key, one.key._replace(fund="other"))
    made = [
        replace(
            one,
            place=replace(one.place, key=key),
            proposed_fen=fen,
            carry_over_fen=min(fen, carried_fen),
        )
        for key in keys
        for fen, carried_fen in lines
    ]
    rules = RULES_OF_BUDGET.model_copy(update={"reserve_basis_points": reserve})
    others = {KEY.fund: announced(amounts)}
    first, second = fund_totals([KEY.fund, "other"], made, [], rules, others)
    return first, second


@given(LINES, OTHERS, st.integers(min_value=0, max_value=300))
def test_need_carry_over_and_other_sources_come_to_the_request(
    lines: list[tuple[int, int]], amounts: list[int], reserve: int
) -> None:
    total, beside = totals(lines, amounts, reserve)

    left_fen = total.need_fen - total.carry_over_fen - total.other_sources_fen
    assert total.request_fen >= 0
    assert total.other_sources_over_fen >= 0
    assert total.request_fen - total.other_sources_over_fen == left_fen
    assert 0 in {total.request_fen, total.other_sources_over_fen}
    assert beside == replace(total, fund="other", other_sources=())
    assert beside.request_fen == total.need_fen - total.carry_over_fen


@given(LINES, st.lists(st.integers(min_value=1, max_value=10**12), min_size=1, max_size=3))
def test_one_more_fen_moves_what_is_announced_and_the_request_alone(
    lines: list[tuple[int, int]], amounts: list[int]
) -> None:
    (before, beside), (after, beside_after) = (
        totals(lines, fens, 100) for fens in (amounts, [*amounts[:-1], amounts[-1] + 1])
    )

    assert beside_after == beside
    assert replace(after, other_sources=before.other_sources) == before
    assert after.other_sources_fen == before.other_sources_fen + 1
    assert after.request_fen == max(0, before.request_fen - 1)


# The kept proposal.


def test_a_kept_proposal_has_them_and_is_derived_again(office: Office) -> None:
    office = ruled(office, OTHER + LATER)
    path = office.root / "kept.json"
    path.write_bytes(kept_bytes(proposed(office)))
    kept = read_kept(path)

    (plain,) = [one for one in kept.content["funds"] if one["fund"] == KEY.fund]
    assert (plain["other_sources_fen"], plain["request_fen"]) == (34_000_50, 114_999_50)
    assert plain["other_sources"][0] == {
        "source": "District",
        "name_zh": "区级财政",
        "name_en": "district treasury",
        "amount_fen": 30_000_50,
        "document": "例财〔2026〕40号",
    }
    assert verified(office, kept).holds

    rules = office.root / "rules" / "budget.toml"
    rules.write_text(rules.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    found = verified(Office(office.root, office.surroundings), kept).findings
    assert [(one.code, one.subject) for one in found] == [("FL565", "budget.toml")]


def test_what_is_announced_cannot_be_forged(office: Office) -> None:
    """A digest that fits does not help: it is derived again from the rules."""
    office = ruled(office, OTHER)
    path = office.root / "kept.json"
    whole = json.loads(kept_bytes(proposed(office)))
    (plain,) = [one for one in whole["proposal"]["funds"] if one["fund"] == KEY.fund]
    plain["other_sources"][0]["document"] = "例财〔2026〕99号"
    whole["sha256"] = digest(whole["version"], whole["proposal"])
    assert whole["format"] == FORMAT
    path.write_text(json.dumps(whole), encoding="utf-8")

    found = verified(office, read_kept(path)).findings
    assert [(one.code, one.subject) for one in found] == [
        ("FL566", "funds low-income other_sources #1 document")
    ]


def test_a_proposal_from_before_there_were_any_has_none(office: Office) -> None:
    path = office.root / "kept.json"
    whole = json.loads(kept_bytes(proposed(office)))
    for one in whole["proposal"]["funds"]:
        del one["other_sources"], one["other_sources_fen"]
    whole["sha256"] = digest(whole["version"], whole["proposal"])
    path.write_text(json.dumps(whole), encoding="utf-8")

    was = read_kept(path).proposal
    assert difference(was, compared_of(proposed(office))).nothing


def test_two_proposals_tell_what_was_announced_in_between(office: Office) -> None:
    was = compared_of(proposed(office))
    now = compared_of(proposed(ruled(office, OTHER)))

    found = difference(was, now)

    assert found.lines == ()
    (total,) = found.totals
    assert (total.was_other_sources_fen, total.now_other_sources_fen) == (0, 30_000_50)
    assert difference_told(found, "zh")[0] == (
        "资金 low-income  需求合计 199,400.00；"
        "其他来源 0.00 → 30,000.50 (+30,000.50)；"
        "申请拨款 149,000.00 → 118,999.50 (-30,000.50)"
    )
    assert "other sources 0.00 → 30,000.50" in difference_told(found, "en")[0]


def test_more_of_what_is_not_needed_is_a_difference_too(office: Office) -> None:
    much = OTHER.replace("30000.50", "900000.00")
    was = compared_of(proposed(ruled(office, much)))
    now = compared_of(proposed(ruled(office, LATER)))

    (total,) = difference(was, now).totals
    assert (total.was_request_fen, total.now_request_fen) == (0, 0)
    assert total.now_other_sources_fen == 904_000_00


def test_other_rules_are_tried_with_what_is_announced(office: Office) -> None:
    office = ruled(office, OTHER)
    both = what_if(office, YEAR, ["tolerance_basis_points=800"], as_of=AS_OF)

    assert [total_of(one).other_sources_fen for one in both] == [30_000_50, 30_000_50]


# On paper.


@pytest.fixture(scope="module")
def proposal(tmp_path_factory: pytest.TempPathFactory) -> Proposal:
    """Return a proposal with a reserve, where one fund has enough and another too much.

    The low-income fund, of which lines wait, is announced 10,000.01 and 20,000.00; the festival
    fund, which needs nothing any more, 500.00.
    """
    found = of_every_kind(tmp_path_factory.mktemp("office"))
    given = {"low-income": [10_000_01, 20_000_00], "festival": [500_00]}
    return replace(
        found,
        totals=tuple(
            replace(one, other_sources=announced(given.get(one.fund, []))) for one in found.totals
        ),
    )


def test_the_form_adds_up_to_the_fen(proposal: Proposal) -> None:
    """The helper holds every sum of the sheet against the rows that are no sums."""
    book = proposal_workbook(proposal, CREATED)
    rows = sheets(book)["预算建议表"]

    (total,) = [row for row in rows if row[0] == "小计" and row[1].startswith("低收入")]
    own = total_of(proposal)
    assert own.reserve_fen
    assert [fen(total[column]) for column in (17, 18, 19)] == [
        own.need_fen, own.carry_over_fen, own.request_fen,
    ]  # fmt: skip
    assert own.request_fen == own.need_fen - own.carry_over_fen - 30_000_01
    assert "已减其他来源 30,000.01；未含暂缺" in total[21]
    at = rows.index(total)
    assert [(row[3], fen(row[19]), row[20]) for row in rows[at - 2 : at]] == [
        ("减:其他来源", -10_000_01, "区级财政"),
        ("减:其他来源", -20_000_00, "区级财政"),
    ]
    assert rows[at - 1][21] == "例财〔2026〕2000000号"
    (whole,) = [row for row in rows if row[0] == "合计"]
    assert fen(whole[19]) == sum(one.request_fen for one in proposal.totals)
    assert "已减其他来源 30,000.01；其他来源未减 500.00" in whole[21]
    added = sums(sheet_xml(book)["预算建议表"])
    assert own.request_fen in {round(value * 100) for column, *_, value in added if column == "T"}


def test_what_covers_nothing_is_put_back_on_the_form(proposal: Proposal) -> None:
    rows = sheets(proposal_workbook(proposal, CREATED))["预算建议表"]

    told = [(row[3], fen(row[19]), row[21]) for row in rows if row[1].startswith("元旦")]
    assert ("减:其他来源", -500_00, "例财〔2026〕50000号") in told
    assert total_of(proposal, "festival").blocked
    assert ("加回:其他来源余额", 500_00, "尚有暂缺，暂不抵减") in told
    whole = [replace(one, blocked=0) for one in proposal.totals]
    (form, *_) = forms(replace(proposal, totals=tuple(whole)))
    assert "超出需求，不抵减" in {row.cells[21] for row in form.rows}


def test_a_form_without_other_sources_is_as_it_was(tmp_path: Path) -> None:
    proposal = of_every_kind(tmp_path)
    book = sheets(proposal_workbook(proposal, CREATED))

    assert "其他来源" not in str(book["预算建议表"]) + str(book["说明"])
    assert "其他来源" not in proposal_page(proposal)
    assert "Other" not in fund_table(proposal, "en")[0]


def test_the_page_and_the_notes_say_so_too(proposal: Proposal) -> None:
    page = proposal_page(proposal)
    notes = sheets(proposal_workbook(proposal, CREATED))["说明"]

    assert page.count("已减其他来源 30,000.01；") == 2  # of the fund, and of all
    (sum_of_fund,) = re.findall(r'<tr class="sum" id="fund-low-income">.*', page)
    (sum_of_all,) = re.findall(r'<tr class="sum" id="all">.*', page)
    asked_fen = [total_of(proposal).request_fen, sum(one.request_fen for one in proposal.totals)]
    for row, request_fen in zip((sum_of_fund, sum_of_all), asked_fen, strict=True):
        assert re.findall(r'<td class="money">([^<]*)</td>', row)[5] == display_fen(request_fen)
    said = "低收入和因病支出型困难家庭救助资金：区级财政 10,000.01 元（例财〔2026〕1000001号）"
    assert said in page
    assert said in {row[0] for row in notes}
    (head,) = [row for row in notes if row[:2] == ["资金", "各类别合计"]]
    assert head[3:8] == ["需求合计", "可用结转", "其他来源", "申请拨款", "备注"]
    (row,) = [row for row in notes if row[0] == total_of(proposal).names.zh and row[1] != ""]
    own = total_of(proposal)
    assert [fen(cell) for cell in row[3:7]] == [
        own.need_fen, own.carry_over_fen, 30_000_01, own.request_fen,
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "heading"), [("zh", "其他来源"), ("en", "Other")])
def test_the_screen_has_a_column_for_them(proposal: Proposal, language: str, heading: str) -> None:
    headings, rows = fund_table(proposal, language)

    at = headings.index(heading)
    assert headings[at + 1] in {"申请拨款", "Request"}
    (row,) = [row for row in rows if row[0] == KEY.fund]
    assert (row[at], len(row)) == ("30,000.01", len(headings))
