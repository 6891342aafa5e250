"""The SQL finds what a slow matcher finds, and its laws hold, in any small world."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundledger.matching import Limits
from support.matching import AS_OF, Desk, Outcome, Row
from support.matching.facts import Found
from support.matching.oracle import matched_by_hand
from support.matching.worlds import World, couples, worlds

LIMITS = Limits()
OF_MATCHES = {"late", "paid-before-approval", "return-not-booked", "parent-and-reissue-both-paid"}
"""Classes that tell of what is matched."""

small = settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


def as_found(outcome: Outcome) -> tuple[object, ...]:
    """What the tables say, in the words of the slow matcher."""
    told = Counter(
        (e["class"], e["line"], e["batch"], e["statement"], e["row"], e["diff_fen"])
        for e in outcome.exceptions
    )
    matches = Counter(
        (m["tier"], m["line"], m["batch"], m["statement"], m["row"], m["amount_fen"])
        for m in outcome.matches
    )
    proposals = Counter((p["line"], p["statement"], p["row"]) for p in outcome.proposals)
    return matches, proposals, told


def as_expected(found: Found) -> tuple[object, ...]:
    return Counter(found.matches), Counter(found.proposals), Counter(found.told)


@settings(small, max_examples=16)
@given(worlds())
def test_the_sql_finds_what_the_slow_matcher_finds(desk: Desk, world: World) -> None:
    found = matched_by_hand(*world, AS_OF, LIMITS)

    assert as_found(desk.match(*world)) == as_expected(found)


@settings(small, max_examples=24)
@given(couples())
def test_the_sql_tells_people_apart_as_the_slow_matcher_does(desk: Desk, world: World) -> None:
    found = matched_by_hand(*world, AS_OF, LIMITS)

    assert as_found(desk.match(*world)) == as_expected(found)


@settings(small, max_examples=12)
@given(couples())
def test_what_is_told_apart_by_name_has_that_name(desk: Desk, world: World) -> None:
    lines, rows, _ = world
    of_line = {line.line: line.person for line in lines}
    of_row = {row.row: row.person for row in rows}

    for m in desk.match(*world).matches:
        if "told apart by name" in m["reasons"]:
            assert of_line[m["line"]] == of_row[m["row"]] != ""


@pytest.mark.soak
@settings(small, max_examples=1000, derandomize=False)
@given(st.one_of(worlds(), couples()))
def test_the_sql_finds_what_the_slow_matcher_finds_in_many_worlds(desk: Desk, world: World) -> None:
    found = matched_by_hand(*world, AS_OF, LIMITS)

    assert as_found(desk.match(*world)) == as_expected(found)


@small
@given(worlds(), st.integers(0, 10**6))
def test_the_order_of_the_rows_changes_nothing(desk: Desk, world: World, seed: int) -> None:
    first = desk.match(*world)
    for side in world:
        Random(seed).shuffle(side)  # noqa: S311 - an order, no secret

    assert desk.match(*world) == first


@small
@given(worlds())
def test_a_rerun_changes_nothing(desk: Desk, world: World) -> None:
    first = desk.match(*world)

    assert desk.again() == first


@small
@given(worlds())
def test_a_rerun_on_lines_that_the_first_run_marked_as_debited_matches_the_same(
    desk: Desk, world: World
) -> None:
    """What the book writes down of a matching (paid, and the day) is no new evidence against it."""
    lines, bank, batches = world
    lines = [replace(line, debited_on=None, credited_on=None) for line in lines]
    first = desk.match(lines, bank, batches)
    days = {(row.statement, row.row): row.on for row in bank}
    debits = {m["line"]: days[m["statement"], m["row"]] for m in first.matches if m["tier"] < "T7"}
    marked = [
        replace(
            line,
            debited_on=debits.get(line.line),
            state="paid" if line.line in debits and line.state == "exported" else line.state,
        )
        for line in lines
    ]

    again = desk.match(marked, bank, batches)

    assert [m for m in again.matches if m["tier"] < "T7"] == [
        m for m in first.matches if m["tier"] < "T7"
    ]


@small
@given(worlds())
def test_each_bank_row_is_used_once_and_each_fen_is_accounted_for(desk: Desk, world: World) -> None:
    """A row is matched, to its whole amount and within one batch, or it is told, once."""
    _, bank, _ = world
    outcome = desk.match(*world)
    matched: Counter[tuple[str, int]] = Counter()
    batches: dict[tuple[str, int], set[str]] = {}
    for m in outcome.matches:
        row = m["statement"], m["row"]
        matched[row] += m["amount_fen"]
        batches.setdefault(row, set()).add(m["batch"] if m["tier"] in {"T5", "T6"} else "")
    told = Counter(
        (e["statement"], e["row"])
        for e in outcome.exceptions
        if e["row"] is not None and e["class"] not in OF_MATCHES
    )
    every = {(row.statement, row.row): row.fen for row in bank}

    assert all(len(of_row) == 1 for of_row in batches.values())
    assert {row: matched[row] for row in matched} == {row: every[row] for row in matched}
    assert set(told) | set(matched) == set(every)
    assert not set(told) & set(matched)
    assert set(told.values()) <= {1}


@small
@given(worlds())
def test_a_line_is_debited_once_and_comes_back_once(desk: Desk, world: World) -> None:
    outcome = desk.match(*world)
    debits = Counter(m["line"] for m in outcome.matches if m["tier"] < "T7")
    credits_ = Counter(m["line"] for m in outcome.matches if m["tier"] >= "T7")

    assert set(debits.values()) <= {1}
    assert set(credits_.values()) <= {1}


@small
@given(worlds())
def test_a_line_that_waits_is_matched_or_told(desk: Desk, world: World) -> None:
    lines, _, _ = world
    outcome = desk.match(*world)
    debits = {m["line"] for m in outcome.matches if m["tier"] < "T7"}
    told = {
        e["line"]
        for e in outcome.exceptions
        if e["class"] not in OF_MATCHES and e["tier"] not in {"T7", "T9"}
    }
    waiting = {
        line.line for line in lines if line.state in {"exported", "unknown"} and not line.debited_on
    }

    assert waiting <= debits | told


@small
@given(worlds())
def test_no_line_is_matched_with_another_amount(desk: Desk, world: World) -> None:
    lines, bank, _ = world
    fen = {line.line: line.amount_fen for line in lines}
    paid: dict[tuple[str, int], Row] = {(row.statement, row.row): row for row in bank}

    for m in desk.match(*world).matches:
        row = paid[m["statement"], m["row"]]
        assert m["amount_fen"] == fen[m["line"]]
        assert (row.signed_fen < 0) == (m["tier"] < "T7")
        if m["tier"] in {"T1", "T2", "T3", "T4", "T9"}:
            assert row.fen == m["amount_fen"]
