"""What a row states of the other side: an account, a name, or one of the bank's own."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping
from typing import TYPE_CHECKING

from fundledger.people.names import plain_name

if TYPE_CHECKING:
    from fundledger.charter.models import Clearing

AccountOf = Callable[[str], str]
"""The pseudonym of an account's number, or '' of what is none of anybody's in the vault."""

_MASK = frozenset("*＊×")
_OF_NUMBERS = re.compile(r"[1-9A-Za-z]", re.ASCII)


def own_accounts(
    clearing: Iterable[Clearing],
    paid: Container[str],
    account_of: AccountOf | None,
    names: Mapping[str, str],
) -> Callable[[str, str], bool]:
    """Return what tells of a row's account and name whether they are the bank's own.

    An account of those that are `paid` is none of these, nor is anybody's name of `names`, by their
    accounts.  A name counts where no account is; of an account that is masked, what can be seen has
    to be the bank's too, and the name.
    """
    given = [
        one
        for one in clearing
        if not one.number or stated_account(one.number, account_of) not in paid
    ]
    numbers = {one.number for one in given if one.number}
    holders = {plain_name(one.holder) for one in given} - set(names.values())

    def own(account: str, name: str) -> bool:
        number = _number(account)
        if number and _MASK.isdisjoint(number):
            return number in numbers
        seen = any(_may_be(number, one) for one in numbers)
        return plain_name(name) in holders and (seen or not number)

    return own


def stated_account(number: str, account_of: AccountOf | None) -> str:
    """Return how a row's account is compared: one that is masked is not stated.

    Without the key of the pseudonyms it is some account, and not known to be anybody's; and so is
    what can be no number of anybody's in the vault.
    """
    digits = _number(number)
    if not digits or not _MASK.isdisjoint(digits):
        return ""
    found = account_of(digits) if account_of is not None else ""
    return found or f"account {hashlib.sha256(digits.encode()).hexdigest()}"


def _number(number: str) -> str:
    """Return an account's number as one word, or '' if it is none, such as `-` or `0`."""
    word = "".join(unicodedata.normalize("NFKC", number).split())
    return word if _OF_NUMBERS.search(word) else ""


def _may_be(masked: str, number: str) -> bool:
    """Whether what can be seen of a masked number is this one's."""
    seen = re.split(r"[*＊×]+", masked)
    return re.fullmatch(".*".join(map(re.escape, seen)), number) is not None


def stated_name(name: str) -> str:
    """Return how a row's name is compared: one that is masked is not stated."""
    return "" if not _MASK.isdisjoint(name) else plain_name(name)
