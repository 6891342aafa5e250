"""Files that commands hand out: written whole, and never over what is there."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.tables.files import unusable


def expect_new(path: Path) -> None:
    """Refuse, before an act is carried out, a file that could not be written after it.

    Raises:
        InputInvalid: FL941, something of that name is there; FL927, its folder takes no file.

    """
    if os.path.lexists(path):
        raise InputInvalid(Finding("FL941", str(path)))
    folder = next((above for above in path.parents if os.path.lexists(above)), Path())
    if not folder.is_dir():
        raise InputInvalid(unusable(str(folder), OSError(errno.ENOTDIR, "")))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputInvalid(unusable(str(folder), OSError(errno.EACCES, "")))


def write_new(path: Path, data: bytes) -> None:
    """Write a new file, with the folders it lies in.

    Raises:
        InputInvalid: FL941, something of that name is there.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        handle = os.open(path, flags, 0o640)
    except FileExistsError:
        raise InputInvalid(Finding("FL941", str(path))) from None
    with os.fdopen(handle, "wb") as file:
        file.write(data)
