"""The yearly budget worked out a second time, slowly, from its description alone.

Written from `docs/budget.md` (and `docs/batches.md`, `docs/postings.md` for what a voucher means),
with nothing of the derivation in `fundledger/budget`: every payment is followed by itself, from the
day on which it came to be owed to where it stands, and every sum is taken over days.
"""

from __future__ import annotations

from datetime import date

from fundledger.budget.inputs import Need
from fundledger.budget.needs import read_needs
from fundledger.budget.places import places_of, remits_of
from fundledger.charter import Charter
from fundledger.office import Office
from support.naive_budget.figures import Desk, Figures, Key
from support.naive_budget.ledger import Ledger
from support.naive_budget.lots import Accounts, carried_over
from support.naive_budget.past import Past, whole_months

__all__ = ["Figures", "Key", "naive_budget"]


def naive_budget(office: Office, year: int, as_of: date) -> dict[Key, Figures]:
    """Return what each line comes to that was budgeted, paid or declared."""
    charter, rules = office.charter, office.budget_rules
    months = whole_months(year - 1, as_of)
    needs, missing = declared_needs(office, year)
    leave = twice(charter, needs, year)
    found: dict[Key, Figures] = {}
    for fund in charter.funds:
        ledger = Ledger.of(office.fund(fund.id))
        named = {one.voucher for one in rules.one_offs if one.fund == fund.id}
        named |= {voucher.ref for voucher in ledger.vouchers if "one-off" in voucher.links}
        for line in dict.fromkeys((one.unit, one.category) for one in fund.purposes):
            key: Key = (fund.id, *line)
            own = [one for one in fund.purposes if (one.unit, one.category) == line]
            since = min(f"{one.from_date:%Y-%m}" for one in own)
            in_force = any(
                one.from_date <= date(year, 12, 31)
                and (one.until is None or one.until >= date(year, 1, 1))
                for one in own
            )
            past = Past(ledger, line, year - 1, months, named, ledger.began, since)
            need = needs.get(key)
            if need is None and not past.concerned():
                continue
            desk = Desk(charter, rules, past, key, in_force, need, leave.get(key, 0))
            figures = found[key] = desk.figures()
            if in_force and line[0] in missing:
                figures.waits.add("FL540")
            elif in_force and need is None:
                figures.waits.add("FL541")
            if fund.carry_over == "keep":
                least = year - office.charter.controls.carry_over_years
                accounts = Accounts(ledger, line, past.cut_off)
                left = carried_over(accounts, year - 1, figures.rest, least)
                figures.carry_over_fen = min(left, figures.proposed_fen)
    return found


def declared_needs(office: Office, year: int) -> tuple[dict[Key, Need], set[str]]:
    """Return what was declared by line, and the units that handed nothing in."""
    places = places_of(office.charter, office.budget_rules, year)
    remits = remits_of(office.charter, places)
    folder = office.root / "rules" / "needs" / str(year)
    said = read_needs(folder, remits, year, date(year, 12, 31))
    needs: dict[Key, Need] = {key_of(need): need for one in said for need in one.needs}
    return needs, {one.unit for one in said if not one.needs}


def key_of(need: Need) -> Key:
    """Return the line of a need."""
    return need.key.fund, need.key.unit, need.key.category


def twice(charter: Charter, needs: dict[Key, Need], year: int) -> dict[Key, int]:
    """Return how many persons leave each need because an earlier one has them already."""
    units = [*(unit.slug for unit in charter.units), "Joint"]
    order = sorted(needs.values(), key=lambda n: (n.declared, units.index(n.key.unit), n.row))
    leave: dict[Key, int] = {}
    for at, need in enumerate(order):
        gone: set[str] = set()
        for group in charter.overlap_groups:
            meets = group.from_date <= date(year, 12, 31) and (
                group.until is None or group.until >= date(year, 1, 1)
            )
            if group.exclusive and meets and need.key.line in group.categories:
                for other in order[:at]:
                    if other.key.line in group.categories and other.key.line != need.key.line:
                        gone |= need.named & other.named
        if gone and not need.explanation.startswith("D"):
            leave[key_of(need)] = len(gone)
    return leave
