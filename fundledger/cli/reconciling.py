"""What `reconcile` takes besides the statements: the vault, decisions, and other funds' books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.cli.vaults import expect_staff, opened
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.chart import DUE_FROM_FUND, DUE_TO_FUND
from fundledger.people.plain import plain_number
from fundledger.reconcile import Known, mirrored

if TYPE_CHECKING:
    from fundledger.bank import Statement
    from fundledger.cli.session import Session
    from fundledger.people.vault import Person
    from fundledger.reconcile import Identity, Trial

_PURPOSE = "与对账单核对收款人"


def decided_of(decisions: Sequence[str], statements: Sequence[Statement]) -> dict[str, str]:
    """Return lines by the marks of rows, as they were written.

    Raises:
        InputInvalid: FL896, a decision is not of its form, or of no row.

    """
    marks = {
        f"{statement.name}:{line.row}": f"{statement.sha256}:{line.row}"
        for statement in statements
        for line in statement.lines
    }
    found, wrong = {}, []
    for said in decisions:
        row, equals, line = said.rpartition("=")
        if not equals or not line:
            wrong.append(Finding("FL896", said, {"reason": "form"}))
        elif row not in marks:
            wrong.append(Finding("FL896", said, {"reason": "row"}))
        elif marks[row] in found:
            wrong.append(Finding("FL896", said, {"reason": "twice"}))
        else:
            found[marks[row]] = "" if line == "-" else line
    if wrong:
        raise InputInvalid(wrong)
    return found


def mirrored_in(session: Session, fund: str) -> Iterator[Identity]:
    """Yield R9, for the other funds that this one's book names."""
    books = session.books(fund)
    named = {
        name.rpartition(":")[2]
        for name in books.account_names()
        if name.startswith((DUE_FROM_FUND, DUE_TO_FUND)) and books.fen(name)
    }
    others = {
        component: session.books(other)
        for other, component in session.charter(fund).funds.items()
        if component in named
    }
    yield from mirrored(books, others)


def expect_reader(session: Session, actor: str | None, key_file: str | None) -> None:
    """Refuse who is to read the vault and is not on the staff."""
    if actor and key_file:
        expect_staff(session, actor)


def known_by(session: Session, key_file: str | None, actor: str | None) -> Known | None:
    """Return what the vault knows of payees: accounts, and names where it is said who asks.

    Nothing without its key.

    Raises:
        VaultClosed: the vault cannot be opened.

    """
    if not key_file:
        return None
    vault = opened(session, key_file)
    made = vault.pseudonyms()

    def account_of(number: str) -> str:
        digits = plain_number(number)
        return made.account(digits) if digits.isdigit() else ""

    if not actor:
        return Known(account_of)

    read: dict[str, Person] = {}

    def people_of(names: Iterable[str]) -> dict[str, Person]:
        wanted = set(names)
        if not wanted <= read.keys():
            read.update(vault.read(wanted, actor=actor, purpose=_PURPOSE))
        return {name: read[name] for name in wanted & read.keys()}

    def holders_of(people: Iterable[str]) -> dict[str, str]:
        return {
            account_of(account.number): account.holder
            for person in people_of(people).values()
            for account in person.accounts
        }

    def died_of(people: Iterable[str]) -> dict[str, str]:
        return {name: one.died for name, one in people_of(people).items() if one.died}

    return Known(account_of, holders_of, died_of)


def with_paths(trial: Trial, statements: Sequence[str]) -> Trial:
    """Return the reconciliation with each step's paper by the path that the statement has here."""
    paths = {Path(path).name: path for path in statements}
    adjustment = trial.adjustment
    cures = (one._replace(paper=paths.get(one.paper, one.paper)) for one in adjustment.cures)
    return replace(trial, adjustment=replace(adjustment, cures=tuple(cures)))
