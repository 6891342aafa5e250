"""Files that commands hand out: written whole, and never over what is there."""

from __future__ import annotations

import os
from pathlib import Path

from fundledger.errors import InputInvalid
from fundledger.findings import Finding


def hold_free(path: Path) -> None:
    """Find out before an act that its paper can be written after it.

    Raises:
        InputInvalid: FL941, something of that name is there.

    """
    if os.path.lexists(path):
        raise InputInvalid(Finding("FL941", str(path)))


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
