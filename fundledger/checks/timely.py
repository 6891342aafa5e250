"""On time and in full: what was listed or paid late, and what was approved and never paid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from fundledger.checks.catalogue import Gates, Hits, check
from fundledger.ledger.batches.batch import Batch
from fundledger.ledger.batches.files import Unfit, lines_in
from fundledger.ledger.batches.paylist import LineTotal
from fundledger.ledger.batches.states import LineState, Standing
from fundledger.ledger.batches.timely import is_paid, month_from, standings
from fundledger.ledger.books import Books

_NOT_PAID_YET = frozenset({LineState.APPROVED, LineState.EXPORTED})


@check("FL798", Gates.NEVER)
def paid_late(books: Books, as_of: date) -> Hits:
    """What is paid for a month is paid until its due day (如期拨付).

    What failed or came back has its own time to be paid again (FL796).
    """
    del as_of
    for batch, month, due_on, stood in _by_due_day(books):
        until = due_on.isoformat()
        late = [
            (standing.debited_on, total)
            for standing, total in stood
            if is_paid(standing) and standing.debited_on > until
        ]
        if late:
            last = max(on for on, _ in late)
            days = (date.fromisoformat(last) - due_on).days
            yield batch.id, {**_said(batch, month, due_on, late), "paid": last, "days": days}


@check("FL799", Gates.NEVER)
def approved_and_unpaid(books: Books, as_of: date) -> Hits:
    """What is approved is paid: past its due day nothing waits unsent, or unanswered (应付未付).

    What failed is due once more within the days of a reissue, and so is a reissue of what failed or
    came back.  What the bank says that it does not know is asked after, and for what came back its
    payee is looked for, in times of their own (FL796).
    """
    periods = books.periods()
    again = timedelta(days=books.charter.controls.reissue_days)
    for batch in books.batches():
        found: dict[tuple[str, date], list[tuple[str, LineTotal]]] = {}
        try:
            for line, month, since, total in _unpaid(books, batch, periods):
                due_on = books.charter.controls.due_on(line, month)
                if due_on is not None:
                    until = max(due_on, date.fromisoformat(since) + again) if since else due_on
                    found.setdefault((month, until), []).append(("", total))
        except Unfit:
            continue
        for (month, until), of in sorted(found.items(), key=lambda one: one[0]):
            if until < as_of:
                yield batch.id, {**_said(batch, month, until, of), "days": (as_of - until).days}


def _unpaid(
    books: Books, batch: Batch, periods: dict[tuple[str, str], list[str]]
) -> Iterator[tuple[str, str, str, LineTotal]]:
    """Yield `Unit:Category`, month and total of what is not paid, and since when that is again.

    The day is that on which it failed, or what is paid once more came back; '' if it is paid first.
    """
    if batch.kind == "payment":
        for line, month, standing, total in standings(books, batch, periods):
            if _waits(standing):
                yield line, month, "", total
            elif _failed(standing):
                yield line, month, max(batch.exported_on, standing.last_on), total
        return
    left = {standing.state for standing, _, _ in batch.groups()}
    if batch.unread or left.isdisjoint(_NOT_PAID_YET | {LineState.FAILED}):
        return
    for one in lines_in(books, batch.list):
        standing, parent = batch.standing(one.line), batch.parents.get(one.line)
        since = parent.standing.last_on if parent is not None else ""
        if _failed(standing):
            since = max(batch.exported_on, standing.last_on)
        elif not _waits(standing):
            continue
        total = LineTotal(1, one.amount_fen)
        yield f"{one.unit}:{one.category}", one.period, since or batch.approved_on, total


def _failed(standing: Standing) -> bool:
    """Whether a line failed and may be paid again: what the bank still has is its to move."""
    return standing.state is LineState.FAILED and not standing.owed_by_bank


def _waits(standing: Standing) -> bool:
    return standing.state in _NOT_PAID_YET and not standing.debited_on


@check("FL710", Gates.NEVER)
def list_not_handed_in(books: Books, as_of: date) -> Hits:
    """A unit that had a list for each of the two months before has one until its list day.

    What was rejected or withdrawn whole is no list.  Of rounds, and of what is not paid for any
    more, none is waited for.
    """
    for line, months in sorted(_listed_months(books).items()):
        for month in sorted(_missing(months)):
            listed_on = books.charter.controls.listed_on(line, month)
            if listed_on is None or listed_on >= as_of or not _goes_on(books, line, month):
                continue
            details = {"unit": line.partition(":")[0], "line": line, "month": month}
            late = {"listed": listed_on.isoformat(), "days": (as_of - listed_on).days}
            yield line, {**details, **late}


def _listed_months(books: Books) -> dict[str, set[str]]:
    """Return the months that payment batches pay, by `Unit:Category`; none while one is unread."""
    periods = books.periods()
    found: dict[str, set[str]] = {}
    for batch in books.batches():
        if batch.unread:
            return {}
        if batch.kind == "payment":
            for standing, line, _ in batch.groups():
                if standing.state is not LineState.DROPPED:
                    months = periods.get((batch.id, line.partition(":")[2]), ())
                    found.setdefault(line, set()).update(months)
    return found


def _missing(months: set[str]) -> set[str]:
    """Return the months without a list that follow on two with one."""
    after = {month: month_from(month, 1) for month in months}
    return {after[then] for month, then in after.items() if then in months} - months


def _goes_on(books: Books, line: str, month: str) -> bool:
    """Whether a budget line is paid every month, and still in that one."""
    first = date.fromisoformat(f"{month}-01")
    fund = books.charter.fund
    paid = any(purpose.line == line and purpose.holds(first) for purpose in fund.purposes)
    closed = fund.closed is not None and fund.closed < first
    return paid and not closed and line not in books.charter.controls.festival_lines


def _by_due_day(
    books: Books,
) -> Iterator[tuple[Batch, str, date, list[tuple[Standing, LineTotal]]]]:
    """Yield the lines of each batch and month that have one due day.

    A batch whose list is gone is left out, for every audit tells it (FL751).
    """
    periods = books.periods()
    for batch in books.batches():
        if batch.kind != "payment":
            continue
        found: dict[tuple[str, date], list[tuple[Standing, LineTotal]]] = {}
        try:
            for line, month, standing, total in standings(books, batch, periods):
                due_on = books.charter.controls.due_on(line, month)
                if due_on is not None:
                    found.setdefault((month, due_on), []).append((standing, total))
        except Unfit:
            continue
        for (month, due_on), stood in sorted(found.items(), key=lambda one: one[0]):
            yield batch, month, due_on, stood


def _said(
    batch: Batch, month: str, due_on: date, of: Sequence[tuple[str, LineTotal]]
) -> dict[str, str | int]:
    return {
        "batch": batch.id,
        "month": month,
        "due": due_on.isoformat(),
        "count": sum(total.payments for _, total in of),
        "amount_fen": sum(total.amount_fen for _, total in of),
    }
