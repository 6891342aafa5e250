"""What a drive and a kernel promise: that something is durable, and which start this is."""

from __future__ import annotations

import errno
import fcntl
import os
import sys
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path

_INTERRUPTIBLE_SECONDS = 0.5


def sync(handle: int) -> None:
    """Make durable what a descriptor stands for, through the drive's own cache too."""
    if sys.platform == "darwin":
        try:
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
        except OSError as error:
            if error.errno not in {errno.ENOTSUP, errno.EINVAL, errno.ENOTTY}:
                raise
        else:
            return
    os.fsync(handle)


def sync_path(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes) -> None:
    """Write all of `data`, in as many calls as it takes."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def locked_within(handle: int, mode: int, seconds: float) -> bool:
    """Lock a file that the caller closes whatever comes of it; whether that was done in time.

    The kernel has no deadline for this, so a thread waits; to ask again and again costs sixteen
    writers more than their work.  The thread has a descriptor of its own of the same open file, so
    that one that is left behind locks nothing else, and lets go of what it is given in the end.
    It is waited for in parts, for an interruption just before a wait does not end that wait.
    """
    with suppress(BlockingIOError):
        fcntl.flock(handle, mode | fcntl.LOCK_NB)
        return True
    until = time.monotonic() + seconds
    granted = threading.Event()
    own = os.dup(handle)

    def wait() -> None:
        with suppress(OSError):
            fcntl.flock(own, mode)
            granted.set()
        os.close(own)

    threading.Thread(target=wait, daemon=True).start()
    while (left := until - time.monotonic()) > 0:
        if granted.wait(min(left, _INTERRUPTIBLE_SECONDS)):
            return True
    return False


def boot_id() -> str:
    """Return the kernel's name for this start; where it has none, one that never comes again."""
    if sys.platform == "darwin":
        import ctypes  # noqa: PLC0415 - on macOS only

        size = ctypes.c_size_t(64)
        text = ctypes.create_string_buffer(size.value)
        name = b"kern.bootsessionuuid"
        if not ctypes.CDLL(None).sysctlbyname(name, text, ctypes.byref(size), None, 0):
            return text.value.decode("ascii")
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return uuid.uuid4().hex


def write_private(path: Path, data: bytes) -> None:
    """Put a new file in a name's place, for its owner alone, all or nothing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        write_all(handle, data)
        sync(handle)
    finally:
        os.close(handle)
    fresh.rename(path)
    sync_path(path.parent)
