"""Tables of vouchers as they grow: totals, rows recorded before, equal rows, and their sum."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.screen import asked
from support.tables import GOOD, write_csv
from support.terminals import Terminal

NEW = ("2026-03-23", "低保金", "直接支付", "46.00", "CASC:Dibao", "", "1", "S03", "S01", "S06")
SUM = (
    "共 3 张，合计 2,200.35 元：拨款到账 1 张 1,500.25 元、直接支付 1 张 700.00 元、"
    "银行手续费 1 张 0.10 元。"
)


def _codes(found: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    return [finding["code"] for finding in found["findings"]]


@pytest.mark.parametrize("word", ["合计", "小计", "总 计：", "共计", "累计:", "本页合计", "Total"])
def test_a_row_of_totals_that_was_filled_down_is_no_payment(
    office: Terminal, tmp_path: Path, word: str
) -> None:
    total = (NEW[0], word, *NEW[2:])
    path = write_csv(tmp_path / "表.csv", [*GOOD, total, ("", word, "", "46.00")])
    before = office.bytes()

    found = office.json("record", "dibao", "--from", str(path), code=1)

    assert _codes(found) == ["FL974", "FL974"]
    assert [f["subject"] for f in found["findings"]] == ["表.csv B5 [摘要]", "表.csv B6 [摘要]"]
    assert "删去合计行" in found["findings"][0]["remedy_zh"]
    assert office.bytes() == before


def test_a_narration_that_has_such_a_word_in_it_is_a_voucher(
    office: Terminal, tmp_path: Path
) -> None:
    rows = [(NEW[0], text, *NEW[2:]) for text in ("3月低保金合计", "合计应发低保金", "小计划经费")]
    path = write_csv(tmp_path / "表.csv", rows)

    assert office.json("record", "dibao", "--from", str(path))["count"] == 3


def test_the_number_and_sum_of_a_table_are_told_before_and_after(
    office: Terminal, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "表.csv", GOOD)
    call = ("record", "dibao", "--from", str(path))

    rehearsed = office.done(*call, "--dry-run").splitlines()
    as_json = office.json(*call, "--dry-run")
    done = office.done(*call).splitlines()

    assert rehearsed[-2] == done[-1] == f"{SUM}请与审批单核对。"
    assert (as_json["count"], as_json["amount_fen"]) == (3, 220_035)
    assert as_json["events"] == [
        {"event": "allocation", "count": 1, "amount_fen": 150_025},
        {"event": "expense", "count": 1, "amount_fen": 70_000},
        {"event": "bank-fee", "count": 1, "amount_fen": 10},
    ]
    one = write_csv(tmp_path / "一.csv", [NEW])
    said = office.run("record", "dibao", "--from", str(one), lang="en").stdout
    assert said.splitlines()[-1] == (
        "Vouchers: 1, 46.00 yuan in all. Compare this with the approval."
    )


def test_a_row_that_was_recorded_already_refuses_the_whole_table(
    office: Terminal, tmp_path: Path
) -> None:
    office.done("record", "dibao", "--from", str(write_csv(tmp_path / "表.csv", GOOD)), "--yes")
    path = write_csv(tmp_path / "表.csv", [GOOD[0], NEW, *GOOD[1:]])
    before = office.bytes()

    for more in (("--yes",), ("--dry-run",)):
        found = office.json("record", "dibao", "--from", str(path), *more, code=1)
        assert _codes(found) == ["FL975"]
        details = found["findings"][0]["details"]
        assert details["rows"] == [2, 4, 5]
        assert details["vouchers"] == ["2026-03-0006", "2026-03-0007", "2026-03-0008"]
    page = office.run("record", "dibao", "--from", str(path)).stderr
    assert "第 2 行同凭证 2026-03-0006；第 4 行同凭证 2026-03-0007；" in page
    assert office.bytes() == before

    done = office.json("record", "dibao", "--from", str(path), "--same-again", "--yes")
    assert _codes(done).count("FL965") == 3
    assert len(done["vouchers"]) == 4


def test_a_row_whose_voucher_was_undone_may_be_recorded_anew(
    office: Terminal, tmp_path: Path
) -> None:
    office.done("record", "dibao", "--from", str(write_csv(tmp_path / "表.csv", [NEW])))
    signed = ("--date", "2026-03-25", "--maker", "S03", "--reviewer", "S01")
    office.done("reverse", "dibao", "2026-03-0006", *signed)
    path = write_csv(tmp_path / "表.csv", [GOOD[1], NEW])

    assert office.json("record", "dibao", "--from", str(path))["recorded"] is True


def test_equal_rows_of_one_table_are_named_with_a_cure_that_fits(
    office: Terminal, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "表.csv", [NEW, GOOD[2], NEW])
    call = ("record", "dibao", "--from", str(path))

    (rehearsed,) = (f for f in office.json(*call, "-n")["findings"] if f["code"] == "FL976")
    done = office.json(*call)
    (recorded,) = (f for f in done["findings"] if f["code"] == "FL976")

    assert "第 2, 4 行" in rehearsed["sentence_zh"]
    assert "删去其一" in rehearsed["remedy_zh"]
    assert "reverse" not in rehearsed["remedy_zh"] + rehearsed["remedy_en"]
    assert "已记为凭证 2026-03-0006, 2026-03-0008；" in recorded["remedy_zh"]
    assert "fundledger reverse dibao" in recorded["remedy_zh"]
    assert "FL965" not in _codes(done)


def test_same_again_goes_with_a_table_only(office: Terminal) -> None:
    found = office.json("record", "dibao", "expense", "--same-again", code=2)

    assert ("FL924", "--same-again") in [(f["code"], f["subject"]) for f in found["findings"]]


def test_equal_rows_are_shown_once_where_a_person_is_asked(
    office: Terminal, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "表.csv", [NEW, NEW])

    ended, page = asked(office.root, "record", "dibao", "--from", str(path), typed="y\n")

    assert ended == 0
    assert page.count("记 账 凭 证") == 2
    assert page.index("共 2 张，合计 92.00 元。") < page.index("确认记账？")
    assert page.count("共 2 张，合计 92.00 元。") == 2


def test_of_very_many_rows_recorded_before_a_hundred_are_named(
    office: Terminal, tmp_path: Path
) -> None:
    rows = [(NEW[0], f"低保金{number}", *NEW[2:]) for number in range(101)]
    path = write_csv(tmp_path / "表.csv", rows)
    office.done("record", "dibao", "--from", str(path))

    again = office.run("record", "dibao", "--from", str(path), "--key", "ANEW").stderr

    assert "表.csv 有 101 行" in again
    assert again.count("行同凭证") == 100
    assert "第 101 行同凭证 2026-03-0105……" in again
