"""A proposal is asked why, what if, and whether it is still what it was, from the command line."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path

import pytest

from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.office import Office
from support.budgets import ILLNESS, KEY, funded, paid, three_lines_at
from support.offices import Clock, numbered_keys
from support.terminals import Terminal

LATER = datetime(2027, 3, 2, 9, 30, tzinfo=SHANGHAI)
CALL = ("budget", "propose", "2027", "--as-of", "2026-10-31")
ILLNESS_LINE = "low-income/CASC:MajorIllness"


@pytest.fixture
def declared(tmp_path: Path) -> Terminal:
    """An office with three lines paid and declared, and the other units' needs missing."""
    three_lines_at(tmp_path / "office").close_files()
    return Terminal(tmp_path / "office", Clock(LATER), numbered_keys("T"))


def keep(terminal: Terminal, name: str) -> str:
    path = str(terminal.root / name)
    assert terminal.run(*CALL, "--output", path).exit_code == 1  # units are missing (FL540)
    return path


@pytest.mark.parametrize(
    "said", [ILLNESS_LINE, "low-income/大重病患者", "low-income/CASC：大重病患者"]
)
def test_a_line_is_named_by_any_of_its_words(declared: Terminal, said: str) -> None:
    assert "大重病患者  low-income/CASC:MajorIllness" in declared.done(*CALL, "--explain", said)


def test_a_line_is_told_step_by_step(declared: Terminal) -> None:
    """40,000 paid, 8,000 for the rest, 2,400 of 12,000 accepted, nothing to be rounded."""
    page = declared.done(*CALL, "--explain", ILLNESS_LINE)
    english = declared.done(*CALL, "--explain", ILLNESS_LINE, lang="en")

    assert "1. 上年实际列支  40,000.00　累计 40,000.00" in page
    assert "2. 年化调整  8,000.00　累计 48,000.00" in page
    assert "3. 采纳的需求差异  2,400.00　累计 50,400.00" in page
    assert "容忍度 t 5.00%；上限 c 15.00%" in page
    assert "出处：2027/CASC.xlsx 第5行；low-income 日记账第7号记录" in page
    assert "核定：部分核定" in page
    limits = "容忍度 t×B0 2,400.00；佐证 e×D 0.00；上限 c×B0 7,200.00；采纳 2,400.00，由容忍度决定"
    assert limits in page
    assert "待议：9,600.00" in page
    assert "取整：0.00，四舍五入到整单位" in page
    assert "建议数：50,400.00" in page
    assert "3. gap accepted  2,400.00   sum 50,400.00" in english
    assert "2,400.00 accepted, the tolerance decided: no more is backed." in english
    assert "Put off: 9,600.00" in english
    assert not re.search(r"[\u4e00-\u9fff]", english)


def test_a_line_is_told_to_machines(declared: Terminal) -> None:
    found = declared.json(*CALL, "--explain", ILLNESS_LINE)

    assert [step["running_fen"] for step in found["steps"]] == [
        "4000000", "4800000", "5040000", "5040000"
    ]  # fmt: skip
    assert found["limits"] == {
        "gap_fen": "1200000",
        "tolerance_fen": "240000",
        "evidence_fen": "0",
        "cap_fen": "720000",
        "accepted_fen": "240000",
        "decided_by": "tolerance",
    }
    assert [one["code"] for one in found["findings"]] == ["FL546"]
    assert found["steps"][2]["said_en"].startswith("the gap is accepted")


def test_a_line_that_waits_says_for_what(declared: Terminal) -> None:
    result = declared.run(*CALL, "--explain", "tekun/CSO:Tekun")
    found = declared.json(*CALL, "--explain", "tekun/CSO:Tekun", code=1)

    assert result.exit_code == 1
    assert "待补：部门未申报，暂不测算" in result.stdout
    assert "FL540" in result.stdout
    assert (found["code"], [one["code"] for one in found["findings"]]) == ("FL540", ["FL540"])


def test_a_line_that_neither_source_has_says_so(declared: Terminal) -> None:
    result = declared.run(*CALL, "--explain", "low-income/CASC:TradRelief", lang="en")

    assert result.exit_code == 1
    assert "Not in it: nothing was paid, and nothing is declared" in result.stdout
    assert "FL548" in result.stdout


