"""A machine whose power can be cut: which disks can a crash leave behind?

Weak on purpose, after ALICE (OSDI '14): what was not fsynced persists in any subset; a write is
absent, whole, torn, or zeros of its length; a name persists only once its folder is fsynced.  A
failed fsync marks the pages clean: the cache keeps the new bytes, the disk the old ones.
"""

from __future__ import annotations

import errno
import itertools
import os
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fundledger.ledger.disk import LOCK
from fundledger.ledger.door import Snapshot
from fundledger.ledger.journal import TEMPORARY
from fundledger.ledger.note import NOTE_BYTES, read_note

_OUTSIDE = 0
_FUND = "fund"
_SEGMENT = re.compile(r"journal/(\d{4}-\d{2})\.jsonl", re.ASCII)
_MAIN = ("book.beancount", "balances.beancount")


class Stopped(BaseException):
    """The process ends here, by a kill or because the power went out."""


@dataclass(frozen=True, slots=True)
class Step:
    """One system call that changes the disk, and on what."""

    call: str
    name: str


@dataclass(frozen=True, slots=True)
class Image:
    """A disk as it is found at the next start: all folders, and all files with their content."""

    folders: frozenset[str] = frozenset()
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def key(self) -> tuple[frozenset[str], frozenset[tuple[str, bytes]]]:
        """What makes two disks the same."""
        return self.folders, frozenset(self.files.items())

    @property
    def books(self) -> dict[str, bytes]:
        """The journal and the books: every file but the fund's private state."""
        return {name: data for name, data in self.files.items() if not name.startswith(".state/")}

    @property
    def journal(self) -> dict[str, bytes]:
        """The segments of the journal."""
        return {name: data for name, data in self.files.items() if _SEGMENT.fullmatch(name)}


class _File:
    """An inode of a file: what is durable, what is only cached, and the writes between."""

    def __init__(self, content: bytes = b"") -> None:
        self.durable = content
        self.cache = content
        self.pending: list[tuple[int, bytes]] = []


class _Folder:
    """An inode of a folder: names that are durable, names that are cached, changes between."""

    def __init__(self) -> None:
        self.durable: dict[str, int] = {}
        self.cache: dict[str, int] = {}
        self.pending: list[tuple[str, str, int]] = []


