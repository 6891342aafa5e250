"""What is not to come again is left out of the base: once, whole, and with the people it paid."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from fundledger.budget import Line, Proposal, propose
from fundledger.budget.facts import LeftOut
from fundledger.budget.history import FundHistory, fund_history
from fundledger.budget.one_offs import OneOffs
from fundledger.budget.spending import Spent
from fundledger.charter import load_budget_rules
from fundledger.charter.budget import LinePattern, OneOff
from fundledger.errors import Refused
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.batches.paylist import list_path
from fundledger.ledger.surroundings import SHANGHAI
from fundledger.ledger.voucher import credit, debit
from fundledger.office import Office
from support.budgets import AS_OF, ONE_OFF, RULES, YEAR, line_of, proposed, ruled, three_lines_at
from support.offices import DIBAO, Clock, draft, granted
from support.paying import (
    CASHIER,
    MAKER,
    REVIEWER,
    Payments,
    entitlement,
    pseudonym,
    year_closed,
)

FUND = "low-income"
VOUCHER = "2026-01-0013"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return three_lines_at(tmp_path)


def illness(proposal: Proposal) -> Line:
    return line_of(proposal, "MajorIllness")


def voucher_of(office: Office, month: str) -> str:
    """Return the voucher that paid for illness in a month."""
    account = "Expenses:CASC:MajorIllness"
    return next(
        one.ref
        for one in office.fund(FUND).vouchers()
        if one.month == month and any(posting.account == account for posting in one.postings)
    )


def test_a_voucher_that_the_rules_name_is_a_one_off(office: Office) -> None:
    voucher = voucher_of(office, "2026-03")
    line = illness(proposed(ruled(office, ONE_OFF.format(voucher=voucher))))

    assert {step.name: step.amount_fen for step in line.steps[:3]} == {
        "actual": 40_000_00,
        "one-offs": -4_000_00,
        "annualisation": 8_000_00,
    }


def test_what_takes_it_back_is_one_too(office: Office) -> None:
    voucher = voucher_of(office, "2026-03")
    signed = {"maker": "S03", "reviewer": "S01"}
    office.fund(FUND).reverse(voucher, on=date(2026, 10, 20), **signed)
    line = illness(proposed(ruled(office, ONE_OFF.format(voucher=voucher))))

    assert [step.name for step in line.steps[:2]] == ["actual", "annualisation"]
    assert line.steps[0].amount_fen == 36_000_00


@pytest.mark.parametrize("voucher", ["2026-03-9999", "2026-12-0001"])
def test_a_one_off_that_spent_nothing_is_told(office: Office, voucher: str) -> None:
    proposal = proposed(ruled(office, ONE_OFF.format(voucher=voucher)))

    (told_of,) = [one for one in proposal.findings if one.code == "FL595"]
    assert (told_of.subject, told_of.fund) == (voucher, FUND)
    assert "例信〔2026〕12号" in told_of.sentence("zh")
    assert "?" not in told_of.sentence("en") + told_of.remedy("zh")


def test_a_one_off_of_a_year_to_come_is_none_of_this_proposal(office: Office) -> None:
    proposal = proposed(ruled(office, ONE_OFF.format(voucher="2027-03-0001")))

    assert [one.code for one in proposal.findings if one.code == "FL595"] == []


def test_a_one_off_that_paid_what_was_owed_before_is_left_out_once() -> None:
    """The example's low-income fund paid 7,600.00 in January that it had encumbered in 2025."""
    rules = load_budget_rules(RULES)
    named = [OneOff(fund=FUND, voucher=VOUCHER, reason="例", document="例信〔2026〕12号")]
    with_it = rules.model_copy(update={"one_offs": tuple(named)})
    fund = Office(RULES.parent).fund(FUND)
    one_offs = fund_history(fund, 2026, date(2026, 10, 31), with_it).one_offs

    assert one_offs.before == one_offs.named == {VOUCHER}
    assert one_offs.vouchers == frozenset()


