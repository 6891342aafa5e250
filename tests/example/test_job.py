"""The main job: it reads the office, writes workbooks beside it, and says what it found."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from python_calamine import CalamineWorkbook

from fundledger.example.job import not_before
from fundledger.example.mistakes import build_mistakes
from fundledger.ledger.surroundings import SHANGHAI

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30
PROPOSAL = "2027年度社会救助资金预算建议.xlsx"


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "-m", "fundledger.example", *arguments]
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert "Traceback" not in done.stderr
    return done


def tree(folder: Path) -> dict[Path, bytes]:
    """The files under rules and ledgers, without what is derived."""
    return {
        path: path.read_bytes()
        for name in ("rules", "ledgers")
        for path in (folder / name).rglob("*")
        if path.is_file() and ".state" not in path.parts
    }


class Told(NamedTuple):
    """What the job says in each language, where its workbooks are, and how it went."""

    folder: Path
    said: dict[str, str]
    seconds: float
    left_alone: bool


@pytest.fixture(scope="module")
def told(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Run the job in each language, from elsewhere; its workbooks are in `first` and `second`."""
    folder = tmp_path_factory.mktemp("job")
    before, started = tree(example), time.monotonic()
    said = {}
    for language, name in (("zh", "first"), ("en", "second")):
        command = "-C", str(example), "--lang", language, "run", "--out", str(folder / name)
        done = run(*command, cwd=folder)
        assert done.returncode == 0
        said[language] = done.stdout
    seconds = (time.monotonic() - started) / 2
    return Told(folder, said, seconds, tree(example) == before)


def test_on_a_machine_whose_clock_is_behind_it_is_the_last_day_of_the_example() -> None:
    day, early, late = (datetime(2026, month, 31, 8, tzinfo=SHANGHAI) for month in (10, 8, 12))

    assert not_before(day.date(), lambda: early)().date() == day.date()
    assert not_before(day.date(), lambda: late)() == late


def test_it_runs_from_anywhere_and_leaves_rules_and_ledgers_alone(told: Told) -> None:
    out = told.folder / "first"

    assert told.left_alone
    assert told.seconds < SECONDS
    assert len(list((out / "statements").iterdir())) == 16
    assert len(list((out / "reconciliations").glob("*.xlsx"))) == 16
    sheets = CalamineWorkbook.from_path(str(out / PROPOSAL)).sheet_names
    assert "说明" in sheets


def test_without_more_words_it_works_on_the_office_here_and_speaks_both(spare: Path) -> None:
    done = run("run", cwd=spare)

    assert done.returncode == 0
    assert (spare / "out" / PROPOSAL).is_file()
    assert "账簿检查无异常。  The books hold: nothing was found." in done.stdout
    total = next(line for line in done.stdout.splitlines() if line.startswith("合计 total"))
    assert total.endswith("0.00")


@pytest.mark.parametrize(
    ("language", "said", "unsaid"),
    [("zh", "账簿检查无异常。", "The books hold"), ("en", "The books hold", "账簿")],
)
def test_it_speaks_the_language_that_is_asked_for(
    told: Told, language: str, said: str, unsaid: str
) -> None:
    assert said in told.said[language]
    assert unsaid not in told.said[language]


def test_what_the_bank_has_and_the_book_has_not_is_named(told: Told) -> None:
    assert "FL861 error  [emergency]" in told.said["en"]
    assert "FL862 warning  [low-income]" in told.said["en"]


def test_how_people_were_paid_stands_in_one_table_with_what_is_open(told: Told) -> None:
    rows = {line.split()[0]: line.split()[-9:] for line in told.said["en"].splitlines() if line}

    assert "FL875 warning  [dibao]" in told.said["en"]
    for language, fund, said in (
        ("en", "dibao", "Open: dibao B2026-10-001, unknown: 1, 1,049.90 yuan."),
        ("en", "tekun", "Open: tekun B2026-09-001, returned: 1, 2,075.00 yuan."),
        ("zh", "dibao", "未了：dibao B2026-10-001 结果不明 1笔 1,049.90 元。"),
        ("zh", "tekun", "未了：tekun B2026-09-001 退汇 1笔 2,075.00 元。"),
    ):
        assert f"  {said}\n" in told.said[language], fund
    assert rows["dibao"] == ["27", "1,272", "1,269", "1,635,809.10", "5", "3", "6", "2", "1"]
    assert rows["children"] == ["23", "506", "506", "933,560.00", "0", "1", "1", "0", "0"]
    assert rows["total"] == ["99", "3,078", "3,073", "4,887,004.10", "9", "7", "12", "2", "2"]


def test_the_same_office_gives_the_same_workbooks(told: Told) -> None:
    folder = told.folder
    first, second = (
        {p.relative_to(folder / name): p.read_bytes() for p in (folder / name).rglob("*.*")}
        for name in ("first", "second")
    )

    assert len(first) == 33
    assert first == second


def test_books_with_errors_end_in_one(spare: Path) -> None:
    build_mistakes(spare, 1)
    done = run("--lang", "en", "run", cwd=spare)

    assert done.returncode == 1
    assert "FL602" in done.stdout + done.stderr


def test_where_there_is_no_office_it_says_so_and_ends_in_two(tmp_path: Path) -> None:
    done = run("run", cwd=tmp_path)
    assert (done.returncode, done.stderr[:5]) == (2, "FL912")

    (tmp_path / "rules").mkdir()
    done = run("run", cwd=tmp_path)
    assert (done.returncode, done.stderr[:5]) == (2, "FL951")
    assert list(tmp_path.rglob("*.xlsx")) == []


def test_the_other_commands_do_what_they_say(spare: Path, tmp_path: Path) -> None:
    out = tmp_path / "bank"
    done = run("statements", str(spare), str(out), cwd=tmp_path)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == len(list(out.iterdir())) == 16

    done = run("mistakes", str(spare), "--seed", "2", cwd=tmp_path)
    assert done.returncode == 0
    assert "FL201 FL504  dibao 2026-10-" in done.stdout
