"""Progress is shown on a terminal, only once it has taken a second, and leaves no trace."""

from __future__ import annotations

import io

from fundledger.cli.progress import progress


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
