"""What a reader is told who cannot see all that there is: never a figure that is too small."""

from __future__ import annotations

import copy
import os
import pickle
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import fundledger
from fundledger.errors import FundledgerError, InputInvalid, JournalBroken, NotReadable
from fundledger.fund import Fund
from fundledger.ledger import drafts
from support.offices import draft, fund_at, granted

BANK = "Assets:Bank:Dedicated"
READINGS: tuple[Callable[[Fund], object], ...] = (
    lambda fund: fund.books(),
    lambda fund: list(fund.records()),
    lambda fund: list(fund.vouchers()),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the directory of a fund with two records, which nobody has open."""
    fund = fund_at(tmp_path)
    granted(fund)
    fund.record(draft(drafts.donation(5_00)))
    fund.close_files()
    return tmp_path / "dibao"


def _journal_gone(folder: Path) -> None:
    shutil.rmtree(folder / "journal")


def _journal_is_a_file(folder: Path) -> None:
    shutil.rmtree(folder / "journal")
    (folder / "journal").write_bytes(b"x")


def _segment_is_a_folder(folder: Path) -> None:
    (segment,) = (folder / "journal").iterdir()
    segment.unlink()
    segment.mkdir()


def _last_line_cut(folder: Path) -> None:
    (segment,) = (folder / "journal").iterdir()
    segment.write_bytes(b"".join(segment.read_bytes().splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize("read", READINGS)
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_journal_gone, "FL617"),
        (_journal_is_a_file, "FL617"),
        (_segment_is_a_folder, "FL617"),
        (_last_line_cut, "FL616"),
    ],
)
def test_a_journal_that_lacks_what_is_known_gives_no_figures(
    folder: Path, spoil: Callable[[Path], None], code: str, read: Callable[[Fund], object]
) -> None:
    spoil(folder)

    with pytest.raises((JournalBroken, InputInvalid)) as refusal:
        read(fund_at(folder.parent))

    assert refusal.value.codes == (code,)


def test_what_is_there_is_given_before_it_is_said_that_some_is_missing(folder: Path) -> None:
    whole = [record.sequence for record in fund_at(folder.parent).records()]
    _last_line_cut(folder)

    records = fund_at(folder.parent).records()

    assert [next(records).sequence for _ in whole[:-1]] == whole[:-1]
    with pytest.raises(JournalBroken):
        next(records)


def test_a_fund_that_has_no_record_yet_has_empty_books(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)

    assert [fund.books().balance(BANK), list(fund.vouchers())] == [0, []]


def test_a_loss_that_somebody_answered_for_is_no_more_in_the_way(folder: Path) -> None:
    _last_line_cut(folder)
    fund = fund_at(folder.parent)
    fund.give_up("备份止于前一日", actor="S01", key="L")
    fund.record(draft(drafts.donation(7_00)), key="N")

    assert fund_at(folder.parent).books().balance(BANK) == 1_000_000_00 + 7_00


@contextmanager
def no_more_files() -> Iterator[None]:
    """Let this process open no further file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1024), hard))
    taken = []
    try:
        while True:
            try:
                taken.append(os.dup(2))
            except OSError:
                break
        yield
    finally:
        for handle in taken:
            os.close(handle)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    "read",
    [
        *READINGS,
        lambda fund: fund.check(),
        lambda fund: fund.verify(),
        lambda fund: fund.without_journal(),
        lambda fund: fund.last_durable(1.0),
    ],
)
def test_a_system_that_lets_nothing_be_read_is_told_as_such(
    folder: Path, read: Callable[[Fund], object]
) -> None:
    fund = fund_at(folder.parent)
    with no_more_files():
        with pytest.raises(NotReadable) as refusal:
            read(fund)
        assert "FL973" in str(refusal.value)

    assert "cannot be read" in refusal.value.findings[0].title("en")
    read(fund)


def test_an_office_in_such_a_system_raises_what_every_caller_catches(root: Path) -> None:
    office = fundledger.open(root)
    fundledger.open(root).charter  # noqa: B018 - what is read once is loaded
    with no_more_files(), pytest.raises(FundledgerError):
        _ = office.charter

    assert office.charter.funds


@pytest.mark.parametrize("copied", [copy.deepcopy, pickle.dumps])
def test_open_files_are_not_copied_so_that_nobody_closes_them_twice(
    folder: Path, copied: Callable[[object], object]
) -> None:
    fund = fund_at(folder.parent)
    fund.books()
    for _ in range(3):
        with pytest.raises(TypeError):
            copied(fund)

    assert fund.books().balance(BANK) == 1_000_000_00 + 5_00
