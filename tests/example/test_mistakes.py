"""Every mistake that is put into the example office is found, and nothing else is."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from fundledger import Office
from fundledger.example.mistakes import build_mistakes

AS_OF = date(2026, 10, 31)


@pytest.mark.parametrize("seed", [1, 20261031])
def test_each_is_found_where_it_is_and_nothing_is_invented(spare: Path, seed: int) -> None:
    mistakes = build_mistakes(spare, seed)
    found = Office(spare).check(as_of=AS_OF).findings

    told = Counter((item.fund, code) for item in mistakes for code in item.codes)
    assert Counter((finding.fund, finding.code) for finding in found) == told
    places = {(f.fund, f.code, place) for f in found for place in (f.voucher, f.subject)}
    for item in mistakes:
        for code in item.codes[:1]:
            assert (item.fund, code, item.place) in places


def test_they_are_of_many_kinds(spare: Path) -> None:
    mistakes = build_mistakes(spare, 1)
    codes = {code for item in mistakes for code in item.codes}

    assert len(mistakes) > 36  # more than three dozen, says the README

    assert len(codes) >= 30
    assert {code[:3] for code in codes} == {"FL1", "FL2", "FL3", "FL4", "FL5", "FL6"}


def test_the_same_seed_makes_the_same_mistakes(example: Path, tmp_path: Path) -> None:
    journals = []
    for name, seed in (("first", 3), ("second", 3), ("third", 4)):
        shutil.copytree(example, tmp_path / name)
        build_mistakes(tmp_path / name, seed)
        paths = sorted((tmp_path / name).rglob("*.jsonl"))
        journals.append([path.read_bytes() for path in paths])

    assert journals[0] == journals[1]
    assert journals[0] != journals[2]