def test_that_is_told_and_changes_nothing(tmp_path: Path) -> None:
    for name in ("rules", "ledgers"):
        shutil.copytree(RULES.parent / name, tmp_path / name)
    office = Office(tmp_path)
    before = line_of(propose(office, YEAR, as_of=AS_OF), "IllnessExp")
    proposal = propose(ruled(office, ONE_OFF.format(voucher=VOUCHER)), YEAR, as_of=AS_OF)

    assert line_of(proposal, "IllnessExp").steps == before.steps
    (told,) = [one for one in proposal.findings if one.code in {"FL595", "FL598"}]
    assert (told.code, told.subject) == ("FL598", VOUCHER)
    assert "?" not in told.sentence("zh") + told.sentence("en") + told.remedy("zh")


def test_whom_a_one_off_paid_by_list_is_no_head(tmp_path: Path) -> None:
    """Ten people a month, and ten others once in October: they are no heads of the year to come."""
    payments = Payments(tmp_path)
    for month in ("2026-09", "2026-10"):
        regular = [entitlement(person, 100_00, month) for person in range(10)]
        batch, lines = payments.sent(regular, f"{month}-10")
        payments.named(batch, "debit", f"{month}-12", lines)
    others = [entitlement(person, 1_000_00, "2026-10") for person in range(100, 110)]
    batch, lines = payments.sent(others, "2026-10-20")
    payments.named(batch, "debit", "2026-10-22", lines)
    payments.result(batch, "2026-10-22", dict.fromkeys(lines, "paid"))
    payments.named(batch, "return", "2026-10-25", lines[:1])
    (voucher,) = (v.ref for v in payments.fund.vouchers() if v.date == date(2026, 10, 22))
    named = OneOff(fund="dibao", voucher=voucher, reason="例", document="例信〔2026〕12号")
    rules = load_budget_rules(RULES).model_copy(update={"one_offs": (named,)})
    history = fund_history(payments.fund, 2026, date(2026, 10, 31), rules)

    assert [one.persons for one in history.heads[DIBAO]] == [10, 10]
    assert history.spent[DIBAO]["2026-10"] == Spent(10_000_00, 9_000_00)


