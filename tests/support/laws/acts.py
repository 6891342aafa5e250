"""Acts that a fund may refuse, each with the record that it would be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from msgspec import convert, structs, to_builtins

from fundledger.errors import Refused
from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.bodies import ReconciliationBody
from fundledger.ledger.books import Books
from fundledger.ledger.disk import RealDisk
from fundledger.ledger.ending import year_end
from fundledger.ledger.faces import BookDigests
from fundledger.ledger.plan import Content, Plan
from fundledger.ledger.record import Record
from fundledger.ledger.store import Store
from fundledger.ledger.text import render_voucher
from fundledger.ledger.voucher import Draft, Voucher, numbered
from fundledger.recorder import GATE
from support.laws.world import AT, Act, Made, gating

Forge = Callable[[Sequence[Draft]], Sequence[Draft]]


def as_numbered(fund: Fund, batch: Sequence[Draft]) -> list[Voucher]:
    """Return the vouchers as the gate would have numbered them."""
    numbers = dict(fund.books().months.rows())
    vouchers = []
    for item in batch:
        month = item.date.isoformat()[:7]
        numbers[month] = numbers.get(month, 0) + 1
        vouchers.append(numbered(item, numbers[month]))
    return vouchers


def recording(batch: Sequence[Draft], key: str | None = None) -> Act:
    """Return the act of recording a batch of drafts."""

    def made(fund: Fund) -> Made:
        actor = batch[0].poster or batch[0].maker
        return Made("voucher", {}, as_numbered(fund, batch), actor, key or "")

    return Act(lambda fund: fund.record(batch, key=key), made)


def misnumbered(one: Draft, step: int) -> Act:
    """Return the act of recording a voucher whose number is off by `step`.

    The program numbers vouchers itself, so it is the gate that is asked, on the books in memory.
    """

    def made(fund: Fund) -> Made:
        (voucher,) = as_numbered(fund, [one])
        number = max(1, voucher.number + step)
        return Made(
            "voucher", {}, [structs.replace(voucher, number=number)], one.poster or one.maker
        )

    def ask(fund: Fund) -> None:
        asked = made(fund)
        books = fund.books()
        sequence = books.head.sequence + 1
        record = Record(sequence, AT, asked.actor, "voucher", "", "", {}, tuple(asked.vouchers))
        findings = [
            *GATE.vouchers(books.apply(record, AT[:7], -1), books),
            *GATE.record(record, books),
        ]
        if gating(findings):
            raise Refused(findings)
        fund.record(one)

    return Act(ask, made)


def reversing(ref: str, on: date, maker: str, reviewer: str) -> Act:
    """Return the act of reversing a voucher that is there."""

    def made(fund: Fund) -> Made:
        original = fund.books().voucher(ref)
        assert original is not None
        red = drafts.reversal(original, on, maker, reviewer)
        return Made("voucher", {}, as_numbered(fund, [red]), maker)

    return Act(lambda fund: fund.reverse(ref, on=on, maker=maker, reviewer=reviewer), made)


def correcting(ref: str, right: Draft) -> Act:
    """Return the act of correcting a voucher that is there."""

    def made(fund: Fund) -> Made:
        original = fund.books().voucher(ref)
        assert original is not None
        blue = replace(right, corrects=ref, event="correction")
        batch = [blue]
        if original.date.year == right.date.year:
            batch = [drafts.reversal(original, right.date, right.maker, right.reviewer), blue]
        return Made("voucher", {}, as_numbered(fund, batch), right.maker)

    return Act(lambda fund: fund.correct(ref, right), made)


def asserting(account: str, day: date, fen: int, actor: str, replaces: int = 0) -> Act:
    """Return the act of asserting a balance."""
    body = {"account": account, "date": day.isoformat(), "amount_fen": fen, "replaces": replaces}
    return Act(
        lambda fund: fund.assert_balance(account, day, fen, actor=actor, replaces=replaces),
        lambda _: Made("assertion", body, (), actor),
    )


def signing(body: ReconciliationBody, actor: str) -> Act:
    """Return the act of signing a reconciliation."""
    values = to_builtins(body)
    return Act(
        lambda fund: fund.sign(convert(values, ReconciliationBody), actor=actor),
        lambda _: Made("reconciliation", values, (), actor),
    )


def closing(month: str, actor: str) -> Act:
    """Return the act of closing a month."""

    def made(fund: Fund) -> Made:
        after = fund.books().head.closed_through
        digest = book_digest(fund, month, ())
        return Made("close", {"month": month, "after": after, "book_sha256": digest}, (), actor)

    return Act(lambda fund: fund.close(month, actor=actor), made)


def ending(year: int, actor: str, maker: str, reviewer: str) -> Act:
    """Return the act of ending a year."""
    return Act(
        lambda fund: fund.close_year(year, actor=actor, maker=maker, reviewer=reviewer),
        lambda fund: _year_end(
            fund, year, actor, lambda books: year_end(books, year, maker, reviewer)
        ),
    )


def ending_falsely(root: Path, year: int, actor: str, forge: Forge) -> Act:
    """Return the act of ending a year with closing vouchers that `forge` changed.

    The program makes those vouchers itself, so it is the store in `root` that is asked.
    """

    def carry(books: Books) -> Sequence[Draft]:
        return forge(year_end(books, year, "S03", "S01"))

    def ask(fund: Fund) -> None:
        body = _year_end(fund, year, actor, carry).body
        store = Store(RealDisk(root), fund.id, GATE, index_path=":memory:", clock=lambda: AT)
        store.commit(
            Plan("year-end", actor, "forged", "", lambda books: Content(body, carry(books)))
        )
        store.close()

    return Act(ask, lambda fund: _year_end(fund, year, actor, carry))


def _year_end(fund: Fund, year: int, actor: str, carry: Callable[[Books], Sequence[Draft]]) -> Made:
    month = f"{year}-12"
    books = fund.books()
    vouchers = as_numbered(fund, carry(books))
    body = {
        "year": year,
        "month": month,
        "after": books.head.closed_through,
        "book_sha256": book_digest(fund, month, vouchers),
    }
    return Made("year-end", body, vouchers, actor)


def book_digest(fund: Fund, month: str, more: Sequence[Voucher]) -> str:
    """Return the digest of a month's book with more vouchers in it, or an empty text."""
    digests = BookDigests(fund.id)
    for voucher in (*fund.vouchers(), *more):
        if voucher.date.isoformat()[:7] == month:
            digests.add(month, render_voucher(voucher))
    return digests.sha256(month)
