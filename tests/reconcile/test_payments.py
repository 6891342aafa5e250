"""The payments of batches against a bank's rows: one small story for each finding, to be read.

`cases/<name>.txt` has what a reconciliation says of it, with lines as L0, L1 in the order of their
ids; `REFRESH_GOLDENS=1 pytest tests/reconcile` writes it anew, to be read before it is committed.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.bank import BankLine, Statement
from fundledger.errors import InputInvalid, Refused
from fundledger.findings import Severity
from fundledger.ledger import drafts
from fundledger.ledger.batches.paylist import PaymentLine
from fundledger.ledger.bodies import Decided
from fundledger.reconcile import Trial, sign, try_out
from fundledger.reconcile.entries import nameless
from fundledger.reconcile.identities import broken, identities, posted_by_batches
from fundledger.reconcile.rollup import Group, age_of, cleared, rolled_up, share_of_found
from fundledger.report.adjustment import Heading
from fundledger.report.adjustment_page import adjustment_page
from support.offices import draft
from support.paidbank import KNOWN, Bank, Said, shown
from support.paidstories import (
    STORIES,
    Story,
    booked_not_at_the_bank,
    credit_back_not_booked,
    debit_not_booked,
    debit_of_some_not_booked,
    debited_twice,
    debited_twice_and_not_booked,
    return_not_booked,
)
from support.paying import Payments, entitlement, pseudonym

SHARED = pseudonym("A", "one")
CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("story", STORIES, ids=[story.__name__ for story in STORIES])
def test_a_story_is_told_as_it_is(story: Callable[[Story], Trial], tmp_path: Path) -> None:
    told = Story(tmp_path)
    trial = story(told)
    golden = CASES / f"{story.__name__}.txt"
    text = shown(trial, told.names)
    if os.environ.get("REFRESH_GOLDENS"):
        golden.write_text(text, encoding="utf-8")

    assert text == golden.read_text(encoding="utf-8")
    codes = sorted(finding.code for finding in trial.adjustment.findings)
    assert codes == sorted(STORIES[story])
    assert trial.adjustment.difference_fen == 0
    expect_signed_or_refused(told, trial)


@pytest.mark.parametrize(
    ("paid_fen", "codes"),
    [
        (499_99, ["FL700", "FL861"]),
        (500_50, ["FL700", "FL861"]),
        (500_51, ["FL861", "FL879"]),
        (499_49, ["FL861", "FL878"]),
    ],
)
def test_within_the_tolerance_of_the_rules_an_amount_is_told_as_that(
    tmp_path: Path, paid_fen: int, codes: list[str]
) -> None:
    told = Story(tmp_path, amount_tolerance_fen=50)
    told.debit("2026-03-11", 1, 2)
    rows = [told.row("2026-03-11", place) for place in (1, 2)]
    trial = told.march(*rows, told.named("2026-03-11", 0, -paid_fen))

    found = sorted(finding.code for finding in trial.adjustment.findings)
    assert found == codes
    if paid_fen == 499_99:
        golden = CASES / "within_tolerance.txt"
        if os.environ.get("REFRESH_GOLDENS"):
            golden.write_text(shown(trial, told.names), encoding="utf-8")
        assert shown(trial, told.names) == golden.read_text(encoding="utf-8")


def test_what_was_undone_cancels_though_nothing_is_with_the_bank_any_more(tmp_path: Path) -> None:
    """The bank refused the file once the debit was undone: no payment is left to be compared."""
    told = Story(tmp_path)
    told.debit("2026-03-11")
    told.payments.named(told.batch, "undo-debit", "2026-03-12", [one.line for one in told.lines])
    told.payments.step(told.batch, "refuse", "2026-03-13")

    trial = told.march()
    (red,) = trial.adjustment.set_off[:1]
    assert (trial.payments, len(trial.adjustment.set_off)) == (None, len(told.lines))
    assert (red.signed_fen, trial.adjustment.items) == (-500_00, ())
    expect_signed_or_refused(told, trial)


def expect_signed_or_refused(told: Story, trial: Trial) -> None:
    """Nothing is signed while a severe one is open; what is signed, the audit holds for true."""
    fund = told.payments.fund
    if any(finding.severity is Severity.ERROR for finding in trial.adjustment.findings):
        with pytest.raises(Refused) as refused:
            sign(fund, trial, actor="S05")
        assert refused.value.findings[0].code == "FL864"
    else:
        sign(fund, trial, actor="S05")
        assert [finding for finding in fund.check().findings if finding.gates] == []


def test_what_the_cures_say_settles_it(tmp_path: Path) -> None:
    for number, story in enumerate(
        (debit_not_booked, debit_of_some_not_booked, return_not_booked, credit_back_not_booked)
    ):
        told = Story(tmp_path / str(number))
        trial = story(told)
        for cure in trial.adjustment.cures:
            if cure.lines:
                told.payments.named(cure.batch, cure.step, cure.on, cure.lines)
            else:
                told.payments.step(cure.batch, cure.step, cure.on)
        again = story_again(told, trial)

        assert again.adjustment.cures == ()
        assert [item for item in again.adjustment.items if not item.of_book] == []
        assert again.adjustment.settled


def test_of_a_double_that_nobody_booked_no_voucher_is_proposed(tmp_path: Path) -> None:
    """Which of the two rows is the payment nobody knows; once it is booked, the other is left."""
    story = Story(tmp_path)
    trial = debited_twice_and_not_booked(story)
    assert trial.proposed == ()

    story.debit("2026-03-11")
    again = story_again(story, trial)
    (other,) = again.proposed
    assert (other.event, other.on, other.amount_fen) == ("unknown-debit", "2026-03-12", 500_00)
    story.payments.fund.record(draft(other.postings, date(2026, 3, 12), other.event))

    (left,) = story_again(story, trial).adjustment.findings
    assert (left.code, str(left.details["date"])) == ("FL897", "2026-03-12")


def test_what_comes_back_of_a_double_is_no_return_of_the_payment(tmp_path: Path) -> None:
    """Else the payee, who has one payment, would be paid once more; in one month or in two."""
    for months in (1, 2):
        story = Story(tmp_path / str(months))
        story.debit("2026-03-11")
        story.result("2026-03-12", "paid", "paid", "paid")
        rows = [*(story.named("2026-03-11", place) for place in range(3))]
        rows.append(story.named("2026-03-12", 0))
        if months == 1:
            trial = story.march(*rows, story.named("2026-03-18", 0, 500_00))
        else:
            story.payments.unexplained("2026-03-12", 500_00)
            sign(story.payments.fund, story.march(*rows), actor="S05")
            back = story.bank.month("2026-04", [story.named("2026-04-02", 0, 500_00)])
            trial = story.bank.tried(back)
        assert trial.payments is not None
        assert [pair.line for pair in trial.payments.pairs if pair.way == "in"]
        assert trial.adjustment.cures == ()
        double = ["unknown-debit"] if months == 1 else []
        assert [one.event for one in trial.proposed] == double


def test_what_comes_back_before_its_result_is_known_is_not_proposed(tmp_path: Path) -> None:
    """Booked as unexplained it would never be the return that it is."""
    story = Story(tmp_path)
    story.debit("2026-03-11")
    rows = [story.row("2026-03-11", place) for place in range(3)]
    trial = story.march(*rows, story.row("2026-03-18", 0, 500_00))

    assert [item.amount_fen for item in trial.adjustment.items] == [500_00]
    assert "FL875" in {finding.code for finding in trial.adjustment.findings}
    assert trial.proposed == ()


def test_payments_that_are_booked_in_the_next_month_are_not_proposed(tmp_path: Path) -> None:
    """Three rows of the last day, one voucher of the next: to book them again would be twice."""
    story = Story(tmp_path)
    story.debit("2026-04-01")
    trial = story.march(*(story.row("2026-03-31", place) for place in range(3)))

    assert [item.amount_fen for item in trial.adjustment.items] == [500_00] * 3
    assert (trial.adjustment.cures, trial.proposed) == ((), ())


def story_again(told: Story, trial: Trial) -> Trial:
    """Reconcile the same statement once more."""
    (statement,) = told.bank.written.values()
    assert trial.adjustment.digests == (statement.sha256,)
    return told.bank.tried(statement)


@given(
    booked=st.lists(st.integers(0, 2), min_size=6, max_size=6),
    seen=st.lists(st.sampled_from(["march", "april", "lump"]), min_size=6, max_size=6),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=8)
def test_however_it_is_booked_and_paid_no_fen_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    booked: Sequence[int],
    seen: Sequence[str],
    order: random.Random,
) -> None:
    """Six payments, booked in up to three steps, paid in rows and a lump over two months.

    Both months settle; after the second nothing is open, and each payment was found once.
    """
    payments = Payments(tmp_path_factory.mktemp("law"))
    bank = Bank(payments)
    people = [entitlement(person, 100_00 + person) for person in range(6)]
    batch, _ = payments.sent(people, "2026-03-25")
    lines = sorted(payments.lines(batch))
    for step in sorted(set(booked)):
        named = [line.line for line, own in zip(lines, booked, strict=True) if own == step]
        payments.named(batch, "debit", f"2026-03-{26 + step}", named)
    march, april = rows_of(lines, seen)
    order.shuffle(march)
    order.shuffle(april)
    first = bank.signed(bank.month("2026-03", march)).adjustment
    second = bank.tried(bank.month("2026-04", april)).adjustment

    late = [line for line, when in zip(lines, seen, strict=True) if when == "april"]
    assert sum(item.amount_fen for item in first.items) == sum(line.amount_fen for line in late)
    assert all(item.of_book for item in first.items)
    assert second.items == ()
    assert second.settled
    found = -sum(match.signed_fen for match in (*first.matches, *second.matches))
    assert found == sum(line.amount_fen for line in lines)


def rows_of(lines: Sequence[PaymentLine], seen: Sequence[str]) -> tuple[list[Said], list[Said]]:
    """Return the rows of both months: of each line by itself, or by its id within a lump."""
    march, april = [], []
    for line, when in zip(lines, seen, strict=True):
        row = Said("", -line.amount_fen, line.account)
        if when == "april":
            april.append(row._replace(on="2026-04-02", account="", memo=line.line))
        else:
            march.append(row._replace(on="2026-03-28"))
    return march, april


def test_the_order_of_rows_and_files_is_nothing(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.debit("2026-03-11")
    rows = [story.row("2026-03-11", place) for place in range(3)]
    march = story.bank.month("2026-03", rows)
    turned = replace(march, lines=march.lines[::-1])

    def said(*statements: Statement) -> str:
        return shown(story.bank.tried(*statements), story.names)

    assert said(march) == said(turned) == said(march, march)


def test_an_open_part_of_a_voucher_is_held_against_the_list(tmp_path: Path) -> None:
    """A signed item `voucher/line` is proved by the books: its line, day and amount (FL327)."""
    story = Story(tmp_path)
    story.debit("2026-03-11")
    trial = story.march(*(story.row("2026-03-11", place) for place in range(2)))
    body = trial.body
    (item,) = body.items
    other = pseudonym("L", "nobody")
    false = {
        "amount": msgspec.structs.replace(item, amount_fen=499_00),
        "line": msgspec.structs.replace(item, refs=(f"2026-03-0003/{other}",)),
        "voucher": msgspec.structs.replace(item, refs=(f"2026-03-0001/{story.lines[2].line}",)),
        "day": msgspec.structs.replace(item, date=date(2026, 3, 12)),
    }
    for forged in false.values():
        with pytest.raises(Refused) as refused:
            story.payments.fund.sign(msgspec.structs.replace(body, items=(forged,)), actor="S05")
        assert "FL327" in {finding.code for finding in refused.value.findings}
    twice = msgspec.structs.replace(
        body, items=(item, msgspec.structs.replace(item, refs=("2026-03-0003",)))
    )
    with pytest.raises(Refused) as refused:
        story.payments.fund.sign(twice, actor="S05")
    assert "FL327" in {finding.code for finding in refused.value.findings}
    sign(story.payments.fund, trial, actor="S05")
    assert [finding for finding in story.payments.fund.check().findings if finding.gates] == []


def test_what_must_be_equal_is_and_is_told_if_it_is_not(tmp_path: Path) -> None:
    """R1 to R8, figure by figure; a journal whose vouchers say otherwise is not signed (FL895)."""
    story = Story(tmp_path)
    story.debit("2026-03-11")
    story.result("2026-03-12", "paid", "paid", "failed")
    rows = [story.row("2026-03-11", place) for place in range(3)]
    trial = story.march(*rows)
    figures = {(one.rule, one.place): (one.one, one.other) for one in trial.identities}
    march = story.bank.written["2026-03"]

    assert all(one.holds for one in trial.identities)
    assert figures["R1", "2026-03.csv"] == (998_500_00, march.closing_fen)
    assert figures["R2", ""] == (998_500_00, 998_500_00)
    assert figures["R3", "Liabilities:SubsidyPayable"] == (500_00, 500_00)
    assert figures["R3", "Assets:DueFrom:Bank"] == (500_00, 500_00)
    assert figures["R3", "Encumbered"] == (0, 0)
    assert figures["R4", ""] == (1_500_00, 1_500_00)
    assert figures["R5", ""] == (1_500_00, 1_500_00)
    assert figures["R6", ""] == (1_500_00, 1_500_00)
    assert figures["R7", ""] == (3, 3)
    assert figures["R8", "count"] == (3, 3)
    assert figures["R8", "sum"] == (1_500_00, 1_500_00)
    assert figures["R8", "receipts"] == (0, 0)

    off = [one._replace(other=one.other + 1) for one in trial.identities]
    told = [finding.details["rule"] for finding in broken(off)]
    expected = [one.rule for one in off if one.rule not in {"R1", "R2", "R4"}]
    assert told == expected[:-1], "the bank's receipts are told by FL898"
    assert {finding.code for finding in broken(off)} == {"FL895"}
    assert all(finding.severity is Severity.ERROR for finding in broken(off))


def test_what_the_books_cannot_hold_is_refused_by_its_identity(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A voucher of a batch with a fen too much, behind the gate's back: R5 says so, none signs."""
    story = Story(tmp_path)
    story.debit("2026-03-11")
    trial = story.march(*(story.row("2026-03-11", place) for place in range(3)))
    journal = [*story.payments.fund.records()]
    posted = posted_by_batches(journal)
    more = posted._replace(expense_fen=posted.expense_fen + 1)
    books = story.payments.fund.books()
    found = identities(trial.adjustment, (), books, trial.payments, more)

    assert [finding.details["rule"] for finding in broken(found)] == ["R5"]
    monkeypatch.setattr("fundledger.reconcile.trial.posted_by_batches", lambda _: more)
    again = story_again(story, trial)
    with pytest.raises(Refused) as refused:
        sign(story.payments.fund, again, actor="S05")
    assert {finding.code for finding in refused.value.findings} == {"FL864", "FL895"}


