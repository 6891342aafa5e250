"""The disposable SQLite index: a fund's state in constant time, tied to the journal's tail.

The index is derived from the journal, replayed when it is behind, thrown away when it does not
fit, and never read by an audit.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from fundledger.ledger.books import DEFAULTS, Books, Head

VERSION = "1"


class StoredTable(dict[str, Any]):
    """A table that reads through to SQLite and writes back only on `flush`."""

    def __init__(self, database: sqlite3.Connection, name: str, default: Callable[[], Any]) -> None:
        """Look at a table of the database; what is read stays in memory until `forget`."""
        super().__init__()
        self._database = database
        self._select = f"SELECT value FROM {name} WHERE key = ?"  # noqa: S608 - our own names
        self._all = f"SELECT key, value FROM {name}"  # noqa: S608 - our own names
        self._insert = f"INSERT OR REPLACE INTO {name} VALUES (?, ?)"  # noqa: S608 - our own
        self._default = default
        self._changed: set[str] = set()

    def __missing__(self, key: str) -> Any:  # noqa: ANN401 - each table has its own values
        row = self._database.execute(self._select, (key,)).fetchone()
        value = self._default() if row is None else json.loads(row[0])
        super().__setitem__(key, value)
        return value

    def __setitem__(self, key: str, value: Any, /) -> None:  # noqa: ANN401 - as above
        self._changed.add(key)
        super().__setitem__(key, value)

    def rows(self) -> Iterable[tuple[str, Any]]:
        """Return every key that was put, with its value."""
        rows = {key: json.loads(value) for key, value in self._database.execute(self._all)}
        rows.update({key: self[key] for key in self._changed})
        return rows.items()

    def flush(self) -> None:
        """Write what changed into the open transaction."""
        if self._changed:
            changed = [(key, json.dumps(self[key])) for key in self._changed]
            self._database.executemany(self._insert, changed)
            self._changed.clear()

    def forget(self) -> None:
        """Drop what is in memory, changed or not."""
        self._changed.clear()
        self.clear()


class Index:
    """The state of one fund in SQLite; WAL, no sync a commit, for the journal is the truth."""

    def __init__(self, path: str, fund: str) -> None:
        """Open or create the database at `path` (`:memory:` for none on disk).

        Raises:
            sqlite3.DatabaseError: the file is no such database; the caller throws it away.

        """
        self._fund = fund
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute("BEGIN IMMEDIATE")
        for name in ("meta", *DEFAULTS):
            self._database.execute(
                f"CREATE TABLE IF NOT EXISTS {name}"
                " (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID"
            )
        self._database.execute("COMMIT")
        self._tables = {
            name: StoredTable(self._database, name, default) for name, default in DEFAULTS.items()
        }
        self._charter_text = ""

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def table(self, name: str) -> StoredTable:
        """Return a table by its name."""
        return self._tables[name]

    def load(self, books: Books) -> bool:
        """Put the stored head and charter into `books`; False when there is nothing to load.

        What `books` holds in memory is kept when it is of the same head.
        """
        meta = dict(self._database.execute("SELECT key, value FROM meta").fetchall())
        if meta.get("version") != VERSION or meta.get("fund") != self._fund:
            return False
        head = Head(**json.loads(meta["head"]))
        if head != books.head:
            self.forget()
            books.head = head
        self._charter_text = meta["charter"]
        if self._charter_text and (books.chart is None or books.chart.text != self._charter_text):
            books.set_charter(json.loads(self._charter_text))
        return True

    def empty(self) -> None:
        """Throw away all that is stored."""
        self._database.execute("BEGIN IMMEDIATE")
        for name in ("meta", *DEFAULTS):
            self._database.execute(f"DELETE FROM {name}")  # noqa: S608 - our own names
        self._database.execute("COMMIT")
        self._charter_text = ""
        self.forget()

    def forget(self) -> None:
        """Drop what is in memory, so that the next look reads what is stored."""
        for table in self._tables.values():
            table.forget()

    def store(self, books: Books) -> None:
        """Commit the state of `books` in one transaction."""
        books.settle()
        charter = books.chart.text if books.chart else ""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            for table in self._tables.values():
                table.flush()
            meta = [("version", VERSION), ("fund", self._fund)]
            meta.append(("head", json.dumps(asdict(books.head))))
            if charter != self._charter_text:
                meta.append(("charter", charter))
            self._database.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta)
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")
        self._charter_text = charter