@pytest.mark.parametrize(
    ("said", "code", "exit_code"),
    [
        ("low-income/CASC:None", "FL923", 2),
        ("low-income", "FL923", 2),
        ("low-income/", "FL923", 2),
        ("none/CASC:Dibao", "FL030", 2),
        ("", "FL030", 2),
        ("/", "FL030", 2),
    ],
)
def test_a_line_that_there_is_not_is_told(
    declared: Terminal, said: str, code: str, exit_code: int
) -> None:
    result = declared.run(*CALL, "--explain", said)

    assert (code in result.stderr, result.exit_code) == (True, exit_code)


def test_explaining_trying_and_writing_do_not_go_together(declared: Terminal) -> None:
    path = declared.root / "a.json"
    result = declared.run(*CALL, "--what-if", "cap_basis_points=1", "--output", str(path))

    assert (result.exit_code, "FL924" in result.stderr, path.exists()) == (2, True, False)
    both = ("--explain", ILLNESS_LINE, "--what-if", "cap_basis_points=1")
    assert "FL924" in declared.run(*CALL, *both).stderr


def test_trying_other_rules_tells_what_moves_and_writes_nothing(declared: Terminal) -> None:
    before = declared.bytes()
    tried = (*CALL, "--what-if", "tolerance_basis_points=800")

    page = declared.done(*tried)
    found = declared.json(*tried)

    assert "low-income/CASC:MajorIllness" in page
    assert "50,400.00 → 51,800.00 (+1,400.00)" in page
    assert "容忍度 t 5.00% → 8.00%" in page
    assert "资金 low-income  需求合计 199,400.00 → 200,800.00 (+1,400.00)" in page
    assert [line["now_fen"] for line in found["lines"]] == [51_800_00]
    assert declared.bytes() == before
    same = declared.done(*CALL, "--what-if", "tolerance_basis_points=500", lang="en")
    assert "No line and no fund differs." in same
    refused = declared.run(*CALL, "--what-if", "tolerance=1")
    assert (refused.exit_code, "FL563" in refused.stderr) == (2, True)


def test_a_kept_proposal_is_verified(declared: Terminal) -> None:
    path = keep(declared, "a.json")
    before = declared.bytes()

    page = declared.done("budget", "verify", path)
    found = declared.json("budget", "verify", path)

    assert "重算相符" in page
    assert (found["holds"], found["findings"]) == (True, [])
    assert found["sha256"] == json.loads(Path(path).read_text(encoding="utf-8"))["sha256"]
    assert declared.bytes() == before
    assert "FL941" in declared.run(*CALL, "--output", path).stderr


def test_what_is_not_as_it_was_is_told_with_exit_code_one(declared: Terminal) -> None:
    path = keep(declared, "a.json")
    (declared.root / "rules" / "needs" / "2027" / "CASC.xlsx").unlink()

    result = declared.run("budget", "verify", path)
    found = declared.json("budget", "verify", path, code=1)

    assert (result.exit_code, "FL565" in result.stdout) == (1, True)
    assert "重算相符" not in result.stdout
    assert [(one["code"], one["subject"]) for one in found["findings"]] == [("FL565", "CASC.xlsx")]
    Path(path).write_text("{}", encoding="utf-8")
    assert "FL564" in declared.run("budget", "verify", path).stderr
    assert "FL927" in declared.run("budget", "verify", f"{path}.none").stderr


def test_two_kept_proposals_are_compared(declared: Terminal) -> None:
    old = keep(declared, "old.json")
    own = Office(declared.root, Surroundings(Clock(LATER), numbered_keys("U")))
    funded(own, KEY.fund, ILLNESS, 1_000_00)
    paid(own, KEY.fund, ILLNESS, [(date(2026, 10, 12), 1_000_00)])
    new = keep(declared, "new.json")

    page = declared.done("budget", "diff", old, new)
    english = declared.done("budget", "diff", old, new, lang="en")
    found = declared.json("budget", "diff", old, new)

    assert "low-income/CASC:MajorIllness" in page
    assert "上年实际列支 40,000.00 → 41,000.00 (+1,000.00)：所依据的资料已不同" in page
    assert "依据不同：账簿 low-income" in page
    assert "paid last year 40,000.00 → 41,000.00 (+1,000.00): what it rests on is not" in english
    assert [line["line"] for line in found["lines"]] == ["CASC:MajorIllness"]
    assert "各项和各资金均无变动" in declared.done("budget", "diff", old, old)
    assert "其后新增 2 条记录" in declared.done("budget", "verify", old)
