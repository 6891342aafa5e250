"""How many people the payment lists pay, by budget line and month, and what they get."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from fundledger.budget.facts import Heads
from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.ledger.batches.files import Problem, Unfit, bytes_of, lines_in
from fundledger.ledger.batches.paylist import root_of
from fundledger.ledger.batches.prepare import PREPARE
from fundledger.ledger.batches.states import NO_EXPENSE, STEPS
from fundledger.ledger.bodies import BatchBody

if TYPE_CHECKING:
    from datetime import date

    from fundledger.ledger.batches.paylist import PaymentLine
    from fundledger.ledger.books import Books
    from fundledger.ledger.record import Record
    from fundledger.ledger.shelf import BatchesAlone

_PERIOD = re.compile(rb",(\d{4}-\d\d),", re.ASCII)
"""The month of a line: nothing else of a list is of that form."""


_TURNS = frozenset(slug for slug, step in STEPS.items() if step.after in NO_EXPENSE)
"""The steps that make a line no expense, beside the approval of what pays it once more."""


class BatchRecord(NamedTuple):
    """A record of a batch, and what it says."""

    record: Record
    body: BatchBody


def heads_by_line(
    batches: BatchesAlone,
    records: Sequence[BatchRecord],
    year: int,
    until: date,
    without: Collection[str] = (),
) -> dict[tuple[str, str], tuple[Heads, ...]]:
    """Return the persons and fen of each month of a year that lists pay, by unit and category.

    Counted are the lines of batches that were approved by the day `until`, each person once a
    month, but for those of batches in `without`.  `records` are folded into `batches`, which has
    none yet, as far as the year needs them; where nothing of a list was given up, its approval is
    taken at its word, as vouchers are.
    Each list that was approved is held against its digest, whatever months it pays.

    Raises:
        Refused: FL751, a list or another file of a batch is not there, or not as it was.

    """
    last = until.isoformat()
    with _held_lists(batches.fund):
        approved = {body.batch for _, body in records if body.step == "approve" and body.on <= last}
        months_paid = _months_paid(batches, records, approved)
        wanted = _wanted(months_paid, year)
        followed = _followed(records, {batch: months_paid[batch] for batch in wanted})
        for record, body in records:
            # what befell later is not so yet, such as a payment made again
            if body.batch in followed and body.on <= last:
                batches.take(record, body)
            elif body.step == PREPARE:
                batches.pass_over(body)
        whole = (approved & wanted) - followed - set(without)
        lists = {
            body.batch: body.lines
            for _, body in records
            if body.step == PREPARE and body.batch in whole and body.on <= last
        }
        every = (line for name in lists.values() for line in lines_in(batches, name))
        return _counted(chain(every, _followed_lines(batches, approved, last, without)), str(year))


def reissues_of(
    batches: BatchesAlone, records: Sequence[BatchRecord], paid: Collection[str]
) -> set[str]:
    """Return the approved batches that pay once more what came back of some, and nothing else.

    Raises:
        Refused: FL751, a list of one of them is not there, or not as it was.

    """
    approved = {body.batch for _, body in records if body.step == "approve"}
    lists = {body.batch: body for _, body in records if body.step == PREPARE}
    again = [one for one in lists.values() if one.kind == "reissue" and one.batch in approved]
    with _held_lists(batches.fund):
        roots = {
            root_of(line.line)
            for name in (paid if again else ())
            for line in lines_in(batches, lists[name].lines)
        }
        return {
            one.batch
            for one in again
            if all(root_of(line.line) in roots for line in lines_in(batches, one.lines))
        }


@contextmanager
def _held_lists(fund: str) -> Iterator[None]:
    """Refuse what rests on a list that is not there, or not as it was (FL751)."""
    try:
        yield
    except Unfit as unfit:
        said = unfit.problem
        raise Refused(Finding(said.code, said.subject, said.details, fund)) from unfit


def _months_paid(
    batches: BatchesAlone, records: Iterable[BatchRecord], approved: set[str]
) -> dict[str, set[str]]:
    """Return the months that each list pays, by its batch; nothing of a lost one that waits."""
    found: dict[str, set[str]] = {}
    for _, body in records:
        if body.step == PREPARE:
            try:
                data = bytes_of(batches, body.lines)
            except Unfit:
                if body.batch in approved:
                    raise
                continue
            found[body.batch] = _months_in(data)
    return found


def _months_in(data: bytes) -> set[str]:
    """Return the months that the lines of a list pay; of most lists all pay the same one."""
    first = _PERIOD.search(data)
    if first is None:
        return set()
    if not re.search(rb",(?!%b,)\d{4}-\d\d," % first[1], data, re.ASCII):
        return {first[1].decode()}
    return {month.decode() for month in set(_PERIOD.findall(data))}


def _wanted(months_paid: Mapping[str, set[str]], year: int) -> set[str]:
    """Return the batches that pay the year, and those that pay a month which one of them pays.

    A list is read beside all that pay the same months: nobody is paid twice.
    """
    months = {month for paid in months_paid.values() for month in paid if month[:4] == str(year)}
    while True:
        wanted = {batch for batch, paid in months_paid.items() if paid & months}
        more = {month for batch in wanted for month in months_paid[batch]}
        if more <= months:
            return wanted
        months |= more


def _followed(records: Sequence[BatchRecord], months_paid: Mapping[str, set[str]]) -> set[str]:
    """Return the batches in which more than the approval says which lines are an expense.

    Some of its lines were given up; or a list of the same month pays lines once more, and whether
    it may follows from all that befell them.  Nothing else that befalls a line after its approval
    makes it no expense.
    """
    turned = {body.batch for _, body in records if body.step in _TURNS}
    again = {body.batch for _, body in records if body.kind == "reissue"} & months_paid.keys()
    months = {month for batch in again for month in months_paid[batch]}
    return {batch for batch, paid in months_paid.items() if batch in turned or paid & months}


def _followed_lines(
    batches: BatchesAlone, approved: set[str], last: str, without: Collection[str]
) -> Iterator[PaymentLine]:
    """Yield each line that is an expense of the approved lists of which all steps were taken."""
    for batch in batches.batches():
        if batch.unread and batch.id in approved:
            raise Unfit(Problem("FL751", batch.id, {"reason": "unread"}))
        if batch.approved_on and batch.approved_on <= last and batch.id not in without:
            lines = lines_in(batches, batch.list)
            if batch.apart:
                yield from (
                    one for one in lines if batch.standing(one.line).state not in NO_EXPENSE
                )
            elif batch.base.state not in NO_EXPENSE:
                yield from lines


def _counted(lines: Iterable[PaymentLine], year: str) -> dict[tuple[str, str], tuple[Heads, ...]]:
    paid: dict[tuple[str, str, str], list[PaymentLine]] = {}
    for line in lines:
        key = line.unit, line.category, line.period
        own = paid.get(key)
        if own is None:
            paid[key] = [line]
        else:
            own.append(line)
    found: dict[tuple[str, str], list[Heads]] = {}
    for (unit, category, month), own in sorted(paid.items()):
        if month.startswith(year):
            persons = {line.person for line in own}
            fen = sum([line.amount_fen for line in own])
            found.setdefault((unit, category), []).append(Heads(month, len(persons), fen))
    return {line: tuple(months) for line, months in found.items()}


def last_persons(books: Books, until: date) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return who is paid in the last month that lists pay, by unit and category, as pseudonyms.

    Raises:
        Refused: FL751, a list is not there, or not as it was.

    """
    found: dict[tuple[str, str], tuple[str, set[str]]] = {}
    with _held_lists(books.fund):
        for line in _paid_by_lists(books, until):
            key = line.unit, line.category
            month, persons = found.get(key, ("", set()))
            if line.period > month:
                month, persons = line.period, set()
            if line.period == month:
                persons.add(line.person)
            found[key] = month, persons
    return {key: tuple(sorted(persons)) for key, (_, persons) in found.items()}


def _paid_by_lists(books: Books, until: date) -> Iterator[PaymentLine]:
    for batch in books.batches():
        if batch.approved_on and batch.approved_on <= until.isoformat():
            for line in lines_in(books, batch.list):
                if batch.standing(line.line).state not in NO_EXPENSE:
                    yield line
