"""The whole life of what is paid and taken beside batches: advances, refunds, unclaimed money.

Figures are yuan, each on the side of its account's nature; what is zero is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from fundledger.errors import Refused
from fundledger.findings import Severity
from fundledger.ledger import drafts
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.states import BatchState, LineState
from fundledger.ledger.voucher import Posting
from support.offices import DIBAO, ILLNESS, draft
from support.paying import MAKER, REVIEWER, Given, Payments, entitlement


def record(
    fund: Payments, event: str, on: str, postings: tuple[Posting, ...], ref: str = "", **more: Given
) -> str:
    """Record a voucher that rests on another, if one is named; returns its reference."""
    made = draft(postings, date.fromisoformat(on), event, corrects=ref or None, **more)
    return fund.fund.record(made).refs[0]


def refused(act: Callable[[], object]) -> set[str]:
    with pytest.raises(Refused) as caught:
        act()
    return {finding.code for finding in caught.value.findings if finding.gates}


def ended(fund: Payments, year: int) -> None:
    """Close every month of a year and end it."""
    for month in sorted(month for month, _ in fund.fund.books().months.rows()):
        if month[:4] == str(year) and month[5:] != "12":
            fund.fund.close(month, actor="S02")
    fund.fund.close_year(year, actor="S02", maker=MAKER, reviewer=REVIEWER)


def sound(fund: Payments, on: date) -> None:
    """Hold that an audit has no error to tell, and that beancount's books agree."""
    audit = fund.fund.check(on)
    assert [f.code for f in audit.findings if f.severity is Severity.ERROR] == []


def test_the_whole_life_of_an_emergency_advance(tmp_path: Path) -> None:
    fund = Payments(tmp_path, granted_fen=10_000_00)
    paid = record(fund, "advance", "2026-03-05", drafts.advance(2026, DIBAO, 500_00))
    assert fund.figures() == {
        "bank": "9500",
        "advance": "500",
        "available": "9500",
        "encumbered": "500",
    }

    # Papers for a part of it come, another part comes back.
    record(fund, "advance-settle", "2026-03-12", drafts.advance_settled(2026, DIBAO, 300_00), paid)
    settled = {
        "bank": "9500",
        "advance": "200",
        "expense": "300",
        "available": "9500",
        "encumbered": "200",
        "expended": "300",
    }
    assert fund.figures() == settled
    record(fund, "advance-return", "2026-03-13", drafts.advance_returned(2026, DIBAO, 50_00), paid)
    back = {"bank": "9550", "advance": "150", "available": "9550", "encumbered": "150"}
    assert fund.figures() == settled | back

    # The year ends with 150 open: the advance stays, and what it has set aside goes on.
    ended(fund, 2026)
    begun = {
        "bank": "9550",
        "advance": "150",
        "carried": "9700",
        "available": "9550",
        "encumbered": "150",
        "brought": "9700",
    }
    assert fund.figures(2027) == begun
    record(fund, "advance-settle", "2027-01-05", drafts.advance_settled(2027, DIBAO, 100_00), paid)
    assert fund.figures(2027) == begun | {
        "advance": "50",
        "expense": "100",
        "encumbered": "50",
        "expended": "100",
    }
    record(fund, "advance-return", "2027-01-06", drafts.advance_returned(2027, DIBAO, 50_00), paid)
    assert fund.figures(2027) == {
        "bank": "9600",
        "expense": "100",
        "carried": "9700",
        "available": "9600",
        "expended": "100",
        "brought": "9700",
    }
    sound(fund, date(2027, 1, 10))


def test_what_a_fund_does_not_keep_lapses_when_it_comes_back(tmp_path: Path) -> None:
    fund = Payments(tmp_path, granted_fen=1_000_00, carry_over="lapse")
    paid = record(fund, "advance", "2026-12-05", drafts.advance(2026, DIBAO, 100_00))
    ended(fund, 2026)
    begun = {"bank": "900", "advance": "100", "carried": "1000", "encumbered": "100"}
    assert fund.figures(2027) == begun | {"brought": "100"}

    again = drafts.advance_returned(2027, DIBAO, 40_00)
    assert refused(lambda: record(fund, "advance-return", "2027-01-05", again, paid)) == {"FL345"}
    gone = drafts.advance_returned(2027, DIBAO, 40_00, lapsed=True)
    record(fund, "advance-return", "2027-01-05", gone, paid)
    assert fund.figures(2027) == {
        "bank": "940",
        "advance": "60",
        "carried": "1000",
        "encumbered": "60",
        "lapsed": "40",
        "brought": "100",
    }
    record(fund, "advance-settle", "2027-01-06", drafts.advance_settled(2027, DIBAO, 60_00), paid)
    sound(fund, date(2027, 1, 6))


