"""Numbers as they are compared: what people and spreadsheets put between the digits left out."""

from __future__ import annotations

import unicodedata

_BLANKS = " \t\u00a0\u3000\u200b\ufeff"
_DASHES = "-\u2010\u2011\u2012\u2013\u2014"
_QUOTES = "'\u2019"
_DROPPED = dict.fromkeys(map(ord, _BLANKS + _DASHES + _QUOTES))


def plain_number(text: str) -> str:
    """Return a number of a document or an account: NFKC, no blanks, dashes or quotes, capitals."""
    return unicodedata.normalize("NFKC", text).translate(_DROPPED).upper()
