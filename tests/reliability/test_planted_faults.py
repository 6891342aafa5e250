"""The power-loss model notices: a protocol with one guard less loses or doubles records."""

from __future__ import annotations

import errno
from collections.abc import Mapping

import pytest

from fundledger.ledger import current, mend
from fundledger.ledger.batches.paylist import list_path
from fundledger.ledger.current import CurrentBooks
from fundledger.ledger.note import NOTHING
from fundledger.ledger.store import Store
from support.acts import Healthy, run_of
from support.crashes import Explorer, Violated
from support.explore import drawn
from support.sim_disk import SimDisk
from support.sim_machine import Folder, parted


class WithoutFolderSync(SimDisk):
    def fsync_folder(self, folder: str) -> None:
        del folder


class WithoutSync(SimDisk):
    def fsync(self, name: str) -> None:
        del name


class AcknowledgedBeforeSync(SimDisk):
    """A cache that is written back later, behind a sync that says it was done."""

    def fsync(self, name: str) -> None:
        if not name.startswith("journal/2"):
            super().fsync(name)


class NotedBeforeSync(SimDisk):
    """The note in the lock file is written before the line that it names is synced."""

    _unsynced = ""

    def fsync(self, name: str) -> None:
        if name.startswith("journal/2"):
            self._unsynced = name
        else:
            super().fsync(name)

    def set_flag(self, note: bytes) -> None:
        super().set_flag(note)
        if self._unsynced:
            super().fsync(self._unsynced)
            self._unsynced = ""


class InPlace(SimDisk):
    """Files are cut and written again where they are, the same inode and no temporary file."""

    def replace(self, name: str, data: bytes) -> None:
        node = self.machine.find(name)
        if node is None:
            super().replace(name, data)
            return
        file = self.machine.file(name)
        common = 0
        while common < min(len(data), len(file.cache)) and data[common] == file.cache[common]:
            common += 1
        file.durable = file.durable[: len(data)]
        file.cache, file.pending = data[:common], []
        if data[common:]:
            self._write(name, data[common:])
        self.fsync(name)


class ReplacedUnsynced(SimDisk):
    """A new file gets its name before its content is on the disk."""

    def replace(self, name: str, data: bytes) -> None:
        parent, last = parted(name)
        temporary = f"{name[: len(name) - len(last)]}.{last}.new"
        if self.machine.find(temporary) is not None:
            self._rename(temporary, None)
        self._create(temporary)
        self._write(temporary, data)
        self._rename(temporary, name)
        self.fsync_folder(parent)


class UnsettledFolders(SimDisk):
    def settle(self, folder: str) -> None:
        del folder


class NeverSwept(SimDisk):
    def sweep(self, folder: str) -> None:
        del folder


class NothingQuarantined(SimDisk):
    def replace(self, name: str, data: bytes) -> None:
        if not name.startswith(".state/quarantine/"):
            super().replace(name, data)


class ListBehindItsLine(SimDisk):
    """A list is written once the line is there that names it."""

    _behind: tuple[str, bytes] | None = None

    def replace(self, name: str, data: bytes) -> None:
        if name.startswith("lists/"):
            self._behind = name, data
        else:
            super().replace(name, data)

    def fsync(self, name: str) -> None:
        super().fsync(name)
        if name.startswith("journal/2") and self._behind is not None:
            super().replace(*self._behind)
            self._behind = None


class ListUnsynced(SimDisk):
    def fsync(self, name: str) -> None:
        if not name.startswith("lists/"):
            super().fsync(name)


class NameOfListUnsynced(SimDisk):
    def fsync_folder(self, folder: str) -> None:
        if folder != "lists":
            super().fsync_folder(folder)


class FolderOfListsUnsynced(SimDisk):
    """Nothing syncs the name of a new folder for lists before the line is written."""

    def make_folder(self, folder: str) -> None:
        if folder == "lists" and self.machine.find(folder) is None:
            self._change("mkdir", folder)
            self.machine.link(folder, Folder())
        else:
            super().make_folder(folder)


class SameBoot(SimDisk):
    """A start of the machine that is not told from the one before."""

    def boot(self) -> str:
        return "boot"


def _explorer(run: Healthy, disk_class: type[SimDisk] = SimDisk) -> Explorer:
    return Explorer(run, disk_class=disk_class, to_the_first=True)


