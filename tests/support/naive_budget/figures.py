"""The steps of every line, from what was paid to the figure, as `docs/budget.md` tells them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from fundledger.budget.inputs import Need
from fundledger.charter import BudgetRules, Charter
from support.naive_budget.past import Past, mean, months_between

Key = tuple[str, str, str]
TEN_THOUSAND = 10_000
NOTHING = Fraction(0)


@dataclass
class Figures:
    """What a line comes to: its steps by name, or the codes of all that it waits for.

    `steps` has those that are nothing as well; `rest` is what the rest of the year takes.  `told`
    are codes of what is pointed out and leaves the figure as it is.
    """

    key: Key
    steps: dict[str, Fraction] = field(default_factory=dict)
    base: Fraction = NOTHING
    decision: str = ""
    proposed_fen: int = 0
    carry_over_fen: int = 0
    rest: Fraction = NOTHING
    waits: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    def sum(self) -> Fraction:
        """Return what the steps so far come to."""
        return sum(self.steps.values(), NOTHING)


@dataclass(frozen=True)
class Desk:
    """One line of a year's budget and all that tells it; `duplicates` persons leave its need."""

    charter: Charter
    rules: BudgetRules
    past: Past
    key: Key
    in_force: bool
    need: Need | None
    duplicates: int

    @property
    def line(self) -> str:
        """Unit and category as the rules write them."""
        return f"{self.key[1]}:{self.key[2]}"

    @property
    def year(self) -> int:
        """The year of the budget."""
        return self.past.year + 1

    @property
    def rigid(self) -> bool:
        """Whether it is an entitlement."""
        remits = (*self.charter.categories, *self.charter.joint_rounds)
        kind = next(remit.kind for remit in remits if remit.line == self.line)
        rules = self.rules
        chosen = rules.treatment_entitlement if kind == "C" else rules.treatment_discretion
        return chosen == "rigid"

    def figures(self) -> Figures:
        """Return the steps of the line and what they come to."""
        found = Figures(self.key)
        past, steps = self.past, found.steps
        steps["actual"] = Fraction(past.actual())
        steps["one-offs"] = Fraction(-past.one_offs())
        steps["arrears-paid"] = Fraction(-past.arrears_paid())
        steps["arrears-due"] = Fraction(past.arrears_due())
        if not self.in_force:
            found.base = found.sum()
            self.decide(found)
            self.round_off(found)
            return found
        self.tell_rest(found)
        twelve_months = found.sum()
        self.tell_drivers(found)
        untold, told = bool(found.waits), found.sum()
        self.take_own(found, "before-gap")
        found.base = found.sum()
        if found.base <= 0 < told:
            found.waits.add("FL561")
        self.decide(found)
        self.take_own(found, "after-gap")
        if found.sum() < 0:
            found.waits.add("FL561")
        self.round_off(found)
        found.waits |= set(self.wanting(found, untold=untold))
        found.told |= set(self.telling(found, twelve_months))
        return found

    # The rest of the year.

    def pattern(self) -> tuple[str, str, int]:
        """Return how the line runs through a year, its standard, and when its rounds begin."""
        for one in self.rules.patterns:
            if one.line == self.line:
                return one.pattern, one.rate or "", one.round_from
        return "monthly", "", 1

    def tell_rest(self, found: Figures) -> None:
        """Add what the rest of the year takes, by the pattern of the line."""
        pattern, _, round_from = self.pattern()
        left = 12 - self.past.months
        told: Fraction | str
        given = [
            Fraction(one.amount_fen)
            for one in self.rules.rests
            if (one.fund, one.unit, one.category) == self.key
            and one.after == f"{self.past.cut_off:%Y-%m}"
        ]
        if self.past.since > f"{self.past.cut_off:%Y-%m}":
            told = NOTHING
        elif given:
            told = found.rest = given[0]
        elif pattern == "monthly":
            told = left * (self.by_heads() if self.past.lists() else self.by_mean())
            found.rest = told
        elif pattern == "event":
            told = self.by_events(left)
            found.rest = told if isinstance(told, Fraction) else NOTHING
        else:
            told, found.rest = self.by_rounds(found.sum(), round_from)
        if isinstance(told, str):
            found.waits.add(told)
            told = NOTHING
        found.steps["annualisation"] = told
        if not left:
            found.rest = NOTHING

    def by_heads(self) -> Fraction:
        """Return a month of H people at the average grant of the last month that has any."""
        months = [month for month in self.past.own_months() if self.past.heads(month)]
        grants = list(self.past.paid_to(months[-1]).values()) if months else []
        return self.past.recent_heads(self.rules.recent_months) * mean(grants)

    def by_mean(self) -> Fraction:
        """Return the mean of what came to be owed in the last months."""
        recent = self.past.recent(self.rules.recent_months)
        return mean([self.past.came_to_be_owed([month]) for month in recent])

    def by_events(self, left: int) -> Fraction | str:
        """Return what the mean of up to so many months makes of the months that are left."""
        months = self.past.recent(self.rules.event_months)
        if left and len(months) < self.rules.event_least_months:
            return "FL555"
        return left * mean([self.past.came_to_be_owed([month]) for month in months])

    def by_rounds(self, a1: Fraction, since: int) -> tuple[Fraction | str, Fraction]:
        """Return what a round makes of the year, and what the year is still to pay.

        That is the rest of this round, and of the next one what this one took before the year.
        """
        past, year = self.past, self.past.year
        cut_off = f"{year}-{past.months:02d}"

        def begins(of: int) -> str:
            return f"{of - (since > 1)}-{since:02d}"

        def ends(of: int) -> str:
            return f"{of - 1}-12" if since == 1 else f"{of}-{since - 1:02d}"

        def ending(of: int) -> str:
            return f"{of}-12" if since == 1 else ends(of)

        before = NOTHING
        if since > 1:
            if begins(year) < past.began:
                return "FL584", NOTHING
            before += past.came_to_be_owed(months_between(begins(year), f"{year - 1}-12"))
            before -= past.came_to_be_owed(months_between(begins(year + 1), cut_off))
        if cut_off >= ending(year):
            share = Fraction(1)
        else:
            by_then = whole = 0
            for of in range(int(past.first[:4]), year):
                if begins(of) >= past.first:
                    whole += past.came_to_be_owed(months_between(begins(of), ending(of)))
                    then = f"{of}-{past.months:02d}"
                    by_then += past.came_to_be_owed(months_between(begins(of), then))
            least = Fraction(self.rules.seasonal_least_basis_points, TEN_THOUSAND)
            if whole <= 0 or Fraction(by_then, whole) < least:
                return "FL554", NOTHING
            share = Fraction(by_then, whole)
        round_of_year = a1 + before
        rest = round_of_year / share - round_of_year
        return round_of_year / share - a1, rest + max(before, NOTHING)

    # Standard and heads.

    def tell_drivers(self, found: Figures) -> None:
        """Add the effects of the standard and of heads, where lists pay the line."""
        pattern, rate, _ = self.pattern()
        found.steps["standard"] = found.steps["headcount"] = NOTHING
        if pattern != "monthly" or not self.past.lists():
            return
        year, months = self.past.year, self.past.months
        people = self.past.recent_heads(self.rules.recent_months)
        by_month = [Fraction(self.past.heads(month)) for month in self.past.own_months()]
        by_month += [people] * (12 - months)
        person_months = sum(by_month, NOTHING)
        if rate:
            before = [self.standard(rate, date(year, month, 1)) for month in range(1, 13)]
            after = [self.standard(rate, date(year + 1, month, 1)) for month in range(1, 13)]
            weighted = sum((p * s for p, s in zip(by_month, before, strict=True)), NOTHING)
            found.steps["standard"] = person_months * sum(after, NOTHING) / 12 - weighted
        if person_months:
            ratio = 12 * people / person_months - 1
            found.steps["headcount"] = found.sum() * ratio

    def standard(self, slug: str, on: date) -> Fraction:
        """Return the standard on a day: the last one published by then, with its assumed rises."""
        published = [rate for rate in self.charter.rates if rate.slug == slug]
        by_then = [rate for rate in published if rate.from_date <= on]
        last = max(by_then, key=lambda rate: rate.from_date)
        amount = Fraction(last.amount_fen)
        if last.from_date == max(rate.from_date for rate in published):
            for rise in self.rules.uplifts:
                if rise.rate == slug and last.from_date < rise.from_date and rise.holds(on):
                    amount *= Fraction(TEN_THOUSAND + rise.basis_points, TEN_THOUSAND)
        return amount

    # From the base to the figure.

    def take_own(self, found: Figures, place: str) -> None:
        """Add the office's own steps of a place, in the order of its rules."""
        for step in self.rules.steps:
            meets = step.from_date <= date(self.year, 12, 31) and (
                step.until is None or step.until >= date(self.year, 1, 1)
            )
            named = (step.fund, step.unit, step.category)
            ours = all(one in {None, own} for one, own in zip(named, self.key, strict=True))
            if not (step.place == place and meets and ours):
                continue
            if step.type == "fixed":
                amount = Fraction(step.amount_fen or 0)
            elif step.type == "share":
                amount = found.sum() * Fraction(step.basis_points or 0, TEN_THOUSAND)
            elif self.past.lists():
                heads = self.past.recent_heads(self.rules.recent_months)
                amount = (step.amount_fen or 0) * heads * (step.months or 0)
            else:
                found.waits.add("FL561")
                continue
            found.steps[f"own:{step.slug}"] = amount

    def decide(self, found: Figures) -> None:
        """Add what of the gap is accepted, and take off who was declared twice."""
        base, need = found.base, self.need
        if need is None or not self.in_force:
            found.decision = "discontinued"
            found.steps["accepted-gap"], found.steps["duplicates"] = -base, NOTHING
            return
        gap = need.amount_fen - base
        off = Fraction(self.duplicates * need.standard_fen * need.times)
        if base <= 0 and need.amount_fen:
            found.decision, accepted = "new", gap
        elif not need.amount_fen:
            found.decision = "discontinued" if base > 0 else "as-declared"
            accepted = gap
        elif self.rigid:
            found.decision, accepted = "rigid", gap
        elif gap - off <= 0:
            found.decision, accepted = "as-declared", gap
        else:
            backed = Fraction(need.evidenced_fen, need.amount_fen) * (gap - off)
            tolerated = base * Fraction(self.rules.tolerance_basis_points, TEN_THOUSAND)
            cap = base * Fraction(self.rules.cap_basis_points, TEN_THOUSAND)
            accepted = min(gap - off, max(tolerated, backed), cap) + off
            found.decision = "as-declared" if accepted == gap else "capped"
        found.steps["accepted-gap"], found.steps["duplicates"] = accepted, -off

    def round_off(self, found: Figures) -> None:
        """Round to whole units, or take the figure that was decided by hand as it is."""
        by_hand = [
            one.amount_fen
            for one in self.rules.overrides
            if (one.fund, one.unit, one.category) == self.key and one.year == self.year
        ]
        figure, unit = found.sum(), self.rules.rounding_unit_fen
        found.steps["override"] = NOTHING
        if by_hand and self.need is not None and self.in_force:
            found.decision = "overridden"
            found.steps["override"], rounded = by_hand[0] - figure, by_hand[0]
        else:
            rules = self.rules
            way = rules.rounding_rigid if self.rigid else rules.rounding_discretionary
            units = figure / unit
            rounded = unit * (math.ceil(units) if way == "up" else math.floor(units + HALF))
        found.steps["rounding"] = rounded - found.sum()
        found.proposed_fen = rounded

    # What a line waits for, and what is pointed out.

    def off_heads(self, basis_points: int) -> bool:
        """Whether the declared persons lie off the recent heads of the lists by more than that."""
        if self.need is None or not self.past.lists():
            return False
        heads = self.past.recent_heads(self.rules.recent_months)
        far = abs(self.need.persons - heads) if self.need.amount_fen and heads else 0
        return far > heads * Fraction(basis_points, TEN_THOUSAND)

    def coded(self) -> bool:
        """Whether the explanation begins with a reason code, of which E wants words."""
        said = self.need.explanation if self.need else ""
        codes = {reason.code for reason in self.rules.reasons}
        return said[:1] in codes and (said[:1] != "E" or len(said) > 1)

    def worded(self) -> bool:
        """Whether words explain the need, beside a reason code."""
        said = self.need.explanation if self.need else ""
        codes = {reason.code for reason in self.rules.reasons}
        return bool(said[1:] if said[:1] in codes else said)

    def wanting(self, found: Figures, *, untold: bool) -> Iterator[str]:
        """Yield the codes of what the form lacks before there is a figure."""
        if self.need is None or not self.in_force:
            return
        unpaid = untold and found.steps["actual"] <= 0 and self.need.amount_fen
        if (found.decision == "new" or unpaid) and not re.search(r"\d", self.need.basis):
            yield "FL542"
        tie = self.rules.headcount_tie_basis_points
        if self.rigid and self.off_heads(tie) and not self.coded():
            yield "FL556"

    def telling(self, found: Figures, twelve_months: Fraction) -> Iterator[str]:
        """Yield the codes of large gaps and changes."""
        need, base, rules = self.need, found.base, self.rules
        if need is None or not self.in_force:
            return
        if self.off_heads(rules.headcount_guard_basis_points):
            yield "FL557"
        if base <= 0:
            return
        share = Fraction(rules.change_guard_basis_points, TEN_THOUSAND)
        off = need.amount_fen / base - 1
        leap = found.proposed_fen / (twelve_months if twelve_months > 0 else base) - 1
        by_hand = found.decision == "overridden"
        if abs(leap) > share and not self.worded() and not by_hand:
            yield "FL544"
            return
        tolerance = Fraction(rules.tolerance_basis_points, TEN_THOUSAND)
        if self.rigid and abs(off) > tolerance and not self.coded() and not by_hand:
            yield "FL543"


HALF = Fraction(1, 2)
