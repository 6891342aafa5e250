"""Files of the books that were replaced, edited or added by hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from bad_input.desk import Act, Desk, Row, edited, put

from fundledger.ledger import beans

MONTH = "2026/02.beancount"
SEGMENT = "journal/2026-11.jsonl"


def _looked(given: str, codes: str, act: Callable[[Path], object]) -> Row:
    return Row(given, codes, lambda desk: desk.look(), _done(act))


def _done(act: Callable[[Path], object]) -> Act:
    def arrange(desk: Desk) -> None:
        desk.fund.close_files()
        act(desk.folder)

    return arrange


def _append(name: str, content: bytes) -> Callable[[Path], object]:
    def act(folder: Path) -> None:
        with (folder / name).open("ab") as file:
            file.write(content)

    return act


def _cut(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-9])


def _swap(name: str, make: Callable[[Path], object]) -> Callable[[Path], object]:
    """Return what takes a file away and puts something else in its place."""

    def act(folder: Path) -> None:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        make(path)

    return act


def _link(path: Path) -> None:
    target = path.parents[3] / "rules" / "funds.toml"
    path.symlink_to(target)


def _twice(path: Path) -> None:
    path.write_bytes(b"")
    os.link(path, path.with_name("second"))


def _both(given: str, act: Callable[[Path], object]) -> list[Row]:
    """Return rows for a journal that is no file, at each door."""
    doors: dict[str, Act] = {
        "recorded into": lambda desk: desk.record(),
        "closed": lambda desk: desk.fund.close("2026-02", actor="S05"),
        "rebuilt": lambda desk: desk.fund.rebuild(),
    }
    return [Row(f"{given}, {door}", "FL603", reach, _done(act)) for door, reach in doors.items()]


def _seen(given: str, codes: str, act: Callable[[Path], object]) -> Row:
    """Return a row for a book that beancount is to read."""

    def reach(desk: Desk) -> object:
        return tuple(beans.compare(desk.folder, desk.fund.books()))

    return Row(f"{given}, read by beancount", codes, reach, _done(act))


ROWS: list[Row] = [
    _looked("a book edited", "FL601", edited(MONTH, b"300.00", b"300.01")),
    _looked("a book with a BOM", "FL601", edited(MONTH, b";", b"\xef\xbb\xbf;")),
    _looked("a book with CRLF", "FL601", edited(MONTH, b"\n", b"\r\n")),
    _looked("a book that is empty", "FL601", put(MONTH, b"")),
    _looked("a book missing", "FL601", lambda folder: (folder / MONTH).unlink()),
    _looked("the main book missing", "FL601", lambda folder: (folder / "book.beancount").unlink()),
    _looked(
        "the main book with a plugin",
        "FL601",
        edited("book.beancount", b"option", b'plugin "x"\noption'),
    ),
    _looked("the balances edited", "FL601", put("balances.beancount", b"x")),
    _looked("a book too many", "FL603", put("2026/07.beancount")),
    _looked("a file too many", "FL603", put("notes.txt")),
    _looked("a cache beside the book", "FL603", put(".book.beancount.picklecache")),
    _looked("a journal of month 13", "FL603", put("journal/2026-13.jsonl")),
    _looked("a name with a line end", "FL603", put("a\nb")),
    _looked("a name that is no UTF-8", "FL603", put(os.fsdecode(b"\xff"))),
    _looked("a name with bidi", "FL603", put("a\u202eb")),
    _looked("a pipe too many", "FL603", lambda folder: os.mkfifo(folder / "pipe")),
    _looked("a link too many", "FL603", lambda folder: (folder / "link").symlink_to("/etc/passwd")),
    _looked("a book that is a link", "FL601 FL603", _swap(MONTH, _link)),
    _looked("a book that is a pipe", "FL601 FL603", _swap(MONTH, os.mkfifo)),
    _looked("a book that is a directory", "FL601", _swap(MONTH, lambda path: path.mkdir())),
    _looked("a year that is a link", "FL601 FL603", _swap("2026", _link)),
    _looked(
        "a journal with a bit flipped", "FL602", edited(SEGMENT, b'"maker":"S03"', b'"maker":"S04"')
    ),
    _looked("a journal with a line gone", "FL602", edited(SEGMENT, b'{"sha256"', b'\n{"sha256"')),
    _looked("a journal cut short", "FL604 FL616", _cut(SEGMENT)),
    _looked("a journal of another fund", "FL602", edited(SEGMENT, b'{"sha256":"', b'{"sha256":"0')),
    _looked("a journal with NUL after it", "FL604", _append(SEGMENT, bytes(100))),
    *_both("a journal that is a link", _swap(SEGMENT, _link)),
    *_both("a journal that is a pipe", _swap(SEGMENT, os.mkfifo)),
    *_both("a journal that is a directory", _swap(SEGMENT, lambda path: path.mkdir())),
    *_both("a journal with two names", _swap(SEGMENT, _twice)),
    *_both("journals that are a link", _swap("journal", _link)),
    *_both("a lock that is a link", _swap(".state/lock", _link)),
    *_both("a lock that is a pipe", _swap(".state/lock", os.mkfifo)),
    *_both("an index that is a link", _swap(".state/index.sqlite", _link)),
    _seen(
        "a book with a plugin", "FL610", edited("book.beancount", b"option", b'plugin "x"\noption')
    ),
    _seen(
        "a book that includes what gpg is to open",
        "FL610",
        edited("book.beancount", b'include "2026', b'include "2026/02.asc"\ninclude "2026'),
    ),
    _seen("a book with NUL", "FL611", edited(MONTH, b";", b"\0;")),
    _seen("a book with a BOM", "FL611", edited(MONTH, b";", b"\xef\xbb\xbf;")),
    _seen("a book in GBK", "FL611", edited(MONTH, "测试".encode(), "测试".encode("gbk"))),
    _seen(
        "a book with arithmetic", "FL309", edited(MONTH, b"          300.00", b"           1/0.0")
    ),
    _seen("a book missing", "FL612", lambda folder: (folder / MONTH).unlink()),
    _seen("a book that is a link", "FL612", _swap(MONTH, _link)),
    _seen("a book that is a pipe", "FL612", _swap(MONTH, os.mkfifo)),
]
