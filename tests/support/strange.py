"""Things that stand where a file should."""

from __future__ import annotations

import os
from pathlib import Path


def place_strange(path: Path, how: str, other: Path) -> None:
    """Put a link to `other`, a folder or a pipe in the place of a file."""
    if path.is_dir():
        path.rename(path.with_name(f"{path.name}-moved"))
    else:
        path.unlink(missing_ok=True)
    if how == "symlink":
        path.symlink_to(other)
    elif how == "hardlink":
        path.hardlink_to(other)
    elif how == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
