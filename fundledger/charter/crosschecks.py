"""What must hold between the entries of `rules/`, within a file and across files.

Each check looks at the sound part of every file; entries that are unsound have their finding
already and are not held against others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from fundledger.charter.accounts import accounts, code_of
from fundledger.charter.budget import BudgetRules
from fundledger.charter.budgetchecks import (
    decided_by_who_may,
    from_its_sources,
    of_a_line,
    said_once,
)
from fundledger.charter.duties import Controls
from fundledger.charter.files import KeyPath
from fundledger.charter.forms import FundsForm, RatesForm, RegimesForm, StaffForm, UnitsForm
from fundledger.charter.kinds import Dated
from fundledger.charter.models import JOINT, MONEY_KINDS, CategoryTerms
from fundledger.charter.reading import Reading, nearest_first
from fundledger.findings import Finding


@dataclass(frozen=True, slots=True)
class Rules:
    """What was read of each file."""

    units: Reading[UnitsForm]
    regimes: Reading[RegimesForm]
    funds: Reading[FundsForm]
    staff: Reading[StaffForm]
    controls: Reading[Controls]
    rates: Reading[RatesForm]
    budget: Reading[BudgetRules]


@dataclass(frozen=True, slots=True)
class _Remit:
    """Units and lines that the file of units names, if it can be told, and sound categories."""

    units: frozenset[str]
    lines: frozenset[str]
    held: Mapping[str, list[CategoryTerms]]


def crosschecked(rules: Rules) -> Iterator[Finding]:
    """Yield a finding for each contradiction between entries."""
    for check in CHECKS:
        yield from check(rules)


def duplicates(rules: Rules) -> Iterator[Finding]:
    """No two entries of a list have the same name, and no unit is called as the joint rounds."""
    unique: tuple[tuple[Reading[Any], str, str], ...] = (
        (rules.units, "unit", "slug"),
        (rules.regimes, "regime", "slug"),
        (rules.funds, "source", "slug"),
        (rules.funds, "fund", "id"),
        (rules.funds, "fund", "component"),
        (rules.staff, "staff", "code"),
        (rules.budget, "mark", "month"),
        (rules.budget, "reason", "code"),
    )
    for reading, key, name in unique:
        seen: set[object] = {JOINT} if key == "unit" else set()
        for path, entry in reading.entries(key):
            found = getattr(entry, name)
            if found in seen:
                yield reading.finding("FL021", (*path, name), found=found)
            seen.add(found)


def overlaps(rules: Rules) -> Iterator[Finding]:
    """Two entries about one thing never hold on the same day."""
    dated: tuple[tuple[Reading[Any], tuple[str, ...], str], ...] = (
        (rules.units, ("unit", "categories"), "slug"),
        (rules.units, ("joint",), "slug"),
        (rules.units, ("overlap",), "slug"),
        (rules.funds, ("fund", "purposes"), "line"),
        (rules.funds, ("fund", "sources"), "source"),
        (rules.staff, ("staff", "roles"), "role"),
        (rules.controls, ("due_day",), "whose"),
        (rules.controls, ("list_day",), "whose"),
        (rules.rates, ("rate",), "slug"),
        (rules.budget, ("pattern",), "line"),
        (rules.budget, ("uplift",), "rate"),
        (rules.budget, ("step",), "slug"),
        (rules.budget, ("target",), "indicator"),
    )
    for reading, keys, name in dated:
        before: dict[tuple[object, ...], list[Dated]] = {}
        for path, other in reading.entries(*keys):
            found = getattr(other, name)
            same = before.setdefault((path[:-1], found), [])
            for entry in same:
                if entry.meets(other):
                    first = max(entry.from_date, other.from_date).isoformat()
                    yield reading.finding("FL022", path, found=found, first=first)
            same.append(other)


def one_account_each(rules: Rules) -> Iterator[Finding]:
    """No two funds keep their money in one account, nor in one of the bank's own (专户存储)."""
    for (_, fund), (path, other) in combinations(rules.funds.entries("fund"), 2):
        number = other.bank_account.number
        if fund.bank_account.number == number:
            place = (*path, "bank_account", "number")
            yield rules.funds.finding("FL023", place, found=number, first=fund.id, second=other.id)
    own = {fund.bank_account.number: fund.id for _, fund in rules.funds.entries("fund")}
    for path, fund in rules.funds.entries("fund"):
        for at, one in enumerate(fund.bank_account.clearing):
            if one.number in own:
                place = (*path, "bank_account", "clearing", at, "number")
                said = {"found": one.number, "first": own[one.number], "second": fund.id}
                yield rules.funds.finding("FL023", place, **said)


