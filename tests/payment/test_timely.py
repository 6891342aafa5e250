"""On time and in full: the figures are those of a reading line by line, however lists are cut."""

from __future__ import annotations

from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, run_state_machine_as_test

from fundledger.charter import Controls
from fundledger.errors import InputInvalid, Refused
from fundledger.ledger import drafts
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.paylist import LineTotal
from fundledger.ledger.batches.timely import Paid, Tally, payments_by_month, summed_tallies
from support.offices import DIBAO, ILLNESS, charter_values, draft
from support.paying import Payments, entitlement, pseudonym
from support.payouts.machine import REPEATABLE, PayoutMachine
from support.payouts.naive import lines_of
from support.payouts.timely import read

LATER = date(2026, 4, 30)
FATES = (
    "on time",
    "late",
    "failed",
    "unknown",
    "unknown after its debit",
    "unanswered",
    "unsaid",
    "returned",
    "paid again",
    "cancelled",
    "given up and listed anew",
    "withdrawn",
)
"""What may become of a line: `unsaid` is sent and neither debited nor answered."""

PAID = {"on time", "late", "unanswered", "paid again", "given up and listed anew"}
ON_TIME = {"on time", "unanswered"}
_fresh = count()


def controls(*rules: dict[str, object]) -> Controls:
    values = charter_values()["controls"]
    values["due_day"] = [{"from": "2025-01-01", "source": "示例", **rule} for rule in rules]
    return Controls.model_validate(values)


UNTIL_20TH = controls({"day": 20}, {"day": 5, "months_after": 1, "line": "CASC:MajorIllness"})


class Month:
    """A fund that pays people of some fates for March, in one batch or in several."""

    def __init__(self, root: Path, fates: list[str], cuts: int) -> None:
        """Let everybody's fate come to pass."""
        self.desk = Payments(root)
        self.desk.fund.record(
            (
                draft(drafts.allocation("District", 1_000_00)),
                draft(drafts.adoption(2026, ILLNESS, 1_000_00), event="budget-adopt"),
                draft(drafts.allotment(2026, ILLNESS, 1_000_00), event="allot"),
            )
        )
        everybody = list(enumerate(fates))
        for cut in range(cuts):
            own = everybody[cut::cuts]
            if own:
                self.pay(dict(own))

    def pay(self, fates: dict[int, str]) -> None:
        desk = self.desk
        wanted = {n: entitlement(n, 100_00 + n, line=self.line(n)) for n in fates}
        batch = desk.prepare(wanted.values())
        by_person = {line.person: line.line for line in desk.lines(batch)}
        names = {n: by_person[pseudonym("P", n)] for n in fates}

        def step(taken: str, on: str, *of: str) -> list[str]:
            """Take a step for the lines of some fates, if there are any."""
            lines = [names[n] for n, fate in fates.items() if fate in of]
            if lines and taken:
                desk.named(batch, taken, on, lines)
            return lines

        desk.step(batch, "approve", "2026-03-10")
        if len(step("withdraw", "2026-03-10", "withdrawn")) == len(fates):
            return
        desk.step(batch, "export", "2026-03-11")
        again = "paid again", "given up and listed anew", "returned", "cancelled"
        step("debit", "2026-03-20", "on time", "unanswered", "unknown after its debit", *again)
        step("debit", "2026-03-21", "late")
        said = dict.fromkeys(step("", "", "on time", "late", *again), "paid")
        said |= dict.fromkeys(step("", "", "failed"), "failed")
        said |= dict.fromkeys(step("", "", "unknown", "unknown after its debit"), "unknown")
        if said:
            desk.result(batch, "2026-03-21", said)
        step("return", "2026-03-25", *again)
        step("cancel", "2026-03-26", "cancelled", "given up and listed anew")
        if once_more := step("", "", "paid again"):
            accounts = {name: pseudonym("A", f"{name} again") for name in once_more}
            self.paid(desk.reissue(accounts, "2026-03-27"), "2026-03-28")
        anew = [wanted[n] for n, fate in fates.items() if fate == "given up and listed anew"]
        if anew:
            self.paid(desk.prepare(anew, "2026-03-27"), "2026-03-29")

    @staticmethod
    def line(person: int) -> tuple[str, str]:
        """Every third is paid out of another budget line."""
        return ILLNESS if person % 3 == 2 else DIBAO

    def paid(self, batch: str, on: str) -> None:
        desk = self.desk
        desk.step(batch, "approve", "2026-03-27")
        desk.step(batch, "export", "2026-03-27")
        desk.step(batch, "debit", on)
        desk.result(batch, on, {line.line: "paid" for line in desk.lines(batch)})

    def rows(self) -> list[Paid]:
        return payments_by_month(self.desk.fund.books(), UNTIL_20TH, LATER)


def told(rows: list[Paid]) -> dict[tuple[str, str, str], Tally]:
    return {(row.month, row.unit, row.category): row.tally for row in rows}


