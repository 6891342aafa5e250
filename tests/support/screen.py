"""The program at the hour of the tests, as a process that a person sits before.

python -m support.screen OFFICE LANGUAGE ARGUMENT… is what `on_a_terminal` runs.
"""

from __future__ import annotations

import os
import pty
import select
import sys
from pathlib import Path

from fundledger.cli import program
from fundledger.ledger.surroundings import Surroundings
from support.explore import environment
from support.offices import Clock, numbered_keys
from support.terminals import NOW

SECONDS = 60
END_OF_INPUT = "\x04"


def on_a_terminal(command: list[str], typed: str, **more: str) -> tuple[int, str]:
    """Return the exit code and the screen of a command at a terminal, where `typed` is the answer.

    It is typed when the question stands there, a line at a time, as a person does.
    """
    pid, screen = pty.fork()
    if pid == 0:
        os.execve(command[0], command, {**environment(), **more})  # noqa: S606 - a command of a test
    lines = typed.splitlines(keepends=True)
    shown = b""
    answered = 0
    while select.select([screen], [], [], SECONDS)[0]:
        try:
            part = os.read(screen, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
        if lines and shown.count(b"[y/N]") > answered:
            answered += 1
            os.write(screen, lines.pop(0).encode())
    os.close(screen)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), shown.decode().replace("\r\n", "\n")


def asked(root: Path, *arguments: str, typed: str, lang: str = "zh") -> tuple[int, str]:
    """Return the exit code and the screen of the program, called on an office by a person."""
    command = [sys.executable, "-m", "support.screen", str(root), lang, *arguments]
    return on_a_terminal(command, typed, NO_COLOR="1")


if __name__ == "__main__":
    here, language, *call = sys.argv[1:]
    program(Surroundings(Clock(NOW), numbered_keys("T")))(["-C", here, "--lang", language, *call])
