"""A disk that is really full: no false acknowledgement, and a retry mends what was left."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.crashes import SPRING, books_in, healthy_runs, what
from support.explore import environment

ACTS = {act.name: act for act in SPRING}


@pytest.mark.parametrize("name", ["expense", "several"])
def test_a_file_that_may_grow_no_more_never_holds_half_a_record(name: str, tmp_path: Path) -> None:
    run = healthy_runs()[name]
    act = ACTS[name]
    before = tmp_path / "before"
    for earlier in itertools.takewhile(lambda earlier: earlier is not act, SPRING):
        earlier.in_folder(before)
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


@pytest.mark.soak
@pytest.mark.parametrize("size", range(200, 1_000, 36))
def test_a_full_file_system_loses_nothing_and_goes_on_when_there_is_room(
    size: int, tmp_path: Path
) -> None:
    mounted = f'mount -t tmpfs -o size={size}k tmpfs "$1" && exec "$2" -c "$3" "$1"'
    command = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    command += ["sh", "-c", mounted, "sh", str(tmp_path), sys.executable, _FILL]
    done = subprocess.run(command, env=environment(), capture_output=True, check=False, text=True)
    assert done.returncode == 0, f"this test mounts a file system of its own: {done.stderr}"
    codes, told, keys, retried, more, audit = json.loads(done.stdout)
    assert set(codes) <= {"FL905", "FL908"}
    assert [key for key, _ in told] == [f"E{number}" for number in range(len(told))]
    assert keys[2:] == [*(key for key, _ in told), f"E{len(told)}", "more"]
    assert [retried, more] == [len(keys) - 1, len(keys)]
    assert audit == []