class Machine:
    """A computer with one fund's directory on its disk; `boot` is another after each power loss."""

    def __init__(
        self, image: Image | None = None, boot: int = 1, index: Path | None = None
    ) -> None:
        """Start from a disk, all of which is durable; `index` is a real folder with the index."""
        self.boot = boot
        self.index = index
        self.held = False
        self.nodes: dict[int, _File | _Folder] = {_OUTSIDE: _Folder()}
        if image is not None:
            self._lay_out(image)

    def _lay_out(self, image: Image) -> None:
        for path in ["", *sorted(image.folders)]:
            self.link(path, _Folder())
        for path, content in image.files.items():
            self.link(path, _File(content))
        for node in self.nodes.values():
            if isinstance(node, _Folder):
                node.durable, node.pending = dict(node.cache), []

    def find(self, path: str) -> _File | _Folder | None:
        """Return what is cached under a path, or None."""
        node: _File | _Folder = self.nodes[_OUTSIDE]
        for part in [_FUND, *(path.split("/") if path else [])]:
            if not isinstance(node, _Folder) or part not in node.cache:
                return None
            node = self.nodes[node.cache[part]]
        return node

    def folder(self, path: str) -> _Folder:
        """Return the folder of a path; `/` is the one in which the fund's directory stands."""
        node = self.nodes[_OUTSIDE] if path == "/" else self.find(path)
        if node is None:
            raise FileNotFoundError(errno.ENOENT, "no such folder", path)
        assert isinstance(node, _Folder)
        return node

    def file(self, path: str) -> _File:
        """Return the file of a path."""
        node = self.find(path)
        if node is None:
            raise FileNotFoundError(errno.ENOENT, "no such file", path)
        assert isinstance(node, _File)
        return node

    def link(self, path: str, node: _File | _Folder) -> None:
        """Put a new inode under a name; not durable before its folder is fsynced."""
        inode = len(self.nodes)
        self.nodes[inode] = node
        parent, last = parted(path)
        folder = self.folder(parent)
        folder.cache[last] = inode
        folder.pending.append(("link", last, inode))

    def cached(self) -> Image:
        """Return what a process sees that looks now."""
        return self._image({inode: node.cache for inode, node in self._folders()}, self._contents())

    def power_loss(self, sample: random.Random | None = None, most: int = 5_000) -> Iterator[Image]:
        """Yield every disk that a loss of power may leave now, each once.

        Raises:
            OverflowError: there are more than `most`, and no `sample` was given to draw them by.

        """
        seen: set[object] = set()
        states = self._all_states() if sample is None else self._some_states(sample, most)
        for image in states:
            if image.key not in seen:
                if len(seen) == most:
                    message = f"more than {most} states: cut the workload, not the states"
                    raise OverflowError(message)
                seen.add(image.key)
                yield image

    def _all_states(self) -> Iterator[Image]:
        inodes = [inode for inode, _ in self._folders()]
        choices = [list(_namings(folder)) for _, folder in self._folders()]
        for names in itertools.product(*choices):
            tree = self._tree(dict(zip(inodes, names, strict=True)))
            paths = [path for path, inode in tree.items() if self._is_file(inode)]
            contents = [_distinct(self._file_of(tree[path])) for path in paths]
            folders = frozenset(path for path in tree if path not in paths and path)
            for combined in itertools.product(*contents):
                yield Image(folders, dict(zip(paths, combined, strict=True)))

    def _some_states(self, sample: random.Random, most: int) -> Iterator[Image]:
        for _ in range(most):
            namings = {
                inode: _applied(folder, [sample.random() < 0.5 for _ in folder.pending])
                for inode, folder in self._folders()
            }
            contents = {
                inode: _written(node.durable, [sample.choice(_fates(w)) for w in node.pending])
                for inode, node in self.nodes.items()
                if isinstance(node, _File)
            }
            yield self._image(namings, contents)

    def _folders(self) -> list[tuple[int, _Folder]]:
        return [(inode, node) for inode, node in self.nodes.items() if isinstance(node, _Folder)]

    def _contents(self) -> dict[int, bytes]:
        return {inode: node.cache for inode, node in self.nodes.items() if isinstance(node, _File)}

    def _is_file(self, inode: int) -> bool:
        return isinstance(self.nodes[inode], _File)

    def _file_of(self, inode: int) -> _File:
        node = self.nodes[inode]
        assert isinstance(node, _File)
        return node

    def _tree(self, names: Mapping[int, Mapping[str, int]]) -> dict[str, int]:
        """Return everything that is reached from outside by these names: path to inode."""
        tree: dict[str, int] = {}
        waiting = [("", names[_OUTSIDE][_FUND])] if _FUND in names[_OUTSIDE] else []
        while waiting:
            path, inode = waiting.pop()
            tree[path] = inode
            for name, below in names.get(inode, {}).items():
                waiting.append((f"{path}/{name}" if path else name, below))
        return tree

    def _image(
        self, names: Mapping[int, Mapping[str, int]], contents: Mapping[int, bytes]
    ) -> Image:
        tree = self._tree(names)
        files = {path: contents[inode] for path, inode in tree.items() if inode in contents}
        return Image(frozenset(path for path in tree if path and path not in files), files)


