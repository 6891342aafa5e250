"""Standard output that takes no more: what is recorded stays acknowledged, reads end plainly."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from support.terminals import Terminal

GIFT = (
    "record dibao donation --amount 5.00 --date 2026-03-25 --narration gift --attachments 1"
    " --maker S03 --reviewer S01 --cashier S06 --key HZ-7"
)
# Where standard output goes; the exit code of the program is written down before the shell ends.
GONE = (">/dev/full", ">&-", "| head -c 0")
READS = (
    "check",
    "check --format json",
    "journal dibao",
    "explain",
    "--help",
    "status nosuch --format json",
)


def _ended(office: Terminal, call: str, where: str, lang: str = "zh") -> tuple[int, str]:
    """Return the exit code of a call whose output goes there, and its standard error."""
    program = [sys.executable, "-m", "fundledger", "-C", str(office.root), "--lang", lang]
    code = office.root / "code"
    typed = f"{{ {shlex.join(program)} {call}; echo $? >{shlex.quote(str(code))}; }} {where}"
    if where.startswith(">"):
        typed = f"{shlex.join(program)} {call} {where}; echo $? >{shlex.quote(str(code))}"
    ended = subprocess.run(
        ["sh", "-c", typed],  # noqa: S607 - any shell
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    found = int(code.read_text(encoding="utf-8"))
    code.unlink()
    return found, ended.stderr


@pytest.mark.parametrize("where", GONE)
def test_what_is_recorded_stays_acknowledged_though_it_cannot_be_shown(
    office: Terminal, where: str
) -> None:
    code, said = _ended(office, GIFT, where)

    assert code == 0
    assert said.startswith("FL953 警告：已记账，但结果未能显示")
    assert "HZ-7" in said
    assert "Traceback" not in said
    assert office.json("journal", "dibao", "--records")["records"][-1]["key"] == "HZ-7"


def test_it_is_told_in_english_too(office: Terminal) -> None:
    _, said = _ended(office, GIFT, ">/dev/full", "en")

    assert "It is recorded, but could not be shown" in said
    assert "journal dibao --records" in said


@pytest.mark.parametrize("where", [">/dev/full", ">&-"])
@pytest.mark.parametrize("call", READS)
def test_a_report_that_cannot_be_shown_is_told_in_a_sentence(
    office: Terminal, call: str, where: str
) -> None:
    code, said = _ended(office, call, where)

    assert code == 1
    assert said.startswith("FL954 错误：结果未能写到标准输出")
    assert "Traceback" not in said
    assert "Exception ignored" not in said


@pytest.mark.parametrize("call", READS[:5])
def test_a_reader_of_a_report_that_has_left_is_told_nothing(office: Terminal, call: str) -> None:
    code, said = _ended(office, call, "| sleep 0")

    assert (code, said) == (1, "")


def test_a_dry_run_that_cannot_be_shown_recorded_nothing(office: Terminal) -> None:
    code, said = _ended(office, f"{GIFT} -n", ">/dev/full")

    assert code == 1
    assert "未记录任何内容" in said
    assert len(office.json("journal", "dibao", "--records")["records"]) == 6


@pytest.mark.parametrize("closed", ["2>&-", "0<&-", "0<&- >&- 2>&-"])
def test_closed_streams_do_not_keep_an_act_from_being_recorded(
    office: Terminal, closed: str
) -> None:
    code, said = _ended(office, GIFT, f">/dev/null {closed}")

    assert (code, said) == (0, "")
    assert office.json("journal", "dibao", "--records")["records"][-1]["key"] == "HZ-7"
    assert Path(office.root / "ledgers" / "dibao" / "journal").is_dir()
    assert "FL60" not in office.run("check", "dibao").output


def test_no_file_of_a_fund_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    """Else what some library prints would end up in it."""
    code = (
        "import os\n"
        "from fundledger.cli.program import _hold_places\n"
        "os.closerange(0, 3)\n"
        "_hold_places()\n"
        f"handle = os.open({str(tmp_path / 'journal')!r}, os.O_CREAT | os.O_WRONLY)\n"
        "os._exit(handle)\n"
    )

    ended = subprocess.run([sys.executable, "-c", code], check=False)

    assert ended.returncode == 3
