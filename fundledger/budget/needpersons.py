"""The second sheet of the form (对象名单): whom a unit declares for a line, by pseudonym only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fundledger.budget import form
from fundledger.budget.inputs import LineKey, Need
from fundledger.people.personal import personal

if TYPE_CHECKING:
    from fundledger.bank.tables import Row
    from fundledger.budget.needfile import Faults, Table
    from fundledger.budget.places import Remit

_PSEUDONYM = re.compile(r"P-[A-Z2-7]{12}", re.ASCII)
_FUND, _CATEGORY, _PERSON = range(3)


def with_persons(
    needs: tuple[Need, ...],
    table: Table,
    remit: Remit,
    faults: Faults,
    lines: AbstractSet[LineKey],
) -> tuple[Need, ...]:
    """Return the needs with the persons that the sheet names for them.

    A line of which nobody is named keeps its declared number alone, and whoever is named for a row
    that was left open is let be.  `lines` are those of the first sheet, where the number stands;
    `faults` are of that sheet too.
    """
    reader = _Persons(table, remit, lines)
    reader.read()
    if not reader.sound:
        return needs
    column = form.HEADINGS.index(form.PERSONS)
    found = []
    for need in needs:
        named = frozenset(reader.persons.get(need.key, ()))
        if named and len(named) != need.persons:
            persons = {"persons": need.persons, "named": len(named)}
            faults.add("FL568", need.row, column, **persons)
        found.append(replace(need, named=named))
    return tuple(found)


@dataclass(slots=True)
class _Persons:
    """The rows of the sheet, taken one by one; what is no pseudonym is never said again."""

    table: Table
    remit: Remit
    lines: AbstractSet[LineKey]
    persons: dict[LineKey, dict[str, int]] = field(default_factory=dict)
    sound: bool = True

    def read(self) -> None:
        """Take every row that holds anything."""
        faults, marks = self.table.faults, self.table.marks
        before = len(faults.findings)
        wrong = marks.formulas.keys() | marks.errors
        for place in sorted(wrong):
            faults.add("FL517", *place)
        faults.unread |= wrong
        for row in self.table.rows:
            if row.filled():
                self._take(row)
        self.sound = len(faults.findings) == before and not faults.unsure

    def _take(self, row: Row) -> None:
        faults = self.table.faults
        before = len(faults.findings)
        for column in row.filled():
            if column >= len(form.NAMED_HEADINGS):
                faults.add("FL533", row.number, column)
        fund = self._known(row, _FUND, self.remit.funds, "FL521")
        category = self._known(row, _CATEGORY, self.remit.categories, "FL520")
        person = self._person(row)
        if not (fund and category):
            return
        key = LineKey(fund, self.remit.unit, category)
        said = f"{fund} / {key.line}"
        if (fund, category) not in self.remit.payable:
            allowed = ", ".join(sorted(f for f, c in self.remit.payable if c == category)) or "-"
            faults.add("FL522", row.number, _CATEGORY, found=said, allowed=allowed)
        elif key not in self.lines:
            faults.add("FL571", row.number, _CATEGORY, found=said)
        first = self.persons.setdefault(key, {}).setdefault(person, row.number) if person else 0
        if person and first != row.number:
            faults.add("FL570", row.number, _PERSON, first=first)
        self.sound = self.sound and len(faults.findings) == before

    def _known(self, row: Row, column: int, names: Mapping[str, str], code: str) -> str:
        """Return the slug of a fund or category; '' with a fault where there is none."""
        faults = self.table.faults
        if not faults.reads(row.number, column):
            return ""
        cell = row.cell(column)
        name = cell if isinstance(cell, str) else str(cell)
        if cell == "":
            faults.add("FL523", row.number, column)
            return ""
        slug = names.get(name, "")
        if not slug:
            used = {pair[column] for pair in self.remit.payable}
            faults.add(code, row.number, column, found=name[:40], allowed=", ".join(sorted(used)))
        return slug

    def _person(self, row: Row) -> str:
        faults = self.table.faults
        if not faults.reads(row.number, _PERSON):
            return ""
        cell = row.cell(_PERSON)
        if cell == "":
            faults.add("FL523", row.number, _PERSON)
        elif isinstance(cell, str) and _PSEUDONYM.fullmatch(cell):
            return cell
        elif kind := personal(f"{cell:.0f}" if isinstance(cell, float) else str(cell)):
            faults.add("FL531", row.number, _PERSON, kind=kind)
        else:
            faults.add("FL569", row.number, _PERSON)
        return ""
