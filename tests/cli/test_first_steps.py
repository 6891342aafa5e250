"""Somebody who has never used it: what is missing or mistyped is told with what to do next."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.terminals import PAPERS, Terminal

SAID = ("--amount", "5.00", "--date", "2026-04-01", "--narration", "一笔", *PAPERS)

# What is typed, and what must be told of it in Chinese and in English.
TRIED: tuple[tuple[tuple[str, ...], str, str], ...] = (
    ((), "fundledger init 试用 --example-rules", "fundledger init try --example-rules"),
    (("record",), "FUND（基金代码，例如 dibao）", "such as fundledger record dibao"),
    (("record", "dibao"), "donation 捐赠收入、", "donation (donation received), "),
    (("record", "dibao"), "--template 文件", "--template FILE"),
    (("record", "dibao", "donaton", *SAID), "可用的值：donation 捐赠收入、", "Allowed: donation ("),
    (("record", "dibao", "捐赠", *SAID), "可用的值：donation 捐赠收入、", "Allowed: donation ("),
    (("record", "dibao", "donation"), "--maker（制单人的岗位代码）", "--maker (who makes it,"),
    (("record", "dibo", "donation", *SAID), "代号：dibao (最低生活保障资金)", "are dibao (minimum"),
    (("status", "特困"), "代号：tekun (特困人员救助供养资金)", "are tekun ("),
    (
        ("record", "low-income", "expense", "--line", "IllnessExpp", *SAID),
        "可用的值：CASC:IllnessExp (因病支出型贫困家庭)",
        "Allowed: CASC:IllnessExp (",
    ),
    (
        ("record", "dibao", "allocation", "--source", "街道", *SAID),
        "可用的值：Street (街道预算)",
        "Allowed: Street (",
    ),
    (("recrod", "dibao"), "可用的有：record", "There are: record"),
    (
        ("record", "dibao", "donation", "--ammount", "5"),
        "可用的有：--amount",
        "There are: --amount",
    ),
    (("budget", "adopt"), "budget adopt dibao --line", "budget adopt dibao --line"),
    (("reconcile", "dibao"), "--statement（", "--statement ("),
    (
        ("reverse", "dibao", "2026-03-0099", "--date", "2026-03-25", *PAPERS[4:8]),
        "fundledger journal dibao",
        "`fundledger journal dibao`",
    ),
    (("-C", "/nonexistent/office", "status"), "fundledger init 目录", "fundledger init DIR"),
)


@pytest.mark.parametrize(("call", "chinese", "english"), TRIED)
def test_what_is_missing_or_mistyped_is_told_with_what_to_do(
    office: Terminal, call: tuple[str, ...], chinese: str, english: str
) -> None:
    told = office.run(*call), office.run(*call, lang="en")

    assert [result.exit_code for result in told] == [2, 2]
    assert chinese in told[0].output
    assert english in told[1].output


def test_what_is_to_be_done_about_several_things_is_said_once(office: Terminal) -> None:
    lines = office.run("reverse", "dibao").stderr.splitlines()

    assert [line[:5] for line in lines] == [*["FL922"] * 4, "    处", "未记账。"]
    assert "fundledger reverse dibao 2026-03-0007" in lines[-2]


def test_an_option_without_its_value_is_told_with_what_it_means(office: Terminal) -> None:
    assert "--as-of（截至该日日终；默认今天）" in office.run("status", "--as-of").stderr


def test_the_steps_that_are_shown_first_can_be_taken(office: Terminal, tmp_path: Path) -> None:
    root = tmp_path / "试用"

    office.done("init", str(root), "--example-rules")

    assert "dibao" in Terminal(root, office.clock, office.keys).done("status")
