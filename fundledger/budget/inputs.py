"""What a budget is derived from: lines and their place in the rules, the books, declared needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class LineKey(NamedTuple):
    """One budget line: a fund, and the unit and category that it pays for."""

    fund: str
    unit: str
    category: str

    @property
    def line(self) -> str:
        """Unit and category as accounts write them, such as `CASC:Dibao`."""
        return f"{self.unit}:{self.category}"


class Names(NamedTuple):
    """What a thing is called in Chinese and English."""

    zh: str
    en: str

    def name(self, language: str) -> str:
        """Return the name in `zh` or `en`."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands in the rules; `in_force` says whether its purpose holds in the year.

    `rigid` lines are entitlements, paid in full; the others are at discretion.  `pattern` is how
    spending runs through a year, `rate` the standard that grants follow, or ''; `since` the month
    in which its purpose began and `until` that in which it ends, or ''; `round_from` the month from
    which on its rounds run.
    """

    key: LineKey
    fund: Names
    unit: Names
    category: Names
    rigid: bool
    in_force: bool
    functional_code: str
    sources: Names
    pattern: str = "monthly"
    rate: str = ""
    since: str = ""
    until: str = ""
    round_from: int = 1


@dataclass(frozen=True, slots=True)
class History:
    """What the books say of a line in the year before, up to the cut-off; all in fen.

    `actual_fen` is Expended: paid, less what came back.  `bank_fen` is what the dedicated account
    paid out in those vouchers.  `adjusted_fen` is the adjusted budget (调整后预算): approved with
    supplements and virements, given before the approval, and brought forward.
    """

    adjusted_fen: int = 0
    actual_fen: int = 0
    bank_fen: int = 0
    available_fen: int = 0
    encumbered_fen: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """One row of a unit's declared needs; money in fen, people by their posts only.

    `named` are the pseudonyms of the persons, where the unit names them.  `duplicate_persons` of
    them are paid by another line already (`duplicates_with`, fund and line) and leave the need.
    """

    key: LineKey
    row: int
    households: int
    persons: int
    standard_fen: int
    times: int
    amount_fen: int
    basis: str
    explanation: str
    evidence: str
    evidenced_fen: int
    handler: str
    head: str
    declared: date
    named: frozenset[str] = frozenset()
    duplicate_persons: int = 0
    duplicates_with: tuple[str, ...] = ()

    @property
    def duplicates_fen(self) -> int:
        """What of the need is for persons who are declared twice, at its own standard."""
        return self.duplicate_persons * self.standard_fen * self.times


@dataclass(frozen=True, slots=True)
class Declaration:
    """A unit's workbook of needs; `sha256` is empty when it was not handed in."""

    unit: str
    names: Names
    file: str
    sha256: str = ""
    needs: tuple[Need, ...] = ()
