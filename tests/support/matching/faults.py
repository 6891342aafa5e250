"""What goes wrong in a month: each fault adds its own lines and rows, and says what must be told.

Between them they give every class of exception; a month has some of them, chosen by its seed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from support.matching import Line
from support.matching.months import Month, month

Fault = Callable[[Month], None]
BY_REFERENCE = ("id", "number", "receipt")


def a_line(made: Month, style: str = "", state: str = "exported") -> Line:
    """Add a line to a batch of this month that is paid line by line."""
    receipt = made.letters() if style == "receipt" else ""
    return made.line(made.batch(), receipt=receipt, state=state)


def paid_to_nobody(made: Month) -> None:
    how = made.random.randrange(3)
    account = f"A-{made.letters()}" if how < 2 else ""
    memo = ["", f"补助 L-{made.letters()}", "杂项"][how]
    row = made.row(made.first + timedelta(days=9), -made.odd_fen(), account, "", memo)
    made.tell("bank-debit-without-book", "", row)


def received_from_nobody(made: Month) -> None:
    account = made.random.choice(["", f"A-{made.letters()}"])
    row = made.row(made.first + timedelta(days=4), made.odd_fen(), account, "", "转入")
    made.tell("bank-credit-without-book", "", row)


def never_debited(made: Month) -> None:
    """A line of every age: of some days before the end of the month, or of the year before."""
    age = made.random.choice([0, 3, 4, 10, 11, 30, 31, 90, 91, 118, 370])
    batch = made.batch(made.last - timedelta(days=age))
    made.waits(made.line(batch, state=made.random.choice(["exported", "unknown", "paid"])))


def another_amount(made: Month) -> None:
    style = made.random.choice(BY_REFERENCE)
    line = a_line(made, style)
    more = made.random.choice([-1, 1]) * made.random.choice([1, 100, 9_000])
    row = made.pay(line, style, fen=line.amount_fen + more)
    made.tell("over-paid" if more > 0 else "short-paid", line.line, row)


def some_of_a_batch(made: Month) -> None:
    """A debit names a batch and is no sum of its lines, of which none is found elsewhere."""
    batch = made.batch()
    lines = [made.line(batch) for _ in range(made.random.randrange(2, 6))]
    row = made.row(made.soon(lines[0]), -made.odd_fen(), "", "", f"代发 {batch}")
    made.tell("lump-residual", batch, row)
    for line in lines:
        made.waits(line)


def a_choice_of_a_batch(made: Month) -> None:
    """A debit is the sum of one choice of the lines of a batch."""
    batch = made.batch()
    lines = [made.line(batch, 100 * (2**place) + 50) for place in range(8, 12)]
    some = made.random.sample(lines, made.random.randrange(2, 4))
    row = made.row(made.soon(lines[0]), -sum(ln.amount_fen for ln in some), "", "", batch)
    made.tell("proposal", "", row)
    for line in lines:
        made.waits(line)


def too_late(made: Month) -> None:
    style = made.random.choice(["id", "number", "receipt", "plain", "name"])
    line = a_line(made, style)
    assert line.sent_on
    days = made.random.choice([6, 7, 10])
    row = made.pay(line, style, line.sent_on + timedelta(days=days))
    made.match(line, row)
    made.tell("late", line.line, row)


def too_early(made: Month) -> None:
    style = made.random.choice(BY_REFERENCE)
    line = a_line(made, style)
    assert line.sent_on
    row = made.pay(line, style, line.sent_on - timedelta(days=made.random.randrange(1, 3)))
    if made.random.randrange(2):
        made.lines[-1] = replace(line, sent_on=None, state="approved")
    made.match(line, row)
    made.tell("paid-before-approval", line.line, row)


def twice_by_id(made: Month) -> None:
    """Two debits name one line: both with its amount, or one."""
    line = a_line(made)
    more = made.random.choice([0, 500])
    right, other = made.pay(line, "id"), made.pay(line, "id", fen=line.amount_fen + more)
    made.tell("line-debited-twice", line.line, other)
    if more:
        made.match(line, right)
    else:
        made.tell("line-debited-twice", line.line, right)


def twice_by_account(made: Month) -> None:
    line = a_line(made)
    made.tell("one-to-many", line.line)
    for _ in range(2):
        made.tell("one-to-many", "", made.pay(line, "plain"))


def twice_and_neither_right(made: Month) -> None:
    line = a_line(made)
    for more in (-100, 100):
        made.tell("one-to-many", line.line, made.pay(line, "id", fen=line.amount_fen + more))


def two_in_one(made: Month) -> None:
    """Two lines of one account and one debit; or a debit that names both."""
    batch = made.batch()
    one = made.line(batch)
    two = made.line(batch, one.amount_fen, account=one.account)
    if made.random.randrange(2):
        row = made.row(made.soon(one), -one.amount_fen, one.account, "", "补助")
    else:
        memo = f"补助 {one.line} {two.line}"
        row = made.row(made.soon(one), -2 * one.amount_fen, one.account, "", memo)
    made.tell("many-to-one", "", row)
    made.tell("many-to-one", one.line)
    made.tell("many-to-one", two.line)


def indistinct(made: Month) -> None:
    """Two of one account of whom the bank names one at most; or one person's, on two days."""
    batch = made.batch()
    one = made.line(batch)
    alone = made.random.randrange(2)
    person = one.person if alone else f"P-{made.letters()}"
    two = made.line(batch, one.amount_fen, account=one.account, person=person)
    for line in (one, two):
        made.tell("ambiguous", line.line)
    assert one.sent_on
    for days in (0, 1):
        on = one.sent_on + timedelta(days=days if alone else 1)
        named = one.person if days else ""
        made.tell("ambiguous", "", made.row(on, -one.amount_fen, one.account, named, "补助"))


