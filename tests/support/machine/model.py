"""What a fund's books must come to, told a second time in plain sums over a list of vouchers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from fundledger.ledger.bodies import ReconciliationBody
from fundledger.ledger.voucher import Draft

BANK = "Assets:Bank:Dedicated"
COVER = (
    BANK,
    "Assets:Cash",
    "Assets:DueFrom:Bank",
    "Liabilities:TreasuryPayable",
    "Liabilities:Suspense",
)
ADJUSTMENT = "Equity:PriorYearAdjustment"
FACTS = {"allocation", "donation", "interest", "bank-fee", "unknown-credit", "unknown-debit"}
SOURCES = ("Approved", "BroughtForward")
OPENED = date(2025, 1, 1)
Moves = tuple[tuple[str, int], ...]


def kind_of(account: str) -> str:
    """Return the kind of a budget account, or an empty text."""
    return account.split(":")[3] if account.startswith("Equity:Budget:") else ""


def line_of(account: str) -> tuple[str, ...]:
    """Return year, unit and category of a budget account."""
    _, _, year, _, unit, category = account.split(":")
    return year, unit, category


def authority(moves: Iterable[tuple[str, int]]) -> int:
    """Return how far moves raise what lines may still spend."""
    return sum(fen for name, fen in moves if kind_of(name) in {"Available", "Encumbered"})


def cover(moves: Iterable[tuple[str, int]]) -> int:
    """Return how far moves raise the money that lines may be given."""
    due_to = "Liabilities:DueTo:Fund:"
    return sum(fen for name, fen in moves if name in COVER or name.startswith(due_to))


@dataclass(frozen=True)
class Booked:
    """One posted voucher: what the model keeps of it."""

    ref: str
    day: date
    event: str
    moves: Moves
    closing: bool = False
    red: bool = False
    corrects: str = ""

    @property
    def money(self) -> Moves:
        """What it moves beside the budget."""
        return tuple(move for move in self.moves if not kind_of(move[0]))


@dataclass(frozen=True)
class Signature:
    """A signed reconciliation that stands."""

    sequence: int
    body: ReconciliationBody


def month_end(month: str) -> date:
    """Return the last day of a month."""
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


@dataclass
class Model:
    """A fund as it ought to be; `judge` says what must be refused, `post` what must follow.

    Its rules may be `strict`: nobody posts what they made, no month closes without the bank's word.
    """

    keeps: bool
    strict: bool = False
    booked: list[Booked] = field(default_factory=list)
    undone: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)
    assertions: dict[tuple[str, date], tuple[int, int]] = field(default_factory=dict)
    signed: list[Signature] = field(default_factory=list)
    records: int = 0
    losses: int = 0

    def copy(self) -> Model:
        """Return the same state, to be changed apart."""
        return replace(
            self,
            booked=list(self.booked),
            undone=set(self.undone),
            closed=set(self.closed),
            ended=set(self.ended),
            assertions=dict(self.assertions),
            signed=list(self.signed),
        )

    def moves(self, until: date | None = None) -> list[tuple[str, int]]:
        """Return every move up to a day, or all."""
        return [m for b in self.booked if until is None or b.day <= until for m in b.moves]

    def balances(self, until: date | None = None) -> dict[str, int]:
        """Return each account's balance in fen, now or at the end of a day."""
        sums: dict[str, int] = {}
        for name, fen in self.moves(until):
            sums[name] = sums.get(name, 0) + fen
        return sums

    def balance(self, account: str, until: date | None = None) -> int:
        """Return one account's balance in fen."""
        return self.balances(until).get(account, 0)

    def lowest(self, account: str, since: date, sign: int = 1) -> int:
        """Return an account's lowest end-of-day balance from a day on, times its sign."""
        days = {since} | {booked.day for booked in self.booked if booked.day > since}
        return min(sign * self.balance(account, day) for day in days)

    def months(self) -> dict[str, int]:
        """Return how many vouchers each month holds."""
        counts: dict[str, int] = {}
        for booked in self.booked:
            month = booked.ref[:7]
            counts[month] = counts.get(month, 0) + 1
        return counts

    def open_months(self) -> list[str]:
        """Return the months with vouchers that are still open, in order."""
        return sorted(month for month in self.months() if month > self.closed_through)

    @property
    def closed_through(self) -> str:
        """The last closed month."""
        return max(self.closed, default="")

    def say(self, account: str, day: date, fen: int) -> int:
        """Assert a balance in place of what stands; return the record replaced, or 0."""
        _, replaced = self.assertions.get((account, day), (0, 0))
        self.records += 1
        self.assertions[account, day] = (fen, self.records)
        return replaced

    def off(self, account: str, day: date) -> int:
        """Return how far the books are from what stands asserted."""
        return self.stated(account, day) - self.assertions[account, day][0]

    def sign(self, body: ReconciliationBody, kept: list[Signature]) -> None:
        """Sign on top of what is kept of the signatures; the others fall."""
        self.records += 1
        self.signed = [*kept, Signature(self.records, body)]

    def signature(self, day: date) -> Signature | None:
        """Return what was signed for a day and stands."""
        return next((one for one in self.signed if one.body.date == day), None)

    def unsigned_fen(self, one: Signature) -> int:
        """Return how far the book of a signed day has moved since."""
        return self.balance(BANK, one.body.date) - one.body.booked_fen

    def unasserted(self, month: str) -> bool:
        """Whether rules that ask for the bank's word in a month have none."""
        last = month_end(month)
        days = [day for account, day in self.assertions if account == BANK]
        days += [one.body.date for one in self.signed]
        moved = any(name == BANK for b in self.booked if b.day <= last for name, _ in b.moves)
        return self.strict and moved and month not in {day.isoformat()[:7] for day in days}

    def stated(self, account: str, day: date) -> int:
        """Return what a statement would say: before the closing vouchers that empty an account."""
        emptied = account.startswith(("Income:", "Expenses:", "Equity:PriorYear")) or kind_of(
            account
        ) in {"Unallotted", "Available", "Encumbered"}
        closing = sum(
            fen
            for booked in self.booked
            if booked.event == "year-end" and booked.day == day
            for name, fen in booked.moves
            if name == account
        )
        return self.balance(account, day) - (closing if emptied else 0)

    def voucher(self, ref: str) -> Booked | None:
        """Return a posted voucher."""
        return next((booked for booked in self.booked if booked.ref == ref), None)

    def post(self, day: date, event: str, moves: Moves, **more: Any) -> Booked:  # noqa: ANN401 - flags
        """Post a voucher under the next number of its month."""
        month = day.isoformat()[:7]
        ref = f"{month}-{self.months().get(month, 0) + 1:04d}"
        booked = Booked(ref, day, event, moves, **more)
        self.booked.append(booked)
        return booked

    def judge(self, drafts: Sequence[Draft], today: date) -> set[str]:
        """Post drafts in order; return the codes with which they must be refused."""
        codes: set[str] = set()
        known = self.copy()
        new = []
        for draft in drafts:
            moves = tuple((p.account, p.signed_fen) for p in draft.postings)
            ref = draft.corrects or ""
            corrected = self.corrected(ref)
            red = any(p.red for p in draft.postings)
            booked = self.post(
                draft.date, draft.event, moves, closing=draft.closing, red=red, corrects=ref
            )
            new.append(booked)
            codes |= self._period(booked, today)
            if draft.reverses is not None:
                codes |= self._reversal(booked, draft.reverses, known)
            elif draft.event == "correction":
                codes |= self._correction(booked, known, corrected)
        codes |= self._state(new)
        self.records += 1
        return codes

    def corrected(self, ref: str) -> list[int]:
        """Return what each standing correction of a voucher moved."""
        return [
            sum(fen for _, fen in booked.money if fen > 0)
            for booked in self.booked
            if ref and booked.corrects == ref and booked.ref not in self.undone
        ]

    def _period(self, new: Booked, today: date) -> set[str]:
        codes = set()
        if new.ref[:7] <= self.closed_through:
            codes.add("FL307")
        if new.day < OPENED or new.day > today:
            codes.add("FL312")
        return codes

    def _state(self, new: Sequence[Booked]) -> set[str]:
        """Return what must be refused for what the record as a whole leaves behind."""
        balances = self.balances()
        acts = [booked for booked in new if booked.event not in FACTS]
        touched = {name for booked in acts for name, _ in booked.moves}
        up = {name for booked in new for name, fen in booked.moves if fen > 0}
        down = {name for booked in new for name, fen in booked.moves if fen < 0}
        codes = {"FL402"} if BANK in touched & down and self._below(BANK, new, 1) else set()
        for name in touched:
            sign = {"Assets": 1, "Liabilities": -1}.get(name.partition(":")[0], 0)
            if sign and name not in {BANK, "Assets:Cash"} and self._below(name, new, sign):
                codes.add("FL404")
            codes |= self._kept(name, new, balances, raised=name in up)
        for booked in new:
            early = booked.day.year + (booked.event == "budget-adopt")
            years = {int(line_of(name)[0]) for name, _ in booked.moves if kind_of(name)}
            other = years - {booked.day.year, early} and booked.event != "reversal"
            codes |= {"FL508"} if other else set()
        asked = [b for b in acts if not b.closing and not any("Expenses:" in n for n, _ in b.moves)]
        raised = sum(authority(b.moves) - cover(b.moves) for b in asked)
        if raised > 0:
            first = min(b.day for b in asked)
            days = {first} | {b.day for b in self.booked if b.day > first}
            short = [authority(self.moves(day)) - cover(self.moves(day)) for day in days]
            codes |= {"FL505"} if max(short) > 0 else set()
        return codes

    def _kept(
        self, name: str, new: Sequence[Booked], balances: Mapping[str, int], *, raised: bool
    ) -> set[str]:
        """Return the codes of a budget account left without a line, or off its side on a day."""
        kind = kind_of(name)
        codes = set()
        if kind in {"Encumbered", "Expended"} and raised:
            sources = {name.replace(f":{kind}:", f":{source}:") for source in SOURCES}
            codes |= set() if sources & balances.keys() else {"FL501"}
        if kind and self._below(name, new, -1 if kind in SOURCES else 1):
            codes.add("FL502" if kind == "Available" else "FL506")
        return codes

    def _below(self, name: str, new: Sequence[Booked], sign: int) -> bool:
        """Whether an account that the record lowers is below zero on some day after."""
        days = [b.day for b in new if any(n == name and fen * sign < 0 for n, fen in b.moves)]
        return bool(days) and self.lowest(name, min(days), sign) < 0

    def _reversal(self, new: Booked, ref: str, known: Model) -> set[str]:
        original = known.voucher(ref)
        if (
            original is None
            or original.event == "reversal"
            or original.closing
            or ref in self.undone
            or original.day.year != new.day.year
            or original.day > new.day
        ):
            return {"FL306"}
        self.undone.add(ref)
        return set()

    def _correction(self, new: Booked, known: Model, corrected: list[int]) -> set[str]:
        original = known.voucher(new.corrects)
        if original is None or original.event == "reversal" or original.closing:
            return {"FL313"}
        adjusted = sum(fen for name, fen in new.moves if name == ADJUSTMENT)
        if original.day > new.day or new.red:
            return {"FL313"}
        undone = new.corrects in self.undone
        if original.day.year == new.day.year:
            return set() if undone and not corrected and not adjusted else {"FL313"}
        roots = {name.partition(":")[0] for name, _ in new.moves}
        spent = {name.partition(":")[2] for name, _ in original.moves if name[:9] == "Expenses:"}
        lines = {":".join(line_of(name)[1:]) for name, _ in new.moves if kind_of(name)}
        moved = sum(fen for _, fen in original.money if fen > 0)
        right = (
            not undone
            and adjusted
            and not roots & {"Income", "Expenses"}
            and lines <= spent
            and abs(adjusted) + sum(corrected) <= moved
        )
        return set() if right else {"FL313"}

    def judge_close(self, month: str, today: date, *, ends_year: bool = False) -> set[str]:
        """Close a month; return the codes with which that must be refused."""
        year, number = int(month[:4]), int(month[5:])
        years = {booked.day.year for booked in self.booked}
        last = month_end(month)
        codes = {"FL328"} if self.unasserted(month) else set()
        if (
            month <= self.closed_through
            or any(name < month for name in self.open_months())
            or last >= today
            or (number == 12 and not ends_year and year in years)
            or any(other < year for other in years - self.ended)
        ):
            codes.add("FL320")
        for account, day in self.assertions:
            if day.isoformat()[:7] == month and self.off(account, day):
                codes.add("FL321")
        for one in self.signed:
            if one.body.date.isoformat()[:7] == month and self.unsigned_fen(one):
                codes.add("FL321")
        self.closed.add(month)
        self.records += 1
        return codes

    def judge_year_end(self, year: int, today: date) -> set[str]:
        """End a year; return the codes with which that must be refused."""
        last = date(year, 12, 31)
        carried: dict[str, int] = {}
        brought: dict[str, int] = {}

        def move(sums: dict[str, int], name: str, fen: int) -> None:
            sums[name] = sums.get(name, 0) + fen

        for name, fen in self.balances(last).items():
            kind = kind_of(name)
            if name.startswith(("Income:", "Expenses:", "Equity:PriorYear")):
                move(carried, name, -fen)
                move(carried, "Equity:CarriedForward", fen)
            elif kind in {"Unallotted", "Available", "Encumbered"} and line_of(name)[0] == str(
                year
            ):
                kept = kind == "Encumbered" or (kind == "Available" and self.keeps)
                move(carried, name, -fen)
                there = name.replace(f":{kind}:", ":CarriedForward:" if kept else ":Lapsed:")
                move(carried, there, fen)
                if kept:
                    move(brought, name.replace(f":{year}:", f":{year + 1}:"), fen)
                    source = f"Equity:Budget:{year + 1}:BroughtForward:" + name.split(":", 4)[4]
                    move(brought, source, -fen)
        codes: set[str] = set()
        for sums, day, event in (
            (carried, last, "year-end"),
            (brought, last + timedelta(days=1), "year-opening"),
        ):
            moves = tuple((name, fen) for name, fen in sums.items() if fen)
            if moves:
                booked = self.post(day, event, moves, closing=True)
                codes |= self._period(booked, today) | self._state([booked])
        codes |= self.judge_close(f"{year}-12", today, ends_year=True)
        self.ended.add(year)
        return codes
