"""One statement of the matching, as DuckDB has it, into what Spark can be asked for, by sqlglot.

Spark has no temporary tables that can be changed, so no statement is handed to it as it stands: of
each only the query is, and what becomes of its rows is the desk's (`desk.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.optimizer.scope import traverse_scope


@dataclass(frozen=True, slots=True)
class Made:
    """A table that is made, or made anew, of a query."""

    table: str
    query: exp.Query


@dataclass(frozen=True, slots=True)
class Viewed:
    """A name for a query, to be answered anew with each reading."""

    table: str
    query: exp.Query


@dataclass(frozen=True, slots=True)
class Added:
    """The rows of a query that a table gets besides its own."""

    table: str
    query: exp.Query


@dataclass(frozen=True, slots=True)
class Emptied:
    """A table that loses all its rows."""

    table: str


Statement = Made | Viewed | Added | Emptied


def read(sql: str) -> Statement:
    """Return what a statement of `sql/` does.

    Raises:
        NotImplementedError: the statement is of no kind that is known here.

    """
    match sqlglot.parse_one(sql, read="duckdb"):
        case exp.Create(kind="TABLE", this=exp.Table() as table, expression=exp.Query() as query):
            return Made(table.name, query)
        case exp.Create(kind="VIEW", this=exp.Table() as table, expression=exp.Query() as query):
            return Viewed(table.name, query)
        case exp.Create(kind="TABLE", this=exp.Schema() as schema, expression=None):
            return Made(schema.this.name, _no_rows(schema))
        case exp.Insert(this=exp.Table() as table, expression=exp.Query() as query) as add if (
            _says_only(add, "this", "expression")
        ):
            return Added(table.name, query)
        case exp.Delete(this=exp.Table() as table) as delete if _says_only(delete, "this"):
            return Emptied(table.name)
        case _:
            raise NotImplementedError(f"not known to the translation to Spark: {sql}")


def _says_only(node: exp.Insert | exp.Delete, *parts: str) -> bool:
    """Tell whether a statement has no more to it: no condition, no columns by name."""
    return {name for name, value in node.args.items() if value} <= set(parts)


def parsed(sql: str) -> exp.Query:
    """Return a query of DuckDB as a tree."""
    query = sqlglot.parse_one(sql, read="duckdb")
    if not isinstance(query, exp.Query):
        raise NotImplementedError(f"not known to the translation to Spark: {sql}")
    return query


def spark_sql(query: exp.Query, tables: Mapping[str, str | exp.Query]) -> str:
    """Return a query as Spark has to be asked.

    `tables` says what each table is called in the session, or by which query it is to be answered.
    """
    said = _with_tables(query.copy(), tables)
    _handles_where_they_lie(said)
    _days_as_days(said)
    _ends_as_ends(said)
    return said.sql("spark", unsupported_level=ErrorLevel.RAISE, comments=False)


def _no_rows(schema: exp.Schema) -> exp.Query:
    """Return a query that gives the columns of a declaration, and no row."""
    columns = (exp.cast(exp.null(), column.kind).as_(column.name) for column in schema.expressions)
    return exp.select(*columns).where(exp.false())


def _with_tables(query: exp.Query, tables: Mapping[str, str | exp.Query]) -> exp.Query:
    """Call each table as the session does; what the query itself calls so (WITH) stays."""
    for scope in traverse_scope(query):
        for source in scope.sources.values():
            if not isinstance(source, exp.Table) or source.name not in tables:
                continue
            known = tables[source.name]
            place = (
                exp.to_table(known, alias=source.alias_or_name)
                if isinstance(known, str)
                else _with_tables(known.copy(), tables).subquery(alias=source.alias_or_name)
            )
            place.set("joins", source.args.get("joins"))
            source.replace(place)
    return query


def _handles_where_they_lie(query: exp.Query) -> None:
    """Number rows that have no order where they are: Spark would gather them all in one place."""
    for window in list(query.find_all(exp.Window)):
        orderly = window.args.get("order") or window.args.get("partition_by")
        if isinstance(window.this, exp.RowNumber) and not orderly:
            window.replace(exp.Anonymous(this="MONOTONICALLY_INCREASING_ID"))


def _days_as_days(query: exp.Query) -> None:
    """Count days from day to day: Spark's DATEDIFF(DAY, …) goes by midnights, which zones skip."""
    for between in list(query.find_all(exp.DateDiff)):
        if between.text("unit") != "DAY":
            raise NotImplementedError(f"not known to the translation to Spark: {between.sql()}")
        days = exp.Anonymous(this="DATEDIFF", expressions=[between.this, between.expression])
        between.replace(exp.cast(days, "BIGINT", dialect="spark"))


def _ends_as_ends(query: exp.Query) -> None:
    r"""Write \z for the $ that ends a pattern: for Java it may stand before a last line break."""
    for likeness in list(query.find_all(exp.RegexpLike)):
        pattern = likeness.expression.name
        if pattern.endswith("$"):
            likeness.expression.replace(exp.Literal.string(pattern[:-1] + r"\z"))
