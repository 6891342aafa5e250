"""How single months and single payments go at the bank, read from `batches.toml` beside this."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any, NamedTuple

from fundledger.money import parse_fen

WITH_THE_BATCH = frozenset({"reject", "withdraw", "late", "short"})
"""What befalls a payment before the bank answers: always at its own batch."""


class Key(NamedTuple):
    """One entitlement: unit, category, month, and the person by number."""

    unit: str
    category: str
    period: str
    person: int


@dataclass(frozen=True, slots=True)
class Course:
    """How the batch of a month goes: answered `after` its debit or before it, `refused` at first.

    The bank debits a `lump`, or each payment, which the book has by `lines` as well, or in one
    voucher for many `rows`.
    """

    debit: str = "lump"
    answer: str = "after"
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that befalls a payment: a step, or what the bank says; on no day: with its batch.

    `fen` is what is asked back, comes in, is written off or was paid too little.  What is not
    `booked` only the bank knows so far.
    """

    step: str
    on: date | None = None
    reason: str = ""
    fen: int = 0
    account: str = "changed"
    booked: bool = True

    @property
    def with_batch(self) -> bool:
        """Whether it belongs to the sending of a batch."""
        return self.on is None or self.step in WITH_THE_BATCH


@dataclass(frozen=True, slots=True)
class Fate:
    """What befalls one entitlement, turn by turn."""

    key: Key
    turns: tuple[Turn, ...]

    @property
    def first(self) -> Turn | None:
        """What befalls it with its first batch, if that is anything."""
        return self.turns[0] if self.turns[0].with_batch else None

    @property
    def given_up(self) -> bool:
        """Whether it is paid no more, nor anything to this person after it."""
        return any(turn.step in {"cancel", "unclaimed"} for turn in self.turns)

    def again(self) -> list[tuple[Turn, Turn | None]]:
        """Return each reissue, with what befalls it then, if that is anything."""
        following = (*self.turns[1:], None)
        return [
            (turn, after if after is not None and after.with_batch else None)
            for turn, after in zip(self.turns, following, strict=True)
            if turn.step == "reissue"
        ]


@dataclass(frozen=True, slots=True)
class Courses:
    """All that does not go as usual in one fund: months by name, and payments."""

    months: Mapping[str, Course]
    fates: tuple[Fate, ...]

    def month(self, period: str) -> Course:
        """Return how a month's batch goes."""
        return self.months.get(period, _USUAL)


_USUAL = Course()


def load_courses() -> Mapping[str, Courses]:
    """Return what does not go as usual, by fund."""
    text = resources.files(__package__).joinpath("batches.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    months: dict[str, dict[str, Course]] = {}
    for item in table["month"]:
        values = dict(item)
        fund, period = values.pop("fund"), values.pop("period")
        months.setdefault(fund, {})[period] = Course(**values)
    fates: dict[str, list[Fate]] = {}
    for item in table["payment"]:
        unit, _, category = item["line"].partition(":")
        key = Key(unit, category, item["period"], item["person"])
        turns = tuple(map(_turn, item["turns"]))
        fates.setdefault(item["fund"], []).append(Fate(key, turns))
    return {
        fund: Courses(months.get(fund, {}), tuple(fates.get(fund, ())))
        for fund in sorted(months.keys() | fates.keys())
    }


def _turn(table: Mapping[str, Any]) -> Turn:
    values = dict(table)
    return Turn(fen=parse_fen(values.pop("amount", "0")), **values)