class SimDisk:
    """One process's view of a machine's disk, with the interface of `fundledger.ledger.door`.

    The process stops before step `stop_at`; `faults` maps a step's number to the errno that it
    fails with.  `steps` is what it did.
    """

    def __init__(
        self,
        machine: Machine,
        stop_at: int | None = None,
        faults: Callable[[int], int | None] = lambda _: None,
    ) -> None:
        """Start a process on a machine; locks of processes that ended are free."""
        self.machine = machine
        self.steps: list[Step] = []
        self._stop_at = stop_at
        self._faults = faults
        self._stopped = False
        machine.held = False

    def _step(self, call: str, name: str) -> int | None:
        """Stop here, or return the errno with which the step fails."""
        if self._stopped or len(self.steps) == self._stop_at:
            self._stopped = True
            raise Stopped
        self.steps.append(Step(call, name))
        return self._faults(len(self.steps) - 1)

    def _change(self, call: str, name: str) -> None:
        code = self._step(call, name)
        if code is not None:
            raise OSError(code, os.strerror(code), name)

    def names(self, folder: str) -> list[str]:
        node = self.machine.find(folder)
        names = list(node.cache) if isinstance(node, _Folder) else []
        if folder == ".state" and self.machine.index is not None:
            names += [path.name for path in self.machine.index.iterdir()]
        return sorted(names)

    def size(self, name: str) -> int | None:
        node = self.machine.find(name)
        return len(node.cache) if isinstance(node, _File) else None

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
        self.machine.link(name, _File())

    def _write(self, name: str, data: bytes, offset: int | None = None) -> None:
        code = self._step("write", name)
        node = self.machine.file(name)
        at = len(node.cache) if offset is None else offset
        if code == errno.ENOSPC:
            data = data[: len(data) // 2]
        if code in {None, errno.ENOSPC} and data:
            node.pending.append((at, data))
            node.cache = _written(node.cache, [(at, data)])
        if code is not None:
            raise OSError(code, os.strerror(code), name)

    def fsync(self, name: str) -> None:
        code = self._step("fsync", name)
        node = self.machine.file(name)
        if code is None:
            node.durable = _written(node.durable, node.pending)
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
            self.machine.link(folder, _Folder())
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
        segments = {m[1]: len(files[m[0]]) for m in map(_SEGMENT.fullmatch, files) if m}
        return Snapshot(
            segments,
            {name: len(data) for name, data in files.items() if name not in _MAIN},
            {name: files[name] for name in _MAIN if name in files},
            tuple(sorted(files)),
            (),
            flag.startswith(b"dirty") or len(files) < len(seen.books),
            read_note(flag),
        )


def parted(path: str) -> tuple[str, str]:
    """Return the folder of a path and its last part; the fund's own directory stands in `/`."""
    if not path:
        return "/", _FUND
    parent, _, last = path.rpartition("/")
    return parent, last


def _fates(write: tuple[int, bytes]) -> list[tuple[int, bytes] | None]:
    """Return what may become of a write: absent, whole, torn in several ways, zeros."""
    at, data = write
    if len(data) == NOTE_BYTES and at == 0:
        return [None, write]
    half = len(data) // 2
    return [
        None,
        write,
        (at, data[:half]),
        (at, data[:-1]),
        (at, b"\0" * len(data)),
        (at, b"\0" * half + data[half:]),
    ]


def _written(base: bytes, writes: Iterable[tuple[int, bytes] | None]) -> bytes:
    content = bytearray(base)
    for write in writes:
        if write is not None:
            at, data = write
            content.extend(b"\0" * (at - len(content)))
            content[at : at + len(data)] = data
    return bytes(content)


def _distinct(file: _File) -> list[bytes]:
    """Return every content that a file may have after a loss of power."""
    fates = itertools.product(*map(_fates, file.pending))
    return list(dict.fromkeys(_written(file.durable, chosen) for chosen in fates))


def _namings(folder: _Folder) -> Iterator[dict[str, int]]:
    """Yield every set of names that a folder may have after a loss of power, each once."""
    seen: list[dict[str, int]] = []
    for chosen in itertools.product((False, True), repeat=len(folder.pending)):
        names = _applied(folder, chosen)
        if names not in seen:
            seen.append(names)
            yield names


def _applied(folder: _Folder, chosen: Iterable[bool]) -> dict[str, int]:
    names = dict(folder.durable)
    for (change, name, inode), persists in zip(folder.pending, chosen, strict=True):
        if not persists:
            continue
        if change == "unlink":
            names.pop(name, None)
            continue
        if change.startswith("rename "):
            names.pop(change.removeprefix("rename "), None)
        names[name] = inode
    return names
