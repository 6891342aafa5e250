"""Two columns of a unit's list under each other's headings are told once, not in every row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fundledger.errors import InputInvalid
from fundledger.payment import read_unit_list
from support.offices import charter
from support.unitlists import HEAD, row, write_list

ROWS = [row(serial) for serial in range(1, 21)]


def wrong_with(folder: Path, rows: list[list[object]]) -> list[str]:
    path = write_list(folder / "名单.xlsx", rows)
    with pytest.raises(InputInvalid) as refusal:
        read_unit_list(path, charter(), "CASC", date(2026, 3, 5))
    return [f"{one.code} {one.sentence('zh')}" for one in refusal.value.findings]


def exchanged(cells: list[object], one: str, other: str) -> list[object]:
    first, second = HEAD.index(one), HEAD.index(other)
    out = list(cells)
    out[first], out[second] = cells[second], cells[first]
    return out


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("姓名", "身份证号", "B“姓名”列和C“身份证号”列"),
        ("身份证号", "银行账号", "C“身份证号”列和I“银行账号”列"),
        ("金额", "银行账号", "G“金额”列和I“银行账号”列"),
        ("救助类别", "所属月份", "E“救助类别”列和F“所属月份”列"),
    ],
)
def test_swapped_columns_are_told_once(tmp_path: Path, one: str, other: str, said: str) -> None:
    rows = [exchanged(cells, one, other) for cells in ROWS]

    (found,) = wrong_with(tmp_path, rows)
    assert found == (f"FL949 文件“名单.xlsx”不能作为表格读取：{said}的内容像是填反了（共 20 行）。")


def test_what_is_wrong_in_other_columns_is_told_besides(tmp_path: Path) -> None:
    rows = [exchanged(cells, "姓名", "身份证号") for cells in ROWS]
    rows[3][HEAD.index("金额")] = "多"
    rows[4][HEAD.index("姓名")] = "1"  # one row in twenty is wrong in its own way

    assert [said[:5] for said in wrong_with(tmp_path, rows)] == ["FL949", "FL734"]


def test_a_wrong_column_that_fits_nowhere_else_is_told_in_every_row(tmp_path: Path) -> None:
    rows = [exchanged(cells, "姓名", "身份证号") for cells in ROWS[:3]]
    mixed = [*rows, *ROWS[3:]]
    assert [said[:5] for said in wrong_with(tmp_path, mixed)].count("FL949") == 0

    blank = [row(serial, 姓名="") for serial in range(1, 4)]
    assert [said[:5] for said in wrong_with(tmp_path, blank)] == ["FL733"] * 3
