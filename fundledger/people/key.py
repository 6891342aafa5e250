"""The key of the vault: a file outside the office's folder that its owner alone may read."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from fundledger.errors import VaultClosed
from fundledger.findings import Finding
from fundledger.media import sync, sync_path, write_all

KEY_BYTES = 32
_TEXT = re.compile(rb"fundledger vault key ([0-9a-f]{64})\n", re.ASCII)
_MOST_BYTES = 4096
_REASONS = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.EISDIR: "folder",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EEXIST: "there",
}


@dataclass(frozen=True, slots=True, repr=False)
class VaultKey:
    """A secret of 32 bytes; `id` names it without giving it away."""

    secret: bytes

    @property
    def id(self) -> str:
        """The key's name, as the vault's file states which key it takes."""
        return hashlib.sha256(b"fundledger vault key id 1|" + self.secret).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"VaultKey({self.id})"


def make_key(path: Path, office: Path, secret: bytes) -> VaultKey:
    """Write a new key file, 0600, durably; `secret` are 32 random bytes.

    Raises:
        VaultClosed: FL722, it would lie in the office's folder; FL721, it cannot be written, or
            something of that name is there.

    """
    _expect_outside(path, office)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, flags, 0o600)
        try:
            write_all(handle, b"fundledger vault key " + secret.hex().encode() + b"\n")
            sync(handle)
        finally:
            os.close(handle)
        sync_path(path.parent)
    except OSError as error:
        raise _unusable(path, error) from error
    return VaultKey(secret)


def read_key(path: Path, office: Path) -> VaultKey:
    """Return the key that a file holds.

    Raises:
        VaultClosed: FL721, there is none, or it cannot be read; FL722, it lies in the office's
            folder, where a copy of the office would take it along; FL723, others than its owner
            may read it, or it is a link; FL724, it holds no key.

    """
    _expect_outside(path, office)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        if path.is_symlink():
            raise VaultClosed(Finding("FL723", str(path), {"mode": "link"})) from error
        raise _unusable(path, error) from error
    try:
        status = os.fstat(handle)
        if stat.S_ISDIR(status.st_mode):
            raise _unusable(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
        linked = status.st_nlink > 1
        if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077 or linked:
            mode = "linked" if linked else f"{stat.S_IMODE(status.st_mode):o}"
            raise VaultClosed(Finding("FL723", str(path), {"mode": mode}))
        data = os.read(handle, _MOST_BYTES)
    finally:
        os.close(handle)
    found = _TEXT.fullmatch(data)
    if found is None:
        raise VaultClosed(Finding("FL724", str(path), {}))
    return VaultKey(bytes.fromhex(found[1].decode("ascii")))


def _expect_outside(path: Path, office: Path) -> None:
    inside = (office.resolve(), (office / "private").resolve())
    near = (path.resolve(), Path(os.path.abspath(path)))  # noqa: PTH100 - as it is written
    here = Path(os.path.abspath(office))  # noqa: PTH100 - as above
    if any(one.is_relative_to(place) for one in near for place in (*inside, here)):
        raise VaultClosed(Finding("FL722", str(path), {"office": str(office)}))


def _unusable(path: Path, error: OSError) -> VaultClosed:
    reason = _REASONS.get(error.errno or 0) or error.strerror or str(error)
    return VaultClosed(Finding("FL721", str(path), {"reason": reason}))
