"""What somebody may have meant by a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

_CLOSE = 0.5


def nearest_first(text: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """Return all words, those first whose names are near to `text` or have it in them."""
    found: list[str] = []
    by_name = {name.lower(): word for word, listed in names.items() for name in listed}
    folded = text.strip().lower()
    if folded:
        close = get_close_matches(folded, by_name, n=3, cutoff=_CLOSE)
        found += [by_name[name] for name in close]
        found += [word for name, word in by_name.items() if folded in name]
    return list(dict.fromkeys((*found, *names)))
