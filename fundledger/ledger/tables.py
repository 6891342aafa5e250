"""The tables that a fund's state is made of, whether in memory or stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Protocol

from fundledger.ledger.batches.batch import Batch
from fundledger.ledger.bodies import ReconciliationBody
from fundledger.ledger.stages import Staged


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


class Shape(NamedTuple):
    """What a table holds: the value of a key that nothing was put under, and the type of all."""

    default: Callable[[], Any]
    values: Any


class Advanced(NamedTuple):
    """An emergency advance: the day, what moved it on each day, what each line has set aside.

    In fen; `lines` by `Unit:Category`, and empty where that is not known.
    """

    day: str
    moved: dict[str, int]
    lines: dict[str, int]

    @property
    def left_fen(self) -> int:
        """What is neither settled nor given back."""
        return sum(self.moved.values())


SHAPES: dict[str, Shape] = {
    "accounts": Shape(nothing, str | None),
    "balances": Shape(int, int),
    "days": Shape(dict, dict[str, int]),
    "reserves": Shape(nothing, tuple[int, int, str] | None),
    "months": Shape(int, int),
    "book_bytes": Shape(int, int),
    "places": Shape(nothing, tuple[str, int, int] | None),
    "undone": Shape(nothing, str | None),
    "corrected": Shape(dict, dict[str, int]),
    "keys": Shape(nothing, tuple[int, str, list[str]] | None),
    "documents": Shape(nothing, str | None),
    "closed": Shape(nothing, int | None),
    "years": Shape(nothing, int | None),
    "assertions": Shape(nothing, tuple[str, str, int, str, int | None, int] | None),
    "signed": Shape(nothing, tuple[ReconciliationBody, str, str, list[int]] | None),
    "standing": Shape(list, list[int]),
    "emptied": Shape(int, int),
    "duties": Shape(list, list[str]),
    "near": Shape(list, list[tuple[str, str, int]]),
    "batches": Shape(nothing, Batch | None),
    "entitled": Shape(list, list[str]),
    "batch_months": Shape(int, int),
    "control": Shape(int, int),
    "advances": Shape(nothing, Advanced | None),
    "settling": Shape(str, str),
    "stages": Shape(list, list[Staged]),
}


class Tables(Protocol):
    """All tables of one fund's state, and the few single values beside them."""

    def table(self, name: str) -> Table:
        """Return a table by its name in `SHAPES`."""


class MemoryTables:
    """The tables of a state that lives in memory only."""

    def table(self, name: str) -> Table:
        """Return a new empty table."""
        return MemoryTable(SHAPES[name].default)
