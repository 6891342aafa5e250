"""A row that the books have not can be booked as is proposed, and then it is not open."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.ledger import drafts
from fundledger.reconcile import Known, Trial, sign, try_out
from support.offices import draft
from support.paidbank import KNOWN, Said
from support.paidstories import Story
from support.plainrows import opened, recorded, statement

SUMMARIES = ("手续费", "账户管理费", "结息", "利息", "转账", "", "代发")
EVENTS = {
    ("手续费", False): "bank-fee",
    ("账户管理费", False): "bank-fee",
    ("结息", True): "interest",
    ("利息", True): "interest",
}


moves = st.lists(
    st.tuples(
        st.integers(2, 31),
        st.integers(-9_99, 9_99).filter(bool),
        st.sampled_from(SUMMARIES),
    ),
    max_size=6,
)


@settings(max_examples=25)
@given(moves)
def test_once_all_that_is_proposed_is_recorded_nothing_is_open(
    found: list[tuple[int, int, str]],
) -> None:
    with TemporaryDirectory() as folder:
        fund = opened(Path(folder))
        rows = statement(*found)
        trial = try_out(fund, [rows])
        certain = {item.marks for item in trial.adjustment.items if not item.ambiguous}
        named = {finding.code for finding in trial.adjustment.findings}

        assert {(one.row,) for one in trial.proposed} <= certain
        if not named & {"FL863", "FL872", "FL873"}:
            assert len(trial.proposed) == len(trial.adjustment.items)
        for one in trial.proposed:
            assert sum(posting.signed_fen for posting in one.postings) == 0
            recorded(fund, one)
        again = try_out(fund, [rows])
        left = {item.marks for item in again.adjustment.items}
        assert not left & {(one.row,) for one in trial.proposed}
        if not again.adjustment.items:
            sign(fund, again, actor="S05")


@given(st.sampled_from(SUMMARIES), st.sampled_from((1, -1)), st.integers(1, 9_99))
@settings(max_examples=20, deadline=None)
def test_only_what_the_bank_calls_a_fee_or_interest_is_proposed_as_that(
    summary: str, sign_of: int, fen: int
) -> None:
    with TemporaryDirectory() as folder:
        fund = opened(Path(folder))
        trial = try_out(fund, [statement((5, sign_of * fen, summary))])
    (one,) = trial.proposed

    received = sign_of > 0
    expected = EVENTS.get((summary, received), "unknown-credit" if received else "unknown-debit")
    assert (one.event, one.on, one.amount_fen) == (expected, "2026-03-05", fen)
    assert "某某某" not in " ".join(one.words("dibao"))
    assert one.words("dibao", "gumei") == ("-C", "gumei", *one.words("dibao"))
    assert trial.adjustment.digests == (one.digest,)


def test_what_may_stand_in_the_books_already_is_not_proposed_again(tmp_path: Path) -> None:
    """A voucher of 21.00 may be the row of 12.00, written wrong (FL873): it is not booked twice."""
    fund = opened(tmp_path)
    recorded_wrong = draft(drafts.bank_fee(21_00), date(2026, 3, 5), "bank-fee")
    fund.record(recorded_wrong)

    trial = try_out(fund, [statement((5, -12_00, "手续费"))])

    assert "FL873" in {finding.code for finding in trial.adjustment.findings}
    assert trial.proposed == ()


def test_rows_alike_of_which_one_is_booked_are_not_proposed(tmp_path: Path) -> None:
    fund = opened(tmp_path)
    fund.record(draft(drafts.bank_fee(5_00), date(2026, 3, 5), "bank-fee"))

    trial = try_out(fund, [statement((5, -5_00, "手续费"), (5, -5_00, "手续费"))])

    assert [item.ambiguous for item in trial.adjustment.items] == [True]
    assert trial.proposed == ()


def test_what_is_booked_on_another_day_is_not_proposed(tmp_path: Path) -> None:
    """A fee of the 31st is booked on 1 April, a gift of the 20th on the 5th: both are there."""
    fund = opened(tmp_path)
    fund.record(draft(drafts.bank_fee(5_00), date(2026, 4, 1), "bank-fee"))
    fund.record(draft(drafts.donation(77_00), date(2026, 3, 5), "donation"))

    trial = try_out(fund, [statement((31, -5_00, "手续费"), (20, 77_00, "转账"))])

    assert [item.amount_fen for item in trial.adjustment.items if not item.of_book] == [77_00, 5_00]
    assert trial.proposed == ()


@settings(max_examples=10)
@given(st.sampled_from(("残疾人居家养老管理费", "利息税退回", "代付物业管理费补助", "手续费返还")))
def test_a_word_in_a_longer_summary_says_nothing(summary: str) -> None:
    with TemporaryDirectory() as folder:
        fund = opened(Path(folder))
        trial = try_out(fund, [statement((5, -3_00, summary), (6, 8_00, summary))])

    assert [one.event for one in trial.proposed] == ["unknown-credit", "unknown-debit"]


def test_without_the_key_nothing_that_may_be_a_payment_is_proposed(tmp_path: Path) -> None:
    story = Story(tmp_path)
    rows = [story.row("2026-03-11", place) for place in range(3)]
    fee = Said("2026-03-20", -5_00, memo="手续费")
    blind = story.march(*rows, fee, known=None)
    seen = story_again(story)

    assert [item.amount_fen for item in blind.adjustment.items] == [500_00] * 3 + [5_00]
    assert blind.proposed == ()
    assert [(one.event, one.amount_fen) for one in seen.proposed] == [("unknown-debit", 5_00)]


@pytest.mark.parametrize("known", [KNOWN, None])
def test_what_a_person_decided_to_be_no_payment_is_proposed(
    tmp_path: Path, known: Known | None
) -> None:
    """Each goes to somebody of the list, in the amount of the list: who knows better said so."""
    story = Story(tmp_path)
    own = story.bank.month("2026-03", [story.row("2026-03-11", 0), story.row("2026-03-12", 1)])
    marks = [f"{own.sha256}:{line.row}" for line in own.lines if line.signed_fen == -500_00]
    fund = story.payments.fund
    assert try_out(fund, [own], known=known).proposed == ()

    trial = try_out(fund, [own], known=known, decided=dict.fromkeys(marks, ""))

    assert [(one.event, one.row) for one in trial.proposed] == [
        ("unknown-debit", mark) for mark in marks
    ]
    for one in trial.proposed:
        recorded(fund, one)
    after = try_out(fund, [own], known=known, decided=dict.fromkeys(marks, ""))
    assert (after.adjustment.items, after.proposed) == ((), ())


def story_again(story: Story) -> Trial:
    (own,) = story.bank.written.values()
    return story.bank.tried(own)
