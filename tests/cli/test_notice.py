"""The public notice at the command line: from the vault, into one file that names nobody."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from support.desk import ROWS, SIGNED, Desk
from support.terminals import Terminal
from support.told import golden, told
from support.unitlists import row, write_list

BOARD = ("--from", "2026-03-12", "--to", "2026-03-20", "--phone", "021-00000000")


@pytest.fixture
def desk(office: Terminal, tmp_path: Path) -> Desk:
    desk = Desk(office, tmp_path)
    desk.prepare()
    return desk


def call(desk: Desk, *batches: str, fund: str = "dibao", to: str = "公示.xlsx") -> tuple[str, ...]:
    said = ("--by", "S03", "--key-file", desk.key, "--xlsx", str(desk.folder / to))
    return ("batch", "notice", fund, *(batches or ("B2026-03-001",)), *BOARD, *said)


def sheet(path: Path) -> list[list[object]]:
    data = io.BytesIO(path.read_bytes())
    rows = CalamineWorkbook.from_filelike(data).get_sheet_by_index(0).to_python()
    return [[cell for cell in cells if cell != ""] for cells in rows]


def log_of(desk: Desk) -> list[dict[str, object]]:
    text = (desk.terminal.root / "private" / "people.reads.jsonl").read_text(encoding="utf-8")
    return [one for one in map(json.loads, text.splitlines()) if "people" in one]


def test_a_prepared_or_approved_batch_is_published_with_masked_names(desk: Desk) -> None:
    said = desk.terminal.done(*call(desk))
    path = desk.folder / "公示.xlsx"
    with zipfile.ZipFile(path) as archive:
        text = "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    secrets = [str(cell) for cells in ROWS for cell in (cells[1], cells[2], cells[8])]

    assert "列名 4 笔" in said
    assert [secret for secret in secrets if secret in text + said] == []
    rows = [cells for cells in sheet(path) if "城乡最低生活保障" in cells]
    assert rows[0][1:] == [
        "某居委",
        "某*甲",
        "城乡最低生活保障",
        "2026-03",
        1510.0,
    ]
    assert len(rows) == 4
    (read,) = [one for one in log_of(desk) if one["purpose"] == "编制公示 B2026-03-001"]
    assert (read["actor"], len(read["people"])) == ("S03", 4)  # type: ignore[arg-type]
    desk.approve()
    told = desk.terminal.json(*call(desk, to="又.xlsx"))
    assert (told["named"], told["in_sum"], told["findings"]) == (4, 0, [])
    assert (desk.folder / "又.xlsx").read_bytes() == path.read_bytes()


def test_of_categories_that_say_too_much_only_sums_are_published(desk: Desk) -> None:
    rows = [row(serial, 救助类别="特困妇科重症患者") for serial in range(1, 4)]
    rows += [row(serial, 救助类别="困难家庭儿童") for serial in (4, 5)]
    rows += [row(6, 救助类别="特困三八红旗手")]
    path = write_list(desk.folder / "妇联.xlsx", rows)
    prepare = ("batch", "prepare", "women", str(path), "--unit", "Women", "--date", "2026-03-12")
    desk.terminal.done(*prepare, "--by", "S03", "--key-file", desk.key)

    told = desk.terminal.json(*call(desk, fund="women"))
    assert (told["named"], told["in_sum"], told["suppressed"]) == (1, 2, 1)
    shown = sheet(desk.folder / "公示.xlsx")
    assert [2.0, "3 人", "特困妇科重症患者", "2026-03", 4530.0] in shown
    assert [1.0, "少于 3 人", "困难家庭儿童", "2026-03", "不公示"] in shown
    assert len([cells for cells in shown if "某居委" in cells]) == 1


def test_a_notice_for_too_few_days_is_written_and_told(desk: Desk) -> None:
    short = [word if word != "2026-03-20" else "2026-03-18" for word in call(desk)]
    said = desk.terminal.done(*short)

    assert "FL719" in said
    assert "只有 5 个工作日" in said
    plain = desk.terminal.json(*(word.replace("公示.xlsx", "又.xlsx") for word in short))
    text = told(plain["findings"]).replace(f"{desk.folder}/", "")
    assert text == golden(Path(__file__).with_name("golden"), "FL719", text)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("B2026-03-001", "B2026-03-009"), "FL793"),
        (("2026-03-20", "2026-03-11"), "FL966"),
        (("021-00000000", " "), "FL733"),
        (("S03", "S99"), "FL923"),
        (("公示.xlsx", "名单.xlsx"), "FL941"),
    ],
)
def test_what_cannot_be_published_is_refused(
    desk: Desk, change: tuple[str, str], code: str
) -> None:
    reads = len(log_of(desk))
    result = desk.terminal.run(*(word.replace(*change) for word in call(desk)))

    assert (result.exit_code in {1, 2}, code in result.output) == (True, True), result.output
    assert not (desk.folder / "公示.xlsx").exists()
    assert len(log_of(desk)) == reads


def test_a_rejected_batch_has_nothing_to_publish(desk: Desk) -> None:
    desk.step("reject", "--by", "S08", *SIGNED)
    result = desk.terminal.run(*call(desk))

    assert (result.exit_code, "FL718" in result.output) == (1, True)


def test_rules_that_do_not_say_whom_not_to_name_let_nobody_be_published(desk: Desk) -> None:
    path = desk.terminal.root / "rules" / "controls.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index("[notice_in_sum]")
    path.write_text(text[:start] + text[text.index("\n\n", start) :], encoding="utf-8")
    result = desk.terminal.run(*call(desk))

    assert (result.exit_code, "FL717" in result.output) == (1, True)
    assert not (desk.folder / "公示.xlsx").exists()
