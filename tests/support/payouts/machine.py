"""Clerks, approvers and a bank that errs, in whatever order; and what must hold after each."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fundledger.errors import Refused
from fundledger.ledger import chart, drafts
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.paylist import root_of
from fundledger.ledger.batches.states import STEPS, UNDOES
from fundledger.ledger.books import Books
from fundledger.ledger.surroundings import SHANGHAI
from support.offices import Clock, draft
from support.paying import (
    APPROVER,
    CASHIER,
    MAKER,
    REVIEWER,
    Payments,
    entitlement,
    pseudonym,
    why,
)
from support.payouts.bank import Bank, Order
from support.payouts.naive import LIVE, Stands, control, lines_of
from support.payouts.statements import Statements

GRANTED_FEN = {True: 2_500_00, False: 1_200_00}
"""What there is for everybody's months: most of what is asked for, or too little."""

BOTH = "S09"
"""Somebody who may prepare and approve, though not the same batch."""

FROM_THE_BANK = {
    "accept",
    "refuse",
    "result",
    "debit",
    "credit-back",
    "return",
    "take-back",
    "recover",
    "undo-debit",
    "undo-credit-back",
    "undo-return",
}
GROUNDED = FROM_THE_BANK | {"prepare", "export"}
MAY = {"prepare": (MAKER, BOTH), "export": (CASHIER,)}

_SLIPS = {"late": 2, "early": -90}
"""By how many days a step is misdated."""

WHAT = (
    "a credit",
    "a credit",
    "a debit",
    "a decision",
    "a double",
    "a file",
    "a file",
    "a list",
    "a month",
    "a payee",
    "a refusal",
    "a reissue",
    "a slip",
    "a statement",
    "a step",
    "a step",
    "a step",
    "a try",
    "approval",
    "days",
    "sending",
)

REPEATABLE = settings(
    max_examples=10,
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)

SEARCH = settings(
    REPEATABLE,
    max_examples=2000,
    stateful_step_count=50,
    phases=[Phase.generate],
    derandomize=False,
    report_multiple_bugs=False,
)
"""Many times as many walks as any fault takes; the first one that meets it ends the search."""

people = st.sets(st.integers(0, 3), min_size=1, max_size=4)
some = st.just(WHAT) | st.lists(st.sampled_from(WHAT), min_size=3, max_size=8)
"""What happens in a walk: anything, or a few things again and again, which lead further."""

numbers = st.integers(0, 10**6)
_SENSIBLE = {
    "planned": ("reject",),
    "approved": ("withdraw",),
    "failed": ("reissue", "cancel", "unclaimed"),
    "returned": ("reissue", "cancel", "unclaimed"),
    "reversed": ("reissue", "cancel", "unclaimed"),
    "paid": ("claim-back",),
    "unclaimed": ("remit",),
    "recoverable": ("write-off",),
}


_UNDONE_BY = {"debit": "undo-debit", "credit-back": "undo-credit-back", "return": "undo-return"}


def _next_move(one: Stands) -> str:
    """Return how the money of a line might move next, or an empty text."""
    if not one.debited:
        return "debit" if one.state in {"exported", "unknown", "paid"} else ""
    if one.credited:
        return ""
    return {"failed": "credit-back", "paid": "return"}.get(one.state, "")


