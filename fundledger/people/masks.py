"""How people are shown where somebody has to recognise them: never in full."""

from __future__ import annotations

from fundledger.people.names import SURNAMES_OF_TWO, plain_name

_HEAD, _TAIL = 3, 4
_CARD_HEAD = 4
_DIVISION = 6
_MOBILE_LENGTH = 11
_PAIR = 2
_HIDDEN = "****"


def mask_name(name: str, *, surname_only: bool = False) -> str:
    """Return a name with its middle hidden: 张*, 张*三, 欧**三.

    A name of one sign is hidden wholly, one of another script keeps the first and the last letter.
    `surname_only` keeps the surname alone, of one sign or two.
    """
    plain = plain_name(name)
    if len(plain) <= 1:
        return "*"
    if surname_only:
        length = 2 if plain[:_PAIR] in SURNAMES_OF_TWO and len(plain) > _PAIR else 1
        return plain[:length] + "*" * (len(plain) - length)
    if len(plain) == _PAIR:
        return plain[0] + "*"
    return plain[0] + "*" * (len(plain) - 2) + plain[-1]


def mask_number(number: str, *, strict: bool = False) -> str:
    """Return an identity number as `310***********1234`; one of another length by its head alone.

    `strict` keeps the division alone, so that neither birth nor tail can be read.
    """
    if len(number) < 2 * (_HEAD + _TAIL):
        return number[:1] + "*" * max(len(number) - 1, 0)
    if strict:
        return number[:_DIVISION] + "*" * (len(number) - _DIVISION)
    return number[:_HEAD] + "*" * (len(number) - _HEAD - _TAIL) + number[-_TAIL:]


def mask_account(account: str) -> str:
    """Return a bank account's number as `6217***********5220`; a short one by its tail alone."""
    if len(account) < 2 * _CARD_HEAD + _TAIL:
        return _tail_alone(account)
    return account[:_CARD_HEAD] + "*" * (len(account) - _CARD_HEAD - _TAIL) + account[-_TAIL:]


def mask_phone(phone: str) -> str:
    """Return a phone number as `138****1234`; another length by its last two digits alone."""
    if len(phone) == _MOBILE_LENGTH:
        return phone[:_HEAD] + _HIDDEN + phone[-_TAIL:]
    return _tail_alone(phone)


def _tail_alone(number: str) -> str:
    if len(number) <= len(_HIDDEN):
        return _HIDDEN
    return "*" * (len(number) - _PAIR) + number[-_PAIR:]
