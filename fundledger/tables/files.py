"""Files that people name: read with care, and what is wrong with one said in both languages."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from fundledger.errors import InputInvalid
from fundledger.findings import Finding

NOT_REGULAR = ("不是普通文件", "it is no regular file")
_REASONS = {
    errno.ENOENT: ("不存在", "it is not there"),
    errno.EACCES: ("没有权限", "permission is denied"),
    errno.EPERM: ("没有权限", "permission is denied"),
    errno.EISDIR: ("是目录", "it is a directory"),
    errno.ENOTDIR: ("路径中有一段不是目录", "a part of its path is no directory"),
    errno.ELOOP: ("符号链接过多", "there are too many symbolic links"),
    errno.ENOSPC: ("磁盘已满", "the disk is full"),
    errno.EROFS: ("磁盘只读", "the disk is read-only"),
    errno.EPIPE: ("读取方已离开", "whoever read it has left"),
    errno.EBADF: ("未打开", "it is not open"),
    errno.EIO: ("设备读写出错", "the device failed"),
    errno.ENAMETOOLONG: ("名称过长", "its name is too long"),
}


def reasons(error: OSError) -> tuple[str, str]:
    """Return why the operating system refused, in Chinese and English."""
    said = error.strerror or type(error).__name__
    return _REASONS.get(error.errno or 0, (said, said))


def unusable(name: str, error: OSError) -> Finding:
    """Return what the operating system says of a file, as a finding (FL927)."""
    zh, en = reasons(error)
    return Finding("FL927", name, {"reason_zh": zh, "reason_en": en})


def irregular(name: str) -> Finding:
    """Return that something is no regular file, as a finding (FL927)."""
    return Finding("FL927", name, {"reason_zh": NOT_REGULAR[0], "reason_en": NOT_REGULAR[1]})


def read_bytes(path: Path, most_bytes: int) -> bytes:
    """Return the content of a regular file of at most `most_bytes`.

    Raises:
        InputInvalid: FL927, it cannot be read; FL940, it is larger.

    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise InputInvalid(irregular(str(path)))
            data = file.read(most_bytes + 1)
    except OSError as error:
        raise InputInvalid(unusable(str(path), error)) from None
    except ValueError:
        raise InputInvalid(unusable(str(path), OSError(errno.ENOENT, ""))) from None
    if len(data) > most_bytes:
        limit = f"{most_bytes // 1024 // 1024} MB"
        raise InputInvalid(Finding("FL940", path.name, {"limit": limit}))
    return data
