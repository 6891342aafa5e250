"""The tables that a matching reads: their columns, their sources, and what they must hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fundledger.errors import InputInvalid, NotInstalled
from fundledger.findings import Finding
from fundledger.ledger.given import expect
from fundledger.tables.files import irregular, unusable

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
_TYPES = {
    "VARCHAR": frozenset({"VARCHAR"}),
    "DATE": frozenset({"DATE"}),
    "BIGINT": frozenset({"BIGINT", "INTEGER", "SMALLINT", "TINYINT"}),
}
"""Of which types a column may be that somebody else made."""

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
        InputInvalid: FL909, a value that no connection can have.
        NotInstalled: FL840, there is no DuckDB here.

    """
    expect(
        threads=threads is None or _is_count(threads),
        memory_mib=memory_mib is None or _is_count(memory_mib),
        spill=spill is None or isinstance(spill, Path),
    )
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
        InputInvalid: FL909, there is no such table or source; FL927, there is no such file; FL841,
            a column is lacking; FL842, a value is not of its column's type; FL843, a row has not
            as many values as there are columns.

    """
    import duckdb  # noqa: PLC0415 - an extra, and heavy; there, as a connection is

    relations = (Path, duckdb.DuckDBPyRelation)
    expect(
        name=isinstance(name, str) and name in COLUMNS,
        source=isinstance(source, relations)
        or (isinstance(source, Iterable) and not isinstance(source, (str, bytes))),
    )
    try:
        _load(name, _relation(connection, name, source))
    except (duckdb.DataError, duckdb.ProgrammingError, ValueError) as error:
        # The first line says it; those below quote the statement, or a row.
        text = str(error).partition("\n")[0]
        raise InputInvalid(Finding("FL842", name, {"text": text})) from error


def _load(name: Name, relation: DuckDBPyRelation) -> None:
    types = COLUMNS[name]
    lacking = [column for column in types if column not in {*relation.columns, MAY_LACK}]
    if lacking:
        raise InputInvalid([Finding("FL841", name, {"column": column}) for column in lacking])
    there = dict(zip(relation.columns, map(str, relation.types), strict=True))
    columns = ", ".join(_column(column, types[column], there.get(column)) for column in types)
    relation.query("given", f"CREATE OR REPLACE TABLE {name} AS SELECT {columns} FROM given")  # noqa: S608


def _relation(
    connection: DuckDBPyConnection,
    name: Name,
    source: Path | DuckDBPyRelation | Iterable[Sequence[object]],
) -> DuckDBPyRelation:
    if isinstance(source, Path):
        _expect_file(source)
        return connection.read_csv(
            str(source), header=True, all_varchar=True, sep=",", quotechar='"', escapechar='"'
        )
    if not isinstance(source, Iterable):
        return source
    types = COLUMNS[name]
    rows = list(source)
    try:
        values = list(zip(*rows, strict=True)) if rows else [()] * len(types)
    except (TypeError, ValueError):  # of several lengths, or no rows at all
        values = []
    if len(values) != len(types):
        raise InputInvalid(_other_lengths(name, rows))
    texts = [[None if value is None else str(value) for value in column] for column in values]
    columns = ", ".join(
        f'UNNEST(CAST(${place} AS VARCHAR[])) AS "{column}"'
        for place, column in enumerate(types, 1)
    )
    return connection.sql(f"SELECT {columns}", params=texts)


def _expect_file(path: Path) -> None:
    """Refuse what is no file; by itself DuckDB would look for a pattern of names.

    Raises:
        InputInvalid: FL927.

    """
    try:
        with path.open("rb"):
            pass
    except IsADirectoryError:
        raise InputInvalid(irregular(str(path))) from None
    except OSError as error:
        raise InputInvalid(unusable(str(path), error)) from error


def _other_lengths(name: Name, rows: Sequence[object]) -> Finding:
    """Return what is told of rows that have not a value for each column, and the first of them."""
    wrong = [
        number
        for number, row in enumerate(rows, 1)
        if not isinstance(row, Sequence) or isinstance(row, str) or len(row) != len(COLUMNS[name])
    ]
    details = {"fault": "values", "count": len(wrong), "first": next(iter(wrong), 1)}
    return Finding("FL843", name, details)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 < value < 2**31


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
        InputInvalid: FL841, a table or a column is lacking; FL842, a column is of another type;
            FL843, for each kind of fault, with how many there are and the first.

    """
    _check_columns(connection)
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


def _check_columns(connection: DuckDBPyConnection) -> None:
    """Hold that the tables are there, and of their types: whoever made them, made them by hand."""
    import duckdb  # noqa: PLC0415 - an extra, and heavy; there, as a connection is

    findings = []
    for name, types in COLUMNS.items():
        try:
            told = connection.execute(f"DESCRIBE {name}").fetchall()
        except duckdb.CatalogException:
            findings.append(Finding("FL841", name, {"column": ", ".join(types)}))
            continue
        there = {column: str(kind) for column, kind, *_ in told}
        for column, kind in types.items():
            if column not in there:
                findings.append(Finding("FL841", name, {"column": column}))
            elif there[column] not in _TYPES[kind]:
                text = f"{column}: {there[column]} ≠ {kind}"
                findings.append(Finding("FL842", name, {"text": text}))
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
