"""Many small worlds as one that they do not meet in, and what is found there told by world again.

A run on Spark costs by its statements, not by its rows: a hundred worlds in one run take as long as
one.  Each world gets names of its own, and amounts that are multiples of a prime of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field, fields, replace
from typing import Any, TypeVar

from support.matching import Batch, Line, Outcome, Row
from support.matching.worlds import World

TABLES = ("matches", "ambiguous", "proposals", "exceptions")
_WORD = re.compile("[0-9A-Za-z-]+")
_LINE = re.compile("L-[A-Z2-7]{2}([A-Z2-7]{10})")
_BATCH = re.compile("B[0-9]{4}(-[0-9]{2}-[0-9]{3,6})")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_KEPT = {"state"}
_FEN = {"amount_fen", "signed_fen", "book_fen", "bank_fen", "diff_fen"}


Member = TypeVar("Member", Line, Row, Batch)


@dataclass
class Merged:
    """One world of many: its three tables, and whose each of its names is."""

    lines: list[Line] = field(default_factory=list)
    bank: list[Row] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    original: dict[str, tuple[int, str]] = field(default_factory=dict)
    primes: list[int] = field(default_factory=list)

    def renamed(self, row: Member, world: int) -> Member:
        changed: dict[str, Any] = {}
        for one in fields(row):
            value = getattr(row, one.name)
            if isinstance(value, str) and one.name not in _KEPT:
                changed[one.name] = _WORD.sub(lambda word: self.name(word[0], world), value)
            elif one.name in _FEN:
                changed[one.name] = value * self.primes[world]
        return replace(row, **changed)

    def name(self, word: str, world: int) -> str:
        """What a word of a world is called here; the id of a line, or of a batch, stays one."""
        code = _LETTERS[world // 32] + _LETTERS[world % 32]
        name = _LINE.sub(rf"L-{code}\1", word)
        if batch := _BATCH.fullmatch(word):
            name = f"B{3000 + world}{batch[1]}"
        if name == word and not _LINE.search(word):
            name = f"{word}w{world}"
        assert self.original.setdefault(name, (world, word)) == (world, word)
        return name

    def of_each(self, outcome: Outcome) -> list[Outcome]:
        """What was found, by world, in its own names and amounts."""
        told = [Outcome([], [], [], []) for _ in self.primes]
        for table in TABLES:
            for row in getattr(outcome, table):
                (world,) = {
                    self.original[word][0]
                    for name in ("line", "batch", "statement")
                    if row.get(name)
                    for word in _WORD.findall(row[name])
                }
                getattr(told[world], table).append(dict(self._restored(row, world)))
        return [Outcome(*(in_order(getattr(one, table)) for table in TABLES)) for one in told]

    def _as_before(self, name: str) -> str:
        return self.original[name][1] if name in self.original else name

    def _restored(self, row: dict[str, Any], world: int) -> Iterator[tuple[str, object]]:
        for name, value in row.items():
            if name in {"line", "batch", "statement", "team"}:
                yield (
                    name,
                    _WORD.sub(lambda word: self.original.get(word[0], (0, word[0]))[1], value),
                )
            elif name in _FEN and value is not None:
                fen, rest = divmod(value, self.primes[world])
                assert not rest
                yield name, fen
            else:
                yield name, value


def merged(worlds: Iterable[World]) -> Merged:
    """Put worlds into one."""
    whole = Merged()
    for number, ((lines, bank, batches), prime) in enumerate(zip(worlds, _primes(), strict=False)):
        whole.primes.append(prime)
        whole.lines += [whole.renamed(line, number) for line in lines]
        whole.bank += [whole.renamed(row, number) for row in bank]
        whole.batches += [whole.renamed(batch, number) for batch in batches]
    return whole


def in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in order of all columns, what is not there last, as DuckDB gives them."""
    return sorted(rows, key=lambda row: [(value is None, value) for value in row.values()])


def tuples(world: World | Merged) -> tuple[list[tuple[object, ...]], ...]:
    sides = (world.lines, world.bank, world.batches) if isinstance(world, Merged) else world
    return tuple([astuple(row) for row in side] for side in sides)


def _primes() -> Iterator[int]:
    number = 10_007
    while True:
        if all(number % divisor for divisor in range(2, int(number**0.5) + 1)):
            yield number
        number += 2
