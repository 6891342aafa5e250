"""Statements of a bank that errs, against books that have all of it, some of it, or more.

What is open must be just what one side has and the other has not, whatever the amounts would let
one believe; what is wrong is never signed before it is booked as what it is; and each step that is
told as the cure is one that the gate takes, and leaves nothing to cure.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from fundledger.ledger import drafts
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.paylist import PaymentLine
from fundledger.ledger.surroundings import SHANGHAI
from fundledger.reconcile import Trial
from fundledger.reconcile.cure import Cure
from fundledger.reconcile.model import Tolerance
from support.offices import Clock, draft
from support.paidbank import Said
from support.paying import CASHIER, Payments, entitlement, pseudonym
from support.payouts.statements import Statements

PEOPLE = 4
MONTHS = 3
WINDOW_DAYS = Tolerance().window_days
SAME_FEN = 300_00
"""What everybody gets, so that no amount tells whom a row pays."""

TWICE = {"FL883", "FL886", "FL897"}
STRANGER = pseudonym("A", "a stranger")
BANK_DOES = ("debit", "double", "double", "lump", "lump", "parts", "return", "short", "stranger")


@dataclass
class Line:
    """A line that the bank was sent, and when the bank and the books moved its money."""

    of: PaymentLine
    batch: str
    debited: bool = False
    returned: bool = False
    short: bool = False
    in_lump: bool = False
    in_part: bool = False
    """Whether it was paid in a sum that is not all of its batch: a double of it may be either."""

    booked_on: str = ""
    return_booked_on: str = ""


@dataclass
class Moved:
    """A row of the bank, and what it is: the lines that it pays, or none if it is wrong."""

    said: Said
    lines: tuple[Line, ...] = ()
    back: bool = False
    booked_on: str = ""
    double_of: str = ""
    in_parts: bool = False

    def closed(self, last: str) -> bool:
        """Whether the books have all of it by a day."""
        if self.back:
            return "" < self.lines[0].return_booked_on <= last
        if self.lines:
            return all("" < line.booked_on <= last for line in self.lines)
        return "" < self.booked_on <= last


class ComparedMachine(RuleBasedStateMachine):
    """A bank that works off the lists of some months, and an office that books before or after."""

    def __init__(self) -> None:
        """Open a fund with money."""
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="compared-"))
        self.clock = Clock(datetime(2026, 10, 1, 9, 0, tzinfo=SHANGHAI))
        granted_fen = 1_000_000_00
        self.desk = Payments(self.root, self.clock, granted_fen)
        self.statements = Statements(self.desk, self.day, granted_fen)
        self.lines: dict[str, Line] = {}
        self.moved: list[Moved] = []
        self.months = 0

    def close(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

    def teardown(self) -> None:
        audit = self.desk.fund.check(self.day)
        self.close()
        assert [finding for finding in audit.findings if finding.gates] == []

    @property
    def day(self) -> date:
        return self.clock().date()

    @property
    def today(self) -> str:
        return self.day.isoformat()

    # What the office pays, and what the bank does with it.

    @initialize(who=st.sets(st.integers(0, PEOPLE - 1), min_size=1), months=st.integers(1, 2))
    def begins(self, who: set[int], months: int = 1) -> None:
        for _ in range(months):
            self.pays_a_month(who)

    @rule(who=st.sets(st.integers(0, PEOPLE - 1), min_size=1))
    def pays_a_month(self, who: set[int]) -> None:
        """List people for the next month, approve it and send it."""
        if self.months < MONTHS:
            period = f"2026-{10 + self.months}"
            self.months += 1
            listed = [entitlement(person, SAME_FEN, period) for person in sorted(who)]
            batch, _ = self.desk.sent(listed, self.today)
            self.lines |= {line.line: Line(line, batch) for line in self.desk.lines(batch)}

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        if self.day + timedelta(days=days) < date(2026, 12, 28):
            self.clock.advance(days=days)

    @rule(what=st.sampled_from(BANK_DOES), at=st.integers(0, 11), books=st.booleans())
    def bank_does(self, what: str, at: int, *, books: bool) -> None:
        """Let the bank move money, as it should or not; the office books it today, or later."""
        if what == "stranger":
            batch = self.pick_batch(at)
            moved = Moved(Said(self.today, -SAME_FEN, STRANGER, memo=batch if at % 2 else ""))
        else:
            there = [
                line
                for line in self.lines.values()
                if line.debited is (what in {"return", "double"})
                and not (line.returned or line.short)
                and not (line.in_part and what == "double")
            ]
            if not there:
                return
            if what == "double":  # mostly of what was paid with all of its batch
                there = [one for one in there if one.in_lump] or there
            line = there[at % len(there)]
            others = [other for other in there if other.batch == line.batch]
            if what == "parts":
                self.pays_in_parts(others)
                return
            moved = self.of_a_line(what, line, others)
        self.moved.append(moved)
        if books:
            self.books(moved)

    def pick_batch(self, at: int) -> str:
        batches = sorted({line.batch for line in self.lines.values()})
        return batches[at % len(batches)]

    def of_a_line(self, what: str, line: Line, batch: list[Line]) -> Moved:
        of = line.of
        said = Said(self.today, -SAME_FEN, of.account, memo=of.line)
        if what == "return":
            line.returned = True
            return Moved(said._replace(signed_fen=SAME_FEN), (line,), back=True)
        if what == "double":
            return Moved(said, double_of=of.line)
        if what == "short":
            line.short = True
            return Moved(said._replace(signed_fen=1 - SAME_FEN))
        if what == "lump":
            whole = sum(one.batch == line.batch for one in self.lines.values()) == len(batch)
            for one in batch:
                one.debited, one.in_lump, one.in_part = True, whole, not whole
            return Moved(Said(self.today, -SAME_FEN * len(batch), memo=line.batch), tuple(batch))
        line.debited = True
        return Moved(said, (line,))

    def pays_in_parts(self, batch: list[Line]) -> None:
        """Pay all that is left of a batch in two sums; they are booked as one, now or later."""
        if len(batch) < 2 or any(one.booked_on for one in batch):
            return
        for one in batch:
            one.debited = one.in_part = True
        for count in (1, len(batch) - 1):
            said = Said(self.today, -SAME_FEN * count, memo=batch[0].batch)
            self.moved.append(Moved(said, tuple(batch), in_parts=True))

    # What the office books.

    @rule(at=st.integers(0, 11), whole=st.booleans())
    def books_something(self, at: int, *, whole: bool = False) -> None:
        """Book a row that is not booked yet, or else what the bank has yet to take of a batch."""
        left = [one for one in self.moved if not one.closed(self.today)]
        ahead = [
            line
            for line in self.lines.values()
            if not (line.debited or line.short or line.booked_on)
        ]
        if left:
            self.books(left[at % len(left)])
        elif ahead:
            line = ahead[at % len(ahead)]
            batch = [other for other in ahead if other.batch == line.batch]
            self.books_lines("debit", batch if whole else [line], self.today)

    def books(self, moved: Moved) -> None:
        """Book a row as what it is."""
        if not moved.lines:
            if not moved.booked_on:
                of = drafts.unknown_debit(-moved.said.signed_fen)
                there = date.fromisoformat(moved.said.on)
                # By its amount alone it is found only near the bank's day.
                on = self.day if (self.day - there).days <= WINDOW_DAYS else there
                self.desk.fund.record(draft(of, on, "unknown-debit", cashier=CASHIER))
                moved.booked_on = on.isoformat()
        elif not moved.back:
            self.books_lines("debit", moved.lines, self.today)
        elif moved.lines[0].booked_on:
            batch = moved.lines[0].batch
            back = [one for other in self.moved if other.back for one in other.lines]
            together = [one for one in back if one.batch == batch and one.booked_on]
            self.books_lines("return", together, self.today)

    def books_lines(self, step: str, lines: Iterable[Line], on: str) -> None:
        """Take a step for those of a batch's lines that it was not taken for yet."""
        new = [
            line
            for line in lines
            if not (line.return_booked_on if step == "return" else line.booked_on)
        ]
        if not new:
            return
        batch, names = new[0].batch, [line.of.line for line in new]
        if step == "return":
            self.has_its_result(new, on)
        self.clock.advance(seconds=1)
        self.desk.named(batch, step, on, names)
        for line in new:
            if step == "return":
                line.return_booked_on = on
            else:
                line.booked_on = on

    def has_its_result(self, lines: Iterable[Line], on: str) -> None:
        """Record that the bank paid, where it was not."""
        for line in lines:
            standing = self.desk.batch(line.batch).standing(line.of.line)
            if standing.state.value == "exported":
                self.desk.result(line.batch, on, {line.of.line: "paid"})

    # What is reconciled.

    @rule(cures=st.booleans(), signs=st.booleans())
    def reconciles(self, *, cures: bool, signs: bool) -> None:
        """Hold today's statement against the books tomorrow; cure it and sign, if asked to."""
        end = self.day
        self.days_pass(1)
        if not self.statements.start <= end < self.day:
            return
        trial = self.reconciled(end)
        if cures:
            while trial.adjustment.cures:
                self.cures(trial.adjustment.cures)
                trial = self.reconciled(end)
            doubled = {one.double_of for one in self.moved}
            for one in self.moved_until(end.isoformat()):
                # Of two rows of one line it is not known which is its own.
                known = doubled.isdisjoint(line.of.line for line in one.lines)
                told = one.lines and known and not (one.back or one.in_parts)
                assert not told or one.closed(end.isoformat())
        if signs:
            self.statements.sign(trial)

    def reconciled(self, end: date) -> Trial:
        """Return the statement's reconciliation: open is what one side has and the other not."""
        trial = self.statements.tried([one.said for one in self.moved], end)
        last = end.isoformat()
        open_fen: Counter[str] = Counter()
        for item in trial.adjustment.items:
            open_fen[item.kind.value] += item.amount_fen
        assert trial.adjustment.difference_fen == 0
        assert open_fen == self.open_fen(last)
        wrong = [one for one in self.moved_until(last) if not one.lines and not one.closed(last)]
        assert not (wrong and trial.adjustment.settled)
        told = {one.subject for one in trial.adjustment.findings if one.code in TWICE}
        start = self.statements.start.isoformat()
        assert {one.double_of for one in wrong if one.double_of and one.said.on >= start} <= told
        if not open_fen["bank-out"] and not trial.adjustment.cures:
            assert trial.adjustment.settled
        return trial

    def moved_until(self, last: str) -> list[Moved]:
        return [one for one in self.moved if one.said.on <= last]

    def open_fen(self, last: str) -> Counter[str]:
        """Return what one side alone has by a day, by kind, as the truth knows it."""
        open_fen: Counter[str] = Counter()
        both: set[tuple[str, bool]] = set()
        for one in self.moved_until(last):
            if one.closed(last):
                both |= {(line.of.line, one.back) for line in one.lines}
            else:
                way = "bank-in" if one.said.signed_fen > 0 else "bank-out"
                open_fen[way] += abs(one.said.signed_fen)
        for name, line in self.lines.items():
            for on, back in ((line.booked_on, False), (line.return_booked_on, True)):
                if "" < on <= last and (name, back) not in both:
                    open_fen["book-in" if back else "book-out"] += SAME_FEN
        return open_fen

    def cures(self, cures: Iterable[Cure]) -> None:
        """Take each step that was told as the cure, just as it was told."""
        for cure in cures:
            names = cure.lines or [
                name
                for name, line in self.lines.items()
                if line.batch == cure.batch and not line.booked_on
            ]
            outcomes = [Outcome(name, cure.step, cure.on, SAME_FEN) for name in cure.lines]
            self.clock.advance(seconds=1)
            self.desk.step(cure.batch, cure.step, cure.on, outcomes)
            for name in names:
                if cure.step == "return":
                    self.lines[name].return_booked_on = cure.on
                else:
                    self.lines[name].booked_on = cure.on
