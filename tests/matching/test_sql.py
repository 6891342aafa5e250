"""The SQL itself: it can be carried elsewhere, and every pass of it is one of a tier."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlglot
from sqlglot import ErrorLevel

from fundledger.matching import Limits, statements
from fundledger.matching.passes import CREDITS, DEBITS, DIFFERS, LUMPS

SQL = tuple(statements(as_of=date(2026, 4, 30), limits=Limits(7, 3, 31)))


@pytest.mark.parametrize("dialect", ["spark", "postgres"])
def test_every_statement_says_the_same_in_another_dialect(dialect: str) -> None:
    for statement in SQL:
        (said,) = sqlglot.transpile(
            statement, read="duckdb", write=dialect, unsupported_level=ErrorLevel.RAISE
        )
        assert said


def test_no_place_is_left_unfilled() -> None:
    assert [found for text in SQL if (found := re.findall(r"\{[a-z_]+\}", text))] == []


def test_the_limits_stand_in_the_statements() -> None:
    text = "\n".join(SQL)

    assert "since + 7" in text
    assert "days > 3" in text
    assert '"day" + 31' in text


def test_every_pass_has_a_name_of_its_own_and_begins_with_its_tier() -> None:
    names = [one.name for one in (*DEBITS, *DIFFERS, *LUMPS, *CREDITS)]

    assert len(set(names)) == len(names)
    assert {name[:3] for name in names} == {"T2-", "T3-", "T4-", "T5-", "T6-", "T7-", "T9-"}
