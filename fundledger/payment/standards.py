"""Amounts held against the published standards (救助标准): who is to get more for one month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from fundledger.findings import Finding

if TYPE_CHECKING:
    from fundledger.charter.models import Rate

_OF_A_MONTH = "person-month"
_SHOWN = 20


class Due(NamedTuple):
    """What a line is to pay: where it stands, its budget line such as `CASC:Dibao`, month, fen."""

    place: str
    line: str
    period: str
    amount_fen: int


def standard_fen(rates: Iterable[Rate], line: str, period: str) -> int | None:
    """Return the highest standard of a budget line for a person and a month such as `2026-03`.

    By the standards that hold on the first day of that month; None where there is none.
    """
    first = date.fromisoformat(f"{period}-01")
    return max(
        (
            rate.amount_fen
            for rate in rates
            if rate.category == line and rate.unit == _OF_A_MONTH and rate.holds(first)
        ),
        default=None,
    )


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
        places = [due.place for due in above]
        more = ", …" if len(places) > _SHOWN else ""
        details = {"line": line, "period": period, "count": len(above)}
        shown = {"places": ", ".join(places[:_SHOWN]) + more, "standard_fen": known[line, period]}
        highest_fen = max(due.amount_fen for due in above)
        yield Finding("FL707", subject, {**details, **shown}, amount_fen=highest_fen)
