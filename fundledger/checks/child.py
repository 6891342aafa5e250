"""Work beside our own, in a child process, where a fork is possible and safe."""

from __future__ import annotations

import gc
import os
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, NoReturn, TypeVar

Result = TypeVar("Result")


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
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        try:
            yield lambda: _result(pipe, work)
        finally:
            pipe.close()
            os.waitpid(child, 0)


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
