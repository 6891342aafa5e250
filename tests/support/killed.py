"""Kills real processes on real files, before any system call by which they change the disk.

python -m support.killed ACT FOLDER does an act once in a process of its own for every call that it
makes, killed by SIGKILL before that call, each time on a new copy of FOLDER/before; it prints, as
JSON, how many were killed, and the calls of the one that was not.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support.acts import ACTS, Act
from support.explore import environment
from support.sim_disk import Step


class Watch:
    """Stands before the calls of `os` that change the disk: counts them, and kills at one."""

    def __init__(self, root: Path, kill_at: int | None) -> None:
        """Watch what happens in and around a fund's folder."""
        self.steps: list[Step] = []
        self._root = str(root)
        self._kill_at = kill_at
        self._paths: dict[int, str] = {}
        self._open = os.open

    def begin(self) -> None:
        """Put the watch in place, for this process and for good."""
        os.open = self._opened  # type: ignore[assignment]  # its mode is in `rest`
        os.mkdir = self._by_name("mkdir", os.mkdir)
        os.unlink = self._by_name("unlink", os.unlink)
        os.rename = self._renamed(os.rename)
        os.write = self._by_handle("write", os.write)
        os.pwrite = self._by_handle("write", os.pwrite)
        os.fsync = self._by_handle("fsync", os.fsync)

    def _count(self) -> None:
        if len(self.steps) == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def _note(self, call: str, path: str) -> None:
        inside = path == self._root or path.startswith(f"{self._root}/")
        step = Step(call, path[len(self._root) + 1 :] if inside else "/")
        if inside or not self.steps or self.steps[-1] != step:
            self.steps.append(step)

    def _path(self, name: Any, folder: int | None) -> str:  # noqa: ANN401 - as os takes it
        return os.fspath(name) if folder is None else f"{self._paths[folder]}/{name}"

    def _opened(self, name: Any, flags: int, *rest: Any, dir_fd: int | None = None) -> int:  # noqa: ANN401
        path = self._path(name, dir_fd)
        new = bool(flags & os.O_CREAT) and not os.path.lexists(path)
        if new:
            self._count()
        handle = self._open(name, flags, *rest, dir_fd=dir_fd)
        self._paths[handle] = path
        if new:
            self._note("create", path)
        return handle

    def _by_name(self, call: str, function: Callable[..., None]) -> Callable[..., None]:
        def watched(name: Any, *rest: Any, dir_fd: int | None = None) -> None:  # noqa: ANN401
            self._count()
            function(name, *rest, dir_fd=dir_fd)
            self._note(call, self._path(name, dir_fd))

        return watched

    def _renamed(self, function: Callable[..., None]) -> Callable[..., None]:
        def watched(old: Any, new: Any, *, src_dir_fd: int, dst_dir_fd: int) -> None:  # noqa: ANN401
            self._count()
            function(old, new, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)
            self._note("rename", self._path(new, dst_dir_fd))

        return watched

    def _by_handle(self, call: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(handle: int, *rest: Any) -> Any:  # noqa: ANN401 - as os gives it
            self._count()
            result = function(handle, *rest)
            self._note(call, self._paths[handle])
            return result

        return watched


def done_in(root: Path, act: Act, kill_at: int | None) -> tuple[int, list[Step]]:
    """Do an act in a process of its own; return how it ended (a signal is negative), its steps."""
    log = root.parent / "steps.json"
    child = os.fork()
    if child == 0:
        watch = Watch(root, kill_at)
        watch.begin()
        act.in_folder(root)
        log.write_text(json.dumps([[step.call, step.name] for step in watch.steps]))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    steps = [Step(*step) for step in json.loads(log.read_text())] if log.exists() else []
    return os.waitstatus_to_exitcode(status), steps


def killed_everywhere(act: str, folder: Path) -> tuple[int, list[Step]]:
    """Let a process of its own kill an act before every call; see above."""
    command = [sys.executable, "-m", "support.killed", act, str(folder)]
    done = subprocess.run(command, env=environment(), check=True, stdout=subprocess.PIPE)
    count, steps = json.loads(done.stdout)
    return count, [Step(*step) for step in steps]


def main(name: str, folder: Path) -> None:
    """Kill the act before its first call, its second, and so on, until it ends by itself."""
    count = 0
    while True:
        root = folder / str(count) / "dibao"
        if (folder / "before").is_dir():
            shutil.copytree(folder / "before", root)
        else:
            root.parent.mkdir()
        code, steps = done_in(root, ACTS[name], count)
        if code != -signal.SIGKILL:
            break
        count += 1
    if code:
        sys.exit(f"{name} ended with {code}")
    json.dump([count, [[step.call, step.name] for step in steps]], sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
