"""What is wrong with a layout of statements in `banks.toml` is told by code, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundledger.bankfile import load_banks, load_layouts
from fundledger.errors import CharterInvalid
from support.layouts import RULES

TEXT = (RULES / "banks.toml").read_text(encoding="utf-8")
LIST = TEXT[: TEXT.index("[[statement]]")]


def told(folder: Path, text: str) -> list[tuple[str, str]]:
    """Return code and key of each finding, whichever part of the file is asked for."""
    (folder / "banks.toml").write_text(text, encoding="utf-8")
    found = []
    for load in (load_layouts, load_banks):
        try:
            load(folder)
        except CharterInvalid as error:
            for finding in error.findings:
                for language in ("zh", "en"):
                    assert "{" not in finding.sentence(language) + finding.remedy(language)
            found.append([(f.code, str(f.details.get("key", ""))) for f in error.findings])
        else:
            found.append([])
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('id = "ccb-card"', 'id = "ccb-corporate"', [("FL021", "statement[2].id")]),
        ('id = "ccb-card"', 'id = "建行"', [("FL014", "statement[2].id")]),
        ('id = "ccb-card"\n', "", [("FL006", "statement[2].id")]),
        ('bank = "icbc"\nknown_as', 'bank = ""\nknown_as', [("FL014", "statement[3].bank")]),
        ('known_as = ["交通银行"]', 'known_as = [""]', [("FL013", "statement[8].known_as[1]")]),
        ("above = 5", "above = -1", [("FL011", "statement[2].above")]),
        ("above = 5", 'above = "5"', [("FL011", "statement[2].above")]),
        ("above = 5", "below = 5", [("FL007", "statement[2].below")]),
        ('plus = "in"', 'plus = "up"', [("FL008", "statement[7].plus")]),
        ('dates = "YYYYMMDD"\nabove', 'dates = "YYMMDD"\nabove', [("FL008", "statement[2].dates")]),
        ('dates = "YYYYMMDD"\nabove', 'encoding = "big5"\nabove',
         [("FL008", "statement[2].encoding")]),
        ('dates = "YYYYMMDD"\nabove', 'order = "random"\nabove', [("FL008", "statement[2].order")]),
        ('{ field = "memo", words = ["交易地点"] }', '{ field = "place", words = ["交易地点"] }',
         [("FL008", "statement[2].columns[11].field")]),
        ('  { field = "date", words = ["记账日"], needed = true },\n', "",
         [("FL763", "statement[2].columns")]),
        ('  { field = "out", words = ["支出"], needed = true },\n', "",
         [("FL763", "statement[2].columns")]),
        ('  { field = "in", words = ["收入"], needed = true },\n', "",
         [("FL763", "statement[2].columns")]),
        ('{ field = "amount", words = ["交易金额"], needed = true },\n  { field = "balance", ',
         '{ field = "balance", ',
         [("FL760", "statement[7].plus"), ("FL763", "statement[7].columns"),
          ("FL763", "statement[7].columns")]),
        ('{ field = "out", words = ["支出"]', '{ field = "amount", words = ["支出"]',
         [("FL760", "statement[2].columns")]),
        ('{ field = "memo", words = ["交易地点"] }',
         '{ field = "direction", words = ["交易地点"] }', [("FL760", "statement[2].columns")]),
        ('{ field = "direction", words = ["借贷"], needed = true }',
         '{ field = "other", words = ["借贷"], needed = true }',
         [("FL760", "statement[8].out"), ("FL760", "statement[8].in")]),
        ('in = ["贷 Cr", "贷"]\n', "", [("FL760", "statement[8].in")]),
        ('out = ["借 Dr", "借"]\n', "", [("FL760", "statement[8].out")]),
        ('in = ["贷 Cr", "贷"]', 'in = ["贷 Cr", "借"]', [("FL761", "statement[8].in")]),
        ('out = ["借 Dr", "借"]', 'out = ["借 Dr", "借"]\nplus = "out"',
         [("FL760", "statement[8].plus")]),
        ('{ field = "memo", words = ["交易地点"] }', '{ field = "serial", words = [] }',
         [("FL015", "statement[2].columns[11].words")]),
        ('{ field = "memo", words = ["交易地点"] }', '{ field = "memo", words = ["收 入"] }',
         [("FL021", "statement[2].columns[11].words")]),
        ('{ field = "memo", words = ["交易地点"] }', '{ field = "party", words = ["交易地点"] }',
         [("FL021", "statement[2].columns[11].field")]),
        ('{ field = "period", words = ["日期范围"], needed = true }',
         '{ field = "currency", words = ["币种"], needed = true }',
         [("FL760", "statement[9].head[2].needed")]),
        ('{ field = "period", words = ["日期范围"], needed = true }',
         '{ field = "account", words = ["日期范围"] }', [("FL021", "statement[9].head[2].field")]),
        ("verified = false\ndates", 'verified = "no"\ndates', [("FL012", "statement[2].verified")]),
    ],
)  # fmt: skip
def test_one_fault_is_told_by_its_code_and_key(
    tmp_path: Path, old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    layouts = TEXT[len(LIST) :]
    assert old in layouts

    assert told(tmp_path, LIST + layouts.replace(old, new, 1)) == expected


def test_a_layout_that_needs_no_column_fits_anything_and_is_refused(tmp_path: Path) -> None:
    text = LIST + TEXT[len(LIST) :].replace(", needed = true", "")
    assert {code for code, _ in told(tmp_path, text)} == {"FL760"}


def test_the_file_as_it_stands_is_sound(tmp_path: Path) -> None:
    assert told(tmp_path, TEXT) == []
    assert told(tmp_path, LIST) == []
    assert not any(form.verified for form in load_layouts(RULES).forms)
