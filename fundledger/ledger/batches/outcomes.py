"""What befell which lines of a batch: one canonical text, named by its digest, written once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from fundledger.ledger.batches.rows import rows_in

HEADER = b"line,outcome,on,amount_fen,reason\n"
_ROW = re.compile(
    rb"(L-[A-Z2-7]{12}(?:-[1-9]\d?)?),([a-z]+(?:-[a-z]+)*),(\d{4}-\d\d-\d\d),([1-9]\d{0,12}),"
    rb"([A-Z][A-Z0-9]{3}|)\n"
)


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
        ValueError: a field is not of its form, or a line stands there twice.

    """
    texts = [",".join(map(str, outcome)) + "\n" for outcome in sorted(outcomes)]
    data = HEADER + "".join(texts).encode()
    if sum(1 for _ in parse_outcomes(data)) != len(texts):
        raise ValueError(len(texts))
    return data


def parse_outcomes(data: bytes) -> Iterator[Outcome]:
    """Return the outcomes of a file, which must be just the bytes that `render_outcomes` writes.

    Raises:
        ValueError: it is not; the message is the number of the line that is wrong, from 1.

    """
    return rows_in(data, HEADER, _ROW, _outcome_of)


def _outcome_of(text: bytes) -> Outcome:
    line, outcome, on, amount, reason = text.decode("ascii")[:-1].split(",")
    date.fromisoformat(on)
    return Outcome(line, outcome, on, int(amount), reason)
