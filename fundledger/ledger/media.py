"""What a drive and a kernel promise: that something is durable, and which start this is."""

from __future__ import annotations

import _thread
import errno
import fcntl
import os
import sys
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
    writers more than their work, and so does what `threading.Thread` does beside starting one.
    One that is left behind holds nothing: the lock that it is given in the end goes with the file
    that was closed.  It is waited for in parts, for an interruption that comes just before a wait
    does not end it.
    """
    with suppress(BlockingIOError):
        fcntl.flock(handle, mode | fcntl.LOCK_NB)
        return True
    granted = _thread.allocate_lock()
    granted.acquire()

    def wait() -> None:
        with suppress(OSError):
            fcntl.flock(handle, mode)
            granted.release()

    _thread.start_new_thread(wait, ())
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if granted.acquire(timeout=min(left, _INTERRUPTIBLE_SECONDS)):
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
