"""A small maximum flow between days of equal amounts, and which days could be left over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

Flow = dict[int, dict[int, int]]


def maximum_flow(
    supply: Sequence[int], demand: Sequence[int], edges: Iterable[tuple[int, int]]
) -> Flow:
    """Return how many units go from each supplier to each demander so that the most go.

    `supply` and `demand` count units by index; `edges` are the (supplier, demander) pairs that may
    trade.  Shortest augmenting paths, neighbours in ascending order: the same input, the same flow.
    """
    ahead: dict[int, list[int]] = defaultdict(list)
    for left, right in sorted(edges):
        ahead[left].append(right)
    flow: Flow = {left: {} for left in range(len(supply))}
    spare, wanted = list(supply), list(demand)
    while path := _augmenting(ahead, flow, spare, wanted):
        forward = path[::2], path[1::2]
        backward = list(zip(path[2::2], path[1::2], strict=False))
        count = min(spare[path[0]], wanted[path[-1]], *(flow[b][k] for b, k in backward))
        for left, right in zip(*forward, strict=True):
            flow[left][right] = flow[left].get(right, 0) + count
        for left, right in backward:
            flow[left][right] -= count
            if not flow[left][right]:
                del flow[left][right]
        spare[path[0]] -= count
        wanted[path[-1]] -= count
    return flow


def _augmenting(
    ahead: Mapping[int, Sequence[int]], flow: Flow, spare: Sequence[int], wanted: Sequence[int]
) -> list[int]:
    paths = [[left] for left, count in enumerate(spare) if count]
    seen_left = {path[0] for path in paths}
    seen_right: set[int] = set()
    for path in paths:
        for right in ahead.get(path[-1], ()):
            if right in seen_right:
                continue
            seen_right.add(right)
            if wanted[right]:
                return [*path, right]
            for left in sorted(flow):
                if left not in seen_left and flow[left].get(right):
                    seen_left.add(left)
                    paths.append([*path, right, left])
    return []


def reachable(
    spare: Sequence[int],
    edges: Iterable[tuple[int, int]],
    back: Mapping[int, Mapping[int, int]],
) -> list[frozenset[int]]:
    """Return the groups of indexes any of which could be the one left over.

    From each index with something to spare, go by an edge to the other side and back along the
    flow (`back`: from the other side's index to this side's): each index met could give up its
    partner to the spare one.  Groups that touch are one.
    """
    ahead: dict[int, list[int]] = defaultdict(list)
    for here, there in edges:
        ahead[here].append(there)
    groups: list[frozenset[int]] = []
    for start in (index for index, count in enumerate(spare) if count):
        group = {start}
        queue = [start]
        for here in queue:
            for there in ahead[here]:
                for other, units in back.get(there, {}).items():
                    if units and other not in group:
                        group.add(other)
                        queue.append(other)
        touching = [known for known in groups if known & group]
        groups = [known for known in groups if not known & group]
        groups.append(frozenset(group).union(*touching))
    return sorted(groups, key=sorted)
