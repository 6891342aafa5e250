"""What a bank says of one payment, read cell by cell; what is wrong names the cell alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from fundledger.bank.cells import account_of, amount_fen, day_and_time
from fundledger.bankfile.answer import AnswerRow, Spot
from fundledger.bankfile.profile import FIXED, InField, Outcome, Reason, ReasonWords, ResultLayout
from fundledger.findings import Finding, Severity
from fundledger.tables.tabular import plain

if TYPE_CHECKING:
    from fundledger.bank.tables import Cell

_LINE = re.compile(r"(?<![A-Z0-9])L-[A-Z2-7]{12}(?:-[1-9]\d?)?(?![A-Z0-9-])", re.ASCII)
_WHOLE = re.compile(r"\d{1,15}", re.ASCII)
_LEAST = 3
_COUNT = re.compile(r"0*(\d{1,7})", re.ASCII)
_MASKED = re.compile(r"\d+\*+\d+", re.ASCII)


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """What the bank says of one payment; `places` are where it says it, by field.

    `amount_fen` is what was to be paid and `paid_fen` what was, where the answer has them.
    """

    row: int
    place: str
    places: Mapping[str, str]
    outcome: Outcome
    line: str | None = None
    account: str | None = None
    name: str = ""
    amount_fen: int | None = None
    paid_fen: int | None = None
    on: date | None = None
    reason: Reason | None = None
    text: str = ""

    def where(self, name: str) -> str:
        """Return where a field stands, or the row where it has no place of its own."""
        return self.places.get(name, self.place)

    def __repr__(self) -> str:
        return f"Said({self.place}, {self.outcome})"


@dataclass(slots=True)
class Reading:
    """One row being read; what is wrong or doubtful is noted, each at its cell."""

    row: AnswerRow
    layout: ResultLayout
    on: date
    known: frozenset[str]
    day: date | None = None
    findings: list[Finding] = field(default_factory=list)

    def said(self) -> Said | None:
        """Return what the row says, or None with what is wrong noted."""
        line, account = self._line(), self._account()
        name = _written(self._cell("name")).strip()
        amount, paid = self._amount("amount"), self._amount("paid")
        outcome = self._outcome(paid)
        on = self._day(outcome)
        reason, text = self._reason() if outcome == "failed" else (None, "")
        if outcome is None or any(f.severity is Severity.ERROR for f in self.findings):
            return None
        places = {name: spot.place for name, spot in self.row.spots.items()}
        return Said(
            self.row.number, self.row.place, places, outcome, line, account, name, amount, paid, on,
            reason, text,
        )  # fmt: skip

    def note(self, code: str, name: InField, **details: object) -> None:
        """Note that a cell is wrong, or the row where there is no such cell."""
        spot = self.row.spots.get(name)
        place = self.row.place if spot is None else spot.place
        self.findings.append(Finding(code, place, details))

    def _cell(self, name: InField) -> Cell:
        spot = self.row.spots.get(name)
        return "" if spot is None else spot.cell

    def _line(self) -> str | None:
        if "line" not in self.row.spots:
            return None
        cell = self._cell("line")
        if isinstance(cell, str):
            found = {cell} if cell in self.known else set(_LINE.findall(cell))
            if len(found) == 1:
                return found.pop()
        self.note("FL774", "line", reason="missing")
        return None

    def _account(self) -> str | None:
        cell = self._cell("account")
        if cell == "":
            return None
        if not isinstance(cell, str):
            self.note("FL781", "account", reason="figure")
            return None
        try:
            return account_of(cell)
        except ValueError:
            self.note("FL781", "account", reason="none")
            return None

    def _amount(self, name: InField) -> int | None:
        """Return an amount from zero on in fen, or None for an empty cell of what was paid."""
        spot = self.row.spots.get(name)
        if spot is None or (name == "paid" and spot.cell == ""):
            return None
        fen = fen_of(spot.cell, self.layout)
        if fen is None:
            self.note("FL787", name, unit=self.layout.unit)
        return fen

    def _outcome(self, paid_fen: int | None) -> Outcome | None:
        """Return the outcome: by the word of status, or by whether anything was paid."""
        if "status" not in self.row.spots:
            if paid_fen is None and not self.findings:
                self.note("FL787", "paid", unit=self.layout.unit)
            return "paid" if paid_fen else "failed"
        word = plain(_written(self._cell("status")))
        meanings: Sequence[tuple[Outcome, tuple[str, ...]]] = (
            ("paid", self.layout.paid),
            ("failed", self.layout.failed),
            ("unknown", self.layout.unknown),
        )
        for outcome, words in meanings:
            if word in map(plain, words):
                return outcome
        allowed = "、".join(known for _, words in meanings for known in words)
        self.note("FL779", "status", allowed=allowed)
        return None

    def _day(self, outcome: Outcome | None) -> date | None:
        cell = self._cell("date")
        if cell == "":
            if self.day is None and outcome in {"paid", "failed"}:
                self.note("FL780", "date", reason="missing")
            return self.day
        day = day_of(cell)
        if day is None:
            self.note("FL780", "date", reason="none")
        elif day < self.on:
            self.note("FL780", "date", reason="early")
        return day

    def _reason(self) -> tuple[Reason, str]:
        cell = self._cell("reason")
        code, word = reason_of(cell, self.layout.reasons)
        if code is None:
            self.note("FL784", "reason")
        return code or "NARR", word


def reason_of(cell: Cell, reasons: Sequence[ReasonWords]) -> tuple[Reason | None, str]:
    """Return the code of a bank's words, and the word it was known by; None where it is unclear.

    Words of three signs or more may stand within a longer text; all that do mean one thing then.
    """
    text = plain(_written(cell))
    exact = [(r.code, word) for r in reasons for word in r.words if plain(word) == text]
    if exact:
        return exact[0]
    within = [
        (r.code, word)
        for r in reasons
        for word in r.words
        if len(word) >= _LEAST and plain(word) in text
    ]
    longest = [
        (code, word)
        for code, word in within
        if not any(plain(word) in plain(other) and word != other for _, other in within)
    ]
    if len({code for code, _ in longest}) == 1:
        return max(longest, key=lambda found: (len(found[1]), found[1]))
    return None, ""


def _written(cell: Cell) -> str:
    """Return what a cell says; a whole number without its point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def fen_of(cell: Cell, layout: ResultLayout) -> int | None:
    """Return an amount from zero on in fen, as the layout has amounts; None where it is none."""
    if isinstance(cell, str) and layout.separator == FIXED:
        whole, point, fraction = cell.partition(".")
        cell = (whole.lstrip("0") or "0") + point + fraction if whole.isdigit() else cell
    try:
        if layout.unit == "yuan":
            fen = amount_fen(cell)
        elif isinstance(cell, float):
            fen = int(cell) if cell.is_integer() and abs(cell) < 10**15 else -1
        else:
            fen = int(cell) if isinstance(cell, str) and _WHOLE.fullmatch(cell) else -1
    except (ValueError, TypeError):
        return None
    return fen if fen >= 0 else None


def count_of(cell: Cell) -> int | None:
    """Return a whole number from zero on, zeros before it or not; None where it is none."""
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and 0 <= cell < 10**7 else None
    found = _COUNT.fullmatch(cell) if isinstance(cell, str) else None
    return int(found[1]) if found else None


def day_of(cell: Cell) -> date | None:
    """Return a day in any of the usual spellings; None where it is none."""
    try:
        return day_and_time(cell)[0]
    except (ValueError, TypeError):
        return None


def fits(account: str, shown: str) -> bool:
    """Whether an account is the one that is shown, wholly or with stars in its middle."""
    if _MASKED.fullmatch(shown):
        head, tail = shown.split("*", 1)[0], shown.rsplit("*", 1)[1]
        return len(shown) == len(account) and account.startswith(head) and account.endswith(tail)
    return account == shown


def spot_of(spots: Sequence[Spot], name: str) -> Spot | None:
    """Return the first cell of that field."""
    return next((spot for spot in spots if spot.field == name), None)
