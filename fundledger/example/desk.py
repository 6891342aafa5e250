"""The accounting desk of one fund: it records what happens, day by day, and keeps its own tally."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import fundledger
from fundledger.ledger import chart, drafts
from fundledger.ledger.surroundings import SHANGHAI
from fundledger.ledger.voucher import BUDGET_ROOT
from fundledger.reconcile import sign, try_out

if TYPE_CHECKING:
    from fundledger.charter import Staff
    from fundledger.example.statements import Bank
    from fundledger.ledger.drafts import Line

YUAN = 100
CLOSING, BUDGET, MONEY, ALLOTMENT, STORY, PAYMENT, AFTER = range(7)
_MORNING = time(9, 0)
_MINUTES = 4
_MOVES = frozenset({"debit", "credit-back", "return", "take-back", "recover", "remit"})
_POSTS = {
    **dict.fromkeys(("approve", "reject", "withdraw", "cancel", "unclaimed"), "approver"),
    **dict.fromkeys(("claim-back", "remit", "write-off"), "approver"),
    "export": "cashier",
}
"""Who takes a step, where it is not the maker."""

_COVER = frozenset(
    {
        *(chart.BANK, chart.DUE_FROM_BANK, chart.ADVANCE),
        *(chart.TREASURY_PAYABLE, chart.LIABILITY_SUSPENSE),
    }
)


class Clock:
    """A clock that stands where the desk's day puts it."""

    def __init__(self) -> None:
        """Stand at the beginning; `begin` sets the first day."""
        self.now = datetime(2000, 1, 1, tzinfo=SHANGHAI)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def on(self, day: date) -> None:
        """Go to the next time at which something is recorded on `day`."""
        if self.now.date() == day:
            self.now += timedelta(minutes=_MINUTES)
        else:
            self.now = datetime.combine(day, _MORNING, SHANGHAI)


@dataclass(frozen=True, slots=True)
class Crew:
    """Who signs for a fund, by staff codes."""

    maker: str
    reviewer: str
    poster: str
    cashier: str
    chief: str
    auditor: str
    approver: str


def crew_of(staff: Sequence[Staff], number: int) -> Crew:
    """Return the staff of each role; where a role has several, `number` takes turns."""

    def holder(role: str) -> str:
        codes = [member.code for member in staff if any(r.role == role for r in member.roles)]
        return codes[number % len(codes)]

    return Crew(
        *map(holder, ("maker", "reviewer", "poster", "cashier", "chief", "auditor", "approver")),
    )


