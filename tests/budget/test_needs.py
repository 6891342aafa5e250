"""A unit's workbook is read without guessing: what is wrong is told at once, with its cell."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.budget import NeedRow, write_need
from fundledger.budget.form import HEADINGS, SHEET
from fundledger.budget.inputs import Declaration, LineKey
from fundledger.budget.needform import need_workbook
from fundledger.budget.needs import read_need, read_needs
from fundledger.budget.places import Remit, places_of, remits_of
from fundledger.charter import load_budget_rules, load_charter
from fundledger.errors import NeedInvalid
from support.budgets import CREATED, RULES, SOUND, TODAY, YEAR
from support.statements import encrypted_flag, repacked, xlsx_bytes

REMITS = remits_of(
    load_charter(RULES), places_of(load_charter(RULES), load_budget_rules(RULES), YEAR)
)
CASC = next(remit for remit in REMITS if remit.unit == "CASC")
IDENTITY = "9" * 17 + "X"
Grid = list[list[object]]
Place = tuple[str, int, str]


def grid() -> Grid:
    """Return the cells of a sound form: title, unit, headings, two needs, total."""
    day = date(2026, 9, 15)
    first: list[object] = [
        *("CASC", "low-income", "MajorIllness", 90, 100, 200.5, 12, 240_600),
        *("例文〔2026〕1号", "按在册人数", "名单", "", "S10", "S11", day),
    ]
    second: list[object] = [
        *(
            "社区事务受理服务中心",
            "最低生活保障资金",
            "城乡最低生活保障",
            600,
            1000,
            1595,
            12,
            19_140_000,
        ),
        *("", "", "", "", "S10", "S11", "2026-09-15"),
    ]
    return [
        ["2027年度部门资金需求申报表"],
        ["申报单位：CASC"],
        list(HEADINGS),
        first,
        second,
        ["合计", *[""] * 6, 19_380_600],
    ]


def workbook(cells: Grid, **options: object) -> bytes:
    return xlsx_bytes({SHEET: cells}, **options)  # type: ignore[arg-type]


def read(folder: Path, data: bytes, remit: Remit = CASC, year: int = YEAR) -> Declaration:
    path = folder / f"{remit.unit}.xlsx"
    path.write_bytes(data)
    return read_need(path, remit, year, TODAY)


def refused(folder: Path, data: bytes) -> list[Place]:
    """Return code, row and column of each finding, every sentence of which is whole."""
    with pytest.raises(NeedInvalid) as caught:
        read(folder, data)
    for finding in caught.value.findings:
        assert finding.gates
        for language in ("zh", "en"):
            assert "?" not in finding.sentence(language) + finding.remedy(language)
    return [
        (finding.code, finding.details.get("row", 0), finding.details.get("column", ""))
        for finding in caught.value.findings
    ]


def with_cell(row: int, column: str, value: object) -> Grid:
    cells = grid()
    cells[row - 1][ord(column) - ord("A")] = value
    return cells


def without_row(row: int) -> Grid:
    return [cells for number, cells in enumerate(grid(), 1) if number != row]


def test_a_sound_form_is_read_to_the_fen(tmp_path: Path) -> None:
    declaration = read(tmp_path, workbook(grid()))

    first, second = declaration.needs
    assert first.key == LineKey("low-income", "CASC", "MajorIllness")
    assert (first.row, first.households, first.persons, first.times) == (4, 90, 100, 12)
    assert (first.standard_fen, first.amount_fen) == (200_50, 240_600_00)
    assert (first.basis, first.evidence, first.handler) == ("例文〔2026〕1号", "名单", "S10")
    assert second.key == LineKey("dibao", "CASC", "Dibao")
    assert (second.amount_fen, second.declared) == (19_140_000_00, date(2026, 9, 15))
    assert len(declaration.sha256) == 64


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(with_cell(1, "A", "2026年度部门资金需求申报表"), ("FL518", 1, "A"), id="year"),
        pytest.param(with_cell(1, "A", "需求表"), ("FL518", 1, "A"), id="title"),
        pytest.param(with_cell(3, "F", "补助标准"), ("FL516", 3, "F"), id="heading renamed"),
        pytest.param(
            [*grid()[:2], [*HEADINGS, "备注"], *grid()[3:]], ("FL516", 3, "P"), id="heading added"
        ),
        pytest.param(with_cell(4, "A", "总工会"), ("FL519", 4, "A"), id="another unit"),
        pytest.param(with_cell(4, "C", "困难劳模"), ("FL520", 4, "C"), id="unknown category"),
        pytest.param(with_cell(4, "B", "lowincome"), ("FL521", 4, "B"), id="unknown fund"),
        pytest.param(with_cell(4, "B", "dibao"), ("FL522", 4, "C"), id="fund of another purpose"),
        pytest.param(with_cell(4, "E", ""), ("FL523", 4, "E"), id="persons empty"),
        pytest.param(with_cell(4, "M", ""), ("FL523", 4, "M"), id="handler empty"),
        pytest.param(with_cell(4, "L", 240_600.01), ("FL538", 4, "L"), id="more backed than asked"),
        pytest.param(with_cell(5, "L", 0.01), ("FL538", 5, "L"), id="backed by nothing"),
        pytest.param(with_cell(4, "L", -1), ("FL526", 4, "L"), id="less than nothing backed"),
        pytest.param(with_cell(4, "N", ""), ("FL523", 4, "N"), id="day empty"),
        pytest.param(with_cell(4, "H", "240600"), ("FL524", 4, "H"), id="number as text"),
        pytest.param(with_cell(4, "H", "24.06万元"), ("FL524", 4, "H"), id="number with unit"),
        pytest.param(with_cell(4, "E", date(2026, 1, 1)), ("FL524", 4, "E"), id="day for number"),
        pytest.param(with_cell(4, "E", 100.5), ("FL525", 4, "E"), id="half a person"),
        pytest.param(with_cell(4, "F", 200.505), ("FL525", 4, "F"), id="half a fen"),
        pytest.param(with_cell(4, "H", 240_600.001), ("FL525", 4, "H"), id="a tenth of a fen"),
        pytest.param(with_cell(4, "H", 1e15), ("FL567", 4, "H"), id="beyond any book"),
        pytest.param(with_cell(4, "G", -12), ("FL526", 4, "G"), id="negative"),
        pytest.param(with_cell(4, "H", 240_600.01), ("FL527", 4, "H"), id="a fen too much"),
        pytest.param(with_cell(4, "E", 0), ("FL527", 4, "H"), id="nobody needs much"),
        pytest.param(with_cell(5, "O", "九月"), ("FL529", 5, "O"), id="no date"),
        pytest.param(with_cell(5, "O", 20260915), ("FL529", 5, "O"), id="number for date"),
        pytest.param(with_cell(4, "I", 2026), ("FL530", 4, "I"), id="number for text"),
        pytest.param(with_cell(4, "J", "长" * 301), ("FL530", 4, "J"), id="text too long"),
        pytest.param(with_cell(4, "J", f"某某 {IDENTITY}"), ("FL531", 4, "J"), id="identity"),
        pytest.param(with_cell(6, "H", 19_380_600.01), ("FL532", 6, "H"), id="total"),
        pytest.param(with_cell(6, "H", ""), ("FL523", 6, "H"), id="total empty"),
        pytest.param([*grid(), grid()[3]], ("FL533", 7, "B"), id="need below total"),
        pytest.param(
            [*grid()[:3], [*grid()[3], "附"], *grid()[4:]], ("FL533", 4, "P"), id="beside the table"
        ),
    ],
)
def test_each_fault_is_told_with_its_cell(tmp_path: Path, cells: Grid, expected: Place) -> None:
    assert refused(tmp_path, workbook(cells)) == [expected]


def test_a_line_declared_twice_names_both_rows(tmp_path: Path) -> None:
    cells = grid()
    cells[4] = cells[3]

    assert refused(tmp_path, workbook(cells)) == [("FL528", 5, "C")]


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    cells = with_cell(4, "C", "困难劳模")
    cells[3][4] = "一百"
    cells[4][7] = -1
    cells[4][14] = "昨天"

    assert refused(tmp_path, workbook(cells)) == [
        ("FL520", 4, "C"), ("FL524", 4, "E"), ("FL526", 5, "H"), ("FL529", 5, "O")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({"formulas": {"H4": 240_600}}, [("FL517", 4, "H")], id="formula"),
        pytest.param({"merged": ["I4:I5"]}, [("FL534", 4, "I")], id="merged"),
    ],
)
def test_what_a_workbook_hides_is_refused(
    tmp_path: Path, options: dict[str, object], expected: list[Place]
) -> None:
    assert refused(tmp_path, workbook(grid(), **options)) == expected


SOUND_BYTES = workbook(grid())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "FL511", id="empty"),
        pytest.param(b"%PDF-1.7", "FL511", id="another format"),
        pytest.param("部门,资金\n".encode(), "FL511", id="text"),
        pytest.param(SOUND_BYTES[:-200], "FL510", id="cut off"),
        pytest.param(repacked(SOUND_BYTES, add={"xl/vbaProject.bin": b"x"}), "FL513", id="macro"),
        pytest.param(encrypted_flag(SOUND_BYTES), "FL514", id="encrypted"),
        pytest.param(repacked(SOUND_BYTES, add={"../out.txt": b"x"}), "FL512", id="way out"),
        pytest.param(repacked(SOUND_BYTES, add={"xl/big.bin": bytes(1 << 23)}), "FL512", id="bomb"),
        pytest.param(xlsx_bytes({"Sheet1": grid()}), "FL515", id="sheet renamed"),
        pytest.param(b"PK\x03\x04" + bytes(6 << 20), "FL510", id="too large"),
    ],
)
def test_a_file_that_is_not_the_form_is_refused_whole(
    tmp_path: Path, data: bytes, code: str
) -> None:
    assert [found[0] for found in refused(tmp_path, data)] == [code]


def test_only_a_plain_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.xlsx").write_bytes(SOUND_BYTES)
    makers: dict[str, Callable[[Path], None]] = {
        "link": lambda path: path.symlink_to("elsewhere.xlsx"),
        "folder": Path.mkdir,
        "pipe": os.mkfifo,
    }
    for name, make in makers.items():
        folder = tmp_path / name
        folder.mkdir()
        make(folder / "CASC.xlsx")
        with pytest.raises(NeedInvalid) as caught:
            read_need(folder / "CASC.xlsx", CASC, YEAR, TODAY)

        assert caught.value.codes == ("FL510",)


def test_all_workbooks_and_strange_files_are_told_of_together(tmp_path: Path) -> None:
    (tmp_path / "CASC.xlsx").write_bytes(workbook(with_cell(4, "E", -1)))
    (tmp_path / "Joint.xlsx").write_bytes(b"")
    (tmp_path / "CASC(1).xlsx").write_bytes(SOUND_BYTES)
    (tmp_path / "~$CASC.xlsx").write_bytes(b"")

    with pytest.raises(NeedInvalid) as caught:
        read_needs(tmp_path, REMITS, YEAR, TODAY)

    assert caught.value.codes == ("FL535", "FL526", "FL511")


def test_a_unit_without_a_workbook_has_declared_nothing(tmp_path: Path) -> None:
    (tmp_path / "CASC.xlsx").write_bytes(SOUND_BYTES)

    handed_in = {item.unit: bool(item.sha256) for item in read_needs(tmp_path, REMITS, YEAR, TODAY)}

    assert handed_in.pop("CASC")
    assert not any(handed_in.values())
    assert set(handed_in) == {
        "Charity", "CSO", "Joint", "Justice", "Party", "Petition", "Union", "Women"
    }  # fmt: skip


def test_the_form_that_is_written_is_the_form_that_is_read(tmp_path: Path) -> None:
    rows = [
        SOUND,
        replace(SOUND, category="低收入家庭", evidence="名单 12 人", explanation="两行\n说明"),
        replace(SOUND, category="TradRelief", persons=0, basis="", explanation="已并入低保"),
    ]
    path = tmp_path / "CASC.xlsx"

    write_need(path, "社区事务受理服务中心", YEAR, rows, CREATED)

    needs = read_need(path, CASC, YEAR, TODAY).needs
    assert [need.amount_fen for need in needs] == [240_000_00, 240_000_00, 0]
    assert [need.key.category for need in needs] == ["MajorIllness", "LowIncome", "TradRelief"]
    assert needs[1].explanation == "两行 说明"


def test_the_same_rows_give_the_same_bytes() -> None:
    assert need_workbook("CASC", YEAR, [SOUND], CREATED) == need_workbook(
        "CASC", YEAR, [SOUND], CREATED
    )


@given(
    persons=st.integers(min_value=0, max_value=10**5),
    standard_fen=st.integers(min_value=0, max_value=10**7),
    times=st.integers(min_value=0, max_value=12),
)
def test_every_amount_survives_the_workbook_to_the_fen(
    tmp_path_factory: pytest.TempPathFactory, persons: int, standard_fen: int, times: int
) -> None:
    row: NeedRow = replace(SOUND, persons=persons, standard_fen=standard_fen, times=times)
    path = tmp_path_factory.mktemp("needs") / "CASC.xlsx"

    write_need(path, "CASC", YEAR, [row], CREATED)

    (need,) = read_need(path, CASC, YEAR, TODAY).needs
    assert (need.persons, need.standard_fen, need.times) == (persons, standard_fen, times)
    assert need.amount_fen == persons * standard_fen * times


@pytest.mark.parametrize(
    ("cells", "evidenced_fen"),
    [
        (grid(), 240_600_00),
        (with_cell(4, "L", 120_300), 120_300_00),
        (with_cell(4, "L", 0), 0),
        (with_cell(4, "K", "无"), 0),
        (with_cell(4, "K", "待补充。"), 0),
        (with_cell(4, "K", "无障碍改造清单"), 240_600_00),
    ],
)
def test_what_evidence_backs_is_all_of_a_need_unless_the_form_says_how_much(
    tmp_path: Path, cells: Grid, evidenced_fen: int
) -> None:
    first, second = read(tmp_path, workbook(cells)).needs

    assert (first.evidenced_fen, second.evidenced_fen) == (evidenced_fen, 0)
