"""One small case for each tier and each class of exception, and what is made of it, to be read.

`cases/<name>/case.toml` has the tables, `result.txt` what comes of them; `REFRESH_GOLDENS=1 pytest
tests/matching` writes the latter anew, to be read before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from support.matching import Desk
from support.matching.cases import CASES, read, shown

CLASSES = {
    "ambiguous",
    "bank-credit-without-book",
    "bank-debit-without-book",
    "book-without-bank-0-3",
    "book-without-bank-11-30",
    "book-without-bank-31-90",
    "book-without-bank-4-10",
    "book-without-bank-cross-year",
    "book-without-bank-over-90",
    "late",
    "line-debited-twice",
    "lump-residual",
    "many-to-one",
    "one-to-many",
    "over-paid",
    "paid-before-approval",
    "parent-and-reissue-both-paid",
    "partial-return",
    "proposal",
    "return-not-booked",
    "return-of-unknown-payment",
    "short-paid",
}


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


def test_every_tier_and_every_class_has_a_case() -> None:
    """By what stands beside the cases, which the test above holds."""
    results = [(case / "result.txt").read_text(encoding="utf-8") for case in CASES]
    words = {word for result in results for word in result.split()}

    assert {word for word in words if re.fullmatch(r"T\d", word)} == {f"T{n}" for n in range(1, 10)}
    assert words >= CLASSES
