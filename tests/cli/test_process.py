"""The program as a process: exit codes, closed pipes, terminals that are asked."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from support.screen import on_a_terminal
from support.terminals import SIGNED, Terminal

YESTERDAY = (date.today() - timedelta(days=1)).isoformat()  # noqa: DTZ011 - the wall clock
GIFT = (
    *("record", "dibao", "donation", "--amount", "5.00", "--date", YESTERDAY),
    *("--narration", "捐赠", "--attachments", "1", *SIGNED, "--cashier", "S06"),
)


def _command(root: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "fundledger", "-C", str(root), *arguments]


def _run(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(root, *arguments),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "LANG": "C.UTF-8", **environment},
    )


def _on_a_terminal(root: Path, answer: str, *arguments: str, **environment: str) -> tuple[int, str]:
    """Return the exit code and the screen of a call on a terminal where `answer` is typed."""
    return on_a_terminal(_command(root, *arguments), answer, **environment)


def test_a_voucher_is_recorded_and_read_back(empty: Terminal) -> None:
    assert _run(empty.root, *GIFT).returncode == 0
    assert _run(empty.root, "check").returncode == 0
    read = _run(empty.root, "balance", "dibao")
    assert "5.00" in read.stdout
    assert "\x1b" not in read.stdout


def test_exit_codes_tell_clean_found_and_misused(empty: Terminal) -> None:
    said = ("--amount", "1.00", "--date", YESTERDAY, "--by", "S01")
    _run(empty.root, *GIFT)

    assert _run(empty.root, "assert", "dibao", *said).returncode == 0
    assert _run(empty.root, "check").returncode == 1
    assert _run(empty.root, "check", "nosuch").returncode == 2
    assert _run(empty.root, "--help").returncode == 0


def test_the_language_follows_the_environment(empty: Terminal) -> None:
    assert "Usage" in _run(empty.root, "--help", LANG="en_US.UTF-8", LC_ALL="").stdout
    assert "用法" in _run(empty.root, "--help", FUNDLEDGER_LANG="zh", LANG="en_US").stdout


def test_a_screen_that_knows_no_chinese_gets_no_traceback(empty: Terminal) -> None:
    ended = _run(empty.root, "status", PYTHONIOENCODING="latin-1", FUNDLEDGER_LANG="zh")

    assert ended.returncode == 0
    assert "\\u" in ended.stdout


def test_a_reader_that_leaves_early_is_no_error(empty: Terminal) -> None:
    call = " ".join(f"'{word}'" for word in _command(empty.root, "explain"))

    ended = subprocess.run(
        ["sh", "-c", f"{call} | head -1"],  # noqa: S607 - any shell
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )

    assert ended.stderr == ""
    assert ended.stdout.count("\n") == 1


@pytest.mark.parametrize(("answer", "code", "recorded"), [("y\n", 0, "5.00"), ("n\n", 1, "0.00")])
def test_a_terminal_is_asked_before_anything_is_recorded(
    empty: Terminal, answer: str, code: int, recorded: str
) -> None:
    ended, screen = _on_a_terminal(empty.root, answer, *GIFT, FUNDLEDGER_LANG="zh")

    assert ended == code, screen
    assert "确认记账" in screen
    assert "记 账 凭 证" in screen
    assert f" {recorded} " in _run(empty.root, "status", "dibao").stdout


def test_who_signs_is_asked_about_the_signature(kept: Path, tmp_path: Path) -> None:
    shutil.copytree(kept, tmp_path / "office")
    statement = tmp_path / "3月.csv"
    lines = (
        "账号,3100000000000000101",
        "交易日期,摘要,发生额,余额",
        "2026-03-02,拨款,120000.00,120000.00",
        "2026-03-11,代发,-30000.00,90000.00",
        "2026-03-21,手续费,-12.50,89987.50",
    )
    statement.write_text("\n".join(lines), encoding="utf-8")
    call = ("reconcile", "dibao", "--statement", str(statement), "--sign", "--by", "S01")

    ended, screen = _on_a_terminal(tmp_path / "office", "n\n", *call, FUNDLEDGER_LANG="zh")

    assert ended == 1
    assert "确认签字？" in screen
    assert "确认记账" not in screen


def test_warnings_and_balances_stand_before_the_question(kept: Path, tmp_path: Path) -> None:
    shutil.copytree(kept, tmp_path / "office")
    said = (
        "--date",
        "2026-03-25",
        "--narration",
        "办公用品",
        "--attachments",
        "1",
        *SIGNED,
        "--cashier",
        "S06",
    )
    call = ("record", "dibao", "expense", "--amount", "8.00", "--line", "CASC:Dibao", *said)

    ended, screen = _on_a_terminal(tmp_path / "office", "n\n", *call, FUNDLEDGER_LANG="zh")

    before, _, after = screen.partition("确认记账")
    assert ended == 1
    assert "FL204" in before
    assert "记账后余额" in before
    assert "69,992.00" in before
    assert "FL204" not in after


def test_what_was_shown_before_the_question_is_not_shown_again(empty: Terminal) -> None:
    _, screen = _on_a_terminal(empty.root, "y\n", *GIFT, FUNDLEDGER_LANG="zh")

    assert screen.count("记 账 凭 证") == 1
    assert "已记账" in screen


def _goes_to(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:  # it was closed meanwhile
        return ""


def _until_it_waits(waiting: subprocess.Popen[bytes]) -> None:
    """Return once a process has opened the lock of a fund, however long it takes to start."""
    opened = Path(f"/proc/{waiting.pid}/fd")
    if not opened.is_dir():  # a system that does not show what a process has open
        time.sleep(3)
        return
    while waiting.poll() is None:
        if any(_goes_to(path).endswith("/lock") for path in opened.iterdir()):
            return
        time.sleep(0.02)
    pytest.fail("it ended before it waited for the lock")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let what is started here be interrupted, also where a shell put these tests aside (`&`)."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def test_control_c_ends_with_a_sentence(empty: Terminal) -> None:
    """Another process holds the fund's lock, so that the act waits until it is interrupted."""
    _run(empty.root, *GIFT)
    lock_path = empty.root / "ledgers" / "dibao" / ".state" / "lock"
    with lock_path.open("rb") as lock, _interruptible():
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = subprocess.Popen(
            _command(empty.root, *GIFT, "--key", "HZ-9"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "FUNDLEDGER_LANG": "zh"},
        )
        _until_it_waits(waiting)
        waiting.send_signal(signal.SIGINT)
        _, said = waiting.communicate(timeout=120)

    assert waiting.returncode == 130, said.decode()
    assert said.decode().lstrip().startswith("FL945 错误：操作已被中断。")
    assert "--key HZ-9" in said.decode()
    assert "Traceback" not in said.decode()


