"""What one cell of a payment list says; what is wrong names the cell, never what stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from fundledger.bank.cells import amount_fen, day_and_time
from fundledger.checks.given_up import MONTHS_OFF, far_off
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.payment.known import Slip
from fundledger.people import (
    Document,
    Identity,
    read_account,
    read_identity,
    repairs,
)
from fundledger.people.names import is_name
from fundledger.tables import Filled

if TYPE_CHECKING:
    from fundledger.bank.tables import Cell
    from fundledger.charter import FundCharter

_PERIOD = re.compile(r"(20\d\d)(?:[-/.年](\d{1,2})月?份?|(\d{2}))", re.ASCII)
_FIRST_FIGURE = 200_000
_LONGEST_TEXT = 100
_MOST_FEN = 10**13
_SLIPS = frozenset({"FL701", "FL702", "FL703", "FL704"})
_KINDS = {
    "居民身份证": None,
    "身份证": None,
    "港澳台居民居住证": None,
    "居住证": None,
    "护照": Document.PASSPORT,
    "军官证": Document.OFFICER,
    "士兵证": Document.OFFICER,
    "": None,
}


@dataclass(frozen=True, slots=True)
class ListCells:
    """What the cells of a list are held against: the fund's purposes of one unit, and today."""

    charter: FundCharter
    unit: str
    today: date
    category: str = ""
    period: str = ""

    def categories(self) -> dict[str, str]:
        """Return the unit's categories that the fund pays for, by slug and by name."""
        names = {(c.unit, c.slug): (c.slug, c.zh, c.en) for c in self.charter.categories}
        found = {}
        for purpose in self.charter.fund.purposes:
            if purpose.unit == self.unit:
                for word in names.get((purpose.unit, purpose.category), (purpose.category,)):
                    found[word] = purpose.category
        return found


@dataclass(slots=True)
class Reading:
    """One row being read; what is wrong or doubtful is noted, each at its cell."""

    filled: Filled
    cells: ListCells
    findings: list[Finding] = field(default_factory=list)

    @property
    def number(self) -> int:
        """The number of the row in the file."""
        return self.filled.number

    def place(self, name: str) -> str:
        """Return where a field stands, as people find it; the row where it has no column."""
        found = self.filled.places.get(name)
        if found is not None:
            return str(found)
        any_place = next(iter(self.filled.places.values()))
        return f"{any_place.file} [{self.number}]"

    def note(self, code: str, name: str, **details: object) -> None:
        """Note that something is wrong with a field."""
        self.findings.append(Finding(code, self.place(name), details))

    def text(self, name: str) -> str:
        """Return a field that may be left empty, as one line; a whole number as its digits."""
        cell = self.filled.cells.get(name, "")
        if isinstance(cell, float) and cell.is_integer():
            cell = str(int(cell))
        if not isinstance(cell, str) or not cell.isprintable() or len(cell) > _LONGEST_TEXT:
            self.note("FL733", name)
            return ""
        return cell

    def name(self) -> str | None:
        """Return the person's name; FL733 where it is none."""
        cell = self.filled.cells.get("name", "")
        if not isinstance(cell, str) or not is_name(cell):
            self.note("FL733", "name")
            return None
        return cell.strip()

    def identity(self) -> Identity | None:
        """Return who it is; FL701 to FL706, FL732 for a number that a spreadsheet has rounded."""
        cell = self._digits("number")
        kind = self.text("kind")
        if kind not in _KINDS:
            self.note("FL740", "kind", allowed="、".join(filter(None, _KINDS)))
            return None
        if cell is None:
            return None
        read = read_identity(
            cell, self.cells.today, kind=_KINDS[kind], subject=self.place("number")
        )
        self.findings += read.findings
        return read.identity

    def slips(self) -> Iterator[Slip]:
        """Yield the wrong identity number of the row, with all that it may have been."""
        place = self.place("number")
        if not any(f.subject == place and f.code in _SLIPS for f in self.findings):
            return
        text, name = (str(self.filled.cells.get(word, "")) for word in ("number", "name"))
        yield Slip(place, name, repairs(text, self.cells.today, lambda _: True))

    def account(self) -> str | None:
        """Return the account; FL711, FL712, FL732."""
        cell = self._digits("account")
        if cell is None:
            return None
        read = read_account(cell, subject=self.place("account"))
        self.findings += read.findings
        return read.number

    def _digits(self, name: str) -> str | None:
        """Return a number that has to stand as text, for a spreadsheet keeps fifteen digits."""
        cell = self.filled.cells.get(name, "")
        if not isinstance(cell, str):
            self.note("FL732", name)
            return None
        return cell

    def amount_fen(self) -> int | None:
        """Return an amount above zero; FL734 where it is none."""
        cell = self.filled.cells.get("amount", "")
        try:
            fen = amount_fen(cell)
        except (ValueError, TypeError, InputInvalid):
            fen = 0
        if not 0 < fen < _MOST_FEN:
            self.note("FL734", "amount")
            return None
        return fen

    def category(self) -> str | None:
        """Return the category; FL735 where the fund does not pay it for the unit."""
        said = self.text("category") or self.cells.category
        known = self.cells.categories()
        found = known.get(said) or known.get("".join(said.split()))
        if found is None:
            allowed = "、".join(dict.fromkeys(known)) or "-"
            self.note("FL735", "category", unit=self.cells.unit, allowed=allowed)
        return found

    def period(self) -> str | None:
        """Return the month that is paid for, such as 2026-03; FL741 for none, FL346 for far off.

        A figure is taken for a month only where it reads 202603: 2026.1 may be October.
        """
        cell = self.filled.cells.get("period", "")
        if cell == "":
            cell = self.cells.period
        try:
            period = month_of(cell)
        except (ValueError, TypeError):
            self.note("FL741", "period")
            return None
        today = self.cells.today.isoformat()
        if far_off(period, today):
            self.note("FL346", "period", period=period, on=today, months=MONTHS_OFF)
            return None
        return period


def month_of(cell: Cell) -> str:
    """Return the month of a cell, such as 2026-03: in the usual spellings, or of a day.

    Raises:
        ValueError: it says none, or one that is not of this century.

    """
    if isinstance(cell, float):
        cell = f"{cell:.0f}" if cell.is_integer() and cell > _FIRST_FIGURE else "?"
    text = "".join(cell.split()) if isinstance(cell, str) else ""
    found = _PERIOD.fullmatch(text)
    if found is not None:
        month = int(found[2] or found[3])
        return date(int(found[1]), month, 1).isoformat()[:7]
    return day_and_time(cell)[0].isoformat()[:7]
