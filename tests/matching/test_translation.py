"""What is asked of Spark in the place of what DuckDB is asked; on a cluster: tests/spark."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from fundledger.matching import statements
from fundledger.matching.spark.translate import (
    Added,
    Emptied,
    Made,
    Viewed,
    parsed,
    read,
    spark_sql,
)
from fundledger.matching.tables import questions

TABLES = {"m_l": "v7", "m_met": "v8"}


def asked(sql: str) -> str:
    return spark_sql(parsed(sql), TABLES)


def test_every_statement_and_every_question_is_known_and_carried_over() -> None:
    read_ones = [read(sql) for sql in statements(as_of=date(2026, 4, 30))]
    said = [
        spark_sql(one.query, TABLES) for one in read_ones if isinstance(one, Made | Added | Viewed)
    ]
    said += [asked(question) for _, _, question in questions()]

    assert {type(one) for one in read_ones} == {Made, Added, Viewed, Emptied}
    assert [sql for sql in said if "ROW_NUMBER() OVER ()" in sql] == []
    assert [sql for sql in said if "DATEDIFF(DAY" in sql] == []


def test_a_table_goes_by_the_name_of_the_moment_and_keeps_its_own() -> None:
    assert asked(
        "SELECT m_l.l FROM m_l WHERE NOT EXISTS (SELECT 1 FROM m_met WHERE l = m_l.l)"
    ) == ("SELECT m_l.l FROM v7 AS m_l WHERE NOT EXISTS(SELECT 1 FROM v8 AS m_met WHERE l = m_l.l)")


def test_a_join_keeps_its_sides() -> None:
    assert asked("SELECT 1 FROM m_l LEFT JOIN m_met AS one ON one.l = m_l.l") == (
        "SELECT 1 FROM v7 AS m_l LEFT JOIN v8 AS one ON one.l = m_l.l"
    )


def test_what_a_query_names_itself_is_no_table() -> None:
    assert asked("WITH m_l AS (SELECT 1 AS l) SELECT l FROM m_l") == (
        "WITH m_l AS (SELECT 1 AS l) SELECT l FROM m_l"
    )


def test_a_view_stands_in_the_place_of_its_name() -> None:
    view = parsed("SELECT MAX(l) AS l FROM m_l")

    assert spark_sql(parsed("SELECT m_b.l FROM m_b"), {"m_l": "v7", "m_b": view}) == (
        "SELECT m_b.l FROM (SELECT MAX(l) AS l FROM v7 AS m_l) AS m_b"
    )


@pytest.mark.parametrize(
    ("duckdb", "spark"),
    [
        # A handle is any number; one with an order is the order's.
        ("SELECT ROW_NUMBER() OVER () AS l", "SELECT MONOTONICALLY_INCREASING_ID() AS l"),
        (
            "SELECT ROW_NUMBER() OVER (PARTITION BY k ORDER BY l) AS l",
            "SELECT ROW_NUMBER() OVER (PARTITION BY k ORDER BY l NULLS LAST) AS l",
        ),
        # From day to day, whatever hour a zone begins its days at.
        (
            "SELECT DATE_DIFF('day', DATE '2000-01-01', sent_on)",
            "SELECT CAST(DATEDIFF(sent_on, CAST('2000-01-01' AS DATE)) AS BIGINT)",
        ),
        # For Java $ stands before a last line break too.
        ("SELECT REGEXP_MATCHES(x, '^a$')", r"SELECT x RLIKE '^a\\z'"),
        ("SELECT REGEXP_MATCHES(x, '^a')", "SELECT x RLIKE '^a'"),
        # The whole of what is found, not its first group.
        (
            "SELECT UNNEST(REGEXP_EXTRACT_ALL(x, 'a'))",
            "SELECT EXPLODE(REGEXP_EXTRACT_ALL(x, 'a', 0))",
        ),
    ],
)
def test_what_spark_reads_differently_is_said_differently(duckdb: str, spark: str) -> None:
    assert asked(duckdb) == spark


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("CREATE OR REPLACE TEMP TABLE m_x AS SELECT 1 AS a", "m_x"),
        ("CREATE OR REPLACE TABLE exceptions AS SELECT 1 AS a", "exceptions"),
    ],
)
def test_a_table_is_made_of_a_query(sql: str, table: str) -> None:
    assert read(sql) == Made(table, parsed("SELECT 1 AS a"))


def test_a_table_that_is_declared_is_made_without_rows() -> None:
    made = read("CREATE OR REPLACE TEMP TABLE m_x (pass VARCHAR, l BIGINT)")

    assert isinstance(made, Made)
    assert spark_sql(made.query, {}) == (
        "SELECT CAST(NULL AS STRING) AS pass, CAST(NULL AS BIGINT) AS l WHERE FALSE"
    )


def test_rows_are_added_with_what_their_query_begins_with() -> None:
    added = read("INSERT INTO m_x WITH a AS (SELECT 1 AS b) SELECT b FROM a")

    assert added == Added("m_x", parsed("WITH a AS (SELECT 1 AS b) SELECT b FROM a"))


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM m_x WHERE l = 1",
        "UPDATE m_x SET l = 1",
        "INSERT INTO m_x (l) SELECT 1",
        "INSERT INTO m_x BY NAME SELECT 1 AS l",
        "SELECT 1",
    ],
)
def test_what_is_not_known_is_refused_and_not_guessed(sql: str) -> None:
    with pytest.raises(NotImplementedError):
        read(sql)


def test_other_units_than_days_are_refused() -> None:
    with pytest.raises(NotImplementedError):
        asked("SELECT DATE_DIFF('month', a, b)")


@pytest.mark.parametrize("package", ["pyspark", "sqlglot"])
def test_without_spark_it_is_said_what_to_install(package: str) -> None:
    code = (
        f"import sys; sys.modules['{package}'] = None\n"
        "from fundledger.errors import NotInstalled\n"
        "from fundledger.matching.spark import start_spark\n"
        "sys.modules.setdefault('pyspark', sys)\n"
        "try: start_spark()\n"
        "except NotInstalled as error: print(error.codes, error.findings[0].remedy('en'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8"
    )

    assert done.stdout.startswith("('FL836',) Run pip install 'fundledger[spark]'")
