"""Two years of a small office that pays people, one act after another as chance has it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from fundledger.errors import FundledgerError
from fundledger.ledger import drafts
from fundledger.ledger.batches.outcomes import Outcome
from fundledger.ledger.batches.states import STEPS
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.ledger.voucher import Posting, Voucher, credit, debit
from fundledger.office import Office
from support.budgets import RULES, voucher
from support.offices import DIBAO, ILLNESS, Clock, numbered_keys
from support.paying import Given, Payments, entitlement

FUND = "dibao"
BEGINS = date(2025, 9, 1)
Act = tuple[str, int, int]
"""The name of an act and two numbers, by which it chooses among what there is."""

NAMED_STEPS = (
    *("debit", "credit-back", "return", "take-back", "cancel", "unclaimed", "claim-back"),
    *("recover", "write-off", "undo-debit", "undo-credit-back", "undo-return", "withdraw"),
)
ACTS = (
    "list",
    "wait",
    "list",
    "send",
    "answer",
    "step",
    "step",
    "step",
    "again",
    "give",
    "settle",
    "return-advance",
    "pay",
    "set-aside",
    "free",
    "pay-from-set-aside",
    "undo",
    "correct",
)
_ACTORS = {"export": "S06", "remit": "S08", "write-off": "S08"}


def small_rules(root: Path, pattern: str) -> Path:
    """Write rules with one fund of two lines, both of this pattern; returns their folder."""
    rules = root / "rules"
    shutil.copytree(RULES, rules, ignore=shutil.ignore_patterns("needs"))
    funds = (rules / "funds.toml").read_text(encoding="utf-8")
    funds = funds.partition('[[fund]]\nid = "tekun"')[0]
    own = '  { unit = "CASC", category = "Dibao", from = 2025-01-01 },\n'
    funds = funds.replace(own, own + own.replace("Dibao", "MajorIllness"))
    (rules / "funds.toml").write_text(funds, encoding="utf-8")
    budget = (rules / "budget.toml").read_text(encoding="utf-8")
    budget = budget.partition("# What a line takes until the end")[0]
    budget = re.sub(r"(event_least_months\]\nvalue = )12", r"\g<1>3", budget)
    for line in (DIBAO, ILLNESS):
        named = (
            rf'(unit = "{line[0]}"\ncategory = "{line[1]}"\n)pattern = "\w+"\n(rate = "dibao"\n)?'
        )
        budget, found = re.subn(named, rf"\g<1>{pattern}\n", budget)
        assert found == 1
    (rules / "budget.toml").write_text(budget, encoding="utf-8")
    return rules


class PaidYears(Payments):
    """A fund of an office on small rules, from September 2025 on; acts that are refused are not."""

    def __init__(self, root: Path, pattern: str) -> None:
        """Open the office in `root` with money and budget for both lines."""
        small_rules(root, pattern)
        self.clock = Clock(datetime(2027, 3, 1, 9, 0, tzinfo=SHANGHAI))
        self.office = Office(root, Surroundings(self.clock, numbered_keys()))
        self.fund = self.office.fund(FUND)
        self.today = BEGINS
        self.people = 0
        self.grant()
        self._list(0, 4)

    def grant(self) -> None:
        """Have money, and the budget of a year allotted to both lines: less in the second."""
        year = self.today.year
        fen = 60_000_00 if year == BEGINS.year else 12_000_00
        given = [voucher(drafts.allocation("District", 2 * fen), self.today, "allocation")]
        for line in (DIBAO, ILLNESS):
            given += [
                voucher(drafts.adoption(year, line, fen), self.today, "budget-adopt"),
                voucher(drafts.allotment(year, line, fen - 1_000_00), self.today, "allot"),
            ]
        self.fund.record(given)

    def end_year(self) -> None:
        """End the year and begin the next one, in its first days."""
        year = self.today.year
        for month in sorted(month for month, _ in self.fund.books().months.rows()):
            if month < f"{year}-12":
                self.fund.close(month, actor="S07")
        self.fund.close_year(year, actor="S07", maker="S03", reviewer="S01")
        self.today = date(year + 1, 1, 5)
        self.grant()

    def step(
        self, batch: str, step: str, on: str, outcomes: Sequence[Outcome] = (), **more: Given
    ) -> Given:
        """Take a step, by the posts of the example's rules."""
        actor = _ACTORS.get(step, "S03" if STEPS[step].fact or STEPS[step].grounds else "S08")
        given = {"actor": actor, "cashier": "S06", **more}
        return super().step(batch, step, on, outcomes, **given)

    def take(self, acts: Sequence[Act]) -> None:
        """Take acts one after another; one that cannot be, or is refused, changes nothing."""
        for name, first, second in acts:
            try:
                getattr(self, f"_{name.replace('-', '_')}")(first, second)
            except FundledgerError:
                continue

    # What is paid by lists.

    def _list(self, first: int, second: int) -> None:
        month = self.today - timedelta(days=30 * (first % 3 == 2))
        some = [
            entitlement(
                person,
                (second % 7 + 1 + person) * 100_00,
                f"{month:%Y-%m}",
                ILLNESS if first % 4 == 3 else DIBAO,
            )
            for person in range(self.people, self.people + second % 3 + 1)
        ]
        self.people = (self.people + 2) % 5
        batch = self.prepare(some, f"{self.today}")
        if second % 5:
            self.step(batch, "approve", f"{self.today}")
        if second % 5 > 1:
            self.step(batch, "export", f"{self.today}")
        if second % 5 > 2:
            self.step(batch, "debit", f"{self.today}")
        if second % 5 > 3:
            said = {line.line: "paid" for line in self.lines(batch)}
            self.result(batch, f"{self.today}", said)

    def _chosen(self, at: int) -> str:
        batches = [batch.id for batch in self.batches()]
        return batches[-1 - at % len(batches)]

    def _send(self, first: int, second: int) -> None:
        batch = self._chosen(first)
        for step in ("approve", "export", "debit", "refuse", "reject")[: second % 6]:
            try:
                self.step(batch, step, f"{self.today}")
            except FundledgerError:
                continue

    def _answer(self, first: int, second: int) -> None:
        batch = self._chosen(first)
        words = ("paid", "failed", "paid", "unknown", "failed")
        lines = [line.line for line in self.lines(batch)]
        said = {line: words[(second + at) % 5] for at, line in enumerate(lines)}
        self.result(batch, f"{self.today}", said)

    def _step(self, first: int, second: int) -> None:
        """Take a step on those lines of a batch that bear it, or only the first of them."""
        batch = self.batch(self._chosen(first))
        lines = self.lines(batch.id)
        bearing = [
            (name, [one for one in lines if STEPS[name].takes(batch.standing(one.line))])
            for name in NAMED_STEPS
        ]
        possible = [(name, taken) for name, taken in bearing if taken]
        if not possible:
            return
        name, taken = possible[second % len(possible)]
        if second % 3 == 0:
            taken = taken[:1]
        facts = [
            Outcome(
                one.line,
                name,
                f"{self.today}",
                self._amount(name, one.amount_fen, batch.standing(one.line), second),
                "MD07" if name in {"cancel", "unclaimed"} else "",
            )
            for one in taken
        ]
        self.step(batch.id, name, f"{self.today}", facts)

    @staticmethod
    def _amount(name: str, whole_fen: int, standing: Given, second: int) -> int:
        left: int = standing.claimed_fen - standing.settled_fen
        if name == "claim-back":
            unclaimed_fen: int = whole_fen - standing.claimed_fen
            return max(1, unclaimed_fen // (second % 2 + 1))
        if name == "recover":
            return max(1, left // (second % 2 + 1))
        return left if name == "write-off" else whole_fen

    def _again(self, first: int, second: int) -> None:
        batch = self.batch(self._chosen(first))
        back = [
            line.line
            for line in self.lines(batch.id)
            if batch.standing(line.line).may_be_paid_again
        ]
        accounts = {line: entitlement(90 + at).account for at, line in enumerate(back)}
        again = self.reissue(accounts, f"{self.today}")
        for step in ("approve", "export", "debit")[: second % 4]:
            self.step(again, step, f"{self.today}")

    # What is paid beside them.

    def _given(self, postings: tuple[Posting, ...], event: str, corrects: str = "") -> str:
        made = voucher(postings, self.today, event)
        return self.fund.record(replace(made, corrects=corrects or None)).refs[0]

    def _pay(self, first: int, second: int) -> None:
        line = (DIBAO, ILLNESS)[first % 2]
        self._given(drafts.expense(self.today.year, line, (second + 1) * 50_00), "expense")

    def _give(self, first: int, second: int) -> None:
        line = (DIBAO, ILLNESS)[first % 2]
        self._given(drafts.advance(self.today.year, line, (second + 1) * 40_00), "advance")

    def _found(self, event: str, at: int) -> tuple[Voucher, tuple[str, str], int]:
        some = [one for one in self.fund.vouchers() if one.event == event]
        one = some[at % len(some)] if some else next(iter(self.fund.vouchers()))
        accounts = [posting.account.split(":") for posting in one.postings]
        line = next(((n[4], n[5]) for n in accounts if n[1] == "Budget"), DIBAO)
        return one, line, max((posting.signed_fen for posting in one.postings), default=0)

    def _settle(self, first: int, second: int) -> None:
        one, line, fen = self._found("advance", first)
        made = drafts.advance_settled(self.today.year, line, max(1, fen // (second % 3 + 1)))
        self._given(made, "advance-settle", one.ref)

    def _return_advance(self, first: int, second: int) -> None:
        one, line, fen = self._found("advance", first)
        made = drafts.advance_returned(self.today.year, line, max(1, fen // (second % 3 + 1)))
        self._given(made, "advance-return", one.ref)

    def _set_aside(self, first: int, second: int) -> None:
        line = (DIBAO, ILLNESS)[first % 2]
        self._given(drafts.encumbrance(self.today.year, line, (second + 1) * 30_00), "encumber")

    def _free(self, first: int, second: int) -> None:
        line = (DIBAO, ILLNESS)[first % 2]
        self._given(drafts.release(self.today.year, line, (second + 1) * 20_00), "release")

    def _pay_from_set_aside(self, first: int, second: int) -> None:
        line, fen = (DIBAO, ILLNESS)[first % 2], (second + 1) * 20_00
        money = drafts.expense(self.today.year, line, fen)[:2]
        to, by = (
            drafts.budget_account(self.today.year, kind, line)
            for kind in ("Expended", "Encumbered")
        )
        self._given((*money, debit(to, fen), credit(by, fen)), "expense")

    def _undo(self, first: int, second: int) -> None:
        events = ("expense", "advance", "encumber", "release", "advance-settle", "advance-return")
        one, _, _ = self._found(events[second % len(events)], first)
        self.fund.record(drafts.reversal(one, self.today, "S03", "S01"))

    def _correct(self, first: int, second: int) -> None:
        one, line, _ = self._found("expense", first)
        right = voucher(
            drafts.expense(self.today.year, line, (second + 1) * 10_00), self.today, "correction"
        )
        red = drafts.reversal(one, self.today, "S03", "S01")
        self.fund.record((red, replace(right, corrects=one.ref)))

    def _wait(self, first: int, second: int) -> None:
        last = date(self.today.year, 12, 30)
        self.today += timedelta(
            days=min(9 * (first % 6) + second % 9 + 1, (last - self.today).days)
        )
