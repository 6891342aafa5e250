"""Where each line stands, line by line, read off the journal and its files without the fold.

Written from the table of states alone; it knows no base, no totals and no batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from fundledger.fund import Fund
from fundledger.ledger.batches.outcomes import parse_outcomes
from fundledger.ledger.batches.paylist import PaymentLine, parse_list, root_of
from fundledger.ledger.books import Books

_PLAIN = {
    "approve": ("planned", "approved"),
    "reject": ("planned", "dropped"),
    "withdraw": ("approved", "dropped"),
    "export": ("approved", "exported"),
    "refuse": ("exported", "approved"),
    "return": ("paid", "returned"),
    "take-back": ("paid", "reversed"),
    "cancel": ("", "cancelled"),
    "unclaimed": ("", "unclaimed"),
    "remit": ("unclaimed", "remitted"),
}
_CASH: dict[str, dict[str, Any]] = {
    "debit": {"debited": True},
    "credit-back": {"credited": True},
    "undo-debit": {"debited": False},
    "undo-credit-back": {"credited": False},
    "undo-return": {"credited": False, "state": "paid"},
}
LIVE = {
    "planned",
    "approved",
    "exported",
    "unknown",
    "paid",
    "failed",
    "returned",
    "reversed",
    "recoverable",
    "written-off",
}


@dataclass(frozen=True)
class Stands:
    """How a line stands: the word of its state, its cash, and what is asked back."""

    line: PaymentLine
    batch: str
    state: str = "planned"
    debited: bool = False
    debited_on: str = ""
    credited: bool = False
    claimed_fen: int = 0
    settled_fen: int = 0


def lines_of(fund: Fund, books: Books) -> dict[str, Stands]:  # noqa: C901 - a record a step
    """Return every line of a fund by its id; the books only read the files."""
    found: dict[str, Stands] = {}
    again: dict[str, str] = {}
    before: dict[str, Stands] = {}
    for record in fund.records():
        if record.kind != "batch":
            continue
        body = record.body
        batch, step, file = body["batch"], body["step"], body.get("lines", "")
        if step == "prepare":
            for line in parse_list(books.list_bytes(file)):
                assert line.line not in found, "two lines of one id"
                if body.get("kind") == "reissue":
                    again[line.line] = _last(found, line.line)
                found[line.line] = Stands(line, batch)
            continue
        said = {one.line: one for one in parse_outcomes(books.list_bytes(file))} if file else None
        for name in [name for name, one in found.items() if one.batch == batch]:
            one = found[name]
            if said is None and not _taken(step, one):
                continue
            if said is not None and name not in said:
                continue
            outcome = said[name].outcome if said is not None else step
            amount_fen = said[name].amount_fen if said is not None else one.line.amount_fen
            after = _after(one, step, outcome, amount_fen)
            on = said[name].on if said is not None else body["on"]
            found[name] = replace(after, debited_on=on) if step == "debit" else after
            if name in again and step == "approve":
                parent = again[name]
                before[parent] = found[parent]
                found[parent] = replace(found[parent], state="reissued")
            if name in again and step == "withdraw":
                found[again[name]] = before[again[name]]
    return found


def _last(found: dict[str, Stands], line: str) -> str:
    own = [name for name, one in found.items() if root_of(name) == root_of(line)]
    return max((n for n in own if found[n].state != "dropped"), key=lambda n: (len(n), n))


def _taken(step: str, one: Stands) -> bool:
    if step == "debit":
        return one.state in {"exported", "unknown", "paid"} and not one.debited
    if step == "credit-back":
        return one.state == "failed" and one.debited and not one.credited
    if step == "accept":
        return False
    return one.state == _PLAIN[step][0]


def _after(one: Stands, step: str, outcome: str, amount_fen: int) -> Stands:
    if step == "result":
        return replace(one, state=outcome)
    if step in _CASH:
        return replace(one, **_CASH[step])
    if step == "claim-back":
        claimed_fen = one.claimed_fen + amount_fen
        return replace(one, state="recoverable", claimed_fen=claimed_fen)
    if step in {"recover", "write-off"}:
        settled_fen = one.settled_fen + amount_fen
        state = "recoverable"
        if settled_fen == one.claimed_fen:
            whole = "recovered" if settled_fen == one.line.amount_fen else "paid"
            state = "written-off" if step == "write-off" else whole
        return replace(one, settled_fen=settled_fen, state=state)
    credited = one.credited or step in {"return", "take-back"}
    return replace(one, state=_PLAIN[step][1], credited=credited)


def control(lines: Iterable[Stands]) -> Counter[str]:
    """Return what each control account must hold, by the identities, in fen."""
    held: Counter[str] = Counter()
    for one in lines:
        fen = one.line.amount_fen
        if one.state in {"approved", "failed"}:
            held["payable"] += fen
        if one.state == "failed" and one.debited and not one.credited:
            held["due from bank"] += fen
        if one.state in {"exported", "unknown", "paid"} and not one.debited:
            held["transit"] += fen
        if one.state in {"returned", "reversed"}:
            held["returned"] += fen
        if one.state == "recoverable":
            held["recovery"] += one.claimed_fen - one.settled_fen
    return held
