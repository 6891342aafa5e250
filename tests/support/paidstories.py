"""Small stories of three people, one month and a bank, and the findings that each has to give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from fundledger.ledger import drafts
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.paylist import PaymentLine
from fundledger.reconcile import Known, Trial, sign, try_out
from support.offices import charter_values, draft
from support.paidbank import KNOWN, Bank, Said
from support.paying import CASHIER, MAKER, REVIEWER, Given, Payments, entitlement, pseudonym


class Story:
    """Three people who are paid 500.00 each in March, sent on the 10th, and their bank."""

    def __init__(self, root: Path, *, shared: bool = False, **controls: object) -> None:
        """Send the batch; two of them may have one account, and the rules other controls."""
        holder, number = CLEARING
        account = charter_values()["fund"]["bank_account"]
        account["clearing"] = [{"holder": holder, "number": number}]
        changes: dict[str, Given] = {"bank_account": account}
        if controls:
            changes["controls"] = controls
        self.payments = Payments(root, **changes)
        self.bank = Bank(self.payments)
        accounts = ["one", "one"] if shared else [0, 1]
        people = [entitlement(n, account=own) for n, own in enumerate((*accounts, 2))]
        self.batch, _ = self.payments.sent(people)
        self.lines = sorted(self.payments.lines(self.batch))
        self.names = {line.line: f"L{place}" for place, line in enumerate(self.lines)}
        self.names |= {line.account: f"A{place}" for place, line in enumerate(self.lines)}

    def debit(self, on: str, *places: int) -> None:
        """Book the debit of some lines, or of all."""
        if places:
            named = [self.lines[place].line for place in places]
            self.payments.named(self.batch, "debit", on, named)
        else:
            self.payments.step(self.batch, "debit", on)

    def row(self, on: str, place: int, fen: int = -500_00, *, memo: str = "") -> Said:
        """Return a row of a payee's account."""
        return Said(on, fen, self.lines[place].account, memo=memo)

    def named(self, on: str, place: int, fen: int = -500_00) -> Said:
        """Return a row that states the line's id and no account."""
        return Said(on, fen, memo=f"低保 {self.lines[place].line}")

    def stray(self, on: str, fen: int = -500_00) -> Said:
        """Return a row that says of nobody on the lists, and of no batch, whose it is."""
        return Said(on, fen, pseudonym("A", "a stranger"))

    def result(self, on: str, *words: str) -> None:
        """Record the bank's answer, a word for each line."""
        said = {line.line: word for line, word in zip(self.lines, words, strict=True)}
        self.payments.result(self.batch, on, said)

    def one_more(self) -> tuple[str, list[Said]]:
        """Send a batch of one, L7 of 700.00; book both; returns it, and the rows of the other."""
        batch, (line,) = self.payments.sent([entitlement(9, 700_00)])
        self.names[line] = "L7"
        self.debit("2026-03-11")
        self.payments.step(batch, "debit", "2026-03-11")
        return batch, [self.row("2026-03-11", place) for place in range(3)]

    def march(self, *rows: Said, known: Known | None = KNOWN) -> Trial:
        """Reconcile March."""
        return self.bank.tried(self.bank.month("2026-03", rows), known=known)

    def reissued(self, place: int, on: str) -> PaymentLine:
        """Pay a line once more, to another account; returns the new line, named L9."""
        line = self.lines[place].line
        batch = self.payments.reissue({line: pseudonym("A", "another")}, on)
        self.payments.step(batch, "approve", on)
        self.payments.step(batch, "export", on)
        (found,) = self.payments.lines(batch)
        self.names[found.line] = "L9"
        return found


def debit_not_booked(story: Story) -> Trial:
    return story.march(*(story.row("2026-03-11", place) for place in range(3)))


def debit_of_some_not_booked(story: Story) -> Trial:
    story.debit("2026-03-11", 0)
    return story.march(*(story.row("2026-03-11", place) for place in range(2)))


def return_not_booked(story: Story) -> Trial:
    story.debit("2026-03-11")
    story.result("2026-03-12", "paid", "paid", "paid")
    rows = [story.row("2026-03-11", place) for place in range(3)]
    return story.march(*rows, story.row("2026-03-16", 1, 500_00))


def credit_back_not_booked(story: Story) -> Trial:
    story.debit("2026-03-11")
    story.result("2026-03-12", "paid", "failed", "failed")
    lump = Said("2026-03-11", -1500_00, memo=story.batch)
    return story.march(lump, Said("2026-03-16", 1000_00, memo=story.batch))


def booked_not_at_the_bank(story: Story) -> Trial:
    story.debit("2026-03-11")
    return story.march(*(story.row("2026-03-11", place) for place in range(2)))


def sent_not_debited(story: Story) -> Trial:
    story.debit("2026-03-11", 0)
    return story.march(story.row("2026-03-11", 0))


def paid_without_debit(story: Story) -> Trial:
    story.result("2026-03-12", "paid", "paid", "unknown")
    return story.march()


def short_paid(story: Story) -> Trial:
    story.debit("2026-03-11", 0, 1)
    rows = [story.row("2026-03-11", place) for place in range(2)]
    return story.march(*rows, story.named("2026-03-11", 2, -490_00))


def over_paid(story: Story) -> Trial:
    story.debit("2026-03-11", 0, 1)
    rows = [story.row("2026-03-11", place) for place in range(2)]
    return story.march(*rows, story.named("2026-03-11", 2, -510_00))


def short_paid_as_a_slip_would_be(story: Story) -> Trial:
    """The debit is booked; that the row has one digit otherwise is the same 100.00 once more."""
    story.debit("2026-03-11", 0, 1)
    story.debit("2026-03-11", 2)
    rows = [story.row("2026-03-11", place) for place in range(2)]
    return story.march(*rows, story.named("2026-03-11", 2, -400_00))


def lump_that_is_off_as_a_slip_would_be(story: Story) -> Trial:
    story.debit("2026-03-11")
    return story.march(Said("2026-03-11", -1400_00, memo=story.batch))


def lump_residual(story: Story) -> Trial:
    return story.march(Said("2026-03-11", -1499_00, memo=story.batch))


def late(story: Story) -> Trial:
    story.debit("2026-03-30")
    return story.march(*(story.named("2026-03-30", place) for place in range(3)))


def paid_before_it_was_sent(story: Story) -> Trial:
    story.debit("2026-03-11", 1, 2)
    return story.march(
        story.named("2026-03-09", 0),
        *(story.row("2026-03-11", place) for place in (1, 2)),
    )


def debited_twice(story: Story) -> Trial:
    story.debit("2026-03-11")
    rows = [story.named("2026-03-11", place) for place in range(3)]
    return story.march(*rows, story.named("2026-03-12", 0))


def debited_twice_and_not_booked(story: Story) -> Trial:
    rows = [story.named("2026-03-11", place) for place in range(3)]
    return story.march(*rows, story.named("2026-03-12", 0))


