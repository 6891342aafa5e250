"""Guards for .xls files: enough of the compound file and BIFF to see what must not be there."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from fundledger.bank.problems import Problems, letters

MAX_CELLS = 4_000_000
_END_OF_CHAIN = 0xFFFFFFFA
_DIRECTORY_ENTRY_BYTES = 128
_STREAM, _ROOT = 2, 5
_FILEPASS, _FORMULA, _BOOLERR = 0x002F, 0x0006, 0x0205
_VALUES = frozenset((0x0203, 0x0204, 0x00FD, 0x027E, 0x00D6))


class _DamagedError(ValueError):
    """A compound file whose chains or sizes contradict themselves."""


def guard_xls(data: bytes, problems: Problems) -> None:
    """Refuse an .xls that no bank exports.

    FL807 for encryption, FL806 for macros, FL808 for damage, FL805 for too many cells, FL804 for
    a compound file without a workbook; FL814 for each formula and FL815 for each error cell.
    Source: [MS-CFB] 2.2–2.6, [MS-XLS] 2.4.
    """
    try:
        streams = _Compound(data).streams
        names = {name.lower() for name in streams}
        if "encryptedpackage" in names:
            problems.stop("FL807")
        if any(name.startswith("_vba_project") or name == "vba" for name in names):
            problems.stop("FL806")
        book = next((streams[n] for n in streams if n.lower() in {"workbook", "book"}), None)
        if book is None:
            problems.stop("FL804", found="OLE")
        _scan(book, problems)
    except (_DamagedError, struct.error, IndexError):
        problems.stop("FL808", reason="OLE")


def _scan(book: bytes, problems: Problems) -> None:
    last_row = last_column = 0
    for kind, body in _records(book):
        if kind == _FILEPASS:
            problems.stop("FL807")
        if kind in _VALUES or kind in {_FORMULA, _BOOLERR}:
            row, column = struct.unpack_from("<HH", body)
            last_row, last_column = max(last_row, row + 1), max(last_column, column + 1)
            if kind == _FORMULA:
                problems.add("FL814", cell=f"{letters(column)}{row + 1}")
            elif kind == _BOOLERR and body[7]:
                problems.add("FL815", cell=f"{letters(column)}{row + 1}")
    if last_row * last_column > MAX_CELLS:
        problems.stop("FL805", reason=f"{last_row} x {last_column}")


def _records(book: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        if at + 4 + size > len(book):
            raise _DamagedError
        if kind == 0 and size == 0:
            return
        yield kind, book[at + 4 : at + 4 + size]
        at += 4 + size


class _Compound:
    """The directory and the streams of a compound file, every chain bounded by its size."""

    __slots__ = ("_data", "_fat", "_sector_bytes", "streams")

    def __init__(self, data: bytes) -> None:
        self._data = data
        (shift, mini_shift) = struct.unpack_from("<HH", data, 30)
        if shift not in {9, 12} or mini_shift != 6:  # noqa: PLR2004 - the two versions there are
            raise _DamagedError
        self._sector_bytes = 1 << shift
        (first_directory,) = struct.unpack_from("<I", data, 48)
        cutoff, first_mini_fat, _, first_difat, difat_count = struct.unpack_from("<5I", data, 56)
        self._fat = self._read_fat(first_difat, difat_count)
        entries = list(self._entries(self._chain(first_directory)))
        root = next((entry for entry in entries if entry[1] == _ROOT), None)
        mini = self._chain(root[2]) if root else b""
        packed = self._chain(first_mini_fat) if first_mini_fat < _END_OF_CHAIN else b""
        mini_fat = struct.unpack(f"<{len(packed) // 4}I", packed)
        self.streams: dict[str, bytes] = {}
        for name, kind, start, size in entries:
            if kind != _STREAM:
                self.streams.setdefault(name, b"")
            elif size >= cutoff:
                self.streams[name] = self._chain(start)[:size]
            else:
                self.streams[name] = _mini_chain(mini, mini_fat, start)[:size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._sector_bytes
        sector = self._data[start : start + self._sector_bytes]
        if not sector:
            raise _DamagedError
        return sector

    def _read_fat(self, first_difat: int, difat_count: int) -> tuple[int, ...]:
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        per_sector = self._sector_bytes // 4
        for _ in range(min(difat_count, len(self._data) // self._sector_bytes)):
            *more, first_difat = struct.unpack(f"<{per_sector}I", self._sector(first_difat))
            numbers += more
        packed = b"".join(self._sector(number) for number in numbers if number < _END_OF_CHAIN)
        return struct.unpack(f"<{len(packed) // 4}I", packed)

    def _chain(self, start: int) -> bytes:
        sectors: list[bytes] = []
        while start < _END_OF_CHAIN:
            if len(sectors) > len(self._fat):
                raise _DamagedError
            sectors.append(self._sector(start))
            start = self._fat[start]
        return b"".join(sectors)

    def _entries(self, directory: bytes) -> Iterator[tuple[str, int, int, int]]:
        for at in range(0, len(directory) - _DIRECTORY_ENTRY_BYTES + 1, _DIRECTORY_ENTRY_BYTES):
            (name_bytes, kind) = struct.unpack_from("<HB", directory, at + 64)
            if not kind:
                continue
            name = directory[at : at + max(0, min(name_bytes, 64) - 2)]
            (start, size) = struct.unpack_from("<II", directory, at + 116)
            yield name.decode("utf-16-le", "replace"), kind, start, size


def _mini_chain(mini: bytes, mini_fat: tuple[int, ...], start: int) -> bytes:
    sectors: list[bytes] = []
    while start < _END_OF_CHAIN:
        if len(sectors) > len(mini_fat):
            raise _DamagedError
        sectors.append(mini[start * 64 : start * 64 + 64])
        start = mini_fat[start]
    return b"".join(sectors)
