"""A payment list (发放清单) by pseudonym: one canonical text, named by its digest, written once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fundledger.ledger.batches.rows import OffForm, columns_in, off_form, rows_in, rows_of

HEADER = b"line,person,household,unit,category,period,amount_fen,account\n"
FOLDER = "lists"
LIST_PATH = re.compile(r"lists/[0-9a-f]{64}\.csv", re.ASCII)
MOST_FEN = 10**13
_ID_LETTERS = 12
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_PAIRS = tuple(first + second for first in _BASE32 for second in _BASE32)
_WORD = rb"[A-Z][A-Za-z0-9-]*"
_PSEUDONYM = rb"-[A-Z2-7]{12}"
_FORMS = {
    "line": rb"L-[A-Z2-7]{12}(?:-[1-9]\d?)?",
    "person": b"P" + _PSEUDONYM,
    "household": b"H%b|" % _PSEUDONYM,
    "unit": _WORD,
    "category": _WORD,
    "period": rb"\d{4}-(?:0[1-9]|1[0-2])",
    "amount_fen": rb"[1-9]\d{0,12}",
    "account": b"A" + _PSEUDONYM,
}
_LINE = re.compile(b",".join(b"(%b)" % form for form in _FORMS.values()) + b"\n")
_LINES = re.compile(b"(?:" + b",".join(b"(?:%b)" % form for form in _FORMS.values()) + b"\n)++")


class PaymentLine(NamedTuple):
    """One person, one entitlement, one period: what is to be paid, and to which account.

    Its fields in this order are the columns of the list; `household` may be empty.
    """

    line: str
    person: str
    household: str
    unit: str
    category: str
    period: str
    amount_fen: int
    account: str


class LineTotal(NamedTuple):
    """What a list pays in one budget line: how many payments, and fen in all."""

    payments: int
    amount_fen: int


def line_id(fund: str, unit: str, category: str, period: str, person: str) -> str:
    """Return the id of the line that pays a person's entitlement for a period.

    It follows from what it pays, so that the same entitlement on two lists is the same line, and
    it travels in the bank's memo.  What is listed for it again, because the first was dropped or
    came back, has the same id with a number behind it (`reissued`).
    """
    said = f"fundledger/line/v1|{fund}|{unit}|{category}|{period}|{person}"
    bits = int.from_bytes(hashlib.sha256(said.encode()).digest()[:8]) >> 4
    return (
        f"L-{_PAIRS[bits >> 50]}{_PAIRS[bits >> 40 & 1023]}{_PAIRS[bits >> 30 & 1023]}"
        f"{_PAIRS[bits >> 20 & 1023]}{_PAIRS[bits >> 10 & 1023]}{_PAIRS[bits & 1023]}"
    )


def root_of(line: str) -> str:
    """Return the id of the line that was to pay it first."""
    return line[: 2 + _ID_LETTERS]


def number_of(line: str) -> int:
    """Return how many lines were listed before this one for its entitlement."""
    _, _, number = line.partition("-")[2].partition("-")
    return int(number or 0)


def reissued(line: str) -> str:
    """Return the id of the next line for the same entitlement."""
    return f"{root_of(line)}-{number_of(line) + 1}"


def render_list(lines: Iterable[PaymentLine]) -> bytes:
    """Return the text of a list, ordered by line id: the same lines always give the same bytes.

    Raises:
        ValueError: a field is not of its form, or a line stands there twice.

    """
    texts = [
        f"{line},{person},{household},{unit},{category},{period},{amount_fen},{account}\n"
        for line, person, household, unit, category, period, amount_fen, account in sorted(lines)
    ]
    data = HEADER + "".join(texts).encode()
    if sum(1 for _ in parse_list(data)) != len(texts):
        raise ValueError(len(texts))
    return data


def off_list(lines: Iterable[PaymentLine]) -> Iterator[OffForm]:
    """Yield what keeps lines from being a list, which `render_list` would not write."""
    return off_form(lines, _FORMS)


def parse_list(data: bytes) -> Iterator[PaymentLine]:
    """Return the lines of a list, which must be just the bytes that `render_list` writes.

    Raises:
        ValueError: it is not; the message is the number of the line that is wrong, from 1.

    """
    columns = columns_in(data, HEADER, _LINES, len(_FORMS))
    if columns is None:
        return rows_in(data, HEADER, _LINE, _line_of)
    *first, amounts, accounts = columns
    return rows_of(PaymentLine, *first, map(int, amounts), accounts)


def line_in(data: bytes, name: str) -> PaymentLine | None:
    """Return one line of a list that was held by its digest, or None if it is not there."""
    at = data.find(f"\n{name},".encode())
    found = _LINE.match(data, at + 1) if at >= 0 else None
    return None if found is None else _line_of(found[0])


def _line_of(text: bytes) -> PaymentLine:
    line, person, household, unit, category, period, amount, account = text.decode("ascii")[
        :-1
    ].split(",")
    return PaymentLine(line, person, household, unit, category, period, int(amount), account)


def list_digest(data: bytes) -> str:
    """Return the sha256 by which a list is named."""
    return hashlib.sha256(data).hexdigest()


def list_path(digest: str) -> str:
    """Return where a list lies in its fund's directory."""
    return f"{FOLDER}/{digest}.csv"


def totals_of(lines: Iterable[PaymentLine]) -> dict[tuple[str, str], LineTotal]:
    """Return how many payments and how much there is of each unit and category, in order."""
    totals: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        total = totals.setdefault((line.unit, line.category), [0, 0])
        total[0] += 1
        total[1] += line.amount_fen
    return {key: LineTotal(*totals[key]) for key in sorted(totals)}