def one_twice_and_another_never(story: Story) -> Trial:
    story.debit("2026-03-11")
    rows = [story.row("2026-03-11", 0), story.row("2026-03-12", 0), story.row("2026-03-11", 2)]
    return story.march(*rows)


def to_a_stranger(story: Story) -> Trial:
    story.debit("2026-03-11")
    rows = [story.row("2026-03-11", place) for place in range(2)]
    return story.march(*rows, Said("2026-03-11", -500_00, pseudonym("A", "a stranger")))


def all_of_it_to_somebody(story: Story) -> Trial:
    story.debit("2026-03-11")
    return story.march(Said("2026-03-11", -1500_00, pseudonym("A", "the bank's own")))


def possible_sum(story: Story) -> Trial:
    people = [entitlement(10 + fen, fen) for fen in (500_00, 300_00, 200_00)]
    batch, _ = story.payments.sent(people)
    story.names |= {line.line: "-" for line in story.payments.lines(batch)}
    story.debit("2026-03-11")
    rows = [story.row("2026-03-11", place) for place in range(3)]
    return story.march(*rows, Said("2026-03-11", -700_00, memo=batch))


def several_sums(story: Story) -> Trial:
    return story.march(Said("2026-03-11", -1000_00, memo=story.batch))


def sums_that_are_the_batch_as_booked(story: Story) -> Trial:
    story.debit("2026-03-11")
    rows = [Said("2026-03-11", fen, memo=story.batch) for fen in (-1000_00, -500_00)]
    return story.march(*rows)


def sum_and_a_line_of_it_once_more(story: Story) -> Trial:
    story.debit("2026-03-11")
    return story.march(Said("2026-03-11", -1500_00, memo=story.batch), story.named("2026-03-12", 1))


def one_payment_in_two_halves_to_a_stranger(story: Story) -> Trial:
    story.debit("2026-03-11")
    stranger = pseudonym("A", "a stranger")
    halves = [Said("2026-03-11", -250_00, stranger, memo=story.batch) for _ in range(2)]
    return story.march(*(story.row("2026-03-11", place) for place in range(2)), *halves)


def what_is_left_to_a_stranger(story: Story) -> Trial:
    story.debit("2026-03-11")
    rest = Said("2026-03-11", -1000_00, pseudonym("A", "a stranger"), memo=story.batch)
    return story.march(story.row("2026-03-11", 0), rest)


def all_of_it_to_one_of_them_by_name(story: Story) -> Trial:
    story.debit("2026-03-11")
    rows = [Said("2026-03-11", -500_00, name="甲", memo=story.batch) for _ in range(3)]
    holders = dict(zip((line.account for line in story.lines), "甲乙丙", strict=True))
    return story.march(*rows, known=Known(KNOWN.account_of, lambda _: holders))


def short_by_a_fee(story: Story) -> Trial:
    story.debit("2026-03-11")
    fee = Said("2026-03-11", -5_00, memo=f"手续费 {story.batch}")
    return story.march(Said("2026-03-11", -1495_00, memo=story.batch), fee)


def two_lines_named_of_which_one_was_paid(story: Story) -> Trial:
    story.debit("2026-03-11", 0)
    story.debit("2026-03-12", 1, 2)
    both = f"{story.lines[0].line} {story.lines[1].line}"
    return story.march(story.named("2026-03-11", 0), Said("2026-03-12", -1000_00, memo=both))


def a_line_that_is_not_ours(story: Story) -> Trial:
    _, rows = story.one_more()
    return story.march(*rows, Said("2026-03-11", -700_00, memo="L-AAAAAAAAAAAA"))


def the_only_payment_to_a_stranger(story: Story) -> Trial:
    batch, rows = story.one_more()
    return story.march(*rows, Said("2026-03-11", -700_00, pseudonym("A", "a stranger"), memo=batch))


def returns_open_when_signed_and_booked_as_one(story: Story) -> Trial:
    story.debit("2026-03-11")
    story.result("2026-03-12", "paid", "paid", "paid")
    rows = [story.row("2026-03-11", place) for place in range(3)]
    back = [story.row("2026-03-30", place, 500_00) for place in (0, 2)]
    sign(story.payments.fund, story.march(*rows, *back), actor="S05")
    lines = [story.lines[place].line for place in (0, 2)]
    story.payments.named(story.batch, "return", "2026-04-02", lines)
    return story.bank.tried(story.bank.month("2026-04", []))


def paid_and_paid_once_more(story: Story) -> Trial:
    story.debit("2026-03-11", 0, 1)
    story.result("2026-03-12", "paid", "paid", "failed")
    again = story.reissued(2, "2026-03-16")
    story.payments.step("B2026-03-002", "debit", "2026-03-17")
    rows = [story.named("2026-03-11", place) for place in range(3)]
    return story.march(*rows, Said("2026-03-17", -500_00, memo=again.line))


def return_before_its_result(story: Story) -> Trial:
    story.debit("2026-03-11")
    rows = [story.row("2026-03-11", place) for place in range(3)]
    return story.march(*rows, story.named("2026-03-16", 1, 500_00))


def return_of_an_unknown_payment(story: Story) -> Trial:
    story.debit("2026-03-11", 0, 1)
    rows = [story.row("2026-03-11", place) for place in range(2)]
    return story.march(*rows, story.named("2026-03-16", 2, 500_00))


def partial_return(story: Story) -> Trial:
    story.debit("2026-03-11")
    rows = [story.row("2026-03-11", place) for place in range(3)]
    return story.march(*rows, story.named("2026-03-16", 2, 495_00))


def _asked_back(story: Story, fen: int, *places: int) -> list[Said]:
    """Ask a part of some payments back; returns the rows of the debits."""
    rows = _all_booked_and_paid(story)
    story.result("2026-03-12", "paid", "paid", "paid")
    lines = [story.lines[place].line for place in places]
    asked = [Outcome(line, "claim-back", "2026-03-13", fen) for line in lines]
    story.payments.step(story.batch, "claim-back", "2026-03-13", asked)
    return rows


def _recovered(story: Story, place: int, fen: int, on: str = "2026-03-16") -> None:
    back = [Outcome(story.lines[place].line, "recover", on, fen)]
    story.payments.step(story.batch, "recover", on, back)


def partly_recovered(story: Story) -> Trial:
    rows = _asked_back(story, 100_00, 2)
    _recovered(story, 2, 60_00)
    _recovered(story, 2, 40_00, "2026-03-20")
    back = [story.named("2026-03-16", 2, 60_00), story.row("2026-03-20", 2, 40_00)]
    return story.march(*rows, *back)


def partly_recovered_from_two_alike(story: Story) -> Trial:
    rows = _asked_back(story, 100_00, 1, 2)
    _recovered(story, 2, 100_00)
    _recovered(story, 1, 100_00)
    back = [story.named("2026-03-16", place, 100_00) for place in (1, 2)]
    return story.march(*rows, *back)


def partly_recovered_from_another(story: Story) -> Trial:
    rows = _asked_back(story, 100_00, 1)
    _recovered(story, 1, 100_00)
    return story.march(*rows, story.named("2026-03-16", 2, 100_00))


