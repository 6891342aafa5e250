"""Many processes that record into one fund at once, some of them killed and started again.

python -m support.writers ROOT WRITERS EACH KILLS prints, as JSON, the seconds that it took and all
acknowledgements in the order in which each writer got them.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from support.explore import environment
from support.offices import DIBAO, charter, draft

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What one writer was told: its key, and where the record stands."""

    key: str
    sequence: int
    ref: str
    seconds: float


def fund_of_writers(root: Path) -> Fund:
    """Return the fund that the writers share, opened anew."""
    return open_fund(root, charter(), Surroundings(lambda: NOW, lock_timeout_seconds=60.0))


def amount_fen(writer: int, number: int) -> int:
    """Return what a writer's record spends, so that a lost or doubled one shows in the sum."""
    return 1_00 + writer * 1_000 + number


def write(root: Path, writer: int, each: int, log: Path) -> None:
    """Record what this writer has not been acknowledged yet, one after the other."""
    fund = fund_of_writers(root)
    done = len(acknowledged(log))
    with log.open("ab", buffering=0) as file:
        for number in range(done, each):
            day = date(2026, 3 + number % 8, 1 + writer)
            one = draft(drafts.expense(2026, DIBAO, amount_fen(writer, number)), day, "expense")
            start = time.perf_counter()
            receipt = fund.record(one, key=f"{writer}-{number}")
            told = [receipt.key, receipt.sequence, receipt.refs[0], time.perf_counter() - start]
            file.write(json.dumps(told).encode() + b"\n")


def acknowledged(log: Path) -> list[Acknowledged]:
    """Return what a writer's log says, but for a last line that was never finished."""
    lines = log.read_bytes().splitlines(keepends=True) if log.exists() else []
    whole = [line for line in lines if line.endswith(b"\n")]
    if lines != whole:
        log.write_bytes(b"".join(whole))
    return [Acknowledged(*json.loads(line)) for line in whole]


def started_writer(root: Path, writer: int, each: int) -> int:
    """Start a writer in a process of its own; return its id."""
    child = os.fork()
    if child == 0:
        try:
            write(root, writer, each, root.parent / f"{writer}.log")
        except BaseException as error:  # noqa: BLE001 - the parent is told
            os.write(2, f"writer {writer}: {error!r}\n".encode())
            os._exit(1)
        os._exit(0)
    return child


def main(root: Path, writers: int, each: int, kills: int) -> None:
    """Run all writers to their end; kill some on the way and start them again."""
    draw = random.Random(writers * each)  # noqa: S311 - to repeat, not to surprise
    start = time.perf_counter()
    running = {started_writer(root, writer, each): writer for writer in range(writers)}
    while running:
        if kills:
            time.sleep(draw.uniform(0.01, 0.15))
            victim = draw.choice(sorted(running))
            os.kill(victim, signal.SIGKILL)
            kills -= 1
        child, status = os.wait()
        writer = running.pop(child)
        code = os.waitstatus_to_exitcode(status)
        if code == -signal.SIGKILL:
            running[started_writer(root, writer, each)] = writer
        elif code:
            sys.exit(f"writer {writer} ended with {code}")
    seconds = time.perf_counter() - start
    logs = [acknowledged(root.parent / f"{writer}.log") for writer in range(writers)]
    told = [[[a.key, a.sequence, a.ref, a.seconds] for a in log] for log in logs]
    json.dump([seconds, told], sys.stdout)


def run_writers(
    root: Path, writers: int, each: int, kills: int = 0
) -> tuple[float, list[list[Acknowledged]]]:
    """Let processes of their own do it; return the seconds, and what each writer was told."""
    command = [sys.executable, "-m", "support.writers", str(root)]
    command += [str(number) for number in (writers, each, kills)]
    done = subprocess.run(command, env=environment(), check=True, stdout=subprocess.PIPE)
    seconds, told = json.loads(done.stdout)
    return seconds, [[Acknowledged(*one) for one in log] for log in told]


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(argument) for argument in sys.argv[2:5]))
