"""The files that batches rest on, read and held against the digest that names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from fundledger.errors import InputInvalid, NotFound, NotReadable
from fundledger.ledger.batches.batch import Batch, Facts
from fundledger.ledger.batches.outcomes import Outcome, parse_outcomes
from fundledger.ledger.batches.paylist import PaymentLine, line_in, list_digest, parse_list


class Shelf(Protocol):
    """The batches of a fund and their files, as far as steps ask for them.

    `parsed` are lists that were read already, for as long as one act lasts.  `as_recorded` takes
    lists of payments at the word of their record, as vouchers are: the gate looked at them before.
    """

    fund: str
    as_recorded: bool
    parsed: dict[str, list[PaymentLine]]

    def batch(self, name: str) -> Batch | None:
        """Return a batch by its id, or None."""

    def batches_of(self, category: str, period: str) -> list[str]:
        """Return the ids of the batches that pay a category for a period, whichever unit's."""

    def next_batch_id(self, month: str) -> str:
        """Return the id of the next batch that is prepared in a month such as `2026-03`."""

    def list_bytes(self, digest: str) -> bytes:
        """Return a file of `lists/` by its digest.

        Raises:
            NotFound: FL751, it is not there.
            NotReadable: FL973, the system would not let it be read.
            InputInvalid: FL909, that is no digest; FL603, a link or no plain file is in its place.

        """


class Problem(NamedTuple):
    """Why a record of a batch cannot stand: the code, what it is about, and details."""

    code: str
    subject: str
    details: Mapping[str, str | int]


class Unfit(Exception):  # noqa: N818 - it carries a problem, and no error of ours
    """Carries the problem that ends the look at a record."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem."""
        super().__init__(problem)
        self.problem = problem


def lines_in(shelf: Shelf, digest: str) -> list[PaymentLine]:
    """Return the lines of a payment list.

    Raises:
        Unfit: FL751, it is gone, or another, or no list.

    """
    lines = shelf.parsed.get(digest)
    if lines is None:
        data = bytes_of(shelf, digest)
        try:
            lines = list(parse_list(data))
        except ValueError as error:
            raise _of_no_form(digest, error) from error
        shelf.parsed[digest] = lines
    return lines


def outcomes_in(shelf: Shelf, digest: str) -> list[Outcome]:
    """Return the outcomes of a file of them.

    Raises:
        Unfit: FL751, it is gone, or another, or no such file.

    """
    data = bytes_of(shelf, digest)
    try:
        return list(parse_outcomes(data))
    except ValueError as error:
        raise _of_no_form(digest, error) from error


def hold_list(shelf: Shelf, batch: Batch) -> None:
    """Hold that the list of a batch is there and as it was approved, whether it is asked or not.

    Raises:
        Unfit: FL751.

    """
    if batch.list not in shelf.parsed:
        bytes_of(shelf, batch.list)


def facts_of(shelf: Shelf, batch: Batch) -> dict[str, Facts]:
    """Return what the list of a batch says of each line, in their order.

    Raises:
        Unfit: FL751, the list is gone, or another, or none.

    """
    return {
        line.line: Facts(line.unit, line.category, line.amount_fen)
        for line in lines_in(shelf, batch.list)
    }


def some_facts_of(shelf: Shelf, batch: Batch, names: Iterable[str]) -> dict[str, Facts]:
    """Return what the list of a batch says of a few lines; the rest of it is held by digest alone.

    Raises:
        Unfit: FL751, the list is gone, or another.

    """
    data = bytes_of(shelf, batch.list)
    found = ((name, line_in(data, name)) for name in names)
    return {
        name: Facts(line.unit, line.category, line.amount_fen)
        for name, line in found
        if line is not None
    }


def is_there(shelf: Shelf, digest: str) -> bool:
    """Whether a file is there, and is what its digest says."""
    try:
        bytes_of(shelf, digest)
    except Unfit:
        return False
    return True


def bytes_of(shelf: Shelf, digest: str) -> bytes:
    """Return what a file of `lists/` holds.

    Raises:
        Unfit: FL751, it is gone, or another than its digest says.

    """
    try:
        data = shelf.list_bytes(digest)
    except (NotFound, NotReadable, InputInvalid) as error:
        raise Unfit(Problem("FL751", digest, {"reason": "missing"})) from error
    if list_digest(data) != digest:
        raise Unfit(Problem("FL751", digest, {"reason": "other"}))
    return data


def _of_no_form(digest: str, error: ValueError) -> Unfit:
    return Unfit(Problem("FL751", digest, {"reason": "form", "row": int(error.args[0])}))
