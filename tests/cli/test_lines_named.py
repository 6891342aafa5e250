"""Budget lines by the names of their unit and category, and lines of another fund."""

from __future__ import annotations

import pytest

from fundledger.charter import load_charter
from fundledger.cli.named import line_named
from fundledger.errors import InputInvalid
from support.terminals import PAPERS, RULES, Terminal

SAID = ("--amount", "5.00", "--date", "2026-03-25", "--narration", "一笔", *PAPERS)


@pytest.mark.parametrize(
    "text",
    [
        "Women:RedBanner",
        "妇联:特困三八红旗手",
        "妇联：RedBanner",
        "Women: 特困三八红旗手",
        "Women's Federation:March-8th Red-Banner Pacesetter in extreme hardship",
        "特困三八红旗手",
    ],
)
def test_either_side_of_a_line_goes_by_code_or_name(text: str) -> None:
    charter = load_charter(RULES).fund_charter("women")

    assert line_named(text, charter, "") == ("Women", "RedBanner")


@pytest.mark.parametrize("text", ["妇联:", ":特困三八红旗手", "总工会:特困三八红旗手", "妇联:特困"])
def test_half_a_line_or_another_units_is_none(text: str) -> None:
    charter = load_charter(RULES).fund_charter("women")

    with pytest.raises(InputInvalid) as refused:
        line_named(text, charter, "")

    assert [finding.code for finding in refused.value.findings] == ["FL923"]


def test_a_line_of_a_joint_round_goes_by_its_name_too() -> None:
    charter = next(
        found
        for fund in load_charter(RULES).funds
        if any(p.unit == "Joint" for p in fund.purposes)
        for found in [load_charter(RULES).fund_charter(fund.id)]
    )
    (line, *_) = ((p.unit, p.category) for p in charter.fund.purposes if p.unit == "Joint")

    assert line_named(f"联席会议:{line[1]}", charter, "") == line


def test_whose_a_line_of_another_fund_is_stands_in_the_remedy(office: Terminal) -> None:
    pay = ("record", "dibao", "expense", *SAID, "--line")

    page = office.run(*pay, "妇联:特困三八红旗手").stderr
    english = office.run(*pay, "Women:RedBanner", lang="en").stderr
    unknown = office.run(*pay, "Women:Nosuch").stderr

    assert "可用的值：CASC:Dibao (城乡最低生活保障)。" in page
    assert "“妇联:特困三八红旗手”是基金 women (Women:RedBanner) 的预算行，不是本基金的" in page
    assert '"Women:RedBanner" is a line of the fund women (Women:RedBanner), not of' in english
    assert "的预算行" not in unknown


def test_help_says_whose_line_is_written_between_funds(office: Terminal) -> None:
    assert "双方各写自己基金的行" in office.done("record", "--help")
    assert "each fund writes a line of its own" in office.done("record", "--help", lang="en")
