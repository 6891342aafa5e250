"""What a session of Spark needs to stand in the place of a connection: tables that can change.

A handle that is counted again is another one, and a plan of three hundred statements is none that
Spark could work on.  So each table is stored as soon as it is made, each change of one makes
another version of it, and the statements are told what the version of the moment is called.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from uuid import uuid4

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType
from sqlglot import exp

from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.matching.spark.columns import brought
from fundledger.matching.spark.translate import (
    Added,
    Emptied,
    Made,
    Viewed,
    parsed,
    read,
    spark_sql,
)
from fundledger.matching.tables import COLUMNS, questions


@dataclass(frozen=True, slots=True)
class _Table:
    """One version of a table: the name of its view, and the stored rows that it is made of."""

    view: str
    schema: StructType
    parts: tuple[DataFrame, ...]


@dataclass(slots=True)
class Desk:
    """The tables of one matching; `reliable` says that they are stored as checkpoints."""

    session: SparkSession
    reliable: bool
    # Two matchings of one session must not meet; no result depends on what their views are called.
    _prefix: str = field(default_factory=lambda: f"fundledger_{uuid4().hex}")
    _tables: dict[str, _Table] = field(default_factory=dict)
    _views: dict[str, exp.Query] = field(default_factory=dict)
    _versions: int = 0

    def take_tables(self) -> None:
        """Store the three tables, and look at what was stored.

        Raises:
            InputInvalid: FL841 to FL843, they lack columns, or hold what cannot be.

        """
        for name in COLUMNS:
            self._make(name, brought(self.session.table(name), name))
        asked = list(questions())
        whole = " UNION ALL ".join(
            f"SELECT {place}, asked.* FROM ({question}) AS asked"  # noqa: S608 - of constants
            for place, (_, _, question) in enumerate(asked)
        )
        found = self._frame(parsed(whole)).collect()
        answers = {place: (count, first) for place, count, first in found}
        findings = [
            Finding("FL843", name, {"fault": fault, "count": count, "first": first})
            for place, (fault, name, _) in enumerate(asked)
            for count, first in [answers[place]]
            if count
        ]
        if findings:
            raise InputInvalid(findings)

    def do(self, sql: str) -> bool:
        """Do what a statement says, and tell whether its table has rows now."""
        match read(sql):
            case Made(name, query):
                self._make(name, self._frame(query))
            case Added(name, query):
                self._add(name, self._frame(query))
            case Emptied(name):
                self._store(name, self._tables[name].schema, ())
            case Viewed(name, query):
                self._views[name] = query
                return True
        return bool(self._tables[name].parts)

    def result(self, name: str) -> DataFrame:
        """Return the rows of a table or view; they stay when the desk is cleared."""
        return self._frame(exp.select("*").from_(name))

    def clear(self) -> None:
        """Take all names out of the session again."""
        for table in self._tables.values():
            self.session.catalog.dropTempView(table.view)

    def _frame(self, query: exp.Query) -> DataFrame:
        known = {name: table.view for name, table in self._tables.items()}
        return self.session.sql(spark_sql(query, {**known, **self._views}))

    def _make(self, name: str, frame: DataFrame) -> None:
        self._store(name, frame.schema, self._kept(frame))

    def _add(self, name: str, frame: DataFrame) -> None:
        """Give a table more rows: by the places of the columns, as the types of the table are."""
        table = self._tables[name]
        placed = frame.toDF(*table.schema.names)
        typed = placed.select(*(placed[one.name].cast(one.dataType) for one in table.schema))
        self._store(name, table.schema, (*table.parts, *self._kept(typed)))

    def _kept(self, frame: DataFrame) -> tuple[DataFrame, ...]:
        """Store rows, so that none is made twice; nothing if there are none."""
        stored = frame.checkpoint() if self.reliable else frame.localCheckpoint()
        return () if stored.isEmpty() else (stored,)

    def _store(self, name: str, schema: StructType, parts: tuple[DataFrame, ...]) -> None:
        """Make the next version of a table; the one before is let go of."""
        self._versions += 1
        view = f"{self._prefix}_{name}_{self._versions}"
        whole = reduce(DataFrame.unionAll, parts) if parts else self._no_rows(schema)
        whole.createOrReplaceTempView(view)
        if name in self._tables:
            self.session.catalog.dropTempView(self._tables[name].view)
        self._tables[name] = _Table(view, schema, parts)

    def _no_rows(self, schema: StructType) -> DataFrame:
        """Return a table of which Spark knows that it is empty, and plans nothing with it."""
        columns = ", ".join(
            f"CAST(NULL AS {one.dataType.simpleString()}) AS `{one.name}`" for one in schema
        )
        return self.session.sql(f"SELECT {columns} WHERE FALSE")
