"""Two JSON values differ wherever they are not the same, and nowhere else."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fundledger.budget.differing import NOTHING, Differing, differing
from support.forging import at, forged, places

WHOLE: dict[str, Any] = {
    "months": 10,
    "complete": True,
    "lines": [
        {"fund": "a", "line": "U:A", "proposed_fen": 1, "overridden": None, "steps": []},
        {"fund": "a", "line": "U:B", "proposed_fen": 1, "steps": [{"name": "actual"}, {"name": 1}]},
        {
            "fund": "a",
            "line": "U:B",
            "proposed_fen": 1,
            "steps": [{"name": "actual"}, {"name": "actual"}],
        },
    ],
    "deferred": [],
    "odd": [None, 1, "1", [], {}, {}, {"name": "#1"}],
    "findings": [{"code": "FL541", "fund": "a", "subject": "U:A", "details": {"rows": [4, 5]}}],
}


def found(was: object, now: object) -> list[tuple[str, object, object]]:
    return [(" ".join(one.place), one.was, one.now) for one in differing(was, now)]


@given(own=forged(WHOLE))
def test_whatever_is_another_one_is_found_from_either_side(own: dict[str, Any]) -> None:
    assert json.dumps(own, sort_keys=True) != json.dumps(WHOLE, sort_keys=True)
    there, back = list(differing(WHOLE, own)), list(differing(own, WHOLE))

    assert there
    assert {one.place for one in there} == {one.place for one in back}


def test_every_value_that_is_gone_or_null_is_found() -> None:
    for place in [one for one in places(WHOLE) if one]:
        own = copy.deepcopy(WHOLE)
        around = at(own, place[:-1])
        if around[place[-1]] is not None:
            around[place[-1]] = None
            assert found(WHOLE, own), place
        del around[place[-1]]
        assert found(WHOLE, own), place


values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, "", "1", "#1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["fund", "name", "subject", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(was=values, now=values)
def test_there_is_a_difference_if_and_only_if_the_values_are_not_written_alike(
    was: object, now: object
) -> None:
    alike = json.dumps(was, sort_keys=True) == json.dumps(now, sort_keys=True)

    assert (not list(differing(was, now))) is alike


def test_a_place_is_named_from_the_top_down() -> None:
    own = copy.deepcopy(WHOLE)
    own["complete"] = 1
    own["lines"][0]["overridden"] = {}
    own["lines"][1]["steps"][0]["rule"] = None
    own["lines"][2]["steps"][1]["name"] = "rounding"
    own["findings"][0]["details"]["rows"][1] = 6
    own["deferred"].append({})

    assert found(WHOLE, own) == [
        ("complete", True, 1),
        ("lines a/U:A overridden", None, {}),
        ("lines a/U:B steps actual rule", NOTHING, None),
        ("lines a/U:B #3 steps rounding", NOTHING, {"name": "rounding"}),
        ("lines a/U:B #3 steps actual #2", {"name": "actual"}, NOTHING),
        ("deferred #1", NOTHING, {}),
        ("findings FL541/a/U:A details rows #2", 5, 6),
    ]


def test_of_items_in_another_order_the_first_place_is_told() -> None:
    turned = [*WHOLE["lines"][1::-1], WHOLE["lines"][2]]

    assert list(differing({"lines": WHOLE["lines"][:2]}, {"lines": turned[:2]})) == [
        Differing(("lines", "#1"), "a/U:A", "a/U:B")
    ]
