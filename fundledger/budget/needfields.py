"""What one cell of the form says: a whole number, fen, a day, a text, by a strict grammar."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from fundledger.budget import form
from fundledger.budget.needcells import Marks, Place
from fundledger.budget.needfile import Faults
from fundledger.money import LIMIT_FEN
from fundledger.people.personal import personal

if TYPE_CHECKING:
    from fundledger.bank.tables import Row

TEXT_LIMIT = 300
_AMOUNT = form.HEADINGS.index(form.AMOUNT)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of the form by their headings; what is wrong with one goes to `faults`.

    A cell that cannot be told to say what it seems to, for its formula or its heading, is None or
    empty, and was told of already.
    """

    faults: Faults
    marks: Marks

    def unread(self, rows: Iterable[Row]) -> set[Place]:
        """Return the cells with a formula that is not the form's, or an error, each told of.

        The form has the product in its rows and the sum in the row of the total, and they are
        computed again, not read.
        """
        totals = {row.number for row in rows if row.cell(0) == form.TOTAL}
        own = {
            place
            for place, formula in self.marks.formulas.items()
            if place[1] == _AMOUNT
            and (
                form.is_total(formula) if place[0] in totals else form.is_product(formula, place[0])
            )
        }
        wrong = (self.marks.formulas.keys() | self.marks.errors) - own
        for row, column in sorted(wrong):
            self.faults.add("FL517", row, column)
        return wrong

    def computes(self, row: Row) -> bool:
        """Tell whether the needed amount or the total is the form's own formula."""
        place = row.number, _AMOUNT
        return place in self.marks.formulas and place not in self.faults.unread

    def cached(self, row: Row) -> int | None:
        """Return what was last computed in a cell, to the fen; None if nothing was."""
        cell = row.cell(_AMOUNT)
        if cell == "":
            return None
        if not isinstance(cell, float) or not abs(cell) * 100 <= LIMIT_FEN:
            self.add("FL524", row, form.AMOUNT, found=_short(cell))
            return None
        return round(cell * 100)

    def _cell(self, row: Row, name: str) -> Any:  # noqa: ANN401 - a cell holds anything
        return row.cell(form.HEADINGS.index(name))

    def reads(self, row: Row, name: str) -> bool:
        """Tell whether a cell says what it seems to say."""
        return self.faults.reads(row.number, form.HEADINGS.index(name))

    def add(self, code: str, row: Row, name: str, **details: Any) -> None:  # noqa: ANN401 - as above
        """Note what is wrong with a cell."""
        self.faults.add(code, row.number, form.HEADINGS.index(name), **details)

    def text(self, row: Row, name: str, *, required: bool = False) -> str:
        """Return plain text without a person's number; empty where there is none."""
        if not self.reads(row, name):
            return ""
        cell = self._cell(row, name)
        if cell == "":
            if required:
                self.add("FL523", row, name)
            return ""
        text = " ".join(cell.split()) if isinstance(cell, str) else None
        if text is None or len(text) > TEXT_LIMIT or not all(map(_shows, text)):
            self.add("FL530", row, name, limit=TEXT_LIMIT)
            return ""
        if kind := personal(text):
            self.add("FL531", row, name, kind=kind)
        return text

    def _number(self, row: Row, name: str) -> float | None:
        if not self.reads(row, name):
            return None
        cell = self._cell(row, name)
        if cell == "":
            self.add("FL523", row, name)
        elif not isinstance(cell, float):
            self.add("FL524", row, name, found=_short(cell))
        elif cell < 0:
            self.add("FL526", row, name, found=_short(cell))
        elif not cell * 100 <= LIMIT_FEN:
            self.add("FL567", row, name, found=_short(cell))
        else:
            return cell
        return None

    def whole(self, row: Row, name: str) -> int | None:
        """Return a whole number from 0 on."""
        number = self._number(row, name)
        if number is None:
            return None
        if not number.is_integer():
            self.add("FL525", row, name, found=_short(number))
            return None
        return int(number)

    def fen(self, row: Row, name: str) -> int | None:
        """Return an amount in yuan, exact to the fen, from 0 on."""
        from fundledger.bank.cells import amount_fen  # noqa: PLC0415 - only workbooks need it

        number = self._number(row, name)
        if number is None:
            return None
        try:
            return amount_fen(number)
        except ValueError:
            self.add("FL525", row, name, found=_short(number))
            return None

    def day(self, row: Row, year: int, today: date) -> date | None:
        """Return the day of the declaration: of the budget's year or the one before, and past."""
        from fundledger.bank.cells import day_and_time  # noqa: PLC0415 - only workbooks need it

        if not self.reads(row, form.DECLARED):
            return None
        cell = self._cell(row, form.DECLARED)
        if cell == "":
            self.add("FL523", row, form.DECLARED)
            return None
        day = None
        with suppress(ValueError):
            day = None if isinstance(cell, float) else day_and_time(cell)[0]
        if day is None:
            self.add("FL529", row, form.DECLARED, found=_short(cell))
            return None
        first, last = date(year - 1, 1, 1), min(date(year, 12, 31), today)
        if not first <= day <= last:
            said = {"first": first.isoformat(), "last": last.isoformat()}
            self.add("FL597", row, form.DECLARED, found=day.isoformat(), **said)
            return None
        return day


def _shows(character: str) -> bool:
    return character.isprintable() and unicodedata.category(character) != "Co"


def _short(cell: object) -> str:
    return "".join(character for character in str(cell) if character.isprintable())[:40]