def two_of_one_account(root: Path) -> tuple[Story, Statement]:
    """March, in which two rows of one account, on two days, are payments of two people."""
    story = Story(root, shared=True)
    story.debit("2026-03-11")
    of_one = [place for place, line in enumerate(story.lines) if line.account == SHARED]
    (other,) = {0, 1, 2} - {*of_one}
    rows = [story.row(f"2026-03-1{day}", of_one[0]) for day in (1, 2)]
    return story, story.bank.month("2026-03", [*rows, story.row("2026-03-11", other)])


def test_what_a_person_decided_is_kept_and_not_asked_again(tmp_path: Path) -> None:
    story, statement = two_of_one_account(tmp_path)
    fund = story.payments.fund
    marks = [f"{statement.sha256}:{row}" for row in (2, 3)]
    lines = [line.line for line in story.lines if line.account == SHARED]
    decided = dict(zip(marks, lines, strict=True))
    asked = try_out(fund, [statement], known=KNOWN)
    settled = try_out(fund, [statement], known=KNOWN, decided=decided)

    assert "FL884" in {finding.code for finding in asked.adjustment.findings}
    assert "FL884" not in {finding.code for finding in settled.adjustment.findings}
    assert settled.payments is not None
    assert sorted(pair.tier for pair in settled.payments.pairs) == ["T3", "decided", "decided"]
    sign(fund, settled, actor="S05")
    again = try_out(fund, [statement], known=KNOWN)
    assert again.signed is not None
    assert [(one.row, one.line) for one in again.body.decided] == sorted(decided.items())
    assert again.adjustment == settled.adjustment
    assert [finding for finding in fund.check().findings if finding.gates] == []