def test_a_terminal_is_told_of_changed_rules_before_it_is_asked(empty: Terminal) -> None:
    _run(empty.root, *GIFT)
    path = empty.root / "rules" / "controls.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"50000.00"', '"80000.00"', 1), encoding="utf-8")

    _, screen = _on_a_terminal(empty.root, "n\n", *GIFT, FUNDLEDGER_LANG="zh")

    assert "审批限额由 50,000.00 改为 80,000.00" in screen.partition("确认记账")[0]


def test_a_terminal_is_not_asked_with_yes(empty: Terminal) -> None:
    ended, screen = _on_a_terminal(empty.root, "", *GIFT, "--yes", FUNDLEDGER_LANG="zh")

    assert ended == 0
    assert "确认记账" not in screen


@pytest.mark.parametrize(("quiet", "coloured"), [("", True), ("1", False)])
def test_colour_is_for_terminals_that_want_it(empty: Terminal, quiet: str, coloured: bool) -> None:  # noqa: FBT001 - a case
    _, screen = _on_a_terminal(empty.root, "", "status", "nosuch", NO_COLOR=quiet)

    assert ("\x1b[" in screen) is coloured


def test_a_folder_where_the_index_should_be_is_told_in_a_sentence(empty: Terminal) -> None:
    state = empty.root / "ledgers" / "dibao" / ".state"
    (state / "index.sqlite").mkdir(parents=True)

    ended = _run(empty.root, *GIFT)

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("FL603")
