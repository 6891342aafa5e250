"""Where two JSON values are not the same: every place, whatever stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

_NAMES: Final = ("fund", "line", "unit", "name")  # what an item of a list is told by
_OF_FINDING: Final = ("code", "fund", "subject")


class Nothing(Enum):
    """What stands where a value has no such place; `null` is a value."""

    NOTHING = "-"


NOTHING: Final = Nothing.NOTHING


@dataclass(frozen=True, slots=True)
class Differing:
    """A place, as keys and names of items from the top down, and what is there in each value."""

    place: tuple[str, ...]
    was: object
    now: object


def differing(was: object, now: object, place: tuple[str, ...] = ()) -> Iterator[Differing]:
    """Yield each place where two JSON values differ; nothing if and only if they are the same.

    A number is not the same as another of a different type (1, 1.0 and true), nor is `null` as
    nothing at all; the order of keys says nothing, that of items does.  It goes only as deep as
    both values do.
    """
    if isinstance(was, dict) and isinstance(now, dict):
        yield from _of_keys(was, now, place)
    elif isinstance(was, list) and isinstance(now, list):
        old, new = _named(was), _named(now)
        yield from _of_keys(old, new, place)
        if old.keys() == new.keys() and list(old) != list(new):
            number = next(n for n, two in enumerate(zip(old, new, strict=True)) if two[0] != two[1])
            yield Differing((*place, f"#{number + 1}"), list(old)[number], list(new)[number])
    elif type(was) is not type(now) or was != now:
        yield Differing(place, was, now)


def _of_keys(
    was: Mapping[str, Any], now: Mapping[str, Any], place: tuple[str, ...]
) -> Iterator[Differing]:
    for key in dict.fromkeys((*now, *was)):
        yield from differing(was.get(key, NOTHING), now.get(key, NOTHING), (*place, key))


def _named(items: Sequence[object]) -> dict[str, object]:
    """Return items by what they are told by, else by their number; no two by the same."""
    found: dict[str, object] = {}
    for number, item in enumerate(items, 1):
        name = _name(item) or f"#{number}"
        while name in found:
            name = f"{name} #{number}"
        found[name] = item
    return found


def _name(item: object) -> str:
    if not isinstance(item, dict):
        return ""
    keys = _OF_FINDING if "subject" in item else _NAMES
    return "/".join(item[key] for key in keys if isinstance(item.get(key), str))
