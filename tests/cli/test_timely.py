"""On time and in full at the command line: by fund, unit and month, and as a workbook."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from support.desk import BANKED, ZH, Desk
from support.terminals import Terminal
from support.unitlists import row


@pytest.fixture
def desk(office: Terminal, tmp_path: Path) -> Desk:
    """Four payments of March: two paid in time, one failed, one unknown."""
    desk = Desk(office, tmp_path)
    desk.sent()
    desk.step("debit", "--by", "S03", "--document", str(desk.paper), *BANKED, day="2026-03-13")
    desk.read(desk.answer(["paid", "failed", "unknown", "paid"]))
    return desk


def test_the_rates_of_each_unit_and_month_are_told_and_of_all(desk: Desk) -> None:
    shown = desk.terminal.done("batch", "timeliness", "dibao")
    (own, total) = (line.split() for line in shown.splitlines() if "6,040.00" in line)

    expected = ["4", "6,040.00", "50.00%", "50.00%", "50.00%", "50.00%", "3,020.00"]
    assert own == ["dibao", "2026-03", "CASC", "2026-03-25", *expected]
    assert total == ["合计", *expected]
    english = desk.terminal.done("batch", "timeliness", "dibao", lang="en")
    assert ("on time" in english, "50.00%" in english) == (True, True)


def test_the_figures_for_machines(desk: Desk) -> None:
    told = desk.terminal.json("batch", "timeliness", "--as-of", "2026-03-25")
    (own,) = told["rows"]

    assert (own["fund"], own["month"], own["unit"]) == ("dibao", "2026-03", "CASC")
    assert [(one["category"], one["due_on"]) for one in own["categories"]] == [
        ("Dibao", "2026-03-25")
    ]
    assert (own["approved"], own["paid"]) == (
        {"payments": 4, "amount_fen": 6040_00},
        {"payments": 2, "amount_fen": 3020_00},
    )
    assert own["timely_basis_points"] == {"payments": None, "amount": None}
    assert told["total"]["full_basis_points"] == {"payments": 5000, "amount": 5000}


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (("--unit", "CASC"), 1),
        (("--unit", "总工会"), 0),
        (("--from", "2026-03", "--to", "2026-03"), 1),
        (("--from", "2026-04"), 0),
        (("--to", "2026-02"), 0),
    ],
)
def test_one_unit_or_some_months_alone(desk: Desk, options: tuple[str, ...], rows: int) -> None:
    told = desk.terminal.json("batch", "timeliness", "dibao", *options)

    assert len(told["rows"]) == rows


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--from", "2026-13"), "FL903"),
        (("--from", "2026-04", "--to", "2026-03"), "FL966"),
        (("--unit", "nobody"), "FL923"),
        (("--xlsx", "{there}"), "FL941"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    office: Terminal, tmp_path: Path, options: tuple[str, ...], code: str
) -> None:
    there = tmp_path / "there.xlsx"
    there.write_bytes(b"")
    call = [option.format(there=there) for option in options]
    result = office.run("batch", "timeliness", "dibao", *call)

    assert (result.exit_code in {1, 2}, code in result.output) == (True, True), result.output


def test_a_fund_without_batches_says_so(office: Terminal) -> None:
    assert "没有已批准的批次。" in office.done("batch", "timeliness")


def test_the_workbook_names_fund_unit_and_category_and_is_the_same_each_time(desk: Desk) -> None:
    paths = [desk.folder / name for name in ("a.xlsx", "b.xlsx")]
    for path in paths:
        desk.terminal.done("batch", "timeliness", "dibao", "--xlsx", str(path))
    one, other = (path.read_bytes() for path in paths)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(one)).get_sheet_by_index(0).to_python()
    rows = [[cell for cell in cells if cell not in {None, ""}] for cells in sheet]

    assert one == other
    assert ["救助资金如期足额拨付情况表"] in rows
    names = ["最低生活保障资金", "2026-03", "社区事务受理服务中心", "城乡最低生活保障"]
    figures = [4, 6040, 2, 3020, 0.5, 0.5, 0.5, 0.5, 3020, 0]
    (own,) = [cells for cells in rows if 6040 in cells and "合计" not in cells]
    assert own[1:] == [*names[1:], "2026-03-25", *figures]
    assert ["合计", *figures] in rows


def test_what_is_late_or_unpaid_past_its_due_day_is_found_by_the_check(desk: Desk) -> None:
    april = [row(serial, 救助类别=ZH, 所属月份="2026-04") for serial in range(1, 5)]
    desk.prepare(april, day="2026-04-10")
    call = ("batch", "approve", "dibao", "B2026-04-001", "--date", "2026-04-10", "--by", "S08")
    desk.terminal.done(
        *call, "--maker", "S03", "--reviewer", "S01", "--approval", "例审〔2026〕4号"
    )

    def found(day: str) -> list[str]:
        told = desk.terminal.json("check", "dibao", "--as-of", day, code=1)["findings"]
        return [one["subject"] for one in told if one["code"] in {"FL798", "FL799"}]

    assert found("2026-04-25") == [], "what failed in March is still at the bank"
    assert found("2026-04-26") == ["B2026-04-001"]
