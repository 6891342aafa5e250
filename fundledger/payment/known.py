"""A list held against the people whom the vault knows: who is new, who moved, who was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fundledger.findings import Finding
from fundledger.people import Identity, same_name
from fundledger.people.vault import Account, Person, Vault

if TYPE_CHECKING:
    from fundledger.payment.unitlist import Entry

_SHOWN = 20

Roster = Callable[[Iterable[Identity]], Mapping[Identity, "Known"]]
"""Gives those of some people whom the vault knows."""


class Known(NamedTuple):
    """A person of the vault by pseudonym."""

    pseudonym: str
    person: Person


class Slip(NamedTuple):
    """A wrong identity number: where it stands, whose it is said to be, whose it may be."""

    place: str
    name: str
    candidates: tuple[Identity, ...]

    def __repr__(self) -> str:
        return f"Slip({self.place}, {len(self.candidates)} candidates)"


def roster_of(vault: Vault, *, actor: str, purpose: str) -> Roster:
    """Return what asks a vault for people; each who is found is in its log.

    Raises:
        VaultClosed: FL726 to FL728, it cannot be opened; FL730, the log cannot be written.

    """

    def roster(identities: Iterable[Identity]) -> Mapping[Identity, Known]:
        made = vault.pseudonyms()
        names = {made.person(identity): identity for identity in identities}
        found = vault.read(names, actor=actor, purpose=purpose)
        return {names[name]: Known(name, person) for name, person in found.items()}

    return roster


def against(
    file: str, entries: Sequence[Entry], known: Mapping[Identity, Known]
) -> Iterator[Finding]:
    """Yield what a list says otherwise than the vault: another name, another account, somebody new.

    Who died before the month that is paid for is an error (FL709), and so is another name to a
    known number (FL742): one of the two is somebody else.  All who are new are told together
    (FL744), for in a first list everybody is.
    """
    fresh = [entry.row for entry in entries if entry.identity not in known]
    if fresh:
        rows = ", ".join(map(str, fresh[:_SHOWN])) + (", …" if len(fresh) > _SHOWN else "")
        yield Finding("FL744", file, {"rows": rows, "count": len(fresh)})
    for entry in entries:
        place = f"{file} [{entry.row}]"
        found = known.get(entry.identity)
        if found is None:
            continue
        if not same_name(found.person.name, entry.name):
            yield Finding("FL742", place, {"person": found.pseudonym})
        if found.person.outlived_by(entry.period):
            details = {"person": found.pseudonym, "period": entry.period, "reason": "period"}
            yield Finding("FL709", place, details)
        for what in _otherwise(entry, found.person.accounts):
            yield Finding("FL743", place, {"person": found.pseudonym, "what": what})


def _otherwise(entry: Entry, accounts: Sequence[Account]) -> Iterator[str]:
    """Yield what of an account a list says otherwise than the vault; another number says it all.

    A list changes nothing of an account that is known: its holder or bank is changed by name.
    """
    last = accounts[-1] if accounts else None
    if last is None:
        return
    if last.number != entry.account:
        yield "account"
        return
    if entry.holder and not same_name(last.holder, entry.holder):
        yield "holder"
    if entry.bank and last.bank and not same_name(last.bank, entry.bank):
        yield "bank"


def meant(slips: Iterable[Slip], known: Mapping[Identity, Known]) -> Iterator[Finding]:
    """Yield for wrong numbers which known people of the same name they may be meant for (FL745)."""
    for slip in slips:
        people = [
            known[identity].pseudonym
            for identity in slip.candidates
            if identity in known and same_name(known[identity].person.name, slip.name)
        ]
        if people:
            yield Finding("FL745", slip.place, {"people": ", ".join(people)})
