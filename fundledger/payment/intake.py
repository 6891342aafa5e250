"""A unit's list taken in: its people go to the vault, what they are to get by pseudonym."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from fundledger.payer import Entitlement
from fundledger.people.vault import Account, Person, with_account

if TYPE_CHECKING:
    from fundledger.payment.unitlist import Entry
    from fundledger.people.pseudonyms import Pseudonyms


def entitlements_of(entries: Iterable[Entry], made: Pseudonyms) -> list[Entitlement]:
    """Return what the rows of a list entitle to, naming nobody."""
    return [
        Entitlement(
            made.person(entry.identity),
            made.household(entry.household) if entry.household else "",
            entry.unit,
            entry.category,
            entry.period,
            entry.amount_fen,
            made.account(entry.account),
        )
        for entry in entries
    ]


def people_of(
    entries: Iterable[Entry], known: Mapping[str, Person], made: Pseudonyms, *, at: str, by: str
) -> list[Person]:
    """Return the people of a list as the vault is to keep them from now on.

    `known` are those of them whom it knows, by pseudonym.  An account that is not the last one is
    the one in use from `at` on, by whose hand it came; the ones before stay known.
    """
    people: dict[str, Person] = {}
    for entry in entries:
        name = made.person(entry.identity)
        before = people.get(name) or known.get(name)
        person = Person(
            entry.identity.kind,
            entry.identity.number,
            entry.name,
            before.accounts if before is not None else (),
            entry.phone or (before.phone if before is not None else ""),
            entry.household or (before.household if before is not None else ""),
            entry.committee or (before.committee if before is not None else ""),
            before.former if before is not None else (),
            before.died if before is not None else "",
        )
        last = person.accounts[-1] if person.accounts else None
        if last is None or last.number != entry.account:
            own = Account(entry.account, entry.holder or entry.name, entry.bank, at, by)
            person = with_account(person, own)
        people[name] = person
    return list(people.values())
