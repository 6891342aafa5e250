"""What a matching reads: files, queries and rows; and what it refuses to read."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from fundledger.errors import InputInvalid
from fundledger.ledger.batches.paylist import PaymentLine, line_id, render_list
from fundledger.matching import (
    COLUMNS,
    Limits,
    check_tables,
    connect,
    load,
    match,
    statements,
)
from support.matching import AS_OF, Batch, Line, Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROOT = Path(__file__).resolve().parents[2]
LINE = Line("L-AAAAAAAAAAAA", "B-1", "A-1", "P-1", 50_000, date(2026, 4, 10))
ROW = Row("M4", 1, date(2026, 4, 12), -50_000, account="A-1")
BATCH = Batch("B-1", date(2026, 4, 10), 1, 50_000)


@pytest.fixture
def connection() -> Iterator[DuckDBPyConnection]:
    opened = connect(threads=1, memory_mib=256)
    load(opened, "lines", [astuple(LINE)])
    load(opened, "bank", [astuple(ROW)])
    load(opened, "batches", [astuple(BATCH)])
    yield opened
    opened.close()


def matched(connection: DuckDBPyConnection) -> list[tuple[object, ...]]:
    found = match(connection, as_of=AS_OF)
    return found.matches.project("tier, line, statement, row, amount_fen, days").fetchall()


THE_MATCH = [("T3", "L-AAAAAAAAAAAA", "M4", 1, 50_000, 2)]


def test_rows_are_read_in_the_order_of_the_columns(connection: DuckDBPyConnection) -> None:
    assert matched(connection) == THE_MATCH


def test_a_csv_file_is_read_by_its_headings(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(
        "state,line,batch,amount_fen,account,person,sent_on,debited_on,credited_on,note\n"
        "exported,L-AAAAAAAAAAAA,B-1,50000,A-1,P-1,2026-04-10,,,anything\n",
        encoding="utf-8",
    )

    load(connection, "lines", path)

    assert matched(connection) == THE_MATCH
    assert connection.table("lines").fetchall() == [astuple(LINE)]


def test_a_csv_file_is_read_alike_wherever_its_quotes_stand(
    connection: DuckDBPyConnection, tmp_path: Path
) -> None:
    head = "line,batch,account,person,amount_fen,sent_on,state,debited_on,credited_on,receipt\n"
    plain = [
        f"L-{number:012d},B-1,A{number},P-1,100,2026-04-10,exported,,,\n"
        for number in range(25_000)
    ]
    quoted = '"L-AAAAAAAAAAAA",B-1,"A ""1"", x","P-1","100",2026-04-10,exported,,,\n'
    last, first = tmp_path / "last.csv", tmp_path / "first.csv"
    last.write_text(head + "".join([*plain, quoted]), encoding="utf-8")
    first.write_text(head + "".join([quoted, *plain]), encoding="utf-8")
    found = []
    for path in (last, first):
        load(connection, "lines", path)
        row = connection.table("lines").filter("line = 'L-AAAAAAAAAAAA'").fetchall()
        found.append(row)

    assert found[0] == found[1]
    assert found[0][0][2] == 'A "1", x'


def test_a_payment_list_is_read_by_a_query(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    """The list of a batch as it lies in lists/; its batch and its day are the batch's."""
    person, account = f"P-{'A' * 12}", f"A-{'A' * 12}"
    line = line_id("dibao", "Unit", "Grant", "2026-04", person)
    path = tmp_path / "list.csv"
    path.write_bytes(
        render_list([PaymentLine(line, person, "", "Unit", "Grant", "2026-04", 50_000, account)])
    )
    query = f"""
        SELECT line, 'B-1' AS batch, account, person, amount_fen, DATE '2026-04-10' AS sent_on,
            'exported' AS state, NULL AS debited_on, NULL AS credited_on
        FROM read_csv('{path}')"""  # noqa: S608 - of this test

    load(connection, "lines", connection.sql(query))
    load(connection, "bank", [astuple(replace(ROW, account="", memo=f"低保 {line}"))])

    assert matched(connection) == [("T1", line, "M4", 1, 50_000, 2)]


def test_no_rows_are_a_table_too(connection: DuckDBPyConnection) -> None:
    for name in COLUMNS:
        load(connection, name, [])

    assert matched(connection) == []
    assert connection.table("exceptions").fetchall() == []


def test_the_results_of_the_last_matching_are_replaced(connection: DuckDBPyConnection) -> None:
    first = matched(connection)
    load(connection, "bank", [])

    assert first == THE_MATCH
    assert matched(connection) == []


