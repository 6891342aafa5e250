"""A batch to be paid: whom, how much and from which account, checked before it becomes a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from fundledger.charter.kinds import DEVICES
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.given import expect, is_day

MOST_FEN = 10**13
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,33}[A-Za-z0-9])?", re.ASCII)
_ACCOUNT = re.compile(r"\d{8,32}", re.ASCII)
_BANK_CODE = re.compile(r"(?:\d{12})?", re.ASCII)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NO_SIGNS = "\ufffe\uffff"
_LONGEST = 140  # what ISO 20022 gives a name and a remittance


class Payee(NamedTuple):
    """One payment: whom and how much; `bank_code` is the twelve digits of CNAPS or empty."""

    line: str
    name: str
    account: str
    bank: str
    bank_code: str
    amount_fen: int
    memo: str

    def __repr__(self) -> str:
        return f"Payee({self.line}, {self.amount_fen} fen)"


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """A batch as it was approved; `batch` is its id, which names the file."""

    fund: str
    batch: str
    payer_account: str
    payer_name: str
    on: date
    purpose: str
    payees: tuple[Payee, ...]

    @property
    def amount_fen(self) -> int:
        """What it pays in all."""
        return sum(payee.amount_fen for payee in self.payees)


class SentLine(NamedTuple):
    """One payment as it was sent, which the bank's answer is held against.

    `holders` are the names that the account is known to be in; none where nobody asked.
    """

    line: str
    account: str
    amount_fen: int
    holders: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"SentLine({self.line}, {self.amount_fen} fen)"


@dataclass(frozen=True, slots=True)
class Sent:
    """A batch as it was sent: which, from which account, on which day, and its lines."""

    batch: str
    payer_account: str
    on: date
    lines: tuple[SentLine, ...]


def sent_of(order: PaymentOrder) -> Sent:
    """Return what the bank's answer to an order is held against.

    Raises:
        InputInvalid: FL909, it is no order, or a field of it is of another type.

    """
    expect_order(order)
    lines = tuple(SentLine(p.line, p.account, p.amount_fen, (p.name,)) for p in order.payees)
    return Sent(order.batch, order.payer_account, order.on, lines)


def payee_place(order: PaymentOrder, payee: Payee) -> str:
    """Return how a payee is named in what is told: by batch and line, never by the person."""
    line = payee.line if _ID.fullmatch(payee.line) else "?"
    return f"{_batch(order)} [{line}]"


def check_order(order: PaymentOrder) -> None:
    """Refuse an order that no bank can be sent.

    Raises:
        InputInvalid: FL764 to FL768, everything that is wrong; nobody is named.  FL909, it is no
            order, or a field of it is of another type.

    """
    expect_order(order)
    findings = [*_of_head(order), *_of_payees(order)]
    if findings:
        raise InputInvalid(findings)


def expect_order(order: object) -> None:
    """Refuse what is no order, and each field of one that is of another type.

    Raises:
        InputInvalid: FL909, by the places of the fields, such as `order.payees[2].name`.

    """
    if not isinstance(order, PaymentOrder):
        expect(order=False)
        return
    texts = ("fund", "batch", "payer_account", "payer_name", "purpose")
    wrong = [f"order.{name}" for name in texts if type(getattr(order, name)) is not str]
    wrong += [] if is_day(order.on) else ["order.on"]
    given: object = order.payees
    if not isinstance(given, (tuple, list)):
        wrong.append("order.payees")
        given = ()
    for at, payee in enumerate(given):
        if not isinstance(payee, Payee):
            wrong.append(f"order.payees[{at}]")
            continue
        named = (name for name in Payee._fields if name != "amount_fen")  # FL766 tells that
        wrong += [
            f"order.payees[{at}].{name}" for name in named if type(getattr(payee, name)) is not str
        ]
    expect(**dict.fromkeys(wrong, False))


def unfit_text(text: str) -> bool:
    """Whether a text has signs that no file carries: controls, unseen signs, broken pairs."""
    return any(sign in _NO_SIGNS or unicodedata.category(sign) in _UNSEEN for sign in text)


def _batch(order: PaymentOrder) -> str:
    """Return the batch's id, which names a file, or a question mark where it is none."""
    fits = _ID.fullmatch(order.batch) and order.batch.lower() not in DEVICES
    return order.batch if fits else "?"


def _of_head(order: PaymentOrder) -> Iterator[Finding]:
    batch = _batch(order)
    if batch != order.batch:
        yield Finding("FL767", batch, {"field": "batch"})
    if not _ACCOUNT.fullmatch(order.payer_account):
        yield Finding("FL767", batch, {"field": "payer_account"})
    for field in ("fund", "payer_name", "purpose"):
        text = getattr(order, field)
        if unfit_text(text):
            yield Finding("FL768", batch, {"field": field})
        elif not text.strip() or len(text) > _LONGEST:
            yield Finding("FL767", batch, {"field": field})
    if not order.payees:
        yield Finding("FL764", batch)


def _of_payees(order: PaymentOrder) -> Iterator[Finding]:
    seen: set[str] = set()
    for payee in order.payees:
        place = payee_place(order, payee)
        if payee.line in seen:
            yield Finding("FL765", place)
        seen.add(payee.line)
        if not _ID.fullmatch(payee.line):
            yield Finding("FL767", place, {"field": "line"})
        if not _ACCOUNT.fullmatch(payee.account):
            yield Finding("FL767", place, {"field": "account"})
        if not _BANK_CODE.fullmatch(payee.bank_code):
            yield Finding("FL767", place, {"field": "bank_code"})
        if type(payee.amount_fen) is not int or not 0 < payee.amount_fen < MOST_FEN:
            yield Finding("FL766", place)
        for field in ("name", "bank", "memo"):
            text = getattr(payee, field)
            if unfit_text(text.removeprefix("\t")):
                yield Finding("FL768", place, {"field": field})
            elif len(text) > _LONGEST or (field == "name" and not text.strip()):
                yield Finding("FL767", place, {"field": field})
