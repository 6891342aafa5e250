"""On time and in full (如期拨付，足额到位): what was approved for a month, and what of it was paid.

An entitlement counts once, as its last approved line stands: what was paid once more counts in the
place of what came back, and what was listed anew in the place of what was given up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from fundledger.ledger.batches.batch import Batch, summed
from fundledger.ledger.batches.files import Problem, Shelf, Unfit, lines_in
from fundledger.ledger.batches.paylist import LineTotal, PaymentLine, number_of, root_of
from fundledger.ledger.batches.states import LineState, Standing

if TYPE_CHECKING:
    from fundledger.charter.duties import Controls

WHOLE = 10_000
"""All of something, in basis points."""

_NEVER_APPROVED = frozenset({LineState.PLANNED, LineState.DROPPED})
NOT_COUNTED = _NEVER_APPROVED | {LineState.REISSUED}
"""States in which a line stands for no entitlement: never approved, or replaced by another."""

_RECEIVED = frozenset(
    {LineState.PAID, LineState.RECOVERABLE, LineState.RECOVERED, LineState.WRITTEN_OFF}
)
_GIVEN_UP = frozenset({LineState.CANCELLED, LineState.UNCLAIMED, LineState.REMITTED})
_LISTED_ANEW = _GIVEN_UP | {LineState.RECOVERED}
"""States after which another line may be listed for the same entitlement."""


class BatchShelf(Shelf, Protocol):
    """The batches of a fund, all of them."""

    def batches(self) -> list[Batch]:
        """Return every batch in the order of preparing."""

    def periods(self) -> dict[tuple[str, str], list[str]]:
        """Return the months that each batch pays, by its id and the category."""


class Tally(NamedTuple):
    """How much was approved, and what became of it: payments and fen each.

    `paid` reached the payee; `due` are those whose due day has passed, `on_time` those of them that
    the bank debited by then and that are paid; `given_up` were cancelled or not claimed.
    """

    approved: LineTotal
    paid: LineTotal
    due: LineTotal
    on_time: LineTotal
    given_up: LineTotal

    @property
    def open(self) -> LineTotal:
        """What was approved and is neither paid nor given up."""
        return LineTotal(
            self.approved.payments - self.paid.payments - self.given_up.payments,
            self.approved.amount_fen - self.paid.amount_fen - self.given_up.amount_fen,
        )

    @property
    def timely(self) -> tuple[int | None, int | None]:
        """Timeliness (如期率) by count and by fen, in basis points; None if nothing was due yet."""
        return _shares(self.on_time, self.due)

    @property
    def full(self) -> tuple[int | None, int | None]:
        """Fullness (足额率) by count and by fen, in basis points."""
        return _shares(self.paid, self.approved)


class Paid(NamedTuple):
    """What was approved for a month of one unit's category, until when it was due, and its fate."""

    unit: str
    category: str
    month: str
    due_on: date | None
    tally: Tally


def payments_by_month(shelf: BatchShelf, controls: Controls, as_of: date) -> list[Paid]:
    """Return how the payments of each month, unit and category stand, in that order.

    `as_of` decides which due days have passed; what befell the lines is what is known now.

    Raises:
        Unfit: FL751, a list that has to be read is not there or not as it was.

    """
    periods = shelf.periods()
    found: dict[tuple[str, str, str], list[tuple[Standing, LineTotal]]] = {}
    for batch in shelf.batches():
        for line, month, standing, total in standings(shelf, batch, periods):
            if standing.state not in NOT_COUNTED:
                unit, _, category = line.partition(":")
                found.setdefault((month, unit, category), []).append((standing, total))
    rows = []
    for (month, unit, category), stood in sorted(found.items()):
        due_on = controls.due_on(f"{unit}:{category}", month)
        rows.append(Paid(unit, category, month, due_on, _tally(stood, due_on, as_of)))
    return rows


