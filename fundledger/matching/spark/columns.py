"""The tables that a matching on Spark reads, brought to the columns that they must have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f

from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.matching.tables import COLUMNS, MAY_LACK, Name

_TYPES = {"VARCHAR": "string", "BIGINT": "bigint", "DATE": "date"}
_FORMS = {"BIGINT": r"^-?[0-9]+\z", "DATE": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z"}


def frame_of(
    session: SparkSession, name: Name, source: Path | DataFrame | Iterable[Sequence[object]]
) -> DataFrame:
    """Return the rows of a CSV file, or rows that are given, as texts; a frame as it is."""
    if isinstance(source, DataFrame):
        return source
    if isinstance(source, Path):
        # A memo may hold a line break between its quotes; what is no CSV is refused, not guessed.
        return session.read.csv(
            source.resolve().as_uri(),
            header=True,
            escape='"',
            multiLine=True,
            mode="FAILFAST",
            encoding="UTF-8",
        )
    texts = [[None if value is None else str(value) for value in row] for row in source]
    columns = ", ".join(f"`{column}` string" for column in COLUMNS[name])
    return session.createDataFrame(texts, columns)


def brought(frame: DataFrame, name: Name) -> DataFrame:
    """Return a frame with the columns of one of the tables, each of its type.

    Raises:
        InputInvalid: FL841, a column is lacking; FL842, a value is not of its column's type.

    """
    types = COLUMNS[name]
    there = dict(frame.dtypes)
    lacking = [column for column in types if column not in {*there, MAY_LACK}]
    if lacking:
        raise InputInvalid([Finding("FL841", name, {"column": column}) for column in lacking])
    _refuse_unreadable(frame, name, there)
    return frame.select(
        *(_column(column, kind, there.get(column)).alias(column) for column, kind in types.items())
    )


def _refuse_unreadable(frame: DataFrame, name: Name, there: Mapping[str, str]) -> None:
    """Look at what has to be read as another type: a cast alone would take 2026 for a day."""
    firsts = []
    for column, kind in COLUMNS[name].items():
        if kind != "VARCHAR" and there[column] != _TYPES[kind]:
            text = _text(column)
            read = text.rlike(_FORMS[kind]) & text.try_cast(_TYPES[kind]).isNotNull()
            firsts.append(f.min(f.when((text != "") & ~read, text)))
    found = frame.agg(*firsts).collect()[0] if firsts else ()
    wrong = [text for text in found if text is not None]
    if wrong:
        raise InputInvalid(Finding("FL842", name, {"text": ", ".join(wrong)}))


def _column(column: str, kind: str, there: str | None) -> Column:
    """Return one column as it has to be, from what type of column is there."""
    if there is None:
        return f.lit("")
    if kind == "VARCHAR":
        return _text(column)
    if there == _TYPES[kind]:
        return f.col(f"`{column}`")
    return f.nullif(_text(column), f.lit("")).cast(_TYPES[kind])


def _text(column: str) -> Column:
    return f.coalesce(f.col(f"`{column}`").cast("string"), f.lit(""))
