"""What the lines of one household come to is held against its ceiling, over all its lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.desk import SIGNED, ZH, Desk
from support.terminals import Terminal
from support.unitlists import HEAD, row, write_list

CEILING = """
[[rate]]
slug = "household"
zh = "每户最高"
en = "highest for a household"
category = "CASC:Dibao"
amount = "3000.00"
unit = "household-month"
source = "example"
verified = false
from = 2025-07-01
"""


@pytest.fixture
def desk(office: Terminal, tmp_path: Path) -> Desk:
    """An office whose rules have a standard for households."""
    rates = office.root / "rules" / "rates.toml"
    rates.write_text(f"{rates.read_text(encoding='utf-8')}\n{CEILING}", encoding="utf-8")
    return Desk(office, tmp_path)


def test_what_a_household_gets_above_its_ceiling_is_told_until_the_bank_and_over_all_lists(
    desk: Desk,
) -> None:
    head = (*HEAD, "户号")
    first = [row(serial, 救助类别=ZH, 户号=f"家{serial // 2}") for serial in range(1, 4)]
    listed = str(write_list(desk.folder / "户.xlsx", first, head))
    checked = ("batch", "check", "dibao", listed, "--unit", "CASC")
    (found,) = desk.terminal.json(*checked)["findings"]
    assert (found["code"], found["details"]["places"]) == ("FL720", "[5] + [6]")
    assert "家1" not in desk.terminal.done(*checked)

    assert "FL720" in desk.prepare(first, head=head)
    lines = {str(one["line"]): one["household"] for one in desk.lines()}
    shared = [line for line, of in lines.items() if list(lines.values()).count(of) == 2]
    told = desk.terminal.done("batch", "show", "dibao", "B2026-03-001")
    assert f"最多的一户 3,020.00 元：{' + '.join(shared)}。" in told
    assert "FL720" in desk.approve()
    desk.step("withdraw", "--line", shared[0], "--by", "S08", *SIGNED)
    assert desk.terminal.json("batch", "show", "dibao", "B2026-03-001")["findings"] == []

    desk.prepare([row(4, 救助类别=ZH, 户号="家1")], head=head, day="2026-03-13")
    again = desk.terminal.json("batch", "show", "dibao", "B2026-03-002")["findings"]
    assert [one["code"] for one in again] == ["FL720"]
    assert again[0]["details"]["places"].endswith(f" + B2026-03-001/{shared[1]}")
