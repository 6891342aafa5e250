"""A machine whose power can be cut: which disks can a crash leave behind?

Weak on purpose, after ALICE (OSDI '14): what was not fsynced persists in any subset; a write is
absent, whole, torn, or zeros of its length; a name persists only once its folder is fsynced.  A
failed fsync marks the pages clean: the cache keeps the new bytes, the disk the old ones.
"""

from __future__ import annotations

import errno
import itertools
import random
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fundledger.ledger.note import NOTE_BYTES

_OUTSIDE = 0
_FUND = "fund"
SEGMENT = re.compile(r"journal/(\d{4}-\d{2})\.jsonl", re.ASCII)


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
        return {name: data for name, data in self.files.items() if SEGMENT.fullmatch(name)}


class File:
    """An inode of a file: what is durable, what is only cached, and the writes between."""

    def __init__(self, content: bytes = b"") -> None:
        """Begin with a content that is durable."""
        self.durable = content
        self.cache = content
        self.pending: list[tuple[int, bytes]] = []

    @property
    def state(self) -> Hashable:
        """What makes two files the same, now and after any loss of power."""
        return self.durable, self.cache, tuple(self.pending)

    def copy(self) -> File:
        """Return another inode that is as this one is now."""
        other = File(self.durable)
        other.cache, other.pending = self.cache, list(self.pending)
        return other


class Folder:
    """An inode of a folder: names that are durable, names that are cached, changes between."""

    def __init__(self) -> None:
        """Begin without a name."""
        self.durable: dict[str, int] = {}
        self.cache: dict[str, int] = {}
        self.pending: list[tuple[str, str, int]] = []

    @property
    def state(self) -> Hashable:
        """What makes two folders the same, now and after any loss of power."""
        names = frozenset(self.durable.items()), frozenset(self.cache.items())
        return *names, tuple(self.pending)

    def copy(self) -> Folder:
        """Return another inode that is as this one is now."""
        other = Folder()
        other.durable, other.cache = dict(self.durable), dict(self.cache)
        other.pending = list(self.pending)
        return other


class Machine:
    """A computer with one fund's directory on its disk; `boot` is another after each power loss."""

    def __init__(
        self, image: Image | None = None, boot: int = 1, index: Path | None = None
    ) -> None:
        """Start from a disk, all of which is durable; `index` is a real folder with the index."""
        self.boot = boot
        self.index = index
        self.held = False
        self.nodes: dict[int, File | Folder] = {_OUTSIDE: Folder()}
        if image is not None:
            self._lay_out(image)

    def _lay_out(self, image: Image) -> None:
        for path in ["", *sorted(image.folders)]:
            self.link(path, Folder())
        for path, content in image.files.items():
            self.link(path, File(content))
        for node in self.nodes.values():
            if isinstance(node, Folder):
                node.durable, node.pending = dict(node.cache), []

    @property
    def state(self) -> Hashable:
        """What makes two machines the same: all that is durable, cached, and between."""
        assert self.index is None
        return self.boot, tuple(node.state for node in self.nodes.values())

    def copy(self) -> Machine:
        """Return the machine as it is now, with no process on it."""
        assert self.index is None
        other = Machine(boot=self.boot)
        other.nodes = {inode: node.copy() for inode, node in self.nodes.items()}
        return other

    def find(self, path: str) -> File | Folder | None:
        """Return what is cached under a path, or None."""
        node: File | Folder = self.nodes[_OUTSIDE]
        for part in [_FUND, *(path.split("/") if path else [])]:
            if not isinstance(node, Folder) or part not in node.cache:
                return None
            node = self.nodes[node.cache[part]]
        return node

    def folder(self, path: str) -> Folder:
        """Return the folder of a path; `/` is the one in which the fund's directory stands."""
        node = self.nodes[_OUTSIDE] if path == "/" else self.find(path)
        if node is None:
            raise FileNotFoundError(errno.ENOENT, "no such folder", path)
        assert isinstance(node, Folder)
        return node

    def file(self, path: str) -> File:
        """Return the file of a path."""
        node = self.find(path)
        if node is None:
            raise FileNotFoundError(errno.ENOENT, "no such file", path)
        assert isinstance(node, File)
        return node

    def link(self, path: str, node: File | Folder) -> None:
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
                inode: written(node.durable, [sample.choice(_fates(w)) for w in node.pending])
                for inode, node in self.nodes.items()
                if isinstance(node, File)
            }
            yield self._image(namings, contents)

    def _folders(self) -> list[tuple[int, Folder]]:
        return [(inode, node) for inode, node in self.nodes.items() if isinstance(node, Folder)]

    def _contents(self) -> dict[int, bytes]:
        return {inode: node.cache for inode, node in self.nodes.items() if isinstance(node, File)}

    def _is_file(self, inode: int) -> bool:
        return isinstance(self.nodes[inode], File)

    def _file_of(self, inode: int) -> File:
        node = self.nodes[inode]
        assert isinstance(node, File)
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


def parted(path: str) -> tuple[str, str]:
    """Return the folder of a path and its last part; the fund's own directory stands in `/`."""
    if not path:
        return "/", _FUND
    parent, _, last = path.rpartition("/")
    return parent, last


def is_note(at: int, data: bytes) -> bool:
    """Whether this is the note in the lock file: less than a sector, so written whole or not."""
    return len(data) == NOTE_BYTES and at == 0


def _fates(write: tuple[int, bytes]) -> list[tuple[int, bytes] | None]:
    """Return what may become of a write: absent, whole, torn in several ways, zeros."""
    at, data = write
    if is_note(at, data):
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


def written(base: bytes, writes: Iterable[tuple[int, bytes] | None]) -> bytes:
    content = bytearray(base)
    for write in writes:
        if write is not None:
            at, data = write
            content.extend(b"\0" * (at - len(content)))
            content[at : at + len(data)] = data
    return bytes(content)


def _distinct(file: File) -> list[bytes]:
    """Return every content that a file may have after a loss of power."""
    fates = itertools.product(*map(_fates, file.pending))
    return list(dict.fromkeys(written(file.durable, chosen) for chosen in fates))


def _namings(folder: Folder) -> Iterator[dict[str, int]]:
    """Yield every set of names that a folder may have after a loss of power, each once."""
    seen: list[dict[str, int]] = []
    for chosen in itertools.product((False, True), repeat=len(folder.pending)):
        names = _applied(folder, chosen)
        if names not in seen:
            seen.append(names)
            yield names


def _applied(folder: Folder, chosen: Iterable[bool]) -> dict[str, int]:
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
