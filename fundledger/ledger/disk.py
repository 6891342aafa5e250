"""A fund's directory on a real file system: plain operations, no link followed."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fundledger.errors import Busy, InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.door import Snapshot
from fundledger.ledger.journal import TEMPORARY
from fundledger.ledger.look import look
from fundledger.ledger.note import NO_NOTE, NOTE_BYTES, read_note
from fundledger.media import boot_id, locked_within, sync, sync_path, write_all

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
LOCK = ".state/lock"
_BLOCK = 1 << 20


class RealDisk:
    """A fund's directory on a real file system; links and special files are refused."""

    def __init__(self, root: Path) -> None:
        """Open the directory; files are reached through it, never through a symbolic link."""
        self.root = root
        self._folders: dict[str, int] = {}
        self._moved: list[int] = []
        self._lock: int | None = None
        self._boot = ""

    def __del__(self) -> None:
        self.close()

    def __reduce__(self) -> str:
        """Refuse to be copied: two would close the same descriptors."""
        message = "a fund's open files are not copied; open the office once more"
        raise TypeError(message)

    def close(self) -> None:
        """Let go of all open folders."""
        for handle in (*self._folders.values(), *self._moved):
            os.close(handle)
        self._folders.clear()
        self._moved.clear()

    def _folder(self, folder: str) -> int:
        handle = self._folders.get(folder)
        if handle is None:
            try:
                if folder:
                    parent, _, last = folder.rpartition("/")
                    handle = os.open(last, _DIRECTORY, dir_fd=self._folder(parent))
                else:
                    handle = os.open(self.root, _DIRECTORY & ~os.O_NOFOLLOW)
            except OSError as error:
                if error.errno in {errno.ELOOP, errno.ENOTDIR}:
                    raise InputInvalid(Finding("FL603", folder or self.root.name)) from error
                raise
            kept = self._folders.setdefault(folder, handle)
            if kept != handle:  # another thread opened it meanwhile
                os.close(handle)
            return kept
        return handle

    def _open(self, name: str, flags: int, mode: int = 0o640) -> int:
        folder, _, last = name.rpartition("/")
        try:
            handle = os.open(
                last,
                flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK,
                mode,
                dir_fd=self._folder(folder),
            )
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.ENXIO, errno.EISDIR}:
                raise InputInvalid(Finding("FL603", name)) from error
            raise
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            os.close(handle)
            raise InputInvalid(Finding("FL603", name))
        return handle

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder, in order; none when there is no such folder."""
        try:
            with self._listed(folder) as handle:
                return sorted(os.listdir(handle))  # noqa: PTH208 - by an open folder
        except FileNotFoundError:
            return []

    @contextmanager
    def _listed(self, folder: str) -> Iterator[int]:
        """Open a folder once more to list it, so that nobody else moves on where it is read.

        Threads and forked processes share the offset of a descriptor that they share: of two who
        list a folder by one, each misses what the other saw.
        """
        handle = os.open(".", _DIRECTORY, dir_fd=self._folder(folder))
        try:
            yield handle
        finally:
            os.close(handle)

    def size(self, name: str) -> int | None:
        """Return a file's length in bytes, or None when there is no such file."""
        try:
            handle = self._open(name, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            return os.fstat(handle).st_size
        finally:
            os.close(handle)

    def read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        """Return the bytes of a file from `start` up to `end`."""
        handle = self._open(name, os.O_RDONLY)
        try:
            stop = os.fstat(handle).st_size if end is None else end
            parts = []
            while start < stop:
                part = os.pread(handle, min(_BLOCK, stop - start), start)
                if not part:
                    break
                parts.append(part)
                start += len(part)
            return b"".join(parts)
        finally:
            os.close(handle)

    def lines(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Yield the lines of a file between two offsets; the last may lack its line end."""
        with os.fdopen(self._open(name, os.O_RDONLY), "rb", buffering=_BLOCK) as file:
            file.seek(start)
            for line in file:
                start += len(line)
                if start > end:
                    yield line[: len(line) - (start - end)]
                    return
                yield line
                if start == end:
                    return

    def append(self, name: str, data: bytes) -> None:
        """Write all of `data` at the end of a file, creating it."""
        handle = self._open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            write_all(handle, data)
        finally:
            os.close(handle)

    def fsync(self, name: str) -> None:
        """Make the content of a file durable."""
        handle = self._open(name, os.O_WRONLY)
        try:
            sync(handle)
        finally:
            os.close(handle)

    def fsync_folder(self, folder: str) -> None:
        """Make the names in a folder durable."""
        sync(self._folder(folder))

    def replace(self, name: str, data: bytes) -> None:
        """Put a new file in a name's place, all or nothing, and make it durable."""
        folder, _, last = name.rpartition("/")
        temporary = f"{folder}/.{last}.new" if folder else f".{last}.new"
        self._unlink(temporary)
        handle = self._open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            write_all(handle, data)
            sync(handle)
        finally:
            os.close(handle)
        parent = self._folder(folder)
        os.rename(f".{last}.new", last, src_dir_fd=parent, dst_dir_fd=parent)
        sync(parent)

    def sweep(self, folder: str) -> None:
        """Remove from a folder what an interrupted `replace` left there."""
        for name in self.names(folder):
            if TEMPORARY.fullmatch(name):
                self._unlink(f"{folder}/{name}" if folder else name)

    def _unlink(self, name: str) -> None:
        folder, _, last = name.rpartition("/")
        try:
            os.unlink(last, dir_fd=self._folder(folder))
        except FileNotFoundError:
            return

    def make_folder(self, folder: str) -> None:
        """Create a folder, durably, unless it is there."""
        if folder in self._folders:
            return
        parent, _, last = folder.rpartition("/")
        if parent:
            self.make_folder(parent)
        try:
            os.mkdir(last, 0o750, dir_fd=self._folder(parent))
        except FileExistsError:
            self._folder(folder)
            return
        sync(self._folder(parent))

    def settle(self, folder: str) -> None:
        """Make the names durable that lead to a folder, whoever created them.

        Who made a folder may have been killed before its fsync.  What stands above the fund's own
        directory is synced as far up as this process may look: it made nothing beyond that.
        """
        parts = folder.split("/")
        for count in range(len(parts) - 1, -1, -1):
            self.fsync_folder("/".join(parts[:count]))
        for above in self.root.absolute().parents:
            try:
                sync_path(above)
            except PermissionError:
                return

    def _make_root(self) -> None:
        """Create the fund's directory, durably, unless it is there."""
        folders = (self.root, *self.root.parents)
        for folder in reversed([folder for folder in folders if not folder.is_dir()]):
            folder.mkdir(0o750, exist_ok=True)
            sync_path(folder.parent)

    def boot(self) -> str:
        """Return what names this start of the machine; another one after every power loss."""
        if not self._boot:
            self._boot = boot_id()
        return self._boot

    @contextmanager
    def locked(self, timeout_seconds: float, *, shared: bool = False) -> Iterator[None]:
        """Hold the fund's lock, exclusively or with other readers.

        Raises:
            Busy: FL906, another process held it until the deadline.

        """
        mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        handle = self._locked_file(mode, timeout_seconds)
        try:
            self._lock = handle
            yield
        finally:
            self._lock = None
            os.close(handle)

    def _locked_file(self, mode: int, timeout_seconds: float) -> int:
        """Return the lock file, locked: the one that stands at its place, not one moved away."""
        while True:
            self._look_again()
            try:
                self._folder("")
            except FileNotFoundError:
                self._make_root()
            self.make_folder(".state")
            handle = self._open(LOCK, os.O_RDWR | os.O_CREAT)
            try:
                self._wait(handle, mode, timeout_seconds)
                self._look_again()
                if ".state" in self._folders and self._stands(LOCK, handle):
                    return handle
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)

    def _look_again(self) -> None:
        """Let go of folders that were moved away since they were opened."""
        for folder, handle in list(self._folders.items()):
            if not self._stands(folder, handle) and self._folders.pop(folder, None) == handle:
                self._moved.append(handle)

    def _stands(self, name: str, handle: int) -> bool:
        """Whether what stands under a name is what a descriptor was opened for."""
        try:
            path = f"{self.root}/{name}"
            status = os.stat(path, follow_symlinks=not name)  # noqa: PTH116 - once a commit
        except OSError:
            return False
        return os.path.samestat(status, os.fstat(handle))

    def _wait(self, handle: int, mode: int, timeout_seconds: float) -> None:
        if not locked_within(handle, mode, timeout_seconds):
            raise Busy(Finding("FL906", self.root.name, {"seconds": timeout_seconds}))

    def snapshot(self, timeout_seconds: float) -> Snapshot:
        """Look at all files at one moment between two commits; writes nothing.

        Raises:
            Busy: FL906, a writer held the lock until the deadline.

        """
        if self._lock is None:  # else another thread is at work in these folders
            self._look_again()
        try:
            handle = self._open(LOCK, os.O_RDONLY)
        except OSError:
            return look(self, self._listed if self.root.is_dir() else None, NO_NOTE)
        try:
            self._wait(handle, fcntl.LOCK_SH, timeout_seconds)
            return look(self, self._listed, read_note(os.pread(handle, NOTE_BYTES, 0)))
        finally:
            os.close(handle)

    @contextmanager
    def reading(self, timeout_seconds: float) -> Iterator[bytes]:
        """Keep writers out while the fund is read, writing nothing; gives the last one's note.

        A fund without a lock has had no writer yet, and gives an empty note.

        Raises:
            Busy: FL906, a writer held the lock until the deadline.

        """
        self._look_again()
        try:
            handle = self._open(LOCK, os.O_RDONLY)
        except OSError:
            yield b""
            return
        try:
            self._wait(handle, fcntl.LOCK_SH, timeout_seconds)
            yield os.pread(handle, NOTE_BYTES, 0).rstrip()
        finally:
            os.close(handle)

    def flag(self) -> bytes:
        """Return the note that the last holder of the lock left."""
        return os.pread(self._held(), NOTE_BYTES, 0).rstrip()

    def set_flag(self, note: bytes) -> None:
        """Leave a note for the next holder; it need not survive a power loss."""
        padded = note.ljust(NOTE_BYTES)
        if os.pwrite(self._held(), padded, 0) != len(padded):
            raise OSError(errno.EIO, "short write to the lock file")

    def _held(self) -> int:
        if self._lock is None:
            message = "the lock is not held"
            raise RuntimeError(message)
        return self._lock
