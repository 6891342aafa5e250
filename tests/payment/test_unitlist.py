"""A unit's list: every wrong row is named with its reason, nobody is named, nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from fundledger.charter import FundCharter
from fundledger.errors import InputInvalid
from fundledger.payment import UnitList, read_unit_list
from support.offices import charter
from support.people import card_of, number_of
from support.unitlists import HEAD, row, write_list

TODAY = date(2026, 3, 5)
NAMED = "某乙某"
ROWS = [row(serial) for serial in range(1, 6)]


@pytest.fixture(scope="module")
def rules() -> FundCharter:
    return charter()


def read(path: Path, rules: FundCharter, **more: Any) -> UnitList:  # noqa: ANN401 - keywords
    return read_unit_list(path, rules, "CASC", TODAY, **more)


def refused(
    tmp_path: Path,
    rules: FundCharter,
    rows: Sequence[Sequence[object]],
    **more: Any,  # noqa: ANN401
) -> list[tuple[str, str]]:
    path = write_list(tmp_path / "名单.xlsx", rows)
    with pytest.raises(InputInvalid) as refusal:
        read(path, rules, **more)
    people = [str(cell) for cells in rows for cell in (cells[1], cells[2], cells[8]) if cell]
    for finding in refusal.value.findings:
        said = str(finding.as_json())
        assert [text for text in people if len(text) > 1 and text in said] == []
        assert NAMED not in said
    return [(finding.code, finding.subject) for finding in refusal.value.findings]


def test_a_sound_list_is_read_whole(tmp_path: Path, rules: FundCharter) -> None:
    found = read(write_list(tmp_path / "名单.xlsx", ROWS), rules)

    assert [entry.row for entry in found.entries] == [4, 5, 6, 7, 8]
    assert found.amount_fen == 5 * 1510_00
    entry = found.entries[0]
    assert (entry.unit, entry.category, entry.period) == ("CASC", "Dibao", "2026-03")
    assert (entry.account, entry.bank, entry.committee) == (ROWS[0][8], "某银行", "某居委")
    assert (found.findings, found.aside) == ((), ())
    assert str(ROWS[0][2]) not in repr(found)


@given(order=st.permutations(range(len(HEAD))), unit_words=st.booleans())
def test_columns_may_stand_in_any_order_beside_others(
    order: list[int],
    unit_words: bool,  # noqa: FBT001 - drawn
    tmp_path_factory: pytest.TempPathFactory,
    rules: FundCharter,
) -> None:
    head = [HEAD[at] for at in order]
    rows = [[cells[at] for at in order] for cells in ROWS]
    if unit_words:
        head = [*head, "年龄", "困难情况"]
        rows = [[*cells, 76, "独居"] for cells in rows]
    path = write_list(tmp_path_factory.mktemp("lists") / "名单.xlsx", rows, head)

    found = read(path, rules)

    assert [entry.account for entry in found.entries] == [cells[8] for cells in ROWS]
    assert found.aside == (("K", "L") if unit_words else ())


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"姓名": ""}, "FL733", "B"),
        ({"姓名": "某3"}, "FL733", "B"),
        ({"姓名": 12}, "FL733", "B"),
        ({"姓名": "某\n甲"}, "FL733", "B"),
        ({"身份证号": ""}, "FL701", "C"),
        ({"身份证号": "31011219500201007"}, "FL701", "C"),
        ({"身份证号": "31011219500201O079"}, "FL702", "C"),
        ({"身份证号": "310112195013010071"}, "FL703", "C"),
        ({"身份证号": "310112195002010070"}, "FL704", "C"),
        ({"身份证号": 310112195002010}, "FL732", "C"),
        ({"居委": "甲" * 101}, "FL733", "D"),
        ({"救助类别": "特困人员供养"}, "FL735", "E"),
        ({"救助类别": ""}, "FL735", "E"),
        ({"所属月份": "2026-13"}, "FL741", "F"),
        ({"所属月份": "三月"}, "FL741", "F"),
        ({"所属月份": ""}, "FL741", "F"),
        ({"金额": 0}, "FL734", "G"),
        ({"金额": -5}, "FL734", "G"),
        ({"金额": "某甲"}, "FL734", "G"),
        ({"金额": 0.001}, "FL734", "G"),
        ({"金额": ""}, "FL734", "G"),
        ({"金额": 10**12}, "FL734", "G"),
        ({"银行账号": ""}, "FL711", "I"),
        ({"银行账号": "6.21E+18"}, "FL732", "I"),
        ({"身份证号": "3.1E+17"}, "FL732", "C"),
        ({"身份证号": "3.10112e+17"}, "FL732", "C"),
        ({"银行账号": 6222021234567890}, "FL732", "I"),
    ],
)
def test_what_is_wrong_with_a_cell_is_told_at_the_cell(
    tmp_path: Path, rules: FundCharter, changes: dict[str, object], code: str, column: str
) -> None:
    ((found, place),) = refused(tmp_path, rules, [ROWS[0], row(2, **changes), ROWS[2]])

    assert (found, place.partition(" [")[0]) == (code, f"名单.xlsx {column}5")


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path, rules: FundCharter) -> None:
    rows = [row(1, 姓名=""), ROWS[1], row(3, 金额=0, 银行账号="1"), row(4, 所属月份="?")]

    assert [code for code, _ in refused(tmp_path, rules, rows)] == [
        "FL733",
        "FL734",
        "FL711",
        "FL741",
    ]


def test_somebody_twice_is_named_by_both_rows(tmp_path: Path, rules: FundCharter) -> None:
    again = row(1, 金额=20, 银行账号=card_of("622202999999999999"))

    assert refused(tmp_path, rules, [*ROWS, again]) == [("FL736", "名单.xlsx [9]")]
    other_month = row(1, 所属月份="2026-04")
    assert len(read(write_list(tmp_path / "二.xlsx", [*ROWS, other_month]), rules).entries) == 6


@pytest.mark.parametrize("word", ["合计", "总 计", "合计："])
def test_a_total_at_the_foot_is_held_against_the_rows(
    tmp_path: Path, rules: FundCharter, word: str
) -> None:
    total = [word, None, None, None, None, None, 5 * 1510]
    assert len(read(write_list(tmp_path / "名单.xlsx", [*ROWS, total]), rules).entries) == 5

    off = [*total[:-1], 5 * 1510 - 0.01, None, None]
    assert refused(tmp_path, rules, [*ROWS, off]) == [("FL737", "名单.xlsx G9 [金额]")]


def test_a_list_of_nothing_but_its_total_is_no_list(tmp_path: Path, rules: FundCharter) -> None:
    path = write_list(tmp_path / "名单.xlsx", [["合计", None, None, None, None, None, 5]])

    with pytest.raises(InputInvalid) as refusal:
        read(path, rules)
    assert refusal.value.codes == ("FL737",)


@pytest.mark.parametrize(
    "period", ["2026-03", "2026年3月", "2026/3", "202603", "2026.03", 202603, date(2026, 3, 1)]
)
def test_a_month_is_read_in_every_usual_spelling(
    tmp_path: Path, rules: FundCharter, period: object
) -> None:
    found = read(write_list(tmp_path / "名单.xlsx", [row(1, 所属月份=period)]), rules)

    assert found.entries[0].period == "2026-03"


def test_what_the_whole_list_is_of_may_be_said_beside_it(
    tmp_path: Path, rules: FundCharter
) -> None:
    head = [word for word in HEAD if word not in {"救助类别", "所属月份"}]
    rows = [[*cells[:4], *cells[6:]] for cells in ROWS]
    path = write_list(tmp_path / "名单.xlsx", rows, head)

    found = read(path, rules, category="Dibao", period="2026-03")

    assert {(entry.category, entry.period) for entry in found.entries} == {("Dibao", "2026-03")}
    with pytest.raises(InputInvalid) as refusal:
        read(path, rules)
    assert [(one.code, one.subject, one.details["column"]) for one in refusal.value.findings] == [
        ("FL933", "名单.xlsx", "救助类别"),
        ("FL933", "名单.xlsx", "所属月份"),
    ]
    for option, told in zip(("--category", "--period"), refusal.value.findings, strict=True):
        assert option in told.remedy()


@pytest.mark.parametrize(
    ("beside", "code", "subject"),
    [
        ({"category": "特困"}, "FL735", "--category"),
        ({"period": "三月"}, "FL741", "--period"),
        ({"period": "2025-01"}, "FL346", "--period"),
    ],
)
def test_what_is_said_wrongly_beside_a_list_is_told_once(
    tmp_path: Path, rules: FundCharter, beside: dict[str, str], code: str, subject: str
) -> None:
    empty = [row(serial, 救助类别="", 所属月份="") for serial in range(1, 6)]
    said = {"category": "Dibao", "period": "2026-03", **beside}

    assert refused(tmp_path, rules, empty, **said) == [(code, subject)]


def test_a_row_that_says_otherwise_than_the_command_is_refused(
    tmp_path: Path, rules: FundCharter
) -> None:
    rows = [row(1), row(2, 所属月份="2026年2月"), row(3, 所属月份=""), row(4, 救助类别="")]
    assert refused(tmp_path, rules, rows, period="2026-03", category="Dibao") == [
        ("FL971", "名单.xlsx F5 [所属月份]"),
    ]
    path = write_list(tmp_path / "名单.xlsx", rows)
    with pytest.raises(InputInvalid) as refusal:
        read(path, rules, period="2026-03", category="Dibao")
    (found,) = refusal.value.findings
    assert found.sentence("en") == (
        "名单.xlsx F5 [所属月份] says 2026-02, and --period of the command 2026-03."
    )
    write_list(path, [row(1), row(3, 所属月份="")])
    assert len(read(path, rules, period="202603").entries) == 2


def test_a_row_of_another_category_than_the_commands_is_refused(
    tmp_path: Path, rules: FundCharter
) -> None:
    assert refused(tmp_path, rules, [row(1), row(2)], category="MajorIllness") == [
        ("FL971", "名单.xlsx E4 [救助类别]"),
        ("FL971", "名单.xlsx E5 [救助类别]"),
    ]


def test_months_are_held_against_the_day_of_preparing(tmp_path: Path, rules: FundCharter) -> None:
    path = write_list(tmp_path / "名单.xlsx", [row(1, 所属月份="2025-02")])
    assert len(read(path, rules, on=date(2026, 2, 27)).entries) == 1
    with pytest.raises(InputInvalid) as refusal:
        read(path, rules)
    (found,) = refusal.value.findings
    assert (found.code, found.details["on"]) == ("FL346", "2026-03-05")


def test_what_is_doubtful_is_told_and_let_be(tmp_path: Path, rules: FundCharter) -> None:
    rows = [
        row(1, 户名="某监护"),
        row(2, 银行账号=str(ROWS[0][8])),
        row(3, 银行账号="6222021234567890123"),
        row(4, 身份证号="310112500201007"),
        row(5, 身份证号=number_of("990000", date(1950, 2, 1), 5)),
    ]

    found = read(write_list(tmp_path / "名单.xlsx", rows), rules)

    assert sorted(finding.code for finding in found.findings) == [
        "FL705",
        "FL706",
        "FL712",
        "FL738",
        "FL739",
    ]
    assert len(found.entries) == 5


def test_other_documents_need_their_kind(tmp_path: Path, rules: FundCharter) -> None:
    head = [*HEAD, "证件类型"]
    sound = [*row(1, 身份证号="E12345678"), "护照"]
    path = write_list(tmp_path / "名单.xlsx", [sound], head)
    assert read(path, rules).entries[0].identity.number == "E12345678"

    path = write_list(tmp_path / "二.xlsx", [[*sound[:-1], "驾驶证"]], head)
    with pytest.raises(InputInvalid) as refusal:
        read(path, rules)
    assert refusal.value.codes == ("FL740",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_same_list_as_text_is_the_same(
    tmp_path: Path, rules: FundCharter, encoding: str
) -> None:
    lines = [HEAD, *ROWS]
    text = "".join(",".join(map(str, cells)) + "\r\n" for cells in lines)
    path = tmp_path / "名单.csv"
    path.write_bytes(text.encode(encoding))

    whole = read(write_list(tmp_path / "名单.xlsx", ROWS), rules)
    assert [entry.account for entry in read(path, rules).entries] == [
        entry.account for entry in whole.entries
    ]


def test_a_list_without_a_needed_column_is_told_which(tmp_path: Path, rules: FundCharter) -> None:
    path = write_list(tmp_path / "名单.xlsx", [[*cells[:8]] for cells in ROWS], HEAD[:8])

    with pytest.raises(InputInvalid) as refusal:
        read(path, rules)
    assert refusal.value.codes == ("FL933",)
    assert "银行账号" in refusal.value.findings[0].sentence()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"银行账号": f"{NAMED}6217001234567895220"}, "FL711"),
        ({"银行账号": f"6217001234567895220{NAMED}"}, "FL711"),
        ({"身份证号": f"{NAMED}310112195002010079"}, "FL701"),
        ({"身份证号": f"310112195002010{NAMED}"}, "FL702"),
        ({"金额": NAMED}, "FL734"),
        ({"救助类别": NAMED}, "FL735"),
        ({"所属月份": NAMED}, "FL741"),
        ({"户名": f"{NAMED}\n"}, "FL733"),
    ],
)
def test_a_name_in_the_wrong_cell_is_not_repeated(
    tmp_path: Path, rules: FundCharter, changes: dict[str, object], code: str
) -> None:
    assert refused(tmp_path, rules, [row(1), row(2, **changes)])[0][0] == code


@pytest.mark.parametrize("heading", ["310112195002010079", "某" * 41, "13800001234 某"])
def test_a_heading_that_holds_a_person_is_refused_and_not_repeated(
    tmp_path: Path, rules: FundCharter, heading: str
) -> None:
    path = write_list(tmp_path / "名单.xlsx", [[*cells, ""] for cells in ROWS], [*HEAD, heading])

    with pytest.raises(InputInvalid) as refusal:
        read(path, rules)
    assert refusal.value.codes == ("FL934",)
    assert heading not in str(refusal.value.findings[0].as_json())


def test_people_above_the_headings_are_not_left_behind(tmp_path: Path, rules: FundCharter) -> None:
    path = tmp_path / "名单.csv"
    lines = [ROWS[0], ROWS[1], HEAD, *ROWS[2:]]
    path.write_text("".join(",".join(map(str, cells)) + "\n" for cells in lines), encoding="utf-8")

    with pytest.raises(InputInvalid) as refusal:
        read(path, rules)
    assert refusal.value.codes == ("FL949",)
    assert "上方第 1, 2 行" in refusal.value.findings[0].sentence()


def test_one_number_under_two_names_is_refused(tmp_path: Path, rules: FundCharter) -> None:
    other = row(1, 姓名="某别人", 户名="某别人", 所属月份="2026-04")

    assert refused(tmp_path, rules, [*ROWS, other]) == [("FL746", "名单.xlsx [9]")]


@pytest.mark.parametrize("period", [46082, 2026.1, 0, 20263, "0000-01", "1926-03"])
def test_a_month_is_never_guessed(tmp_path: Path, rules: FundCharter, period: object) -> None:
    found = refused(tmp_path, rules, [row(1, 所属月份=period)], period="2026-11")

    assert [code for code, _ in found] == ["FL741"]


@pytest.mark.parametrize("copied", ["{}\n", "\u202d{}\u202c", "{}\u200e", " {} ", "\ufeff{}"])
def test_what_copying_puts_around_a_number_is_no_part_of_it(
    tmp_path: Path, rules: FundCharter, copied: str
) -> None:
    changed = {name: copied.format(row(1)[at]) for name, at in (("身份证号", 2), ("银行账号", 8))}
    found = read(write_list(tmp_path / "名单.xlsx", [row(1, **changed)]), rules)

    assert (found.entries[0].identity.number, found.entries[0].account) == (row(1)[2], row(1)[8])


def test_another_sheet_with_something_on_it_is_refused(tmp_path: Path, rules: FundCharter) -> None:
    path = tmp_path / "名单.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, cells in (("一", HEAD), ("二", ROWS[1])):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, cells)
            if name == "一":
                sheet.write_row(1, 0, ROWS[0])

    with pytest.raises(InputInvalid) as refusal:
        read(path, rules)
    assert "第 2 张工作表" in refusal.value.findings[0].sentence()
