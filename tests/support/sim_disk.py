"""A process on a machine whose power can be cut: the disk as a fund uses it, step by step."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fundledger.ledger.disk import LOCK
from fundledger.ledger.door import Snapshot
from fundledger.ledger.journal import TEMPORARY
from fundledger.ledger.note import NOTE_BYTES, read_note
from support.sim_machine import SEGMENT, File, Folder, Machine, is_note, parted, written

_MAIN = ("book.beancount", "balances.beancount")


def no_fault(_: int) -> int | None:
    """Return that a step works, as all do."""
    return None


def unwatched() -> None:
    """Look at nothing before a step."""


class Stopped(BaseException):
    """The process ends here, by a kill or because the power went out."""


@dataclass(frozen=True, slots=True)
class Step:
    """One system call that changes the disk, and on what."""

    call: str
    name: str


class SimDisk:
    """One process's view of a machine's disk, with the interface of `fundledger.ledger.door`.

    The process stops before step `stop_at`; `faults` maps a step's number to the errno that it
    fails with; `watch` is called before each step.  `steps` is what it did.
    """

    def __init__(
        self,
        machine: Machine,
        stop_at: int | None = None,
        faults: Callable[[int], int | None] = no_fault,
        watch: Callable[[], None] = unwatched,
    ) -> None:
        """Start a process on a machine; locks of processes that ended are free."""
        self.machine = machine
        self.steps: list[Step] = []
        self._stop_at = stop_at
        self._faults = faults
        self._watch = watch
        self._stopped = False
        machine.held = False

    def _step(self, call: str, name: str) -> int | None:
        """Stop here, or return the errno with which the step fails."""
        if self._stopped or len(self.steps) == self._stop_at:
            self._stopped = True
            raise Stopped
        self._watch()
        self.steps.append(Step(call, name))
        return self._faults(len(self.steps) - 1)

    def _change(self, call: str, name: str) -> None:
        code = self._step(call, name)
        if code is not None:
            raise OSError(code, os.strerror(code), name)

    def names(self, folder: str) -> list[str]:
        node = self.machine.find(folder)
        names = list(node.cache) if isinstance(node, Folder) else []
        if folder == ".state" and self.machine.index is not None:
            names += [path.name for path in self.machine.index.iterdir()]
        return sorted(names)

    def size(self, name: str) -> int | None:
        node = self.machine.find(name)
        return len(node.cache) if isinstance(node, File) else None

    def read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        return self.machine.file(name).cache[start:end]

    def lines(self, name: str, start: int, end: int) -> Iterator[bytes]:
        yield from self.read(name, start, end).splitlines(keepends=True)

    def append(self, name: str, data: bytes) -> None:
        if self.machine.find(name) is None:
            self._create(name)
        self._write(name, data)

    def _create(self, name: str) -> None:
        self._change("create", name)
        self.machine.link(name, File())

    def _write(self, name: str, data: bytes, offset: int | None = None) -> None:
        code = self._step("write", name)
        node = self.machine.file(name)
        at = len(node.cache) if offset is None else offset
        if code == errno.ENOSPC:
            data = b"" if is_note(at, data) else data[: len(data) // 2]
        if code in {None, errno.ENOSPC} and data:
            node.pending.append((at, data))
            node.cache = written(node.cache, [(at, data)])
        if code is not None:
            raise OSError(code, os.strerror(code), name)

    def fsync(self, name: str) -> None:
        code = self._step("fsync", name)
        node = self.machine.file(name)
        if code is None:
            node.durable = written(node.durable, node.pending)
        node.pending = []
        if code is not None:
            raise OSError(code, os.strerror(code), name)

    def fsync_folder(self, folder: str) -> None:
        code = self._step("fsync", folder)
        if code is not None:
            raise OSError(code, os.strerror(code), folder)
        node = self.machine.folder(folder)
        node.durable, node.pending = dict(node.cache), []

    def replace(self, name: str, data: bytes) -> None:
        parent, last = parted(name)
        if self.machine.index is not None and (self.machine.index / last).exists():
            self._change("rename", name)
            (self.machine.index / last).unlink()
            (self.machine.index / last).write_bytes(data)
            return
        temporary = f"{name[: len(name) - len(last)]}.{last}.new"
        if self.machine.find(temporary) is not None:
            self._change("unlink", temporary)
            self._rename(temporary, None)
        self._create(temporary)
        self._write(temporary, data)
        self.fsync(temporary)
        self._change("rename", name)
        self._rename(temporary, name)
        self.fsync_folder(parent)

    def sweep(self, folder: str) -> None:
        for name in self.names(folder):
            if TEMPORARY.fullmatch(name):
                path = f"{folder}/{name}" if folder else name
                self._change("unlink", path)
                self._rename(path, None)

    def _rename(self, old: str, new: str | None) -> None:
        parent, last = parted(old)
        folder = self.machine.folder(parent)
        inode = folder.cache.pop(last)
        folder.pending.append(("unlink", last, inode))
        if new is not None:
            folder.pending[-1] = (f"rename {last}", parted(new)[1], inode)
            folder.cache[parted(new)[1]] = inode

    def make_folder(self, folder: str) -> None:
        parent, _ = parted(folder)
        if parent not in {"", "/"}:
            self.make_folder(parent)
        if self.machine.find(folder) is None:
            self._change("mkdir", folder)
            self.machine.link(folder, Folder())
            self.fsync_folder(parent)

    def settle(self, folder: str) -> None:
        parts = folder.split("/")
        for count in range(len(parts) - 1, -1, -1):
            self.fsync_folder("/".join(parts[:count]))
        self.fsync_folder("/")

    def boot(self) -> str:
        return f"boot-{self.machine.boot}"

    @contextmanager
    def locked(self, timeout_seconds: float, *, shared: bool = False) -> Iterator[None]:
        assert timeout_seconds > 0
        assert not shared
        self.make_folder("")
        self.make_folder(".state")
        if self.machine.find(LOCK) is None:
            self._create(LOCK)
        assert not self.machine.held, "two processes hold the lock"
        self.machine.held = True
        try:
            yield
        finally:
            self.machine.held = False

    @contextmanager
    def reading(self, timeout_seconds: float) -> Iterator[bytes]:
        assert timeout_seconds > 0
        assert not self.machine.held, "a writer holds the lock"
        yield b"" if self.machine.find(LOCK) is None else self.flag()

    def flag(self) -> bytes:
        return self.read(LOCK).rstrip()

    def set_flag(self, note: bytes) -> None:
        self._write(LOCK, note.ljust(NOTE_BYTES), 0)

    def close(self) -> None:
        """Let go of nothing: no folder is held open."""

    def snapshot(self, timeout_seconds: float) -> Snapshot:
        assert timeout_seconds > 0
        seen = self.machine.cached()
        files = {
            name: data
            for name, data in seen.books.items()
            if not TEMPORARY.fullmatch(parted(name)[1])
        }
        flag = seen.files.get(LOCK, b"")
        segments = {m[1]: len(files[m[0]]) for m in map(SEGMENT.fullmatch, files) if m}
        return Snapshot(
            segments,
            {name: len(data) for name, data in files.items() if name not in _MAIN},
            {name: files[name] for name in _MAIN if name in files},
            tuple(sorted(files)),
            (),
            flag.startswith(b"dirty") or len(files) < len(seen.books),
            read_note(flag),
        )
