"""Pseudonyms: how everything but the vault speaks of people, households and accounts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from fundledger.people.identity import Identity

_LETTERS = 12
_PSEUDONYM = re.compile(r"[PHA]-[A-Z2-7]{12}", re.ASCII)


class Pseudonyms:
    """Makes pseudonyms by one key: the same person has the same one wherever it is used.

    Keyed, for there are but some 10^11 identity numbers, and a bare digest of each is soon made.
    Twelve letters of base 32 are 60 bits: among ten million people two share one by chance in
    about one office of twenty thousand, which the vault notices and refuses.
    """

    def __init__(self, key: bytes) -> None:
        """Take the key, of 32 bytes."""
        if len(key) != hashlib.sha256().digest_size:
            message = "a key of pseudonyms has 32 bytes"
            raise ValueError(message)
        self._key = key

    def person(self, identity: Identity) -> str:
        """Return `P-…` of a person by the document that names them."""
        return self._of("P", "person", f"{identity.kind.value}|{identity.number}")

    def household(self, number: str) -> str:
        """Return `H-…` of a household by the number that the units know it by."""
        return self._of("H", "household", number)

    def account(self, number: str) -> str:
        """Return `A-…` of a bank account, by which two are compared without being known."""
        return self._of("A", "account", number)

    def _of(self, letter: str, what: str, said: str) -> str:
        message = f"fundledger/{what}/v1|{said}".encode()
        digest = hmac.digest(self._key, message, "sha256")
        return f"{letter}-{base64.b32encode(digest)[:_LETTERS].decode()}"


def is_pseudonym(text: str) -> bool:
    """Whether a text is a pseudonym of a person, household or account."""
    return _PSEUDONYM.fullmatch(text) is not None
