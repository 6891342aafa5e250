"""Every code that the program can tell is named in the tests."""

from __future__ import annotations

from pathlib import Path

from fundledger.texts import codes, fill

TESTS = Path(__file__).parent
CASES = TESTS / "checks" / "cases"


def test_every_code_is_named_by_a_test() -> None:
    """A case of the catalogue is named by its folder, all else in the text of a test."""
    said = "\n".join(
        path.read_text(encoding="utf-8")
        for pattern in ("*.py", "*.toml")
        for path in sorted(TESTS.rglob(pattern))
        if path != Path(__file__)
    )
    cases = {path.name for path in CASES.iterdir()}

    assert [code for code in sorted(codes()) if code not in said and code not in cases] == []


def test_an_empty_place_leaves_no_gap_and_an_unknown_one_is_seen() -> None:
    assert fill("{rule} {place}: {place} {other} {{}}", {"rule": "R5", "place": ""}) == "R5:  ? {}"
