"""Everything that is wrong with one file, gathered so that it is said at once."""

from __future__ import annotations

from typing import Any, NoReturn

from fundledger.errors import StatementInvalid
from fundledger.findings import Finding

SHOWN_CHARACTERS = 40


class Problems:
    """The findings on one file, in the order they were met."""

    __slots__ = ("_findings", "_seen", "name")

    def __init__(self, name: str) -> None:
        """Begin with nothing wrong; `name` is the file's name as findings show it."""
        self.name = shown(name, 80)
        self._findings: list[Finding] = []
        self._seen: set[tuple[object, ...]] = set()

    def __bool__(self) -> bool:
        """Whether anything is wrong."""
        return bool(self._findings)

    def __len__(self) -> int:
        """How many things are wrong."""
        return len(self._findings)

    def add(self, code: str, *, amount_fen: int | None = None, **details: Any) -> None:  # noqa: ANN401 - the places of a sentence hold anything
        """Note that the rule `code` does not hold; `details` fill its sentence."""
        key = (code, *sorted((name, str(value)) for name, value in details.items()))
        if key not in self._seen:
            self._seen.add(key)
            self._findings.append(
                Finding(code, self.name, details, amount_fen=amount_fen, gates=True)
            )

    def refuse(self) -> None:
        """Raise if anything is wrong.

        Raises:
            StatementInvalid: with every finding.

        """
        if self._findings:
            raise StatementInvalid(self._findings)

    def stop(self, code: str, **details: Any) -> NoReturn:  # noqa: ANN401 - the places of a sentence hold anything
        """Note one more finding after which reading cannot go on, and raise with all of them."""
        self.add(code, **details)
        raise StatementInvalid(self._findings)


def shown(text: object, limit: int = SHOWN_CHARACTERS) -> str:
    """Return `text` fit for a sentence: printable, and not longer than `limit` characters."""
    printable = "".join(c if c.isprintable() else "\ufffd" for c in str(text))
    return printable if len(printable) <= limit else f"{printable[: limit - 3]}..."


def letters(index: int) -> str:
    """Return the spreadsheet name of the column with this index: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
