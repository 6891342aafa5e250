"""What is called: a session, its tables, a matching; each says what is not installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from fundledger.errors import NotInstalled
from fundledger.findings import Finding
from fundledger.matching.run import Limits, carry_out
from fundledger.matching.tables import Name

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_PACKAGES = ("pyspark", "sqlglot")
_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
_USUAL = Limits()

_SETTINGS = MappingProxyType(
    {
        # A sum that is too big, or a value that is none, is an error and not another row.
        "spark.sql.ansi.enabled": "true",
        # What Spark deduces from how stored rows came about fails in unions ("key not found").
        "spark.sql.constraintPropagation.enabled": "false",
    }
)


@dataclass(frozen=True, slots=True)
class SparkMatching:
    """The tables that a matching gives, stored; docs/matching.md has their columns."""

    matches: DataFrame
    ambiguous: DataFrame
    proposals: DataFrame
    exceptions: DataFrame


def start_spark(
    master: str | None = None, settings: Mapping[str, str] = _NO_SETTINGS
) -> SparkSession:
    """Start a session, or return the one that this process has.

    `master` is `local-cluster[2,1,1024]` (two processes of one core and 1024 MiB), `yarn`,
    `k8s://…`; without, what `spark-submit` or `spark-defaults.conf` says.

    Raises:
        NotInstalled: FL836, there is no PySpark here, or no sqlglot; FL837, Java did not start.

    """
    _need_packages()
    from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415 - an extra, and heavy
    from pyspark.sql import SparkSession  # noqa: PLC0415 - the same

    builder = SparkSession.builder.appName("fundledger")
    if master is not None:
        builder = builder.master(master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        if error.getCondition() != "JAVA_GATEWAY_EXITED":
            raise
        raise NotInstalled(Finding("FL837", "java")) from error


def load_on_spark(
    session: SparkSession, name: Name, source: Path | DataFrame | Iterable[Sequence[object]]
) -> None:
    """Make one of the tables that are matched, as a view of the session, in place of another.

    `source` is a CSV file with headings that every executor can read, a DataFrame (of Parquet, of
    a table of Hive, of a query), or rows with the values of `COLUMNS` in order.  `receipt` may be
    lacking; a text that is not there becomes '', and an empty day none.

    Raises:
        NotInstalled: FL836, there is no PySpark here, or no sqlglot.
        InputInvalid: FL841, a column is lacking; FL842, a value is not of its column's type.

    """
    _need_packages()
    from fundledger.matching.spark.columns import brought, frame_of  # noqa: PLC0415 - extras

    brought(frame_of(session, name, source), name).createOrReplaceTempView(name)


def match_on_spark(
    session: SparkSession, *, as_of: date, limits: Limits = _USUAL, reliable: bool = False
) -> SparkMatching:
    """Match payment lines with bank rows and tell all that does not fit, as `match` does.

    The session has the tables or views `lines`, `bank` and `batches` (see `load_on_spark`); they
    are read once, so that what was looked at is what is matched.  Amounts are whole fen, ages whole
    days up to `as_of`.  What is made on the way lies with the executors, and one that is lost ends
    the matching; with `reliable`, it lies in the checkpoint directory of the session.

    Raises:
        NotInstalled: FL836, there is no PySpark here, or no sqlglot.
        InputInvalid: FL841 and FL842, as `load_on_spark`; FL843, the tables hold what cannot be;
            nothing was matched.

    """
    _need_packages()
    from fundledger.matching.spark.desk import Desk  # noqa: PLC0415 - extras

    desk = Desk(session, reliable=reliable)
    with _set(session):
        try:
            desk.take_tables()
            carry_out(desk.do, as_of=as_of, limits=limits)
            return SparkMatching(
                *map(desk.result, ("matches", "ambiguous", "proposals", "exceptions"))
            )
        finally:
            desk.clear()


def _need_packages() -> None:
    for package in _PACKAGES:
        if find_spec(package) is None:
            raise NotInstalled(Finding("FL836", "fundledger[spark]", {"package": package}))


@contextmanager
def _set(session: SparkSession) -> Iterator[None]:
    """Have the settings that the result rests on for a while, and then those from before."""
    before = {name: session.conf.get(name) for name in _SETTINGS}
    for name, value in _SETTINGS.items():
        session.conf.set(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            session.conf.set(name, value)
