"""A plausible month of a fund: batches, what the bank says of them, and what is carried over.

Nothing is wrong in it: every line that waits has its debit and every bank row its line.  What is
wrong is planted by `faults`, which says what must be told of it.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from support.matching import Batch, Line, Row

SUBSIDIES = (20_000, 30_000, 30_000, 50_000, 50_000, 50_000, 82_000)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

Told = tuple[str, str, str, int | None]
"""Class, line (else its batch, else nothing), statement and row of one exception."""


@dataclass
class Month:
    """One month while it is made: its tables, its pairs of line and row, and what must be told."""

    random: Random
    first: date
    lines: list[Line] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    pairs: set[tuple[str, int]] = field(default_factory=set)
    told: list[Told] = field(default_factory=list)
    sent: dict[str, date] = field(default_factory=dict)

    @property
    def last(self) -> date:
        """The last day, on which it is matched."""
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def statement(self) -> str:
        return f"M{self.first.month}"

    def letters(self) -> str:
        return "".join(self.random.choices(LETTERS, k=12))

    def fen(self) -> int:
        return self.random.choice(SUBSIDIES) + 100 * self.random.randrange(20)

    def odd_fen(self) -> int:
        """An amount that no sum of lines is."""
        return 100 * self.random.randrange(50, 3000) + self.random.randrange(11, 99)

    def batch(self, sent: date | None = None) -> str:
        """Return the number of a new batch, sent early enough to be debited in the month."""
        day = sent or self.first + timedelta(days=self.random.randrange(2, 20))
        name = f"B-{self.first.year}-{self.first.month:02}-{len(self.sent) + 1:03}"
        self.sent[name] = day
        return name

    def line(self, batch: str, fen: int = 0, **known: Any) -> Line:  # noqa: ANN401 - of many types
        """Add a line to somebody new, unless `known` says otherwise."""
        line = Line(
            f"L-{self.letters()}",
            batch,
            f"A-{self.letters()}",
            f"P-{self.letters()}",
            fen or self.fen(),
            self.sent[batch],
        )
        self.lines.append(replace(line, **known))
        return self.lines[-1]

    def row(self, on: date, signed_fen: int, *said: str, serial: str = "") -> Row:
        """Add a row of the bank; `said` are its account, its person and its memo."""
        number = len(self.rows) + 1
        serial = serial or f"{self.first.month:02}{self.random.randrange(10**10):010}"
        self.rows.append(Row(self.statement, number, on, signed_fen, serial, *said))
        return self.rows[-1]

    def soon(self, line: Line) -> date:
        assert line.sent_on
        return line.sent_on + timedelta(days=self.random.randrange(5))

    def pay(self, line: Line, style: str, on: date | None = None, fen: int = 0) -> Row:
        """Add the debit of a line, said as this kind of bank says it; a pair only if told so."""
        day, signed = on or self.soon(line), -(fen or line.amount_fen)
        said = self.random.choice([line.person, ""])
        if style == "id":
            account = self.random.choice([line.account, ""])
            memo = self.random.choice(["{}", "补助 {}", "低保/{}/2026", "{}，代发"])
            return self.row(day, signed, account, said, memo.format(line.line))
        if style == "number":
            return self.row(day, signed, line.account, said, f"代发 {line.batch}")
        if style == "receipt":
            return self.row(day, signed, line.account, said, "代发", serial=line.receipt)
        if style == "name":
            return self.row(day, signed, "", line.person, "补助")
        return self.row(day, signed, line.account, said, self.random.choice(["补助", ""]))

    def match(self, line: Line, row: Row) -> None:
        self.pairs.add((line.line, row.row))

    def tell(self, kind: str, line: str = "", row: Row | None = None) -> None:
        self.told.append(
            (kind, line, row.statement if row else "", row.row if row else None),
        )

    def waits(self, line: Line) -> None:
        """Say that a line has no debit, by its age."""
        assert line.sent_on
        age = (self.last - line.sent_on).days
        ages = {"0-3": 3, "4-10": 10, "11-30": 30, "31-90": 90, "over-90": 400}
        aged = next(name for name, most in ages.items() if age <= most)
        crossed = line.sent_on.year < self.last.year
        self.tell(f"book-without-bank-{'cross-year' if crossed else aged}", line.line)

    def come_back(self, line: Line, debit: Row, *, booked: bool = True) -> Row:
        """Add the return of a line that the bank debited."""
        on = min(self.last, debit.on + timedelta(days=self.random.randrange(1, 9)))
        how = self.random.choice(["id", "serial", "account"])
        memo = {"id": f"退款 {line.line}", "serial": f"退汇{debit.serial}", "account": "退款"}[how]
        account = line.account if how == "account" else ""
        row = self.row(on, line.amount_fen, account, "", memo)
        self.match(line, row)
        if booked:
            place = self.lines.index(line)
            self.lines[place] = replace(line, credited_on=on, state="returned", debited_on=debit.on)
        return row

    def tables(self) -> tuple[list[Line], list[Row], list[Batch]]:
        batches = []
        for name, sent in self.sent.items():
            of_batch = [ln for ln in self.lines if ln.batch == name and ln.sent_on]
            if of_batch:
                fen = sum(line.amount_fen for line in of_batch)
                batches.append(Batch(name, sent, len(of_batch), fen))
        lines, rows = self.lines[:], self.rows[:]
        for side in (lines, rows, batches):
            self.random.shuffle(side)
        return lines, rows, batches


def month(seed: str) -> Month:
    """Return a month in which nothing is wrong."""
    random = Random(seed)  # noqa: S311 - a choice, no secret
    made = Month(random, date(2026, random.randrange(5, 13), 1))
    for style in ("id", "number", "receipt", "plain", "name"):
        if random.randrange(4):
            _line_by_line(made, style)
    for less_failed in (False, True):
        for named in (False, True):
            if random.randrange(2):
                _in_one_sum(made, less_failed=less_failed, named=named)
    _carried_over(made)
    _couples_and_equals(made)
    _reissued(made)
    return made


def _line_by_line(made: Month, style: str) -> None:
    batch = made.batch()
    for _ in range(made.random.randrange(3, 10)):
        receipt = made.letters() if style == "receipt" else ""
        line = made.line(batch, receipt=receipt)
        kind = made.random.randrange(10)
        place = len(made.lines) - 1
        if kind == 0:
            made.lines[place] = replace(line, state="failed")
            continue
        row = made.pay(line, style)
        made.match(line, row)
        if kind == 1:
            made.come_back(line, row) if style != "name" else _back_by_name(made, line, row)
        elif kind < 5:
            made.lines[place] = replace(line, state="paid", debited_on=row.on)
        elif kind == 5:
            _the_same_a_month_before(made, line)


def _back_by_name(made: Month, line: Line, debit: Row) -> None:
    row = made.row(debit.on + timedelta(days=1), line.amount_fen, "", line.person, "退款")
    made.match(line, row)
    made.lines[made.lines.index(line)] = replace(line, credited_on=row.on)


def _the_same_a_month_before(made: Month, line: Line) -> None:
    """Add the grant of the month before, whose debit lies in the statement before."""
    paid = made.first - timedelta(days=made.random.randrange(5, 25))
    batch = made.batch(paid - timedelta(days=2))
    made.line(
        batch,
        line.amount_fen,
        account=line.account,
        person=line.person,
        state="paid",
        debited_on=paid,
    )


def _in_one_sum(made: Month, *, less_failed: bool, named: bool) -> None:
    """Add a batch that is debited in one sum; what failed is left out, or comes back in one."""
    batch = made.batch()
    size = made.random.randrange(5, 9)
    lines = [made.line(batch, made.fen() + 100 * 2**place) for place in range(size)]
    failed = [line for line in lines[:3] if made.random.randrange(2)] or lines[:1]
    for line in failed:
        made.lines[made.lines.index(line)] = replace(line, state="failed")
    paid = [line for line in lines if not (less_failed and line in failed)]
    memo = f"代发{made.random.choice([' ', '/'])}{batch}" if named else ""
    account = made.random.choice(["", "A-BANK"])
    row = made.row(made.soon(lines[0]), -sum(ln.amount_fen for ln in paid), account, "", memo)
    for line in paid:
        made.match(line, row)
    if not less_failed:
        back = made.row(
            row.on + timedelta(days=2), sum(ln.amount_fen for ln in failed), account, "", memo
        )
        for line in failed:
            made.match(line, back)


def _carried_over(made: Month) -> None:
    """Add lines of the month before: debited in this one, or failed and waiting for their cure."""
    batch = made.batch(made.first - timedelta(days=2))
    for _ in range(made.random.randrange(1, 4)):
        line = made.line(batch)
        made.match(line, made.pay(line, "plain", made.first + timedelta(days=1)))
    made.line(batch, state="failed")


def _couples_and_equals(made: Month) -> None:
    """Add two people of one account whom the bank names, and two equal grants of one person."""
    batch = made.batch()
    he = made.line(batch)
    she = made.line(batch, he.amount_fen, account=he.account)
    for line in (she, he):
        made.match(line, made.row(made.soon(line), -he.amount_fen, he.account, line.person, "补助"))
    one = made.line(batch)
    two = made.line(batch, one.amount_fen, account=one.account, person=one.person)
    day = made.soon(one)
    for line in sorted((one, two), key=lambda ln: ln.line):
        made.match(line, made.row(day, -one.amount_fen, one.account, "", "补助"))


def _reissued(made: Month) -> None:
    """Add a line that failed, and one that came back, each issued again and paid."""
    before = made.batch(made.first - timedelta(days=30))
    again = made.batch()
    back: dict[str, Any] = {
        "debited_on": made.first - timedelta(days=28),
        "credited_on": made.first,
    }
    for known in ({}, back):
        parent = made.line(before, state="reissued", **known)
        child = made.line(
            again,
            parent.amount_fen,
            line=f"{parent.line}-2",
            account=parent.account,
            person=parent.person,
        )
        made.match(child, made.pay(child, made.random.choice(["id", "plain", "number"])))
