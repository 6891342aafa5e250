"""Identity numbers by our own rule: what is wrong with one, and what it says of its holder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, starmap
from typing import NamedTuple

from fundledger.findings import Finding
from fundledger.people.masks import mask_number
from fundledger.people.plain import plain_number

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_DIGITS = "0123456789"
_FIRST_BIRTH = date(1890, 1, 1)
_OLD_LENGTH, _LENGTH = 15, 18
_PERMITS = ("81", "82", "83")
# The first two digits of the division codes of GB/T 2260, and those of residence permits.
_PROVINCES = frozenset(
    chain(*starmap(range, ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72))))
) | {81, 82, 83}
_PASSPORT_LENGTHS = range(5, 18)
_OFFICER_LENGTHS = range(5, 19)


class Document(StrEnum):
    """The documents by which a person is known (证件类型)."""

    RESIDENT = "resident"
    PERMIT = "residence-permit"
    PASSPORT = "passport"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """A document's kind and number as one and the same person always has them.

    The number of a resident or permit has eighteen digits, the last of which may be an X.  It
    prints masked, so that no log or error has it by accident.
    """

    kind: Document
    number: str

    def __repr__(self) -> str:
        return f"Identity({self.kind.value}, {mask_number(self.number)})"

    @property
    def born(self) -> date | None:
        """The day of birth that a resident's or permit's number says."""
        return _birth(self.number) if self._says_more else None

    @property
    def male(self) -> bool | None:
        """Whether a resident's or permit's number says that its holder is male."""
        return int(self.number[16]) % 2 == 1 if self._says_more else None

    @property
    def _says_more(self) -> bool:
        return self.kind in {Document.RESIDENT, Document.PERMIT}


class Read(NamedTuple):
    """What a text was read as: an identity, or None with what is wrong; and what is doubtful."""

    identity: Identity | None
    findings: tuple[Finding, ...]


def read_identity(
    text: str, today: date, *, kind: Document | None = None, subject: str = ""
) -> Read:
    """Return the identity that a text says, upgraded to eighteen digits.

    Length, digits, a real day of birth that is not after `today`, and the check digit (GB
    11643-1999, ISO 7064 MOD 11-2) are errors: FL701 to FL704.  An unknown division (FL705) and a
    number of fifteen digits (FL706) are warnings, for division codes change and people do not.
    Without `kind` a text is the number of a resident or permit; passports and officers' cards have
    no check digit.  `subject` says where it stands, as in `名单.xlsx [3] E7`.
    """
    plain = plain_number(text)
    if kind in {Document.PASSPORT, Document.OFFICER}:
        return _without_check(plain, kind, subject)
    found = _wrong(plain, today, subject)
    if found is not None:
        return Read(None, (found,))
    findings = []
    number = plain
    if len(plain) == _OLD_LENGTH:
        number = _upgraded(plain)
        findings.append(_finding("FL706", subject, plain))
    if int(number[:2]) not in _PROVINCES:
        findings.append(_finding("FL705", subject, plain))
    permit = number.startswith(_PERMITS)
    return Read(Identity(Document.PERMIT if permit else Document.RESIDENT, number), tuple(findings))


def check_digit(body: str) -> str:
    """Return the eighteenth place of a number by its first seventeen digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return _CHECKS[total % 11]


def repairs(text: str, today: date, known: Callable[[Identity], bool]) -> tuple[Identity, ...]:
    """Return the known identities that are one slip of the pen away from a wrong number.

    A slip is one digit mistyped, left out or put in, or two neighbours swapped.  `known` says
    whether there is such a person, of the same name: what nobody has is no suggestion.  In order
    of the number; a number that holds has none, nor has one of fifteen digits.
    """
    plain = plain_number(text)
    if read_identity(plain, today).identity is not None:
        return ()
    found = set()
    for candidate in _near(plain):
        if len(candidate) == _LENGTH:
            identity = read_identity(candidate, today).identity
            if identity is not None and known(identity):
                found.add(identity)
    return tuple(sorted(found, key=lambda identity: identity.number))


def _wrong(plain: str, today: date, subject: str) -> Finding | None:
    if len(plain) not in {_OLD_LENGTH, _LENGTH}:
        return Finding("FL701", subject, {"length": len(plain)})
    digits = plain if len(plain) == _OLD_LENGTH else plain[:-1]
    if not set(digits) <= set(_DIGITS) or plain[-1] not in _CHECKS:
        return Finding("FL702", subject)
    number = _upgraded(plain) if len(plain) == _OLD_LENGTH else plain
    born = _birth(number)
    if born is None or not _FIRST_BIRTH <= born <= today:
        return _finding("FL703", subject, plain)
    if check_digit(number[:17]) != number[17]:
        return _finding("FL704", subject, plain)
    return None


def _without_check(plain: str, kind: Document, subject: str) -> Read:
    lengths = _PASSPORT_LENGTHS if kind is Document.PASSPORT else _OFFICER_LENGTHS
    if len(plain) not in lengths:
        return Read(None, (Finding("FL701", subject, {"length": len(plain)}),))
    ascii_only = plain.isascii() and plain.isalnum()
    worded = plain.isalnum() and any(c in _DIGITS for c in plain)
    if not (ascii_only if kind is Document.PASSPORT else worded):
        return Read(None, (Finding("FL702", subject),))
    return Read(Identity(kind, plain), ())


def _upgraded(old: str) -> str:
    """Return the eighteen digits of a number of fifteen (GB 11643-1999: the century put in)."""
    body = f"{old[:6]}19{old[6:]}"
    return body + check_digit(body)


def _birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _near(plain: str) -> Iterator[str]:
    for place in range(len(plain)):
        for digit in _CHECKS if place == len(plain) - 1 else _DIGITS:
            yield plain[:place] + digit + plain[place + 1 :]
        yield plain[:place] + plain[place + 1 :]
        yield plain[:place] + plain[place + 1 : place + 2] + plain[place] + plain[place + 2 :]
    for place in range(len(plain) + 1):
        for digit in _CHECKS:
            yield plain[:place] + digit + plain[place:]


def _finding(code: str, subject: str, plain: str) -> Finding:
    """Return a finding about a text that is all digits: nothing else is shown in part."""
    return Finding(code, subject, {"document": mask_number(plain)})