@pytest.mark.parametrize(
    ("row", "line", "reason"),
    [(9, 0, "row"), (2, None, "line"), (4, 1, "amount"), (3, 0, "twice"), (5, 0, "named")],
)
def test_a_decision_of_nothing_is_refused(
    row: int, line: int | None, reason: str, tmp_path: Path
) -> None:
    story = Story(tmp_path)
    story.debit("2026-03-11")
    rows = [story.row("2026-03-11", place) for place in range(2)]
    rows += [story.row("2026-03-11", 2, -1_00), story.named("2026-03-11", 1)]
    statement = story.bank.month("2026-03", rows)
    named = story.lines[line].line if line is not None else "L-AAAAAAAAAAAA"
    decided = {f"{statement.sha256}:{row}": named}
    if reason == "twice":
        decided[f"{statement.sha256}:2"] = named

    with pytest.raises(InputInvalid) as refused:
        try_out(story.payments.fund, [statement], known=KNOWN, decided=decided)
    assert {finding.code for finding in refused.value.findings} == {"FL896"}
    assert {finding.details["reason"] for finding in refused.value.findings} == {reason}


def test_a_signed_decision_is_of_a_line_that_was_sent(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.debit("2026-03-11")
    trial = story.march(*(story.row("2026-03-11", place) for place in range(3)))
    row = f"{trial.adjustment.digests[0]}:2"
    good = Decided(row, story.lines[0].line)
    for forged in (
        (Decided(row, "L-AAAAAAAAAAAA"),),
        (Decided(row, ""), Decided(row, story.lines[0].line)),
        (good, Decided(row.replace(":2", ":3"), story.lines[0].line)),
        (Decided("0" * 64 + ":2", story.lines[0].line),),
    ):
        body = msgspec.structs.replace(trial.body, decided=forged)
        with pytest.raises(Refused) as refused:
            story.payments.fund.sign(body, actor="S05")
        assert {finding.code for finding in refused.value.findings} == {"FL329"}
    story.payments.fund.sign(msgspec.structs.replace(trial.body, decided=(good,)), actor="S05")


def test_the_page_has_the_form_the_figures_and_the_findings(tmp_path: Path) -> None:
    story = Story(tmp_path)
    trial = debit_of_some_not_booked(story)
    heading = Heading("某街道<办事处>", "低保", "某银行")
    page = adjustment_page(trial.adjustment, heading, identities=trial.identities)
    seen = _Seen()
    seen.feed(page)

    assert seen.open == []
    assert page == adjustment_page(trial.adjustment, heading, identities=trial.identities)
    assert "某街道<办事处>" in seen.text
    for words in ("差额：无，调节相符", "FL874", "R5 列支＝计入的发放行", "编制："):
        assert words in seen.text
    for item in trial.adjustment.items:
        assert item.ref in seen.text
    for finding in trial.adjustment.findings:
        assert finding.sentence("zh") in seen.text
    assert "http" not in page
    assert "<script" not in page


class _Seen(HTMLParser):
    """The words of a page, and the elements that it left open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's call
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_exceptions_are_rolled_up_by_class_age_and_unit(tmp_path: Path) -> None:
    story = Story(tmp_path)
    trial = booked_not_at_the_bank(story)
    assert trial.payments is not None
    assert rolled_up(trial.payments) == (Group("book-without-bank", "11-30", "CASC", 1, 500_00),)
    assert share_of_found(trial.payments) == (2, 1000_00, 1, 500_00)
    sign(story.payments.fund, trial, actor="S05")
    april = story.bank.month("2026-04", [story.named("2026-04-01", 2)])
    again = story.bank.tried(april)
    assert again.after is not None
    assert again.payments is not None
    assert cleared(again.after.body.items, again.adjustment) == 1
    assert cleared(again.after.body.items, trial.adjustment) == 0
    assert [age_of(days) for days in (0, 3, 4, 10, 11, 30, 31, 90, 91)] == [
        *("0-3", "0-3", "4-10", "4-10", "11-30", "11-30", "31-90", "31-90", "over-90")
    ]


def test_a_severe_one_that_is_booked_as_what_it_is_may_be_signed(tmp_path: Path) -> None:
    """The bank took a line twice; once its row is booked as unexplained, it may be signed."""
    story = Story(tmp_path)
    trial = debited_twice(story)
    assert "FL883" in {finding.code for finding in trial.adjustment.findings}
    entry = draft(drafts.unknown_debit(500_00), date(2026, 3, 12), "unknown-debit")
    story.payments.fund.record(entry)
    again = story_again(story, trial)

    codes = {finding.code for finding in again.adjustment.findings}
    assert codes == {"FL897"}
    sign(story.payments.fund, again, actor="S05")


def test_what_was_signed_is_not_paid_once_more_in_another_month(tmp_path: Path) -> None:
    """L0 is debited in March and again in April, L1 in neither: nothing stands for L1 by amount."""
    story = Story(tmp_path)
    story.debit("2026-03-11")
    story.bank.signed(story.bank.month("2026-03", [story.named("2026-03-11", n) for n in (0, 2)]))
    april = story.bank.month("2026-04", [story.named("2026-04-02", 0)])
    told = story.bank.tried(april).adjustment

    assert {"FL861", "FL876", "FL883"} <= {finding.code for finding in told.findings}
    assert not told.settled
    assert [item.ref for item in told.items if item.of_book] == [
        f"2026-03-0003/{story.lines[1].line}"
    ]


def test_a_list_that_is_gone_stops_the_comparison(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.debit("2026-03-11")
    for path in (tmp_path / "dibao" / "lists").glob("*.csv"):
        path.unlink()
    with pytest.raises(Refused) as refused:
        story.march(Said("2026-03-11", -1500_00))
    assert refused.value.codes == ("FL751",)


def test_of_two_vouchers_of_one_day_each_has_its_own_lines_open(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.debit("2026-03-11", 0)
    story.debit("2026-03-11", 1, 2)
    trial = story.march()
    first = story.lines[0].line
    shares = [f"2026-03-000{number}/{first}" for number in (3, 4)]
    (one, two) = trial.body.items
    own = msgspec.structs.replace(one, refs=(shares[0],))
    other = msgspec.structs.replace(one, refs=(shares[1],))

    for items in ((other, two), (own, other), (one, other)):
        body = msgspec.structs.replace(trial.body, items=items)
        with pytest.raises(Refused) as refused:
            story.payments.fund.sign(body, actor="S05")
        assert "FL327" in {finding.code for finding in refused.value.findings}
    good = msgspec.structs.replace(trial.body, items=(own, two))
    story.payments.fund.sign(good, actor="S05")


def test_what_the_bank_says_a_row_is_for_names_nobody() -> None:
    line = BankLine(
        2,
        date(2026, 3, 11),
        "out",
        500_00,
        counterparty="某乙甲",
        counterparty_account="6222020000000000018",
        summary="代发某乙甲6222020000000000018",
    )
    assert nameless(line) == "代发……"
    assert (
        nameless(replace(line, counterparty_account="", summary="低保 ６２２２０２００００"))
        == "低保 …"
    )
    assert nameless(replace(line, summary="3月低保 B2026-03-001")) == "3月低保 B2026-03-001"
