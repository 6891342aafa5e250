"""How the budget of a year is used (执行进度, T5), line by line and fund by fund."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fundledger.budget.annual import YEAR_MONTHS, UntoldError
from fundledger.budget.basis import Basis
from fundledger.budget.history import FundHistory, cut_off, fund_history
from fundledger.budget.inputs import (
    History,
    LineKey,
    Names,
    Place,
)
from fundledger.budget.lines import named
from fundledger.budget.places import place_of, places_of
from fundledger.budget.spending import Spent
from fundledger.budget.watch.figures import Used, used_by_line
from fundledger.budget.watch.forecast import Outlook, outlook
from fundledger.budget.watch.model import FundStatus, LineStatus, OfficeStatus
from fundledger.budget.watch.pace import (
    Shares,
    months_passed,
    share_after,
    shares_of_earlier_years,
    span_after,
    time_progress,
)
from fundledger.budget.watch.warn import warnings_of
from fundledger.errors import InputInvalid, Refused
from fundledger.ledger.given import expect, is_day, is_year

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules, Charter
    from fundledger.ledger.books import Books
    from fundledger.office import Office
    from fundledger.reader import Reader

Progress = Callable[[str, int, int], None]
_NOT_HERE = frozenset({"FL536"})


def budget_status(
    office: Office,
    funds: Sequence[str],
    year: int,
    as_of: date,
    progress: Progress | None = None,
) -> OfficeStatus:
    """Return how the budget of a year is used at the end of a day.

    The forecast rests on the whole months before the day and is the annualisation of the proposal.
    `progress` is told fund, funds done and funds in all.

    Findings: FL585 to FL590 (see `warn.py`); FL547, and whatever the chain of a journal has.

    Raises:
        InputInvalid: FL909, an argument is of another type.
        NotFound: FL030, there is no such fund.
        CharterInvalid, JournalBroken: the rules or a journal do not hold.

    """
    expect(year=is_year(year), as_of=is_day(as_of))
    watch = Watch(office, year, as_of)
    found = []
    for done, fund in enumerate(funds):
        if progress is not None:
            progress(fund, done, len(funds))
        reader = office.fund(fund)
        found.append(watch.fund(reader, reader.books()))
    return watch.office(found)


class Watch:
    """A year and a day on which its budget is watched, and what the rules say of them.

    So that who has folded a fund's books already need not fold them once more.
    """

    def __init__(self, office: Office, year: int, as_of: date) -> None:
        """Take the rules of an office as they are now."""
        today = office.surroundings.now().date()
        self.year = year
        self.as_of = as_of
        self.charter: Charter = office.charter
        self.rules: BudgetRules = office.budget_rules
        self.places = places_of(self.charter, self.rules, year)
        self.passed = months_passed(year, as_of)
        self.progress = time_progress(self.rules.marks, self.passed)
        self.ahead = as_of > today
        self.months = 0 if as_of.year < year else YEAR_MONTHS
        self.until = date(year - 1, YEAR_MONTHS, 31)
        try:
            self.until, self.months = cut_off(year + 1, min(as_of, today), today)
        except InputInvalid:
            self.months = 0  # not one whole month has passed

    def place(self, key: LineKey) -> Place:
        """Return where a line stands in the rules, or did."""
        if key in self.places:
            return self.places[key]
        return place_of(key, self.charter, self.rules, in_force=False)

    def basis(self, fund: str, history: FundHistory) -> Basis:
        """Return what a proposal for the year after would be derived from, of one fund."""
        return Basis(
            year=self.year + 1,
            months=self.months,
            charter=self.charter,
            rules=self.rules,
            declarations=(),
            declared_before={},
            books={fund: history},
        )

    def fund(self, reader: Reader, books: Books) -> FundStatus:
        """Return how a fund's budget is used, by its books; its journal is read for its history."""
        return _fund_status(reader, books, self)

    def office(self, funds: Sequence[FundStatus]) -> OfficeStatus:
        """Return the funds together."""
        return OfficeStatus(self.year, self.as_of, self.progress, tuple(funds))


def _fund_status(fund: Reader, books: Books, at: Watch) -> FundStatus:
    fund_id = fund.id
    charter = at.charter.fund(fund_id)
    names = Names(charter.zh, charter.en)
    now = used_by_line(books, at.year, at.as_of)
    if not now:
        return FundStatus(fund_id, names, (), at.progress, None, ())
    places = {line: at.place(LineKey(fund_id, *line)) for line in now}
    try:
        history = fund_history(fund, at.year, min(at.until, at.as_of), at.rules)
    except Refused as refused:
        (first, *_) = refused.findings
        lines = tuple(
            LineStatus(places[line], now[line], at.progress, None, None, Outlook(untold=first))
            for line in now
        )
        return FundStatus(fund_id, names, lines, at.progress, None, tuple(refused.findings))
    told = at.months and not at.ahead
    then = used_by_line(books, at.year, at.until) if told else {}
    past = _Past(history, at.basis(fund_id, history), then)
    lines = tuple(_line_status(places[line], now[line], past, at) for line in now)
    own = shares_of_earlier_years(_of_all(history), history.first_month, at.year)
    found = [finding for finding in history.findings if finding.code not in _NOT_HERE]
    if at.as_of.year == at.year:
        found += [one for line in lines for one in warnings_of(line, at.as_of, at.rules)]
    share = None if own is None else share_after(own, at.passed)
    return FundStatus(fund_id, names, lines, at.progress, share, tuple(found))


@dataclass(frozen=True, slots=True)
class _Past:
    """What a fund's books say of the months that are over, and how its lines stood after them."""

    history: FundHistory
    basis: Basis
    then: Mapping[tuple[str, str], Used]


def _line_status(place: Place, now: Used, past: _Past, at: Watch) -> LineStatus:
    line = (place.key.unit, place.key.category)
    first = max(past.history.first_month, place.since)
    shares = shares_of_earlier_years(past.history.spent.get(line, {}), first, at.year)
    own = span = None
    if shares is not None:
        own, span = share_after(shares, at.passed), span_after(shares, at.passed)
    seen = _outlook(place, now, past, at, shares)
    return LineStatus(place, now, at.progress, own, span, seen)


def _outlook(place: Place, now: Used, past: _Past, at: Watch, shares: Shares | None) -> Outlook:
    """Return how the year of a line ends, by the facts that the proposal would be derived from."""
    if at.ahead or not at.months:
        code = "FL592" if at.ahead else "FL591"
        return Outlook(untold=named(code, place, as_of=at.as_of.isoformat(), year=at.year))
    line = (place.key.unit, place.key.category)
    facts = past.basis.facts(place, past.history.lines.get(line, History()))
    then = past.then.get(line, Used())
    try:
        return outlook(
            facts, place.pattern, at.rules, then=then, now=now, day=at.as_of, shares=shares
        )
    except UntoldError as error:
        return Outlook(untold=named(error.code, place, amount_fen=None, **error.inputs))


def _of_all(history: FundHistory) -> Mapping[str, Spent]:
    """Return what all lines of a fund spent by month."""
    sums: dict[str, Spent] = {}
    for months in history.spent.values():
        for month, one in months.items():
            own = sums.get(month, Spent(0, 0))
            sums[month] = Spent(own.fen + one.fen, own.one_off_fen + one.one_off_fen)
    return sums
