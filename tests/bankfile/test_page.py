"""The page on bank files shows a bank, and a statement, that work as they stand there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from fundledger.bank import read_statement
from fundledger.bankfile import bank_named, load_banks, load_layouts, render
from fundledger.bankfile.profile import InField, OfLine, OfResult, OfStatement, OutField
from support.honest_bank import order_of

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "bank-files.md").read_text(encoding="utf-8")


def block(language: str, number: int = 0) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found[number])


def test_the_bank_of_the_page_makes_the_file_of_the_page(tmp_path: Path) -> None:
    rules = (ROOT / "rules" / "banks.toml").read_text(encoding="utf-8")
    (tmp_path / "banks.toml").write_text(f"{rules}\n{block('toml')}", encoding="utf-8")
    river = bank_named(load_banks(tmp_path), "river")

    data = render(order_of(151000, 5), river).data
    assert data.decode("gb18030") == block("text").replace("\n", "\r\n")


def test_the_statement_of_the_page_is_read_by_the_layout_of_the_page(tmp_path: Path) -> None:
    rules = (ROOT / "rules" / "banks.toml").read_text(encoding="utf-8")
    (tmp_path / "banks.toml").write_text(f"{rules}\n{block('toml', 1)}", encoding="utf-8")
    path = tmp_path / "statement.csv"
    path.write_text(block("csv"), encoding="gb18030")

    river = load_layouts(tmp_path).of_bank("江边银行古美支行")
    statement = read_statement(path, layouts=river.layouts)

    assert statement.account == "3100000000000000101"
    assert [(line.signed_fen, line.balance_fen) for line in statement.lines] == [
        (120000_00, 120000_00),
        (-1510_00, 118490_00),
    ]
    assert [line.text for line in statement.lines] == ["拨款", "代发 L-AAAAAAAAAAAA"]


def test_the_page_names_every_field() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))

    for kinds in (OutField, InField, OfResult, OfLine, OfStatement):
        assert set(get_args(kinds)) <= named
