"""Where budget lines stand in the rules: their names, treatment, and whether they are in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fundledger.budget.form import JOINT_EN, JOINT_ZH
from fundledger.budget.inputs import LineKey, Names, Place

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules, Charter, Fund, Purpose
    from fundledger.charter.budget import LinePattern
    from fundledger.charter.models import Category


@dataclass(frozen=True, slots=True)
class Remit:
    """What a unit may declare for a year: names of its categories and of the funds, to slugs."""

    unit: str
    names: Names
    categories: Mapping[str, str]
    funds: Mapping[str, str]
    payable: frozenset[tuple[str, str]]


def places_of(charter: Charter, rules: BudgetRules, year: int) -> dict[LineKey, Place]:
    """Return every line that a fund may pay or could once pay, in the order of the rules."""
    known = _Known.of(charter, rules)
    places: dict[LineKey, Place] = {}
    for fund in charter.funds:
        holds: dict[LineKey, bool] = {}
        for purpose in fund.purposes:
            key = LineKey(fund.id, purpose.unit, purpose.category)
            holds[key] = holds.get(key, False) or _in_force(fund, purpose, year)
        places |= known.places(fund, holds)
    return places


def place_of(key: LineKey, charter: Charter, rules: BudgetRules, *, in_force: bool) -> Place:
    """Return where a line stands; names that the rules no longer know are its slugs."""
    return _Known.of(charter, rules).places(charter.fund(key.fund), {key: in_force})[key]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rules say of units and lines (`CASC:Dibao`), whichever fund pays for them."""

    units: Mapping[str, Names]
    remits: Mapping[str, Category]
    patterns: Mapping[str, LinePattern]
    rules: BudgetRules

    @classmethod
    def of(cls, charter: Charter, rules: BudgetRules) -> _Known:
        remits = (*charter.categories, *charter.joint_rounds)
        return cls(
            _unit_names(charter),
            # of several the first holds
            {item.line: item for item in reversed(remits)},
            {item.line: item for item in reversed(rules.patterns)},
            rules,
        )

    def places(self, fund: Fund, holds: Mapping[LineKey, bool]) -> dict[LineKey, Place]:
        """Return where lines of a fund stand, of which `holds` says whether they are in force."""
        names = Names(fund.zh, fund.en)
        sources = Names(
            "、".join(dict.fromkeys(source.zh for source in fund.sources)),
            ", ".join(dict.fromkeys(source.en for source in fund.sources)),
        )
        begun: dict[tuple[str, str], date] = {}
        ended: dict[tuple[str, str], date] = {}
        for one in fund.purposes:
            line, until = (one.unit, one.category), one.until or date.max
            begun[line] = min(one.from_date, begun.get(line, one.from_date))
            ended[line] = max(until, ended.get(line, until))
        places = {}
        for key, in_force in holds.items():
            category, runs = self.remits.get(key.line), self.patterns.get(key.line)
            first = begun.get((key.unit, key.category))
            last = min(ended.get((key.unit, key.category), date.max), fund.closed or date.max)
            places[key] = Place(
                key=key,
                fund=names,
                unit=self.units.get(key.unit, Names(key.unit, key.unit)),
                category=Names(category.zh, category.en)
                if category
                else Names(*[key.category] * 2),
                rigid=self._is_rigid(category),
                in_force=in_force,
                functional_code=fund.functional_code,
                sources=sources,
                pattern=runs.pattern if runs is not None else "monthly",
                rate=(runs.rate or "") if runs is not None else "",
                since=f"{first:%Y-%m}" if first else "",
                until=f"{last:%Y-%m}" if last < date.max else "",
                round_from=runs.round_from if runs is not None else 1,
            )
        return places

    def _is_rigid(self, category: Category | None) -> bool:
        entitled = category is not None and category.kind == "C"
        rules = self.rules
        treatment = rules.treatment_entitlement if entitled else rules.treatment_discretion
        return treatment == "rigid"


def remits_of(charter: Charter, places: Mapping[LineKey, Place]) -> tuple[Remit, ...]:
    """Return what each unit with a line in force may declare, in the order of the rules."""
    funds = {name: fund.id for fund in charter.funds for name in (fund.id, fund.zh)}
    remits = []
    for unit, names in _unit_names(charter).items():
        payable = [key for key, place in places.items() if key.unit == unit and place.in_force]
        if payable:
            categories = {
                name: item.slug
                for item in (*charter.categories, *charter.joint_rounds)
                if item.unit == unit
                for name in (item.slug, item.zh)
            }
            lines = frozenset((key.fund, key.category) for key in payable)
            remits.append(Remit(unit, names, categories, funds, lines))
    return tuple(remits)


def _unit_names(charter: Charter) -> dict[str, Names]:
    from fundledger.charter import JOINT  # noqa: PLC0415 - pydantic when needed

    names = {unit.slug: Names(unit.zh, unit.en) for unit in charter.units}
    return {**names, JOINT: Names(JOINT_ZH, JOINT_EN)}


def _in_force(fund: Fund, purpose: Purpose, year: int) -> bool:
    first, last = date(year, 1, 1), date(year, 12, 31)
    opened = max(fund.opened, purpose.from_date)
    ends = [day for day in (fund.closed, purpose.until) if day is not None]
    return opened <= last and all(day >= first for day in ends)
