"""The disposable SQLite index: a fund's state in constant time, tied to the journal's tail.

The index is derived from the journal, replayed when it is behind, thrown away when it does not
fit or the power went out, and never read by an audit.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import MsgspecError
from msgspec.json import Decoder, encode

from fundledger.ledger.books import Books
from fundledger.ledger.entry import Head
from fundledger.ledger.tables import SHAPES, Shape

VERSION = 10
_AT_ONCE = 500
_HEAD = Decoder(Head)
_VALUES = {name: Decoder(shape.values) for name, shape in SHAPES.items()}
_META = "meta"
_MADE = f"""
    CREATE TABLE state (name TEXT, key TEXT, value TEXT, PRIMARY KEY (name, key)) WITHOUT ROWID;
    PRAGMA user_version = {VERSION};
"""
_GET = "SELECT value FROM state WHERE name = ? AND key = ?"
_ALL = "SELECT key, value FROM state WHERE name = ?"
_PUT = "INSERT OR REPLACE INTO state VALUES (?, ?, ?)"


class StoredTable(dict[str, Any]):
    """A table that reads through to SQLite and is written back by its index."""

    def __init__(self, database: sqlite3.Connection, name: str, shape: Shape) -> None:
        """Look at a table of the database; what is read stays in memory until `forget`."""
        super().__init__()
        self._database = database
        self._name = name
        self._default = shape.default
        self._decode = _VALUES[name].decode
        self._changed: set[str] = set()

    def __missing__(self, key: str) -> Any:  # noqa: ANN401 - each table has its own values
        row = self._database.execute(_GET, (self._name, key)).fetchone()
        value = self._default() if row is None else self._read(row[0])
        super().__setitem__(key, value)
        return value

    def fetch(self, keys: Iterable[str]) -> None:
        """Read what is not in memory yet in one statement, which costs a fifth of one for each."""
        wanted = [key for key in dict.fromkeys(keys) if key not in self]
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            places = ",".join("?" * len(some))
            select = f"{_ALL} AND key IN ({places})"
            found = dict(self._database.execute(select, (self._name, *some)))
            for key in some:
                text = found.get(key)
                value = self._default() if text is None else self._read(text)
                super().__setitem__(key, value)

    def _read(self, text: object) -> Any:  # noqa: ANN401 - as above
        """Return a stored value; one that nobody here wrote is damage like any other."""
        try:
            return self._decode(text if isinstance(text, str) else "")
        except (MsgspecError, UnicodeError, ValueError) as error:
            raise sqlite3.DatabaseError(str(error)) from error

    def __setitem__(self, key: str, value: Any, /) -> None:  # noqa: ANN401 - as above
        self._changed.add(key)
        super().__setitem__(key, value)

    def rows(self) -> Iterable[tuple[str, Any]]:
        """Return every key that was put, with its value."""
        stored = self._database.execute(_ALL, (self._name,))
        rows = {key: self._read(value) for key, value in stored}
        rows.update({key: self[key] for key in self._changed})
        return rows.items()

    def changed(self) -> list[tuple[str, str, str]]:
        """Return the rows that differ from what is stored, for the caller to store."""
        rows = [(self._name, key, encode(self[key]).decode()) for key in self._changed]
        self._changed.clear()
        return rows

    def forget(self) -> None:
        """Drop what is in memory, changed or not."""
        self._changed.clear()
        self.clear()


class Index:
    """The state of one fund in SQLite, consistent after a kill; after a power loss it is discarded.

    Nothing is synced, for the journal is the truth.
    """

    def __init__(self, path: str, fund: str) -> None:
        """Open or create the database at `path` (`:memory:` for none on disk).

        Raises:
            sqlite3.DatabaseError: the file is no such database; the caller throws it away.

        """
        self._fund = fund
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")
        version = self._look_into()
        if version not in {0, VERSION}:
            raise _other_version(version)
        self._blank = version == 0
        if self._blank:
            self._make()

    def _make(self) -> None:
        """Put an empty table in place of the one that there may be."""
        self._database.executescript(
            f"BEGIN IMMEDIATE; DROP TABLE IF EXISTS state; {_MADE} COMMIT;"
        )

    def _look_into(self) -> int:
        """Put the tables over the database that was opened; return its version."""
        self._tables = {
            name: StoredTable(self._database, name, shape) for name, shape in SHAPES.items()
        }
        self._charter = ("", "")
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        return int(version)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def table(self, name: str) -> StoredTable:
        """Return a table by its name."""
        return self._tables[name]

    def load(self, books: Books) -> bool:
        """Put the stored head and charter into `books`; False when there is nothing to load.

        What `books` holds in memory is kept when it is of the same head, and not when an act was
        interrupted between folding its record in and storing it.  From here on until `end`
        or `store` everything is read in one transaction, which costs half of one for each look.
        """
        if not self._database.in_transaction:
            self._database.execute("BEGIN")
        meta = self._meta()
        if meta.get("fund") != self._fund:
            return False
        try:
            head = _HEAD.decode(meta["head"])
            charter = self._stored_charter(meta.get("charter-sha256", ""))
            if head != books.head:
                books.forget()
            if not charter:
                books.chart = None
            elif books.chart is None or books.chart.text != charter:
                books.set_charter(charter)
        except (MsgspecError, ValueError, TypeError, KeyError):
            return False
        if head != books.head:
            self.forget()
            books.head = head
        return True

    def _meta(self) -> dict[str, Any]:
        """Return the single values, but for the charter, which is long."""
        return dict(self._database.execute(f"{_ALL} AND key != 'charter'", (_META,)))

    def head(self) -> Head | None:
        """Return the stored head alone, for who knows nothing else; None when there is none."""
        meta = self._meta()
        try:
            return _HEAD.decode(meta["head"]) if meta.get("fund") == self._fund else None
        except (MsgspecError, ValueError, TypeError, KeyError):
            return None

    def _stored_charter(self, digest: str) -> str:
        """Return the text of the charter in force, which is read again only when it is another."""
        if digest != self._charter[0]:
            ((text,),) = self._database.execute(_GET, (_META, "charter")).fetchall()
            if not isinstance(text, str) or _sha256(text) != digest:
                raise ValueError(digest)
            self._charter = (digest, text)
        return self._charter[1]

    def end(self) -> None:
        """Leave the transaction that `load` began, if nothing was stored in it."""
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")

    def empty(self) -> None:
        """Throw away all that is stored."""
        self.end()
        if not self._blank:
            self._make()
            self._blank = True
        self._charter = ("", "")
        self.forget()

    def forget(self) -> None:
        """Drop what is in memory, so that the next look reads what is stored."""
        for table in self._tables.values():
            table.forget()

    def store(self, books: Books) -> None:
        """Commit the state of `books` in one transaction."""
        books.settle()
        charter = books.chart.text if books.chart else ""
        if not self._database.in_transaction:
            self._database.execute("BEGIN IMMEDIATE")
        try:
            rows = [row for table in self._tables.values() for row in table.changed()]
            rows.append((_META, "fund", self._fund))
            rows.append((_META, "head", encode(books.head).decode()))
            if charter != self._charter[1]:
                self._charter = (_sha256(charter), charter)
                rows.append((_META, "charter", charter))
                rows.append((_META, "charter-sha256", self._charter[0]))
            self._database.executemany(_PUT, rows)
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")
        self._blank = False


def _other_version(version: int) -> sqlite3.DatabaseError:
    return sqlite3.DatabaseError(f"version {version}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


class ReadIndex(Index):
    """The index as somebody reads it who writes nothing: what is stored is not changed."""

    def __init__(self, path: str, fund: str) -> None:
        """Open the database at `path`, which must be there.

        Where no other process has it open, SQLite is told that nobody changes it, so that it makes
        no files of its own beside it; the caller keeps writers out.

        Raises:
            sqlite3.Error: there is none, or it cannot be read.

        """
        log = Path(f"{path}-wal")
        quiet = not log.exists() or log.stat().st_size == 0
        address = f"{Path(path).absolute().as_uri()}?mode=ro{'&immutable=1' if quiet else ''}"
        self._fund = fund
        self._database = sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False
        )
        version = self._look_into()
        if version != VERSION:
            raise _other_version(version)
        self._blank = False

    def store(self, books: Books) -> None:
        """Store nothing; what `books` says stays in memory."""
        books.settle()
