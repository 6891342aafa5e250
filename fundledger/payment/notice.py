"""A public notice (公示) of batches: names masked, and of what is nobody's business sums alone.

It holds what the rules of publicity permit and nothing else: committee, masked name, category,
amount and month; no number, account, phone, address or illness of anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.ledger.batches.states import LineState
from fundledger.people import committee_of, mask_name

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.batches.paylist import PaymentLine
    from fundledger.people.vault import Person

_FULL_AGE = 18
_SATURDAY = 5
_NOT_TOLD = frozenset({LineState.DROPPED, LineState.CANCELLED})


class Named(NamedTuple):
    """Somebody of the notice: the committee they belong to, the masked name, and what they get."""

    committee: str
    name: str
    category: str
    month: str
    amount_fen: int


class InSum(NamedTuple):
    """Those of a category and month whom the notice does not name.

    `people` and `amount_fen` are None where they are too few; `minors` are those under age of a
    category that names all others.
    """

    category: str
    month: str
    minors: bool
    people: int | None
    amount_fen: int | None


class Notice(NamedTuple):
    """What is published of some batches."""

    named: tuple[Named, ...]
    in_sum: tuple[InSum, ...]


def published(
    batch: Batch, lines: Iterable[PaymentLine], charter: FundCharter
) -> list[PaymentLine]:
    """Return the lines of a batch that a notice tells.

    Raises:
        Refused: FL717, the rules do not say whom a notice may not name; FL718, there is nothing to
            be published of the batch.

    """
    fund = charter.fund.id
    if charter.controls.notice_in_sum is None:
        raise Refused(Finding("FL717", fund, {}, fund, gates=True))
    told = [line for line in lines if batch.standing(line.line).state not in _NOT_TOLD]
    reason = "reissue" if batch.kind == "reissue" else "" if told else "nothing"
    if reason:
        raise Refused(Finding("FL718", batch.id, {"reason": reason}, fund, gates=True))
    return told


def notice_of(
    charter: FundCharter,
    lines: Mapping[str, Sequence[PaymentLine]],
    people: Mapping[str, Person],
    on: date,
) -> Notice:
    """Return what is published of the lines of some batches, as of the first day of the notice.

    Named are all but those of the budget lines that the rules give in sum, and who is under age;
    of fewer people than the rules allow neither number nor sum is given.  Rows stand by committee,
    so that their order says nothing of what is masked.

    Raises:
        Refused: FL790, the vault knows no such person.  Nobody is named.

    """
    fund, controls = charter.fund.id, charter.controls
    zh = {category.line: category.zh for category in charter.categories}
    hidden = frozenset(controls.notice_in_sum or ())
    named: list[Named] = []
    sums: dict[tuple[str, str, bool], list[PaymentLine]] = {}
    missing = []
    for batch, line in ((batch, line) for batch, own in lines.items() for line in own):
        person = people.get(line.person)
        budget_line = f"{line.unit}:{line.category}"
        category = zh.get(budget_line, line.category)
        if person is None:
            details = {"batch": batch, "person": line.person}
            missing.append(Finding("FL790", line.line, details, fund, gates=True))
        elif budget_line in hidden or _under_age(person, on):
            key = category, line.period, budget_line not in hidden
            sums.setdefault(key, []).append(line)
        else:
            where = committee_of(person)
            who = mask_name(person.name)
            named.append(Named(where, who, category, line.period, line.amount_fen))
    if missing:
        raise Refused(missing)
    in_sum = (
        InSum(category, month, minors, *_counted(own, controls.notice_least_people))
        for (category, month, minors), own in sorted(sums.items())
    )
    return Notice(tuple(sorted(named)), tuple(in_sum))


def working_days(first: date, last: date) -> int:
    """Return how many days from Monday to Friday there are, from one day to another."""
    days = (last - first).days + 1
    return sum((first + timedelta(n)).weekday() < _SATURDAY for n in range(days))


def _counted(lines: list[PaymentLine], least: int) -> tuple[int | None, int | None]:
    """Return how many people get how much together, or nothing of either if they are too few."""
    people = len({line.person for line in lines})
    if people < least:
        return None, None
    return people, sum(line.amount_fen for line in lines)


def _under_age(person: Person, on: date) -> bool:
    born = person.identity.born
    if born is None:
        return False
    birthday = (born.month, born.day) <= (on.month, on.day)
    return on.year - born.year - (not birthday) < _FULL_AGE
