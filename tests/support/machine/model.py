"""What a fund's books must come to, told a second time in plain sums over a list of vouchers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from fundledger.ledger.voucher import Draft

BANK = "Assets:Bank:Dedicated"
COVER = (BANK, "Assets:DueFrom:Bank", "Liabilities:TreasuryPayable", "Liabilities:Suspense")
FACTS = {"allocation", "donation", "interest", "bank-fee", "unknown-credit", "unknown-debit"}
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


@dataclass
class Model:
    """A fund as it ought to be; `judge` says what must be refused, `post` what must follow."""

    keeps: bool
    booked: list[Booked] = field(default_factory=list)
    undone: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)
    assertions: list[tuple[str, date, int]] = field(default_factory=list)
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
            assertions=list(self.assertions),
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

    def lowest(self, account: str, since: date) -> int:
        """Return an account's lowest end-of-day balance from a day on."""
        days = {since} | {booked.day for booked in self.booked if booked.day > since}
        return min(self.balance(account, day) for day in days)

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

    def asserted(self) -> dict[tuple[str, date], int]:
        """Return what the latest assertion for each account and day says."""
        return {(account, day): fen for account, day, fen in self.assertions}

    def voucher(self, ref: str) -> Booked | None:
        """Return a posted voucher."""
        return next((booked for booked in self.booked if booked.ref == ref), None)

    def post(self, day: date, event: str, moves: Moves, **more: bool) -> Booked:
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
        for draft in drafts:
            moves = tuple((p.account, p.signed_fen) for p in draft.postings)
            red = any(p.red for p in draft.postings)
            booked = self.post(draft.date, draft.event, moves, closing=draft.closing, red=red)
            codes |= self._period(booked, today)
            found = self._money(booked) | self._budget(booked)
            codes |= set() if draft.event in FACTS else found
            if draft.reverses is not None:
                codes |= self._reversal(booked, draft.reverses, known)
            elif draft.event == "correction":
                codes |= self._correction(booked, draft.corrects or "", known)
        self.records += 1
        return codes

    def _period(self, new: Booked, today: date) -> set[str]:
        codes = set()
        if new.ref[:7] <= self.closed_through:
            codes.add("FL307")
        if new.day < OPENED or new.day > today:
            codes.add("FL312")
        return codes

    def _money(self, new: Booked) -> set[str]:
        spent = any(name == BANK and fen < 0 for name, fen in new.moves)
        return {"FL402"} if spent and self.lowest(BANK, new.day) < 0 else set()

    def _budget(self, new: Booked) -> set[str]:
        codes = set()
        balances = self.balances()
        for name, fen in new.moves:
            kind = kind_of(name)
            if kind in {"Encumbered", "Expended"} and fen > 0:
                year, unit, category = line_of(name)
                sources = {
                    f"Equity:Budget:{year}:{kind}:{unit}:{category}"
                    for kind in ("Approved", "BroughtForward")
                }
                if int(year) != new.day.year or not sources & balances.keys():
                    codes.add("FL501")
            if kind == "Available" and fen < 0 and balances[name] < 0:
                codes.add("FL502")
            elif kind in {"Approved", "BroughtForward"}:
                if fen > 0 and balances[name] > 0:
                    codes.add("FL506")
            elif kind and kind != "Available" and fen < 0 and balances[name] < 0:
                codes.add("FL506")
        beyond = authority(balances.items()) > cover(balances.items())
        if beyond and not new.closing and authority(new.moves) > max(0, cover(new.moves)):
            codes.add("FL505")
        return codes

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

    def _correction(self, new: Booked, ref: str, known: Model) -> set[str]:
        original = known.voucher(ref)
        if original is None or original.day.year > new.day.year:
            return {"FL313"}
        if original.day.year == new.day.year:
            return set() if ref in self.undone else {"FL313"}
        roots = {name.partition(":")[0] for name, _ in new.moves}
        return {"FL313"} if new.red or roots & {"Income", "Expenses"} else set()

    def judge_close(self, month: str, today: date, *, ends_year: bool = False) -> set[str]:
        """Close a month; return the codes with which that must be refused."""
        year, number = int(month[:4]), int(month[5:])
        years = {booked.day.year for booked in self.booked}
        last = date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
        codes = set()
        if (
            month <= self.closed_through
            or any(name < month for name in self.open_months())
            or last > today
            or (number == 12 and not ends_year and year in years)
            or any(other < year for other in years - self.ended)
        ):
            codes.add("FL320")
        for (account, day), fen in self.asserted().items():
            if day.isoformat()[:7] == month and self.balance(account, day) != fen:
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
                codes |= self._period(booked, today) | self._budget(booked)
        codes |= self.judge_close(f"{year}-12", today, ends_year=True)
        self.ended.add(year)
        return codes
