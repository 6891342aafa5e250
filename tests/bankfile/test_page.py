"""The page on bank files shows a bank that works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from fundledger.bankfile import bank_named, load_banks, render
from fundledger.bankfile.profile import InField, OfResult, OutField
from support.honest_bank import order_of

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "bank-files.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def test_the_bank_of_the_page_makes_the_file_of_the_page(tmp_path: Path) -> None:
    rules = (ROOT / "rules" / "banks.toml").read_text(encoding="utf-8")
    (tmp_path / "banks.toml").write_text(f"{rules}\n{block('toml')}", encoding="utf-8")
    river = bank_named(load_banks(tmp_path), "river")

    data = render(order_of(151000, 5), river).data
    assert data.decode("gb18030") == block("text").replace("\n", "\r\n")


def test_the_page_names_every_field() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))

    for kinds in (OutField, InField, OfResult):
        assert set(get_args(kinds)) <= named
