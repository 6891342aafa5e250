"""Reading `rules/` whole: a charter and its budget rules, or everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from fundledger.charter.budget import BudgetRules
from fundledger.charter.crosschecks import Rules, crosschecked
from fundledger.charter.duties import Controls
from fundledger.charter.files import NAMES, Document, read, strangers
from fundledger.charter.forms import (
    FundsForm,
    RatesForm,
    RegimesForm,
    SourceTerms,
    StaffForm,
    UnitsForm,
)
from fundledger.charter.models import JOINT, Category, Charter, Fund, FundSource, Source, Unit
from fundledger.charter.reading import Reading, fit, fit_sourced
from fundledger.errors import CharterInvalid
from fundledger.findings import Finding

Form = TypeVar("Form", bound=BaseModel)


def load_rules(rules_dir: Path) -> tuple[Charter, BudgetRules]:
    """Return the charter and the rules of the budget, from one reading of the files.

    Raises:
        CharterInvalid: FL001 to FL029, everything that is wrong in any of the files.

    """
    rules = _rules(rules_dir)
    return _charter(rules), _sound(rules.budget)


def load_charter(rules_dir: Path) -> Charter:
    """Return the charter that the files of `rules_dir` say.

    Raises:
        CharterInvalid: FL001 to FL029, everything that is wrong in any of the files.

    """
    return _charter(_rules(rules_dir))


def load_budget_rules(rules_dir: Path) -> BudgetRules:
    """Return the rules by which the budget is derived and watched.

    Raises:
        CharterInvalid: FL001 to FL029, everything that is wrong in any of the files.

    """
    return _sound(_rules(rules_dir).budget)


def _rules(rules_dir: Path) -> Rules:
    """Return what every file says; raises CharterInvalid unless all of it is sound."""
    if not rules_dir.is_dir():
        raise CharterInvalid(Finding("FL001", str(rules_dir), {"file": str(rules_dir)}))
    findings = strangers(rules_dir)
    documents: dict[str, Document] = {}
    for name in NAMES:
        document = read(rules_dir, name)
        if isinstance(document, Finding):
            findings.append(document)
        else:
            documents[name] = document

    def reading(name: str, form: type[Form], *, sourced: bool = False) -> Reading[Form]:
        if name not in documents:
            return Reading(Document(name, {}, {}), None, frozenset(), ())
        result = (fit_sourced if sourced else fit)(documents[name], form)
        findings.extend(result.findings)
        return result

    rules = Rules(
        units=reading("units.toml", UnitsForm),
        regimes=reading("regimes.toml", RegimesForm),
        funds=reading("funds.toml", FundsForm),
        staff=reading("staff.toml", StaffForm),
        controls=reading("controls.toml", Controls, sourced=True),
        rates=reading("rates.toml", RatesForm),
        budget=reading("budget.toml", BudgetRules, sourced=True),
    )
    findings.extend(crosschecked(rules))
    if findings:
        raise CharterInvalid(sorted(findings, key=_place))
    return rules


def _place(finding: Finding) -> tuple[int, int, str]:
    name = str(finding.details["file"])
    order = NAMES.index(name) if name in NAMES else -1
    line = finding.details.get("line", 0)
    return (order, line if isinstance(line, int) else 0, finding.code)


def _sound(reading: Reading[Form] | None) -> Form:
    """Return the value of a file that has no findings."""
    if reading is None or reading.value is None:
        message = "a file of the rules without findings has no value"
        raise AssertionError(message)
    return reading.value


def _source(named: Mapping[str, Source], entry: SourceTerms) -> FundSource:
    return FundSource(**dict(named[entry.source]), from_date=entry.from_date, until=entry.until)


def _charter(rules: Rules) -> Charter:
    units = _sound(rules.units)
    funds = _sound(rules.funds)
    sources = {source.slug: source for source in funds.sources}
    return Charter(
        office=units.office,
        units=tuple(
            Unit(slug=unit.slug, zh=unit.zh, en=unit.en, clause=unit.clause) for unit in units.units
        ),
        categories=tuple(
            Category(unit=unit.slug, **dict(category))
            for unit in units.units
            for category in unit.categories
        ),
        joint_rounds=tuple(Category(unit=JOINT, **dict(terms)) for terms in units.joint_rounds),
        overlap_groups=units.overlap_groups,
        funds=tuple(
            Fund(**{**dict(fund), "sources": tuple(_source(sources, e) for e in fund.sources)})
            for fund in funds.funds
        ),
        staff=_sound(rules.staff).staff,
        controls=_sound(rules.controls),
        rates=_sound(rules.rates).rates,
        regimes=_sound(rules.regimes).regimes,
    )
