"""Whom a row of a statement pays, by what it names: so that no amount alone makes it another's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from fundledger.reconcile.rows import LINE_ID, BankRow, Pair, Told

if TYPE_CHECKING:
    from fundledger.reconcile.register import Register

_WORD = re.compile(r"[0-9A-Za-z-]+", re.ASCII)
_BATCH = re.compile(r"B[0-9]{4}-[0-9]{2}-[0-9]{3,6}", re.ASCII)
_OF_ONE_LINE = frozenset({"line-debited-twice", "over-paid", "short-paid"})
"""What is told of a row that names a line, so that it is of no other."""


class Names(NamedTuple):
    """What rows name, by their marks: `sums` one batch, `others` lines or several batches.

    In `sums` are rows that name no line and state no account of the lists.  A word that has the
    form of a batch's number names one, if none of these then some other.
    """

    sums: dict[str, str]
    others: dict[str, str]


def names_in(register: Register, rows: Iterable[BankRow]) -> Names:
    """Return what the memos and serial numbers of rows name."""
    accounts = {line.of.account for line in register.sent()}
    known = {batch.id for batch in register.batches}
    found = Names({}, {})
    for row, line, account, _ in rows:
        said = f" {line.summary} {line.text} "
        lines = set(LINE_ID.findall(said))
        words = {*_WORD.findall(said), line.serial}
        batches = {word for word in words if word in known or _BATCH.fullmatch(word)}
        if lines or len(batches) > 1 or not batches <= known:
            found.others[row.mark] = joint_name(lines or batches)
        elif batches and account not in accounts:
            found.sums[row.mark] = batches.pop()
    return found


def payees_of(
    register: Register, stated: Mapping[str, str], pairs: Iterable[Pair], told: Iterable[Told]
) -> dict[str, frozenset[str]]:
    """Return whom rows pay: the lines that they were found to be of, or what they state."""
    found = {mark: frozenset({whom}) for mark, whom in stated.items()}
    named: dict[str, set[str]] = {}
    for one in pairs:
        named.setdefault(one.row.mark, set()).add(one.line)
    for each in told:
        line = register.lines.get(each.line)
        if each.row is not None and line is not None:
            if each.name in _OF_ONE_LINE:
                named.setdefault(each.row.mark, set()).add(each.line)
            else:
                found.setdefault(each.row.mark, frozenset({line.of.account}))
    return found | {mark: frozenset(whom) for mark, whom in named.items()}


def joint_name(names: Iterable[str]) -> str:
    """Return one word for several lines or batches that one sum is of."""
    return "+".join(sorted(names))
