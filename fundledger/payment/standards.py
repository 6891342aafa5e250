"""Amounts held against the published standards (救助标准): who is to get more for one month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from fundledger.findings import Finding

if TYPE_CHECKING:
    from fundledger.charter.models import Rate

_OF_A_PERSON = "person-month"
_OF_A_HOUSEHOLD = "household-month"
_SHOWN = 20


class Due(NamedTuple):
    """What a line is to pay: where it stands, its budget line such as `CASC:Dibao`, month, fen.

    `household` is whatever tells households apart, empty where none is named.
    """

    place: str
    line: str
    period: str
    amount_fen: int
    household: str = ""


def standard_fen(
    rates: Iterable[Rate], line: str, period: str, unit: str = _OF_A_PERSON
) -> int | None:
    """Return the highest standard of a budget line for a person and a month such as `2026-03`.

    By the standards that hold on the first day of that month; None where there is none.
    """
    first = date.fromisoformat(f"{period}-01")
    return max(
        (
            rate.amount_fen
            for rate in rates
            if rate.category == line and rate.unit == unit and rate.holds(first)
        ),
        default=None,
    )


def ceiling_fen(rates: Iterable[Rate], line: str, period: str) -> int | None:
    """Return the highest standard of a budget line for a whole household and a month."""
    return standard_fen(rates, line, period, _OF_A_HOUSEHOLD)


def above_standard(subject: str, dues: Iterable[Due], rates: Sequence[Rate]) -> Iterator[Finding]:
    """Yield FL707 for each budget line and month of which lines pay more than the standard.

    It is a warning: a household may be paid in one line, and arrears with a month.
    """
    known: dict[tuple[str, str], int | None] = {}
    found: dict[tuple[str, str], list[Due]] = defaultdict(list)
    for due in dues:
        of = (due.line, due.period)
        if of not in known:
            known[of] = standard_fen(rates, *of)
        limit_fen = known[of]
        if limit_fen is not None and due.amount_fen > limit_fen:
            found[of].append(due)
    for (line, period), above in sorted(found.items()):
        details = {"line": line, "period": period, "count": len(above)}
        places = _first(", ", [due.place for due in above])
        shown = {"places": places, "standard_fen": known[line, period]}
        highest_fen = max(due.amount_fen for due in above)
        yield Finding("FL707", subject, {**details, **shown}, amount_fen=highest_fen)


def above_ceiling(subject: str, dues: Iterable[Due], rates: Sequence[Rate]) -> Iterator[Finding]:
    """Yield FL720 for each budget line and month in which households get more than one may.

    It is a warning: arrears may be paid with a month, and a household may be large.
    """
    together: dict[tuple[str, str], dict[str, list[Due]]] = defaultdict(lambda: defaultdict(list))
    for due in dues:
        if due.household:
            together[due.line, due.period][due.household].append(due)
    for (line, period), households in sorted(together.items()):
        limit_fen = ceiling_fen(rates, line, period)
        if limit_fen is None:
            continue
        sums_fen = {name: sum(due.amount_fen for due in own) for name, own in households.items()}
        above = [name for name, fen in sums_fen.items() if fen > limit_fen]
        if above:
            places = [_first(" + ", [due.place for due in households[name]]) for name in above]
            details = {"line": line, "period": period, "count": len(above)}
            shown = {"places": _first(", ", places), "standard_fen": limit_fen}
            highest_fen = max(sums_fen[name] for name in above)
            yield Finding("FL720", subject, {**details, **shown}, amount_fen=highest_fen)


def _first(between: str, places: Sequence[str]) -> str:
    more = f"{between}…" if len(places) > _SHOWN else ""
    return between.join(places[:_SHOWN]) + more
