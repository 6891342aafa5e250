"""Bank account numbers of people: cards and passbooks."""

from __future__ import annotations

from typing import NamedTuple

from fundledger.findings import Finding
from fundledger.people.masks import mask_account
from fundledger.people.plain import plain_number

_LENGTHS = range(8, 33)
_CARDS = range(16, 20)


class ReadAccount(NamedTuple):
    """What a text was read as: an account number or None, and what is wrong or doubtful."""

    number: str | None
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return f"ReadAccount({mask_account(self.number or '')})"


def read_account(text: str, *, subject: str = "") -> ReadAccount:
    """Return the account number that a text says, digits alone.

    Other signs or a length that no bank has are errors (FL711).  A number of a card's length that
    fails Luhn's check (ISO/IEC 7812-1 annex B) is a warning (FL712): passbooks and old accounts
    have none.  A number that a spreadsheet rounded ends in zeros and fails too.
    """
    plain = plain_number(text)
    if not (plain.isascii() and plain.isdigit()) or len(plain) not in _LENGTHS:
        return ReadAccount(None, (Finding("FL711", subject, {"length": len(plain)}),))
    if len(plain) in _CARDS and not luhn(plain):
        details = {"number": mask_account(plain)}
        return ReadAccount(plain, (Finding("FL712", subject, details),))
    return ReadAccount(plain, ())


def luhn(digits: str) -> bool:
    """Whether a card's number passes Luhn's check."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled // 10 + doubled % 10
    return total % 10 == 0