@pytest.mark.parametrize(
    ("disk_class", "name"),
    [
        (WithoutFolderSync, "first"),
        (WithoutFolderSync, "assertion"),
        (WithoutSync, "expense"),
        (AcknowledgedBeforeSync, "expense"),
        (ReplacedUnsynced, "expense"),
        (NothingQuarantined, "close 2026-01"),
        (SameBoot, "reversal"),
        (NotedBeforeSync, "expense"),
        (WithoutFolderSync, "sign"),
        (WithoutSync, "sign"),
        (AcknowledgedBeforeSync, "sign"),
        (ReplacedUnsynced, "sign"),
        (NothingQuarantined, "sign"),
        (NotedBeforeSync, "sign"),
        (WithoutFolderSync, "give up"),
        (WithoutSync, "give up"),
        (AcknowledgedBeforeSync, "give up"),
        (ReplacedUnsynced, "give up"),
        (NothingQuarantined, "give up"),
        (NotedBeforeSync, "give up"),
        (ListBehindItsLine, "prepare"),
        (ListBehindItsLine, "result"),
        (ListUnsynced, "prepare"),
        (ListUnsynced, "result"),
        (NameOfListUnsynced, "prepare"),
        (NameOfListUnsynced, "result"),
        (FolderOfListsUnsynced, "prepare"),
        (WithoutSync, "approve"),
    ],
)
def test_a_disk_that_keeps_less_than_it_says_is_noticed(
    disk_class: type[SimDisk], name: str
) -> None:
    run = run_of(name)
    explorer = Explorer(run, drawn(run), 100, disk_class, to_the_first=True)
    with pytest.raises(Violated):
        explorer.power_losses()


@pytest.mark.parametrize(
    ("disk_class", "name"), [(UnsettledFolders, "first"), (NeverSwept, "assertion")]
)
def test_a_recovery_that_leaves_to_chance_what_a_kill_left_is_noticed(
    disk_class: type[SimDisk], name: str
) -> None:
    run = run_of(name)
    with pytest.raises(Violated):
        _explorer(run, disk_class).kills()


@pytest.mark.parametrize("name", ["expense", "sign", "give up"])
def test_a_segment_that_is_not_written_anew_after_a_failed_sync_is_noticed(name: str) -> None:
    run = run_of(name)
    with pytest.raises(Violated):
        _explorer(run, InPlace).faults(errno.EIO)


def _trusting(store: Store, files: Mapping[str, bytes]) -> None:
    """Write no list that lies there already, whoever left it."""
    disk = store._disk  # noqa: SLF001 - a fault in its inside
    for digest, data in files.items():
        disk.make_folder("lists")
        if disk.size(list_path(digest)) != len(data):
            disk.replace(list_path(digest), data)


def test_a_list_that_is_trusted_where_it_lies_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of("prepare")
    monkeypatch.setattr(Store, "_write_files", _trusting)
    with pytest.raises(Violated):
        _explorer(run).kills()
    with pytest.raises(Violated):
        _explorer(run).faults(errno.EIO)


def _nothing(*_: object) -> None:
    return None


def _no_files(*_: object) -> list[str]:
    return []


def _forgetful(books: CurrentBooks) -> None:
    """Note that the journal is about to grow, and nothing of what is missing from it."""
    books._leave("dirty", NOTHING)  # noqa: SLF001 - a fault in its inside


PATCHES: dict[str, tuple[object, str, object, tuple[str, ...]]] = {
    "the key is not looked up": (
        Store, "_earlier", _nothing, ("expense", "sign", "give up", "prepare"),
    ),
    "a torn tail is left where it is": (
        current, "mend_tail", _no_files, ("close 2026-01", "sign", "give up"),
    ),
    "a torn tail is never seen as one": (
        mend, "is_torn", lambda _: False, ("close 2026-01", "sign", "give up"),
    ),
    "books are not written again": (current, "write_books", _no_files, ("reversal", "sign")),
    "what is missing is forgotten too early": (CurrentBooks, "begin", _forgetful, ("give up",)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "name"), [(fault, name) for fault, (*_, names) in PATCHES.items() for name in names]
)
def test_a_recovery_with_one_guard_less_is_noticed(
    monkeypatch: pytest.MonkeyPatch, fault: str, name: str
) -> None:
    where, what, instead, _ = PATCHES[fault]
    run = run_of(name)
    monkeypatch.setattr(where, what, instead)
    with pytest.raises(Violated):
        _explorer(run).power_losses()
