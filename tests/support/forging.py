"""Changes of a JSON value at any place, as somebody may make them who forges a file."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

Place = tuple[str | int, ...]
_ANYTHING: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 1.0, 10**30, 1e400, "", "-", "x", "\ud800", "\x1b[2J",
    [], {}, [None], [{}], [[]], {"": None}, {"x": {}},
)  # fmt: skip


def places(value: object, place: Place = ()) -> Iterator[Place]:
    """Yield every place of a value, its own first."""
    yield place
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*place, key))


def at(value: Any, place: Place) -> Any:  # noqa: ANN401 - any JSON value
    """Return what stands at a place."""
    for key in place:
        value = value[key]
    return value


@st.composite
def forged(draw: st.DrawFn, whole: dict[str, Any]) -> dict[str, Any]:
    """Draw a copy in which one value is another one, is gone, or has something beside it."""
    own = copy.deepcopy(whole)
    place = draw(st.sampled_from(list(places(whole))))
    value = at(own, place)
    around = at(own, place[:-1])
    how = draw(st.sampled_from(["change", "change", "remove", "add", "turn"]))
    if how == "add" and isinstance(value, dict):
        value[draw(st.sampled_from(["x", "proposed_fen", "line", ""])) + "+"] = _any(draw)
    elif how == "add" and isinstance(value, list):
        more = [*_ANYTHING, *copy.deepcopy(value)]
        value.insert(draw(st.integers(0, len(value))), draw(st.sampled_from(more)))
    elif how == "turn" and isinstance(value, list) and value != value[::-1]:
        value.reverse()
    elif not place:
        own["+"] = None
    elif how == "remove":
        del around[place[-1]]
    else:
        likes = (str(value), [value], {"": value}, *_near(value))
        others = [one for one in (*likes, *_ANYTHING) if not _same(one, value)]
        around[place[-1]] = draw(st.sampled_from(others))
    return own


def _any(draw: st.DrawFn) -> object:
    return copy.deepcopy(draw(st.sampled_from(_ANYTHING)))


def _near(value: object) -> tuple[object, ...]:
    if type(value) is int:
        return value + 1, -value, float(value), bool(value)
    if isinstance(value, bool):
        return not value, int(value)
    return (value + " ", value[:-1], value.upper()) if isinstance(value, str) else ()


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other
