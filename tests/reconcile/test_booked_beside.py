"""A batch's payment that was booked beside it is booked once in the end, in whatever month."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fundledger.ledger.chart import ASSET_SUSPENSE
from fundledger.reconcile import Trial, sign
from support.paidbank import Said
from support.paidstories import Story, booked_as_an_expense, booked_as_unexplained
from support.paying import entitlement


def codes(trial: Trial) -> list[str]:
    return sorted(finding.code for finding in trial.adjustment.findings)


def expect_even(story: Story, trial: Trial) -> None:
    """Nothing is open, on the account or as unexplained, and it is signed."""
    assert trial.adjustment.items == ()
    assert trial.adjustment.difference_fen == 0
    assert story.payments.fund.books().fen(ASSET_SUSPENSE) == 0
    sign(story.payments.fund, trial, actor="S05")
    assert [finding for finding in story.payments.fund.check().findings if finding.gates] == []


def again(story: Story) -> Trial:
    return story.bank.tried(story.bank.written["2026-03"])


def take(story: Story, trial: Trial) -> None:
    """Take the steps that a reconciliation names."""
    for cure in trial.adjustment.cures:
        if cure.lines:
            story.payments.named(cure.batch, cure.step, cure.on, cure.lines)
        else:
            story.payments.step(cure.batch, cure.step, cure.on)


@pytest.mark.parametrize("tell", [booked_as_unexplained, booked_as_an_expense])
def test_it_is_reversed_first_and_then_debited(
    tell: Callable[[Story], Trial], tmp_path: Path
) -> None:
    story = Story(tmp_path)
    first = tell(story)
    (found,) = [one for one in first.adjustment.findings if one.code == "FL848"]
    assert story.lines[0].line not in {
        line for cure in first.adjustment.cures for line in cure.lines
    }
    take(story, first)
    second = again(story)
    assert (codes(second), second.adjustment.cures) == (["FL848"], ())

    story.payments.undone(str(found.details["voucher"]), "2026-03-31")
    third = again(story)
    assert [(cure.step, cure.payments) for cure in third.adjustment.cures] == [("debit", 1)]
    take(story, third)
    expect_even(story, again(story))


def signed_without_the_key(story: Story, *more: Said) -> str:
    """March, in which L0 is booked as unexplained and nobody knows better; returns the voucher."""
    ref = story.payments.unexplained("2026-03-11", 500_00)
    trial = story.march(story.row("2026-03-11", 0), *more, known=None)
    assert set(codes(trial)) == {"FL877", "FL894"}
    sign(story.payments.fund, trial, actor="S05")
    return ref


def test_in_the_next_month_neither_the_red_ink_nor_the_debit_waits_for_the_bank(
    tmp_path: Path,
) -> None:
    story = Story(tmp_path)
    ref = signed_without_the_key(story)
    assert "FL848" in codes(again(story))
    story.payments.undone(ref, "2026-04-03")
    (cure,) = again(story).adjustment.cures
    assert (cure.code, cure.lines) == ("FL874", (story.lines[0].line,))

    story.debit("2026-04-03", 0)
    story.debit("2026-04-07", 1, 2)
    rows = [story.row("2026-04-07", place) for place in (1, 2)]
    april = story.bank.tried(story.bank.month("2026-04", rows))
    (pair,) = april.adjustment.set_off
    assert (pair.ref, pair.signed_fen) == ("2026-04-0002", -500_00)
    assert codes(april) == ["FL800"]
    expect_even(story, april)
    expect_even(story, story.bank.tried(story.bank.month("2026-05", [])))


def test_of_a_voucher_for_the_whole_batch_it_is_one_line(tmp_path: Path) -> None:
    story = Story(tmp_path)
    ref = signed_without_the_key(story)
    story.payments.undone(ref, "2026-04-03")
    story.debit("2026-04-07")
    rows = [story.row("2026-04-07", place) for place in (1, 2)]
    april = story.bank.tried(story.bank.month("2026-04", rows))

    (pair,) = april.adjustment.set_off
    assert pair.ref == f"2026-04-0002/{story.lines[0].line}"
    expect_even(story, april)


def test_a_sum_is_debited_in_the_next_month_as_it_was(tmp_path: Path) -> None:
    story = Story(tmp_path)
    ref = story.payments.unexplained("2026-03-11", 1500_00)
    march = story.march(Said("2026-03-11", -1500_00), known=None)
    assert codes(march) == ["FL848", "FL894"]
    story.payments.undone(ref, "2026-04-03")
    story.debit("2026-04-03")
    sign(story.payments.fund, again(story), actor="S05")

    expect_even(story, story.bank.tried(story.bank.month("2026-04", [])))


def test_what_is_left_of_the_voucher_waits_by_itself(tmp_path: Path) -> None:
    story = Story(tmp_path)
    batch, names = story.payments.sent([entitlement(20), entitlement(21, 300_00)])
    amounts = {line.line: line.amount_fen for line in story.payments.lines(batch)}
    (late,) = [name for name in names if amounts[name] == 300_00]
    ref = signed_without_the_key(story)
    story.payments.undone(ref, "2026-04-03")
    story.payments.step(batch, "debit", "2026-04-03")
    april = story.bank.tried(story.bank.month("2026-04", []))

    (item,) = april.adjustment.items
    assert (item.ref, item.signed_fen) == (f"2026-04-0002/{late}", -300_00)
    sign(story.payments.fund, april, actor="S05")
    row = Said("2026-05-04", -300_00, memo=late)
    expect_even(story, story.bank.tried(story.bank.month("2026-05", [row])))


def test_of_two_payments_alike_it_is_not_known_which_the_bank_had(tmp_path: Path) -> None:
    """Until the row of one of them comes."""
    story = Story(tmp_path)
    ref = signed_without_the_key(story)
    story.payments.undone(ref, "2026-04-03")
    story.debit("2026-04-03", 0, 1)
    april = story.bank.tried(story.bank.month("2026-04", []))

    assert [item.signed_fen for item in april.adjustment.items] == [500_00, -1000_00]
    assert april.adjustment.set_off == ()
    sign(story.payments.fund, april, actor="S05")
    may = story.bank.month("2026-05", [story.row("2026-05-04", 1)])
    expect_even(story, story.bank.tried(may))


def test_while_another_voucher_of_the_amount_is_open_nothing_takes_its_place(
    tmp_path: Path,
) -> None:
    story = Story(tmp_path)
    ref = signed_without_the_key(story)
    story.payments.undone(ref, "2026-04-03")
    story.debit("2026-04-03", 0)
    story.payments.expense("2026-04-10", 500_00)
    april = story.bank.tried(story.bank.month("2026-04", []))

    assert april.adjustment.set_off == ()
    assert len(april.adjustment.items) == 3


def test_what_was_sent_after_the_row_is_not_what_the_bank_had(tmp_path: Path) -> None:
    story = Story(tmp_path)
    ref = signed_without_the_key(story)
    batch, _ = story.payments.sent([entitlement(20)], "2026-04-02")
    story.payments.undone(ref, "2026-04-03")
    story.payments.step(batch, "debit", "2026-04-03")

    assert story.bank.tried(story.bank.month("2026-04", [])).adjustment.set_off == ()


def test_what_was_corrected_is_not_free_for_a_payment(tmp_path: Path) -> None:
    """The red copy of a voucher that another stands for is that one's."""
    story = Story(tmp_path)
    ref = signed_without_the_key(story)
    story.payments.corrected(ref, "2026-04-03", 300_00)
    story.debit("2026-04-03", 0)
    april = story.bank.tried(story.bank.month("2026-04", []))

    assert april.adjustment.set_off == ()
    assert len(april.adjustment.items) == 3


def test_both_behind_the_signature_make_it_be_signed_anew(tmp_path: Path) -> None:
    story = Story(tmp_path)
    ref = signed_without_the_key(story)
    story.payments.undone(ref, "2026-03-31")
    story.debit("2026-03-11", 0)
    march = again(story)
    assert (march.signed, march.replaces is not None) == (None, True)

    expect_even(story, march)
    rows = [story.row("2026-04-07", place) for place in (1, 2)]
    story.debit("2026-04-07", 1, 2)
    expect_even(story, story.bank.tried(story.bank.month("2026-04", rows)))
