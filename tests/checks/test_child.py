"""Work that two processes share: the same results and the same error as in one."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from fundledger.checks import child
from fundledger.checks.child import Rest, Result, shared
from fundledger.errors import NotFound
from fundledger.findings import Finding

FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="no second process here")
PATIENCE_SECONDS = 20


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds() and time.monotonic() < end:
        time.sleep(0.001)
    assert holds()


def ordered(rest: Rest[Result], begun: Callable[[int], None] = lambda _: None) -> list[Result]:
    """Return all results in the order of the items, each of which must come once."""
    found = [*rest(begun)]
    assert sorted(at for at, _ in found) == [*range(len(found))]
    return [result for _, result in sorted(found, key=lambda one: one[0])]


@pytest.mark.parametrize("worthwhile", [True, False])
@pytest.mark.parametrize("count", [0, 1, 7, 256, 1000])
def test_all_is_done_once(count: int, *, worthwhile: bool) -> None:
    items = [number * 3 for number in range(count)]

    with shared(lambda item: item + 1, items, worthwhile=worthwhile) as rest:
        found = ordered(rest)

    assert found == [item + 1 for item in items]


def test_without_a_second_process_each_is_begun_here() -> None:
    begun: list[int] = []
    with shared(lambda _: os.getpid(), [*range(5)], worthwhile=False) as rest:
        assert set(ordered(rest, begun.append)) == {os.getpid()}

    assert begun == [0, 1, 2, 3, 4]


@FORKS
def test_while_this_process_does_something_else_the_other_goes_on(tmp_path: Path) -> None:
    def work(item: int) -> int:
        (tmp_path / str(item)).touch()
        return os.getpid()

    begun: list[int] = []
    with shared(work, [*range(5)], worthwhile=True) as rest:
        wait_until(lambda: len([*tmp_path.iterdir()]) == 5)
        found = ordered(rest, begun.append)

    assert os.getpid() not in found
    assert begun == []


@FORKS
def test_what_the_other_process_did_is_given_while_it_goes_on(tmp_path: Path) -> None:
    """Its results are many times what a pipe holds, and the last of them takes long."""

    def work(item: int) -> bytes:
        (tmp_path / str(item)).touch()
        if item == 5:
            wait_until((tmp_path / "given").exists)
        return bytes(1 << 20)

    with shared(work, [*range(6)], worthwhile=True) as rest:
        wait_until((tmp_path / "5").exists)
        given = rest(lambda _: None)
        found = [at for at, _ in islice(given, 5)]
        (tmp_path / "given").touch()
        found += [at for at, _ in given]

    assert found == [0, 1, 2, 3, 4, 5]


@FORKS
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_cannot_be_taken_from_the_other_process_is_done_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its results are more than a pipe holds, so it would wait for us, and we for it."""

    def no_room(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(child, "_sent", no_room)
    with shared(lambda item: bytes([item]) * (1 << 20), [*range(5)], worthwhile=True) as rest:
        assert [one[:1] for one in ordered(rest)] == [bytes([item]) for item in range(5)]


@FORKS
def test_what_a_process_took_that_ended_is_done_here() -> None:
    own = os.getpid()

    def work(item: int) -> int:
        if os.getpid() != own:
            os._exit(1)
        return item

    with shared(work, [*range(5)], worthwhile=True) as rest:
        assert ordered(rest) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("worthwhile", [True, False])
@pytest.mark.parametrize("wait", [True, False])
def test_the_first_item_that_fails_is_told_whoever_takes_it(
    *, worthwhile: bool, wait: bool
) -> None:
    def work(item: int) -> int:
        if item in {3, 4, 8}:
            raise NotFound(Finding("FL030", str(item), {"allowed": ""}))
        return item

    for order in ([3, 4, *range(300)], [1, 8, 4, *range(300)], [*range(300)]):
        with shared(work, order, worthwhile=worthwhile) as rest:
            if wait:
                time.sleep(0.05)
            with pytest.raises(NotFound) as caught:
                ordered(rest)
        first = next(item for item in order if item in {3, 4, 8})
        assert caught.value.findings[0].subject == str(first)


@FORKS
def test_what_fails_here_is_not_told_where_the_other_process_fails_before_it(
    tmp_path: Path,
) -> None:
    def work(item: int) -> None:
        (tmp_path / str(item)).touch()
        if item == 0:
            wait_until((tmp_path / "1").exists)
        raise NotFound(Finding("FL030", str(item), {"allowed": ""}))

    with shared(work, [0, 1], worthwhile=True) as rest:
        wait_until((tmp_path / "0").exists)
        with pytest.raises(NotFound) as caught:
            ordered(rest)

    assert caught.value.findings[0].subject == "0"


@FORKS
def test_whoever_leaves_early_does_not_wait_for_all_of_it(tmp_path: Path) -> None:
    def work(item: int) -> None:
        (tmp_path / str(item)).touch()
        time.sleep(0.02)

    def leave() -> None:
        with shared(work, [*range(200)], worthwhile=True):
            wait_until(lambda: bool([*tmp_path.iterdir()]))
            raise KeyError

    with pytest.raises(KeyError):
        leave()
    assert len([*tmp_path.iterdir()]) < 100


@FORKS
def test_where_no_process_can_be_made_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_more() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", no_more)
    before = len([*Path("/proc/self/fd").iterdir()]) if Path("/proc/self/fd").is_dir() else 0
    for _ in range(5):
        with shared(lambda _: os.getpid(), [*range(3)], worthwhile=True) as rest:
            assert set(ordered(rest)) == {os.getpid()}
    after = len([*Path("/proc/self/fd").iterdir()]) if before else 0

    assert after == before


@FORKS
def test_a_program_that_waits_for_no_children_gets_the_same() -> None:
    handler = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with shared(lambda item: item + 1, [*range(9)], worthwhile=True) as rest:
            assert ordered(rest) == [*range(1, 10)]
    finally:
        signal.signal(signal.SIGCHLD, handler)
