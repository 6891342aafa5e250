"""Numbers as they are compared: what people and spreadsheets put between the digits left out."""

from __future__ import annotations

import unicodedata

_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_QUOTES = "'\u2019\u2018"
_LEFT_OUT = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def plain_number(text: str) -> str:
    """Return a number of a document or an account as it is compared.

    NFKC, in capitals, without blanks, dashes and quotes, and without the unseen signs that Windows
    and web pages put around what is copied.
    """
    plain = unicodedata.normalize("NFKC", text)
    dropped = _DASHES + _QUOTES
    kept = (c for c in plain if c not in dropped and unicodedata.category(c) not in _LEFT_OUT)
    return "".join(kept).upper()