def partly_recovered_and_once_more(story: Story) -> Trial:
    rows = _asked_back(story, 100_00, 2)
    _recovered(story, 2, 100_00)
    back = [story.named(on, 2, 100_00) for on in ("2026-03-16", "2026-03-25")]
    return story.march(*rows, *back)


def another_name(story: Story) -> Trial:
    story.debit("2026-03-11")
    holders = {line.account: "甲" for line in story.lines}
    rows = [story.row("2026-03-11", place)._replace(name="甲") for place in range(2)]
    other = story.row("2026-03-11", 2)._replace(name="乙")
    return story.march(*rows, other, known=Known(KNOWN.account_of, lambda _: holders))


def another_account(story: Story) -> Trial:
    story.debit("2026-03-11")
    rows = [story.row("2026-03-11", place) for place in range(2)]
    return story.march(*rows, story.named("2026-03-11", 2)._replace(account=pseudonym("A", "x")))


def booked_in_another_month(story: Story) -> Trial:
    story.debit("2026-03-31")
    march = story.bank.month("2026-03", [])
    april = story.bank.month("2026-04", [story.named("2026-04-01", place) for place in range(3)])
    return story.bank.tried(march, april)


def without_the_key(story: Story) -> Trial:
    story.debit("2026-03-11")
    return story.march(Said("2026-03-11", -1500_00, memo=story.batch), known=None)


def lump_for_two_vouchers(story: Story) -> Trial:
    story.debit("2026-03-11", 0)
    story.debit("2026-03-12", 1, 2)
    return story.march(Said("2026-03-12", -1500_00, memo=story.batch))


def returns_booked_in_one_voucher(story: Story) -> Trial:
    story.debit("2026-03-11")
    story.result("2026-03-12", "paid", "paid", "paid")
    named = [line.line for line in story.lines[1:]]
    story.payments.named(story.batch, "return", "2026-03-17", named)
    rows = [story.row("2026-03-11", place) for place in range(3)]
    back = [story.row(f"2026-03-1{5 + place}", place, 500_00) for place in (1, 2)]
    return story.march(*rows, *back)


def taken_back_by_the_bank(story: Story) -> Trial:
    story.debit("2026-03-11")
    story.result("2026-03-12", "paid", "paid", "paid")
    rows = [story.row("2026-03-11", place) for place in range(3)]
    statement = story.bank.month("2026-03", [*rows, story.row("2026-03-16", 1, 500_00)])
    *others, last = statement.lines
    red = replace(statement, lines=(*others, replace(last, red=True)))
    return story.bank.tried(red)


CLEARING = ("代发过渡户", "9100000000000000021")
"""An account of the bank's own, as the charter of these stories has it."""


def all_of_it_through_the_bank_itself(story: Story) -> Trial:
    story.debit("2026-03-11")
    holder, number = CLEARING
    return story.march(Said("2026-03-11", -1500_00, number, holder, memo=story.batch))


def all_of_it_through_the_bank_by_name_and_sum(story: Story) -> Trial:
    story.debit("2026-03-11")
    return story.march(Said("2026-03-11", -1500_00, name=CLEARING[0]))


def one_payment_through_the_bank_itself(story: Story) -> Trial:
    batch, rows = story.one_more()
    return story.march(*rows, Said("2026-03-11", -700_00, CLEARING[1], memo=batch))


def failures_back_from_the_bank_itself(story: Story) -> Trial:
    story.debit("2026-03-11")
    story.result("2026-03-12", "paid", "failed", "failed")
    failed = [line.line for line in story.lines[1:]]
    story.payments.named(story.batch, "credit-back", "2026-03-16", failed)
    lump = Said("2026-03-11", -1500_00, CLEARING[1], memo=story.batch)
    holder, number = CLEARING
    return story.march(lump, Said("2026-03-16", 1000_00, number, holder, memo=story.batch))


def failures_back_and_paid_again(story: Story) -> Trial:
    story.debit("2026-03-11")
    story.result("2026-03-12", "paid", "failed", "failed")
    failed = [line.line for line in story.lines[1:]]
    story.payments.named(story.batch, "credit-back", "2026-03-16", failed)
    story.reissued(1, "2026-03-31")
    lump = Said("2026-03-11", -1500_00, memo=story.batch)
    trial = story.march(lump, Said("2026-03-16", 1000_00, memo=story.batch))
    assert [one for one in trial.identities if not one.holds] == []
    return trial


def an_id_and_an_account_without_the_key(story: Story) -> Trial:
    story.debit("2026-03-11")
    rows = [
        story.row("2026-03-11", place, memo=line.line) for place, line in enumerate(story.lines)
    ]
    return story.march(*rows, known=None)


def all_of_it_to_a_payee_who_passes_for_the_bank(story: Story) -> Trial:
    story.debit("2026-03-11")
    holder, number = CLEARING
    payee = story.lines[0].account
    known = Known(lambda found: payee if found == number else found)
    return story.march(Said("2026-03-11", -1500_00, number, holder, memo=story.batch), known=known)


def all_of_it_to_some_account_by_number(story: Story) -> Trial:
    story.debit("2026-03-11")
    stranger = pseudonym("A", "a stranger")
    return story.march(Said("2026-03-11", -1500_00, stranger, CLEARING[0], memo=story.batch))


def all_of_it_to_some_name_by_number(story: Story) -> Trial:
    story.debit("2026-03-11")
    return story.march(Said("2026-03-11", -1500_00, name="甲", memo=story.batch))


def all_of_it_by_the_number_of_another_batch(story: Story) -> Trial:
    story.debit("2026-03-11")
    return story.march(Said("2026-03-11", -1500_00, memo="B2026-03-009"))


def _named_known(story: Story) -> Known:
    """Know the names of the three: 甲, 乙 and 丙."""
    holders = dict(zip((line.account for line in story.lines), "甲乙丙", strict=True))
    return Known(KNOWN.account_of, lambda _: holders)


def _all_booked_and_paid(story: Story) -> list[Said]:
    """Book all three, and return the bank's rows of them."""
    story.debit("2026-03-11")
    return [story.row("2026-03-11", place) for place in range(3)]


def _died(story: Story, on: str) -> Known:
    """Know that the first of the three died."""
    return Known(KNOWN.account_of, died_of=lambda _: {story.lines[0].person: on})


