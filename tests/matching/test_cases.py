"""One small case for each tier and each class of exception, and what is made of it, to be read.

`cases/<name>/case.toml` has the tables, `result.txt` what comes of them; `REFRESH_GOLDENS=1 pytest
tests/matching` writes the latter anew, to be read before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from fundledger.matching import statements
from support.matching import AS_OF, Desk
from support.matching.cases import CASES, read, shown
from support.matching.facts import CLASSES


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_gives_what_stands_beside_it(desk: Desk, case: Path) -> None:
    found = shown(desk.match(*read(case)))
    golden = case / "result.txt"
    if os.environ.get("REFRESH_GOLDENS"):
        golden.write_text(found, encoding="utf-8")

    assert found == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "lump-residual",
        "parent-and-reissue-both-paid",
        "partial-return-by-account",
        "short-paid-by-batch",
        "tier-3-by-name-twice",
        "tier-7-and-a-return",
        "tier-8-contested",
    ],
)
def test_all_statements_give_what_a_matching_gives_that_skips_some(desk: Desk, name: str) -> None:
    case = CASES[0].parent / name
    desk.match(*read(case))
    for table in ("matches", "proposals", "exceptions"):
        desk.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - of this test

    for statement in statements(as_of=AS_OF):
        desk.connection.execute(statement)

    assert shown(desk.outcome()) == (case / "result.txt").read_text(encoding="utf-8")


def test_every_tier_and_every_class_has_a_case() -> None:
    """By what stands beside the cases, which the test above holds."""
    results = [(case / "result.txt").read_text(encoding="utf-8") for case in CASES]
    words = {word for result in results for word in result.split()}

    assert {word for word in words if re.fullmatch(r"T\d", word)} == {f"T{n}" for n in range(1, 10)}
    assert words >= CLASSES
