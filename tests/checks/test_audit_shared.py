"""An audit that shares its work with a second process finds what one process finds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from fundledger.ledger import drafts
from support.offices import DIBAO, draft, fund_at, granted

SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from support.offices import fund_at
from fundledger.checks import audit
audit.SHARED_BYTES = int(sys.argv[2])
found = fund_at(Path(sys.argv[1])).check(date(2026, 3, 31))
print(found.records, found.vouchers, found.head, [str(f.as_json()) for f in found.findings])
"""


def _soundly(folder: Path) -> None:
    assert folder.is_dir()


def _book_changed(folder: Path) -> None:
    book = folder / "2026" / "03.beancount"
    book.write_bytes(book.read_bytes().replace(b"500.00", b"900.00", 1))


def _journal_changed(folder: Path) -> None:
    segment = next((folder / "journal").iterdir())
    segment.write_bytes(segment.read_bytes().replace(b"50000,", b"50001,", 1))


def _journal_torn(folder: Path) -> None:
    segment = next((folder / "journal").iterdir())
    segment.write_bytes(segment.read_bytes()[:-20])


def _journal_nonsense(folder: Path) -> None:
    segment = next((folder / "journal").iterdir())
    lines = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join([lines[0], b"nonsense\n", *lines[1:]]))


@pytest.mark.parametrize(
    "change", [_soundly, _book_changed, _journal_changed, _journal_torn, _journal_nonsense]
)
def test_two_processes_find_what_one_finds(tmp_path: Path, change: Callable[[Path], None]) -> None:
    """The same findings, in the same order, with the same figures, whether shared or not."""
    fund = fund_at(tmp_path)
    granted(fund)
    spent = draft(drafts.expense(2026, DIBAO, 500_00), date(2026, 3, 5), "expense")
    fund.record(spent)
    fund.record(
        draft(drafts.expense(2026, DIBAO, 700_00), date(2026, 3, 6), "expense", narration="3月会议")
    )
    change(tmp_path / "dibao")

    answers = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path), shared],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for shared in ("0", "1000000000")
    ]

    assert answers[0] == answers[1]
    assert answers[0].strip()
    assert ("FL60" in answers[0]) is (change is not _soundly)