@given(st.lists(st.sampled_from(FATES), min_size=1, max_size=9), st.integers(2, 3))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_rates_follow_from_each_line_and_not_from_how_lists_are_cut(
    fates: list[str], cuts: int
) -> None:
    with TemporaryDirectory() as folder:
        whole = Month(Path(folder) / f"a{next(_fresh)}", fates, 1)
        split = Month(Path(folder) / f"b{next(_fresh)}", fates, cuts)
        rows = whole.rows()
        stands = lines_of(whole.desk.fund, whole.desk.fund.books()).values()

        assert told(split.rows()) == told(rows)
        assert told(rows) == read(stands, UNTIL_20TH.due_on, LATER)

    total = summed_tallies(row.tally for row in rows)
    counted = [fate for fate in fates if fate != "withdrawn"]
    dibao = [f for n, f in enumerate(fates) if n % 3 != 2]
    assert total.approved.payments == len(counted)
    assert total.paid.payments == len([fate for fate in fates if fate in PAID])
    assert total.given_up.payments == fates.count("cancelled")
    assert sum(row.tally.on_time.payments for row in rows if row.category == "Dibao") == len(
        [fate for fate in dibao if fate in ON_TIME]
    )
    for row in rows:
        shares = [share for share in (*row.tally.timely, *row.tally.full) if share is not None]
        assert all(0 <= share <= 10_000 for share in shares)
        assert (row.tally.full == (10_000, 10_000)) is (row.tally.paid == row.tally.approved)
        assert row.tally.open.payments >= 0


class TimelyMachine(PayoutMachine):
    """Clerks and a bank that err; after each step the figures are those of a naive reading."""

    @invariant()
    def on_time_and_in_full_line_by_line(self) -> None:
        stands = lines_of(self.desk.fund, self.books).values()
        rows = payments_by_month(self.books, UNTIL_20TH, self.day)

        assert told(rows) == read(stands, UNTIL_20TH.due_on, self.day)
        for row in rows:
            shares = [share for share in (*row.tally.timely, *row.tally.full) if share is not None]
            assert all(0 <= share <= 10_000 for share in shares)


def test_whatever_happens_the_figures_are_those_of_the_lines() -> None:
    run_state_machine_as_test(TimelyMachine, settings=settings(REPEATABLE, max_examples=4))


@pytest.mark.parametrize(
    ("line", "period", "due"),
    [
        ("CASC:Dibao", "2026-02", date(2026, 2, 28)),
        ("CASC:Dibao", "2024-12", None),
        ("CASC:MajorIllness", "2026-12", date(2027, 1, 10)),
        ("CASC:MajorIllness", "2025-12", date(2025, 12, 31)),
        ("CASC:Dibao", "2027-03", date(2027, 3, 15)),
    ],
)
def test_a_month_is_due_by_the_rule_of_its_line_that_holds_on_its_first_day(
    line: str, period: str, due: date | None
) -> None:
    rules = controls(
        {"day": 31, "until": "2026-12-31"},
        {"day": 15, "from": "2027-01-01"},
        {"day": 10, "months_after": 1, "line": "CASC:MajorIllness", "from": "2026-01-01"},
    )

    assert rules.due_on(line, period) == due


def test_a_month_is_rated_for_timeliness_once_its_due_day_has_passed(tmp_path: Path) -> None:
    month = Month(tmp_path, ["on time", "late", "unsaid"], 1)
    (dibao, illness) = payments_by_month(month.desk.fund.books(), UNTIL_20TH, date(2026, 3, 21))

    assert (dibao.due_on, dibao.tally.timely) == (date(2026, 3, 20), (5_000, 4_999))
    assert (illness.due_on, illness.tally.timely) == (date(2026, 4, 5), (None, None))
    assert (dibao.tally.full, illness.tally.full) == ((10_000, 10_000), (0, 0))
    on_the_day = payments_by_month(month.desk.fund.books(), UNTIL_20TH, date(2026, 3, 20))
    assert [row.tally.due.payments for row in on_the_day] == [0, 0]


def test_a_list_of_two_months_is_told_month_by_month(tmp_path: Path) -> None:
    desk = Payments(tmp_path)
    people = [entitlement(1, 100_00), entitlement(1, 200_00, "2026-02"), entitlement(2, 300_00)]
    batch, _ = desk.sent(people)
    desk.step(batch, "debit", "2026-03-12")
    rows = payments_by_month(desk.fund.books(), UNTIL_20TH, LATER)

    assert [(row.month, row.tally.paid, row.tally.timely) for row in rows] == [
        ("2026-02", LineTotal(1, 200_00), (0, 0)),
        ("2026-03", LineTotal(2, 400_00), (10_000, 10_000)),
    ]


def test_a_fund_tells_by_its_own_rules_and_by_today(tmp_path: Path) -> None:
    desk = Payments(tmp_path)
    desk.sent([entitlement(1)])

    (row,) = desk.fund.timeliness()
    assert (row.due_on, row.tally.approved, row.tally.timely) == (
        None,
        LineTotal(1, 500_00),
        (None, None),
    )
    with pytest.raises(InputInvalid) as invalid:
        desk.fund.timeliness("2026-03-31")  # type: ignore[arg-type]
    assert invalid.value.codes == ("FL909",)


def test_no_list_is_read_where_totals_say_it_all_and_one_that_is_needed_and_gone_is_told(
    tmp_path: Path,
) -> None:
    desk = Payments(tmp_path)
    batch, (line, *_) = desk.sent([entitlement(1), entitlement(2)])
    desk.step(batch, "debit", "2026-03-12")
    books = desk.fund.books()
    path = tmp_path / "dibao" / "lists" / f"{desk.batch(batch).list}.csv"
    data = path.read_bytes()
    path.unlink()
    assert [row.tally.paid.payments for row in payments_by_month(books, UNTIL_20TH, LATER)] == [2]

    path.write_bytes(data)
    desk.result(batch, "2026-03-12", {line: "paid"})
    desk.named(batch, "return", "2026-03-13", [line])
    desk.step(
        batch, "cancel", "2026-03-14", [Outcome(line, "cancel", "2026-03-14", 500_00, "INEL")]
    )
    path.unlink()
    with pytest.raises(Refused) as refused:
        desk.fund.timeliness()
    assert refused.value.codes == ("FL751",)
