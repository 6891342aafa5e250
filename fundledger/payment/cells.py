"""What one cell of a payment list says; what is wrong names the cell, never what stands in it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from contextlib import suppress
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
from fundledger.people.plain import plain_number
from fundledger.tables import Filled

if TYPE_CHECKING:
    from fundledger.bank.tables import Cell
    from fundledger.charter import FundCharter

_PERIOD = re.compile(r"(20\d\d)(?:[-/.年](\d{1,2})月?份?|(\d{2}))", re.ASCII)
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d\d", re.ASCII)
"""A number that a spreadsheet has rounded, as it writes it into text: 3.1E+17."""

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
    """What the cells of a list are held against: the fund's purposes of one unit, and today.

    `category` and `period` hold where a row says none; `on` is the day for which the list is read.
    """

    charter: FundCharter
    unit: str
    today: date
    category: str = ""
    period: str = ""
    on: date | None = None

    def categories(self) -> dict[str, str]:
        """Return the unit's categories that the fund pays for, by slug and by name."""
        names = {(c.unit, c.slug): (c.slug, c.zh, c.en) for c in self.charter.categories}
        found = {}
        for purpose in self.charter.fund.purposes:
            if purpose.unit == self.unit:
                for word in names.get((purpose.unit, purpose.category), (purpose.category,)):
                    found[word] = purpose.category
        return found

    def category_of(self, said: str) -> str | None:
        """Return the category that a word means, or None if the fund pays none of it."""
        known = self.categories()
        return known.get(said) or known.get("".join(said.split()))

    def allowed(self) -> str:
        """Return the categories by name and slug, or the lines of the fund if the unit has none."""
        names: dict[str, list[str]] = {}
        for word, slug in self.categories().items():
            names.setdefault(slug, []).extend([word] if word != slug else [])
        own = [f"{slug} ({' / '.join(words)})" if words else slug for slug, words in names.items()]
        lines = [f"{purpose.unit}:{purpose.category}" for purpose in self.charter.fund.purposes]
        return "、".join(own or lines) or "-"

    def far_off(self, period: str) -> dict[str, object] | None:
        """Return what FL346 says of a month that lies too far off, if it does."""
        on = (self.on or self.today).isoformat()
        far = far_off(period, on)
        return {"period": period, "on": on, "months": MONTHS_OFF} if far else None

    def beside(self, file: str, fields: Container[str]) -> Iterator[Finding]:
        """Yield what is wrong with what is said beside a list that has these columns.

        That is no word for a category or month, or that none is said and there is no column.
        """
        if self.category and self.category_of(self.category) is None:
            details = {"unit": self.unit, "allowed": self.allowed()}
            yield Finding("FL735", "--category", details)
        elif not self.category and "category" not in fields:
            yield _unsaid(file, "救助类别", "--category", self.allowed())
        if self.period:
            try:
                far = self.far_off(month_of(self.period))
                yield from [Finding("FL346", "--period", far)] if far else []
            except (ValueError, TypeError):
                yield Finding("FL741", "--period")
        elif "period" not in fields:
            yield _unsaid(file, "所属月份", "--period", "2026-03")


def _unsaid(file: str, column: str, option: str, allowed: str) -> Finding:
    """Return that a list says nothing of what it is, nor does the command (FL933)."""
    how_zh = f"补上该列；整张清单相同的，命令里用 {option} 写明（例如 {allowed}）"
    how_en = f"Add the column, or where the whole list is of one say it with {option} ({allowed})"
    details = {"column": column, "allowed": allowed, "how_zh": how_zh, "how_en": how_en}
    return Finding("FL933", file, details)


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
        if not isinstance(cell, str) or _ROUNDED.fullmatch(plain_number(cell)):
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
        """Return the category; FL735 where the fund does not pay it, FL971 for another than said.

        What is said for all rows is looked at once, and not here.
        """
        said, cells = self.text("category"), self.cells
        beside = cells.category_of(cells.category) if cells.category else None
        if not said and (cells.category or "category" not in self.filled.places):
            return beside
        found = cells.category_of(said)
        if found is None:
            self.note("FL735", "category", unit=cells.unit, allowed=cells.allowed())
        elif beside not in {None, found}:
            self.note("FL971", "category", option="--category", text=found, value=beside)
            return None
        return found

    def period(self) -> str | None:
        """Return the month that is paid for, such as 2026-03; FL741 for none, FL346 for far off.

        A figure is taken for a month only where it reads 202603: 2026.1 may be October.  FL971 for
        another month than is said for all rows, which itself is looked at once, and not here.
        """
        cell, cells = self.filled.cells.get("period", ""), self.cells
        beside = None
        with suppress(ValueError, TypeError):
            beside = month_of(cells.period)
        if cell == "" and (cells.period or "period" not in self.filled.places):
            return beside
        try:
            period = month_of(cell)
        except (ValueError, TypeError):
            self.note("FL741", "period")
            return None
        far = cells.far_off(period)
        if far is not None:
            self.note("FL346", "period", **far)
        elif beside not in {None, period}:
            self.note("FL971", "period", option="--period", text=period, value=beside)
        else:
            return period
        return None


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