def known_names(rules: Rules) -> Iterator[Finding]:
    """What an entry names stands in its own file."""
    funds, budget = rules.funds, rules.budget
    named: list[tuple[Reading[Any], KeyPath, str, frozenset[str]]] = []
    known = _declared(funds, "source", "slug")
    given = funds.entries("fund", "sources")
    named += [(funds, (*path, "source"), entry.source, known) for path, entry in given]
    known = _declared(rules.regimes, "regime", "slug")
    named += [(funds, (*path, "regime"), f.regime, known) for path, f in funds.entries("fund")]
    known = _lines(rules.units)
    paid = rules.controls.entries("festival_lines")
    named += [(rules.controls, path, line, known) for path, line in paid]
    if rules.controls.value is not None and rules.controls.value.notice_in_sum is not None:
        hidden = rules.controls.entries("notice_in_sum")
        named += [(rules.controls, path, line, known) for path, line in hidden]
    due = [*rules.controls.entries("due_day"), *rules.controls.entries("list_day")]
    named += [(rules.controls, (*path, "line"), d.line, known) for path, d in due if d.line]
    groups = rules.units.entries("overlap", "categories")
    named += [(rules.units, path, line, known) for path, line in groups]
    known = _declared(rules.rates, "rate", "slug")
    named += [(budget, (*path, "rate"), u.rate, known) for path, u in budget.entries("uplift")]
    followed = budget.entries("pattern")
    named += [(budget, (*path, "rate"), p.rate, known) for path, p in followed if p.rate]
    decided = [*budget.entries("override")]
    known = _declared(rules.staff, "staff", "code")
    named += [(budget, (*path, "actor"), one.actor, known) for path, one in decided]
    stated = [*budget.entries("rest_of_year"), *decided]
    known = _declared(funds, "fund", "id")
    of_funds = [*stated, *budget.entries("one_off"), *budget.entries("other_source")]
    named += [(budget, (*path, "fund"), one.fund, known) for path, one in of_funds]
    known = _lines(rules.units)
    named += [(budget, (*path, "category"), one.line, known) for path, one in stated]
    for reading, path, name, names in named:
        if names and name not in names:
            allowed = nearest_first(name, names)
            yield reading.finding("FL020", path, found=name, allowed=allowed)


def remits(rules: Rules) -> Iterator[Finding]:
    """Money is paid only for what is in a unit's remit, for as long as it is (专款专用)."""
    remit = _remit(rules.units)
    if not remit.units:
        return
    for path, rate in rules.rates.entries("rate"):
        yield from _unpaid(remit, rules.rates, path, rate.category, "category")
    paid: tuple[tuple[Reading[Any], tuple[str, ...]], ...] = (
        (rules.funds, ("fund", "purposes")),
        (rules.budget, ("pattern",)),
    )
    for reading, keys in paid:
        for path, entry in reading.entries(*keys):
            yield from _unpaid(remit, reading, path, entry.line, "unit")
            money = [held for held in remit.held.get(entry.line, ()) if held.money]
            if money and (day := _first_uncovered(entry, money)):
                first = day.isoformat()
                yield reading.finding("FL029", path, found=entry.line, first=first)


def roles_apart(rules: Rules) -> Iterator[Finding]:
    """No post has two roles that exclude each other on the same day (内部牵制)."""
    apart = set()
    for path, pair in rules.controls.entries("incompatible"):
        if len(set(pair)) == 1:
            yield rules.controls.finding("FL028", path, found=pair[0])
        else:
            apart.add(frozenset(pair))
    posts = {path: post.code for path, post in rules.staff.entries("staff")}
    for (path, held), (other_path, other) in combinations(rules.staff.entries("staff", "roles"), 2):
        same = path[:2] == other_path[:2]
        if same and frozenset((held.role, other.role)) in apart and held.meets(other):
            roles = {"first": held.role, "second": other.role}
            yield rules.staff.finding("FL026", other_path, found=posts[path[:2]], **roles)


def codes(rules: Rules) -> Iterator[Finding]:
    """A regime gives every account of its funds a code, and every code its title."""
    for path, regime in rules.regimes.entries("regime"):
        kept = [fund for _, fund in rules.funds.entries("fund") if fund.regime == regime.slug]
        named = {
            account: fund.id
            for fund in reversed(kept)
            for account in accounts(
                [entry.source for entry in fund.sources], [entry.line for entry in fund.purposes]
            )
        }
        for account, fund_id in named.items():
            if not code_of(account, regime.codes):
                details = {"found": account, "fund": fund_id, "regime": regime.slug}
                yield rules.regimes.finding("FL031", (*path, "codes"), **details)
        for code in sorted({*regime.codes.values()} - regime.titles.keys()):
            details = {"found": code, "regime": regime.slug}
            yield rules.regimes.finding("FL032", (*path, "titles"), **details)


