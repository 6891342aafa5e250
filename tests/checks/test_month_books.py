"""The books of months: whatever differs from the journal is seen, wherever it stands."""

from __future__ import annotations

import hashlib
import tempfile
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.checks.month_books import MonthBooks
from fundledger.ledger.disk import RealDisk
from fundledger.ledger.text import month_header

VOUCHERS = [
    f'2026-03-{1 + number // 500:02d} * "{number}"\n{"x" * 300}\n' for number in range(3000)
]
HEADER = month_header("dibao", "2026-03")
TEXT = (HEADER + "".join(VOUCHERS)).encode()
NAME = "2026/03.beancount"


def compared(content: bytes, vouchers: int) -> MonthBooks:
    """Hold the first vouchers against a file with this content."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "2026").mkdir()
        (root / NAME).write_bytes(content)
        disk = RealDisk(root)
        faces = MonthBooks(disk, "dibao", {NAME: len(content)})
        for text in VOUCHERS[:vouchers]:
            faces.add(text)
        written = (HEADER + "".join(VOUCHERS[:vouchers])).encode()
        assert faces.sha256("2026-03") == hashlib.sha256(written).hexdigest()
        disk.close()
    return faces


def test_a_file_that_is_what_the_journal_says_is_not_told_of() -> None:
    assert len(TEXT) > 3 * (1 << 18)
    assert list(compared(TEXT, len(VOUCHERS)).wrong()) == []
    assert NAME in compared(TEXT, 1)
    assert "2026/04.beancount" not in compared(TEXT, 1)


def test_a_book_of_a_month_that_is_not_there_is_missing(tmp_path: Path) -> None:
    disk = RealDisk(tmp_path)
    faces = MonthBooks(disk, "dibao", {})
    faces.add(VOUCHERS[0])
    assert list(faces.wrong()) == [(NAME, "missing")]
    assert faces.sha256("2026-04") == ""
    disk.close()


@settings(max_examples=40)
@given(share=st.fractions(0, 1), vouchers=st.integers(1, len(VOUCHERS)))
def test_one_changed_byte_is_seen_wherever_it_stands(share: Fraction, vouchers: int) -> None:
    """The file has just those vouchers, so that nothing but the byte tells it from the journal."""
    text = (HEADER + "".join(VOUCHERS[:vouchers])).encode()
    at = int(share * (len(text) - 1))
    changed = text[:at] + b"#" + text[at + 1 :]
    assert text[at : at + 1] != b"#"
    assert list(compared(text, vouchers).wrong()) == []
    assert list(compared(changed, vouchers).wrong()) == [(NAME, "differs")]


@settings(max_examples=20)
@given(end=st.integers(0, len(TEXT) - 1))
def test_a_file_that_ends_too_soon_or_too_late_is_seen(end: int) -> None:
    assert list(compared(TEXT[:end], len(VOUCHERS)).wrong()) == [(NAME, "differs")]
    assert list(compared(TEXT + TEXT[:end] + b"\n", len(VOUCHERS)).wrong()) == [(NAME, "differs")]