def test_an_advance_is_settled_once_on_its_line_and_after_it(tmp_path: Path) -> None:
    fund = Payments(tmp_path, granted_fen=10_000_00)
    budget = drafts.virement(2026, DIBAO, ILLNESS, 1_000_00)
    record(fund, "virement", "2026-03-01", budget)
    record(fund, "encumber", "2026-03-01", drafts.encumbrance(2026, DIBAO, 10_00))
    paid = record(fund, "advance", "2026-03-05", drafts.advance(2026, DIBAO, 100_00))
    other = record(fund, "advance", "2026-03-05", drafts.advance(2026, ILLNESS, 100_00))
    settle = drafts.advance_settled

    def settles(fen: int, ref: str, on: str = "2026-03-06", line: tuple[str, str] = DIBAO) -> str:
        return record(fund, "advance-settle", on, settle(2026, line, fen), ref)

    for wrong in (
        lambda: settles(100_01, paid),
        lambda: settles(1, paid, on="2026-03-04"),
        lambda: settles(1, paid, line=ILLNESS),
        lambda: settles(1, ""),
        lambda: settles(1, "2026-01-0001"),
        lambda: settles(1, "2026-09-0009"),
    ):
        assert "FL345" in refused(wrong)
    first = settles(60_00, paid)
    assert refused(lambda: settles(40_01, paid)) == {"FL345"}
    assert refused(lambda: fund.fund.reverse(paid, on=date(2026, 3, 7), **signed())) >= {"FL345"}

    # A settlement that was wrong is reversed and put right, and the advance is open as before.
    right = draft(settle(2026, DIBAO, 70_00), date(2026, 3, 8), "correction")
    fund.fund.correct(first, right)
    assert fund.figures()["advance"] == "130"
    assert refused(lambda: settles(30_01, paid)) == {"FL345"}
    settles(30_00, paid)

    # An advance that nobody settles may be reversed, and not be settled then.
    fund.fund.reverse(other, on=date(2026, 3, 9), **signed())
    assert "FL345" in refused(lambda: settles(1, other, "2026-03-09", ILLNESS))
    assert "advance" not in fund.figures()
    sound(fund, date(2026, 3, 31))


def signed() -> dict[str, str]:
    return {"maker": MAKER, "reviewer": REVIEWER}


def test_what_is_set_aside_for_an_advance_is_not_released(tmp_path: Path) -> None:
    fund = Payments(tmp_path, granted_fen=10_000_00)
    record(fund, "encumber", "2026-03-04", drafts.encumbrance(2026, DIBAO, 10_00))
    record(fund, "advance", "2026-03-05", drafts.advance(2026, DIBAO, 100_00))

    more = drafts.release(2026, DIBAO, 10_01)
    assert refused(lambda: record(fund, "release", "2026-03-06", more)) == {"FL797"}
    record(fund, "release", "2026-03-06", drafts.release(2026, DIBAO, 10_00))
    assert fund.figures()["encumbered"] == "100"


def test_an_advance_needs_its_approval_and_its_money(tmp_path: Path) -> None:
    fund = Payments(tmp_path, granted_fen=100_00)
    whole = drafts.advance(2026, DIBAO, 100_00)
    unapproved = draft(whole, date(2026, 3, 5), "advance", approval=None)
    assert refused(lambda: fund.fund.record(unapproved)) == {"FL337"}
    more = drafts.advance(2026, DIBAO, 100_01)
    assert refused(lambda: record(fund, "advance", "2026-03-05", more)) == {"FL402", "FL502"}

    # Nor is something else corrected into an advance without one.
    fee = record(fund, "bank-fee", "2026-03-04", drafts.bank_fee(1_00))
    into = draft(drafts.advance(2026, DIBAO, 50_00), date(2026, 3, 5), "correction")
    assert refused(lambda: fund.fund.correct(fee, into)) == {"FL345"}


