"""The matching: the tables `lines`, `bank` and `batches` of a connection in, four tables out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from fundledger.ledger.given import expect, is_day
from fundledger.matching.passes import BY_LINE, CREDITS, DEBITS, DIFFERS, LUMPS, Pass
from fundledger.matching.tables import check_tables

if TYPE_CHECKING:
    import duckdb

_EPOCH = date(2000, 1, 1)
_ANY_DAYS = 10_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How many days may lie between the two sides of one payment.

    `window_days`: from sending to the debit, where nothing but account or name and amount agree;
    `late_days`: from sending to the debit, beyond which it is told as late; `return_days`: from the
    debit to a credit that names neither line nor serial number.
    """

    window_days: int = 10
    late_days: int = 5
    return_days: int = 90


@dataclass(frozen=True, slots=True)
class Matching:
    """The tables that a matching leaves in its connection; docs/matching.md has their columns."""

    matches: duckdb.DuckDBPyRelation
    ambiguous: duckdb.DuckDBPyRelation
    proposals: duckdb.DuckDBPyRelation
    exceptions: duckdb.DuckDBPyRelation


_USUAL = Limits()


def match(
    connection: duckdb.DuckDBPyConnection, *, as_of: date, limits: Limits = _USUAL
) -> Matching:
    """Match payment lines with bank rows and tell all that does not fit.

    The connection has the tables `lines`, `bank` and `batches` (see `load`); the results are its
    tables `matches`, `ambiguous`, `proposals` and `exceptions`, replaced if they are there.
    Amounts are whole fen, ages whole days up to `as_of`.

    Raises:
        InputInvalid: FL841 to FL843, the tables are not as they have to be; FL909, `as_of` or the
            limits are not; nothing was matched.

    """
    _expect(as_of, limits)
    check_tables(connection)
    _carry_out(connection, _steps(as_of, limits))
    return Matching(
        *(connection.table(name) for name in ("matches", "ambiguous", "proposals", "exceptions"))
    )


def statements(*, as_of: date, limits: Limits = _USUAL) -> Iterator[str]:
    """Yield the SQL of a matching, one statement each, to read it or to run it elsewhere.

    `match` leaves out what has nothing to do; the result is the same.

    Raises:
        InputInvalid: FL909.

    """
    _expect(as_of, limits)
    waiting = list(_steps(as_of, limits))[::-1]
    while waiting:
        step = waiting.pop()
        yield step.sql
        waiting += step.then[::-1]


def carry_out(do: Callable[[str], bool], *, as_of: date, limits: Limits = _USUAL) -> None:
    """Have the SQL of a matching carried out elsewhere, but for what has nothing to do.

    `do` takes one statement after the other, and tells whether the table of each has rows now.
    """
    waiting = list(_steps(as_of, limits))[::-1]
    while waiting:
        step = waiting.pop()
        if do(step.sql):
            waiting += step.then[::-1]


@dataclass(frozen=True, slots=True)
class _Step:
    """One statement, and what follows only if the table that it makes is not empty."""

    sql: str
    then: tuple[_Step, ...] = ()


def _expect(as_of: date, limits: Limits) -> None:
    """Hold what goes into the SQL against its types."""
    expect(as_of=is_day(as_of), limits=isinstance(limits, Limits))
    days = {name: getattr(limits, name) for name in Limits.__dataclass_fields__}
    expect(**{name: type(n) is int and 0 <= n <= _ANY_DAYS for name, n in days.items()})


def _carry_out(connection: duckdb.DuckDBPyConnection, steps: Iterable[_Step]) -> None:
    for step in steps:
        # Read to its end, even of one row: else the connection would still be taken.
        made = connection.execute(step.sql).fetchall()
        if step.then and made[0][0]:
            _carry_out(connection, step.then)


