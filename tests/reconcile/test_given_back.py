"""What the bank took wrongly and gives back clears what it was booked as: nothing stays open."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.chart import ASSET_SUSPENSE, BANK, DUE_FROM_OFFICE, LIABILITY_SUSPENSE
from fundledger.ledger.voucher import Posting, credit, debit
from fundledger.reconcile import Proposed, Trial, sign, try_out
from support.offices import draft
from support.paidbank import KNOWN, Said
from support.paidstories import Story
from support.paying import CASHIER
from support.plainrows import opened, recorded, statement

END = date(2026, 3, 31)


def booked(
    fund: Fund, day: int, fen: int, event: str = "unknown-debit", account: str = ASSET_SUSPENSE
) -> str:
    """Record a debit that is to be given back; returns its voucher."""
    postings = (debit(account, fen), credit(BANK, fen))
    (ref,) = fund.record(draft(postings, date(2026, 3, day), event)).refs
    return ref


def tried(fund: Fund, *moves: tuple[int, int]) -> Trial:
    return try_out(fund, [statement(*((day, fen, "转账") for day, fen in moves))])


def said(trial: Trial) -> list[tuple[str, str, str]]:
    return [(one.event, one.on, one.clears) for one in trial.proposed]


def items(fund: Fund) -> list[str]:
    return [one.code for one in fund.check(END).findings if one.code in {"FL412", "FL413"}]


@pytest.mark.parametrize(
    ("event", "account", "words"),
    [
        ("unknown-debit", ASSET_SUSPENSE, "不明扣款退回"),
        ("bank-fee", DUE_FROM_OFFICE, "应收工作经费收回"),
    ],
)
def test_what_is_given_back_clears_what_it_was_booked_as(
    event: str, account: str, words: str, tmp_path: Path
) -> None:
    fund = opened(tmp_path)
    ref = booked(fund, 5, 12_50, event, account)
    rows = statement((5, -12_50, "扣款"), (9, 12_50, "转账"))
    (one,) = try_out(fund, [rows]).proposed

    assert (one.code, one.event, one.giver, one.clears) == ("FL862", "transfer", account, ref)
    assert one.postings == (debit(BANK, 12_50), credit(account, 12_50))
    assert one.narration == f"{words}（{ref}）"
    assert one.words("dibao")[:9] == (
        *("record", "dibao", "transfer", "--from", account, "--to", BANK, "--amount", "12.50"),
    )
    assert items(fund) == ["FL412"]
    recorded(fund, one)
    again = try_out(fund, [rows])
    assert (again.proposed, again.adjustment.items, items(fund)) == ((), (), [])
    sign(fund, again, actor="S05")


def test_debits_alike_are_not_told_apart(tmp_path: Path) -> None:
    """Two of one amount, of one account or of two: which of them came back nobody knows."""
    for number, event in enumerate(("unknown-debit", "bank-fee")):
        fund = opened(tmp_path / str(number))
        booked(fund, 5, 12_50)
        booked(fund, 6, 12_50, event, DUE_FROM_OFFICE if number else ASSET_SUSPENSE)

        assert said(tried(fund, (5, -12_50), (6, -12_50), (9, 12_50))) == []


def test_rows_alike_are_not_told_apart(tmp_path: Path) -> None:
    fund = opened(tmp_path)
    booked(fund, 5, 12_50)

    assert said(tried(fund, (5, -12_50), (9, 12_50), (11, 12_50))) == []


def test_what_came_before_or_is_another_amount_is_unexplained_as_ever(tmp_path: Path) -> None:
    fund = opened(tmp_path)
    booked(fund, 5, 12_50)
    trial = tried(fund, (5, -12_50), (4, 12_50), (9, 80_00))

    assert said(trial) == [
        ("unknown-credit", "2026-03-04", ""),
        ("unknown-credit", "2026-03-09", ""),
    ]


def test_what_is_cleared_or_undone_is_given_back_no_more(tmp_path: Path) -> None:
    for number in range(2):
        fund = opened(tmp_path / str(number))
        ref = booked(fund, 5, 12_50)
        moves = [(5, -12_50), (20, 12_50)]
        if number:
            voucher = fund.books().voucher(ref)
            assert voucher is not None
            fund.record(drafts.reversal(voucher, date(2026, 3, 8), "S03", "S01"))
            moves = [(20, 12_50)]
        else:
            fund.record(draft(_back(12_50), date(2026, 3, 8), "transfer"))
            moves.append((8, 12_50))

        assert said(tried(fund, *moves)) == [("unknown-credit", "2026-03-20", "")]


def _back(fen: int) -> tuple[Posting, Posting]:
    return debit(BANK, fen), credit(ASSET_SUSPENSE, fen)


def test_while_a_part_may_be_cleared_nothing_is_sure(tmp_path: Path) -> None:
    """Of 12.50 and 30.00 the bank gave 20.00 back; once the rest is back, all begins anew."""
    fund = opened(tmp_path)
    booked(fund, 5, 12_50)
    booked(fund, 6, 30_00)
    fund.record(draft(_back(20_00), date(2026, 3, 8), "transfer"))
    moves = [(5, -12_50), (6, -30_00), (8, 20_00)]
    assert said(tried(fund, *moves, (9, 12_50))) == []

    fund.record(draft(_back(22_50), date(2026, 3, 10), "transfer"))
    last = booked(fund, 11, 12_50)
    moves += [(10, 22_50), (11, -12_50)]
    assert said(tried(fund, *moves, (12, 12_50))) == [("transfer", "2026-03-12", last)]


def test_of_several_alike_it_is_not_said_which_is_left(tmp_path: Path) -> None:
    fund = opened(tmp_path)
    for day in (5, 6):
        booked(fund, day, 12_50)
    fund.record(draft(_back(12_50), date(2026, 3, 8), "transfer"))
    trial = tried(fund, (5, -12_50), (6, -12_50), (8, 12_50), (9, 12_50))

    assert said(trial) == [("transfer", "2026-03-09", "")]
    assert trial.proposed[0].narration == "不明扣款退回"


def test_a_debit_that_is_not_booked_yet_is_booked_before_it_is_given_back(tmp_path: Path) -> None:
    fund = opened(tmp_path)
    moves = [(5, -12_50), (9, 12_50)]
    first = tried(fund, *moves)
    assert said(first) == [("unknown-debit", "2026-03-05", "")]

    recorded(fund, first.proposed[0])
    second = tried(fund, *moves)
    assert [one.event for one in second.proposed] == ["transfer"]
    recorded(fund, second.proposed[0])
    assert (tried(fund, *moves).adjustment.items, items(fund)) == ((), [])


def test_what_was_booked_as_unexplained_on_both_sides_is_cleared_by_one_voucher(
    tmp_path: Path,
) -> None:
    fund = opened(tmp_path)
    booked(fund, 5, 12_50)
    fund.record(draft(drafts.unknown_credit(12_50), date(2026, 3, 9), "unknown-credit"))
    assert items(fund) == ["FL412", "FL412"]

    both = (debit(LIABILITY_SUSPENSE, 12_50), credit(ASSET_SUSPENSE, 12_50))
    fund.record(draft(both, date(2026, 3, 20), "transfer"))
    trial = tried(fund, (5, -12_50), (9, 12_50), (25, 12_50))
    assert items(fund) == []
    assert said(trial) == [("unknown-credit", "2026-03-25", "")]


def _paid_and_suspended(root: Path) -> tuple[Story, list[Said]]:
    """Three payments, and a debit of 500.00 that is booked as unexplained; and their rows."""
    story = Story(root)
    story.debit("2026-03-11")
    story.result("2026-03-12", "paid", "paid", "paid")
    story.payments.unexplained("2026-03-13", 500_00)
    rows = [story.row("2026-03-11", place) for place in range(3)]
    return story, [*rows, story.stray("2026-03-13")]


def test_once_it_is_given_back_a_return_of_that_amount_is_one_again(tmp_path: Path) -> None:
    story, rows = _paid_and_suspended(tmp_path)
    back = story.stray("2026-03-16", 500_00)
    returned = story.named("2026-03-20", 0, 500_00)
    before = story.march(*rows, returned)
    assert (before.adjustment.cures, before.proposed) == ((), ())

    (one,) = story.march(*rows, back).proposed
    story.payments.fund.record(draft(one.postings, date(2026, 3, 16), one.event, cashier=CASHIER))
    again = story.march(*rows, back, returned)
    (cure,) = again.adjustment.cures
    assert (cure.step, cure.lines) == ("return", (story.lines[0].line,))
    assert [finding.code for finding in again.adjustment.findings] == ["FL875"]


def test_what_another_debit_may_have_been_clears_nothing(tmp_path: Path) -> None:
    """Two debits went to the stranger, one is booked: the other may be what came back."""
    story, rows = _paid_and_suspended(tmp_path)
    more = story.stray("2026-03-14")
    trial = story.march(*rows, more, story.stray("2026-03-16", 500_00))

    assert "FL887" in {finding.code for finding in trial.adjustment.findings}
    assert trial.proposed == ()


def test_a_credit_that_a_person_knows_to_be_of_no_batch_may_be_what_is_given_back(
    tmp_path: Path,
) -> None:
    story, rows = _paid_and_suspended(tmp_path)
    march = story.bank.month("2026-03", [*rows, story.row("2026-03-16", 0, 500_00)])
    mark = f"{march.sha256}:{march.lines[-1].row}"
    fund = story.payments.fund

    assert try_out(fund, [march], known=KNOWN).proposed == ()
    trial = try_out(fund, [march], known=KNOWN, decided={mark: ""})
    assert [one.event for one in trial.proposed] == ["transfer"]


def test_without_the_key_what_came_back_may_be_a_return(tmp_path: Path) -> None:
    story, rows = _paid_and_suspended(tmp_path)
    back = story.stray("2026-03-16", 500_00)

    assert story.march(*rows, back, known=None).proposed == ()
    assert [one.event for one in story.march(*rows, back).proposed] == ["transfer"]


def test_the_narration_of_a_plain_proposal_is_as_it_was() -> None:
    one = Proposed("FL862", "unknown-credit", "2026-03-04", 1, "a:2", "0:2", ())
    assert one.narration == "不明来款，待查"
