"""On a real terminal of eighty columns no table runs over, and what has no room is named."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import sys
import termios

import pytest

from fundledger.report.table import width
from support.terminals import Terminal

TABLES = (
    ("status",),
    ("balance", "dibao", "--budget"),
    ("ledger", "dibao", "1002"),
    ("journal", "dibao"),
    ("accounts", "dibao"),
    ("staff",),
    ("budget", "status", "dibao"),
    ("budget", "outturn", "2026"),
    ("budget", "status"),
    ("budget", "lots", "dibao"),
    ("budget", "propose", "2027"),
)


@pytest.mark.parametrize("call", TABLES, ids=" ".join)
def test_tables_keep_within_eighty_columns(office: Terminal, call: tuple[str, ...]) -> None:
    lines = shown(office, call, 80)

    rules = [line for line in lines if line.startswith("---")]
    assert rules
    assert all(len(line) <= 80 for line in rules)
    assert [line for line in lines if "  " in line.strip() and width(line) > 80] == []


def test_what_a_narrow_screen_leaves_out_is_named(office: Terminal) -> None:
    call = ("budget", "status", "dibao", "--as-of", "2026-03-31")
    narrow = shown(office, call, 80)

    said = narrow.index("屏幕较窄，未列：名称、已占用、可用、未分配、往年同期。")
    assert narrow[said - 1].startswith("合计  ")
    assert "屏幕较窄" not in "".join(shown(office, call, 140))


def test_what_funds_ask_for_stands_on_the_narrowest_screen(office: Terminal) -> None:
    """Need, carry-over, other sources and request say how it comes about; the rest may go."""
    other = '\n[[other_source]]\nfund = "dibao"\nyear = 2027\namount = "7000000.00"\n'
    with (office.root / "rules" / "budget.toml").open("a", encoding="utf-8") as rules:
        rules.write(f'{other}source = "City"\ndocument = "例财〔2026〕40号"\n')

    lines = shown(office, ("budget", "propose", "2027"), 60)

    (head,) = [line for line in lines if "需求合计" in line]
    assert head.split() == ["资金", "名称", "需求合计", "可用结转", "其他来源", "申请拨款"]
    assert "屏幕较窄，未列：预备金、暂缺项。" in lines


def shown(office: Terminal, call: tuple[str, ...], columns: int) -> list[str]:
    """Return what a call prints on a terminal of so many columns."""
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a slow machine shows progress
        arguments = (sys.executable, "-m", "fundledger", "-C", str(office.root), *call)
        os.execve(sys.executable, arguments, {**os.environ, "NO_COLOR": "1"})  # noqa: S606 - it is ours
    printed = b""
    try:
        while more := os.read(terminal, 65_536):
            printed += more
    except OSError:  # Linux says so where the other side has ended
        pass
    os.close(terminal)
    os.waitpid(child, 0)
    return printed.decode().replace("\r\n", "\n").rstrip("\n").split("\n")