def again_though_paid(made: Month) -> None:
    """A line was paid, in this month or the one before, and what was issued in its place too."""
    settled = made.random.randrange(2)
    before = made.batch(made.first - timedelta(days=20) if settled else None)
    paid = made.first - timedelta(days=18) if settled else None
    parent = made.line(before, state="reissued" if settled else "paid", debited_on=paid)
    if settled:
        made.tell("parent-and-reissue-both-paid", parent.line)
    else:
        row = made.pay(parent, "id")
        made.match(parent, row)
        made.tell("parent-and-reissue-both-paid", parent.line, row)
    child = made.line(
        made.batch(),
        parent.amount_fen,
        line=f"{parent.line}-2",
        account=parent.account,
        person=parent.person,
    )
    row = made.pay(child, "id")
    made.match(child, row)
    made.tell("parent-and-reissue-both-paid", child.line, row)


def back_and_not_booked(made: Month) -> None:
    style = made.random.choice([*BY_REFERENCE, "plain"])
    line = a_line(made, style)
    debit = made.pay(line, style)
    made.match(line, debit)
    made.tell("return-not-booked", line.line, made.come_back(line, debit, booked=False))


def back_of_what_was_never_paid(made: Month) -> None:
    how = made.random.randrange(3)
    on = made.first + timedelta(days=20)
    if how == 0:  # of a line that failed before it left
        line = a_line(made, state="failed")
        row = made.row(on, line.amount_fen, "", "", f"退款 {line.line}")
        made.tell("return-of-unknown-payment", line.line, row)
        return
    if how == 1:  # of a line of nobody's list
        row = made.row(on, made.odd_fen(), "", "", f"退款 L-{made.letters()}")
    else:  # of a debit without book
        fen, account = made.odd_fen(), f"A-{made.letters()}"
        debit = made.row(on - timedelta(days=3), -fen, account, "", "补助")
        made.tell("bank-debit-without-book", "", debit)
        row = made.row(on, fen, account, "", "退款")
    made.tell("return-of-unknown-payment", "", row)


def a_part_came_back(made: Month) -> None:
    style = made.random.choice([*BY_REFERENCE, "plain"])
    line = a_line(made, style)
    debit = made.pay(line, style)
    made.match(line, debit)
    named = made.random.randrange(2)
    memo, account = (f"退款 {line.line}", "") if named else ("退款", line.account)
    row = made.row(debit.on + timedelta(days=2), line.amount_fen - 37, account, "", memo)
    made.tell("partial-return", line.line, row)


FAULTS: tuple[Fault, ...] = (
    paid_to_nobody,
    received_from_nobody,
    never_debited,
    another_amount,
    some_of_a_batch,
    a_choice_of_a_batch,
    too_late,
    too_early,
    twice_by_id,
    twice_by_account,
    twice_and_neither_right,
    two_in_one,
    indistinct,
    again_though_paid,
    back_and_not_booked,
    back_of_what_was_never_paid,
    a_part_came_back,
)


def faulty_month(seed: str) -> Month:
    """Return a month with some faults in it, maybe one of them twice, maybe none."""
    made = month(seed)
    for fault in made.random.choices(FAULTS, k=made.random.randrange(16)):
        fault(made)
    return made
