"""The canonical rows of a file of `lists/`: one after another by line id, no line twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar


class _OfALine(Protocol):
    @property
    def line(self) -> str: ...


_Row = TypeVar("_Row", bound=_OfALine)


def rows_in(
    data: bytes, header: bytes, form: re.Pattern[bytes], parse: Callable[[bytes], _Row]
) -> Iterator[_Row]:
    """Yield what `parse` makes of each row; rows are of the form and stand by line id.

    Raises:
        ValueError: the file is not so, or `parse` raised it; the message is the number of the line
            that is wrong, from 1.

    """
    if not data.startswith(header):
        raise ValueError(1)
    end, before, number = len(header), "", 1
    while end < len(data):
        number += 1
        found = form.match(data, end)
        if found is None:
            raise ValueError(number)
        end = found.end()
        try:
            row = parse(found[0])
        except ValueError as error:
            raise ValueError(number) from error
        if row.line <= before:
            raise ValueError(number)
        before = row.line
        yield row
