"""Work beside our own, in a child process, where a fork is possible and safe."""

from __future__ import annotations

import gc
import os
import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import IO, Any, NoReturn, Protocol, TypeVar

from fundledger.errors import FundledgerError

Result = TypeVar("Result")
Item = TypeVar("Item")
Given_co = TypeVar("Given_co", covariant=True)

_MOST_SHARES = 256  # each is told by one byte of a pipe
_SIZE_BYTES = 8


@contextmanager
def in_child(work: Callable[[], Result], *, worthwhile: bool) -> Iterator[Callable[[], Result]]:
    """Start `work` in a child process; gives what waits for its result.

    Where a fork is not possible, safe (other threads run) or `worthwhile`, asking for the result
    does the work here, and so it does when the child failed: what is wrong then shows here.  The
    result comes through a pipe from our own fork.
    """
    with _forked(lambda pipe: _send(pipe, work()), worthwhile=worthwhile) as pipe:

        def result() -> Result:
            for data in _sent(pipe) if pipe is not None else ():
                value: Result = pickle.loads(data)  # noqa: S301 - from our own fork
                return value
            return work()

        yield result


class Rest(Protocol[Given_co]):
    """Does what is left of some work that two processes share."""

    def __call__(self, begun: Callable[[int], None]) -> Iterator[tuple[int, Given_co]]:
        """Give each result as it comes, behind the place of its item; once, for all is done.

        `begun` is told the place of each item that this process takes.
        """


@contextmanager
def shared(
    work: Callable[[Item], Result], items: Sequence[Item], *, worthwhile: bool
) -> Iterator[Rest[Result]]:
    """Begin `work` on items in a child process, as `in_child` does; gives what does the rest.

    Both processes take the next item when they are done with one, so that they end together
    whatever else this one does meanwhile, with the results too.  What a child did not do is done
    here.  The error that is raised is that of the first item that has one, as if there were one
    process; what is no error of ours is raised as it comes.  Whoever leaves early has the child
    leave.
    """
    shares = min(len(items), _MOST_SHARES)
    queue, filling = os.pipe()
    os.write(filling, bytes(range(shares)))
    os.close(filling)

    def taken() -> Iterator[int]:
        """Give the place of what is next until nothing is left."""
        # a byte of a pipe is read by one process only, and at its end nobody waits for more
        while share := os.read(queue, 1):
            yield from range(share[0], len(items), shares)

    def beside(pipe: IO[bytes]) -> None:
        try:
            for at in taken():
                _send(pipe, (at, work(items[at])))
        finally:
            _empty(queue)

    def here(begun: Callable[[int], None], arrived: _Arrived) -> Iterator[tuple[int, Result]]:
        with suppress(FundledgerError):  # which item is the first that fails is seen below
            for at in taken():
                begun(at)
                yield at, work(items[at])
                yield from arrived.so_far()
        _empty(queue)
        yield from arrived.at_last()

    try:
        with _forked(beside, worthwhile=worthwhile) as pipe, _arriving(pipe) as arrived:

            def rest(begun: Callable[[int], None]) -> Iterator[tuple[int, Result]]:
                left = dict.fromkeys(range(len(items)))
                for at, result in here(begun, arrived):
                    del left[at]
                    yield at, result
                for at in left:
                    yield at, work(items[at])

            try:
                yield rest
            finally:
                _empty(queue)
    finally:
        os.close(queue)


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


class _Arrived:
    """What a child sends, taken from it as it comes, so that it need not wait for us."""

    def __init__(self) -> None:
        self._data: SimpleQueue[bytes | None] = SimpleQueue()

    def take(self, pipe: IO[bytes]) -> None:
        """Take all that is sent, to the end; whatever befalls us, the child waits for nobody."""
        try:
            for data in _sent(pipe):
                self._data.put(data)
        finally:
            pipe.close()
            self.end()

    def end(self) -> None:
        """Say that nothing more will come."""
        self._data.put(None)

    def so_far(self) -> Iterator[Any]:
        """Give what has come and was not given yet."""
        while not self._data.empty():
            data = self._data.get()
            if data is None:
                self.end()
                return
            yield pickle.loads(data)  # noqa: S301 - from our own fork

    def at_last(self) -> Iterator[Any]:
        """Give the rest as it comes, to the end."""
        for data in iter(self._data.get, None):
            yield pickle.loads(data)  # noqa: S301 - from our own fork


@contextmanager
def _arriving(pipe: IO[bytes] | None) -> Iterator[_Arrived]:
    """Have a thread take what a child sends; where there is none, nothing comes."""
    arrived = _Arrived()
    if pipe is None:
        arrived.end()
        yield arrived
        return
    taking = threading.Thread(target=arrived.take, args=(pipe,), daemon=True)
    try:
        taking.start()
    except RuntimeError:  # no more threads: then the child has nobody to send to, and ends
        pipe.close()
        arrived.end()
        yield arrived
        return
    try:
        yield arrived
    finally:
        taking.join()


@contextmanager
def _forked(work: Callable[[IO[bytes]], None], *, worthwhile: bool) -> Iterator[IO[bytes] | None]:
    """Have a child process do some work and write to a pipe; gives its end, None without a child.

    Whoever leaves before its end closes it, and waits for the child.
    """
    if not worthwhile or not hasattr(os, "fork") or threading.active_count() > 1:
        yield None
        return
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:  # no more processes, or no memory for one
        os.close(reading)
        os.close(writing)
        yield None
        return
    if child == 0:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        try:
            yield pipe
        finally:
            pipe.close()
            with suppress(ChildProcessError):  # whoever embeds us may let nobody wait for children
                os.waitpid(child, 0)


def _work(work: Callable[[IO[bytes]], None], writing: int) -> NoReturn:
    gc.disable()
    try:
        with os.fdopen(writing, "wb") as pipe:
            work(pipe)
    finally:
        os._exit(0)


def _send(pipe: IO[bytes], value: object) -> None:
    data = pickle.dumps(value)
    pipe.write(len(data).to_bytes(_SIZE_BYTES))
    pipe.write(data)
    pipe.flush()


def _sent(pipe: IO[bytes]) -> Iterator[bytes]:
    """Give each value that was sent whole, as it was pickled."""
    while size := int.from_bytes(pipe.read(_SIZE_BYTES)):
        data = pipe.read(size)
        if len(data) < size:
            return
        yield data


def _empty(queue: int) -> None:
    while os.read(queue, _MOST_SHARES):
        pass
