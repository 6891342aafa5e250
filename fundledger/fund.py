"""One fund: examine, record, reverse, correct, assert, sign and close; the object callers hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import MsgspecError, convert, to_builtins

from fundledger.checks.crosswise import Attestation, attestations_of
from fundledger.errors import FundledgerError, InputInvalid, Refused
from fundledger.findings import Finding
from fundledger.ledger import ending
from fundledger.ledger.bodies import ReconciliationBody
from fundledger.ledger.books import Books
from fundledger.ledger.disk import RealDisk
from fundledger.ledger.given import (
    expect,
    is_day,
    is_digest,
    is_fen,
    is_key,
    is_text,
    is_year,
    shown,
)
from fundledger.ledger.note import Known
from fundledger.ledger.plan import Content, Plan, Receipt
from fundledger.ledger.record import request_digest
from fundledger.ledger.rehearsal import Rehearsal
from fundledger.ledger.surroundings import Surroundings
from fundledger.ledger.text import render_voucher
from fundledger.ledger.voucher import Voucher, numbered
from fundledger.money import LIMIT_FEN, format_fen
from fundledger.reader import Reader
from fundledger.stager import Stager

if TYPE_CHECKING:
    from fundledger.charter import FundCharter

_HEAD_SECONDS = 1.0  # that a closing waits for another fund's writer


class Fund(Stager):
    """One restricted fund: its own account, books and purposes (专户存储、单独建账、专款专用).

    Each act that records raises as `record` does, beside what it says itself; `examine`, `preview`,
    `recorded`, `touched` and `rebuild` as it does but for KeyConflict and OutcomeUnknown.
    """

    def rehearsal(self) -> Fund:
        """Return this fund for trying acts out: any act of it is examined, and none is written.

        An act there returns the receipt that it would have (with an empty head) or raises what it
        would raise; `recorded` and `touched` tell what would stand in the books after its last act,
        and refuse the receipt of any other.  Acts do not add up: each is tried on the books as the
        journal has them, not after the one before.  Not a byte of the fund's directory changes, and
        it takes as long in a large fund as in a small one.
        """
        return Fund(
            self._disk,
            self.charter,
            self._surroundings,
            index_path=self._index_path,
            store=Rehearsal,
            rules=self._read_rules,
            others=self._others,
        )

    def assert_balance(  # noqa: PLR0913 - what a statement says, by keyword
        self,
        account: str,
        on: date,
        amount_fen: int,
        *,
        actor: str,
        document: str = "",
        replaces: int = 0,
        key: str | None = None,
    ) -> Receipt:
        """Record what a statement says an account held at the end of a day, in fen.

        It is recorded whether the books agree or not; `check` shows each as held or off.
        `document` is the sha256 of the statement; `replaces` the sequence of an earlier assertion
        of this account and day that was wrong: both stay in the journal, the later one stands.

        Raises:
            InputInvalid: FL902, FL909, a value that cannot be taken.
            Refused: FL322, FL323; nothing was written.

        """
        expect(
            account=is_text(account),
            on=is_day(on),
            amount_fen=is_fen(amount_fen),
            document=document == "" or is_digest(document),
            replaces=is_fen(replaces) and replaces >= 0,
        )
        if abs(amount_fen) > LIMIT_FEN:
            raise InputInvalid(Finding("FL902", "amount_fen", {"text": format_fen(amount_fen)}))
        body: dict[str, Any] = {
            "account": account,
            "date": on.isoformat(),
            "amount_fen": amount_fen,
        }
        if document:
            body["document"] = document
        if replaces:
            body["replaces"] = replaces
        return self._commit("assertion", actor, key, body, lambda _: Content(body))

    def sign(
        self, reconciliation: ReconciliationBody, *, actor: str, key: str | None = None
    ) -> Receipt:
        """Record a signed reconciliation, and with it the assertion of the statement's balance.

        `fundledger.reconcile.sign` makes it of an adjustment.

        Raises:
            InputInvalid: FL909, it is not what a reconciliation can say.
            Refused: FL322 to FL327; nothing was written.

        """
        try:
            body = to_builtins(reconciliation)
            sound = convert(body, ReconciliationBody) == reconciliation
            body = {name: said for name, said in body.items() if said or name != "decided"}
        except (MsgspecError, TypeError, ValueError):
            body, sound = {}, False
        expect(reconciliation=sound)
        return self._commit("reconciliation", actor, key, body, lambda _: Content(body))

    def close(self, month: str, *, actor: str, key: str | None = None) -> Receipt:
        """Close a month (结账): nothing more is posted into it.

        The record holds the digest of the month's book, and the heads of the office's other funds.

        Raises:
            Refused: FL320, FL321, FL328 or a finding of the month that gates; nothing was written.

        """
        month = _month(month)
        heads, unseen = self._heads()

        def make(books: Books) -> Content:
            findings, digests = self._replayed(month)
            if findings:
                raise Refused(findings)
            return Content(
                {
                    "month": month,
                    "after": books.head.closed_through,
                    "book_sha256": digests.sha256(month),
                    **heads,
                }
            )

        receipt = self._commit("close", actor, key, {"close": month}, make)
        return receipt if receipt.again else replace(receipt, findings=receipt.findings + unseen)

    def close_year(
        self, year: int, *, actor: str, maker: str, reviewer: str, key: str | None = None
    ) -> Receipt:
        """End a year (年末结转): carry its results, close December, open the next year's budget.

        Raises:
            Refused: FL318, FL320, FL321 and others; nothing was written.

        """
        if not is_year(year):
            raise InputInvalid(Finding("FL929", "year", {"text": shown(year)}))
        expect(maker=is_text(maker), reviewer=is_text(reviewer))
        month = f"{year}-12"
        heads, unseen = self._heads()

        def make(books: Books) -> Content:
            carry = ending.year_end(books, year, maker, reviewer)
            findings, digests = self._replayed(month)
            if findings:
                raise Refused(findings)
            number = books.months[month] + 1
            for draft in carry:
                if draft.date.year == year:
                    digests.add(month, render_voucher(numbered(draft, number)))
            return Content(
                {
                    "year": year,
                    "month": month,
                    "after": books.head.closed_through,
                    "book_sha256": digests.sha256(month),
                    **heads,
                },
                carry,
            )

        request = {"close-year": year, "maker": maker, "reviewer": reviewer}
        receipt = self._commit("year-end", actor, key, request, make)
        return receipt if receipt.again else replace(receipt, findings=receipt.findings + unseen)

    def _heads(self) -> tuple[dict[str, Any], tuple[Finding, ...]]:
        """Return what a closing says of the other funds, and of which it says nothing (FL972).

        They are looked at before this one is locked, and a fund that is out of order or busy does
        not keep this one from being closed.
        """
        heads: dict[str, list[int | str]] = {}
        unseen = []
        for other in self._others():
            try:
                head = other.last_durable(_HEAD_SECONDS)
            except (FundledgerError, OSError):
                head = None
            if head is None:
                unseen.append(Finding("FL972", other.id, {"other": other.id}, self.id))
            elif head.sequence:
                heads[other.id] = [head.sequence, head.digest]
        return ({"heads": heads} if heads else {}), tuple(unseen)

    def give_up(self, reason: str, *, actor: str, key: str | None = None) -> Receipt:
        """Record that acknowledged records, which the journal lacks, are given up as lost.

        For when no copy that holds them can be restored; the record stays, and every audit tells
        it.  Recording goes on after it.  It lacks what this machine acknowledged, or what the
        closings of other funds name; a fund of which nothing is left begins with it.

        Raises:
            JournalBroken: FL602, this fund's journal does not hold.
            Refused: FL624, nothing is missing; FL323, the actor may not decide this.

        """
        expect(reason=is_text(reason) and bool(reason), actor=is_text(actor), key=is_key(key))
        digest = request_digest(["loss", actor, reason])
        plan = Plan(
            "loss", actor, key or self._surroundings.fresh_key(), digest, lambda _: Content({})
        )

        def make(known: Known) -> Content:
            body = {"known": known.sequence, "digest": known.digest, "reason": reason}
            return Content(body)

        try:
            return self._store.give_up(plan, make, self._rules)
        except Refused as refusal:
            seen = self.attested() if refusal.findings[0].code == "FL624" else []
            lacking = self.denied(seen)
            if not lacking:
                raise
        held = {one.sequence for one in seen} - {one.sequence for one in lacking}
        since = 1 + max((n for n in held if n < lacking[0].sequence), default=0)
        last = lacking[-1]

        def make_of_attested(_: Known) -> Content:
            body = {"known": last.sequence, "digest": last.digest, "reason": reason}
            return Content({**body, "since": since})

        return self._store.give_up(plan, make_of_attested, self._rules, elsewhere=True)

    def attested(self) -> list[Attestation]:
        """Return what the closings of the other funds say of this one's journal.

        Of a fund whose journal cannot be read, what it says up to there.
        """
        seen: list[Attestation] = []
        for other in self._others():
            with suppress(FundledgerError, OSError):
                for record in other.records():
                    said = attestations_of(other.id, record)
                    seen += (one for one in said if one.fund == self.id)
        return seen

    def rebuild(self) -> list[str]:
        """Write the books anew wherever they differ from the journal; returns their names."""
        return self._store.rebuild()

    def twins(self, vouchers: Sequence[Voucher]) -> list[Finding]:
        """Return which of these vouchers say what an earlier one says, as warnings (FL965).

        Raises:
            InputInvalid: FL909, they are no vouchers.

        """
        given: object = vouchers
        expect(
            vouchers=isinstance(given, (list, tuple))
            and all(isinstance(voucher, Voucher) for voucher in given)
        )
        return self._store.twins(vouchers)


def open_fund(
    root: Path,
    charter: FundCharter,
    surroundings: Surroundings,
    *,
    rules: Callable[[], FundCharter] | None = None,
    others: Callable[[], Sequence[Reader]] = tuple,
) -> Fund:
    """Return the fund whose directory is `root`; it is made with the first record.

    `others` gives the other funds of the office when a month or year is closed.
    """
    index = str(root / ".state" / "index.sqlite")
    return Fund(RealDisk(root), charter, surroundings, index_path=index, rules=rules, others=others)


def file_digest(path: Path) -> str:
    """Return the sha256 of a file, by which the journal names a source document."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _month(text: str) -> str:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = date.min
    if not is_year(first.year):
        raise InputInvalid(Finding("FL903", "month", {"text": shown(text)}))
    return first.isoformat()[:7]