def test_late_papers_are_told_by_the_day(tmp_path: Path) -> None:
    fund = Payments(tmp_path, granted_fen=10_000_00)
    paid = record(fund, "advance", "2026-03-05", drafts.advance(2026, DIBAO, 100_00))
    record(fund, "advance-settle", "2026-03-20", drafts.advance_settled(2026, DIBAO, 70_00), paid)

    def late(on: date) -> list[tuple[str, int | None]]:
        found = fund.fund.check(on).findings
        return [(f.subject, f.amount_fen) for f in found if f.code == "FL344"]

    assert late(date(2026, 3, 15)) == []
    assert late(date(2026, 3, 16)) == [(paid, 100_00)]
    assert late(date(2026, 3, 20)) == [(paid, 30_00)]


def test_a_donor_gets_back_what_is_not_spent(tmp_path: Path) -> None:
    fund = Payments(tmp_path, granted_fen=1_000_00)
    given = record(fund, "donation", "2026-02-01", drafts.donation(500_00))
    record(fund, "supplement", "2026-02-02", drafts.adoption(2026, DIBAO, 400_00))
    record(fund, "allot", "2026-02-02", drafts.allotment(2026, DIBAO, 400_00))
    before = {"bank": "1500", "donations": "500", "available": "1400"}
    assert fund.figures() == before
    approved = "Equity:Budget:2026:Approved:CASC:Dibao"
    assert fund.fund.books().fen(approved) == -1_400_00

    # What no line has yet goes back without a budget, the rest with it.
    back = drafts.donation_refunded
    record(fund, "donor-refund", "2026-03-01", back(2026, None, 100_00), given)
    assert fund.figures() == before | {"bank": "1400", "donations": "400"}
    record(fund, "donor-refund", "2026-03-02", back(2026, DIBAO, 150_00), given)
    assert fund.figures() == {"bank": "1250", "donations": "250", "available": "1250"}
    assert fund.fund.books().fen(approved) == -1_250_00
    (red,) = [p for p in [*fund.fund.vouchers()][-1].postings if p.account == "Income:Donation"]
    assert (red.side, red.amount_fen) == ("credit", -150_00)

    # Never more than was given, nor what lines may spend, nor out of another year's income.
    for wrong in (back(2026, DIBAO, 250_01), back(2026, DIBAO, 1, earlier=True)):
        assert "FL347" in refused(partial(record, fund, "donor-refund", "2026-03-03", wrong, given))
    without = back(2026, None, 1)
    assert refused(lambda: record(fund, "donor-refund", "2026-03-03", without, given)) == {"FL505"}
    ungiven = back(2026, DIBAO, 1)
    assert refused(lambda: record(fund, "donor-refund", "2026-03-03", ungiven)) == {"FL347"}
    assert refused(lambda: fund.fund.reverse(given, on=date(2026, 3, 3), **signed())) >= {"FL347"}

    # After the year through the prior-year adjustment, and the budget brought forward.
    ended(fund, 2026)
    begun = {"bank": "1250", "carried": "1250", "available": "1250", "brought": "1250"}
    assert fund.figures(2027) == begun
    in_red = back(2027, DIBAO, 1)
    assert "FL347" in refused(lambda: record(fund, "donor-refund", "2027-01-05", in_red, given))
    late = back(2027, DIBAO, 250_00, earlier=True)
    record(fund, "donor-refund", "2027-01-05", late, given)
    assert fund.figures(2027) == {
        "bank": "1000",
        "prior year": "-250",
        "carried": "1250",
        "available": "1000",
        "brought": "1000",
    }
    one_more = back(2027, DIBAO, 1, earlier=True)
    assert refused(lambda: record(fund, "donor-refund", "2027-01-06", one_more, given)) == {"FL347"}
    sound(fund, date(2027, 1, 10))


def test_what_lines_spent_does_not_go_back_to_the_donor(tmp_path: Path) -> None:
    fund = Payments(tmp_path, granted_fen=100_00)
    given = record(fund, "donation", "2026-02-01", drafts.donation(100_00))
    record(fund, "supplement", "2026-02-02", drafts.adoption(2026, DIBAO, 100_00))
    record(fund, "allot", "2026-02-02", drafts.allotment(2026, DIBAO, 100_00))
    record(fund, "expense", "2026-02-03", drafts.expense(2026, DIBAO, 150_00))

    more = drafts.donation_refunded(2026, DIBAO, 50_01)
    assert "FL502" in refused(lambda: record(fund, "donor-refund", "2026-03-01", more, given))
    record(fund, "donor-refund", "2026-03-01", drafts.donation_refunded(2026, DIBAO, 50_00), given)
    assert fund.figures() == {"donations": "50", "expense": "150", "expended": "150"}