def patterns(rules: Rules) -> Iterator[Finding]:
    """The budget rules say of every category paid in money how it runs through a year."""
    if not rules.budget.document.table:
        return
    told = {
        f"{entry.get('unit')}:{entry.get('category')}"
        for entry in _tables(rules.budget.document.table.get("pattern"))
    }
    for line, held in _remit(rules.units).held.items():
        if line not in told and any(category.money for category in held):
            yield rules.budget.finding("FL027", ("pattern",), found=line)


def budget_by_hand(rules: Rules) -> Iterator[Finding]:
    """What is said by hand is said once, by who may, of a line or a source that a fund has."""
    yield from said_once(rules.budget)
    yield from decided_by_who_may(rules.budget, rules.staff)
    yield from of_a_line(rules.budget, rules.funds, _lines(rules.units))
    yield from from_its_sources(rules.budget, rules.funds)


CHECKS: tuple[Callable[[Rules], Iterator[Finding]], ...] = (
    duplicates,
    overlaps,
    one_account_each,
    known_names,
    remits,
    roles_apart,
    codes,
    patterns,
    budget_by_hand,
)


def _tables(entries: object) -> list[dict[str, Any]]:
    """Return the tables of a list as the file has them, sound or not."""
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []


def _declared(reading: Reading[Any], key: str, name: str) -> frozenset[str]:
    """Return the names that a list of the file gives, sound or not; none if one lacks its name."""
    entries = _tables(reading.document.table.get(key))
    names = frozenset(entry[name] for entry in entries if isinstance(entry.get(name), str))
    return names if all(isinstance(entry.get(name), str) for entry in entries) else frozenset()


def _lines(units: Reading[UnitsForm]) -> frozenset[str]:
    """Return each `Unit:Category` that the file gives, sound or not, if its units have names."""
    table = units.document.table
    if not _declared(units, "unit", "slug"):
        return frozenset()
    lines = {f"{JOINT}:{entry.get('slug')}" for entry in _tables(table.get("joint"))}
    for unit in _tables(table.get("unit")):
        for category in _tables(unit.get("categories")):
            lines.add(f"{unit.get('slug')}:{category.get('slug')}")
    return frozenset(lines)


def _remit(units: Reading[UnitsForm]) -> _Remit:
    held: dict[str, list[CategoryTerms]] = {}
    slugs = {path: unit.slug for path, unit in units.entries("unit")}
    for path, category in units.entries("unit", "categories"):
        held.setdefault(f"{slugs[path[:2]]}:{category.slug}", []).append(category)
    for _, category in units.entries("joint"):
        held.setdefault(f"{JOINT}:{category.slug}", []).append(category)
    declared = _declared(units, "unit", "slug")
    return _Remit(declared and declared | {JOINT}, _lines(units), held)


def _unpaid(
    remit: _Remit, reading: Reading[Any], path: KeyPath, line: str, unit_key: str
) -> Iterator[Finding]:
    """Yield a finding for a `Unit:Category` that does not exist or is not paid in money."""
    unit, _, _ = line.partition(":")
    kinds = [held.kind for held in remit.held.get(line, ())]
    if unit not in remit.units:
        allowed = nearest_first(unit, remit.units)
        yield reading.finding("FL020", (*path, unit_key), found=unit, allowed=allowed)
    elif line not in remit.lines:
        near = [name for name in remit.lines if name.startswith(f"{unit}:")]
        allowed = nearest_first(line, near)
        yield reading.finding("FL024", (*path, "category"), found=line, allowed=allowed)
    elif kinds and MONEY_KINDS.isdisjoint(kinds):
        yield reading.finding("FL025", (*path, "category"), found=line, kind=kinds[0])


def _first_uncovered(wanted: Dated, held: Iterable[Dated]) -> date | None:
    """Return the first day on which `wanted` holds and none of `held` does."""
    day = wanted.from_date
    for entry in sorted(held, key=lambda entry: entry.from_date):
        if entry.holds(day):
            if entry.until is None:
                return None
            day = entry.until + timedelta(days=1)
    return day if wanted.until is None or day <= wanted.until else None
