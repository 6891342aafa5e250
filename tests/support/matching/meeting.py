"""All that is bound together by candidates: who is matched, and who is told as a team."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from support.matching import Line, Row

L = TypeVar("L")


def meet(
    lines: Sequence[L],
    rows: Sequence[Row],
    fits: Callable[[L, Row], bool],
    alike: Callable[[L], object],
    name: Callable[[L], str],
) -> tuple[list[tuple[L, Row]], list[tuple[list[L], list[Row]]]]:
    """Return the pairs, and the teams of more than that, of all lines and rows that fit."""
    left = list(range(len(lines)))
    near = {i: [k for k, row in enumerate(rows) if fits(lines[i], row)] for i in left}
    pairs: list[tuple[L, Row]] = []
    teams: list[tuple[list[L], list[Row]]] = []
    while left:
        of_l, of_r = {left[0]}, set(near[left[0]])
        while True:
            more_l = {i for i in near if of_r & set(near[i])} | of_l
            more_r = {k for i in more_l for k in near[i]}
            if (more_l, more_r) == (of_l, of_r):
                break
            of_l, of_r = more_l, more_r
        left = [i for i in left if i not in of_l]
        if not of_r:
            continue
        some = sorted((lines[i] for i in of_l), key=name)
        others = sorted((rows[k] for k in of_r), key=lambda row: (row.statement, row.row))
        same = (
            len({repr(alike(line)) for line in some}) == 1
            and len({(row.account, row.person, row.on) for row in others}) == 1
        )
        if len(some) == len(others) and (len(some) == 1 or same):
            pairs += zip(some, others, strict=True)
        else:
            teams.append((some, others))
    return pairs, teams


def told_apart(
    lines: Sequence[Line], rows: Sequence[Row], fits: Callable[[Line, Row], bool]
) -> list[tuple[Line, Row]]:
    """Return the pairs of a team in which everybody has as many lines as rows; else none."""
    pairs: list[tuple[Line, Row]] = []
    for someone in {line.person for line in lines} | {row.person for row in rows}:
        own = [line for line in lines if line.person == someone]
        paid = [row for row in rows if row.person == someone]
        certain = len({line.sent_on for line in own}) == 1 and len({row.on for row in paid}) == 1
        if not someone or len(own) != len(paid) or not certain:
            return []
        pairs += zip(own, paid, strict=True)
    return pairs if all(fits(line, row) for line, row in pairs) else []


def kind_of(lines: Sequence[object], rows: Sequence[object]) -> str:
    if len(lines) == 1:
        return "one-to-many"
    return "many-to-one" if len(rows) == 1 else "ambiguous"