def test_a_refund_that_was_undone_is_no_donation(tmp_path: Path) -> None:
    fund = Payments(tmp_path, granted_fen=100_00)
    given = record(fund, "donation", "2026-02-01", drafts.donation(100_00))
    back = drafts.donation_refunded(2026, None, 100_00)
    first = record(fund, "donor-refund", "2026-03-01", back, given)
    undone = fund.fund.reverse(first, on=date(2026, 3, 2), **signed()).refs[0]
    record(fund, "donation", "2026-03-02", drafts.donation(100_00))

    for of in (undone, first):
        again = partial(record, fund, "donor-refund", "2026-03-03", back, of)
        assert refused(again) == {"FL347"}
    record(fund, "donor-refund", "2026-03-03", back, given)
    assert fund.figures()["donations"] == "100"


def test_unclaimed_money_is_surrendered_after_its_year(tmp_path: Path) -> None:
    fund = Payments(tmp_path, granted_fen=1_000_00)
    batch, (line,) = fund.sent([entitlement(1, 100_00)])
    fund.result(batch, "2026-03-11", {line: "failed"})
    fund.named(batch, "unclaimed", "2026-03-12", [line])

    def remitted(on: str) -> None:
        fund.named(batch, "remit", on, [line])

    with pytest.raises(Refused) as caught:
        remitted("2026-03-13")
    (finding,) = caught.value.findings
    assert (finding.code, finding.details["next"], finding.amount_fen) == ("FL348", 2027, 100_00)
    assert "2027 年 1 月 1 日" in finding.remedy("zh")
    assert fund.figures() == {"bank": "1000", "available": "1000"}

    ended(fund, 2026)
    remitted("2027-01-01")
    assert fund.batch(batch).standing(line).state is LineState.REMITTED
    assert fund.figures(2027) == {
        "bank": "900",
        "carried": "900",
        "available": "900",
        "lapsed": "100",
        "brought": "1000",
    }
    sound(fund, date(2027, 1, 10))


@pytest.mark.parametrize("step", ["cancel", "unclaimed"])
def test_what_is_given_up_says_why(tmp_path: Path, step: str) -> None:
    fund = Payments(tmp_path, granted_fen=1_000_00)
    batch, (first, second) = fund.sent([entitlement(1, 100_00), entitlement(2, 100_00)])
    fund.result(batch, "2026-03-11", dict.fromkeys((first, second), "failed"))

    def given_up(line: str, reason: str, note: str = "") -> None:
        outcome = Outcome(line, step, "2026-03-12", 100_00, reason)
        fund.step(batch, step, "2026-03-12", [outcome], note=note)

    for reason, note in (("", ""), ("AC04", ""), ("OTHR", ""), ("OTHR", " ")):
        assert refused(partial(given_up, first, reason, note)) == {"FL349"}
    given_up(first, "UNRC")
    assert fund.batch(batch).standing(first).reason == "UNRC"
    given_up(second, "OTHR", "入伍，由部队供养")
    assert fund.batch(batch).standing(second).reason == "OTHR"
    said = [*fund.fund.vouchers()][-1].narration
    assert said.endswith("1笔：入伍，由部队供养")
    assert fund.batch(batch).state is BatchState.CLOSED
    sound(fund, date(2026, 3, 20))


def test_a_month_more_than_a_year_off_is_not_paid_for(tmp_path: Path) -> None:
    fund = Payments(tmp_path, granted_fen=1_000_00)
    for person, period in enumerate(("2025-02", "2027-04", "2062-03")):
        wanted = [entitlement(person, 1_00, period), entitlement(person + 10, 1_00)]
        assert refused(partial(fund.prepare, wanted, "2026-03-31")) == {"FL346"}
    assert fund.prepare([entitlement(1, 1_00, "2025-03")], "2026-03-31")
    assert fund.prepare([entitlement(2, 1_00, "2027-03")], "2026-03-01")
