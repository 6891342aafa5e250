"""Progress is shown on a terminal, only once it has taken a second, and leaves no trace."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fundledger.cli.progress import progress, waiting
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.journal import PROGRESS_EVERY
from support.offices import draft, fund_at


class Screen(io.StringIO):
    """A terminal that keeps all that was written to it."""

    def isatty(self) -> bool:
        return True


class Watch:
    """A clock that a test puts forward."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_nothing_is_shown_within_the_first_second() -> None:
    screen, watch = Screen(), Watch()

    with progress(screen, watch) as told:
        told("dibao", 1, 2)
        watch.now = 0.9
        told("dibao", 2, 2)

    assert screen.getvalue() == ""


def test_after_a_second_it_is_shown_and_wiped_away_at_the_end() -> None:
    screen, watch = Screen(), Watch()

    with progress(screen, watch) as told:
        watch.now = 1.5
        told("低保", 1, 4)
        shown = screen.getvalue()
        watch.now = 1.55
        told("低保", 2, 4)
        assert screen.getvalue() == shown
        watch.now = 2.0
        told("低", 4, 4)

    lines = screen.getvalue().split("\r")
    assert lines[1] == f"[{'#' * 6}{'.' * 18}]  25% 低保"
    assert lines[2] == f"[{'#' * 24}] 100% 低  "
    assert lines[3].strip(" ") == ""
    assert lines[4] == ""


def test_without_a_terminal_nothing_is_shown() -> None:
    stream, watch = io.StringIO(), Watch()

    with progress(stream, watch) as told:
        watch.now = 5.0
        told("dibao", 1, 2)

    assert stream.getvalue() == ""


def test_what_cannot_say_how_far_it_is_shows_that_it_goes_on() -> None:
    screen = Screen()

    with waiting("dibao", screen, patience_seconds=0.01):
        time.sleep(0.1)

    lines = screen.getvalue().split("\r")
    assert lines[1].startswith("dibao ")
    assert lines[-1] == "\x1b[K"


def test_it_shows_nothing_where_it_is_over_at_once_or_nobody_looks() -> None:
    screen, stream = Screen(), io.StringIO()

    with waiting("dibao", screen):
        pass
    with waiting("dibao", stream, patience_seconds=0.01):
        time.sleep(0.05)

    assert screen.getvalue() == stream.getvalue() == ""


READS: tuple[Callable[[Fund, Callable[[int, int], None]], object], ...] = (
    lambda fund, told: fund.books(told),
    lambda fund, told: list(fund.records(told)),
    lambda fund, told: list(fund.vouchers(told)),
    lambda fund, told: fund.verify(progress=told),
)


@pytest.mark.parametrize("read", READS)
def test_whatever_reads_a_whole_journal_tells_how_far_it_has_come(
    tmp_path: Path, read: Callable[[Fund, Callable[[int, int], None]], object]
) -> None:
    fund = fund_at(tmp_path)
    for _ in range(PROGRESS_EVERY + 1):
        fund.record(draft(drafts.donation(1)))
    told: list[tuple[int, int]] = []

    read(fund, lambda done, total: told.append((done, total)))

    size = sum(path.stat().st_size for path in (tmp_path / "dibao" / "journal").iterdir())
    assert [total for _, total in told] == [size, size]
    assert 0 < told[0][0] < told[1][0] <= size
