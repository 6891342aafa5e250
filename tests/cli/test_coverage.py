"""A register of the entitled against the batches: who is on nobody's list, by the row (遗漏)."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.desk import ROWS, ZH, Desk
from support.terminals import Terminal
from support.unitlists import row, write_list

GOLDEN = """\
FL351 警告：名册.xlsx [{}]：名册上有而 2026-03 的“Dibao”没有任何批次发放（1,510.00）。〔基金 dibao〕
    处理：请部门核实：漏报的，补报清单；不再符合条件的，改正名册。
名册 名册.xlsx 共 {} 人次，有批次发放的 {}，遗漏 1。
"""


@pytest.fixture
def desk(office: Terminal, tmp_path: Path) -> Desk:
    return Desk(office, tmp_path)


def register(desk: Desk, rows: list[list[object]]) -> tuple[str, ...]:
    path = write_list(desk.folder / "名册.xlsx", rows)
    return ("batch", "coverage", "dibao", str(path), "--unit", "CASC", "--key-file", desk.key)


def test_who_is_on_no_list_is_told_by_the_row_and_not_by_name(desk: Desk) -> None:
    desk.prepare()
    left_out = row(99, 救助类别=ZH)
    call = register(desk, [*ROWS, left_out])
    before = desk.terminal.bytes()

    said = desk.terminal.done(*call)
    plain = desk.terminal.json(*call)

    count = len(ROWS)
    assert said == GOLDEN.format(count + 4, count + 1, count)
    assert (plain["count"], plain["covered"]) == (count + 1, count)
    assert [one["code"] for one in plain["findings"]] == ["FL351"]
    assert not any(str(cell) in said for cell in (left_out[1], left_out[2], left_out[8]))
    assert desk.terminal.bytes() == before


def test_another_month_is_another_entitlement(desk: Desk) -> None:
    desk.prepare()
    april = [row(serial, 救助类别=ZH, 所属月份="2026-04") for serial in range(1, 3)]

    plain = desk.terminal.json(*register(desk, april))
    assert (plain["count"], plain["covered"]) == (2, 0)


def test_what_was_rejected_covers_nobody(desk: Desk) -> None:
    desk.prepare()
    call = register(desk, ROWS)
    assert desk.terminal.json(*call)["covered"] == len(ROWS)

    desk.step("reject", "--by", "S08", "--maker", "S03", "--reviewer", "S01")
    assert desk.terminal.json(*call)["covered"] == 0


def test_a_register_that_does_not_hold_is_told_as_a_list_is(desk: Desk) -> None:
    call = register(desk, [row(1, 救助类别=ZH, 身份证号="310112195002010070")])

    result = desk.terminal.run(*call)
    assert (result.exit_code, "FL704" in result.output) == (1, True)
