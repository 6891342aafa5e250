"""Sentences shown without a finding: each place by the words for what stands there."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from fundledger.texts.table import LANGUAGES, fill


@cache
def words_of_places() -> Mapping[str, tuple[str, str]]:
    """Return the words for each place, in Chinese and English."""
    resource = resources.files(__package__).joinpath("places.toml")
    table = tomllib.loads(resource.read_text(encoding="utf-8"))
    return {place: (zh, en) for place, (zh, en) in table.items()}


def places(sentence: str) -> tuple[str, ...]:
    """Return the places of a sentence, those of one language without its name."""
    found = (name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)
    return tuple(name.removesuffix("_zh").removesuffix("_en") for name in found)


def readable(sentence: str, language: str) -> str:
    """Return a sentence with the words for what stands in its places, such as ‹金额›."""
    index = LANGUAGES.index(language)
    known = {
        f"{place}{suffix}": f"‹{words[index]}›"
        for place, words in words_of_places().items()
        for suffix in ("", "_zh", "_en")
    }
    values: dict[str, Any] = known
    return fill(sentence, values)
