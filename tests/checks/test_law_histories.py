"""The two laws over whole histories: acts of every kind in a drawn order, sound ones and others."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.laws.listed import EVERY
from support.laws.world import Impossible, World


def step(data: st.DataObject, world: World) -> None:
    """Do an act of some kind, sound or broken in one or two ways, under both laws."""
    kind = data.draw(st.sampled_from(EVERY))
    said = kind.sound(data, world)
    for _, breakage in data.draw(st.lists(st.sampled_from(kind.breakages), max_size=2)):
        said = breakage(data, world, said)
    kind.put_to_laws(world, said)


def live(data: st.DataObject, world: World, most: int) -> None:
    """Do acts in a drawn order; what has become impossible is left out, as a clerk would."""
    for _ in range(data.draw(st.integers(2, most))):
        with suppress(Impossible):
            step(data, world)
        world.rules = world.books().charter


@settings(max_examples=25)
@given(st.data())
def test_in_a_whole_history_what_is_refused_changes_nothing_and_forced_in_is_found(
    copies: Path, numbers: Iterator[int], data: st.DataObject
) -> None:
    world = World(copies, numbers).another()

    live(data, world, 6)

    shutil.rmtree(world.root)


@pytest.mark.soak
@settings(max_examples=300)
@given(st.data())
def test_the_laws_hold_in_longer_histories(
    copies: Path, numbers: Iterator[int], data: st.DataObject
) -> None:
    world = World(copies, numbers).another()

    live(data, world, 20)

    shutil.rmtree(world.root)
