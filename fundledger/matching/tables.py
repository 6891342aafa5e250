"""The tables that a matching reads: their columns, their sources, and what they must hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fundledger.errors import InputInvalid, NotInstalled
from fundledger.findings import Finding

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

Name = Literal["lines", "bank", "batches"]

COLUMNS: dict[Name, dict[str, str]] = {
    "lines": {
        "line": "VARCHAR",
        "batch": "VARCHAR",
        "account": "VARCHAR",
        "person": "VARCHAR",
        "amount_fen": "BIGINT",
        "sent_on": "DATE",
        "state": "VARCHAR",
        "debited_on": "DATE",
        "credited_on": "DATE",
        "receipt": "VARCHAR",
    },
    "bank": {
        "statement": "VARCHAR",
        "row": "BIGINT",
        "on": "DATE",
        "signed_fen": "BIGINT",
        "serial": "VARCHAR",
        "account": "VARCHAR",
        "person": "VARCHAR",
        "memo": "VARCHAR",
    },
    "batches": {"batch": "VARCHAR", "sent_on": "DATE", "count": "BIGINT", "amount_fen": "BIGINT"},
}
"""Each table's columns in order; amounts are whole fen, a bank row's negative for money out."""

MAY_LACK = "receipt"
_SENT = "'exported', 'unknown', 'paid', 'failed', 'returned', 'reversed'"
_STATES = (
    f"{_SENT}, 'planned', 'approved', 'withdrawn', 'reissued', 'cancelled', 'unclaimed',"
    " 'remitted', 'recoverable', 'recovered', 'written_off'"
)
_AMOUNT = "amount_fen IS NULL OR amount_fen NOT BETWEEN 1 AND 9999999999999"
_LINE = "REGEXP_MATCHES(line, '^L-[A-Z2-7]{12}(-[1-9][0-9]?)?$')"
_TWICE = "(SELECT {0}, COUNT(*) AS times FROM {1} GROUP BY {0}) AS counted"
_ROW = """statement || ':' || CAST("row" AS VARCHAR)"""

# What may be wrong: its name in the texts, its table, what names a row, the rows, and when it is.
_WRONG: tuple[tuple[str, Name, str, str, str], ...] = (
    ("line-id", "lines", "line", "lines", f"line IS NULL OR NOT {_LINE}"),
    ("line-twice", "lines", "line", _TWICE.format("line", "lines"), "times > 1"),
    ("line-amount", "lines", "line", "lines", _AMOUNT),
    ("state", "lines", "line", "lines", f"state IS NULL OR state NOT IN ({_STATES})"),
    ("sent", "lines", "line", "lines", f"sent_on IS NULL AND state IN ({_SENT})"),
    ("row", "bank", "statement", "bank", 'statement IS NULL OR "row" IS NULL'),
    ("row-twice", "bank", _ROW, _TWICE.format('statement, "row"', "bank"), "times > 1"),
    ("row-day", "bank", _ROW, "bank", '"on" IS NULL'),
    (
        "row-amount",
        "bank",
        _ROW,
        "bank",
        "signed_fen IS NULL OR signed_fen = 0 OR ABS(signed_fen) >= 1e15",
    ),
    ("batch", "batches", "batch", "batches", "batch IS NULL OR batch = '' OR sent_on IS NULL"),
    ("batch-twice", "batches", "batch", _TWICE.format("batch", "batches"), "times > 1"),
    ("batch-amount", "batches", "batch", "batches", f'{_AMOUNT} OR "count" IS NULL OR "count" < 1'),
)


def questions() -> Iterator[tuple[str, Name, str]]:
    """Yield each fault that a table may have, its table, and the SQL of how many and the first."""
    for fault, name, shown, rows, condition in _WRONG:
        yield fault, name, f"SELECT COUNT(*), MIN({shown}) FROM {rows} WHERE {condition}"  # noqa: S608


def connect(
    *, threads: int | None = None, memory_mib: int | None = None, spill: Path | None = None
) -> DuckDBPyConnection:
    """Return a new connection with tables in memory alone, which reads no settings and no network.

    Where memory is short, `spill` is a folder that rows may be put aside in; without, none are.

    Raises:
        NotInstalled: FL840, there is no DuckDB here.

    """
    try:
        import duckdb  # noqa: PLC0415 - an extra, and heavy
    except ModuleNotFoundError as error:
        raise NotInstalled(Finding("FL840", "fundledger[match]")) from error
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        # The order of rows says nothing here; keeping it costs a third of the time.
        "preserve_insertion_order": False,
        # Nothing is ever written to a file: to compress tables for one costs a sixth of the time.
        "checkpoint_threshold": "1TiB",
        "temp_directory": str(spill or ""),
    }
    if threads is not None:
        settings["threads"] = threads
    if memory_mib is not None:
        settings["memory_limit"] = f"{memory_mib}MiB"
    connection = duckdb.connect(":memory:", config=settings)
    connection.execute("SET enable_progress_bar = false")
    return connection


def load(
    connection: DuckDBPyConnection,
    name: Name,
    source: Path | DuckDBPyRelation | Iterable[Sequence[object]],
) -> None:
    """Make one of the tables that are matched, in place of one that is there.

    `source` is a CSV file with headings, a relation of the connection (a query, or an Arrow table
    by `connection.from_arrow`), or rows with the values of `COLUMNS` in order.  `receipt` may be
    lacking; a text that is not there becomes '', and an empty day none.

    Raises:
        InputInvalid: FL841, a column is lacking; FL842, a value is not of its column's type.

    """
    import duckdb  # noqa: PLC0415 - an extra, and heavy; there, as a connection is

    relation = _relation(connection, name, source)
    types = COLUMNS[name]
    lacking = [column for column in types if column not in {*relation.columns, MAY_LACK}]
    if lacking:
        raise InputInvalid([Finding("FL841", name, {"column": column}) for column in lacking])
    there = dict(zip(relation.columns, map(str, relation.types), strict=True))
    columns = ", ".join(_column(column, types[column], there.get(column)) for column in types)
    try:
        relation.query("given", f"CREATE OR REPLACE TABLE {name} AS SELECT {columns} FROM given")  # noqa: S608
    except (duckdb.ConversionException, duckdb.InvalidInputException) as error:
        raise InputInvalid(Finding("FL842", name, {"text": str(error)})) from error


def _relation(
    connection: DuckDBPyConnection,
    name: Name,
    source: Path | DuckDBPyRelation | Iterable[Sequence[object]],
) -> DuckDBPyRelation:
    if isinstance(source, Path):
        return connection.read_csv(
            str(source), header=True, all_varchar=True, sep=",", quotechar='"', escapechar='"'
        )
    if not isinstance(source, Iterable):
        return source
    types = COLUMNS[name]
    values = list(zip(*source, strict=True)) or [()] * len(types)
    texts = [[None if value is None else str(value) for value in column] for column in values]
    columns = ", ".join(
        f'UNNEST(CAST(${place} AS VARCHAR[])) AS "{column}"'
        for place, column in enumerate(types, 1)
    )
    return connection.sql(f"SELECT {columns}", params=texts)


def _column(column: str, kind: str, there: str | None) -> str:
    """Return the SQL of one column as it has to be, from what type of column is there."""
    if there is None:
        return f"'' AS \"{column}\""
    if there == kind:
        return f'COALESCE("{column}", \'\') AS "{column}"' if kind == "VARCHAR" else f'"{column}"'
    text = f"COALESCE(CAST(\"{column}\" AS VARCHAR), '')"
    if kind == "VARCHAR":
        return f'{text} AS "{column}"'
    value = f"CAST(NULLIF({text}, '') AS {kind})"
    if kind == "BIGINT":
        # A cast alone would round: 500.55 is no number of fen.
        whole = f"{text} = '' OR REGEXP_MATCHES({text}, '^-?[0-9]+$')"
        value = f"CASE WHEN {whole} THEN {value} ELSE ERROR('not whole: ' || {text}) END"
    return f'{value} AS "{column}"'


def check_tables(connection: DuckDBPyConnection) -> None:
    """Look at the three tables before they are matched: a doubled line would be matched twice.

    Raises:
        InputInvalid: FL843, for each kind of fault, with how many there are and the first.

    """
    findings = []
    for rows in dict.fromkeys(wrong[3] for wrong in _WRONG):
        of_rows = [wrong for wrong in _WRONG if wrong[3] == rows]
        # One look for all that may be wrong with a row; where nothing is, there is no second.
        if not _found(connection, rows, " OR ".join(f"({wrong[4]})" for wrong in of_rows))[0]:
            continue
        for fault, name, shown, _, condition in of_rows:
            count, first = _found(connection, rows, condition, shown)
            if count:
                details = {"fault": fault, "count": count, "first": first}
                findings.append(Finding("FL843", name, details))
    if findings:
        raise InputInvalid(findings)


def _found(
    connection: DuckDBPyConnection, rows: str, condition: str, shown: str = "NULL"
) -> tuple[int, object]:
    """Return how many rows a condition holds of, and the least of what names one."""
    ((count, first),) = connection.execute(
        f"SELECT COUNT(*), MIN({shown}) FROM {rows} WHERE {condition}"  # noqa: S608 - of constants
    ).fetchall()
    return count, first
