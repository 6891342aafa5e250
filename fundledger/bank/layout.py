"""How a statement is laid out: the words over its columns, and what a bank adds to them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, TypeAlias

from fundledger.bank.tables import Cell

Order: TypeAlias = Literal["up", "down"]
Side: TypeAlias = Literal["in", "out"]

_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_UNIT = re.compile(r"\((?:人民币)?(?:元|人民币|cny|rmb)\)$")


@dataclass(frozen=True, slots=True)
class Words:
    """Words as they are compared: ranked by column, of joined columns, of labels and values."""

    columns: Mapping[str, tuple[frozenset[str], ...]]
    join: Mapping[str, frozenset[str]]
    labels: Mapping[str, frozenset[str]]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout by its words; one with an `id` is a bank's, and says more than words.

    `needed` are the words of each column that must be there, `stated` the role and the name of
    what must be said around the table, `ignored` headings that are known and not read: all other
    headings of a bank's layout are part of what it says of a line.  `above` is the number of rows
    over the header, `day` the form of its days, `order` that of its lines ("up": the oldest
    first), `plus` where money goes whose amount has no minus.
    """

    words: Words
    id: str = ""
    needed: tuple[tuple[str, ...], ...] = ()
    stated: tuple[tuple[str, str], ...] = ()
    ignored: frozenset[str] = frozenset()
    above: int | None = None
    day: re.Pattern[str] | None = None
    order: Order | None = None
    plus: Side = "in"
    encoding: str | None = None


def plain(cell: Cell) -> str:
    """Return a cell as a word to compare: NFKC, no white space, no unit, lower case."""
    if not isinstance(cell, str):
        return ""
    word = without_space(unicodedata.normalize("NFKC", cell)).lower()
    return _UNIT.sub("", word)


def without_space(text: str) -> str:
    """Return a text without white space of any kind."""
    return _SPACE.sub("", text)


@cache
def by_words() -> Layout:
    """Return the layout of any bank: the words of the data file beside this module."""
    text = resources.files(__package__).joinpath("headers.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Layout(
        Words(
            columns={
                role: tuple(frozenset(plain(word) for word in rank) for rank in ranks)
                for role, ranks in table["columns"].items()
            },
            join={role: frozenset(map(plain, known)) for role, known in table["join"].items()},
            labels={role: frozenset(map(plain, known)) for role, known in table["labels"].items()},
            words={role: tuple(map(plain, known)) for role, known in table["words"].items()},
        )
    )