def test_every_lacking_column_is_named(connection: DuckDBPyConnection) -> None:
    with pytest.raises(InputInvalid) as refused:
        load(connection, "batches", connection.sql("SELECT 'B-1' AS batch, 1 AS amount_fen"))

    assert [(f.code, f.details["column"]) for f in refused.value.findings] == [
        ("FL841", "sent_on"),
        ("FL841", "count"),
    ]


@pytest.mark.parametrize(("column", "text"), [("amount_fen", "500.00"), ("sent_on", "10.4.2026")])
def test_a_value_that_is_no_number_of_fen_or_no_day_is_refused(
    connection: DuckDBPyConnection, column: str, text: str
) -> None:
    query = f"SELECT * REPLACE ('{text}' AS {column}) FROM lines"  # noqa: S608 - of this test

    with pytest.raises(InputInvalid) as refused:
        load(connection, "lines", connection.sql(query))

    assert refused.value.codes == ("FL842",)
    assert text in refused.value.findings[0].sentence("en")


@pytest.mark.parametrize(
    ("fault", "table", "rows"),
    [
        ("line-id", "lines", [replace(LINE, line="L-1")]),
        ("line-twice", "lines", [LINE, replace(LINE, amount_fen=1)]),
        ("line-amount", "lines", [replace(LINE, amount_fen=0)]),
        ("state", "lines", [replace(LINE, state="Exported")]),
        ("sent", "lines", [replace(LINE, sent_on=None)]),
        ("row-twice", "bank", [ROW, replace(ROW, signed_fen=1)]),
        ("row-amount", "bank", [replace(ROW, signed_fen=0)]),
        ("batch", "batches", [replace(BATCH, batch="")]),
        ("batch-twice", "batches", [BATCH, BATCH]),
        ("batch-amount", "batches", [replace(BATCH, count=0)]),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_matched(
    connection: DuckDBPyConnection, fault: str, table: str, rows: list[Line | Row | Batch]
) -> None:
    load(connection, table, map(astuple, rows))  # type: ignore[arg-type]

    with pytest.raises(InputInvalid) as refused:
        match(connection, as_of=AS_OF)

    (finding,) = refused.value.findings
    assert (finding.code, finding.subject, finding.details["fault"]) == ("FL843", table, fault)
    assert connection.execute(
        "SELECT COUNT(*) FROM duckdb_tables() WHERE table_name = 'matches'"
    ).fetchone() == (0,)


@pytest.mark.parametrize(
    ("rows", "count", "first"),
    [
        ([("B-1", "2026-04-10", 1)], 1, 1),
        ([("B-1", "2026-04-10", 1, 50_000), ("B-2",), ("B-3",)], 2, 2),
        ([("B-1", "2026-04-10", 1, 50_000, "")], 1, 1),
        ([()], 1, 1),
        ([5], 1, 1),
    ],
)
def test_a_row_with_too_few_values_or_too_many_is_told_by_its_number(
    connection: DuckDBPyConnection, rows: list[tuple[object, ...]], count: int, first: int
) -> None:
    with pytest.raises(InputInvalid) as refused:
        load(connection, "batches", rows)

    (finding,) = refused.value.findings
    assert (finding.code, finding.subject) == ("FL843", "batches")
    assert finding.details == {"fault": "values", "count": count, "first": first}
    assert matched(connection) == THE_MATCH


@pytest.mark.parametrize("value", [10**5000, "\ud800"], ids=["huge", "no text"])
def test_a_value_that_no_column_holds_is_refused(
    connection: DuckDBPyConnection, value: object
) -> None:
    with pytest.raises(InputInvalid) as refused:
        load(connection, "batches", [(value, "2026-04-10", 1, 50_000)])

    assert refused.value.codes == ("FL842",)
    assert matched(connection) == THE_MATCH


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("none.csv", None, "FL927"),
        ("*.csv", None, "FL927"),
        (".", None, "FL927"),
        ("empty.csv", b"", "FL842"),
        ("gbk.csv", "batch,memo\nB-1,低保\n".encode("gbk"), "FL842"),
        ("quote.csv", b'batch,sent_on,count,amount_fen\n"B-1,2026-04-10,1,4\n', "FL842"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    connection: DuckDBPyConnection, tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    (tmp_path / "other.csv").write_text("batch\n", encoding="utf-8")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputInvalid) as refused:
        load(connection, "batches", tmp_path / name)

    assert refused.value.codes == (code,)
    assert "\n" not in str(refused.value)
    assert matched(connection) == THE_MATCH


@pytest.mark.parametrize(
    ("name", "source", "field"),
    [("line", [], "name"), (None, [], "name"), ("lines", None, "source"), ("lines", "a", "source")],
)
def test_there_are_three_tables_and_three_kinds_of_sources(
    connection: DuckDBPyConnection,
    name: object,
    source: object,
    field: str,
) -> None:
    with pytest.raises(InputInvalid) as refused:
        load(connection, name, source)  # type: ignore[arg-type]

    assert [(f.code, f.details["field"]) for f in refused.value.findings] == [("FL909", field)]


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("DROP TABLE bank", ("FL841", "bank", "statement, row, on, signed_fen, serial, account")),
        ("ALTER TABLE bank DROP memo", ("FL841", "bank", "memo")),
        (
            "ALTER TABLE lines ALTER amount_fen TYPE VARCHAR",
            ("FL842", "lines", "amount_fen: VARCHAR ≠ BIGINT"),
        ),
        (
            "ALTER TABLE lines ALTER amount_fen TYPE DOUBLE",
            ("FL842", "lines", "amount_fen: DOUBLE ≠ BIGINT"),
        ),
        (
            "ALTER TABLE batches ALTER sent_on TYPE VARCHAR",
            ("FL842", "batches", "sent_on: VARCHAR ≠ DATE"),
        ),
    ],
)
def test_a_table_that_was_made_by_hand_is_held_against_its_columns(
    connection: DuckDBPyConnection, sql: str, told: tuple[str, str, str]
) -> None:
    connection.execute(sql)

    with pytest.raises(InputInvalid) as refused:
        match(connection, as_of=AS_OF)

    (finding,) = refused.value.findings
    said = finding.details.get("column") or finding.details["text"]
    assert (finding.code, finding.subject) == told[:2]
    assert said.startswith(told[2])


