"""Persons whom two units declare (少重复): taken off the later need, or only pointed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from fundledger.budget.inputs import (
    Declaration,
    LineKey,
    Need,
    Place,
)
from fundledger.budget.lines import named
from fundledger.budget.reasons import reason_code
from fundledger.findings import Finding

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules, Charter

_DEDUPLICATED = "D"
_TAKEN_OFF, _EXPLAINED, _POINTED_OUT = "FL572", "FL539", "FL573"


@dataclass(slots=True)
class _Shared:
    """How many persons a later need shares with an earlier one, by what becomes of it."""

    taken_off: dict[LineKey, int] = field(default_factory=dict)
    counts: dict[tuple[str, LineKey, LineKey], int] = field(default_factory=dict)

    def note(self, code: str, later: Need, earlier: Need) -> None:
        """Count one person more."""
        pair = code, later.key, earlier.key
        self.counts[pair] = self.counts.get(pair, 0) + 1
        if code == _TAKEN_OFF:
            self.taken_off[later.key] = self.taken_off.get(later.key, 0) + 1


def without_duplicates(
    declarations: Sequence[Declaration],
    places: Mapping[LineKey, Place],
    charter: Charter,
    rules: BudgetRules,
    year: int,
) -> tuple[tuple[Declaration, ...], tuple[Finding, ...]]:
    """Return the declarations with the persons that leave each need, and what is found (FL5xx).

    Only persons whom the units name are known to be the same.  Where two lines stand in one
    `exclusive` group of `rules/units.toml`, a person stays with the need that was declared first
    (then the unit that comes first in the rules, then the higher row) and leaves the others, unless
    their explanation begins with `D`.  Other lines of two units lose nobody; it is pointed out.

    """
    shared = _Shared()
    groups = _exclusive(charter, year)
    for needs in _by_person(declarations):
        kept: list[Need] = []
        for later in needs:
            rivals = [one for one in kept if _excluded(one, later, groups)]
            if rivals and reason_code(later, rules) != _DEDUPLICATED:
                shared.note(_TAKEN_OFF, later, rivals[0])
                continue
            for earlier in kept:
                if earlier in rivals:
                    shared.note(_EXPLAINED, later, earlier)
                elif earlier.key.unit != later.key.unit:
                    shared.note(_POINTED_OUT, later, earlier)
            kept.append(later)
    found = {need.key: need for item in declarations for need in item.needs}
    return (
        tuple(replace(item, needs=_less(item.needs, shared)) for item in declarations),
        tuple(
            _told(code, found[later], places[later], places[earlier], persons)
            for (code, later, earlier), persons in shared.counts.items()
        ),
    )


def _exclusive(charter: Charter, year: int) -> tuple[frozenset[str], ...]:
    """Return the groups of lines of which nobody has two, as they hold within a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return tuple(
        frozenset(group.categories)
        for group in charter.overlap_groups
        if group.exclusive
        and group.from_date <= last
        and (group.until is None or group.until >= first)
    )


def _excluded(one: Need, other: Need, groups: Sequence[frozenset[str]]) -> bool:
    lines = {one.key.line, other.key.line}
    return len(lines) > 1 and any(lines <= group for group in groups)


def _by_person(declarations: Sequence[Declaration]) -> list[list[Need]]:
    """Return the needs that name a person, the first declared first, of each named twice."""
    found: dict[str, list[tuple[int, Need]]] = {}
    for number, item in enumerate(declarations):
        for need in item.needs:
            for person in need.named:
                found.setdefault(person, []).append((number, need))
    return [
        [need for _, need in sorted(own, key=lambda one: (one[1].declared, one[0], one[1].row))]
        for _, own in sorted(found.items())
        if len(own) > 1
    ]


def _less(needs: Sequence[Need], shared: _Shared) -> tuple[Need, ...]:
    """Return the needs with how many persons leave each, and to which lines."""
    return tuple(
        replace(
            need,
            duplicate_persons=shared.taken_off[need.key],
            duplicates_with=tuple(
                f"{earlier.fund} {earlier.line}"
                for code, later, earlier in shared.counts
                if code == _TAKEN_OFF and later == need.key
            ),
        )
        if need.key in shared.taken_off
        else need
        for need in needs
    )


def _told(code: str, need: Need, place: Place, other: Place, persons: int) -> Finding:
    return named(
        code,
        place,
        amount_fen=persons * need.standard_fen * need.times,
        persons=persons,
        row=need.row,
        other_zh=f"{other.unit.zh}“{other.category.zh}”（{other.key.fund}）",
        other_en=f'{other.unit.en} "{other.category.en}" ({other.key.fund})',
    )
