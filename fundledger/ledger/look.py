"""A look at all files of a fund's directory at one moment, without following a link."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from fundledger.ledger.door import Disk, Snapshot
from fundledger.ledger.journal import FOLDER, SEGMENT_PATH, TEMPORARY
from fundledger.ledger.note import Note
from fundledger.ledger.text import BALANCES, BOOK

Opened = Callable[[str], AbstractContextManager[int]]


def look(disk: Disk, opened: Opened | None, note: Note) -> Snapshot:
    """Return what lies in the directory; the caller keeps writers away.

    `opened` opens a folder in it to be listed, itself by an empty name; without it there is none.
    """
    found: dict[str, int] = {}
    strange: list[str] = []
    if opened is not None:
        _walk(opened, "", found, strange)
    left = [name for name in found if TEMPORARY.fullmatch(name.rpartition("/")[2])]
    sizes = {name: size for name, size in found.items() if name not in left}
    names = list(sizes)
    whole: dict[str, bytes] = {name: disk.read(name) for name in (BOOK, BALANCES) if name in sizes}
    return Snapshot(
        {name[8:15]: sizes[name] for name in names if SEGMENT_PATH.fullmatch(name)},
        {name: size for name, size in sizes.items() if name not in whole},
        whole,
        tuple(names),
        tuple(strange),
        note.state == "dirty" or bool(left),
        note,
        tuple(_open_to_all(opened, names)) if opened is not None else (),
    )


def _open_to_all(opened: Opened, names: list[str]) -> Iterator[str]:
    """Yield what everybody may write: the directory (as `.`), the journal's, and its segments."""
    with opened("") as folder:
        if os.fstat(folder).st_mode & stat.S_IWOTH:
            yield "."
    segments = [name for name in names if SEGMENT_PATH.fullmatch(name)]
    if not segments:
        return
    with opened(FOLDER) as folder:
        if os.fstat(folder).st_mode & stat.S_IWOTH:
            yield FOLDER
        for name in segments:
            if os.stat(name.rpartition("/")[2], dir_fd=folder).st_mode & stat.S_IWOTH:
                yield name


def _walk(opened: Opened, folder: str, sizes: dict[str, int], strange: list[str]) -> None:
    with opened(folder) as handle:
        with os.scandir(handle) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            name = f"{folder}/{entry.name}" if folder else entry.name
            if name == ".state":
                continue
            if entry.is_dir(follow_symlinks=False):
                _walk(opened, name, sizes, strange)
                continue
            status = entry.stat(follow_symlinks=False)
            if entry.is_file(follow_symlinks=False) and status.st_nlink == 1:
                sizes[name] = status.st_size
            else:
                strange.append(name)
