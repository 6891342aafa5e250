"""Everything that is wrong with one file, gathered so that it is said at once."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from fundledger.errors import StatementInvalid
from fundledger.findings import Finding

SHOWN_CHARACTERS = 40
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LONG = re.compile(r"[0-9０-９Xx]{11,}")
_COUNTING = frozenset(
    "年月日时分秒上下午期初末余额本人民币元角整圆正零〇一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
    "借贷收支付出入方转存取美港澳欧英镑"
)
"""Signs of days, amounts, currencies and directions, which say nothing of anybody."""


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

    def found(self) -> tuple[Finding, ...]:
        """Return what is wrong."""
        return tuple(self._findings)

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


def shown_cell(cell: object) -> str:
    """Return what a cell of a row holds, fit for a sentence: with no name and no long number in it.

    A cell stands in the wrong column now and then, and whoever reads the sentence is not who may
    read of whom it is.
    """
    hidden = _LONG.sub(lambda found: found[0][:2] + "\u2026", shown(cell))
    return "".join("\u25cf" if _HAN.match(c) and c not in _COUNTING else c for c in hidden)


def letters(index: int) -> str:
    """Return the spreadsheet name of the column with this index: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
