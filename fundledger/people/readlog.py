"""The log beside the vault: who read whom and what for, and how often the vault was written."""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path

from fundledger.media import sync, sync_path, write_all

_WRITTEN = re.compile(rb'"written":(\d{1,18})\}')
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def append_line(path: Path, line: bytes) -> None:
    """Write one line at the end of the log, durably; what fails leaves nothing of it there.

    Raises:
        OSError: the disk refused, or something else stands in its place.

    """
    fresh = not path.exists()
    handle = os.open(path, _FLAGS, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        torn = size and os.pread(handle, 1, size - 1) != b"\n"
        try:
            write_all(handle, (b"\n" if torn else b"") + line + b"\n")
            sync(handle)
        except BaseException:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
    if fresh:
        sync_path(path.parent)


def last_written(path: Path) -> int:
    """Return how often the vault was written, by the log; 0 where it says nothing."""
    try:
        data = path.read_bytes()
    except OSError:
        return 0
    return max((int(found[1]) for found in _WRITTEN.finditer(data)), default=0)
