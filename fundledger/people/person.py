"""One person as the vault keeps them: document, names, accounts, and since when by whose hand."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct, structs

from fundledger.people.identity import Document, Identity
from fundledger.people.masks import mask_account


class Account(Struct, frozen=True):
    """A bank account that a person is paid to, and since when (ISO time) by whose hand."""

    number: str
    holder: str
    bank: str = ""
    since: str = ""
    by: str = ""

    def __repr__(self) -> str:
        return f"Account({mask_account(self.number)})"


class FormerName(Struct, frozen=True):
    """A name that somebody had, until when (ISO time), and by whose hand it was changed."""

    name: str
    until: str
    by: str

    def __repr__(self) -> str:
        return f"FormerName(until {self.until})"


class Person(Struct, frozen=True):
    """One person; the last account is the one in use, `former` are names in order of change.

    `died` is the day of death as `2026-03-05`, empty of the living.
    """

    kind: Document
    number: str
    name: str
    accounts: tuple[Account, ...] = ()
    phone: str = ""
    household: str = ""
    committee: str = ""
    former: tuple[FormerName, ...] = ()
    died: str = ""

    def __repr__(self) -> str:
        return f"Person({self.identity!r})"

    @property
    def identity(self) -> Identity:
        """The document that names the person."""
        return Identity(self.kind, self.number)

    def name_on(self, at: str) -> str:
        """Return the name that the vault had for the person at a time."""
        later = (former.name for former in self.former if former.until > at)
        return next(later, self.name)

    def outlived_by(self, period: str) -> bool:
        """Whether the person was dead before a month such as `2026-03` began."""
        return bool(self.died) and self.died[:7] < period

    def account_on(self, at: str) -> Account | None:
        """Return the account that was in use at a time, by the vault."""
        known = [account for account in self.accounts if account.since <= at]
        return known[-1] if known else None


def with_account(person: Person, account: Account) -> Person:
    """Return a person who is paid to another account from now on; those before stay known."""
    if person.accounts and person.accounts[-1] == account:
        return person
    return structs.replace(person, accounts=(*person.accounts, account))


def with_name(person: Person, name: str, *, at: str, by: str) -> Person:
    """Return a person who has another name from now on; the one before stays known."""
    if person.name == name:
        return person
    former = (*person.former, FormerName(person.name, at, by))
    return structs.replace(person, name=name, former=former)


def changed_fields(before: Person, after: Person) -> list[str]:
    """Return which fields of a person differ, by their names alone."""
    return [
        field
        for field in Person.__struct_fields__
        if field != "former" and getattr(before, field) != getattr(after, field)
    ]


class Change(NamedTuple):
    """What of somebody is another from now on; None for what stays, no text in `died` for alive."""

    name: str | None = None
    account: str | None = None
    holder: str | None = None
    bank: str | None = None
    phone: str | None = None
    died: str | None = None

    @property
    def of_account(self) -> bool:
        """Whether it is about the account that the person is paid to."""
        return any(value is not None for value in (self.account, self.holder, self.bank))

    def __repr__(self) -> str:
        said = [name for name, value in self._asdict().items() if value is not None]
        return f"Change({', '.join(said)})"


def changed(person: Person, change: Change, *, at: str, by: str) -> Person:
    """Return a person with a change that holds from a time on, by whose hand it came.

    Of another account the holder is the person and the bank not known, unless it says so; that of
    somebody who has no account yet has to have its number.
    """
    if change.name is not None:
        person = with_name(person, change.name, at=at, by=by)
    if change.phone is not None:
        person = structs.replace(person, phone=change.phone)
    if change.died is not None:
        person = structs.replace(person, died=change.died)
    last = person.accounts[-1] if person.accounts else None
    number = change.account or (last.number if last is not None else "")
    if not change.of_account or not number:
        return person
    kept = last if last is not None and last.number == number else Account(number, person.name)
    holder = kept.holder if change.holder is None else change.holder
    bank = kept.bank if change.bank is None else change.bank
    own = Account(number, holder, bank, at, by)
    if last is not None and structs.replace(own, since=last.since, by=last.by) == last:
        return person
    return with_account(person, own)
