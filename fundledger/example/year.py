"""What a fund does every year: its budget, its money, its interest and its closings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import fundledger
from fundledger.example.desk import (
    AFTER,
    ALLOTMENT,
    BUDGET,
    CLOSING,
    MONEY,
    YUAN,
    Act,
    Desk,
    Want,
    up_to,
)
from fundledger.example.payments import MONTHS, Payment
from fundledger.example.plan import Calendar, FundPlan
from fundledger.example.spending import Spending
from fundledger.ledger import chart, drafts

if TYPE_CHECKING:
    from fundledger.charter import Fund
    from fundledger.example.statements import Bank
    from fundledger.ledger.drafts import Line

_SPARE_FEN = 5_000 * YUAN
_CUSHION_FEN = 2_000 * YUAN
_QUARTER_ENDS = (3, 6, 9, 12)
_INTEREST_DAY = 21
_SURRENDER_DAY = 12


@dataclass(frozen=True, slots=True)
class Year:
    """One year of one fund: all that its ordinary acts follow from."""

    number: int
    plan: FundPlan
    fund: Fund
    calendar: Calendar
    payments: Sequence[Payment]
    wants: Sequence[Want]
    approval_from_fen: int
    bank: Bank

    def acts(self) -> Iterator[Act]:
        """Yield every ordinary act of the year, in no order."""
        working = self.calendar.in_month
        if self.plan.opening_fen and self.number == self.fund.opened.year:
            yield Act(working(self.number, 1, 1), BUDGET, self._open)
        yield Act(date(self.number, 1, 6), BUDGET, self._adopt)
        if self.fund.carry_over == "lapse" and self.number > self.fund.opened.year:
            yield Act(date(self.number, 1, 6), AFTER, self._give_back)
        starts = self._starts()
        ends = [*map(self.calendar.next_after, starts[1:]), date(self.number + 1, 1, 1)]
        for start, end in zip(starts, ends, strict=True):
            yield from self._period(start, end)
        yield from Spending(
            self.number, self.plan.id, self.calendar, self.payments, self.approval_from_fen
        ).acts()
        yield from self._interest()
        yield from self._closings()

    def _starts(self) -> list[date]:
        """Return the days on which money comes."""
        months = [m for m in MONTHS if (m - 1) % self.plan.every_months == 0]
        later = (self.calendar.in_month(self.number, month, 3) for month in months[1:])
        return [date(self.number, 1, 7), *later]

    def _open(self, desk: Desk, day: date) -> None:
        fen = self.plan.opening_fen
        line = self.plan.lines[0].line
        kept_fen = fen // 2
        desk.simple(
            day,
            "opening",
            f"{self.number}年期初建账，专户余额转入",
            fundledger.debit(chart.BANK, fen=fen),
            fundledger.credit(chart.CARRIED_FORWARD, fen=fen),
            fundledger.debit(drafts.budget_account(self.number, "Available", line), fen=kept_fen),
            fundledger.credit(
                drafts.budget_account(self.number, "BroughtForward", line), fen=kept_fen
            ),
            attachments=3,
            documented=True,
        )

    def approved_fen(self, line: Line) -> int:
        """Return the first budget of a line: its payments, a little more, in whole 1,000 yuan."""
        paid_fen = sum(p.amount_fen for p in self.payments if p.line == line)
        wants = [want for want in self.wants if want.line == line and want.day.year == self.number]
        wanted_fen = sum(want.amount_fen for want in wants)
        first_fen = sum(want.budget_fen for want in wants)
        if not paid_fen + wanted_fen:
            return 0
        full_fen = paid_fen * 103 // 100 + wanted_fen + 2 * _CUSHION_FEN + first_fen
        return up_to(full_fen, 1_000 * YUAN)

    def _adopt(self, desk: Desk, day: date) -> None:
        postings = [
            posting
            for plan in self.plan.lines
            if (fen := self.approved_fen(plan.line))
            for posting in drafts.adoption(self.number, plan.line, fen)
        ]
        desk.simple(
            day,
            "budget-adopt",
            f"下达{self.number}年度救助资金预算",
            *postings,
            attachments=2,
            approval=f"联席会议纪要〔{self.number}〕1号",
            documented=True,
        )

    def _give_back(self, desk: Desk, day: date) -> None:
        """Hand what lapsed at the year's end back to the treasury."""
        fen = desk.free_fen(self.number)
        if fen > 0:
            desk.simple(
                day,
                "surrender",
                f"上缴{self.number - 1}年度结余资金",
                fundledger.debit(chart.CARRIED_FORWARD, fen=fen),
                fundledger.credit(chart.BANK, fen=fen),
                attachments=2,
                approval=f"例区财社〔{self.number}〕6号",
            )

    def _period(self, start: date, end: date) -> Iterator[Act]:
        """Yield the coming of money and its allotment the day after, until the next time."""
        allots = self.calendar.next_after(start)
        needs = self._needs(allots, end)
        meanwhile = sum(self._taken(start, allots).values())

        def short(desk: Desk) -> Mapping[Line, int]:
            shorts = {}
            for line, fen in needs.items():
                missing_fen = max(0, fen - desk.available_fen(self.number, line))
                given_fen = min(missing_fen, desk.unallotted_fen(self.number, line))
                if given_fen:
                    shorts[line] = given_fen
            return shorts

        def money(desk: Desk, day: date) -> None:
            wanted_fen = sum(short(desk).values()) + meanwhile + _SPARE_FEN
            missing_fen = wanted_fen - desk.free_fen(self.number)
            if missing_fen > 0:
                self._receive(desk, day, missing_fen)

        def allot(desk: Desk, day: date) -> None:
            postings = [
                posting
                for line, fen in short(desk).items()
                for posting in drafts.allotment(self.number, line, fen)
            ]
            if postings:
                months = f"{start.month}月" if self.plan.every_months == 1 else f"{start.month}月起"
                desk.simple(day, "allot", f"分配{self.number}年{months}用款指标", *postings)

        yield Act(start, MONEY, money)
        yield Act(allots, ALLOTMENT, allot)

    def _taken(self, start: date, end: date) -> dict[Line, int]:
        """Return what each line takes from one day until before another."""
        taken: dict[Line, int] = {}
        items: tuple[Payment | Want, ...] = (*self.payments, *self.wants)
        for item in items:
            if start <= item.day < end:
                taken[item.line] = taken.get(item.line, 0) + item.amount_fen
        return taken

    def _needs(self, start: date, end: date) -> dict[Line, int]:
        """Return what each line is to have available for a time: a little more than it takes."""
        taken = self._taken(start, end)
        return {line: up_to(fen * 102 // 100 + _CUSHION_FEN, YUAN) for line, fen in taken.items()}

    def _receive(self, desk: Desk, day: date, fen: int) -> None:
        """Record an appropriation, in whole thousands, from each source its share."""
        rest_fen = whole_fen = up_to(fen, 1_000 * YUAN)
        names = {source.slug: source.zh for source in self.fund.sources}
        many = []
        for slug, share in self.plan.shares.items():
            last = slug == list(self.plan.shares)[-1]
            part_fen = rest_fen if last else up_to(whole_fen * share // 100, YUAN)
            rest_fen -= part_fen
            if part_fen:
                words = f"{day.year}年{day.month}月{names[slug]}拨款到账"
                many.append(
                    desk.draft(
                        day,
                        "allocation",
                        words,
                        drafts.allocation(slug, part_fen),
                        attachments=2,
                        documented=True,
                    )
                )
        desk.record(*many)

    def _interest(self) -> Iterator[Act]:
        policy = self.fund.interest

        def credited(desk: Desk, day: date) -> None:
            fen = desk.tally[chart.BANK] * 45 // 40_000
            words = f"{day.year}年{day.month}月专户结息"
            desk.simple(day, "interest", words, *drafts.interest(fen, policy))

        def surrendered(desk: Desk, day: date) -> None:
            fen = -desk.tally[chart.TREASURY_PAYABLE]
            if fen > 0:
                words = "上缴专户利息"
                desk.simple(day, "surrender", words, *drafts.surrender(fen), attachments=2)

        for month in _QUARTER_ENDS:
            day = self.calendar.from_day(date(self.number, month, _INTEREST_DAY))
            yield Act(day, AFTER, credited)
            if policy == "remit":
                after = date(self.number + month // 12, month % 12 + 1, _SURRENDER_DAY)
                yield Act(self.calendar.from_day(after), MONEY, surrendered)

    def _closings(self) -> Iterator[Act]:
        """Yield the bank's balance of each month and its closing, in the next month."""
        for month in MONTHS:
            last = date(self.number + month // 12, month % 12 + 1, 1) - timedelta(days=1)

            def asserted(desk: Desk, day: date, last: date = last) -> None:
                desk.reconcile_bank(last, day, self.bank)

            def closed(desk: Desk, day: date, last: date = last) -> None:
                desk.close(last.isoformat()[:7], day)

            def ended(desk: Desk, day: date) -> None:
                desk.end_year(self.number, day)

            if month == MONTHS[-1]:
                first = self.calendar.next_after(last)
                yield Act(first, CLOSING, asserted)
                yield Act(first, CLOSING, ended)
            else:
                yield Act(self.calendar.next_after(last, 3), CLOSING, asserted)
                yield Act(self.calendar.next_after(last, 5), CLOSING, closed)