class PayoutMachine(RuleBasedStateMachine):
    """Everybody does what they may or may not do; nobody's money is lost, nobody is paid twice."""

    def __init__(self) -> None:
        """Open a fund with money, and its bank."""
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="payouts-"))
        self.clock = Clock(datetime(2026, 10, 1, 9, 0, tzinfo=SHANGHAI))
        self.opens(rich=True)
        self.acts: Sequence[str] = WHAT
        self.lines: dict[str, Stands] = {}
        self._seen: tuple[str, int] = ("", 0)

    def opens(self, *, rich: bool) -> None:
        """Open the fund, its account and the first statement of it."""
        shutil.rmtree(self.root / "dibao", ignore_errors=True)
        posts = {BOTH: ("maker", "approver")}
        self.desk = Payments(self.root, self.clock, GRANTED_FEN[rich], posts=posts)
        self.bank = Bank(GRANTED_FEN[rich], self.day)
        self.statements = Statements(self.desk, self.day, GRANTED_FEN[rich])

    @property
    def books(self) -> Books:
        """The books as they are, folded once for each record."""
        path = max((self.root / "dibao" / "journal").iterdir())
        seen = (path.name, path.stat().st_size)
        if self._seen != seen:
            self._seen, self._books = seen, self.desk.fund.books()
        return self._books

    def close(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

    def teardown(self) -> None:
        audit = self.desk.fund.check(self.day)
        wrong = [finding for finding in audit.findings if finding.gates]
        self.close()
        assert wrong == []

    @property
    def day(self) -> date:
        return self.clock().date()

    @property
    def today(self) -> str:
        return self.day.isoformat()

    def tried(self, act: Callable[[], object]) -> bool:
        """Do something; whether the gate let it pass."""
        self.clock.advance(seconds=1)
        try:
            act()
        except Refused:
            return False
        return True

    def pick(self, many: Sequence[Any], number: int) -> Any:  # noqa: ANN401 - one of many of any kind
        return many[number % len(many)]

    @rule(what=numbers, number=numbers, choice=numbers, who=people)
    def happens(self, what: int, number: int, choice: int, who: set[int]) -> None:
        """Let one thing happen; few rules, so that each walk meets most of them."""
        yes, other, third = (bool(choice >> bit & 1) for bit in range(3))
        rest = choice // 8
        period = ("2026-09", "2026-10", "2026-11")[rest % 3]
        acts: dict[str, Callable[[], None]] = {
            "a month": lambda: self.pays_a_month(who, period),
            "a list": lambda: self.lists_people_and_approves(who, period, both=yes),
            "days": lambda: self.days_pass((1, 1, 3, 40, 95)[rest % 5]),
            "approval": lambda: self.approves(number, both=yes),
            "sending": lambda: self.sends(number),
            "a step": lambda: self.takes_a_sensible_step(number, rest),
            "a try": lambda: self.tries_a_step(number, rest, more=yes, evidence=other),
            "a reissue": lambda: self.reissues(number, other=yes, confirmed=other),
            "a payee": lambda: self.payee_pays_back(number, part=yes),
            "a file": lambda: self.bank_works_off_a_file(number, (0, 2, 3)[rest % 3], lump=third),
            "a debit": lambda: self.bank_debits(number, lump=yes),
            "a decision": lambda: self.bank_decides(number, rest, paid=yes),
            "a credit": lambda: self.bank_gives_back(number, taken_back=yes, failed=other),
            "a refusal": lambda: self.bank_refuses_a_file(number),
            "a slip": lambda: self.books_what_never_was_and_undoes_it(number, days=rest % 3),
            "a double": lambda: self.bank_pays_one_line_twice(number),
            "a statement": lambda: self.reconciles(sign=yes),
        }
        self.bank.day = self.day
        acts[self.pick(self.acts, what)]()

    # What the office does.

    @initialize(who=people, acts=some, rich=st.booleans())
    def begins_with_a_month(self, who: set[int], acts: Sequence[str], *, rich: bool) -> None:
        self.acts = acts
        if not rich:
            self.opens(rich=rich)
        self.pays_a_month(who, "2026-09")

    def pays_a_month(self, who: set[int], months: str) -> None:
        """List people, approve it and send it, as most months go."""
        before = len(self.books.batches())
        self.lists_people(who, months, maker=True)
        self.books_and_lines_agree()
        if len(self.books.batches()) > before:
            self.sends_at_once(self.books.batches()[-1].id)

    def sends_at_once(self, batch: str, actor: str = APPROVER) -> None:
        if self.tried(lambda: self.desk.step(batch, "approve", self.today, actor=actor)):
            self.books_and_lines_agree()
            self.sent(batch)

    def lists_people_and_approves(self, who: set[int], months: str, *, both: bool) -> None:
        """List people, and have it approved at once by who listed them, or not."""
        before = len(self.books.batches())
        self.lists_people(who, months, maker=not both)
        if both and len(self.books.batches()) > before:
            last = self.books.batches()[-1].id
            self.tried(lambda: self.desk.step(last, "approve", self.today, actor=BOTH))

    def lists_people(self, who: set[int], months: str, *, maker: bool) -> None:
        listed = [entitlement(person, (person + 1) * 100_00, months) for person in sorted(who)]
        self.tried(lambda: self.desk.prepare(listed, self.today, actor=MAKER if maker else BOTH))

    def approves(self, number: int, *, both: bool) -> None:
        batch = self.one_batch(number, "planned")
        if batch:
            actor = BOTH if both else APPROVER
            self.tried(lambda: self.desk.step(batch, "approve", self.today, actor=actor))

    def one_batch(self, number: int, state: str) -> str:
        """Return a batch: mostly one with a line that stands so, now and then any."""
        fitting = sorted({one.batch for one in self.lines.values() if one.state == state})
        every = [batch.id for batch in self.books.batches()]
        chosen = fitting if number % 5 else every
        return str(self.pick(chosen, number)) if chosen else ""

    def sends(self, number: int) -> None:
        """Whatever gate there is, the bank pays each file that it gets."""
        batch = self.one_batch(number, "approved")
        if batch:
            self.sent(batch)

    def sent(self, batch: str) -> None:
        if self.tried(lambda: self.desk.step(batch, "export", self.today)):
            stands = lines_of(self.desk.fund, self.books)
            sent = [one.line for one in stands.values() if one.batch == batch]
            self.bank.receive(
                batch, [line for line in sent if stands[line.line].state == "exported"]
            )

    def takes_a_sensible_step(self, number: int, choice: int) -> None:
        """Take a step that a line as it stands may bear."""
        bearing = [name for name, one in sorted(self.lines.items()) if one.state in _SENSIBLE]
        if bearing:
            rather = (("failed",), ("unclaimed", "recoverable"), ())[number % 3]
            those = [name for name in bearing if self.lines[name].state in rather]
            name = self.pick(those or bearing, number // 3)
            step = self.pick(_SENSIBLE[self.lines[name].state], choice)
            if step == "reissue":
                self.reissues(sorted(self.lines).index(name), other=True, confirmed=False)
                self.books_and_lines_agree()
                last = self.books.batches()[-1].id
                if choice % 3 == 0:
                    asked_fen = self.asked_fen(name, "cancel")
                    given_up = Outcome(name, "cancel", self.today, asked_fen, why("cancel"))
                    self.office_takes(self.lines[name].batch, "cancel", [given_up], self.today)
                    self.books_and_lines_agree()
                if choice % 2:
                    self.sends_at_once(last)
            else:
                slip = ("", "", "maker", "", "early", "", "late", "", "", "amount", "")[choice % 11]
                on = (self.day + timedelta(days=_SLIPS.get(slip, 0))).isoformat()
                given = {"actor": MAKER} if slip == "maker" else {}
                fen = self.asked_fen(name, step) + (slip == "amount")
                outcome = Outcome(name, step, on, fen, why(step))
                self.office_takes(self.lines[name].batch, step, [outcome], on, **given)

    def office_takes(
        self, batch: str, step: str, outcomes: list[Outcome], on: str, **given: str
    ) -> None:
        """Try a step of the office; what it surrenders leaves the bank."""
        passed = self.tried(lambda: self.desk.step(batch, step, on, outcomes, **given))
        if passed and step == "remit":
            self.bank.move(-sum(outcome.amount_fen for outcome in outcomes), "上缴")

    def tries_a_step(self, number: int, choice: int, *, more: bool, evidence: bool) -> None:
        """Take a step that only the office decides on, for lines that may or may not bear it."""
        ours = [name for name, step in sorted(STEPS.items()) if not step.fact]
        step = self.pick([name for name in ours if name not in {*UNDOES, "export"}], number)
        slip = ("", "", "amount", "late", "early", "maker")[choice % 6]
        if not self.lines:
            return
        first = self.pick(sorted(self.lines), choice // 6)
        batch = self.lines[first].batch
        names = [n for n, one in self.lines.items() if one.batch == batch and (more or n == first)]
        on = (self.day + timedelta(days=_SLIPS.get(slip, 0))).isoformat()
        outcomes = [
            Outcome(name, step, on, self.asked_fen(name, step) + (slip == "amount"), why(step))
            for name in names
        ]
        given = {} if evidence else {"document": ""}
        given |= {"actor": MAKER} if slip == "maker" else {}
        self.office_takes(batch, step, [] if step == "approve" else outcomes, on, **given)

    def asked_fen(self, name: str, step: str) -> int:
        """The amount that a step is about: of what is asked back now and then a part."""
        one = self.lines[name]
        if step in {"recover", "write-off"}:
            return max(one.claimed_fen - one.settled_fen, 1)
        if step == "claim-back" and len(self.lines) % 2:
            return max((one.line.amount_fen - one.claimed_fen) // 2, 1)
        return one.line.amount_fen

    def reissues(self, number: int, *, other: bool, confirmed: bool) -> None:
        if not self.lines:
            return
        back = [n for n, one in self.lines.items() if one.state in {"failed", "returned"}]
        name = self.pick(sorted(back if back and number % 5 else self.lines), number)
        account = pseudonym("A", name) if other else self.lines[name].line.account
        self.tried(lambda: self.desk.reissue({name: account}, self.today, reconfirmed=confirmed))

    def books_what_never_was_and_undoes_it(self, number: int, *, days: int) -> None:
        """Book a move of money that no row of the bank is of, and take it back, days later or not.

        Before it nothing is there to be taken back, and in between the line may be debited or given
        back no second time.
        """
        moves = {
            name: step for name, one in sorted(self.lines.items()) if (step := _next_move(one))
        }
        if not moves:
            return
        name = self.pick(list(moves), number)
        step, batch = moves[name], self.lines[name].batch
        held = self.desk.batch(batch).standing(name)
        on = self.today
        back = _UNDONE_BY[step]
        assert not self.tried(lambda: self.desk.named(batch, back, on, [name]))
        if not self.tried(lambda: self.desk.named(batch, step, on, [name])):
            return
        assert not self.tried(lambda: self.desk.named(batch, step, on, [name]))
        self.days_pass(days)
        fen = self.lines[name].line.amount_fen
        self.statements.slips.append((on, self.today, -fen if step == "debit" else fen))
        assert self.tried(lambda: self.desk.named(batch, back, self.today, [name]))
        assert self.desk.batch(batch).standing(name) == held

    # What the bank does, and how the office learns of it.

    def orders(self, which: Callable[[Order], bool]) -> list[Order]:
        return [order for order in self.bank.orders if which(order)]

    def bank_refuses_a_file(self, number: int) -> None:
        there = self.bank.orders
        if not there:
            return
        batch = self.pick(there, number).batch
        if not self.bank.untouched(batch):
            return
        told = self.orders(lambda order: order.batch == batch)
        if all(self.lines[order.line.line].state == "exported" for order in told):
            self.bank.refuse(batch)
            assert self.tried(lambda: self.desk.step(batch, "refuse", self.today))
        else:  # of some it said that it does not know: those failed, then
            for order in told:
                order.outcome = "failed"
                self.told(order, "failed")

    def bank_debits(self, number: int, *, lump: bool) -> None:
        """A file as a lump, failures and all, or one order of it."""
        there = self.orders(lambda order: not order.debited)
        if not there:
            return
        first = self.pick(there, number)
        taken = [
            order
            for order in self.orders(lambda o: not o.debited and o.batch == first.batch)
            if lump or order is first
        ]
        self.bank.debit(taken)
        names = [order.line.line for order in taken]
        if not self.tried(lambda: self.desk.named(first.batch, "debit", self.today, names)):
            self.unexplained(sum(order.line.amount_fen for order in taken))

    def bank_works_off_a_file(self, number: int, failing: int, *, lump: bool) -> None:
        """Debit a file and decide on all of it, as most files go; every so many orders fail."""
        there = self.orders(lambda order: not order.outcome)
        if not there:
            return
        file = self.pick(there, number).batch
        if self.orders(lambda order: order.batch == file and not order.debited):
            first = self.orders(lambda order: not order.debited)
            at = next(i for i, order in enumerate(first) if order.batch == file)
            self.bank_debits(at, lump=lump)
            self.books_and_lines_agree()
        todo = self.orders(lambda order: order.batch == file and not order.outcome)
        for place, order in enumerate(todo, 1):
            if failing and place % failing == 0:
                order.outcome = "failed"
            else:
                self.bank.pay(order)
            self.told(order, order.outcome)

    def bank_decides(self, number: int, choice: int, *, paid: bool) -> None:
        told = ("at once", "unknown", "twice")[choice % 3]
        there = self.orders(lambda order: not order.outcome)
        if not there:
            return
        order = self.pick(there, number)
        if told == "unknown":
            self.told(order, "unknown")
            return
        if paid:
            self.bank.pay(order)
        else:
            order.outcome = "failed"
        for _ in range(2 if told == "twice" else 1):
            self.told(order, order.outcome)

    def booked(self, order: Order, step: str, signed_fen: int) -> None:
        """Book what the bank did with an order; as unexplained if it cannot be that step."""
        name = order.line.line
        outcome = Outcome(name, step, self.today, abs(signed_fen), why(step))
        if not self.tried(lambda: self.desk.step(order.batch, step, self.today, [outcome])):
            self.unexplained(-signed_fen)

    def told(self, order: Order, word: str) -> None:
        said = {order.line.line: word}
        self.tried(lambda: self.desk.result(order.batch, self.today, said))

    def bank_gives_back(self, number: int, *, taken_back: bool, failed: bool) -> None:
        """A failure whose money was taken, or a payment that comes back, however late."""
        given = self.orders(
            lambda o: (
                o.debited and not o.given_back and o.outcome == ("failed" if failed else "paid")
            )
        )
        if not given:
            return
        order = self.pick(given, number)
        self.bank.give_back(order)
        step = "credit-back" if failed else "take-back" if taken_back else "return"
        names = [order.line.line]
        if not self.tried(lambda: self.desk.named(order.batch, step, self.today, names)):
            self.unexplained(-order.line.amount_fen)

    def bank_pays_one_line_twice(self, number: int) -> None:
        there = self.orders(lambda order: order.outcome == "paid" and bool(order.debited))
        if not there:
            return
        order = self.pick(there, number)
        self.bank.double(order)
        self.statements.stands_in_the_way(self.bank.rows, self.day)
        names = [order.line.line]
        if not self.tried(lambda: self.desk.named(order.batch, "debit", self.today, names)):
            self.unexplained(order.line.amount_fen)

    def payee_pays_back(self, number: int, *, part: bool) -> None:
        asked = [n for n, one in self.lines.items() if one.state == "recoverable"]
        if not asked:
            return
        name = self.pick(sorted(asked), number)
        one = self.lines[name]
        fen = one.claimed_fen - one.settled_fen
        fen = fen // 2 if part and fen > 1 else fen
        self.bank.move(fen, "退回")
        self.bank.paid[one.line.person, one.line.period] -= fen
        outcome = [Outcome(name, "recover", self.today, fen)]
        # Two parts of one amount on one day are two, as the bank has two rows for them.
        key = f"recover-{len(self.bank.rows)}"
        step = one.batch, "recover", self.today, outcome
        assert self.tried(lambda: self.desk.step(*step, key=key))

    def unexplained(self, fen: int) -> None:
        """Record what fits no line: a debit, or if it is below zero a credit."""
        event = "unknown-debit" if fen > 0 else "unknown-credit"
        make = drafts.unknown_debit if fen > 0 else drafts.unknown_credit
        entry = draft(make(abs(fen)), self.day, event, cashier=CASHIER)
        assert self.tried(lambda: self.desk.fund.record(entry))

    def reconciles(self, *, sign: bool) -> None:
        """Hold all that the bank wrote until yesterday against the books, and sign it."""
        self.statements.reconcile(self.bank.rows, self.day - timedelta(days=1), sign=sign)

    def days_pass(self, days: int) -> None:
        """Time passes, and a year with it: what is over is closed."""
        year = self.day.year
        self.clock.advance(days=days)
        if self.day.year != year:
            fund = self.desk.fund
            for month in sorted(month for month, _ in fund.books().months.rows()):
                if month[:4] == str(year) and month[5:] != "12":
                    fund.close(month, actor="S02")
            fund.close_year(year, actor="S02", maker=MAKER, reviewer=REVIEWER)

    # What must hold after each.

    def holds(self) -> None:
        """Hold all of it, for whoever takes steps one by one."""
        self.books_and_lines_agree()
        self.no_fen_is_lost()
        self.nothing_is_given_of_what_is_not_left()
        self.nobody_is_paid_twice()
        self.each_record_is_by_who_may_and_on_evidence()

    @invariant()
    def books_and_lines_agree(self) -> None:
        self.lines = lines_of(self.desk.fund, self.books)
        books = self.books
        held = control(self.lines.values())
        side = {
            "payable": -books.fen(chart.SUBSIDY_PAYABLE),
            "transit": -books.fen(chart.IN_TRANSIT),
            "returned": -books.fen(chart.RETURNED),
            "due from bank": books.fen(chart.DUE_FROM_BANK),
            "recovery": books.fen(chart.RECOVERY),
        }
        assert {name: fen for name, fen in side.items() if fen} == {
            name: fen for name, fen in held.items() if fen
        }
        encumbered = sum(
            books.fen(name)
            for name in books.account_names()
            if books.accounts.account(name).budget_kind == "Encumbered"
        )
        of_batches = held["payable"] + held["transit"] + held["returned"] - held["due from bank"]
        assert encumbered == of_batches + self.advanced_fen()
        for name in books.account_names():
            if ":Available:" in name or ":Expended:" in name or ":Encumbered:" in name:
                assert books.fen(name) >= 0
        for one in self.lines.values():
            assert one.settled_fen <= one.claimed_fen <= one.line.amount_fen
        for batch in books.batches():
            for line, one in self.lines.items():
                if one.batch == batch.id:
                    standing = batch.standing(line)
                    assert (standing.state.value, bool(standing.debited_on)) == (
                        one.state,
                        one.debited,
                    )

    def advanced_fen(self) -> int:
        """What is open of emergency advances; there are none here (see `beside`)."""
        return 0

    @invariant()
    def no_fen_is_lost(self) -> None:
        assert self.books.fen(chart.BANK) == self.bank.balance_fen

    @invariant()
    def nothing_is_given_of_what_is_not_left(self) -> None:
        """What earlier years left may be surrendered, and no more than that."""
        books = self.books
        assert books.fen(chart.CARRIED_FORWARD) + books.fen(chart.PRIOR_YEAR_ADJUSTMENT) <= 0

    @invariant()
    def nobody_is_paid_twice(self) -> None:
        due: dict[tuple[str, str], int] = {}
        live: Counter[tuple[str, str]] = Counter()
        planned: Counter[tuple[str, str]] = Counter()
        for one in self.lines.values():
            key = (one.line.person, one.line.period)
            due[key] = max(one.line.amount_fen, due.get(key, 0))
            live[key] += one.state in LIVE and one.state != "planned"
            planned[key] += one.state == "planned"  # a reissue, beside what it is to pay again
        assert all(count <= 1 for count in (*live.values(), *planned.values()))
        assert all(fen <= due[key] for key, fen in self.bank.paid.items())

    @invariant()
    def each_record_is_by_who_may_and_on_evidence(self) -> None:
        since: dict[str, tuple[str, str]] = {}
        for record in self.desk.fund.records():
            if record.kind != "batch":
                continue
            step, batch, on = (record.body[name] for name in ("step", "batch", "on"))
            maker, earliest = since.setdefault(batch, (record.actor, on))
            assert step != "approve" or record.actor != maker
            assert step in FROM_THE_BANK or record.actor in MAY.get(step, (APPROVER, BOTH))
            assert step not in GROUNDED or record.body.get("document")
            assert earliest <= on <= record.at[:10]
            if step in {"approve", "refuse"}:
                since[batch] = (maker, on)
            if record.body.get("kind") == "reissue" and not record.body.get("reconfirmed"):
                self.goes_elsewhere(batch)

    def goes_elsewhere(self, batch: str) -> None:
        """What is paid again goes to another account, where nobody confirmed the one before."""
        of_root: dict[str, list[Stands]] = {}
        for one in self.lines.values():
            of_root.setdefault(root_of(one.line.line), []).append(one)
        for ones in of_root.values():
            ones.sort(key=lambda one: (len(one.line.line), one.line.line))
            for place, one in enumerate(ones):
                kept = [before for before in ones[:place] if before.state != "dropped"]
                if one.batch == batch and kept:
                    assert one.line.account != kept[-1].line.account