def paid_to_one_who_died_before_the_month(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    return story.march(*rows, known=_died(story, "2026-02-28"))


def paid_to_one_who_died_before_the_day(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    return story.march(*rows, known=_died(story, "2026-03-10"))


def paid_to_one_who_died_after(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    return story.march(*rows, known=_died(story, "2026-03-11"))


def paid_to_one_who_had_died_and_asked_back(story: Story) -> Trial:
    story.debit("2026-03-11")
    story.result("2026-03-12", "paid", "paid", "paid")
    story.payments.named(story.batch, "claim-back", "2026-03-20", [story.lines[0].line])
    rows = [story.row("2026-03-11", place) for place in range(3)]
    return story.march(*rows, known=_died(story, "2026-02-28"))


def a_stranger_by_name(story: Story) -> Trial:
    story.debit("2026-03-11")
    rows = [story.row("2026-03-11", place) for place in range(2)]
    return story.march(*rows, Said("2026-03-11", -500_00, name="丁"), known=_named_known(story))


def a_stranger_by_name_and_masked_account(story: Story) -> Trial:
    story.debit("2026-03-11")
    rows = [story.row("2026-03-11", place) for place in range(2)]
    other = Said("2026-03-11", -500_00, "6222****9999", "丁", memo=story.batch)
    return story.march(*rows, other, known=_named_known(story))


def one_of_them_by_name_for_another(story: Story) -> Trial:
    story.debit("2026-03-11")
    rows = [story.row("2026-03-11", place) for place in range(2)]
    return story.march(*rows, Said("2026-03-11", -500_00, name="甲"), known=_named_known(story))


def the_only_payment_to_a_stranger_by_name(story: Story) -> Trial:
    batch, rows = story.one_more()
    other = Said("2026-03-11", -700_00, name="丁", memo=batch)
    return story.march(*rows, other, known=_named_known(story))


def a_gift_for_a_return(story: Story) -> Trial:
    story.debit("2026-03-11")
    story.result("2026-03-12", "paid", "paid", "paid")
    story.payments.named(story.batch, "return", "2026-03-16", [story.lines[0].line])
    rows = [story.row("2026-03-11", place) for place in range(3)]
    gift = Said("2026-03-16", 500_00, name="好心人")
    return story.march(*rows, gift, known=_named_known(story))


def all_of_it_to_an_account_that_is_no_number(story: Story) -> Trial:
    story.debit("2026-03-11")
    known = Known(lambda found: found if found.isdigit() else "")
    return story.march(Said("2026-03-11", -1500_00, "FTE31000099", memo=story.batch), known=known)


def all_of_it_behind_a_mask(story: Story) -> Trial:
    story.debit("2026-03-11")
    return story.march(Said("2026-03-11", -1500_00, "6222****9999", "王*", memo=story.batch))


def all_of_it_behind_a_mask_by_the_banks_name(story: Story) -> Trial:
    story.debit("2026-03-11")
    row = Said("2026-03-11", -1500_00, "6222****9999", CLEARING[0], memo=story.batch)
    return story.march(row)


def all_of_it_through_the_bank_itself_masked(story: Story) -> Trial:
    story.debit("2026-03-11")
    row = Said("2026-03-11", -1500_00, "9100****0021", CLEARING[0], memo=story.batch)
    return story.march(row)


def a_payee_who_passes_for_the_bank_by_name(story: Story) -> Trial:
    story.debit("2026-03-11")
    holders = dict(zip((line.account for line in story.lines), (CLEARING[0], *"乙丙"), strict=True))
    row = Said("2026-03-11", -1500_00, name=CLEARING[0], memo=story.batch)
    return story.march(row, known=Known(KNOWN.account_of, lambda _: holders))


def three_ids_to_a_stranger(story: Story) -> Trial:
    story.debit("2026-03-11")
    memo = " ".join(line.line for line in story.lines)
    return story.march(Said("2026-03-11", -1500_00, pseudonym("A", "a stranger"), memo=memo))


def three_ids_to_one_of_them(story: Story) -> Trial:
    story.debit("2026-03-11")
    memo = " ".join(line.line for line in story.lines)
    return story.march(Said("2026-03-11", -1500_00, story.lines[0].account, memo=memo))


def numbers_of_others_in_other_signs(story: Story) -> Trial:
    story.debit("2026-03-11")
    return story.march(Said("2026-03-11", -1500_00, memo="Ｂ２０２６‐03－００９"))


def ids_in_other_signs(story: Story) -> Trial:
    story.debit("2026-03-11")
    lower = [line.line.lower() for line in story.lines]
    return story.march(*(Said("2026-03-11", -500_00, memo=f"代发{line}") for line in lower))


def _one_cancelled_and_an_expense(story: Story) -> list[Said]:
    """Cancel what failed, and book just its sum beside the batch; returns the others' rows."""
    story.debit("2026-03-11", 0, 1)
    story.result("2026-03-12", "paid", "paid", "failed")
    story.payments.named(story.batch, "cancel", "2026-03-13", [story.lines[2].line])
    story.payments.expense("2026-03-25", 500_00)
    return [story.row("2026-03-11", place) for place in range(2)]


def cancelled_and_paid_after_all(story: Story) -> Trial:
    return story.march(*_one_cancelled_and_an_expense(story), story.row("2026-03-25", 2))


def cancelled_and_paid_after_all_by_its_id(story: Story) -> Trial:
    return story.march(*_one_cancelled_and_an_expense(story), story.named("2026-03-25", 2))


def once_more_beside_the_batch(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    story.payments.expense("2026-03-25", 500_00)
    return story.march(*rows, story.row("2026-03-25", 1))


def once_more_beside_the_batch_and_decided(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    story.payments.expense("2026-03-25", 500_00)
    march = story.bank.month("2026-03", [*rows, story.row("2026-03-25", 1)])
    decided = {f"{march.sha256}:{march.lines[-1].row}": ""}
    return try_out(story.payments.fund, [march], known=KNOWN, decided=decided)


def another_sum_beside_the_batch(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    story.payments.expense("2026-03-25", 600_00)
    return story.march(*rows, story.row("2026-03-25", 1, -600_00))


def once_more_and_waiting_to_be_explained(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    story.payments.unexplained("2026-03-25", 500_00)
    return story.march(*rows, story.row("2026-03-25", 1))


def _two_rows(story: Story) -> list[Said]:
    """Return the rows of the two others."""
    return [story.row("2026-03-11", place) for place in (1, 2)]


def short_and_then_paid_up(story: Story) -> Trial:
    story.debit("2026-03-13")
    rest = [story.named("2026-03-11", 0, -400_00), story.named("2026-03-13", 0, -100_00)]
    return story.march(*_two_rows(story), *rest)


def short_and_then_paid_up_and_not_booked(story: Story) -> Trial:
    story.debit("2026-03-11", 1, 2)
    rest = [story.named("2026-03-11", 0, -400_00), story.named("2026-03-13", 0, -100_00)]
    return story.march(*_two_rows(story), *rest)


def short_and_then_paid_up_by_account(story: Story) -> Trial:
    story.debit("2026-03-13")
    rest = [story.row("2026-03-11", 0, -400_00), story.row("2026-03-13", 0, -100_00)]
    return story.march(*_two_rows(story), *rest)


def paid_in_two_halves(story: Story) -> Trial:
    story.debit("2026-03-13")
    half = story.named("2026-03-11", 0, -250_00)
    return story.march(*_two_rows(story), half, half._replace(on="2026-03-13"))


def short_and_then_paid_up_too_much(story: Story) -> Trial:
    story.debit("2026-03-13")
    rest = [story.named("2026-03-11", 0, -400_00), story.named("2026-03-13", 0, -100_01)]
    return story.march(*_two_rows(story), *rest)


def short_and_then_paid_up_to_a_stranger(story: Story) -> Trial:
    story.debit("2026-03-13")
    first = story.named("2026-03-11", 0, -400_00)
    rest = story.named("2026-03-13", 0, -100_00)._replace(account=pseudonym("A", "a stranger"))
    return story.march(*_two_rows(story), first, rest)


def short_and_then_paid_up_before_it_was_sent(story: Story) -> Trial:
    story.debit("2026-03-13")
    rest = [story.named("2026-03-09", 0, -400_00), story.named("2026-03-13", 0, -100_00)]
    return story.march(*_two_rows(story), *rest)


def _short_in_march(story: Story) -> str:
    """Book and sign what the bank paid short as unexplained; returns that voucher."""
    story.payments.unexplained("2026-03-11", 400_00)
    story.debit("2026-03-11", 1, 2)
    rows = [*_two_rows(story), story.named("2026-03-11", 0, -400_00)]
    story.bank.signed(story.bank.month("2026-03", rows))
    return _waiting_to_be_explained(story)


def _waiting_to_be_explained(story: Story) -> str:
    every = [one for record in story.payments.fund.records() for one in record.vouchers]
    return next(one.ref for one in every if one.event == "unknown-debit")


def short_in_march_and_paid_up_in_april(story: Story) -> Trial:
    waiting = _short_in_march(story)
    on = date(2026, 4, 2)
    story.payments.fund.reverse(waiting, on=on, maker=MAKER, reviewer=REVIEWER)
    story.debit("2026-04-02", 0)
    return story.bank.tried(story.bank.month("2026-04", [story.named("2026-04-02", 0, -100_00)]))


def short_reversed_and_paid_up_in_the_month(story: Story) -> Trial:
    story.payments.unexplained("2026-03-11", 400_00)
    story.debit("2026-03-11", 1, 2)
    waiting = _waiting_to_be_explained(story)
    on = date(2026, 3, 13)
    story.payments.fund.reverse(waiting, on=on, maker=MAKER, reviewer=REVIEWER)
    story.debit("2026-03-13", 0)
    rest = [story.named("2026-03-11", 0, -400_00), story.named("2026-03-13", 0, -100_00)]
    return story.march(*_two_rows(story), *rest)


def short_in_march_and_not_wholly_paid_up_in_april(story: Story) -> Trial:
    waiting = _short_in_march(story)
    on = date(2026, 4, 2)
    story.payments.fund.reverse(waiting, on=on, maker=MAKER, reviewer=REVIEWER)
    story.debit("2026-04-02", 0)
    return story.bank.tried(story.bank.month("2026-04", [story.named("2026-04-02", 0, -99_00)]))


def _undone(story: Story, step: str, on: str, place: int = 2) -> None:
    story.payments.named(story.batch, step, on, [story.lines[place].line])


def booked_for_all_and_undone_for_one(story: Story) -> Trial:
    story.debit("2026-03-11")
    _undone(story, "undo-debit", "2026-03-31")
    return story.march(*(story.row("2026-03-11", place) for place in range(2)))


def booked_for_all_and_undone_where_the_bank_took_a_sum(story: Story) -> Trial:
    story.debit("2026-03-11")
    _undone(story, "undo-debit", "2026-03-31")
    return story.march(Said("2026-03-11", -1000_00, memo=story.batch))


def undone_and_booked_on_the_banks_day(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    _undone(story, "undo-debit", "2026-03-13")
    story.debit("2026-03-13")
    return story.march(*rows[:2], story.row("2026-03-13", 2))


def undone_twice(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    for day in ("2026-03-13", "2026-03-16"):
        _undone(story, "undo-debit", day)
        story.debit(day)
    return story.march(*rows[:2], story.row("2026-03-16", 2))


def undone_once_it_was_signed_as_open(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    story.bank.signed(story.bank.month("2026-03", rows[:2]))
    _undone(story, "undo-debit", "2026-04-02")
    story.debit("2026-04-03", 2)
    return story.bank.tried(story.bank.month("2026-04", [story.row("2026-04-03", 2)]))


def undone_though_the_bank_took_it(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    _undone(story, "undo-debit", "2026-03-31")
    return story.march(*rows)


def undone_though_the_bank_took_it_and_signed(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    story.bank.signed(story.bank.month("2026-03", rows))
    _undone(story, "undo-debit", "2026-04-02")
    return story.bank.tried(story.bank.month("2026-04", []))


def _all_signed_in_march(story: Story) -> None:
    rows = _all_booked_and_paid(story)
    story.result("2026-03-12", "paid", "paid", "paid")
    story.bank.signed(story.bank.month("2026-03", rows))


def undone_and_paid_once_more_beside_a_gift(story: Story) -> Trial:
    """The undoing is of no row: a credit of its amount does not make the second payment good."""
    _all_signed_in_march(story)
    _undone(story, "undo-debit", "2026-04-02")
    story.debit("2026-04-03", 2)
    rows = [story.row("2026-04-03", 2), Said("2026-04-02", 500_00, memo="现金缴存")]
    return story.bank.tried(story.bank.month("2026-04", rows))


def undone_though_the_bank_took_it_and_booked_anew(story: Story) -> Trial:
    _all_signed_in_march(story)
    _undone(story, "undo-debit", "2026-04-02")
    story.debit("2026-04-03", 2)
    return story.bank.tried(story.bank.month("2026-04", []))


def a_return_undone_though_it_came_beside_cash(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    story.result("2026-03-12", "paid", "paid", "paid")
    story.payments.named(story.batch, "return", "2026-03-16", [story.lines[2].line])
    story.bank.signed(story.bank.month("2026-03", [*rows, story.row("2026-03-16", 2, 500_00)]))
    _undone(story, "undo-return", "2026-04-02")
    return story.bank.tried(story.bank.month("2026-04", [Said("2026-04-02", -500_00)]))


def booked_line_by_line_and_the_first_undone(story: Story) -> Trial:
    """The second voucher of that day names no line, and never had the first."""
    story.debit("2026-03-11", 0)
    story.debit("2026-03-11")
    _undone(story, "undo-debit", "2026-03-12", 0)
    return story.march(*(story.row("2026-03-11", place) for place in (1, 2)))


def booked_in_sums_of_one_day_and_each_undone(story: Story) -> Trial:
    """All, one undone and booked anew on that day, and then one that the first sum had."""
    story.debit("2026-03-11")
    _undone(story, "undo-debit", "2026-03-12", 2)
    story.debit("2026-03-11")
    _undone(story, "undo-debit", "2026-03-12", 0)
    return story.march(*(story.row("2026-03-11", place) for place in (1, 2)))


def booked_before_the_first_statement_and_undone_in_it(story: Story) -> Trial:
    story.debit("2026-03-30")
    _undone(story, "undo-debit", "2026-04-02")
    opening_fen = 1_000_000_00
    rows = [story.row("2026-04-01", place) for place in range(2)]
    return story.bank.tried(story.bank.month("2026-04", rows, opening_fen))


def _false_return(story: Story, on: str) -> None:
    story.result("2026-03-12", "paid", "paid", "paid")
    story.payments.named(story.batch, "return", on, [story.lines[1].line])


def a_return_that_the_bank_has_not(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    _false_return(story, "2026-03-30")
    return story.march(*rows)


def a_return_that_the_bank_has_not_and_paid_again(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    _false_return(story, "2026-03-16")
    story.reissued(1, "2026-03-17")
    return story.march(*rows)


def a_return_of_yesterday_and_paid_again(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    _false_return(story, "2026-03-30")
    story.reissued(1, "2026-03-31")
    return story.march(*rows)


def a_return_booked_as_a_gift(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    story.result("2026-03-12", "paid", "paid", "paid")
    gift = draft(drafts.donation(500_00), date(2026, 3, 16), "donation")
    story.payments.fund.record(gift)
    return story.march(*rows, story.named("2026-03-16", 1, 500_00))


def paid_back_just_what_another_failed_with(story: Story) -> Trial:
    """The credit is booked as what one paid back: it is no failure of another given back."""
    rows = _all_booked_and_paid(story)
    story.result("2026-03-12", "paid", "failed", "paid")
    for step, on in (("claim-back", "2026-03-13"), ("recover", "2026-03-16")):
        outcome = [Outcome(story.lines[0].line, step, on, 500_00)]
        story.payments.step(story.batch, step, on, outcome)
    return story.march(*rows, Said("2026-03-16", 500_00, memo="退回"))


def paid_again_in_april_and_unexplained(story: Story) -> Trial:
    _all_signed_in_march(story)
    story.payments.unexplained("2026-04-02", 500_00)
    return story.bank.tried(story.bank.month("2026-04", [story.row("2026-04-02", 1)]))


def one_of_three_equal_payments_is_anonymous(story: Story) -> Trial:
    """Three vouchers, two rows that say of nobody: none is picked for them."""
    for place in range(3):
        story.debit("2026-03-11", place)
    return story.march(Said("2026-03-11", -500_00), Said("2026-03-11", -500_00))


def two_short_in_march_and_paid_up_in_april(story: Story) -> Trial:
    """Two reds of one amount, and two lines that lack it."""
    _two_short(story, 0, 1)
    story.debit("2026-04-02", 0, 1)
    rest = [story.named("2026-04-02", place, -100_00) for place in (0, 1)]
    return story.bank.tried(story.bank.month("2026-04", rest))


def short_in_march_and_paid_up_unexplained_and_then_booked(story: Story) -> Trial:
    """Both parts were signed as unexplained; the whole is booked in a month without a row of it."""
    _short_in_march(story)
    story.payments.unexplained("2026-04-02", 100_00)
    story.bank.signed(story.bank.month("2026-04", [story.named("2026-04-02", 0, -100_00)]))
    for record in [*story.payments.fund.records()]:
        for voucher in record.vouchers:
            if voucher.event == "unknown-debit":
                on = date(2026, 5, 6)
                story.payments.fund.reverse(voucher.ref, on=on, maker=MAKER, reviewer=REVIEWER)
    story.debit("2026-05-06", 0)
    return story.bank.tried(story.bank.month("2026-05", []))


def one_of_two_short_in_march(story: Story) -> Trial:
    """One red, and two lines that lack its amount: whose it was nobody knows."""
    _two_short(story, 1)
    story.debit("2026-04-02", 0, 1)
    rest = [story.named("2026-04-02", place, -100_00) for place in (0, 1)]
    return story.bank.tried(story.bank.month("2026-04", rest))


def _two_short(story: Story, *places: int) -> None:
    """Sign these as paid short in March, and reverse what is booked of it in April."""
    rows = [story.row("2026-03-11", 2)]
    story.debit("2026-03-11", 2)
    for place in places:
        story.payments.unexplained(f"2026-03-{20 + place}", 400_00)
        rows.append(story.named(f"2026-03-{20 + place}", place, -400_00))
    story.bank.signed(story.bank.month("2026-03", rows))
    for record in [*story.payments.fund.records()]:
        for voucher in record.vouchers:
            if voucher.event == "unknown-debit":
                on = date(2026, 4, 2)
                story.payments.fund.reverse(voucher.ref, on=on, maker=MAKER, reviewer=REVIEWER)


def taken_back_without_its_fee(story: Story) -> Trial:
    """The bank takes the debit of one back, and keeps the fee of the same serial number."""
    rows = _all_booked_and_paid(story)
    story.result("2026-03-12", "paid", "paid", "paid")
    story.payments.named(story.batch, "take-back", "2026-03-16", [story.lines[1].line])
    fee = draft(drafts.bank_fee(2_00), date(2026, 3, 11), "bank-fee", cashier=CASHIER)
    story.payments.fund.record(fee)
    rows[1] = rows[1]._replace(serial="S7")
    charged = Said("2026-03-11", -2_00, memo="手续费", serial="S7")
    statement = story.bank.month("2026-03", [*rows, charged, story.row("2026-03-16", 1, 500_00)])
    *others, last = statement.lines
    return story.bank.tried(replace(statement, lines=(*others, replace(last, red=True))))


def a_return_that_never_came_undone(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    story.result("2026-03-11", "paid", "paid", "paid")
    story.payments.named(story.batch, "return", "2026-03-16", [story.lines[1].line])
    _undone(story, "undo-return", "2026-03-20", 1)
    return story.march(*rows)


def a_return_booked_for_another_undone(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    story.result("2026-03-11", "paid", "paid", "paid")
    story.payments.named(story.batch, "return", "2026-03-16", [story.lines[1].line])
    _undone(story, "undo-return", "2026-03-20", 1)
    story.payments.named(story.batch, "return", "2026-03-20", [story.lines[0].line])
    return story.march(*rows, story.row("2026-03-16", 0, 500_00))


def a_failure_credited_back_by_the_books_alone_undone(story: Story) -> Trial:
    rows = _all_booked_and_paid(story)
    story.result("2026-03-12", "paid", "paid", "failed")
    story.payments.step(story.batch, "credit-back", "2026-03-13")
    _undone(story, "undo-credit-back", "2026-03-31")
    return story.march(*rows)


def booked_as_unexplained(story: Story) -> Trial:
    """Somebody without the key booked the row of L0 by hand."""
    story.payments.unexplained("2026-03-11", 500_00)
    rows = [story.row("2026-03-11", 0), *(story.row("2026-03-12", place) for place in (1, 2))]
    return story.march(*rows)


def sum_booked_as_unexplained(story: Story) -> Trial:
    story.payments.unexplained("2026-03-12", 1500_00)
    return story.march(Said("2026-03-11", -1500_00, memo=story.batch))


def booked_as_an_expense(story: Story) -> Trial:
    story.debit("2026-03-11", 1, 2)
    story.payments.expense("2026-03-11", 500_00)
    return story.march(*(story.row("2026-03-11", place) for place in range(3)))


def _all_one_by_one_and_two_in_a_sum(story: Story) -> list[Said]:
    """Book one and then two; the bank takes the two in a sum, and each of them once more."""
    story.debit("2026-03-10", 0)
    story.debit("2026-03-11")
    lump = Said("2026-03-11", -1000_00, memo=story.batch)
    once_more = (story.named("2026-03-12", place) for place in (1, 2))
    return [story.named("2026-03-10", 0), lump, *once_more]


def a_sum_and_each_of_it_once_more(story: Story) -> Trial:
    rows = _all_one_by_one_and_two_in_a_sum(story)
    for _ in range(2):
        story.payments.unexplained("2026-03-12", 500_00)
    return story.march(*rows)


def a_sum_and_each_of_it_once_more_in_one_voucher(story: Story) -> Trial:
    rows = _all_one_by_one_and_two_in_a_sum(story)
    story.payments.unexplained("2026-03-12", 1000_00)
    return story.march(*rows)


def a_sum_and_one_of_it_once_more(story: Story) -> Trial:
    rows = _all_one_by_one_and_two_in_a_sum(story)[:-1]
    story.payments.unexplained("2026-03-12", 500_00)
    return story.march(*rows)


def a_sum_and_one_of_it_twice_more(story: Story) -> Trial:
    """Of four equal vouchers two are in the sum: which of them is nothing."""
    rows = _all_one_by_one_and_two_in_a_sum(story)
    for _ in range(3):
        story.payments.unexplained("2026-03-13", 500_00)
    return story.march(*rows, story.named("2026-03-12", 1))


def a_sum_and_each_of_it_once_more_half_booked(story: Story) -> Trial:
    rows = _all_one_by_one_and_two_in_a_sum(story)
    story.payments.unexplained("2026-03-12", 500_00)
    return story.march(*rows)


def a_sum_and_each_of_it_once_more_booked_long_after(story: Story) -> Trial:
    """What is booked weeks later is not known to be that."""
    rows = _all_one_by_one_and_two_in_a_sum(story)
    for _ in range(2):
        story.payments.unexplained("2026-03-27", 500_00)
    return story.march(*rows)


def two_sums_that_are_no_vouchers(story: Story) -> Trial:
    """Together they are all that is booked and unexplained; neither is a sum of its batch."""
    other, _ = story.one_more()
    story.payments.unexplained("2026-03-11", 100_00)
    first = Said("2026-03-11", -1_00, memo=story.batch)
    return story.march(first, Said("2026-03-11", -2299_00, memo=other))


def a_sum_of_a_batch_that_was_rejected(story: Story) -> Trial:
    batch = story.payments.prepare([entitlement(9, 700_00)])
    story.payments.step(batch, "reject", "2026-03-10")
    story.debit("2026-03-11")
    story.payments.unexplained("2026-03-11", 100_00)
    most = Said("2026-03-11", -1000_00, memo=story.batch)
    return story.march(most, Said("2026-03-12", -600_00, memo=batch))


def a_sum_with_something_more(story: Story) -> Trial:
    story.debit("2026-03-11")
    story.payments.unexplained("2026-03-11", 200_00)
    return story.march(Said("2026-03-11", -1700_00, memo=story.batch))


def a_sum_in_three_pieces_with_something_more(story: Story) -> Trial:
    story.debit("2026-03-11")
    story.payments.unexplained("2026-03-11", 20_00)
    rows = [Said("2026-03-11", -fen, memo=story.batch) for fen in (1490_00, 15_00)]
    return story.march(*rows, Said("2026-03-12", -15_00, memo=story.batch))


def a_payment_that_never_was_in_a_sum_with_something_more(story: Story) -> Trial:
    story.debit("2026-03-11")
    story.payments.unexplained("2026-03-12", 300_00)
    rows = [story.row("2026-03-11", place) for place in range(2)]
    return story.march(*rows, Said("2026-03-12", -800_00, memo=story.batch))


def a_sum_before_it_was_sent_and_each_once_more(story: Story) -> Trial:
    rows = _all_one_by_one_and_two_in_a_sum(story)
    for _ in range(2):
        story.payments.unexplained("2026-03-12", 500_00)
    rows[1] = rows[1]._replace(on="2026-03-09")
    return story.march(*rows)


def a_sum_of_a_batch_that_is_not_all_booked(story: Story) -> Trial:
    """One line waits for the bank: the sum may be its payment, whatever else it comes to."""
    story.debit("2026-03-10", 0)
    story.debit("2026-03-11", 1)
    for _ in range(2):
        story.payments.unexplained("2026-03-12", 500_00)
    rows = [story.named("2026-03-10", 0), story.named("2026-03-11", 1)]
    return story.march(*rows, Said("2026-03-12", -1000_00, memo=story.batch))


STORIES: dict[Callable[[Story], Trial], tuple[str, ...]] = {
    short_and_then_paid_up: (),
    short_and_then_paid_up_and_not_booked: ("FL874",),
    short_and_then_paid_up_by_account: (),
    paid_in_two_halves: (),
    short_and_then_paid_up_too_much: ("FL861", "FL861", "FL873", "FL884"),
    short_and_then_paid_up_to_a_stranger: ("FL861", "FL861", "FL884"),
    short_and_then_paid_up_before_it_was_sent: ("FL861", "FL861", "FL884"),
    short_reversed_and_paid_up_in_the_month: (),
    short_in_march_and_paid_up_in_april: ("FL800",),
    short_in_march_and_not_wholly_paid_up_in_april: ("FL861", "FL878"),
    booked_for_all_and_undone_for_one: ("FL877",),
    booked_for_all_and_undone_where_the_bank_took_a_sum: ("FL877",),
    undone_and_booked_on_the_banks_day: (),
    undone_twice: ("FL881",),
    undone_once_it_was_signed_as_open: (),
    undone_though_the_bank_took_it: ("FL874",),
    undone_though_the_bank_took_it_and_signed: ("FL847", "FL877"),
    undone_and_paid_once_more_beside_a_gift: ("FL861", "FL862"),
    undone_though_the_bank_took_it_and_booked_anew: (),
    a_return_undone_though_it_came_beside_cash: ("FL847", "FL861"),
    booked_line_by_line_and_the_first_undone: ("FL877",),
    booked_in_sums_of_one_day_and_each_undone: ("FL877",),
    booked_before_the_first_statement_and_undone_in_it: ("FL877",),
    a_return_that_the_bank_has_not: ("FL845",),
    a_return_that_the_bank_has_not_and_paid_again: ("FL846", "FL877"),
    a_return_of_yesterday_and_paid_again: ("FL845", "FL877"),
    a_return_booked_as_a_gift: ("FL848",),
    paid_back_just_what_another_failed_with: (),
    paid_again_in_april_and_unexplained: ("FL897",),
    one_of_three_equal_payments_is_anonymous: ("FL863", "FL876", "FL884", "FL884"),
    two_short_in_march_and_paid_up_in_april: ("FL800", "FL800"),
    short_in_march_and_paid_up_unexplained_and_then_booked: ("FL800", "FL800"),
    one_of_two_short_in_march: ("FL861", "FL861", "FL878", "FL878"),
    taken_back_without_its_fee: ("FL416",),
    a_return_that_never_came_undone: (),
    a_return_booked_for_another_undone: (),
    a_failure_credited_back_by_the_books_alone_undone: (),
    debit_not_booked: ("FL874",),
    debit_of_some_not_booked: ("FL874", "FL877"),
    return_not_booked: ("FL875",),
    credit_back_not_booked: ("FL875",),
    taken_back_by_the_bank: ("FL875",),
    booked_not_at_the_bank: ("FL876",),
    sent_not_debited: ("FL877",),
    paid_without_debit: ("FL877", "FL889"),
    short_paid: ("FL861", "FL878"),
    over_paid: ("FL861", "FL879"),
    short_paid_as_a_slip_would_be: ("FL861", "FL878"),
    lump_that_is_off_as_a_slip_would_be: ("FL861", "FL876", "FL880"),
    lump_residual: ("FL861", "FL877", "FL880"),
    late: ("FL881",),
    paid_before_it_was_sent: ("FL861", "FL882"),
    debited_twice: ("FL861", "FL883", "FL883"),
    debited_twice_and_not_booked: ("FL861", "FL861", "FL874", "FL883", "FL883"),
    one_twice_and_another_never: ("FL861", "FL876", "FL884"),
    to_a_stranger: ("FL861", "FL876"),
    all_of_it_to_somebody: ("FL891",),
    all_of_it_through_the_bank_itself: (),
    all_of_it_through_the_bank_by_name_and_sum: (),
    one_payment_through_the_bank_itself: (),
    failures_back_from_the_bank_itself: (),
    failures_back_and_paid_again: ("FL877",),
    an_id_and_an_account_without_the_key: ("FL894",),
    all_of_it_to_a_payee_who_passes_for_the_bank: ("FL861", "FL876", "FL879"),
    all_of_it_to_some_account_by_number: ("FL891",),
    all_of_it_to_some_name_by_number: ("FL891",),
    paid_to_one_who_died_before_the_month: ("FL849",),
    paid_to_one_who_died_before_the_day: ("FL849",),
    paid_to_one_who_died_after: (),
    paid_to_one_who_had_died_and_asked_back: (),
    a_stranger_by_name: ("FL861", "FL876"),
    a_stranger_by_name_and_masked_account: ("FL861", "FL876"),
    one_of_them_by_name_for_another: ("FL861", "FL876"),
    the_only_payment_to_a_stranger_by_name: ("FL861", "FL876"),
    a_gift_for_a_return: ("FL845", "FL862"),
    all_of_it_to_an_account_that_is_no_number: ("FL891",),
    all_of_it_behind_a_mask: ("FL891",),
    all_of_it_behind_a_mask_by_the_banks_name: ("FL891",),
    all_of_it_through_the_bank_itself_masked: (),
    a_payee_who_passes_for_the_bank_by_name: ("FL861", "FL876"),
    three_ids_to_a_stranger: ("FL861", "FL884"),
    three_ids_to_one_of_them: ("FL861", "FL884"),
    numbers_of_others_in_other_signs: ("FL861", "FL876"),
    ids_in_other_signs: (),
    cancelled_and_paid_after_all: ("FL899",),
    cancelled_and_paid_after_all_by_its_id: ("FL881", "FL899"),
    once_more_beside_the_batch: ("FL899",),
    once_more_beside_the_batch_and_decided: (),
    another_sum_beside_the_batch: (),
    once_more_and_waiting_to_be_explained: ("FL897",),
    a_sum_and_each_of_it_once_more: ("FL897",),
    a_sum_and_each_of_it_once_more_in_one_voucher: ("FL897",),
    a_sum_and_one_of_it_once_more: ("FL897",),
    a_sum_and_one_of_it_twice_more: ("FL897", "FL897"),
    a_sum_and_each_of_it_once_more_half_booked: ("FL861",),
    a_sum_and_each_of_it_once_more_booked_long_after: ("FL861",),
    two_sums_that_are_no_vouchers: ("FL861", "FL861", "FL876", "FL876", "FL880", "FL880"),
    a_sum_of_a_batch_that_was_rejected: ("FL861", "FL861", "FL876", "FL884"),
    a_sum_with_something_more: ("FL861", "FL872", "FL876", "FL880"),
    a_sum_in_three_pieces_with_something_more: ("FL861",) * 3 + ("FL876",) + ("FL880",) * 3,
    a_payment_that_never_was_in_a_sum_with_something_more: ("FL861", "FL876", "FL880"),
    a_sum_before_it_was_sent_and_each_once_more: ("FL861", "FL872"),
    a_sum_of_a_batch_that_is_not_all_booked: ("FL861", "FL872", "FL877", "FL880"),
    booked_as_unexplained: ("FL848", "FL874"),
    sum_booked_as_unexplained: ("FL848",),
    booked_as_an_expense: ("FL848",),
    all_of_it_by_the_number_of_another_batch: ("FL861", "FL876"),
    possible_sum: ("FL861", "FL877", "FL885"),
    several_sums: ("FL861", "FL877", "FL884"),
    sums_that_are_the_batch_as_booked: (),
    sum_and_a_line_of_it_once_more: ("FL861", "FL883"),
    one_payment_in_two_halves_to_a_stranger: (
        "FL861",
        "FL861",
        "FL872",
        "FL876",
        "FL880",
        "FL880",
    ),
    what_is_left_to_a_stranger: (
        "FL861",
        "FL872",
        "FL876",
        "FL885",
    ),
    all_of_it_to_one_of_them_by_name: ("FL861", "FL861", "FL863", "FL876", "FL884"),
    short_by_a_fee: (
        "FL861",
        "FL861",
        "FL872",
        "FL876",
        "FL880",
        "FL880",
    ),
    two_lines_named_of_which_one_was_paid: (
        "FL861",
        "FL876",
        "FL884",
    ),
    a_line_that_is_not_ours: (
        "FL861",
        "FL876",
    ),
    the_only_payment_to_a_stranger: ("FL861", "FL876"),
    returns_open_when_signed_and_booked_as_one: (),
    paid_and_paid_once_more: ("FL861", "FL886", "FL886"),
    return_before_its_result: ("FL862", "FL875"),
    return_of_an_unknown_payment: ("FL862", "FL877", "FL887"),
    partial_return: ("FL862", "FL888"),
    partly_recovered: (),
    partly_recovered_from_two_alike: (),
    partly_recovered_from_another: ("FL888",),
    partly_recovered_and_once_more: ("FL862", "FL888"),
    another_name: ("FL890",),
    another_account: ("FL890",),
    booked_in_another_month: ("FL881", "FL892"),
    without_the_key: ("FL894",),
    lump_for_two_vouchers: (),
    returns_booked_in_one_voucher: (),
}
