"""What is drawn of an act: its parts when it is sound, and for each code a way to break them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from fundledger.findings import Finding
from support.breakages import sound
from support.laws.acts import recording
from support.laws.world import Act, World

Said = dict[str, Any]
Break = Callable[[st.DataObject, World, Said], Said]


@dataclass(frozen=True)
class Drawn:
    """One kind of act: how its parts are drawn soundly, how they are broken, what is then done.

    `prepare` does what must come before, and returns the parts as they are then.
    """

    name: str
    sound: Callable[[st.DataObject, World], Said]
    breakages: tuple[tuple[str, Break], ...]
    act: Callable[[World, Said], Act]
    prepare: Callable[[World, Said], Said] = lambda _, said: said

    def put_to_laws(self, world: World, said: Said) -> Sequence[Finding]:
        """Prepare and do the act; return what it is refused for."""
        return world.hold_laws(self.act(world, self.prepare(world, said)))


def but(**changes: Any) -> Break:  # noqa: ANN401 - values of any part
    """Return the breakage that puts fixed values in the place of sound ones."""
    return lambda _data, _world, said: {**said, **changes}


def drawn(**strategies: st.SearchStrategy[Any]) -> Break:
    """Return the breakage that draws values in the place of sound ones."""

    def broken(data: st.DataObject, _: World, said: Said) -> Said:
        return {**said, **{part: data.draw(values) for part, values in strategies.items()}}

    return broken


def with_a_past(data: st.DataObject, world: World) -> World:
    """Record a few sound vouchers more, and return the world."""
    past = data.draw(st.lists(sound(), max_size=3))
    if past:
        world.must(recording(past))
    return world
