"""The tables that a fund's state is made of, whether in memory or stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol


class Table(Protocol):
    """A table of the state: a value for every key, a default where nothing was put."""

    def __getitem__(self, key: str, /) -> Any:  # noqa: ANN401 - each table has its own values
        """Return the value of a key, or the table's default."""

    def __setitem__(self, key: str, value: Any, /) -> None:  # noqa: ANN401 - as above
        """Put a value."""

    def fetch(self, keys: Iterable[str]) -> None:
        """Bring values that will be asked for into memory, all at once."""

    def rows(self) -> Iterable[tuple[str, Any]]:
        """Return every key that was put, with its value."""


class MemoryTable(dict[str, Any]):
    """A table in memory."""

    def __init__(self, default: Callable[[], Any]) -> None:
        """Make an empty table whose missing values are what `default` makes."""
        super().__init__()
        self._default = default

    def __missing__(self, key: str) -> Any:  # noqa: ANN401 - each table has its own values
        return self._default()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with the maker of missing values, which a plain dict has not."""
        return type(self), (self._default,), None, None, iter(self.items())

    def fetch(self, keys: Iterable[str]) -> None:
        """Do nothing: all is there."""

    def rows(self) -> Iterable[tuple[str, Any]]:
        """Return every key that was put, with its value."""
        return self.items()


def nothing() -> None:
    """Return the default of a table that holds values or nothing."""
    return


DEFAULTS: dict[str, Callable[[], Any]] = {
    "accounts": nothing,
    "balances": int,
    "days": dict,
    "reserves": nothing,
    "months": int,
    "book_bytes": int,
    "places": nothing,
    "undone": nothing,
    "corrected": dict,
    "keys": nothing,
    "documents": nothing,
    "closed": nothing,
    "years": nothing,
    "assertions": nothing,
    "signed": nothing,
    "standing": list,
    "emptied": int,
    "duties": list,
    "near": list,
}


class Tables(Protocol):
    """All tables of one fund's state, and the few single values beside them."""

    def table(self, name: str) -> Table:
        """Return a table by its name in `DEFAULTS`."""


class MemoryTables:
    """The tables of a state that lives in memory only."""

    def table(self, name: str) -> Table:
        """Return a new empty table."""
        return MemoryTable(DEFAULTS[name])
