"""Work beside our own, in a child process, where a fork is possible and safe."""

from __future__ import annotations

import gc
import os
import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, NoReturn, Protocol, TypeVar

from fundledger.errors import FundledgerError

Result = TypeVar("Result")
Item = TypeVar("Item")

_MOST_SHARES = 256  # each is told by one byte of a pipe


@contextmanager
def in_child(work: Callable[[], Result], *, worthwhile: bool) -> Iterator[Callable[[], Result]]:
    """Start `work` in a child process; gives what waits for its result.

    Where a fork is not possible, safe (other threads run) or `worthwhile`, asking for the result
    does the work here, and so it does when the child failed: what is wrong then shows here.  The
    result comes through a pipe from our own fork.
    """
    if not worthwhile or not hasattr(os, "fork") or threading.active_count() > 1:
        yield work
        return
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:  # no more processes, or no memory for one
        os.close(reading)
        os.close(writing)
        yield work
        return
    if child == 0:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        try:
            yield lambda: _result(pipe, work)
        finally:
            pipe.close()
            with suppress(ChildProcessError):  # whoever embeds us may let nobody wait for children
                os.waitpid(child, 0)


class Rest(Protocol[Result]):
    """Does what is left of some work that two processes share, and gives all results in order."""

    def __call__(self, begun: Callable[[int], None]) -> list[Result]:
        """Tell `begun` the place of each item that this process takes; once, for all is done."""


@contextmanager
def shared(
    work: Callable[[Item], Result], items: Sequence[Item], *, worthwhile: bool
) -> Iterator[Rest[Result]]:
    """Begin `work` on items in a child process, as `in_child` does; gives what does the rest.

    Both processes take the next item when they are done with one, so that they end together
    whatever else this one does meanwhile.  What a child did not do is done here.  The error that is
    raised is that of the first item that has one, as if there were one process; what is no error
    of ours is raised as it comes.  Whoever leaves early has the child leave.
    """
    shares = min(len(items), _MOST_SHARES)
    queue, filling = os.pipe()
    os.write(filling, bytes(range(shares)))
    os.close(filling)

    def take(do: Callable[[int], None]) -> None:
        """Do what is next until nothing is left; if something fails, nothing is left."""
        try:
            # a byte of a pipe is read by one process only, and at its end nobody waits for more
            while share := os.read(queue, 1):
                for at in range(share[0], len(items), shares):
                    do(at)
        finally:
            _empty(queue)

    def beside() -> dict[int, bytes]:
        done: dict[int, bytes] = {}

        def do(at: int) -> None:
            # at once, not when all is done: then the other process would wait for it
            done[at] = pickle.dumps(work(items[at]))

        take(do)
        return done

    def rest(begun: Callable[[int], None]) -> list[Result]:
        done: dict[int, Result] = {}

        def do(at: int) -> None:
            begun(at)
            done[at] = work(items[at])

        with suppress(FundledgerError):  # which item is the first that fails is seen below
            take(do)
        for at, result in of_child().items():
            done[at] = pickle.loads(result)  # noqa: S301 - from our own fork
        return [done[at] if at in done else work(item) for at, item in enumerate(items)]

    try:
        with in_child(beside, worthwhile=worthwhile) as of_child:
            try:
                yield rest
            finally:
                _empty(queue)
    finally:
        os.close(queue)


def _empty(queue: int) -> None:
    while os.read(queue, _MOST_SHARES):
        pass


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the search for cycles, where many values are made and no cycles of them."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def _result(pipe: IO[bytes], work: Callable[[], Result]) -> Result:
    data = pipe.read()
    if not data:
        return work()
    result: Result = pickle.loads(data)  # noqa: S301 - from our own fork
    return result


def _work(work: Callable[[], object], writing: int) -> NoReturn:
    gc.disable()
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(work()))
    finally:
        os._exit(0)
