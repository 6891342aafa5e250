"""Where budget lines stand in the rules: their names, treatment, and whether they are in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fundledger.budget.form import JOINT_EN, JOINT_ZH
from fundledger.budget.model import LineKey, Names, Place

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules, Charter, Fund, Purpose


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
    places: dict[LineKey, Place] = {}
    for fund in charter.funds:
        for purpose in fund.purposes:
            key = LineKey(fund.id, purpose.unit, purpose.category)
            earlier = key in places and places[key].in_force
            holds = earlier or _in_force(fund, purpose, year)
            places[key] = place_of(key, charter, rules, in_force=holds)
    return places


def place_of(key: LineKey, charter: Charter, rules: BudgetRules, *, in_force: bool) -> Place:
    """Return where a line stands; names that the rules no longer know are its slugs."""
    fund = charter.fund(key.fund)
    begun = [one.from_date for one in fund.purposes if (one.unit, one.category) == key[1:]]
    remits = (*charter.categories, *charter.joint_rounds)
    category = next((item for item in remits if item.line == key.line), None)
    entitled = category is not None and category.kind == "C"
    runs = next((one for one in rules.patterns if one.line == key.line), None)
    treatment = rules.treatment_entitlement if entitled else rules.treatment_discretion
    return Place(
        key=key,
        fund=Names(fund.zh, fund.en),
        unit=_unit_names(charter).get(key.unit, Names(key.unit, key.unit)),
        category=Names(category.zh, category.en) if category else Names(*[key.category] * 2),
        rigid=treatment == "rigid",
        in_force=in_force,
        functional_code=fund.functional_code,
        sources=Names(
            "、".join(dict.fromkeys(source.zh for source in fund.sources)),
            ", ".join(dict.fromkeys(source.en for source in fund.sources)),
        ),
        pattern=runs.pattern if runs is not None else "monthly",
        rate=(runs.rate or "") if runs is not None else "",
        since=f"{min(begun):%Y-%m}" if begun else "",
        round_from=runs.round_from if runs is not None else 1,
    )


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
