"""What auditors found in such funds is looked for: each of their detectors has its codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fundledger.texts import codes
from support.told import cases_by_code

PAGE = Path(__file__).parents[2] / "docs" / "reconciliation.md"
DETECTORS = {
    "D1": ("FL709", "FL849"),
    "D2": ("FL736", "FL738", "FL742", "FL746", "FL753"),
    "D3": ("FL707", "FL720"),
    "D4": ("FL410", "FL710", "FL798", "FL881"),
    "D5": ("FL350", "FL351", "FL756", "FL799", "FL861", "FL890", "FL891"),
    "D6": ("FL101", "FL201", "FL414"),
    "D7": ("FL203",),
    "D8": ("FL204",),
    "D9": ("FL332",),
    "D10": ("FL304", "FL334"),
    "D11": ("FL411",),
    "D12": ("FL412", "FL796"),
    "D13": ("FL737", "FL752", "FL758", "FL880", "FL895"),
    "D14": ("FL501", "FL502"),
    "D15": ("FL415",),
    "D16": ("FL719",),
}
_ROW = re.compile(r"\| (D\d+) \|[^|]*\|([^|]*)\|", re.ASCII)


def test_each_detector_has_codes_of_the_catalogue() -> None:
    known = set(codes())

    assert {name: [c for c in own if c not in known] for name, own in DETECTORS.items()} == {
        name: [] for name in DETECTORS
    }


@pytest.mark.parametrize("name", DETECTORS)
def test_each_code_of_a_detector_is_told_of_a_case(name: str) -> None:
    """By the goldens, each of which the tests beside it hold to what its case really yields."""
    cases = cases_by_code()

    assert [code for code in DETECTORS[name] if not cases.get(code)] == []


def test_the_page_names_the_same_codes_for_each() -> None:
    rows = _ROW.findall(PAGE.read_text(encoding="utf-8"))

    assert {name: tuple(re.findall(r"FL\d{3}", said)) for name, said in rows} == DETECTORS
