"""What befell which lines of a batch: one canonical text, named by its digest, written once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.batches.rows import columns_in, off_form, rows_in, rows_of
from fundledger.ledger.given import expect

HEADER = b"line,outcome,on,amount_fen,reason\n"
_FORMS = {
    "line": rb"L-[A-Z2-7]{12}(?:-[1-9]\d?)?",
    "outcome": rb"[a-z]+(?:-[a-z]+)*",
    "on": rb"\d{4}-\d\d-\d\d",
    "amount_fen": rb"[1-9]\d{0,12}",
    "reason": rb"[A-Z][A-Z0-9]{3}|",
}
_ROW = re.compile(b",".join(b"(%b)" % form for form in _FORMS.values()) + b"\n")
_ROWS = re.compile(b"(?:" + b",".join(b"(?:%b)" % form for form in _FORMS.values()) + b"\n)++")


class Outcome(NamedTuple):
    """What befell one line on a day, with how much money, and why by code.

    `outcome` is the step, or what a result says: `paid`, `failed`, `unknown`.  Its fields in this
    order are the columns of the file.
    """

    line: str
    outcome: str
    on: str
    amount_fen: int
    reason: str = ""


def render_outcomes(outcomes: Iterable[Outcome]) -> bytes:
    """Return the text of outcomes, ordered by line: the same ones always give the same bytes.

    Raises:
        InputInvalid: FL909, a field is not of its form, or a line stands there twice, by its place.

    """
    given = list(outcomes)
    try:
        return _rendered(given)
    except (TypeError, ValueError) as error:
        expect_outcomes(given)
        raise InputInvalid(Finding("FL909", "outcomes", {"field": "outcomes"})) from error


def _rendered(given: list[Outcome]) -> bytes:
    texts = [",".join(map(str, outcome)) + "\n" for outcome in sorted(given)]
    data = HEADER + "".join(texts).encode()
    if sum(1 for _ in parse_outcomes(data)) != len(texts):
        raise ValueError(len(texts))
    return data


def expect_outcomes(given: Iterable[object]) -> None:
    """Refuse the outcomes that are of no form, each by its place.

    Raises:
        InputInvalid: FL909.

    """
    expect(**{wrong.named("outcomes"): False for wrong in off_form(given, _FORMS)})


def parse_outcomes(data: bytes) -> Iterator[Outcome]:
    """Return the outcomes of a file, which must be just the bytes that `render_outcomes` writes.

    Raises:
        ValueError: it is not; the message is the number of the line that is wrong, from 1.

    """
    columns = columns_in(data, HEADER, _ROWS, len(_FORMS))
    if columns is None or not all(map(_is_a_day, set(columns[2]))):
        return rows_in(data, HEADER, _ROW, _outcome_of)
    lines, outcomes, days, amounts, reasons = columns
    return rows_of(Outcome, lines, outcomes, days, map(int, amounts), reasons)


def _is_a_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _outcome_of(text: bytes) -> Outcome:
    line, outcome, on, amount, reason = text.decode("ascii")[:-1].split(",")
    date.fromisoformat(on)
    return Outcome(line, outcome, on, int(amount), reason)
