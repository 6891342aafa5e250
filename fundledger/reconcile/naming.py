"""Whom a row of a statement pays, by what it names: so that no amount alone makes it another's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from fundledger.reconcile.rows import LINE_ID, BankRow, Pair, Told

if TYPE_CHECKING:
    from fundledger.bank import BankLine
    from fundledger.reconcile.register import Register

_WORD = re.compile(r"[0-9A-Za-z-]+", re.ASCII)
_BATCH = re.compile(r"B[0-9]{4}-[0-9]{2}-[0-9]{3,6}", re.ASCII)
_OF_ONE_LINE = frozenset({"line-debited-twice", "over-paid", "short-paid"})
"""What is told of a row that names a line, so that it is of no other."""

Payees = Mapping[str, frozenset[str]]
"""Whom rows pay, by their marks: lines, else accounts or names of nobody, else batches."""


class Names(NamedTuple):
    """What rows say, by their marks: `sums` one batch, and `payees` whom, in other words.

    In `sums` are rows that name no line and state no account of the lists.  A word that has the
    form of a batch's number names one, if none of these then some other.
    """

    sums: dict[str, str]
    payees: dict[str, frozenset[str]]


def stated_by(rows: Iterable[BankRow], holders: Mapping[str, str] | None) -> Payees:
    """Return the accounts that rows state, or those in the name that they state; else a name.

    `holders` are names by account, None where nobody's names are known.
    """
    of_name: dict[str, set[str]] = defaultdict(set)
    for account, holder in (holders or {}).items():
        of_name[holder].add(account)
    found = {}
    for row, _, account, name in rows:
        if account:
            found[row.mark] = frozenset({account})
        elif name and holders is not None:
            found[row.mark] = frozenset(of_name.get(name, {f"name {name}"}))
    return found


def states_anybody(line: BankLine) -> bool:
    """Whether a row says to whom it went, be it in part."""
    said = f"{line.counterparty}{line.counterparty_account}"
    return any(letter.isalnum() and letter != "0" for letter in said)


def names_in(register: Register, rows: Iterable[BankRow], stated: Payees) -> Names:
    """Return what the memos and serial numbers of rows name, beside whom they are stated to pay.

    Several lines, or batches, are paid by a row that states no account but theirs.
    """
    accounts = {line.of.account for line in register.sent()}
    known = {batch.id for batch in register.batches}
    found = Names({}, {})
    for row, line, account, _ in rows:
        said = f" {line.summary} {line.text} "
        lines = set(LINE_ID.findall(said))
        words = {*_WORD.findall(said), line.serial}
        batches = {word for word in words if word in known or _BATCH.fullmatch(word)}
        own = stated.get(row.mark)
        if lines or len(batches) > 1 or not batches <= known:
            if len(lines) > 1 and own is not None and not _all_in(own, lines, register):
                found.payees[row.mark] = own
            else:
                found.payees[row.mark] = frozenset({joint_name(lines or batches)})
        elif own is not None:
            found.payees[row.mark] = own
        if not lines and len(batches) == 1 and batches <= known and account not in accounts:
            found.sums[row.mark] = batches.pop()
            found.payees.setdefault(row.mark, frozenset({found.sums[row.mark]}))
    return found


def _all_in(accounts: frozenset[str], lines: Iterable[str], register: Register) -> bool:
    """Whether lines are all to be paid to these accounts; of one that is not ours nobody knows."""
    found = (register.lines.get(line) for line in lines)
    return all(line is not None and line.of.account in accounts for line in found)


def payees_of(
    register: Register, said: Names, pairs: Iterable[Pair], told: Iterable[Told]
) -> dict[str, frozenset[str]]:
    """Return whom rows pay: the lines that they were found to be of, or what they say."""
    found = dict(said.payees)
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
