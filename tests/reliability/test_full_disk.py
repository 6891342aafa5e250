"""A disk that is really full: no false acknowledgement, and a retry mends what was left."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from support.acts import ACTS, lay_out, run_of
from support.crashes import books_in, what
from support.explore import environment


@pytest.mark.parametrize("name", ["expense", "several"])
def test_a_file_that_may_grow_no_more_never_holds_half_a_record(name: str, tmp_path: Path) -> None:
    run = run_of(name)
    act = ACTS[name]
    before = tmp_path / "before"
    lay_out(name, before)
    (segment,) = (before / "journal").iterdir()
    size = segment.stat().st_size
    line = len(run.after.journal[max(run.after.journal)]) - size
    done = str(run.receipt.sequence)
    for limit, told in (
        (64, "FL908"),
        (size // 2, "FL908"),
        (size, "FL905"),
        (size + 1, "FL905"),
        (size + line // 2, "FL905"),
        (size + line - 1, "FL905"),
        (size + line, done),
    ):
        root = tmp_path / str(limit)
        shutil.copytree(before, root)
        command = [sys.executable, "-m", "support.act", name, str(root), str(limit)]
        result = subprocess.run(command, env=environment(), capture_output=True, check=False)
        assert (result.returncode, result.stdout.decode().strip()) == (0, told), result.stderr
        again = act.in_folder(root)
        assert what(again) == what(run.receipt)
        assert again.again == (limit >= size + line - 1)  # all but the line's end is the record
        assert books_in(root) == run.after.books


_FILL = """
import sys, json
from pathlib import Path
from support.offices import fund_at, granted, draft, DIBAO
from fundledger.errors import FundledgerError
from fundledger.ledger import drafts
import subprocess

folder = Path(sys.argv[1])
fund = fund_at(folder)
granted(fund)
told = []
for number in range(100_000):
    one = draft(drafts.expense(2026, DIBAO, 100 + number), event="expense")
    key = f"E{number}"
    try:
        told.append([key, fund.record(one, key=key).sequence])
    except FundledgerError as error:
        codes = error.codes
        break
fund.close_files()
subprocess.run(["mount", "-o", "remount,size=16m", str(folder)], check=True)
fund = fund_at(folder)
receipt = fund.record(one, key=key)
more = fund.record(one, key="more")
keys = [record.key for record in fund.records()]
audit = [finding.code for finding in fund.check().findings if finding.code.startswith("FL6")]
json.dump([codes, told, keys, receipt.sequence, more.sequence, audit], sys.stdout)
"""


_LEAVE = """
import sys, json, resource
from pathlib import Path
from support.offices import fund_at, granted, draft, DIBAO
from fundledger.errors import FundledgerError
from fundledger.ledger import drafts

PAGE = resource.getpagesize()
folder, ballast = Path(sys.argv[1]), Path(sys.argv[1], "ballast")
long = [draft(drafts.expense(2026, DIBAO, 1 + n), event="expense") for n in range(20)]
told = []
fund = fund_at(folder)
granted(fund)

def attempt(key):
    try:
        receipt = fund.record(long, key=key)
    except FundledgerError as error:
        return list(error.codes)
    return [receipt.sequence, receipt.again]

for pages in range(16):
    fund = fund_at(folder)
    fund.examine(long)
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(PAGE))
        except OSError:
            file.truncate(max(file.tell() - pages * PAGE, 0))
    first = attempt(f"L{pages}")
    same = attempt(f"L{pages}")
    fund.close_files()
    fund = fund_at(folder)
    full = attempt(f"L{pages}")
    ballast.unlink()
    fund.close_files()
    fund = fund_at(folder)
    told.append([first, same, full, attempt(f"L{pages}")])
keys = [record.key for record in fund.records()]
audit = [finding.code for finding in fund.check().findings if finding.code.startswith("FL6")]
json.dump([told, keys, audit], sys.stdout)
"""


def _mounted(size: int, folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script on a file system of its own, of so many KiB, which is mounted on a folder."""
    mount = f'mount -t tmpfs -o size={size}k tmpfs "$1" && exec "$2" -c "$3" "$1"'
    command = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    command += ["sh", "-c", mount, "sh", str(folder), sys.executable, script]
    return subprocess.run(command, env=environment(), capture_output=True, check=False, text=True)


def _may_mount() -> bool:
    """Return whether a file system can be mounted here, by mounting one and making it larger."""
    if shutil.which("unshare") is None:
        return False
    grown = (
        'import subprocess, sys; subprocess.run(["mount", "-o", "remount,size=1m", sys.argv[1]])'
    )
    with tempfile.TemporaryDirectory() as folder:
        return _mounted(64, Path(folder), f"{grown}.check_returncode()").returncode == 0


# Where none can be mounted only `make soak` asks for these, and they fail.
MOUNTS = _may_mount()
NEEDED = "a file system must be mounted here: be root, or be allowed user namespaces"
SIZES = range(200, 1_000, 36)


def _hold_full(size: int, folder: Path) -> None:
    """Fill a file system; hold what is there, and what comes when there is room, to the promise."""
    assert MOUNTS, NEEDED
    done = _mounted(size, folder, _FILL)
    assert done.returncode == 0, done.stderr
    codes, told, keys, retried, more, audit = json.loads(done.stdout)
    assert codes
    assert set(codes) <= {"FL905", "FL908"}
    assert [key for key, _ in told] == [f"E{number}" for number in range(len(told))]
    assert keys[2:] == [*(key for key, _ in told), f"E{len(told)}", "more"]
    assert [retried, more] == [len(keys) - 1, len(keys)]
    assert audit == []


@pytest.mark.parametrize(
    "size", [pytest.param(size, marks=[] if MOUNTS else pytest.mark.soak) for size in SIZES[::6]]
)
def test_a_disk_that_is_really_full_loses_nothing_and_goes_on_when_there_is_room(
    size: int, tmp_path: Path
) -> None:
    _hold_full(size, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("size", SIZES)
def test_a_file_system_that_is_full_at_any_size_loses_nothing(size: int, tmp_path: Path) -> None:
    _hold_full(size, tmp_path)


@pytest.mark.parametrize("size", [pytest.param(4_000, marks=[] if MOUNTS else pytest.mark.soak)])
def test_a_line_that_does_not_fit_on_the_disk_is_there_once_when_there_is_room(
    size: int, tmp_path: Path
) -> None:
    """With so many pages left, from none to more than enough; one process tries after another."""
    assert MOUNTS, NEEDED
    done = _mounted(size, tmp_path, _LEAVE)
    assert done.returncode == 0, done.stderr
    told, keys, audit = json.loads(done.stdout)
    for sequence, (first, same_process, next_process, with_room) in enumerate(told, 3):
        acknowledged = [sequence, False]
        assert first in (["FL905"], acknowledged)
        assert same_process in (["FL907"] if first == ["FL905"] else ["FL908"], [sequence, True])
        assert next_process in (["FL908"], [sequence, True])
        assert with_room in ([sequence, True], acknowledged)
        assert with_room[1] or first != acknowledged
    assert told[0][::3] == [["FL905"], [3, False]]  # the line did not fit
    assert told[3][2:] == [["FL908"], [6, True]]  # the line did, and nothing that rests on it
    assert told[-1][0] == [18, False]
    assert keys[2:] == [f"L{pages}" for pages in range(16)]
    assert audit == []
