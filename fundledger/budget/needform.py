"""The form of declared needs as a workbook: what a unit fills in and hands to the finance owner."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from fundledger.budget.needsheet import Row, Sheets, form_workbook
from fundledger.ledger.given import expect, is_day, is_fen, is_path, is_text, is_year


@dataclass(frozen=True, slots=True)
class NeedRow:
    """What one row of the form says; `fund` is an id, `category` a slug or Chinese name.

    The needed amount is persons times standard times `times`.  `handler` and `head` are posts
    or staff codes, never names of people.  `evidenced_fen` of it are backed by the evidence; 0 is
    all of it, where evidence is named.  `named` are the persons by pseudonym, if told.
    """

    fund: str
    category: str
    households: int
    persons: int
    standard_fen: int
    times: int
    handler: str
    head: str
    declared: date
    basis: str = ""
    explanation: str = ""
    evidence: str = ""
    evidenced_fen: int = 0
    named: tuple[str, ...] = ()

    @property
    def amount_fen(self) -> int:
        """Persons times standard times months or rounds."""
        return self.persons * self.standard_fen * self.times


def write_need(
    path: str | os.PathLike[str],
    unit: str,
    year: int,
    rows: Sequence[NeedRow],
    created: datetime,
) -> None:
    """Write a unit's form for `year` to `path`; the same input gives the same bytes.

    `unit` is the unit's slug or Chinese name, `created` the time that the file states.

    Raises:
        InputInvalid: FL909, an argument is of another type, or a field of a row.

    """
    expect(
        path=is_path(path),
        unit=is_text(unit),
        year=is_year(year),
        created=isinstance(created, datetime),
        rows=isinstance(rows, (tuple, list)),
    )
    expect(**dict.fromkeys(_untyped(rows), False))
    Path(path).write_bytes(need_workbook(unit, year, rows, created))


def _is_texts(value: object) -> bool:
    return isinstance(value, tuple) and all(is_text(one) for one in value)


_SOUND: Final = MappingProxyType(
    {"int": is_fen, "str": is_text, "date": is_day, "tuple[str, ...]": _is_texts}
)


def _untyped(rows: Sequence[object]) -> Iterator[str]:
    """Yield what is no row, and the fields of rows that are of another type, by their places."""
    for at, row in enumerate(rows):
        if not isinstance(row, NeedRow):
            yield f"rows[{at}]"
            continue
        for field in fields(row):
            value = getattr(row, field.name)
            if not _SOUND[str(field.type)](value):
                yield f"rows[{at}].{field.name}"


def need_workbook(unit: str, year: int, rows: Sequence[NeedRow], created: datetime) -> bytes:
    """Return the form as the bytes of an .xlsx."""
    return form_workbook(
        Sheets(
            unit=unit,
            year=year,
            created=created,
            rows=tuple(map(_row, rows)),
            named=tuple((row.fund, row.category, who) for row in rows for who in row.named),
        )
    )


def _row(row: NeedRow) -> Row:
    return Row(
        fund=row.fund,
        category=row.category,
        figures=(row.households, row.persons, row.standard_fen, row.times),
        amount_fen=row.amount_fen,
        texts=(row.basis, row.explanation, row.evidence),
        evidenced_fen=row.evidenced_fen,
        posts=(row.handler, row.head),
        declared=row.declared,
    )