def standings(
    shelf: BatchShelf, batch: Batch, periods: dict[tuple[str, str], list[str]]
) -> Iterator[tuple[str, str, Standing, LineTotal]]:
    """Yield `Unit:Category`, month, standing and total of the lines of a batch that stand alike.

    Where each category has one month and nothing was given up, totals say it all and no list is
    read.  A line that another was approved in place of is left out.

    Raises:
        Unfit: FL751, a list that has to be read is not there or not as it was.

    """
    if batch.unread:
        raise Unfit(Problem("FL751", batch.id, {"reason": "unread"}))
    months = {key: periods[batch.id, key.partition(":")[2]] for key in batch.totals}
    listed_anew = any(standing.state in _LISTED_ANEW for standing, _, _ in batch.groups())
    if not listed_anew and all(len(of_key) == 1 for of_key in months.values()):
        for standing, key, total in batch.groups():
            yield key, months[key][0], standing, total
        return
    lines = lines_in(shelf, batch.list)
    last = _last_numbers(shelf, batch, lines) if listed_anew else {}
    sums: dict[tuple[str, str, Standing], list[LineTotal]] = {}
    for line in lines:
        if last.get(root_of(line.line), -1) <= number_of(line.line):
            alike = f"{line.unit}:{line.category}", line.period, batch.standing(line.line)
            sums.setdefault(alike, []).append(LineTotal(1, line.amount_fen))
    for (name, month, standing), totals in sums.items():
        yield name, month, standing, summed(totals)


def _last_numbers(shelf: BatchShelf, batch: Batch, lines: Iterable[PaymentLine]) -> dict[str, int]:
    """Return the number of the last approved line of each entitlement of a batch, by its root."""
    keys = sorted({(line.category, line.period) for line in lines})
    names = dict.fromkeys(name for key in keys for name in shelf.batches_of(*key))
    last: dict[str, int] = {}
    for name in names:
        other = shelf.batch(name)
        if other is None or other.unread or other.sequence <= batch.sequence:
            continue
        for line in lines_in(shelf, other.list):
            if other.standing(line.line).state not in _NEVER_APPROVED:
                root = root_of(line.line)
                last[root] = max(number_of(line.line), last.get(root, -1))
    return last


def is_paid(standing: Standing) -> bool:
    """Whether the payee has the money: the bank says so, or took it and says nothing else."""
    sent = standing.state is LineState.EXPORTED and bool(standing.debited_on)
    return sent or standing.state in _RECEIVED


def month_from(month: str, months: int) -> str:
    """Return the month that is so many after one such as `2026-03`, or before it."""
    year, place = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + months, 12)
    return f"{year:04d}-{place + 1:02d}"


def summed_tallies(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of several tallies."""
    parts = list(tallies)
    return Tally(*(summed(own) for own in zip(*parts, strict=True))) if parts else Tally(*_NOTHING)


_NOTHING = (LineTotal(0, 0),) * len(Tally._fields)


def _tally(stood: Iterable[tuple[Standing, LineTotal]], due_on: date | None, as_of: date) -> Tally:
    passed = due_on is not None and due_on < as_of
    until = due_on.isoformat() if due_on is not None else ""
    parts: list[list[LineTotal]] = [[] for _ in Tally._fields]
    for standing, total in stood:
        paid = is_paid(standing)
        on_time = passed and paid and "" < standing.debited_on <= until
        holds = (True, paid, passed, on_time, standing.state in _GIVEN_UP)
        for totals, held in zip(parts, holds, strict=True):
            totals.extend([total] * held)
    return Tally(*map(summed, parts))


def _shares(part: LineTotal, whole: LineTotal) -> tuple[int | None, int | None]:
    """Return a share by count and by fen in basis points, rounded down: all is only all."""
    if not whole.payments:
        return None, None
    return (
        WHOLE * part.payments // whole.payments,
        WHOLE * part.amount_fen // whole.amount_fen,
    )
