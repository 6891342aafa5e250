"""The two laws for every kind of act, its parts drawn: sound ones, and each broken in a way."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.laws.kinds import Break, Drawn, with_a_past
from support.laws.listed import DRAWN
from support.laws.world import World

pytestmark = pytest.mark.no_cover  # properties, if in a loop: see conftest.py
BROKEN = [
    pytest.param(kind, code, broken, id=f"{kind.name}-{code}-{number}")
    for kind in DRAWN
    for number, (code, broken) in enumerate(kind.breakages)
]


def named(kind: Drawn) -> str:
    return kind.name


@pytest.mark.parametrize("kind", DRAWN, ids=named)
def test_a_sound_act_is_done_and_its_replay_finds_nothing(
    kind: Drawn, copies: Path, numbers: Iterator[int]
) -> None:
    @settings(max_examples=6)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        world = with_a_past(data, World(copies, numbers).another())

        assert kind.put_to_laws(world, kind.sound(data, world)) == []

        shutil.rmtree(world.root)

    holds()


@pytest.mark.parametrize(("kind", "code", "broken"), BROKEN)
def test_an_act_broken_in_one_way_is_refused_and_forced_in_it_is_found(
    kind: Drawn, code: str, broken: Break, copies: Path, numbers: Iterator[int]
) -> None:
    @settings(max_examples=4)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        world = with_a_past(data, World(copies, numbers).another())
        said = broken(data, world, kind.sound(data, world))

        assert code in {finding.code for finding in kind.put_to_laws(world, said)}

        shutil.rmtree(world.root)

    holds()