def test_a_one_off_that_was_corrected_twice_is_all_one_off(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    ref = first = payments.expense("2026-03-05", 500_00)
    named = OneOff(fund="dibao", voucher=first, reason="例", document="例信〔2026〕12号")
    rules = load_budget_rules(RULES).model_copy(update={"one_offs": (named,)})
    for fen, day in ((450_00, date(2026, 3, 6)), (470_00, date(2026, 3, 7))):
        wrong = payments.fund.books().voucher(ref)
        assert wrong is not None
        right = draft(
            drafts.expense(2026, DIBAO, fen), day, "correction", corrects=ref, cashier=CASHIER
        )
        ref = payments.fund.record((drafts.reversal(wrong, day, MAKER, REVIEWER), right)).refs[1]
        spent = fund_history(payments.fund, 2026, date(2026, 10, 31), rules).spent[DIBAO]
        assert spent == {"2026-03": Spent(fen, fen)}


def history_of(fund: Fund, *vouchers: str, **changes: object) -> FundHistory:
    """Return the history of a fund in 2026 where the rules name these."""
    named = [
        OneOff(fund=fund.id, voucher=voucher, reason="例", document="例信〔2026〕12号")
        for voucher in vouchers
    ]
    update = {"one_offs": tuple(named), **changes}
    rules = load_budget_rules(RULES).model_copy(update=update)
    return fund_history(fund, 2026, date(2026, 10, 31), rules)


def once_paid(payments: Payments) -> tuple[str, list[str], str]:
    """Pay three people of September in October; returns batch, lines and the voucher that paid."""
    people = [entitlement(person, 1_000_00, "2026-09") for person in range(100, 103)]
    batch, lines = payments.sent(people, "2026-09-20")
    payments.named(batch, "debit", "2026-10-22", lines)
    (voucher,) = (v.ref for v in payments.fund.vouchers() if v.date == date(2026, 10, 22))
    return batch, lines, voucher


@pytest.mark.parametrize("step", ["return", "undo-debit"])
def test_what_is_owed_again_of_a_one_off_is_left_out_as_well(tmp_path: Path, step: str) -> None:
    """One of three payments of 1,000.00 is owed again: it is due, and no part of any base."""
    payments = Payments(tmp_path)
    batch, lines, voucher = once_paid(payments)
    payments.result(batch, "2026-10-22", dict.fromkeys(lines, "paid"))
    payments.named(batch, step, "2026-10-25", lines[:1])
    history = history_of(payments.fund, voucher)
    (other,) = (v.ref for v in payments.fund.vouchers() if v.date == date(2026, 10, 25))

    assert history.lines[DIBAO].encumbered_fen == 1_000_00
    assert history.spent[DIBAO]["2026-10"] == Spent(2_000_00, 2_000_00)
    assert history.left_out == {DIBAO: LeftOut((voucher, other), 0, 1_000_00)}
    assert history_of(payments.fund).left_out == {}


def test_what_came_to_be_owed_for_a_one_off_is_of_no_round(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    regular = [entitlement(person, 100_00, "2026-10") for person in range(5)]
    payments.sent(regular, "2026-10-10")
    _, _, voucher = once_paid(payments)
    line = LinePattern.model_validate(
        {"unit": DIBAO[0], "category": DIBAO[1], "pattern": "seasonal", "from": date(2025, 1, 1)}
    )
    due, without = (
        history_of(payments.fund, *named, patterns=(line,)).due[DIBAO] for named in ([], [voucher])
    )

    assert due == {"2026-09": 3_000_00, "2026-10": 500_00 - 3_000_00}
    assert without == {"2026-10": 500_00}
    assert history_of(payments.fund, voucher).left_out[DIBAO].due_fen == 0


@pytest.mark.parametrize(("back_fen", "due_fen"), [(0, 30_00), (30_00, 0)])
def test_what_of_an_advance_that_is_a_one_off_is_still_due_is_left_out(
    tmp_path: Path, back_fen: int, due_fen: int
) -> None:
    fund = Payments(tmp_path).fund
    given = draft(drafts.advance(2026, DIBAO, 80_00), date(2026, 3, 1), "advance", cashier=CASHIER)
    (advance,) = fund.record(given).refs
    settled = drafts.advance_settled(2026, DIBAO, 50_00)
    on = date(2026, 3, 5)
    (settle,) = fund.record(
        draft(settled, on, "advance-settle", corrects=advance, cashier=CASHIER)
    ).refs
    if back_fen:
        unused = drafts.advance_returned(2026, DIBAO, back_fen)
        fund.record(draft(unused, on, "advance-return", corrects=advance, cashier=CASHIER))

    assert history_of(fund, advance).left_out == {DIBAO: LeftOut((settle,), 0, due_fen)}


def test_each_one_off_is_named_in_the_derivation(office: Office) -> None:
    vouchers = [voucher_of(office, month) for month in ("2026-05", "2026-03")]
    named = "".join(ONE_OFF.format(voucher=voucher) for voucher in vouchers)
    (step,) = (s for s in illness(proposed(ruled(office, named))).steps if s.name == "one-offs")

    assert step.inputs == (("vouchers", ", ".join(sorted(vouchers))),)


def told_of(fund: Fund, *vouchers: str, year: int = 2027) -> OneOffs:
    """Return what is told of a fund's one-offs where the rules name these."""
    named = [
        OneOff(fund=fund.id, voucher=voucher, reason="例", document="例信〔2026〕12号")
        for voucher in vouchers
    ]
    rules = load_budget_rules(RULES).model_copy(update={"one_offs": tuple(named)})
    return fund_history(fund, year, date(year, 12, 31), rules).one_offs


def test_a_payment_of_a_list_of_the_year_before_is_left_out_as_what_was_owed(
    tmp_path: Path,
) -> None:
    """One of two payments is named: it was owed before; where both are, so is the whole list."""
    payments = Payments(tmp_path)
    people = [entitlement(person, 100_00, "2026-12") for person in (1, 2)]
    late, lines = payments.sent(people, "2026-12-20")
    payments.result(late, "2026-12-22", dict.fromkeys(lines, "paid"))
    year_closed(payments.fund)
    granted(payments.fund, 1_000_00, 2027)
    for line, day in zip(lines, ("2027-01-05", "2027-01-06"), strict=True):
        payments.named(late, "debit", day, [line])
    own, own_lines = payments.sent([entitlement(3, 70_00, "2027-01")], "2027-01-20")
    payments.named(own, "debit", "2027-01-22", own_lines)
    first, second, was_own = (
        one.ref for one in payments.fund.vouchers() if one.event == "batch-debit"
    )

    told = told_of(payments.fund, first, was_own)
    assert told.before == {first}
    assert told.vouchers == {was_own}
    assert told.batches == {own}
    assert told.named == {first, was_own}
    both = told_of(payments.fund, first, second)
    assert both.before == set()
    assert both.vouchers == {first, second}
    assert both.batches == {late}
    assert told_of(payments.fund, "2027-01-9999").named == set()


def test_an_advance_of_the_year_before_is_left_out_as_what_was_owed(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    fund = payments.fund

    def advanced(on: date) -> str:
        given = draft(drafts.advance(on.year, DIBAO, 80_00), on, "advance", cashier=CASHIER)
        return fund.record(given).refs[0]

    def settled(advance: str) -> str:
        made = drafts.advance_settled(2027, DIBAO, 80_00)
        return fund.record(
            draft(made, date(2027, 3, 1), "advance-settle", corrects=advance, cashier=CASHIER)
        ).refs[0]

    before = advanced(date(2026, 12, 20))
    year_closed(fund)
    granted(fund, 1_000_00, 2027)
    own = advanced(date(2027, 2, 1))
    refs = settled(before), settled(own)

    told = told_of(fund, *refs)
    assert told.before == {refs[0]}
    assert told.vouchers == {refs[1]}


def test_what_was_encumbered_in_its_own_year_is_none_of_the_year_before(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    fund, on = payments.fund, date(2026, 3, 1)
    fund.record(draft(drafts.encumbrance(2026, DIBAO, 40_00), on, "encumber"))
    money = drafts.expense(2026, DIBAO, 40_00)[:2]
    encumbered, expended = (
        drafts.budget_account(2026, kind, DIBAO) for kind in ("Encumbered", "Expended")
    )
    budget = debit(expended, 40_00), credit(encumbered, 40_00)
    (ref,) = fund.record(draft((*money, *budget), on, "expense", cashier=CASHIER)).refs

    told = told_of(fund, ref, year=2026)
    assert told.before == set()
    assert told.vouchers == {ref}


@pytest.mark.parametrize("by_link", [True, False])
def test_what_settles_an_advance_that_is_a_one_off_is_one(tmp_path: Path, *, by_link: bool) -> None:
    fund = Payments(tmp_path).fund
    on, later = date(2026, 3, 1), date(2026, 3, 5)
    given = draft(drafts.advance(2026, DIBAO, 80_00), on, "advance", cashier=CASHIER)
    (advance,) = fund.record(replace(given, links=("one-off",) if by_link else ())).refs
    settled = drafts.advance_settled(2026, DIBAO, 80_00)
    made = draft(settled, later, "advance-settle", corrects=advance, cashier=CASHIER)
    (settle,) = fund.record(made).refs

    told = told_of(fund, *([] if by_link else [advance]), year=2026)
    assert told.matters == {advance, settle}
    assert told.vouchers == {settle}
    assert told.named == {advance}


def test_only_what_the_year_spent_by_the_cut_off_is_named_for_it(tmp_path: Path) -> None:
    """Named are a payment of each year; the last one is later than the cut-off."""
    payments = Payments(tmp_path, clock=Clock(datetime(2028, 3, 1, 9, 0, tzinfo=SHANGHAI)))
    before = payments.expense("2026-03-05", 500_00)
    year_closed(payments.fund)
    granted(payments.fund, 1_000_000_00, 2027)
    own, last, later = (
        payments.expense(day, 70_00) for day in ("2027-02-01", "2027-10-31", "2027-11-01")
    )
    named = [
        OneOff(fund="dibao", voucher=ref, reason="例", document="例信〔2026〕12号")
        for ref in (before, own, last, later)
    ]
    rules = load_budget_rules(RULES).model_copy(update={"one_offs": tuple(named)})
    history = fund_history(payments.fund, 2027, date(2027, 10, 31), rules)

    assert history.left_out == {DIBAO: LeftOut((own, last))}
    assert history.one_offs.named == {before, own, last}


def test_what_is_due_on_the_day_of_the_cut_off_is_due(tmp_path: Path) -> None:
    payments = Payments(tmp_path)
    batch, lines, voucher = once_paid(payments)
    payments.result(batch, "2026-10-22", dict.fromkeys(lines, "paid"))
    payments.named(batch, "return", "2026-10-31", lines[:1])

    assert history_of(payments.fund, voucher).left_out[DIBAO].due_fen == 1_000_00


def test_a_reissue_that_alone_is_named_pays_no_head(tmp_path: Path) -> None:
    """Two are paid in October; what came back of one is paid once more, which is a one-off."""
    payments = Payments(tmp_path)
    people = [entitlement(person, 100_00, "2026-10") for person in (1, 2)]
    batch, lines = payments.sent(people, "2026-10-05")
    payments.named(batch, "debit", "2026-10-06", lines)
    payments.result(batch, "2026-10-06", dict.fromkeys(lines, "paid"))
    payments.named(batch, "return", "2026-10-10", lines[:1])
    again = payments.reissue({lines[0]: pseudonym("A", 900)}, "2026-10-12")
    payments.step(again, "approve", "2026-10-12")
    payments.step(again, "export", "2026-10-12")
    payments.named(again, "debit", "2026-10-14", [one.line for one in payments.lines(again)])
    (voucher,) = (v.ref for v in payments.fund.vouchers() if v.date == date(2026, 10, 14))

    heads = [history_of(payments.fund, *named).heads[DIBAO] for named in ([], [voucher])]
    assert [[one.persons for one in own] for own in heads] == [[2], [1]]


@pytest.mark.parametrize(("opening_fen", "before"), [(40_00, True), (0, False)])
def test_what_was_encumbered_at_the_opening_is_paid_first(
    tmp_path: Path, opening_fen: int, *, before: bool
) -> None:
    """10 are paid, then 30, and then 20 that were set aside this year: these are a one-off."""
    payments = Payments(tmp_path, clock=Clock(datetime(2028, 3, 1, 9, 0, tzinfo=SHANGHAI)))
    fund = payments.fund
    if opening_fen:
        made = drafts.encumbrance(2026, DIBAO, opening_fen)
        fund.record(draft(made, date(2026, 12, 1), "encumber"))
    year_closed(fund)
    granted(fund, 1_000_00, 2027)
    fund.record(draft(drafts.encumbrance(2027, DIBAO, 60_00), date(2027, 2, 1), "encumber"))
    refs: list[str] = []
    for day, fen in ((2, 10_00), (3, 30_00), (4, 20_00)):
        on = date(2027, 2, day)
        money = drafts.expense(2027, DIBAO, fen)[:2]
        expended, encumbered = (
            drafts.budget_account(2027, kind, DIBAO) for kind in ("Expended", "Encumbered")
        )
        budget = debit(expended, fen), credit(encumbered, fen)
        refs += fund.record(draft((*money, *budget), on, "expense", cashier=CASHIER)).refs
    told = told_of(fund, *refs)

    assert told.before == (set(refs[:2]) if before else set())
    assert told.vouchers == set(refs) - told.before


@pytest.mark.parametrize("approved", [True, False])
def test_a_lost_list_of_what_is_paid_once_more_ends_it_unless_it_waits(
    tmp_path: Path, *, approved: bool
) -> None:
    payments = Payments(tmp_path)
    batch, lines, voucher = once_paid(payments)
    payments.result(batch, "2026-10-22", dict.fromkeys(lines, "paid"))
    payments.named(batch, "return", "2026-10-25", lines[:1])
    again = payments.reissue({lines[0]: pseudonym("A", 900)}, "2026-10-26")
    if approved:
        payments.step(again, "approve", "2026-10-26")
    (tmp_path / "dibao" / list_path(payments.batch(again).list)).unlink()

    if approved:
        with pytest.raises(Refused, match="FL751"):
            history_of(payments.fund, voucher)
    else:
        assert history_of(payments.fund, voucher).left_out[DIBAO].due_fen == 1_000_00