@dataclass(slots=True)
class Desk:
    """One fund's desk; `tally` sums what was recorded by account, in fen, apart from the books."""

    fund: fundledger.Fund
    crew: Crew
    clock: Clock
    refs: dict[str, str] = field(default_factory=dict)
    tally: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    papers: int = 0
    lists: Counter[str] = field(default_factory=Counter)

    def draft(  # noqa: PLR0913 - a voucher has so many fields
        self,
        day: date,
        event: str,
        narration: str,
        postings: Sequence[fundledger.Posting],
        *,
        attachments: int = 1,
        approval: str | None = None,
        links: tuple[str, ...] = (),
        documented: bool = False,
        paid_by: str = "",
    ) -> fundledger.Draft:
        """Return a draft with everybody's signature; the cashier signs what moves the account.

        `paid_by` is the label of the voucher that it rests on, such as the payment of a claim.
        """
        documents = (self._paper(day),) if documented else ()
        moves = any(posting.account == chart.BANK for posting in postings)
        return fundledger.Draft(
            date=day,
            narration=narration,
            event=event,
            postings=postings,
            maker=self.crew.maker,
            reviewer=self.crew.reviewer,
            poster=self.crew.poster,
            cashier=self.crew.cashier if moves else None,
            attachments=attachments,
            approval=approval,
            links=links,
            documents=documents,
            corrects=self.refs[paid_by] if paid_by else None,
        )

    def record(self, *many: fundledger.Draft, label: str = "") -> None:
        """Record drafts as one record, on the day of the first; `label` remembers its voucher."""
        self.clock.on(many[0].date)
        self._took(self.fund.record(many), label)

    def simple(self, day: date, event: str, narration: str, *sides: Any, **more: Any) -> None:  # noqa: ANN401 - as `draft`
        """Record one voucher."""
        self.record(self.draft(day, event, narration, sides, **more))

    def reverse(self, label: str, day: date) -> None:
        """Record the red-ink copy of a remembered voucher."""
        self.clock.on(day)
        crew = self.crew
        ref = self.refs[label]
        self._took(self.fund.reverse(ref, on=day, maker=crew.maker, reviewer=crew.reviewer))

    def correct(self, label: str, draft: fundledger.Draft) -> None:
        """Record what corrects a remembered voucher."""
        self.clock.on(draft.date)
        self._took(self.fund.correct(self.refs[label], draft))

    def prepare(self, wanted: Sequence[fundledger.Entitlement], day: date) -> str:
        """Record a payment list to be reviewed; return the id of its batch."""
        self.clock.on(day)
        self.fund.prepare_batch(wanted, on=day, actor=self.crew.maker, document=self._paper(day))
        return self._next_batch(day)

    def prepare_again(self, accounts: Mapping[str, str], day: date, *, reconfirmed: bool) -> str:
        """Record a list of what is paid once more; return the id of its batch."""
        self.clock.on(day)
        self.fund.prepare_reissue(
            accounts,
            on=day,
            actor=self.crew.maker,
            document=self._paper(day),
            reconfirmed=reconfirmed,
        )
        return self._next_batch(day)

    def _next_batch(self, day: date) -> str:
        """Return the id of the next batch, by the own count: the books are not asked for it."""
        month = day.isoformat()[:7]
        self.lists[month] += 1
        return f"B{month}-{self.lists[month]:03d}"

    def advance(
        self, batch: str, step: str, day: date, outcomes: Sequence[fundledger.Outcome] = ()
    ) -> None:
        """Record a step of a batch, by whose post it is."""
        self.clock.on(day)
        crew = self.crew
        act = fundledger.BatchAct(
            batch=batch,
            step=step,
            on=day,
            actor=getattr(crew, _POSTS.get(step, "maker")),
            maker=crew.maker,
            reviewer=crew.reviewer,
            poster=crew.poster,
            cashier=crew.cashier if step in _MOVES else None,
            outcomes=outcomes,
            document=self._paper(day),
            approval=f"例街救审〔{day.year}〕{batch}号",
            attachments=2,
        )
        self._took(self.fund.advance_batch(act))

    def _paper(self, day: date) -> str:
        """Return the digest of a paper that nobody has seen."""
        self.papers += 1
        text = f"{self.fund.id} {day.isoformat()} {self.papers}"
        return hashlib.sha256(text.encode()).hexdigest()

    def assert_bank(self, on: date, day: date) -> None:
        """Record on `day` what the bank's statement said at the end of `on`, by the own tally."""
        self.clock.on(day)
        self.fund.assert_balance(chart.BANK, on, self.bank_at(on), actor=self.crew.auditor)

    def reconcile_bank(self, on: date, day: date, bank: Bank) -> None:
        """Sign on `day` the reconciliation of the month that ended `on`, or assert its balance."""
        statement = bank.statement(self.fund, on)
        if statement is None:
            self.assert_bank(on, day)
            return
        self.clock.on(day)
        trial = try_out(self.fund, [statement], known=bank.known)
        sign(self.fund, trial, actor=self.crew.reviewer)

    def close(self, month: str, day: date) -> None:
        """Close a month."""
        self.clock.on(day)
        self.fund.close(month, actor=self.crew.chief)

    def end_year(self, year: int, day: date) -> None:
        """End a year."""
        self.clock.on(day)
        crew = self.crew
        self._took(
            self.fund.close_year(year, actor=crew.chief, maker=crew.maker, reviewer=crew.reviewer)
        )

    def _took(self, receipt: fundledger.Receipt, label: str = "") -> None:
        if label:
            self.refs[label] = receipt.refs[0]
        for voucher in self.fund.recorded(receipt):
            for posting in voucher.postings:
                self.tally[posting.account] += posting.signed_fen
                if posting.account == chart.BANK:
                    self.tally[f"{chart.BANK} {voucher.month}"] += posting.signed_fen

    def bank_at(self, on: date) -> int:
        """Return the account's balance at the end of a month, from the own tally."""
        month = f"{on.isoformat()[:7]}"
        prefix = f"{chart.BANK} "
        return sum(
            fen
            for name, fen in self.tally.items()
            if name.startswith(prefix) and name.removeprefix(prefix) <= month
        )

    def available_fen(self, year: int, line: Line) -> int:
        """Return what a line may still spend."""
        return self.tally[drafts.budget_account(year, "Available", line)]

    def unallotted_fen(self, year: int, line: Line) -> int:
        """Return what of a line's budget has no money yet."""
        return self.tally[drafts.budget_account(year, "Unallotted", line)]

    def free_fen(self, year: int) -> int:
        """Return the money that no line's authority claims yet."""
        authority = (f"{BUDGET_ROOT}{year}:Available:", f"{BUDGET_ROOT}{year}:Encumbered:")
        free_fen = 0
        for name, fen in self.tally.items():
            if name in _COVER or name.startswith(chart.DUE_TO_FUND):
                free_fen += fen
            elif name.startswith(authority):
                free_fen -= fen
        return free_fen


@dataclass(frozen=True, slots=True)
class Act:
    """Something done at a desk on a day; within a day the lower `step` comes first."""

    day: date
    step: int
    do: Callable[[Desk, date], None]


@dataclass(frozen=True, slots=True)
class Want:
    """What a line needs on a day beside its payments, and how its first budget differs; fen."""

    day: date
    line: Line
    amount_fen: int
    budget_fen: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """Acts on days that are told, and what they take from a line."""

    acts: Sequence[Act]
    wants: Sequence[Want] = ()


def up_to(fen: int, unit_fen: int) -> int:
    """Return an amount rounded up to whole units."""
    return -(-fen // unit_fen) * unit_fen
