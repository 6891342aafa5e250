"""Stages of a budget from the command line: recorded from tables and proposals, and compared."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from fundledger.budget import write_need
from fundledger.budget.kept import digest
from fundledger.cli import stage_names
from fundledger.ledger.stages import STAGES
from support.budgets import CREATED, need
from support.terminals import Terminal

DOCUMENT = ("--document-number", "例财〔2026〕31号")
APPROVAL = (
    *("--document-number", "例财〔2026〕88号", "--resolution", "例联〔2026〕9号", "--by", "S08"),
    *("--maker", "S03", "--reviewer", "S01", "--attachments", "2"),
)


def staged(stage: str, on: str, *more: str) -> tuple[str, ...]:
    by = (
        ()
        if stage == "approved"
        else (*DOCUMENT, "--by", "S10" if stage != "controlled" else "S07")
    )
    return ("budget", "stage", "dibao", "2027", stage, "--date", on, *by, *more)


def test_the_command_line_knows_the_stages_of_the_journal() -> None:
    assert stage_names.STAGES == STAGES


def test_the_stages_stand_side_by_side_with_what_each_changed(office: Terminal) -> None:
    line = "CASC:Dibao={}"
    office.done(*staged("declared", "2026-09-01", "--line", line.format("900000.00")))
    office.done(*staged("controlled", "2026-09-20", "--line", line.format("850000.00")))
    table = office.root / "二上.csv"
    table.write_text("部门类别,金额\n城乡最低生活保障,860000.00\n", encoding="utf-8")
    office.done(*staged("revised", "2026-10-10", "--from", str(table)))
    text = office.done(*staged("approved", "2026-10-30", "--unchanged", *APPROVAL), "--dry-run")
    assert "演练" in text
    assert "-50,000.00" in text
    office.done(*staged("approved", "2026-10-30", "--unchanged", *APPROVAL))

    found = office.json("budget", "stages", "dibao")

    assert [one["stage"] for one in found["stages"]] == list(STAGES)
    assert len(found["stages"][2]["rests_on"]) == 64
    assert found["lines"][0]["stages"] == {
        "declared": {"amount_fen": 900_000_00, "change_fen": None},
        "controlled": {"amount_fen": 850_000_00, "change_fen": -50_000_00},
        "revised": {"amount_fen": 860_000_00, "change_fen": 10_000_00},
        "approved": {"amount_fen": 860_000_00, "change_fen": 0},
    }
    shown = office.done("budget", "stages", "dibao", "--year", "2027")
    assert all(word in shown for word in ("一上申报", "差异", "10,000.00", "例联〔2026〕9号"))
    assert "预算阶段" in office.done("journal", "dibao", "--records")
    status = office.json("budget", "status", "dibao", "--year", "2027")
    assert status["lines"][0]["approved_fen"] == status["lines"][0]["unallotted_fen"] == 860_000_00


def kept(office: Terminal, need_fen: int | None = 9_150_30, as_of: str = "2026-09-30") -> Path:
    """Keep a proposal in which CASC declared a need of dibao, or nothing."""
    if need_fen is not None:
        folder = office.root / "rules" / "needs" / "2027"
        folder.mkdir(parents=True)
        row = need("dibao", "Dibao", need_fen, explanation="H 新增对象")
        write_need(folder / "CASC.xlsx", "CASC", 2027, [row], CREATED)
    path = office.root / "2027.json"
    office.run("budget", "propose", "2027", "--as-of", as_of, "--output", str(path))
    assert path.exists()
    return path


def test_a_kept_proposal_gives_what_was_declared_and_then_what_is_proposed(
    office: Terminal,
) -> None:
    path = kept(office)
    office.done(*staged("declared", "2026-09-01", "--from", str(path)))
    office.done(*staged("controlled", "2026-09-20", "--from", str(path)))

    (line,) = office.json("budget", "stages", "dibao", "--year", "2027")["lines"]
    assert [stage["amount_fen"] for stage in line["stages"].values()] == [9_150_30, 9_200_00]


def refused(office: Terminal, path: Path, *more: str) -> str:
    """Try to take a stage from a file; nothing changes."""
    before = office.bytes()
    result = office.run(*staged("declared", "2026-09-01", "--from", str(path)), *more)
    assert result.exit_code in {1, 2}, result.output
    assert "?" not in result.stderr
    assert office.bytes() == before
    return result.stderr


@pytest.mark.parametrize("said", ["[]", "{", "[" * 100_000])
def test_a_file_that_is_no_proposal_is_refused(office: Terminal, said: str) -> None:
    path = office.root / "2027.json"
    path.write_text(said, encoding="utf-8")

    assert "FL564" in refused(office, path)


def test_a_proposal_that_was_changed_is_refused(office: Terminal) -> None:
    path = kept(office)
    path.write_text(path.read_text(encoding="utf-8").replace("915030", "915031"), encoding="utf-8")

    assert "FL564" in refused(office, path)


def test_a_proposal_that_was_forged_with_its_digest_is_refused(office: Terminal) -> None:
    """Books, needs and rules give another figure: it is derived again before it is a stage."""
    path = kept(office)
    whole = json.loads(path.read_text(encoding="utf-8"))
    (line,) = [one for one in whole["proposal"]["lines"] if one["fund"] == "dibao"]
    gap = next(step for step in line["steps"] if step["name"] == "accepted-gap")
    gap["amount_fen"] += 100_00
    gap["exact_fen"] = str(Fraction(gap["exact_fen"]) + 100_00)
    line["proposed_fen"] += 100_00
    whole["sha256"] = digest(whole["version"], whole["proposal"])
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")

    assert "FL566" in refused(office, path)


def test_a_line_that_waits_is_refused_until_it_has_its_figure(office: Terminal) -> None:
    """Nobody declared dibao: it has neither a declared nor a proposed figure."""
    said = refused(office, kept(office, need_fen=None))

    assert "FL578" in said
    assert "CASC:Dibao" in said


def test_a_proposal_of_another_year_or_without_the_fund_is_refused(office: Terminal) -> None:
    path = kept(office)
    for fund, year in (("dibao", "2028"), ("charity", "2027")):
        words = ("budget", "stage", fund, year, "declared", "--date", "2026-09-01", *DOCUMENT)
        result = office.run(*words, "--by", "S10", "--from", str(path))
        assert (result.exit_code, "FL578" in result.stderr) == (1, True), result.output


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (staged("declared", "2026-09-01"), "FL922"),
        (staged("declared", "2026-09-01", "--unchanged"), "FL582"),
        (staged("controlled", "2026-09-01", "--unchanged"), "FL582"),
        (staged("declared", "2026-09-01", "--line", "CASC:Dibao=1", "--unchanged"), "FL947"),
        (
            staged("declared", "2026-09-01", "--line", "CASC:Dibao=1", "--line", "CASC:Dibao=2"),
            "FL579",
        ),
        (staged("declared", "2026-09-01", "--line", "CASC:Dibao=1", "--maker", "S03"), "FL947"),
        (
            staged("approved", "2026-09-01", "--line", "CASC:Dibao=1", *DOCUMENT, "--by", "S08"),
            "FL922",
        ),
        (staged("adopted", "2026-09-01", "--line", "CASC:Dibao=1"), "FL923"),
    ],
)
def test_a_call_that_lacks_something_says_what(
    office: Terminal, call: tuple[str, ...], code: str
) -> None:
    result = office.run(*call)

    assert (result.exit_code, code in result.stderr) == (2, True), result.output


def test_a_fund_without_stages_says_so(office: Terminal) -> None:
    assert "没有登记任何阶段" in office.done("budget", "stages", "dibao")
    assert office.json("budget", "stages", "dibao")["lines"] == []
