"""The people of the example: nobody, made by number whenever they are needed, and never written.

Lists and journals have their pseudonyms, made with a key that stands here for all to read, since
there is nobody behind them.  An office's own key is made by `fundledger vault init`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from fundledger.people import Document, Identity, Pseudonyms

_KEY = hashlib.sha256("示例办公室的假名，没有对应的人".encode()).digest()
_ACCOUNTS = 4
_HOUSEHOLD = 2


def example_pseudonyms() -> Pseudonyms:
    """Return what makes the pseudonyms of the example's people."""
    return Pseudonyms(_KEY)


@dataclass(frozen=True, slots=True)
class Payee:
    """The `number`-th person of the `place`-th line that is paid in batches."""

    place: int
    number: int

    @property
    def name(self) -> str:
        """A name that nobody has."""
        return f"示例人员{self.place:02d}{self.number:04d}"

    @property
    def identity(self) -> Identity:
        """A document that no country gives out."""
        return Identity(Document.PASSPORT, f"EX{self.place:02d}{self.number:05d}")

    @property
    def household(self) -> str:
        """The number of the household, of two people each."""
        return f"EX{self.place:02d}-{self.number // _HOUSEHOLD}"

    def account(self, version: int) -> str:
        """Return the account in use after so many changes; no card's number begins with 91."""
        return f"91{self.place:02d}{version:03d}{self.number:012d}"


def directory(place: int, persons: int) -> Mapping[str, str]:
    """Return the names and accounts of a line's people by their pseudonyms."""
    made = example_pseudonyms()
    found = {}
    for number in range(persons):
        payee = Payee(place, number)
        found[made.person(payee.identity)] = payee.name
        for version in range(_ACCOUNTS):
            account = payee.account(version)
            found[made.account(account)] = account
    return found
