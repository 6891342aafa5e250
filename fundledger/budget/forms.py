"""The empty form for each unit (部门资金需求申报表), with what is known of the year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.budget.annual import recent_heads
from fundledger.budget.basis import Basis
from fundledger.budget.heads import last_persons
from fundledger.budget.history import FundHistory, cut_off, fund_history
from fundledger.budget.inputs import (
    History,
    LineKey,
    Need,
    Place,
)
from fundledger.budget.needaside import Reference
from fundledger.budget.needs import read_needs
from fundledger.budget.needsheet import Row, Sheets, form_workbook
from fundledger.budget.places import Remit, places_of, remits_of
from fundledger.money import display_fen
from fundledger.office import Office

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules, Charter

_KNOWN = (
    *("资金", "救助类别", "上年申报人数", "上年申报标准", "上年月(次)数", "上年申报金额"),
    *("上年预算数", "上年实际列支", "发放清单近月人数"),
)


@dataclass(frozen=True, slots=True)
class Form:
    """A unit's empty form: its file's name, how many lines it has, and its bytes."""

    unit: str
    name: str
    file: str
    lines: int
    data: bytes


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one line: what was declared for the year before, and what the books say."""

    need: Need | None
    history: History
    heads: int


@dataclass(frozen=True, slots=True)
class _Before:
    """What was declared for the year before, and whom the payment lists pay, by line."""

    declared: Mapping[LineKey, Need]
    listed: Mapping[LineKey, Sequence[str]]


def remits_for(office: Office, year: int) -> tuple[Remit, ...]:
    """Return what each unit with a line in force may declare for a year."""
    charter = office.charter
    return remits_of(charter, places_of(charter, office.budget_rules, year))


def forms(
    office: Office,
    year: int,
    *,
    units: Sequence[str] = (),
    as_of: date | None = None,
    named: bool = False,
) -> tuple[Form, ...]:
    """Return the empty forms for `year`, of some units by their slugs or of all.

    One row stands for each line that the unit may declare.  What was declared for the year before
    and what the books say of it, up to `as_of` (today if None), is shown beside and never filled in
    as a need.  `named` fills in whom the payment lists pay in the last month of each line, by
    pseudonym, from which a unit takes away and to which it adds.

    Raises:
        InputInvalid: FL549, no whole month of the year before has passed; FL552, `as_of` lies
            ahead.
        NeedInvalid: FL510 to FL538, FL567 to FL571, FL597, a workbook of the year before
            is not sound.
        CharterInvalid, JournalBroken: the rules or a journal do not hold.

    """
    now = office.surroundings.now()
    until, months = cut_off(year, as_of or now.date(), now.date())
    charter, rules = office.charter, office.budget_rules
    places = places_of(charter, rules, year)
    remits = [one for one in remits_of(charter, places) if not units or one.unit in units]
    wanted = {fund for one in remits for fund, _ in one.payable}
    books = {
        fund.id: fund_history(office.fund(fund.id), year - 1, until, rules)
        for fund in charter.funds
        if fund.id in wanted
    }
    basis = Basis(year, months, charter, rules, (), {}, books)
    folder = office.root / "rules" / "needs" / str(year - 1)
    listed = {
        LineKey(fund, *line): persons
        for fund in (books if named else ())
        for line, persons in last_persons(office.fund(fund).books(), until).items()
    }
    before = _Before(_declared(folder, charter, rules, year - 1, now.date()), listed)
    created = now.replace(tzinfo=None, microsecond=0)
    return tuple(_form(remit, places, basis, before, (until, created)) for remit in remits)


def _declared(
    folder: Path, charter: Charter, rules: BudgetRules, year: int, today: date
) -> Mapping[LineKey, Need]:
    if not folder.is_dir():
        return {}
    remits = remits_of(charter, places_of(charter, rules, year))
    declarations = read_needs(folder, remits, year, today, every=False)
    return {need.key: need for item in declarations for need in item.needs}


def _form(
    remit: Remit,
    places: Mapping[LineKey, Place],
    basis: Basis,
    before: _Before,
    when: tuple[date, datetime],
) -> Form:
    until, created = when
    own = [place for key, place in places.items() if key.unit == remit.unit and place.in_force]
    known = [_known(place, basis, before.declared) for place in own]
    sheets = Sheets(
        unit=remit.names.zh,
        year=basis.year,
        created=created,
        rows=tuple(
            Row(place.fund.zh, place.category.zh, hint=_hint(one, until))
            for place, one in zip(own, known, strict=True)
        ),
        named=tuple(
            (place.fund.zh, place.category.zh, person)
            for place in own
            for person in before.listed.get(place.key, ())
        ),
        reference=Reference(
            _KNOWN,
            tuple(_shown(place, one) for place, one in zip(own, known, strict=True)),
            f"注：实际列支为账簿截至 {until} 的数；空格为没有记录。只供参考，不代替申报。",
        ),
    )
    data = form_workbook(sheets)
    return Form(remit.unit, remit.names.zh, f"{remit.unit}.xlsx", len(own), data)


def _known(place: Place, basis: Basis, before: Mapping[LineKey, Need]) -> _Known:
    key = place.key
    book: FundHistory = basis.books[key.fund]
    history = book.lines.get((key.unit, key.category), History())
    facts = basis.facts(place, history)
    heads = round(recent_heads(facts, basis.rules)) if facts.heads else 0
    return _Known(before.get(key), history, heads)


def _hint(known: _Known, until: date) -> str:
    parts = []
    if known.need is not None:
        need = known.need
        parts.append(
            f"上年申报 {need.persons} 人×{display_fen(need.standard_fen)} 元×{need.times}"
            f"＝{display_fen(need.amount_fen)} 元"
        )
    if known.history.actual_fen:
        parts.append(f"上年列支 {display_fen(known.history.actual_fen)} 元（截至 {until}）")
    if known.heads:
        parts.append(f"发放清单近月平均 {known.heads} 人")
    return "；".join(parts)


def _shown(place: Place, known: _Known) -> tuple[str | int | float | None, ...]:
    need, history = known.need, known.history
    declared: tuple[int | float | None, ...] = (None,) * 4
    if need is not None:
        declared = need.persons, need.standard_fen / 100, need.times, need.amount_fen / 100
    return (
        *(place.fund.zh, place.category.zh, *declared),
        history.adjusted_fen / 100 if history.adjusted_fen else None,
        history.actual_fen / 100 if history.actual_fen else None,
        known.heads or None,
    )
