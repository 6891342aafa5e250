"""What a caller gave, held against the type that it must have before anything is done with it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from fundledger.errors import InputInvalid
from fundledger.findings import Finding

KEY_LENGTH = 512
_Kind = TypeVar("_Kind")
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 2999


def expect(**holds: bool) -> None:
    """Refuse all that does not hold, by the name of its field.

    Raises:
        InputInvalid: FL909 for each field of another type.

    """
    wrong = [Finding("FL909", field, {"field": field}) for field, held in holds.items() if not held]
    if wrong:
        raise InputInvalid(wrong)


def shown(value: object, letters: int = 40) -> str:
    """Return whatever was given as a sentence may quote it, in so many printable letters."""
    try:
        text = str(value)[:letters]
    except Exception:  # noqa: BLE001 - whatever a stranger's class does when it is asked
        return type(value).__name__
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def is_text(value: object) -> bool:
    """Whether a value is a text that UTF-8 can write, and of no kind that prints otherwise."""
    if type(value) is not str:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_day(value: object) -> bool:
    """Whether a value is a day, and no moment."""
    return type(value) is date


def is_fen(value: object) -> bool:
    """Whether a value is a whole number that a journal can hold, in range of an amount or not."""
    return type(value) is int and -(2**63) <= value < 2**63


def is_digest(value: object) -> bool:
    """Whether a value is a sha256 as the journal writes it."""
    return type(value) is str and _DIGEST.fullmatch(value) is not None


def is_key(value: object) -> bool:
    """Whether a value may be an idempotency key: one printable line, or nothing at all."""
    if value is None:
        return True
    return type(value) is str and value.isprintable() and 0 < len(value) <= KEY_LENGTH


def is_path(value: object) -> bool:
    """Whether a value is a path, or its text."""
    return isinstance(value, (str, os.PathLike)) and isinstance(os.fspath(value), str)


def row_of(value: object, kind: type[_Kind]) -> tuple[_Kind, ...] | None:
    """Return what stands in a row, or None where it is no row of that kind alone."""
    if not isinstance(value, Iterable) or isinstance(value, (str, bytes, Mapping)):
        return None
    found = tuple(value)
    return found if all(isinstance(one, kind) for one in found) else None


def is_year(value: object) -> bool:
    """Whether a value is a year that a book can be of."""
    return type(value) is int and FIRST_YEAR <= value <= LAST_YEAR
