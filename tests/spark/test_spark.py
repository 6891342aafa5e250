"""On a cluster of several processes: the rows that DuckDB finds, and the page as it stands there.

A run costs by its statements, not by its rows, so the cases and many random worlds are matched in
one world that they do not meet in.  `make spark SOAK=1` runs each case alone besides.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from fundledger.errors import InputInvalid
from fundledger.matching import COLUMNS, connect, load, match
from fundledger.matching.spark import load_on_spark, match_on_spark
from support.matching import AS_OF, Batch, Desk, Line, Outcome, Row
from support.matching.cases import CASES, read, shown
from support.matching.merged import TABLES, Merged, in_order, merged, tuples
from support.matching.worlds import World, worlds

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark

ROOT = Path(__file__).resolve().parents[2]
BEFORE_THE_FIRST_ROW = {"parent-and-reissue-earlier", "settled", "tier-9-earlier-period"}
"""What these tell depends on the first day of all rows: they are in a world of their own."""
# Its batch would be the ninth that the one of the proposal is looked for among.
_ALONE = {*BEFORE_THE_FIRST_ROW, "unknown-batch-named"}
AMONG_OTHERS = [case for case in CASES if case.name not in _ALONE]
APART = [case for case in CASES if case.name in _ALONE]


def any_worlds(count: int) -> list[World]:
    found: list[World] = []

    @settings(max_examples=count, database=None)
    @given(worlds())
    def collect(world: World) -> None:
        found.append(world)

    collect()
    return found


def loaded(session: SparkSession, world: World | Merged) -> None:
    for name, rows in zip(COLUMNS, tuples(world), strict=True):
        load_on_spark(session, name, rows)


def outcome(tables: dict[str, DataFrame]) -> Outcome:
    return Outcome(*(in_order(row.asDict() for row in tables[name].collect()) for name in TABLES))


def matched(session: SparkSession, world: World | Merged) -> Outcome:
    loaded(session, world)
    found = match_on_spark(session, as_of=AS_OF)
    return outcome({name: getattr(found, name) for name in TABLES})


def by_case(cases: list[Path], found: list[Outcome]) -> dict[str, str]:
    return {case.name: shown(one) for case, one in zip(cases, found, strict=True)}


def as_written(cases: list[Path]) -> dict[str, str]:
    return {case.name: (case / "result.txt").read_text(encoding="utf-8") for case in cases}


@pytest.fixture(scope="module")
def world() -> Merged:
    return merged([*map(read, AMONG_OTHERS), *any_worlds(100)])


@pytest.fixture(scope="module")
def on_spark(session: SparkSession, world: Merged) -> Outcome:
    return matched(session, world)


@pytest.mark.parametrize("table", TABLES)
def test_a_world_of_all_cases_and_many_others_gives_the_same_rows(
    on_spark: Outcome, world: Merged, table: str
) -> None:
    by_duckdb = Desk().match(world.lines, world.bank, world.batches)

    assert getattr(on_spark, table) == getattr(by_duckdb, table)
    assert getattr(on_spark, table)


def test_the_cluster_is_a_driver_and_two_other_processes(
    session: SparkSession, on_spark: Outcome
) -> None:
    context = session.sparkContext
    executors = context._jsc.sc().statusTracker().getExecutorInfos()  # noqa: SLF001 - no other way

    assert on_spark.matches
    assert context.master == "local-cluster[2,1,1024]"
    assert len({(one.host(), one.port()) for one in executors}) == 3


def test_each_case_gives_there_what_stands_beside_it(on_spark: Outcome, world: Merged) -> None:
    found = world.of_each(on_spark)[: len(AMONG_OTHERS)]

    assert by_case(AMONG_OTHERS, found) == as_written(AMONG_OTHERS)


def test_the_program_of_the_page_matches_what_lies_in_parquet(
    session: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stores what it makes as checkpoints, as on a cluster that loses machines."""
    world = merged(map(read, APART))
    for name, rows in zip(COLUMNS, tuples(world), strict=True):
        load_on_spark(session, name, rows)
        session.table(name).write.parquet(str(tmp_path / name))
        session.catalog.dropTempView(name)
    page = (ROOT / "docs" / "spark.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.setattr(sys, "argv", ["reconcile.py", str(tmp_path), "2026-04-30"])

    exec(compile(code, "spark.md", "exec"), {})  # noqa: S102 - the page's own

    found = outcome({name: session.read.parquet(str(tmp_path / "found" / name)) for name in TABLES})
    assert {
        case.name: shown(one) for case, one in zip(APART, world.of_each(found), strict=True)
    } == {case.name: (case / "result.txt").read_text(encoding="utf-8") for case in APART}


def test_nothing_is_left_in_the_session(session: SparkSession, on_spark: Outcome) -> None:
    """Neither a view of the matching's own, nor a setting."""
    assert on_spark.matches
    assert {table.tableName for table in session.sql("SHOW TABLES").collect()} <= set(COLUMNS)
    assert session.conf.get("spark.sql.constraintPropagation.enabled") == "true"


LINE = Line("L-AAAAAAAAAAAA", "B-1", "A-1", "P-1", 50_000, date(2026, 4, 10))
ROW = Row("M4", 1, date(2026, 4, 12), -50_000, account="A-1")
BATCH = Batch("B-1", date(2026, 4, 10), 1, 50_000)


def test_what_cannot_be_is_refused_as_duckdb_refuses_it(session: SparkSession) -> None:
    lines = [
        replace(LINE, line=LINE.line + "\n"),
        LINE,
        LINE,
        replace(LINE, line="L-BBBBBBBBBBBB", amount_fen=0, state="Exported"),
        replace(LINE, line="L-CCCCCCCCCCCC", sent_on=None),
    ]
    rows = [ROW, replace(ROW, signed_fen=0)]
    batches = [replace(BATCH, batch=""), BATCH, replace(BATCH, count=0)]
    connection = connect(threads=1)
    for name, table in zip(COLUMNS, tuples((lines, rows, batches)), strict=True):
        load(connection, name, table)
        load_on_spark(session, name, table)
    with pytest.raises(InputInvalid) as by_duckdb:
        match(connection, as_of=AS_OF)

    with pytest.raises(InputInvalid) as by_spark:
        match_on_spark(session, as_of=AS_OF)

    assert sorted(map(str, by_spark.value.findings)) == sorted(map(str, by_duckdb.value.findings))
    assert {one.details["fault"] for one in by_spark.value.findings} >= {
        *("line-id", "line-twice", "line-amount", "state", "sent"),
        *("row-twice", "row-amount", "batch", "batch-twice", "batch-amount"),
    }


def test_every_lacking_column_is_named(session: SparkSession) -> None:
    with pytest.raises(InputInvalid) as refused:
        load_on_spark(session, "batches", session.sql("SELECT 'B-1' AS batch, 1 AS amount_fen"))

    assert [(f.code, f.details["column"]) for f in refused.value.findings] == [
        ("FL841", "sent_on"),
        ("FL841", "count"),
    ]


@pytest.mark.parametrize(
    ("column", "text"),
    [("amount_fen", "500.00"), ("sent_on", "10.4.2026"), ("sent_on", "2026"), ("count", "9" * 20)],
)
def test_a_value_that_is_no_number_of_fen_or_no_day_is_refused(
    session: SparkSession, column: str, text: str
) -> None:
    row = {"batch": "B-1", "sent_on": "2026-04-10", "count": "1", "amount_fen": "50000"}

    with pytest.raises(InputInvalid) as refused:
        load_on_spark(session, "batches", [tuple({**row, column: text}.values())])

    assert refused.value.codes == ("FL842",)
    assert text in refused.value.findings[0].sentence("en")


def test_a_csv_file_is_read_by_its_headings(session: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(
        "on,row,statement,signed_fen,serial,account,person,memo,note\n"
        '2026-04-12,1,M4,-50000,,A-1,,"低保, ""四月""\nL-AAAAAAAAAAAA",anything\n',
        encoding="utf-8",
    )

    load_on_spark(session, "bank", path)

    (row,) = session.table("bank").collect()
    memo = '低保, "四月"\nL-AAAAAAAAAAAA'
    assert tuple(row) == ("M4", 1, date(2026, 4, 12), -50_000, "", "A-1", "", memo)


@pytest.mark.soak
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_alone_gives_what_stands_beside_it(session: SparkSession, case: Path) -> None:
    assert shown(matched(session, read(case))) == (case / "result.txt").read_text(encoding="utf-8")


@pytest.mark.soak
def test_a_thousand_worlds_give_the_same_rows(session: SparkSession) -> None:
    world = merged(any_worlds(1000))

    assert matched(session, world) == Desk().match(world.lines, world.bank, world.batches)


def test_without_java_it_is_said_what_to_install(tmp_path: Path) -> None:
    for tool in ("bash", "env", "dirname", "cat", "sed", "ps"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    code = (
        "from fundledger.errors import NotInstalled\n"
        "from fundledger.matching.spark import start_spark\n"
        "try: start_spark('local[1]')\n"
        "except NotInstalled as error: print(error.codes, error.findings[0].remedy('en'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
    )

    assert done.stdout.startswith("('FL837',) Install it (apt install openjdk-17-jre-headless)")
