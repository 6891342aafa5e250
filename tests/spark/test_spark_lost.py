"""An executor that is killed while a matching runs: an error or the same rows, never others."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from fundledger.matching import COLUMNS
from fundledger.matching.run import carry_out
from fundledger.matching.spark import entry as spark_entry
from fundledger.matching.spark import load_on_spark, match_on_spark
from support.matching import AS_OF, Desk
from support.matching.cases import CASES, read
from support.matching.merged import TABLES, in_order, merged, tuples

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.soak]

WORLD = merged(read(case) for case in CASES if case.name in {"ambiguous", "tier-3-occurrences"})


def kill_one_executor() -> None:
    """Kill one of the two that this process has by way of its driver."""
    told = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,args="],  # noqa: S607 - wherever it lies
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    processes = re.findall(r"^ *(\d+) +(\d+) (.*)$", told, re.MULTILINE)
    drivers = {pid for pid, parent, _ in processes if int(parent) == os.getpid()}
    executors = [
        int(pid)
        for pid, parent, command in processes
        if parent in drivers and "CoarseGrainedExecutorBackend" in command
    ]
    os.kill(executors[0], signal.SIGKILL)
    time.sleep(3)  # until the driver has seen it


@pytest.fixture
def killing(monkeypatch: pytest.MonkeyPatch, session: SparkSession) -> None:
    """Let an executor be killed before the 25th statement, when handles have been given out."""
    for name, rows in zip(COLUMNS, tuples(WORLD), strict=True):
        load_on_spark(session, name, rows)

    def carried_out(do: Callable[[str], bool], **rest: object) -> None:
        count = 0

        def counted(sql: str) -> bool:
            nonlocal count
            count += 1
            if count == 25:
                kill_one_executor()
            return do(sql)

        carry_out(counted, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(spark_entry, "carry_out", carried_out)


@pytest.mark.usefixtures("killing")
def test_what_is_stored_as_checkpoints_is_read_again(session: SparkSession) -> None:
    found = match_on_spark(session, as_of=AS_OF, reliable=True)
    by_duckdb = Desk().match(WORLD.lines, WORLD.bank, WORLD.batches)

    for name in TABLES:
        rows = in_order(row.asDict() for row in getattr(found, name).collect())
        assert rows == getattr(by_duckdb, name)


@pytest.mark.usefixtures("killing")
def test_what_is_stored_on_executors_is_an_error(session: SparkSession) -> None:
    with pytest.raises(Exception, match="CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND"):
        match_on_spark(session, as_of=AS_OF)