def test_whole_numbers_of_a_smaller_type_are_whole_numbers(connection: DuckDBPyConnection) -> None:
    connection.execute("ALTER TABLE lines ALTER amount_fen TYPE INTEGER")

    assert matched(connection) == THE_MATCH


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"as_of": "2026-04-30"}, "as_of"),
        ({"as_of": datetime(2026, 4, 30)}, "as_of"),  # noqa: DTZ001 - no zone here
        ({"limits": None}, "limits"),
        ({"limits": Limits(window_days=-1)}, "window_days"),
        ({"limits": Limits(late_days=True)}, "late_days"),
        ({"limits": Limits(return_days=cast("int", "90"))}, "return_days"),
    ],
)
def test_a_day_and_limits_are_what_they_are_called(
    connection: DuckDBPyConnection, given: dict[str, Any], field: str
) -> None:
    for act in (partial(match, connection), lambda **given: list(statements(**given))):
        with pytest.raises(InputInvalid) as refused:
            act(**{"as_of": AS_OF, **given})
        assert [(f.code, f.details["field"]) for f in refused.value.findings] == [("FL909", field)]


@pytest.mark.parametrize("given", [{"threads": 0}, {"memory_mib": -1}, {"spill": "here"}])
def test_a_connection_that_cannot_be_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InputInvalid) as refused:
        connect(**given)

    assert [(f.code, f.details["field"]) for f in refused.value.findings] == [("FL909", *given)]


@pytest.mark.parametrize(("column", "fault"), [("row", "row"), ("on", "row-day")])
def test_a_bank_row_without_place_or_day_is_refused(
    connection: DuckDBPyConnection, column: str, fault: str
) -> None:
    connection.execute(f'UPDATE bank SET "{column}" = NULL')  # noqa: S608 - of this test

    with pytest.raises(InputInvalid) as refused:
        check_tables(connection)

    assert [f.details["fault"] for f in refused.value.findings] == [fault]


def test_what_the_page_shows_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: tuple[Line | Row | Batch, ...] = (LINE, ROW, BATCH)
    for (name, columns), row in zip(COLUMNS.items(), rows, strict=True):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, astuple(row)])
    page = (ROOT / "docs" / "matching.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)

    exec(compile(code, "matching.md", "exec"), {})  # noqa: S102 - the page's own

    assert "('T3', 'L-AAAAAAAAAAAA', 'B-1', 'M4', 1, 50000, 2," in capsys.readouterr().out


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout.strip()


def test_duckdb_is_imported_by_a_connection_alone() -> None:
    said = run("import fundledger.matching, sys; print('duckdb' in sys.modules)")

    assert said == "False"


def test_without_duckdb_it_is_said_what_to_install() -> None:
    said = run(
        "import sys; sys.modules['duckdb'] = None\n"
        "from fundledger.errors import NotInstalled\n"
        "from fundledger.matching import connect\n"
        "try: connect()\n"
        "except NotInstalled as error: print(error.codes, error.findings[0].remedy('en'))"
    )

    assert said == "('FL840',) Run pip install 'fundledger[match]'."
