"""What a unit's list comes to at the command line: sums and places, and nobody by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.terminals import Terminal
from support.unitlists import HEAD, row, write_list

ZH = "城乡最低生活保障"
ROWS = [row(serial, 救助类别=ZH) for serial in range(1, 8)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_list(tmp_path / "名单.xlsx", ROWS)


@pytest.mark.parametrize("unit", ["CASC", "社区事务受理服务中心"])
def test_a_sound_list_is_told_by_its_sums(office: Terminal, path: Path, unit: str) -> None:
    before = office.bytes()

    said = office.done("batch", "check", "dibao", str(path), "--unit", unit)
    plain = office.json("batch", "check", "dibao", str(path), "--unit", unit)

    assert "共 7 人次，10,570.00 元" in said
    assert plain["totals"] == [
        {"category": "Dibao", "period": "2026-03", "count": 7, "amount_fen": 10_570_00}
    ]
    assert [text for text in (ROWS[0][1], ROWS[0][2], ROWS[0][8]) if str(text) in said] == []
    assert office.bytes() == before


def test_what_is_wrong_is_told_by_place(office: Terminal, tmp_path: Path) -> None:
    rows = [ROWS[0], row(2, 救助类别=ZH, 身份证号="310112195002010070"), row(3, 救助类别="低保")]
    path = write_list(tmp_path / "坏.xlsx", rows)

    result = office.run("batch", "check", "dibao", str(path), "--unit", "CASC")

    assert result.exit_code == 1
    assert "FL704 错误：坏.xlsx C5 [身份证号]" in result.output
    assert "FL735 错误：坏.xlsx E6 [救助类别]" in result.output
    assert "可用的类别：Dibao (城乡最低生活保障 / minimum living allowance)" in result.output
    other = office.run("batch", "check", "dibao", str(path), "--unit", "Women")
    assert "可用的类别：CASC:Dibao。" in other.output
    assert [text for cells in rows for text in cells[1:3] if str(text) in result.output] == []


def test_a_unit_that_is_none_is_told_which_there_are(office: Terminal, path: Path) -> None:
    result = office.run("batch", "check", "dibao", str(path), "--unit", "民政局")

    assert result.exit_code == 2
    assert "CASC (社区事务受理服务中心)" in result.output


def test_columns_that_nobody_asked_for_are_named(office: Terminal, tmp_path: Path) -> None:
    path = write_list(tmp_path / "名单.xlsx", [[*cells, 76] for cells in ROWS], [*HEAD, "年龄"])

    assert "没有读取的列：K。" in office.done(
        "batch", "check", "dibao", str(path), "--unit", "CASC"
    )


def test_a_list_is_held_against_the_vault_where_the_key_is_named(
    office: Terminal, path: Path, tmp_path: Path
) -> None:
    key = str(tmp_path / "keys" / "gumei.key")
    office.done("vault", "init", "--key-file", key)
    call = ("batch", "check", "dibao", str(path), "--unit", "CASC", "--by", "S03")

    found = office.json(*call, "--key-file", key)["findings"]

    assert [(one["code"], one["details"]["count"]) for one in found] == [("FL744", 7)]
    log = (office.root / "private" / "people.reads.jsonl").read_text(encoding="utf-8")
    assert '"unknown":7' in log
    assert "核对发放清单 dibao CASC" in log
    refused = office.run(*call)
    assert (refused.exit_code, "FL922" in refused.output) == (2, True)


def test_a_row_that_says_another_month_than_the_command_is_refused(
    office: Terminal, path: Path
) -> None:
    call = ("batch", "check", "dibao", str(path), "--unit", "CASC")
    office.done(*call, "--period", "2026年3月", "--category", ZH)
    found = office.run(*call, "--period", "2026-04")

    assert (found.exit_code, found.output.count("FL971 错误")) == (1, 7)
    assert "名单.xlsx F4 [所属月份] 是 2026-03，命令的 --period 写的是 2026-04" in found.output


def test_a_list_that_says_no_month_is_told_once(office: Terminal, tmp_path: Path) -> None:
    head, rows = [*HEAD[:5], *HEAD[6:]], [[*cells[:5], *cells[6:]] for cells in ROWS]
    path = write_list(tmp_path / "无月.xlsx", rows, head)
    call = ("batch", "check", "dibao", str(path), "--unit", "CASC")
    found = office.run(*call)

    assert (found.exit_code, found.output.count("FL933")) == (1, 1)
    assert "“所属月份”列" in found.output
    assert "--period" in found.output
    assert "--template" not in found.output
    office.done(*call, "--period", "2026-03")