def _steps(as_of: date, limits: Limits) -> Iterator[_Step]:
    said = {
        "as_of": (as_of - _EPOCH).days,
        "year_start": (date(as_of.year, 1, 1) - _EPOCH).days,
        "window": limits.window_days,
        "late_days": limits.late_days,
        "return_days": limits.return_days,
    }
    yield from _of_file("10_sides", said)
    yield _known_passes()
    yield from _of_files(("15_whole", "20_named"), said)
    yield from _of_file("25_open", said)
    yield from _passes(DEBITS, limits)
    yield from _of_file("still_open", said)
    yield from _passes(DIFFERS, limits)
    yield from _of_file("28_left", said)
    (to_nobody,) = _of_file("30_lumps", said)
    rest = _of_files(("35_lumped", "40_proposals", "45_residuals"), said)
    yield _Step(to_nobody.sql, (*to_nobody.then, *_passes(LUMPS, limits), *rest))
    (credit,) = _of_file("50_returns", said)
    yield _Step(credit.sql, (*credit.then, *_passes(CREDITS, limits)))
    yield from _of_files(("55_loose", "60_matches", "65_reissues", "70_exceptions"), said)


def _passes(passes: tuple[Pass, ...], limits: Limits) -> Iterator[_Step]:
    reach = {"any": _ANY_DAYS, "window": limits.window_days, "return": limits.return_days}
    member = "CASE WHEN m_placed.side = 0 THEN m_placed.id END"
    for one in passes:
        said = {
            "window": reach[one.reach],
            "name": one.name,
            "lines": one.lines,
            "rows": one.rows,
            "by_name": one.by_name,
            "line": "NULL" if one.of_batches else member,
            "batch": member if one.of_batches else "NULL",
            "less_failed": one.name.startswith("T6"),
        }
        (rows,) = _of_file("meet_1_rows", said)
        of_lines = "meet_2_open" if one in (*DEBITS, *DIFFERS) else "meet_2_lines"
        (lines,) = _of_file(of_lines, said)
        (several,) = _of_file("meet_4_several", said)
        teams = _of_files(("meet_5_teams", *(["meet_6_told"] if one.tells else [])), said)
        after = _of_files(one.after, said)
        found = (*_of_file("meet_3_alone", said), _Step(several.sql, teams), *after)
        yield _Step(rows.sql, (_Step(lines.sql, found),))


def _known_passes() -> _Step:
    """Return what the results say of each pass: what came back of a failed line is T7, not T9."""
    known = [BY_LINE] + [(one.name, one.reason) for one in (*DEBITS, *DIFFERS, *LUMPS, *CREDITS)]
    rows = ", ".join(
        f"('{name}', '{name[:2]}', '{name[:2].replace('T9', 'T7')}', '{reason}')"
        for name, reason in known
    )
    columns = "pass, tier, tier_if_failed, reason"
    values = f"SELECT * FROM (VALUES {rows}) AS known ({columns})"  # noqa: S608 - of constants
    return _Step(f"CREATE OR REPLACE TEMP TABLE m_pass AS {values}")


def _of_file(name: str, said: Mapping[str, object]) -> tuple[_Step, ...]:
    """Return the steps of a file: what stands below `-- if any` follows the statement above it."""
    above, below = _texts(name)
    steps = tuple(_Step(_filled(text, said)) for text in above)
    then = tuple(_Step(_filled(text, said)) for text in below)
    return (*steps[:-1], _Step(steps[-1].sql, then))


def _of_files(names: Iterable[str], said: Mapping[str, object]) -> tuple[_Step, ...]:
    return tuple(step for name in names for step in _of_file(name, said))


def _filled(text: str, said: Mapping[str, object]) -> str:
    for key, value in said.items():
        text = text.replace(f"{{{key}}}", str(value))
    return text


@cache
def _texts(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    text = (resources.files(__package__) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    above, _, below = text.partition("\n-- if any\n")
    first, then = (
        tuple(one for one in part.split(";\n") if one.strip()) for part in (above, below)
    )
    return first, then
