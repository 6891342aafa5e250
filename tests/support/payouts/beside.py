"""Beside the batches: advances, their settlement, what comes back, donors and their refunds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from fundledger.checks import advances, refunds
from fundledger.ledger import chart, drafts
from fundledger.ledger.plan import Receipt
from fundledger.ledger.voucher import Posting
from support.offices import DIBAO, draft
from support.paying import CASHIER, MAKER, REVIEWER
from support.payouts.machine import PayoutMachine, numbers
from support.payouts.planted import Plant, without_check

BESIDE = ("advance", "gift", "refund", "release", "return", "reversal", "settle", "settle")
FEN = (1, 40_00, 100_00, 100_00, 333_00)
OUT_OF_THE_BANK = frozenset({"advance", "donor-refund"})
INTO_THE_BANK = frozenset({"advance-return", "donation"})


class BesideMachine(PayoutMachine):
    """The same people, and what they may do beside batches; every advance and gift by itself."""

    def __init__(self) -> None:
        """Begin with no advance and no gift."""
        super().__init__()
        self.left: Counter[str] = Counter()
        self.gifts: Counter[str] = Counter()
        self.did: dict[str, tuple[str, str, int]] = {}

    @rule(what=st.sampled_from(BESIDE), number=numbers, fen=st.sampled_from(FEN))
    def happens_beside(self, what: str, number: int, fen: int) -> None:
        """Let one thing happen; what is settled, given back or refunded may be too much."""
        year = self.day.year
        if what == "advance":
            self.does("advance", drafts.advance(year, DIBAO, fen), "", fen)
            self.settles("settle" if number % 2 else "return", number // 2, FEN[number % len(FEN)])
        elif what == "gift":
            self.does("donation", drafts.donation(fen), "", fen)
            self.does("supplement", drafts.adoption(year, DIBAO, fen), "", fen)
            self.does("allot", drafts.allotment(year, DIBAO, fen), "", fen)
            if number % 2:
                self.refunds(number // 2, FEN[number % len(FEN)])
        elif what == "release":
            assert not self.does("release", drafts.release(year, DIBAO, fen), "", fen)
        elif what == "reversal":
            self.reverses(number)
        elif what == "refund":
            self.refunds(number, fen)
        else:
            self.settles(what, number, fen)

    def settles(self, what: str, number: int, asked_fen: int) -> None:
        """Settle an advance with papers, or give back of it."""
        if self.left:
            ref, fen = self.one_of(self.left, number, asked_fen)
            make = drafts.advance_settled if what == "settle" else drafts.advance_returned
            self.does(f"advance-{what}", make(self.day.year, DIBAO, fen), ref, fen)

    def refunds(self, number: int, asked_fen: int) -> None:
        """Give a gift back, or a part of it."""
        if self.gifts:
            ref, fen = self.one_of(self.gifts, number, asked_fen)
            year = self.day.year
            back = drafts.donation_refunded(year, DIBAO, fen, earlier=ref[:4] < str(year))
            self.does("donor-refund", back, ref, fen)

    def one_of(self, there: Counter[str], number: int, fen: int) -> tuple[str, int]:
        """Return an advance or a gift, mostly an open one, mostly with no more than is left."""
        still = sorted(ref for ref, left in there.items() if left > 0)
        ref = self.pick(still if still and number % 4 else sorted(there), number)
        return ref, fen if number % 3 == 0 else max(min(fen, there[ref]), 1)

    def does(self, event: str, postings: tuple[Posting, ...], of: str, fen: int) -> bool:
        """Record a voucher that rests on another, if one is named; whether the gate let it pass."""
        made = draft(postings, self.day, event, corrects=of or None, cashier=CASHIER)
        receipts: list[Receipt] = []
        if not self.tried(lambda: receipts.append(self.desk.fund.record(made))):
            return False
        (ref,) = receipts[0].refs
        if event in {"advance", "donation", "donor-refund"} or of:
            self.did[ref] = (event, of or ref, fen)
            self.counts(event, of or ref, fen)
        return True

    def counts(self, event: str, of: str, fen: int) -> None:
        """Take in what a voucher did to its advance or gift, and to the bank."""
        if event in {"donation", "donor-refund"}:
            self.gifts[of] += fen if event == "donation" else -fen
        else:
            self.left[of] += fen if event == "advance" else -fen
        self.bank.balance_fen += ((event in INTO_THE_BANK) - (event in OUT_OF_THE_BANK)) * fen

    def reverses(self, number: int) -> None:
        """Reverse one of these vouchers: that money moved was a slip of the pen."""
        if not self.did:
            return
        ref = self.pick(sorted(self.did), number)
        signed = {"maker": MAKER, "reviewer": REVIEWER}
        if self.tried(lambda: self.desk.fund.reverse(ref, on=self.day, **signed)):
            event, of, fen = self.did.pop(ref)
            self.counts(event, of, -fen)

    def reconciles(self, *, sign: bool) -> None:
        """Leave statements alone: what moves the account beside batches is in no row here."""

    def advanced_fen(self) -> int:
        return self.left.total()

    def holds(self) -> None:
        super().holds()
        self.each_advance_and_gift_is_given_back_once()

    @invariant()
    def each_advance_and_gift_is_given_back_once(self) -> None:
        books = self.books
        assert all(fen >= 0 for fen in (*self.left.values(), *self.gifts.values()))
        assert books.fen(chart.ADVANCE) == self.left.total()
        still = {one.ref: one.amount_fen for one in books.open_advances(self.day)}
        assert still == {ref: fen for ref, fen in self.left.items() if fen}


def _settled_twice(machine: BesideMachine) -> Iterator[None]:
    machine.does("advance", drafts.advance(machine.day.year, DIBAO, 100_00), "", 100_00)
    yield
    for _ in range(2):
        machine.settles("settle", 0, 100_00)
        yield


def _refunded_twice(machine: BesideMachine) -> Iterator[None]:
    for number in (0, 3):
        machine.happens_beside("gift", number, 100_00)
        yield
    for _ in range(2):
        machine.refunds(0, 200_00)
        yield


WALKS: Mapping[str, Callable[[BesideMachine], Iterator[None]]] = {
    "an advance is settled twice": _settled_twice,
    "a donor gets more than they gave": _refunded_twice,
}
"""A short walk for each guard, as `support.payouts.walks` has them of batches."""

FAULTS: Mapping[str, Plant] = {
    "an advance is settled twice": without_check(advances, "settles_no_advance"),
    "a donor gets more than they gave": without_check(refunds, "refund_of_no_donation"),
}
